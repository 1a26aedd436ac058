"""What the call-backs verified, and how far they are; which demands repeat earlier ones."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from lianqi.demands.enums import CallbackState, Solved
from lianqi.demands.models import Callback, CallbackQuerySet, Demand, Repeat


@dataclass(frozen=True, slots=True)
class Verified:
    """Counts of call-backs about demands closed in a period; a rate without a base is None."""

    drawn: int
    waiting: int
    unreached: int
    reached: int
    contacted: int
    solved: int
    satisfied: int
    claimed_solved: int
    falsely_closed: int

    @property
    def satisfaction_rate(self) -> float | None:
        """回访满意率: satisfied ÷ reached; the first three steps count as satisfied."""
        return self.satisfied / self.reached if self.reached else None

    @property
    def solved_rate(self) -> float | None:
        return self.solved / self.reached if self.reached else None

    @property
    def contacted_rate(self) -> float | None:
        return self.contacted / self.reached if self.reached else None

    @property
    def false_rate(self) -> float | None:
        """虚假办结率: called not solved ÷ reached and closed as if solved."""
        return self.falsely_closed / self.claimed_solved if self.claimed_solved else None


def verified(*, closed_from: dt.date, closed_before: dt.date) -> Verified:
    """The figures of the demands closed from the first day up to, excluding, the last."""
    rows = Callback.objects.closed_within(closed_from, closed_before)
    waiting = rows.filter(state=CallbackState.WAITING).count()
    return Verified(
        drawn=rows.count(),
        waiting=waiting,
        unreached=rows.filter(state=CallbackState.UNREACHED).count(),
        reached=rows.reached().count(),
        contacted=rows.reached().filter(contacted=True).count(),
        solved=rows.reached().filter(solved=Solved.YES).count(),
        satisfied=rows.satisfied().count(),
        claimed_solved=rows.claimed_solved().count(),
        falsely_closed=rows.falsely_closed().count(),
    )


def waiting_by_reason(rows: CallbackQuerySet) -> dict[str, int]:
    """How many calls wait, by why they were drawn."""
    counted = rows.waiting().order_by().values_list("reason").annotate(Count("pk"))
    return dict(counted)


@dataclass(frozen=True, slots=True)
class RepeatLink:
    """Another demand that asks the same; `is_earlier`: this one repeats it."""

    demand: Demand
    percent: int
    is_earlier: bool


def repeats_of(demand: Demand) -> list[RepeatLink]:
    """Which demand this one repeats, and which repeat it, oldest first; in one query."""
    rows = Repeat.objects.filter(Q(demand=demand) | Q(earlier=demand))
    return [
        RepeatLink(row.earlier, row.percent, is_earlier=True)
        if row.demand_id == demand.pk
        else RepeatLink(row.demand, row.percent, is_earlier=False)
        for row in rows.select_related("demand", "earlier").order_by("pk")
    ]
