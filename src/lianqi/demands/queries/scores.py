"""The three-rate score (三率) over call-backs, by the version of the formula in force."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from lianqi.demands.enums import ScoreCount, ScoreName
from lianqi.demands.models import COUNTED, Callback, ScoreFormula
from lianqi.engines.rates import SMALL_BASE, Formula, Score, points_interval


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and the counts it is made of; few cases are not compared with others.

    Attributes:
        rank: Place among the units with enough calls, the highest score first; else None.
    """

    score: Score
    counted: Mapping[ScoreCount, int]
    rank: int | None = None

    @property
    def called(self) -> int:
        return self.counted[ScoreCount.CALLED]

    @property
    def is_small(self) -> bool:
        return self.called < SMALL_BASE

    @property
    def interval(self) -> tuple[float, float] | None:
        """In points of 100; None without a score."""
        if self.score.value is None:
            return None
        return points_interval(self.score.value, self.called)


@dataclass(frozen=True, slots=True)
class ThreeRates:
    """Of the demands closed in a period, by the formula in force on its last day.

    Ranked units come first, then those of few calls, the most calls first.
    """

    version: ScoreFormula
    total: Scored
    by_unit: Mapping[int, Scored]


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
    sums = {f"sum_{name.value}": Count("pk", filter=q or None) for name, q in COUNTED.items()}
    found = {}
    for unit, *numbers in rows.values_list("unit").annotate(**sums).order_by("unit"):
        found[unit] = _scored(formula, dict(zip(COUNTED, numbers, strict=True)))
    whole = {name: sum(each.counted[name] for each in found.values()) for name in COUNTED}
    return ThreeRates(version, _scored(formula, whole), _ranked(found))


def _scored(formula: Formula, counted: Mapping[ScoreCount, int]) -> Scored:
    return Scored(formula.score({name.value: n for name, n in counted.items()}), counted)


def _ranked(found: Mapping[int, Scored]) -> dict[int, Scored]:
    """Equal scores share a place."""
    sure = [unit for unit, each in found.items() if not each.is_small]
    unsure = [unit for unit, each in found.items() if each.is_small]
    sure.sort(key=lambda unit: (-(found[unit].score.value or 0), unit))
    unsure.sort(key=lambda unit: (-found[unit].called, unit))
    values = [found[unit].score.value for unit in sure]
    placed = {
        unit: replace(found[unit], rank=1 + values.index(value))
        for unit, value in zip(sure, values, strict=True)
    }
    return placed | {unit: found[unit] for unit in unsure}
