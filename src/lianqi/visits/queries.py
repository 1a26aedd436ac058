"""Page-shaped answers about visits."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from lianqi.demands.enums import Closure, DemandStatus
from lianqi.engines.calendar import ZONE
from lianqi.visits.enums import PromiseState
from lianqi.visits.models import Round, Visit, VisitMatter, VisitQuerySet


@dataclass(frozen=True, slots=True)
class VisitCount:
    """Visits (家次) and the distinct enterprises visited (家): two easily mixed figures."""

    visits: int
    firms: int


def visit_count(visits: VisitQuerySet) -> VisitCount:
    """Of recorded visits; drafts count nowhere."""
    found = visits.recorded().order_by()
    return VisitCount(
        **found.aggregate(visits=Count("pk"), firms=Count("enterprise", distinct=True))
    )


def promise_state(matter: VisitMatter, *, on: dt.date) -> PromiseState:
    """What became of a promise by that day. It is kept when the answer was given in time.

    What the enterprise disputes is open again, and so is the promise.
    """
    demand = matter.demand
    if demand.closure == Closure.AT_ONCE:
        return PromiseState.AT_ONCE
    if demand.status == DemandStatus.WITHDRAWN:
        return PromiseState.WITHDRAWN
    if matter.until is None:
        return PromiseState.OPEN
    if demand.status in {DemandStatus.ANSWERED, DemandStatus.CLOSED} and demand.answered_at:
        answered_on = demand.answered_at.astimezone(ZONE).date()
        return PromiseState.KEPT if answered_on <= matter.until else PromiseState.LATE
    return PromiseState.RUNNING if on <= matter.until else PromiseState.BROKEN


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How many enterprises took part in a round, and what became of what was promised."""

    enterprises: int
    matters: int
    by_state: dict[PromiseState, int]

    @property
    def states(self) -> list[tuple[PromiseState, int]]:
        return [(state, self.by_state[state]) for state in PromiseState if state in self.by_state]


def round_counts(rounds: Iterable[Round], *, on: dt.date) -> dict[int, RoundCount]:
    """Of the rounds of one page, in two queries however many they are."""
    ids = [each.pk for each in rounds]
    firms = Counter(Visit.objects.filter(round__in=ids).values_list("round_id", flat=True))
    states: dict[int, Counter[PromiseState]] = {pk: Counter() for pk in ids}
    matters = VisitMatter.objects.filter(visit__round__in=ids).select_related("demand", "visit")
    for matter in matters:
        assert matter.visit.round_id is not None  # filtered
        states[matter.visit.round_id][promise_state(matter, on=on)] += 1
    return {pk: RoundCount(firms[pk], states[pk].total(), dict(states[pk])) for pk in ids}
