"""Compiled statistics: each figure from records made by real actions, and equal to its list."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.enums import Role
from lianqi.demands.actions import (
    answer_at_once,
    answer_demand,
    compile_statistics,
    confirm_demand,
    dispatch_demand,
    file_demand,
    reopen_demand,
)
from lianqi.demands.enums import (
    Channel,
    DemandStatus,
    Dimension,
    LeftOut,
    Measure,
    Rating,
    Solved,
    Span,
    Stage,
)
from lianqi.demands.models import Demand, DemandStatistic, cases
from lianqi.demands.queries import StageLength, Tabulated, counted_as, end_of, spans, table
from lianqi.engines.rates import SMALL_BASE, Rate
from lianqi.register.models import Chain, ChainPlace
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = AT + 90 * DAY
MARCH, SPRING, YEAR = dt.date(2026, 3, 1), dt.date(2026, 1, 1), dt.date(2026, 1, 1)


def total(measure: Measure, *, at: dt.datetime = AT) -> Tabulated:
    compile_statistics(at=at)
    found = table(Span.MONTH, MARCH, Dimension.ZONE, measure).total
    assert found is not None
    return found


def some_of_everything(scene: Scene) -> None:
    for status in DemandStatus:
        scene.demand_in(status)
    closed = scene.demand_in(DemandStatus.ANSWERED)
    confirm_demand(
        closed.pk, rating=Rating.DISSATISFIED, note="没有解决", solved=Solved.NO,
        by=scene.member, at=AT,
    )  # fmt: skip
    back = scene.demand_in(DemandStatus.CLOSED)
    reopen_demand(back.pk, note="又停电了", window_days=15, by=scene.member, at=AT)
    twice = scene.file()
    dispatch_demand(twice.pk, unit=scene.other, by=scene.dispatcher, at=AT)
    scene.accept(scene.dispatch(twice))


@pytest.mark.parametrize("at", [AT, LATER])
def test_every_count_equals_the_list_behind_it(scene: Scene, at: dt.datetime) -> None:
    some_of_everything(scene)

    compile_statistics(at=at)

    whole = DemandStatistic.objects.get(span=Span.YEAR, dimension=Dimension.ZONE)
    for measure, parts in cases(at).items():
        for name in parts:
            listed = counted_as(Demand.objects.all(), f"{measure.value}.{name}", at=at)
            assert listed.count() == whole.counts[measure.value][name], (measure, name)


@pytest.mark.parametrize("at", [AT, LATER])
def test_a_demand_is_in_the_base_or_left_out_for_one_reason(scene: Scene, at: dt.datetime) -> None:
    some_of_everything(scene)

    compile_statistics(at=at)

    whole = DemandStatistic.objects.get(span=Span.YEAR, dimension=Dimension.ZONE)
    for measure in Measure:
        counts = whole.counts[measure.value]
        assert sum(counts.values()) - counts["part"] == Demand.objects.count(), measure


def test_rates_of_known_records(scene: Scene) -> None:
    some_of_everything(scene)

    compile_statistics(at=AT)

    found = {
        measure: table(Span.MONTH, MARCH, Dimension.ZONE, measure).total for measure in Measure
    }
    assert {measure: row.rate for measure, row in found.items() if row} == {
        Measure.CLOSING: Rate(2, 13),
        Measure.ON_TIME: Rate(5, 5),
        Measure.SATISFACTION: Rate(1, 2),
        Measure.SOLVED: Rate(1, 2),
        Measure.REOPEN: Rate(1, 5),
        Measure.REPEAT: Rate(12, 13),
        Measure.FIRST_RIGHT: Rate(7, 8),
        Measure.BOUNCE: Rate(2, 11),
        Measure.REMEDY: Rate(0, 1),
    }


@pytest.mark.parametrize(("beyond", "part"), [(dt.timedelta(), 1), (dt.timedelta(seconds=1), 0)])
def test_an_answer_at_the_due_time_is_on_time(
    scene: Scene, beyond: dt.timedelta, part: int
) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    due = due_of(demand)
    answer_demand(demand.pk, answer="已更换变压器。", by=scene.handler, at=due + beyond)

    assert total(Measure.ON_TIME, at=due + DAY).rate == Rate(part, 1)


@pytest.mark.parametrize(("beyond", "base"), [(dt.timedelta(), 0), (dt.timedelta(seconds=1), 1)])
def test_an_unanswered_demand_counts_once_its_time_is_over(
    scene: Scene, beyond: dt.timedelta, base: int
) -> None:
    due = due_of(scene.demand_in(DemandStatus.IN_PROGRESS))

    found = total(Measure.ON_TIME, at=due + beyond)

    assert found.rate == Rate(0, base)
    assert found.left_out == ({} if base else {LeftOut.NOT_DUE: 1})


def due_of(demand: Demand) -> dt.datetime:
    due = WorkItem.objects.about(demand).open().get(step="answer").due_at
    assert due is not None
    return due


def test_a_call_answered_at_once_has_no_clock_and_no_dispatch(scene: Scene) -> None:
    operator = grant(make_user(unit=scene.unit), Role.OPERATOR)
    answer_at_once(**call(scene), by=operator, at=AT)

    assert total(Measure.CLOSING).rate == Rate(1, 1)
    assert total(Measure.ON_TIME).left_out == {LeftOut.AT_ONCE: 1}
    assert total(Measure.FIRST_RIGHT).left_out == {LeftOut.NOT_SENT: 1}


def call(scene: Scene) -> dict[str, Any]:
    return {
        "enterprise": scene.enterprise, "category": scene.category, "title": "咨询电价",
        "text": "", "answer": "按目录电价执行。", "contacts": (),
        "idempotency_key": "call",
    }  # fmt: skip


def test_no_demand_is_no_data(scene: Scene) -> None:
    scene.demand_in(DemandStatus.WITHDRAWN)

    found = total(Measure.CLOSING)

    assert (found.rate.value, found.left_out) == (None, {LeftOut.WITHDRAWN: 1})


def test_nothing_compiled_is_no_table(scene: Scene) -> None:
    scene.file()

    found = table(Span.MONTH, MARCH, Dimension.UNIT, Measure.CLOSING)

    assert (found.total, found.rows, found.computed_at) == (None, (), None)


def test_lengths_are_hours_of_the_clock_on_the_wall(scene: Scene) -> None:
    for hours in (1, 2, 9):
        demand = scene.file(at=AT)
        scene.dispatch(demand, at=AT + hours * HOUR)
        scene.accept(demand, at=AT + (hours + 3) * HOUR)

    lengths = total(Measure.CLOSING, at=LATER).lengths

    assert lengths[Stage.DISPATCH] == StageLength(3, 2.0, pytest.approx(7.6))
    assert lengths[Stage.ACCEPT] == StageLength(3, 3.0, 3.0)
    assert lengths[Stage.ANSWER] == StageLength(0, None, None)


def test_demands_belong_to_the_zones_own_month(scene: Scene) -> None:
    scene.file(at=dt.datetime(2026, 3, 31, 15, 59, tzinfo=dt.UTC))  # 23:59 in the zone
    scene.file(at=dt.datetime(2026, 3, 31, 16, 0, tzinfo=dt.UTC))

    compile_statistics(at=LATER)

    found = table(Span.YEAR, YEAR, Dimension.ZONE, Measure.CLOSING)
    assert [(row.first, row.rate.whole) for row in found.rows] == [
        (dt.date(2026, 3, 1), 1), (dt.date(2026, 4, 1), 1),
    ]  # fmt: skip
    assert spans() == [
        (Span.YEAR, YEAR), (Span.QUARTER, dt.date(2026, 4, 1)), (Span.QUARTER, SPRING),
        (Span.MONTH, dt.date(2026, 4, 1)), (Span.MONTH, MARCH),
    ]  # fmt: skip


def test_every_dimension_counts_the_same_demands(scene: Scene) -> None:
    scene.enterprise.district = "云溪街道"
    scene.enterprise.save()
    chains = [Chain.objects.create(name=name) for name in ("光电", "氢能")]
    for chain in chains:
        ChainPlace.objects.create(enterprise=scene.enterprise, chain=chain)
    scene.demand_in(DemandStatus.CLOSED)
    scene.file()

    compile_statistics(at=LATER)

    keys = {
        dimension: {
            row.key: row.rate
            for row in table(Span.QUARTER, SPRING, dimension, Measure.CLOSING).rows
        }
        for dimension in Dimension
        if dimension != Dimension.ZONE
    }
    assert keys == {
        Dimension.UNIT: {str(scene.unit.pk): Rate(1, 1), "": Rate(0, 1)},
        Dimension.CHANNEL: {Channel.PORTAL: Rate(1, 2)},
        Dimension.CATEGORY: {str(scene.category.pk): Rate(1, 2)},
        Dimension.STREET: {"云溪街道": Rate(1, 2)},
        Dimension.CHAIN: {str(chain.pk): Rate(1, 2) for chain in chains},
    }


def test_compiling_again_replaces_what_was_there(scene: Scene) -> None:
    demand = scene.file()
    compile_statistics(at=AT)
    rows = DemandStatistic.objects.count()
    dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)

    assert compile_statistics(at=LATER) == DemandStatistic.objects.count() == rows
    assert set(DemandStatistic.objects.values_list("computed_at", flat=True)) == {LATER}


def test_few_cases_are_not_ranked(scene: Scene) -> None:
    for channel, count in ((Channel.PORTAL, SMALL_BASE), (Channel.VISIT, SMALL_BASE - 1)):
        for number in range(count):
            file_demand(
                enterprise=scene.enterprise, category=scene.category, title="停电", text="停电",
                channel=channel, idempotency_key=f"{channel}{number}", by=scene.dispatcher, at=AT,
            )  # fmt: skip

    compile_statistics(at=AT)

    rows = table(Span.MONTH, MARCH, Dimension.CHANNEL, Measure.CLOSING).rows
    assert [(row.key, row.rank) for row in rows] == [("portal", 1), ("visit", None)]


@pytest.mark.parametrize("case", ["", "closing", "closing.", "closing.nonsense", "nonsense.base"])
def test_an_unknown_case_finds_nothing(scene: Scene, case: str) -> None:
    scene.file()

    assert not counted_as(Demand.objects.all(), case, at=AT).exists()


@pytest.mark.parametrize(
    ("span", "first", "end"),
    [
        (Span.MONTH, dt.date(2026, 12, 1), dt.date(2027, 1, 1)),
        (Span.QUARTER, dt.date(2026, 10, 1), dt.date(2027, 1, 1)),
        (Span.QUARTER, dt.date(2026, 1, 1), dt.date(2026, 4, 1)),
        (Span.YEAR, dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
    ],
)
def test_spans_end_before_the_next_begins(span: Span, first: dt.date, end: dt.date) -> None:
    assert end_of(span, first) == end
