"""One demand from the filing to the end, by every way the table of moves knows."""

import datetime as dt

import pytest

from lianqi.audit.models import Event
from lianqi.demands.actions import (
    answer_demand,
    close_silent_demands,
    dispatch_demand,
    dispute_demand,
    reopen_demand,
    withdraw_demand,
)
from lianqi.demands.enums import Closure, DemandStatus, Rating
from lianqi.demands.errors import (
    AnswerMissing,
    CategoryNotInUse,
    EnterpriseMerged,
    MoveNotPossible,
    ReopenWindowOver,
    UnitNotInUse,
)
from lianqi.demands.models import Demand
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, make_dispatcher, make_enterprise, make_unit, make_user

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def verbs(demand: Demand) -> list[str]:
    events = Event.objects.about("demands.demand", demand.pk)
    return list(events.values_list("verb", flat=True))


def open_steps(demand: Demand) -> list[str]:
    return list(WorkItem.objects.about(demand).open().values_list("step", flat=True))


def test_filed_dispatched_accepted_answered_confirmed(scene: Scene) -> None:
    demand = scene.file(at=AT)
    scene.dispatch(demand, at=AT + HOUR)
    scene.accept(demand, at=AT + 2 * HOUR)
    scene.answer(demand, at=AT + DAY)
    scene.confirm(demand, at=AT + 2 * DAY)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.CLOSED
    assert demand.closure == Closure.CONFIRMED
    assert demand.rating == Rating.SATISFIED
    assert (demand.filed_at, demand.dispatched_at, demand.accepted_at) == (
        AT, AT + HOUR, AT + 2 * HOUR,
    )  # fmt: skip
    assert (demand.answered_at, demand.closed_at) == (AT + DAY, AT + 2 * DAY)
    assert (demand.unit, demand.handler) == (scene.unit, scene.handler)
    assert verbs(demand) == [
        "demand.filed", "demand.dispatched", "demand.accepted", "demand.answered",
        "demand.confirmed",
    ]  # fmt: skip
    assert open_steps(demand) == []


def test_every_step_owes_exactly_one_work_item(scene: Scene) -> None:
    demand = scene.file()
    assert open_steps(demand) == ["dispatch"]

    scene.dispatch(demand)
    assert open_steps(demand) == ["accept"]

    scene.accept(demand)
    assert open_steps(demand) == ["answer"]

    scene.answer(demand)
    assert open_steps(demand) == []


def test_answering_clock_starts_with_the_acceptance(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    scene.accept(demand, at=AT + DAY)

    item = WorkItem.objects.about(demand).open().get()
    # Accepted on Thursday, 5 March 2026: five working days end on Thursday, the 12th, 17:30.
    assert item.opened_at == AT + DAY
    assert item.due_at == dt.datetime(2026, 3, 12, 9, 30, tzinfo=dt.UTC)


def test_dispatch_before_acceptance_may_send_it_elsewhere(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    other = make_unit("住房建设局")

    dispatch_demand(demand.pk, unit=other, by=scene.dispatcher, at=AT + HOUR)

    demand.refresh_from_db()
    assert demand.unit == other
    items = WorkItem.objects.about(demand).filter(step="accept")
    assert [(item.unit, item.outcome) for item in items] == [
        (scene.unit, Outcome.CANCELLED), (other, ""),
    ]  # fmt: skip


def test_dispute_gives_the_handler_a_new_clock(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)

    dispute_demand(demand.pk, note="仍然停电", by=scene.member, at=AT + DAY)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS
    assert demand.reopenings == 1
    item = WorkItem.objects.about(demand).open().get()
    assert (item.step, item.visit, item.person, item.opened_at) == (
        "answer", 2, scene.handler, AT + DAY,
    )  # fmt: skip


def test_withdraw_cancels_what_is_owed(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    withdraw_demand(demand.pk, reason="已解决", by=scene.member, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.WITHDRAWN
    assert open_steps(demand) == []
    answer = WorkItem.objects.about(demand).get(step="answer")
    assert (answer.outcome, answer.was_late) == (Outcome.CANCELLED, None)


def test_silence_closes_after_the_days_and_not_before(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED, at=AT)

    on_the_instant = close_silent_demands(after_days=7, at=AT + 7 * DAY)
    just_after = close_silent_demands(after_days=7, at=AT + 7 * DAY + dt.timedelta(microseconds=1))

    demand.refresh_from_db()
    assert (on_the_instant, just_after) == (0, 1)
    assert (demand.status, demand.closure, demand.rating) == ("closed", Closure.SILENT, "")


def test_silence_does_not_touch_disputed_demands(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)
    dispute_demand(demand.pk, note="未解决", by=scene.member, at=AT + DAY)

    closed = close_silent_demands(after_days=7, at=AT + 60 * DAY)

    assert closed == 0


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        (dt.datetime(2026, 3, 19, 23, 59, 59), True),
        (dt.datetime(2026, 3, 20, 0, 0, 0), False),
    ],
)
def test_reopening_is_possible_to_the_end_of_the_fifteenth_day_after_the_answer(
    scene: Scene, local: dt.datetime, is_open: bool
) -> None:
    demand = scene.demand_in(DemandStatus.CLOSED, at=AT)  # 4 March, 10:30 in the zone
    at = local.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))

    if is_open:
        reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.member, at=at)
    else:
        with pytest.raises(ReopenWindowOver) as refused:
            reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.member, at=at)
        assert refused.value.code == "demand_reopen_window_over"

    demand.refresh_from_db()
    assert demand.status == (DemandStatus.IN_PROGRESS if is_open else DemandStatus.CLOSED)


