"""What a monthly report tells: the tables of figures of one month, beside the month before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lianqi.demands.enums import Dimension, LeftOut, Measure, Span, Stage
from lianqi.demands.models import DemandStatistic
from lianqi.demands.queries.scores import ThreeRates, three_rates
from lianqi.demands.queries.statistics import (
    StageLength,
    Tabulated,
    end_of,
    overview,
    table,
)
from lianqi.engines.rates import Rate

GROUPED = (Dimension.UNIT, Dimension.CHANNEL, Dimension.CATEGORY)
RATED = (Measure.CLOSING, Measure.ON_TIME, Measure.SATISFACTION)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Compared:
    """A rate beside that of the month before. None: there was no month before."""

    now: Rate
    before: Rate | None

    @property
    def points(self) -> float | None:
        """By how many percentage points it changed; None where one of them has no base."""
        if self.before is None or self.now.value is None or self.before.value is None:
            return None
        return 100 * (self.now.value - self.before.value)

    @property
    def is_sure(self) -> bool:
        """Enough cases in both months to speak of a change."""
        return self.before is not None and not (self.now.is_small or self.before.is_small)

    @property
    def may_be_chance(self) -> bool:
        """The intervals of the two overlap."""
        if self.before is None or not (mine := self.now.interval):
            return True
        theirs = self.before.interval
        return theirs is None or (mine[0] <= theirs[1] and theirs[0] <= mine[1])


@dataclass(frozen=True, slots=True)
class Group:
    """One unit, channel or category: its rates, and the place of its closing rate."""

    key: str
    rates: Mapping[Measure, Compared]


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    rates: Mapping[Measure, Rate]


@dataclass(frozen=True, slots=True)
class Monthly:
    """Everything of one month.

    Attributes:
        rates: Of the whole zone, with why demands are left out.
        months: The last twelve, the reported one last; those without demands are missing.
        score: Of the demands closed in the month; None: no formula was in force.
    """

    first: dt.date
    computed_at: dt.datetime
    rates: Mapping[Measure, Compared]
    left_out: Mapping[Measure, Mapping[LeftOut, int]]
    lengths: Mapping[Stage, tuple[StageLength, StageLength | None]]
    groups: Mapping[Dimension, tuple[Group, ...]]
    months: tuple[Month, ...]
    score: ThreeRates | None

    @property
    def counted(self) -> int:
        """Received and not withdrawn."""
        return self.rates[Measure.CLOSING].now.whole

    @property
    def withdrawn(self) -> int:
        return self.left_out[Measure.CLOSING].get(LeftOut.WITHDRAWN, 0)


def month_figures(first: dt.date) -> Monthly | None:
    """The figures of the month that begins on `first`; None where none were compiled."""
    whole = overview(Span.MONTH, first)
    if whole is None:
        return None
    before = _month_before(first)
    earlier = overview(Span.MONTH, before)
    found, past = whole.found, earlier.found if earlier else {}
    stages = next(iter(found.values())).lengths
    past_stages = next(iter(past.values())).lengths if past else {}
    return Monthly(
        first=first,
        computed_at=whole.computed_at,
        rates={measure: _compared(row, past.get(measure)) for measure, row in found.items()},
        left_out={measure: row.left_out for measure, row in found.items()},
        lengths={stage: (length, past_stages.get(stage)) for stage, length in stages.items()},
        groups={dimension: _groups(first, before, dimension) for dimension in GROUPED},
        months=_months(first),
        score=three_rates(closed_from=first, closed_before=end_of(Span.MONTH, first)),
    )


def reportable() -> list[dt.date]:
    """The months that figures were compiled of, newest first."""
    months = DemandStatistic.objects.filter(span=Span.MONTH, dimension=Dimension.ZONE)
    return list(months.order_by("-first").values_list("first", flat=True))


def _month_before(first: dt.date) -> dt.date:
    return (first - dt.timedelta(days=1)).replace(day=1)


def _compared(row: Tabulated, past: Tabulated | None) -> Compared:
    return Compared(row.rate, past.rate if past else None)


def _groups(first: dt.date, before: dt.date, dimension: Dimension) -> tuple[Group, ...]:
    """Most demands first."""
    now = {m: table(Span.MONTH, first, dimension, m).rows for m in RATED}
    past = {
        m: {row.key: row for row in table(Span.MONTH, before, dimension, m).rows} for m in RATED
    }
    found: dict[str, dict[Measure, Compared]] = {}
    for measure, rows in now.items():
        for row in rows:
            compared = _compared(row, past[measure].get(row.key))
            found.setdefault(row.key, {})[measure] = compared
    groups = [Group(key, rates) for key, rates in found.items()]
    groups.sort(key=lambda group: (-group.rates[Measure.CLOSING].now.whole, group.key))
    return tuple(groups)


def _months(last: dt.date) -> tuple[Month, ...]:
    first = last
    for _each in range(MONTHS - 1):
        first = _month_before(first)
    rows = DemandStatistic.objects.months_of(first, end_of(Span.MONTH, last))
    return tuple(
        Month(row.first, {m: Rate(row.counts[m]["part"], row.counts[m]["base"]) for m in RATED})
        for row in rows
    )
