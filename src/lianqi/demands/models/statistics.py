"""Compiled statistics of demands, and the one definition of which demand counts in which measure.

A demand is in the base of a measure, perhaps also in its part, or it is left out for one reason.
Whoever sums and whoever lists asks `cases`, so that a figure and the list behind it cannot differ.
"""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Case, DurationField, Exists, F, Min, OuterRef, Q, Subquery, When
from django.db.models.expressions import Combinable

from lianqi.demands.enums import (
    SATISFIED,
    Channel,
    Closure,
    ContactOutcome,
    DemandStatus,
    Dimension,
    LeftOut,
    Measure,
    Solved,
    Span,
    Stage,
)
from lianqi.demands.enums import Step as Owed
from lianqi.demands.models.contacts import ContactAttempt
from lianqi.demands.models.demands import UNCOUNTED
from lianqi.demands.models.ratings import Remedy
from lianqi.demands.models.repeats import Repeat
from lianqi.work.models import WorkItem

BASE, PART = "base", "part"


class DemandStatisticQuerySet(models.QuerySet["DemandStatistic"]):
    def of(self, span: Span, first: dt.date, dimension: Dimension) -> Self:
        return self.filter(span=span, first=first, dimension=dimension)

    def months_of(self, first: dt.date, before: dt.date) -> Self:
        """The whole zone month by month, oldest first."""
        whole = self.filter(span=Span.MONTH, dimension=Dimension.ZONE)
        return whole.filter(first__gte=first, first__lt=before).order_by("first")


class DemandStatistic(models.Model):
    """What was counted of the demands filed in one span of time, for one key of a dimension.

    Attributes:
        key: A channel, a street, or the number of a category, unit or chain; empty: none known.
        counts: Measure → case → number of demands.
        hours: Stage → number of demands `n`, and `quantiles`: median and P90 in hours of the clock
            on the wall, nights and holidays included; null where `n` is zero.
    """

    span = models.CharField(max_length=7, choices=Span)
    first = models.DateField()
    dimension = models.CharField(max_length=8, choices=Dimension)
    key = models.CharField(max_length=60, blank=True)
    counts = models.JSONField()
    hours = models.JSONField()
    computed_at = models.DateTimeField()

    objects = DemandStatisticQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["span", "first", "dimension", "key"], name="demand_statistic_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.first} {self.dimension} {self.key}"


