"""The three-rate score (三率) over call-backs, by the version of the formula in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from lianqi.demands.enums import Rating, ScoreName, Solved
from lianqi.demands.models import Callback, ScoreFormula
from lianqi.engines.rates import SMALL_BASE, Score


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and the counts it is made of; few cases are not compared with others."""

    score: Score
    counted: Mapping[str, int]

    @property
    def is_small(self) -> bool:
        return self.counted["called"] < SMALL_BASE


@dataclass(frozen=True, slots=True)
class ThreeRates:
    """Of the demands closed in a period, by the formula in force on its last day."""

    version: ScoreFormula
    total: Scored
    by_unit: Mapping[int, Scored]


_COUNTED = {
    "called": Count("pk"),
    "contacted": Count("pk", filter=Q(contacted=True)),
    "solved": Count("pk", filter=Q(solved=Solved.YES)),
    "satisfied": Count("pk", filter=Q(rating__in=[Rating.VERY_SATISFIED, Rating.SATISFIED])),
    "basic": Count("pk", filter=Q(rating=Rating.BASICALLY_SATISFIED)),
}


def three_rates(*, closed_from: dt.date, closed_before: dt.date) -> ThreeRates | None:
    """The score of the whole zone and of each unit; None where no formula was in force.

    Valid call-backs are those that reached the enterprise. A period that is still open has the
    version that will be in force at its end.
    """
    last = closed_before - dt.timedelta(days=1)
    version = ScoreFormula.objects.in_force(ScoreName.THREE_RATES, last)
    if version is None:
        return None
    formula = version.formula
    rows = Callback.objects.closed_within(closed_from, closed_before).reached().order_by()
    sums = {f"sum_{name}": count for name, count in _COUNTED.items()}
    by_unit = {}
    for unit, *numbers in rows.values_list("unit").annotate(**sums).order_by("unit"):
        counted = dict(zip(_COUNTED, numbers, strict=True))
        by_unit[unit] = Scored(formula.score(counted), counted)
    whole = {name: sum(each.counted[name] for each in by_unit.values()) for name in _COUNTED}
    return ThreeRates(version, Scored(formula.score(whole), whole), by_unit)
