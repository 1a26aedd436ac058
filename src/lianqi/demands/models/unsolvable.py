"""Demands that cannot be solved (无法解决): the grounds, who signed, and the appeal (申诉)."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import AppealVerdict, UnsolvableState
from lianqi.demands.models.demands import Demand


class GroundQuerySet(models.QuerySet["Ground"]):
    def in_use(self) -> Self:
        """The grounds a unit may state, in the zone's own order."""
        return self.filter(is_active=True).order_by("position", "pk")


class Ground(models.Model):
    """Why a demand may be called not solvable, and where the enterprise can turn instead."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    turn_zh = models.CharField(_("where to turn, in Chinese"), max_length=200)
    turn_en = models.CharField(_("where to turn, in English"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = GroundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground for not solving")

    def __str__(self) -> str:
        return self.name_en if _reads_english() else self.name_zh

    @property
    def where_to_turn(self) -> str:
        """In the reader's language."""
        return self.turn_en if _reads_english() else self.turn_zh


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


class UnsolvableQuerySet(models.QuerySet["Unsolvable"]):
    def visible_to(self, user: User) -> Self:
        """What holds is for all who see the demand; what was only proposed is for the zone."""
        rows = self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))
        if user.is_zone_staff:
            return rows
        return rows.filter(state__in=[UnsolvableState.IN_FORCE, UnsolvableState.OVERTURNED])

    def of(self, demand: Demand) -> Self:
        """Those about one demand, oldest first."""
        return self.filter(demand_id=demand.pk).order_by("pk")

    def proposed(self) -> Self:
        return self.filter(state=UnsolvableState.PROPOSED)

    def in_force(self) -> Self:
        return self.filter(state=UnsolvableState.IN_FORCE)


class Unsolvable(models.Model):
    """A unit says that a demand cannot be solved; it holds when all have signed who must.

    `needs_head`, `needs_leader` and the days of appeal are what the zone's rule said when it was
    proposed.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="unsolvables")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="+")
    basis = models.TextField(_("legal or policy basis"), max_length=1000)
    text = models.TextField(_("what the enterprise reads"), max_length=5000)
    state = models.CharField(
        max_length=10, choices=UnsolvableState, default=UnsolvableState.PROPOSED
    )
    needs_head = models.BooleanField()
    needs_leader = models.BooleanField()
    appeal_days = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    head = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    head_at = models.DateTimeField(null=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    leader_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, help_text=_("why it was returned"))
    signed_at = models.DateTimeField(null=True)
    appeal_until = models.DateField(null=True)

    objects = UnsolvableQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding that a demand cannot be solved")
        constraints = [
            models.UniqueConstraint(
                name="unsolvable_one_that_counts",
                fields=["demand"],
                condition=Q(state__in=["proposed", "in_force"]),
            ),
            models.CheckConstraint(
                name="unsolvable_signed_by_all",
                condition=~Q(state__in=["in_force", "overturned"])
                | (
                    Q(signed_at__isnull=False, appeal_until__isnull=False)
                    & (Q(needs_head=False) | Q(head__isnull=False))
                    & (Q(needs_leader=False) | Q(leader__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="unsolvable_signed_by_somebody",
                condition=Q(needs_head=True) | Q(needs_leader=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.ground_id}"

    @property
    def waits_for_the_head(self) -> bool:
        return self.needs_head and self.head_id is None

    @property
    def signers(self) -> set[int]:
        """Who proposed or signed, and so cannot decide about an appeal."""
        return {pk for pk in (self.proposed_by_id, self.head_id, self.leader_id) if pk}

    def can_be_appealed(self, on: dt.date) -> bool:
        """Whether that day still lies within the window."""
        return self.appeal_until is not None and on <= self.appeal_until


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the demand sees the appeal and how it was decided."""
        return self.filter(unsolvable__demand__in=Demand.objects.visible_to(user).values("pk"))

    def pending(self) -> Self:
        return self.filter(decided_at__isnull=True)


class Appeal(models.Model):
    """The enterprise does not accept it; somebody who did not sign decides, for good."""

    unsolvable = models.OneToOneField(Unsolvable, models.PROTECT, related_name="appeal")
    text = models.TextField(_("appeal"), max_length=5000)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    verdict = models.CharField(_("decision"), max_length=8, choices=AppealVerdict, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        constraints = [
            models.CheckConstraint(
                name="appeal_decided_by_somebody_with_reasons",
                condition=Q(
                    decided_at__isnull=True, decided_by__isnull=True, verdict="", reasons=""
                )
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(reasons="")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unsolvable_id} {self.verdict}"
