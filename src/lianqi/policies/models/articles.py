"""What a document consists of: aspects, articles with their duties, measures one may apply for."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.policies.enums import Applicant, ArticleKind
from lianqi.policies.flow import MADE_KNOWN
from lianqi.policies.models.documents import PolicyDocument


class PolicyAspect(models.Model):
    """A part of a document with a heading (方面)."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="aspects")
    position = models.PositiveSmallIntegerField(_("place"))
    title = models.CharField(_("heading"), max_length=120)

    class Meta:
        verbose_name = _("aspect")
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="policy_aspect_in_order")
        ]

    def __str__(self) -> str:
        return self.title


class PolicyArticleQuerySet(models.QuerySet["PolicyArticle"]):
    def visible_to(self, user: User) -> Self:
        """Articles of the documents that the person may see."""
        return self if user.is_zone_staff else self.filter(document__status__in=MADE_KNOWN)

    def made_known(self) -> Self:
        return self.filter(document__status__in=MADE_KNOWN)

    def counted(self) -> Self:
        """Articles as the source counts them: without rows that stand for a whole aspect."""
        return self.filter(covers_aspect=False)

    def without_duty(self) -> Self:
        """Articles that lack the lead department or a responsible unit."""
        given = PolicyArticle.responsible.through.objects.filter(policyarticle_id=OuterRef("pk"))
        return self.filter(Q(lead__isnull=True) | ~Exists(given))

    def owed_by(self, units: list[int]) -> Self:
        """Articles that one of these units leads or is responsible for."""
        # Named as a set: for a unit with few duties the planner would else ask row by row.
        shared = PolicyArticle.responsible.through.objects.filter(unit_id__in=units)
        return self.filter(Q(lead__in=units) | Q(pk__in=shared.values("policyarticle_id")))

    def in_order(self) -> Self:
        return self.order_by("position", "pk")

    def with_duties(self) -> Self:
        """Ready to be shown with lead department and responsible units."""
        return self.select_related("lead", "aspect").prefetch_related("responsible")


class PolicyArticle(models.Model):
    """One article (条款): what it says, or honestly why that is not known, and whose it is.

    `covers_aspect`: the source divides the aspect no further, so this row carries its duties; it
    is no article of the source and is not counted as one. `aspect` is empty where the source
    does not say to which one the article belongs.
    """

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="articles")
    aspect = models.ForeignKey(
        PolicyAspect, models.PROTECT, null=True, blank=True, related_name="articles"
    )
    position = models.PositiveSmallIntegerField(_("place"))
    number = models.CharField(_("article"), max_length=30)
    title = models.CharField(_("heading"), max_length=120, blank=True)
    wording = models.TextField(_("wording"), max_length=5000, blank=True)
    wording_note = models.CharField(_("why there is no wording"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ArticleKind, blank=True)
    covers_aspect = models.BooleanField(_("stands for a whole aspect"), default=False)
    lead = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead department"),
    )
    responsible = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("responsible units")
    )

    objects = PolicyArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article of a policy")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="policy_article_once"),
            models.CheckConstraint(
                name="policy_article_says_something",
                condition=~Q(wording="") | ~Q(wording_note=""),
            ),
            models.CheckConstraint(
                name="policy_article_covers_an_aspect",
                condition=Q(covers_aspect=False) | Q(aspect__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["document", "position"], name="policy_article_order"),
            models.Index(fields=["lead", "-id"], name="policy_article_by_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return f"/policies/{self.document_id}/#article-{self.pk}"

    @property
    def has_duty(self) -> bool:
        return self.lead_id is not None and bool(self.responsible.all())


class OverlapQuerySet(models.QuerySet["Overlap"]):
    def open(self) -> Self:
        return self.filter(settled_at__isnull=True)


class Overlap(models.Model):
    """Two or more units may be meant by one article (职能交叉): flagged, and settled with a reason.

    It is settled by a coordinator, who names the lead department; one is open at a time.
    """

    article = models.ForeignKey(PolicyArticle, models.CASCADE, related_name="overlaps")
    note = models.TextField(_("what overlaps"), max_length=1000)
    flagged_at = models.DateTimeField(_("flagged"))
    flagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lead = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("lead department")
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = OverlapQuerySet.as_manager()

    class Meta:
        verbose_name = _("overlap of duties")
        constraints = [
            models.UniqueConstraint(
                name="policy_one_open_overlap",
                fields=["article"],
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="policy_overlap_settled_by_somebody",
                condition=Q(
                    settled_at__isnull=True, settled_by__isnull=True, lead__isnull=True, reason=""
                )
                | (
                    Q(settled_at__isnull=False, settled_by__isnull=False, lead__isnull=False)
                    & ~Q(reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.flagged_at:%Y-%m-%d}"


class PolicyMeasure(models.Model):
    """What one may apply for (入库项目). `article` is empty where the source does not name it.

    `pack_measure`: the key of the executable rule that decides about it, once there is one.
    `limit` in yuan. Of what is only planned nobody gets anything, and its limit is no money yet.
    """

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="measures")
    article = models.ForeignKey(
        PolicyArticle, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    position = models.PositiveSmallIntegerField(_("place"))
    key = models.CharField(_("key"), max_length=30)
    title = models.CharField(_("title"), max_length=150)
    applicant = models.CharField(_("applicant"), max_length=12, choices=Applicant)
    description = models.TextField(_("what is granted"), max_length=2000, blank=True)
    pack_measure = models.CharField(_("rule"), max_length=80, null=True, blank=True, db_index=True)
    limit = models.DecimalField(
        _("limit"),
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("what it can give in all, as a line of credit or the size of a fund"),
    )
    is_planned = models.BooleanField(_("only planned"), default=False)

    class Meta:
        verbose_name = _("policy measure")
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="policy_measure_once"),
            models.CheckConstraint(
                name="policy_measure_limit_not_negative",
                condition=Q(limit__isnull=True) | Q(limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def usable_limit(self) -> Decimal | None:
        """The limit that one may count on: none of what is only planned (筹划中)."""
        return None if self.is_planned else self.limit


def units_of(user: User) -> list[int]:
    """The units for whose duties a person acts: on the desk, or as the head of one above."""
    own = set(user.scope_ids(Scope.UNIT, Role.HANDLER))
    for unit in Unit.objects.filter(pk__in=user.scope_ids(Scope.UNIT, Role.DEPARTMENT_HEAD)):
        own |= set(Unit.objects.within(unit.path).values_list("pk", flat=True))
    return sorted(own)
