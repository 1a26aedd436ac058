"""Duty rules: which unit leads the matters of a category for which enterprises."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import DutyOrigin
from lianqi.demands.models.categories import DemandCategory
from lianqi.demands.models.demands import Demand
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Grid, KeyList, Park


class DutyRuleQuerySet(models.QuerySet["DutyRule"]):
    def in_force(self, on: dt.date) -> Self:
        """The rules that hold on that day, the last day included."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)

    def of_task_force(self, unit: Unit) -> Self:
        """The rules that hold because the unit is a task force that takes these matters."""
        return self.filter(unit=unit, origin=DutyOrigin.TASK_FORCE)

    def with_names(self) -> Self:
        """With everything that is needed to say a rule in words."""
        return self.select_related(
            "category", "unit", "key_list", "grid", "chain", "park", "demand", "decided_by"
        )


class DutyRule(models.Model):
    """One line of the duty catalogue.

    Whatever is stated about the enterprise must hold; what is empty does not matter. A rule of a
    heading holds for every category below it. Which of several rules wins: `queries/duties.py`.
    """

    category = models.ForeignKey(DemandCategory, models.PROTECT, related_name="duty_rules")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="duty_rules", verbose_name=_("lead unit")
    )
    key_list = models.ForeignKey(
        KeyList, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("key-enterprise list"),
    )  # fmt: skip
    title = models.CharField(_("title awarded"), max_length=60, blank=True)
    grid = models.ForeignKey(
        Grid, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("grid")
    )
    chain = models.ForeignKey(
        Chain, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("industry chain"),
    )  # fmt: skip
    park = models.ForeignKey(
        Park, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("park")
    )
    district = models.CharField(_("street or town"), max_length=60, blank=True)
    industry = models.CharField(
        _("industry"),
        max_length=4,
        blank=True,
        help_text=_("GB/T 4754-2017: a section, or the first two to four digits"),
    )
    size_class = models.CharField(_("size"), max_length=8, choices=SizeClass, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, help_text=_("this day included"))
    origin = models.CharField(max_length=10, choices=DutyOrigin, default=DutyOrigin.CATALOGUE)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    demand = models.ForeignKey(
        Demand, models.PROTECT, null=True, related_name="+", help_text=_("where it was decided")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    consented_at = models.DateTimeField(null=True)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text=_("who agreed that demands go to the task force by themselves"),
    )  # fmt: skip
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty rule")
        constraints = [
            models.CheckConstraint(
                name="duty_rule_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="duty_precedent_names_its_demand",
                condition=~Q(origin=DutyOrigin.PRECEDENT)
                | (Q(demand__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="duty_routes_to_a_task_force_only",
                condition=Q(consented_at__isnull=True, consented_by__isnull=True)
                | Q(
                    consented_at__isnull=False,
                    consented_by__isnull=False,
                    origin=DutyOrigin.TASK_FORCE,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} → {self.unit}"
