"""Objections (派单异议) of units to a dispatch, and how they were decided."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import ObjectionReason, Verdict
from lianqi.demands.models.demands import Demand

ARBITRATED = 2  # the round that the leader in charge decides


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def pending(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def arbitrated(self) -> Self:
        """Decided by the leader in charge, for good."""
        return self.filter(round=ARBITRATED, decided_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """What units write to one another is for those of the zone who see the demand."""
        if not user.is_zone_staff:
            return self.none()
        return self.filter(demand__in=Demand.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related(
            "unit", "proposed", "raised_by", "arbiter", "decided_by", "decided_unit"
        ).order_by("round")


class Objection(models.Model):
    """A unit says that a demand is not its own.

    The dispatcher decides the first objection to a demand, the leader in charge the second. There
    is no third: the database has no room for it.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField(_("round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="objections")
    reason = models.CharField(_("reason"), max_length=14, choices=ObjectionReason)
    note = models.TextField(_("explanation"))
    proposed = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit held responsible")
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    arbiter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("leader in charge; empty where every leader may decide"),
    )
    verdict = models.CharField(_("decision"), max_length=9, choices=Verdict, blank=True)
    decision = models.TextField(_("grounds"), blank=True)
    decided_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(name="objection_at_most_two", condition=Q(round__in=[1, 2])),
            models.UniqueConstraint(fields=["demand", "round"], name="objection_once_a_round"),
            models.UniqueConstraint(fields=["demand", "unit"], name="objection_once_a_unit"),
            models.CheckConstraint(
                name="objection_decided_by_somebody",
                condition=Q(
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    decided_unit__isnull=True,
                    verdict="",
                )
                | (
                    Q(
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        decided_unit__isnull=False,
                    )
                    & ~Q(verdict="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.round}"