def test_late_confirmation_does_not_move_the_window(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED, at=AT)
    scene.confirm(demand, at=AT + 14 * DAY)

    with pytest.raises(ReopenWindowOver):
        reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.member, at=AT + 16 * DAY)


def test_second_answer_opens_a_window_of_its_own(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.CLOSED, at=AT)
    reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.member, at=AT + 10 * DAY)
    scene.answer(demand, at=AT + 20 * DAY)
    scene.confirm(demand, at=AT + 20 * DAY)

    reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.dispatcher, at=AT + 35 * DAY)

    demand.refresh_from_db()
    assert (demand.status, demand.reopenings) == (DemandStatus.IN_PROGRESS, 2)


def test_reopening_forgets_closing_and_rating_but_the_trail_keeps_them(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.CLOSED)

    reopen_demand(demand.pk, note="又停电", window_days=15, by=scene.member, at=AT + DAY)

    demand.refresh_from_db()
    assert (demand.closed_at, demand.closure, demand.rating, demand.rating_note) == (
        None, "", "", "",
    )  # fmt: skip
    told = Event.objects.about("demands.demand", demand.pk).get(verb="demand.reopened")
    assert told.detail == {"note": "又停电", "earlier_rating": "4"}


def test_answer_needs_text(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    with pytest.raises(AnswerMissing):
        answer_demand(demand.pk, answer=" \n ", by=scene.handler, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS


def test_filing_in_a_category_out_of_use_is_refused(scene: Scene) -> None:
    scene.category.is_active = False
    scene.category.save()

    with pytest.raises(CategoryNotInUse):
        scene.file()

    assert not Demand.objects.exists()


def test_filing_for_a_merged_entry_names_the_one_that_remains(scene: Scene) -> None:
    remaining = make_enterprise("云岭海纳电子有限公司")
    scene.enterprise.merged_into, scene.enterprise.merged_at = remaining, AT
    scene.enterprise.save()

    with pytest.raises(EnterpriseMerged) as refused:
        scene.file()

    assert remaining.name in str(refused.value)


def test_dispatch_to_a_closed_unit_is_refused(scene: Scene) -> None:
    demand = scene.file()
    scene.unit.is_active = False
    scene.unit.save()

    with pytest.raises(UnitNotInUse):
        scene.dispatch(demand)


def test_late_comer_is_told_the_present_status(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    with pytest.raises(MoveNotPossible) as refused:
        dispatch_demand(demand.pk, unit=scene.unit, by=make_dispatcher(), at=AT)

    assert refused.value.code == "demand_move_not_possible"
    assert demand.number in str(refused.value)


def test_numbers_carry_the_local_year_of_filing(scene: Scene) -> None:
    new_year_in_the_zone = dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)

    before = scene.file(at=new_year_in_the_zone - dt.timedelta(seconds=1))
    after = scene.file(at=new_year_in_the_zone)

    assert before.number.startswith("SQ2026")
    assert after.number.startswith("SQ2027")
    assert (before.filed_on, after.filed_on) == (dt.date(2026, 12, 31), dt.date(2027, 1, 1))


def test_firm_and_filer_are_told_of_filing_acceptance_and_answer(scene: Scene) -> None:
    scene.demand_in(DemandStatus.ANSWERED)

    told = Notice.objects.filter(person=scene.member).order_by("pk")
    assert list(told.values_list("event", flat=True)) == [
        "demand.filed", "demand.accepted", "demand.answered",
    ]  # fmt: skip


def test_handlers_of_the_unit_are_told_of_the_dispatch_and_nobody_else(scene: Scene) -> None:
    make_user("somebody-else")

    scene.demand_in(DemandStatus.DISPATCHED)

    told = Notice.objects.get(event="demand.dispatched")
    assert told.person == scene.handler