def cases(at: dt.datetime) -> dict[Measure, dict[str, Q]]:
    """For each measure its base, its part, and why demands are left out, in that order.

    Every demand is in the base or left out for exactly one reason. `at` decides which answers are
    late by now. A merged demand gets its answer without an answering clock of its own, so that only
    its survivor is on time or late, unless it is disputed and answered late on its own; every other
    measure leaves it out until the answer.
    """
    withdrawn, merged = Q(status=DemandStatus.WITHDRAWN), Q(status=DemandStatus.MERGED)
    rode, tip = Q(merged_into__isnull=False), Q(channel=Channel.TIP)
    counted = ~withdrawn & ~merged
    gone = {LeftOut.WITHDRAWN: withdrawn, LeftOut.MERGED: merged}
    closed, answered = Q(status=DemandStatus.CLOSED), Q(answered_at__isnull=False)
    sent, at_once = Q(dispatches__gte=1), Q(closure=Closure.AT_ONCE)
    items = WorkItem.objects.filter(subject_kind="demands.demand", subject_id=OuterRef("pk"))
    late = Q(Exists(items.filter(step=Owed.ANSWER).late(at=at)))
    remedies = Remedy.objects.filter(demand=OuterRef("pk"))
    followed = Q(Exists(remedies.filter(dropped_at__isnull=True)))
    known = Q(enterprise__isnull=False)
    no_clock = at_once & ~late
    return {
        Measure.CLOSING: _parted(counted, closed, gone),
        Measure.ON_TIME: _parted(
            # What a row says itself stands first: most demands need no look at their items.
            counted & ((answered & ~at_once & ~rode) | late),
            ~late,
            {
                LeftOut.WITHDRAWN: withdrawn,
                LeftOut.MERGED: rode,
                LeftOut.AT_ONCE: no_clock,
                LeftOut.NOT_DUE: ~answered,
            },
        ),
        Measure.SATISFACTION: _parted(
            counted & ~Q(rating=""),
            Q(rating__in=SATISFIED),
            {
                **gone,
                LeftOut.TIP: tip,
                LeftOut.OPEN: ~closed,
                LeftOut.UNRATED: closed,
            },
        ),
        Measure.SOLVED: _parted(
            counted & ~Q(solved=""),
            Q(solved=Solved.YES),
            {
                **gone,
                LeftOut.TIP: tip,
                LeftOut.OPEN: ~closed,
                LeftOut.UNSAID: closed,
            },
        ),
        Measure.REOPEN: _parted(
            counted & answered,
            Q(reopenings__gte=1),
            {**gone, LeftOut.UNANSWERED: ~answered},
        ),
        Measure.REPEAT: _parted(
            counted & known,
            Q(Exists(Repeat.objects.filter(demand=OuterRef("pk")))),
            {**gone, LeftOut.UNKNOWN: ~known},
        ),
        Measure.FIRST_RIGHT: _parted(
            counted & sent & Q(accepted_at__isnull=False),
            Q(dispatches=1),
            {
                **gone,
                LeftOut.NOT_SENT: ~sent,
                LeftOut.UNACCEPTED: Q(accepted_at__isnull=True),
            },
        ),
        Measure.BOUNCE: _parted(
            counted & sent,
            Q(bounces__gte=1),
            {**gone, LeftOut.NOT_SENT: ~sent},
        ),
        Measure.REMEDY: _parted(
            counted & followed,
            ~Q(Exists(remedies.open())),
            {
                **gone,
                LeftOut.REOPENED: Q(Exists(remedies)),
                LeftOut.NOT_BAD: ~Q(Exists(remedies)),
            },
        ),
    }


def _parted(base: Q, part: Q, left_out: dict[LeftOut, Q]) -> dict[str, Q]:
    """Base, part within it, and the rest by the first reason that fits."""
    found, rest = {BASE: base, PART: base & part}, ~base
    for reason, fits in left_out.items():
        found[reason.value] = rest & fits
        rest &= ~fits
    return found


def stages() -> dict[Stage, Combinable]:
    """How long each stage of a demand took; nothing where it was left out or did not come.

    Where a stage came twice, the last time counts: dispatch, acceptance and answer add up.
    """
    reached = ContactAttempt.objects.filter(
        demand=OuterRef("pk"),
        outcome=ContactOutcome.REACHED,
        made_at__gte=OuterRef("accepted_at"),
    )
    contacted = Subquery(
        reached.order_by().values("demand").annotate(first=Min("made_at")).values("first")
    )
    counted = ~Q(status__in=UNCOUNTED) & Q(dispatches__gte=1)
    confirmed = counted & Q(closure__in=[Closure.CONFIRMED, Closure.ACCEPTED])
    spans: dict[Stage, tuple[Q, Combinable]] = {
        Stage.DISPATCH: (counted, F("dispatched_at") - F("filed_at")),
        Stage.ACCEPT: (
            counted & Q(accepted_at__gte=F("dispatched_at")),
            F("accepted_at") - F("dispatched_at"),
        ),
        Stage.CONTACT: (counted, contacted - F("accepted_at")),
        Stage.ANSWER: (
            counted & Q(answered_at__gte=F("accepted_at")),
            F("answered_at") - F("accepted_at"),
        ),
        Stage.CONFIRM: (confirmed, F("closed_at") - F("answered_at")),
    }
    return {
        stage: Case(When(counts, then=length), output_field=DurationField())
        for stage, (counts, length) in spans.items()
    }
