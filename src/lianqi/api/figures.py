"""The closing rate (K01) and the satisfaction rate (K02), with what they are made of."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from ninja import Router, Schema

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.enums import Dimension, Measure, ScoreCount, ScoreTerm, Span
from lianqi.demands.queries import Figures, Scored, Tabulated, figures, table, three_rates

router = Router(tags=["figures"])


class FiguresOut(Schema):
    """Counts of the demands received in the period. A rate without a base is null, never zero."""

    received: int
    closed: int
    rated: int
    satisfied: int
    closing_rate: float | None
    satisfaction_rate: float | None


@router.get("/demands", response={200: FiguresOut, **PROBLEMS}, operation_id="demand_figures")
def demand_figures(
    request: ApiRequest, received_from: dt.date, received_before: dt.date
) -> Figures:
    """Figures of the demands received from the first day up to, excluding, the last."""
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    return figures(received_from=received_from, received_before=received_before)


class StageOut(Schema):
    """Number of demands, median and 90th percentile in hours of the clock on the wall."""

    count: int
    median: float | None
    p90: float | None


class RowOut(Schema):
    """One row. `rate` is null without a base, `rank` for few cases; `left_out` gives reasons."""

    first: dt.date
    key: str
    part: int
    base: int
    rate: float | None
    interval: tuple[float, float] | None
    rank: int | None
    left_out: dict[str, int]
    stages: dict[str, StageOut]


class TableOut(Schema):
    """Compiled statistics; without `computed_at` nothing has been compiled for the span."""

    computed_at: dt.datetime | None
    total: RowOut | None
    rows: list[RowOut]


@router.get("/statistics", response={200: TableOut, **PROBLEMS}, operation_id="demand_statistics")
def demand_statistics(
    request: ApiRequest, span: Span, first: dt.date, dimension: Dimension, measure: Measure
) -> TableOut:
    """One measure of the demands filed in the span that begins on `first`, by one dimension.

    The dimension `zone` gives the months of the span. `key` is a channel, a street, or the id of a
    unit, category or chain; it is empty where none is known.
    """
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    found = table(span, first, dimension, measure)
    return TableOut(
        computed_at=found.computed_at,
        total=_row(found.total) if found.total else None,
        rows=[_row(each) for each in found.rows],
    )


class TermOut(Schema):
    """One rate of a formula; `counts` says how much of a case each count is."""

    name: ScoreTerm
    base: ScoreCount
    weight: Decimal
    counts: dict[ScoreCount, Decimal]


class VersionOut(Schema):
    valid_from: dt.date
    source: str
    terms: list[TermOut]


class ScoreOut(Schema):
    """Points of 100; null without calls. The whole zone has no `unit`, few calls no `rank`."""

    unit: int | None
    score: Decimal | None
    interval: tuple[float, float] | None
    rank: int | None
    rates: dict[ScoreTerm, Decimal | None]
    counted: dict[ScoreCount, int]


class ThreeRatesOut(Schema):
    """Without `version` no formula was in force on the last day."""

    version: VersionOut | None
    total: ScoreOut | None
    by_unit: list[ScoreOut]


@router.get("/three-rates", response={200: ThreeRatesOut, **PROBLEMS}, operation_id="three_rates")
def three_rate_score(
    request: ApiRequest, closed_from: dt.date, closed_before: dt.date
) -> ThreeRatesOut:
    """The score of the calls about demands closed from the first day up to, excluding, the last.

    The list of call-backs, narrowed by unit, days and what was counted, shows the calls behind it.
    """
    if not request.user.has_perm("demands.figures"):
        raise PermissionDenied
    found = three_rates(closed_from=closed_from, closed_before=closed_before)
    if found is None:
        return ThreeRatesOut(version=None, total=None, by_unit=[])
    version = VersionOut(
        valid_from=found.version.valid_from,
        source=found.version.source,
        terms=[
            TermOut(
                name=ScoreTerm(term.name),
                base=ScoreCount(term.base),
                weight=term.weight,
                counts={ScoreCount(name): share for name, share in term.counts.items()},
            )
            for term in found.version.formula.terms
        ],
    )
    units = [_score(each, unit) for unit, each in found.by_unit.items()]
    return ThreeRatesOut(version=version, total=_score(found.total, None), by_unit=units)


def _score(found: Scored, unit: int | None) -> ScoreOut:
    return ScoreOut(
        unit=unit,
        score=found.score.value,
        interval=found.interval,
        rank=found.rank,
        rates={
            ScoreTerm(name): None if points is None else round(points, 2)
            for name, points in found.score.terms.items()
        },
        counted=dict(found.counted),
    )


def _row(found: Tabulated) -> RowOut:
    return RowOut(
        first=found.first,
        key=found.key,
        part=found.rate.part,
        base=found.rate.whole,
        rate=found.rate.value,
        interval=found.rate.interval,
        rank=found.rank,
        left_out={reason.value: count for reason, count in found.left_out.items()},
        stages={
            stage.value: StageOut(count=each.count, median=each.median, p90=each.p90)
            for stage, each in found.lengths.items()
        },
    )
