"""Measures: owed until a working day, moved before it has passed, settled, judged by the firm."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.notices.models import Notice
from lianqi.plans.actions import (
    change_measure,
    complete_plan,
    drop_measure,
    end_plan,
    judge_measure,
    place_measure,
    postpone_measure,
    report_progress,
    restate_measure,
    resume_measure,
    settle_measure,
)
from lianqi.plans.enums import EntryKind, MeasureKind, MeasureStatus, PlanStatus, Verdict
from lianqi.plans.errors import (
    DoubtMissing,
    DoubtUnanswered,
    DueDayNotPossible,
    JudgedAlready,
    LaterDayNeeded,
    MeasureMoveNotPossible,
    MeasureTextMissing,
    OutcomeMissing,
    OwnerNotPossible,
    PlaceNotPossible,
    PlanMoveNotPossible,
    PostponedTooLate,
    ProgressMissing,
    ReasonMissing,
    ResultTextMissing,
    UnitKeepsNoPlans,
)
from lianqi.plans.models import Measure, ServicePlan
from lianqi.plans.queries import measure_counts, plan_beside, plan_figures, usual_due_day
from lianqi.work.models import WorkItem
from tests.factories import AT, make_unit
from tests.plans.scene import DAY, DUE, add, again, agree, begin, propose, start
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
LATER = DUE + 7 * DAY


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def first_of(plan: ServicePlan) -> Measure:
    return plan.measures.get(position=1)


def owed(measure: Measure) -> WorkItem:
    return WorkItem.objects.about(measure).open().get()


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def settle(zone: Zone, measure: Measure, *, at: dt.datetime = AT, **given: object) -> Measure:
    known = {"result": MeasureStatus.DONE, "text": "已送电。", "by": zone.other_handler}
    return settle_measure(measure.pk, at=at, **known | given)  # type: ignore[arg-type]  # test data


def test_a_measure_is_due_on_a_working_day_ahead(zone: Zone) -> None:
    plan = begin(zone)
    saturday = DUE + DAY

    for day in (AT.date(), AT.date() - DAY, saturday, AT.date() + dt.timedelta(days=1100)):
        with pytest.raises(DueDayNotPossible):
            add(zone, plan, due_on=day)
    with pytest.raises(DueDayNotPossible, match="2026-03-23"):
        add(zone, plan, due_on=saturday)
    with pytest.raises(MeasureTextMissing):
        add(zone, plan, what=" ")
    with pytest.raises(OwnerNotPossible):
        add(zone, plan, person=zone.handler)
    with pytest.raises(UnitKeepsNoPlans):
        add(zone, plan, unit=make_unit("旧局", zone.root, is_active=False))
    assert usual_due_day(at=AT) == dt.date(2026, 4, 1)
    assert not plan.measures.exists()


def test_in_a_draft_measures_are_changed_placed_and_dropped_freely(zone: Zone) -> None:
    plan = begin(zone)
    first, second, third = (add(zone, plan, what=word) for word in ("甲", "乙", "丙"))

    place_measure(third.pk, position=1, by=zone.handler, at=AT)
    change_measure(
        second.pk, what="乙改", kind=MeasureKind.POLICY, unit=zone.economy, due_on=LATER,
        by=zone.handler, at=AT,
    )  # fmt: skip
    drop_measure(first.pk, by=zone.handler, at=AT)
    with pytest.raises(PlaceNotPossible):
        place_measure(third.pk, position=3, by=zone.handler, at=AT)

    rows = plan.measures.order_by("position").values_list("position", "what", "due_on")
    assert list(rows) == [(1, "丙", DUE), (2, "乙改", LATER)]
    assert again(plan).units == sorted([zone.economy.pk, zone.housing.pk])
    assert told("plans.measure_changed") == set()


def test_what_was_agreed_is_changed_for_a_reason_the_enterprise_reads(zone: Zone) -> None:
    plan = start(zone)
    measure = first_of(plan)
    due = owed(measure).due_at
    changed = {
        "what": "增设两路电源", "kind": MeasureKind.SPACE, "unit": zone.economy,
        "person": zone.handler, "by": zone.handler, "at": AT,
    }  # fmt: skip

    with pytest.raises(ReasonMissing):
        change_measure(measure.pk, **changed)  # type: ignore[arg-type]  # test data
    with pytest.raises(ReasonMissing):
        add(zone, plan)
    with pytest.raises(PlanMoveNotPossible):
        drop_measure(measure.pk, by=zone.handler, at=AT)
    change_measure(measure.pk, **changed, reason="住建局无此职责。")  # type: ignore[arg-type]  # test data
    added = add(zone, plan, reason="企业要求。")

    item = owed(measure)
    assert (item.unit, item.person, item.due_at) == (zone.economy, zone.handler, due)
    assert measure.entries.get().text == "住建局无此职责。"
    assert told("plans.measure_changed") == {"林晓燕"}
    assert (added.status, owed(added).unit) == (MeasureStatus.OPEN, zone.housing)


def test_with_the_enterprise_nothing_changes(zone: Zone) -> None:
    plan = propose(zone)

    with pytest.raises(PlanMoveNotPossible):
        add(zone, plan)
    with pytest.raises(PlanMoveNotPossible):
        place_measure(first_of(plan).pk, position=2, by=zone.handler, at=AT)


def test_the_day_is_moved_only_before_it_has_passed_and_with_a_reason(zone: Zone) -> None:
    measure = first_of(start(zone))
    due = owed(measure).due_at
    assert due is not None

    with pytest.raises(ReasonMissing):
        postpone_measure(measure.pk, due_on=LATER, reason="", by=zone.handler, at=due)
    with pytest.raises(LaterDayNeeded):
        postpone_measure(measure.pk, due_on=DUE, reason="x", by=zone.handler, at=AT)
    with pytest.raises(PermissionDenied):
        postpone_measure(measure.pk, due_on=LATER, reason="x", by=zone.other_handler, at=AT)
    with pytest.raises(PostponedTooLate):
        postpone_measure(
            measure.pk, due_on=LATER, reason="x", by=zone.handler, at=due + dt.timedelta(seconds=1)
        )
    postpone_measure(measure.pk, due_on=LATER, reason="设备到货延迟。", by=zone.handler, at=due)

    measure = again(measure)
    item, entry = owed(measure), measure.entries.get()
    assert item.due_at == due + 7 * DAY
    assert (measure.due_on, measure.first_due_on) == (LATER, DUE)
    assert (entry.kind, entry.earlier_due_on, entry.due_on) == (EntryKind.POSTPONED, DUE, LATER)
    assert told("plans.measure_postponed") == {"林晓燕"}


def test_before_the_start_an_agreed_day_may_be_moved_even_when_it_has_passed(zone: Zone) -> None:
    measure = first_of(agree(zone))

    postpone_measure(
        measure.pk, due_on=LATER, reason="启动推迟。", by=zone.handler, at=AT + 17 * DAY
    )

    assert again(measure).due_on == LATER


def test_progress_is_read_by_the_enterprise(zone: Zone) -> None:
    measure = first_of(start(zone))

    with pytest.raises(ProgressMissing):
        report_progress(measure.pk, text="", by=zone.other_handler, at=AT)
    with pytest.raises(PermissionDenied):
        report_progress(measure.pk, text="x", by=zone.boss, at=AT)
    report_progress(measure.pk, text="已完成勘察。", by=zone.other_handler, at=AT)

    assert measure.entries.get().text == "已完成勘察。"


def test_at_the_due_moment_a_result_is_in_time_and_later_it_is_late(zone: Zone) -> None:
    plan = start(zone)
    first, second = plan.measures.order_by("position")
    due = owed(first).due_at
    assert due is not None

    with pytest.raises(ResultTextMissing):
        settle(zone, first, text="")
    settle(zone, first, at=due)
    settle(zone, second, at=due + DAY, by=zone.handler, result=MeasureStatus.NOT_POSSIBLE)

    first, second = plan.measures.order_by("position")
    assert (first.status, first.was_late) == (MeasureStatus.DONE, False)
    assert (second.status, second.was_late) == (MeasureStatus.NOT_POSSIBLE, True)
    assert not WorkItem.objects.filter(subject_kind="plans.measure").open().exists()
    assert told("plans.measure_settled") == {"林晓燕", "王强"}
    with pytest.raises(MeasureMoveNotPossible):
        settle(zone, first, at=due)


def test_the_enterprise_confirms_or_doubts_each_result_once(zone: Zone) -> None:
    plan = start(zone)
    first, second = plan.measures.order_by("position")
    settle(zone, first)
    settle(zone, second, by=zone.handler)

    with pytest.raises(DoubtMissing):
        judge_measure(first.pk, verdict=Verdict.DOUBTED, text=" ", by=zone.boss, at=AT)
    with pytest.raises(PermissionDenied):
        judge_measure(first.pk, verdict=Verdict.CONFIRMED, text="", by=zone.handler, at=AT)
    judge_measure(first.pk, verdict=Verdict.DOUBTED, text="夜间仍跳闸。", by=zone.boss, at=AT)
    judge_measure(second.pk, verdict=Verdict.CONFIRMED, text="", by=zone.boss, at=AT)
    with pytest.raises(JudgedAlready):
        judge_measure(first.pk, verdict=Verdict.CONFIRMED, text="", by=zone.boss, at=AT)

    assert (again(first).verdict, again(first).doubts) == (Verdict.DOUBTED, 1)
    assert told("plans.measure_doubted") == {"王强", "赵磊"}
    assert told("plans.measure_confirmed") == {"王强"}


def test_a_first_doubt_is_answered_before_the_plan_is_completed(zone: Zone) -> None:
    plan = start(zone)
    first, second = plan.measures.order_by("position")
    settle(zone, first)
    settle(zone, second, by=zone.handler)
    doubt = {"verdict": Verdict.DOUBTED, "text": "夜间仍跳闸。", "by": zone.boss, "at": AT}
    judge_measure(first.pk, **doubt)  # type: ignore[arg-type]  # test data

    with pytest.raises(DoubtUnanswered):
        complete_plan(plan.pk, outcome="达产。", by=zone.handler, at=AT)
    restate_measure(
        first.pk,
        result=MeasureStatus.PARTLY,
        text="夜间负荷另案解决。",
        by=zone.other_handler,
        at=AT,
    )
    judge_measure(first.pk, **doubt)  # type: ignore[arg-type]  # test data
    with pytest.raises(OutcomeMissing):
        complete_plan(plan.pk, outcome="", by=zone.handler, at=AT)
    complete_plan(plan.pk, outcome="达产。", by=zone.handler, at=AT)

    assert again(plan).status == PlanStatus.COMPLETED
    assert (again(first).status, again(first).verdict, again(first).doubts) == (
        MeasureStatus.PARTLY, Verdict.DOUBTED, 2,
    )  # fmt: skip
    assert not WorkItem.objects.open().exists()
    assert told("plans.completed") == {"林晓燕"}


def test_taken_up_again_it_is_owed_once_more(zone: Zone) -> None:
    measure = first_of(start(zone))
    settle(zone, measure)

    with pytest.raises(ReasonMissing):
        resume_measure(measure.pk, due_on=LATER, reason="", by=zone.handler, at=AT)
    resume_measure(measure.pk, due_on=LATER, reason="复查未通过。", by=zone.handler, at=AT)

    item = owed(measure)
    assert (again(measure).status, again(measure).result) == (MeasureStatus.OPEN, "")
    assert (item.visit, item.due_at and item.due_at.date()) == (2, LATER)
    kinds = measure.entries.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EntryKind.RESULT, EntryKind.RESUMED]


def test_after_the_end_the_enterprise_judges_no_more(zone: Zone) -> None:
    plan = start(zone)
    measure = first_of(plan)
    settle(zone, measure)
    end_plan(plan.pk, reason="企业迁出。", by=zone.handler, at=AT)

    with pytest.raises(PlanMoveNotPossible):
        judge_measure(measure.pk, verdict=Verdict.CONFIRMED, text="", by=zone.boss, at=AT)


def test_figures_have_one_base_and_count_what_may_be_seen(zone: Zone) -> None:
    plan = start(zone)
    first, second = plan.measures.order_by("position")
    late = owed(second).due_at
    assert late is not None
    settle(zone, first)
    on = DUE + DAY

    before = plan_figures(zone.leader, on=on)
    settle(zone, second, by=zone.handler, at=late + DAY)
    judge_measure(second.pk, verdict=Verdict.DOUBTED, text="x", by=zone.boss, at=late + DAY)
    after = plan_figures(zone.leader, on=on)
    of_housing = plan_figures(zone.leader, on=on, unit=zone.housing)

    assert (before.under_way, before.due, before.overdue, before.in_time) == (1, 2, 1, 1)
    assert (after.due, after.settled, after.in_time, after.late, after.doubted) == (2, 2, 1, 1, 1)
    assert (of_housing.due, of_housing.in_time, of_housing.late) == (1, 1, 0)
    assert plan_figures(zone.leader, on=DUE - DAY).due == 0
    assert plan_figures(zone.other_boss, on=on).due == 0
    assert measure_counts([plan], on=on)[plan.pk].settled == 2


def test_a_demand_knows_the_plan_it_is_linked_to_or_the_current_one(zone: Zone) -> None:
    demand, plan = zone.demand(at=AT), begin(zone)

    beside = plan_beside(demand)
    plan.demands.add(demand)
    end_plan(plan.pk, reason="x", by=zone.handler, at=AT)
    begin(zone)
    linked = plan_beside(demand)

    assert beside == (plan, False)
    assert linked == (plan, True)
