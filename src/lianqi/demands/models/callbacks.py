"""Call-backs (回访): which closed demands are asked about by telephone, and what was said."""

import datetime as dt
from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import (
    SATISFIED,
    CallbackReason,
    CallbackState,
    CallOutcome,
    Closure,
    DemandStatus,
    Rating,
    ScoreCount,
    Solved,
)
from lianqi.demands.models.demands import EVERYTHING_READERS, Demand

MOST_CALLS = 3
CLAIMED_SOLVED = (Closure.CONFIRMED, Closure.AT_ONCE, Closure.SILENT)

# What is summed for a score and what the list behind it shows.
COUNTED: Mapping[ScoreCount, Q] = {
    ScoreCount.CALLED: Q(),
    ScoreCount.CONTACTED: Q(contacted=True),
    ScoreCount.SOLVED: Q(solved=Solved.YES),
    ScoreCount.SATISFIED: Q(rating__in=[Rating.VERY_SATISFIED, Rating.SATISFIED]),
    ScoreCount.BASIC: Q(rating=Rating.BASICALLY_SATISFIED),
}


class CallbackDraw(models.Model):
    """The draw among the demands closed on one day of the zone; each day is drawn once."""

    closed_on = models.DateField(unique=True)
    seed = models.CharField(max_length=40)
    drawn_at = models.DateTimeField()
    strata = models.JSONField(default=list, help_text="rows of unit, per cent, cases and chosen")

    class Meta:
        verbose_name = _("draw of call-backs")

    def __str__(self) -> str:
        return f"{self.closed_on}"


class CallbackQuerySet(models.QuerySet["Callback"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `demands.view_callbacks`."""
        return self if user.holds(*EVERYTHING_READERS) else self.none()

    def still_asked(self) -> Self:
        """The demand is closed as it was when it was drawn."""
        return self.filter(demand__status=DemandStatus.CLOSED, round=F("demand__reopenings"))

    def waiting(self) -> Self:
        return self.still_asked().filter(state=CallbackState.WAITING)

    def callable_by(self, user: User, *, at: dt.datetime) -> Self:
        """Due now, not held by somebody else, and not about the work of the caller's own unit."""
        own = user.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)
        free = Q(held_by__isnull=True) | Q(held_until__lte=at) | Q(held_by=user)
        return self.waiting().filter(free, next_at__lte=at).exclude(unit_id__in=own)

    def closed_within(self, first: dt.date, before: dt.date) -> Self:
        """About demands closed from the first day up to, excluding, the last."""
        return self.filter(draw__closed_on__gte=first, draw__closed_on__lt=before)

    def reached(self) -> Self:
        return self.filter(state=CallbackState.DONE)

    def counted_as(self, count: ScoreCount) -> Self:
        """What a score counts so: only who was reached."""
        return self.reached().filter(COUNTED[count])

    def satisfied(self) -> Self:
        return self.reached().filter(rating__in=SATISFIED)

    def claimed_solved(self) -> Self:
        """Reached, and the unit's closing said or let it be taken that the matter was solved."""
        return self.reached().filter(closure__in=CLAIMED_SOLVED)

    def falsely_closed(self) -> Self:
        """虚假办结: closed as solved, and the enterprise says on the telephone that it is not."""
        return self.claimed_solved().filter(solved=Solved.NO)

    def for_list(self) -> Self:
        return self.select_related(
            "demand__enterprise", "demand__category", "unit", "held_by", "done_by"
        ).order_by("-pk")


class Callback(models.Model):
    """One closed demand to ask about; its answers stay apart from the enterprise's own rating."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    draw = models.ForeignKey(CallbackDraw, models.PROTECT, related_name="callbacks")
    reason = models.CharField(_("why"), max_length=10, choices=CallbackReason)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    closure = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=CallbackState, default=CallbackState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True)
    contacted = models.BooleanField(_("the unit had been in touch"), null=True)
    solved = models.CharField(_("solved"), max_length=6, choices=Solved, blank=True)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    has_reopened = models.BooleanField(default=False)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("call-back")
        constraints = [
            models.UniqueConstraint(fields=["demand", "round"], name="callback_once_a_round"),
            models.CheckConstraint(
                name="callback_at_most_three_calls", condition=Q(attempts__lte=MOST_CALLS)
            ),
            models.CheckConstraint(
                name="callback_done_by_somebody",
                condition=Q(state=CallbackState.WAITING, done_at__isnull=True, done_by__isnull=True)
                | (
                    ~Q(state=CallbackState.WAITING)
                    & Q(done_at__isnull=False, done_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="callback_reached_has_answers",
                condition=~Q(state=CallbackState.DONE)
                | (Q(contacted__isnull=False) & ~Q(solved="") & ~Q(rating="")),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="callback_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id}/{self.round}"

    def get_absolute_url(self) -> str:
        return f"/demands/callbacks/{self.pk}/"


class CallAttempt(models.Model):
    """One call, whether somebody answered or not."""

    callback = models.ForeignKey(Callback, models.CASCADE, related_name="calls")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(_("outcome"), max_length=10, choices=CallOutcome)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("call")
        constraints = [
            models.UniqueConstraint(fields=["callback", "number"], name="call_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.callback_id} #{self.number}"
