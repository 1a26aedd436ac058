"""Compiled statistics as tables: rates with what they are made of, and lengths of stages."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lianqi.demands.enums import Dimension, LeftOut, Measure, Span, Stage
from lianqi.demands.models import BASE, PART, DemandQuerySet, DemandStatistic, cases
from lianqi.engines.rates import Rate

_ANY_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)  # names do not depend on it


@dataclass(frozen=True, slots=True)
class StageLength:
    """How long a stage took, in hours of the clock on the wall; None: it never came."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Tabulated:
    """What was counted for one key of a dimension.

    Attributes:
        rank: Place among the rows with enough cases, the highest rate first; None for the others.
        left_out: Why demands are not in the base, with their number; reasons without any left out.
    """

    first: dt.date
    key: str
    rate: Rate
    left_out: Mapping[LeftOut, int]
    lengths: Mapping[Stage, StageLength]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one dimension, and the whole zone; nothing compiled: neither.

    Attributes:
        measures: Every measure of the whole zone.
    """

    total: Tabulated | None
    rows: tuple[Tabulated, ...]
    computed_at: dt.datetime | None
    measures: Mapping[Measure, Tabulated] = field(default_factory=dict)


def table(span: Span, first: dt.date, dimension: Dimension, measure: Measure) -> Table:
    """The demands filed in the span that begins on `first`: by month, or by another dimension.

    Ranked rows come first, then those of few cases, then those without a base.
    """
    whole = DemandStatistic.objects.of(span, first, Dimension.ZONE).first()
    if whole is None:
        return Table(None, (), None)
    if dimension == Dimension.ZONE:
        months = DemandStatistic.objects.months_of(first, end_of(span, first))
        rows = [_tabulated(row, measure) for row in months]
    else:
        found = DemandStatistic.objects.of(span, first, dimension)
        rows = _ranked(_tabulated(row, measure) for row in found)
    measures = {each: _tabulated(whole, each) for each in Measure}
    return Table(measures[measure], tuple(rows), whole.computed_at, measures)


@dataclass(frozen=True, slots=True)
class Overview:
    """Every measure of the whole zone."""

    found: Mapping[Measure, Tabulated]
    computed_at: dt.datetime


def overview(span: Span, first: dt.date) -> Overview | None:
    """Of the demands filed in the span that begins on `first`; None where nothing was compiled."""
    whole = DemandStatistic.objects.of(span, first, Dimension.ZONE).first()
    if whole is None:
        return None
    found = {measure: _tabulated(whole, measure) for measure in Measure}
    return Overview(found, whole.computed_at)


def spans() -> list[tuple[Span, dt.date]]:
    """What is compiled: years, then quarters, then months, each newest first."""
    whole = DemandStatistic.objects.filter(dimension=Dimension.ZONE)
    found = whole.order_by("-first").values_list("span", "first")
    order = (Span.YEAR, Span.QUARTER, Span.MONTH)
    return sorted(((Span(span), first) for span, first in found), key=lambda e: order.index(e[0]))


def end_of(span: Span, first: dt.date) -> dt.date:
    """The first day that is no more in the span."""
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    years, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + years, month + 1, 1)


def case_names() -> dict[Measure, tuple[str, ...]]:
    """The names of the cases of each measure."""
    return {measure: tuple(parts) for measure, parts in cases(_ANY_TIME).items()}


def counted_as(demands: DemandQuerySet, case: str, *, at: dt.datetime) -> DemandQuerySet:
    """Those of the demands that are in a case, written as `closing.part`; an unknown one: none."""
    measure, _dot, name = case.partition(".")
    if measure not in Measure:
        return demands.none()
    condition = cases(at)[Measure(measure)].get(name)
    return demands.none() if condition is None else demands.filter(condition)


def _tabulated(row: DemandStatistic, measure: Measure) -> Tabulated:
    counts = row.counts[measure.value]
    left_out = {LeftOut(name): n for name, n in counts.items() if n and name not in {BASE, PART}}
    return Tabulated(
        first=row.first,
        key=row.key,
        rate=Rate(counts[PART], counts[BASE]),
        left_out={reason: left_out[reason] for reason in LeftOut if reason in left_out},
        lengths={stage: _length(row.hours[stage.value]) for stage in Stage},
    )


def _length(hours: Mapping[str, object]) -> StageLength:
    count, quantiles = hours["n"], hours["quantiles"]
    assert isinstance(count, int)
    median, p90 = quantiles if isinstance(quantiles, list) else (None, None)
    return StageLength(count, median, p90)


def _ranked(rows: Iterable[Tabulated]) -> list[Tabulated]:
    """Equal rates share a place."""
    sure: list[Tabulated] = []
    unsure: list[Tabulated] = []
    for row in rows:
        (unsure if row.rate.is_small else sure).append(row)
    sure.sort(key=lambda row: (-(row.rate.value or 0), row.key))
    unsure.sort(key=lambda row: (-row.rate.whole, row.key))
    values = [row.rate.value for row in sure]
    placed = [
        Tabulated(row.first, row.key, row.rate, row.left_out, row.lengths, 1 + values.index(value))
        for row, value in zip(sure, values, strict=True)
    ]
    return [*placed, *unsure]
