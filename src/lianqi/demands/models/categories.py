"""Categories of demands: their tree, who leads them, and what holds for them from which day on."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.work.enums import Urgency

DEEPEST = 3
"""Levels of the tree: a heading, one below it, and the category itself."""


class DemandCategoryQuerySet(models.QuerySet["DemandCategory"]):
    def in_use(self) -> Self:
        """The categories one may choose for a new demand, in the zone's own order.

        Headings are none, nor is what lies below a heading that is out of use.
        """
        below = DemandCategory.objects.filter(parent=OuterRef("pk"))
        return self.filter(
            ~Exists(below),
            Q(parent__isnull=True) | Q(parent__is_active=True),
            Q(parent__parent__isnull=True) | Q(parent__parent__is_active=True),
            is_active=True,
        ).order_by("position", "pk")

    def for_tips(self) -> Self:
        """The categories in which somebody may write without giving a name."""
        return self.in_use().filter(allows_anonymous=True)


class DemandCategory(models.Model):
    """A kind of demand, which unit leads it, and how pressing it usually is.

    Categories form a tree; demands are filed under its leaves.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("under"),
    )
    lead_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_categories",
        verbose_name=_("lead unit"),
    )
    usual_urgency = models.CharField(
        _("usual urgency"), max_length=20, choices=Urgency, default=Urgency.NORMAL
    )
    allows_anonymous = models.BooleanField(_("anonymous tips allowed"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = DemandCategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand category")
        constraints = [
            models.CheckConstraint(name="category_not_its_own_parent", condition=~Q(parent=F("id")))
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class CategoryVersionQuerySet(models.QuerySet["CategoryVersion"]):
    def in_force(self, on: dt.date) -> Self:
        """The versions that hold on that day: at most one of a category."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class CategoryVersion(models.Model):
    """What holds for the demands of a category that are filed from one day to another.

    A demand keeps the version it was filed under. Its clocks are the `ClockRule`s whose set is the
    version's id; where it says nothing, the zone's general ones hold. A category without a version
    is accepted, asks for nothing and has the general clocks.
    """

    category = models.ForeignKey(DemandCategory, models.PROTECT, related_name="versions")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, help_text=_("this day included"))
    is_accepted = models.BooleanField(_("accepted here"), default=True)
    advice = models.TextField(
        _("where to go instead"), max_length=500, blank=True, help_text=_("if not accepted here")
    )
    advice_url = models.URLField(_("address of the page"), max_length=200, blank=True)
    advice_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    progress_every_days = models.PositiveSmallIntegerField(
        _("progress every so many working days"), null=True, help_text=_("empty: not asked")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CategoryVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("category version")
        constraints = [
            models.CheckConstraint(
                name="category_version_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="category_version_says_where_to_go",
                condition=Q(is_accepted=True) | ~Q(advice=""),
            ),
            ExclusionConstraint(
                name="category_version_one_at_a_time",
                expressions=[
                    # A range of one number: what GiST compares without an extension.
                    (
                        Func(
                            F("category"),
                            F("category"),
                            RangeBoundary(inclusive_upper=True),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.valid_from} – {self.valid_to or ''}"

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)

    @property
    def documents(self) -> list["EvidenceKind"]:
        """What it asks for, in the order in which it asks."""
        return sorted(self.evidence.all(), key=lambda each: (each.position, each.pk))

    @property
    def advice_and_phone(self) -> str:
        return " ".join(filter(None, (self.advice, self.advice_phone)))

    @property
    def whole_advice(self) -> str:
        """Where to go instead, with page and telephone, in one line."""
        return " ".join(filter(None, (self.advice, self.advice_url, self.advice_phone)))


class EvidenceKind(models.Model):
    """A document that a version of a category asks for."""

    version = models.ForeignKey(CategoryVersion, models.CASCADE, related_name="evidence")
    name = models.CharField(_("name"), max_length=80)
    is_obligatory = models.BooleanField(_("obligatory"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("kind of evidence")
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="evidence_kind_once")
        ]

    def __str__(self) -> str:
        return self.name
