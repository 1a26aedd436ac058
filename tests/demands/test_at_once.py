"""Two people, one demand, the same moment: on a real PostgreSQL, with threads that commit."""

import datetime as dt
from collections.abc import Callable
from threading import Barrier, Thread
from threading import Event as Signal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    close_silent_demands,
    confirm_demand,
    dispatch_demand,
    dispute_demand,
    object_to_dispatch,
    open_class,
)
from lianqi.demands.enums import DemandStatus, ObjectionReason, Rating
from lianqi.demands.errors import MoveNotPossible, NothingToLink
from lianqi.demands.models import CaseClass, CaseLink, Demand, DemandTally
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.factories import AT, make_dispatcher, make_handler, make_unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; what each returned or raised, in the given order."""
    together, results = Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        together.wait()
        try:
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001  # handed to the test
            results[number] = error  # type: ignore[call-overload]  # a list of anything
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def refusals(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_same_key_twice_files_once(scene: Scene) -> None:
    first = scene.file(key="same")
    again = scene.file(key="same")

    assert again == first
    assert Demand.objects.count() == 1
    assert Event.objects.filter(verb="demand.filed").count() == 1


def test_same_key_of_another_person_is_another_demand(scene: Scene) -> None:
    mine = scene.file(key="same")
    other = scene.file(key="same", by=scene.dispatcher)

    assert mine != other


def test_same_key_at_once_files_once(scene: Scene) -> None:
    results = at_once(*[lambda: scene.file(key="same")] * 6)

    assert refusals(results) == []
    assert len({demand.pk for demand in results}) == 1
    assert Demand.objects.count() == 1
    assert Event.objects.filter(verb="demand.filed").count() == 1
    assert WorkItem.objects.count() == 1
    assert sum(row.received for row in DemandTally.objects.all()) == 1


def test_different_keys_at_once_get_different_numbers(scene: Scene) -> None:
    results = at_once(*[scene.file] * 6)

    assert refusals(results) == []
    assert len({demand.number for demand in results}) == 6
    assert verify_chain().broken is None


def test_two_dispatchers_at_once_leave_one_unit_that_owes(scene: Scene) -> None:
    demand, other, colleague = scene.file(), make_unit("住房建设局"), make_dispatcher()

    results = at_once(
        lambda: dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT),
        lambda: dispatch_demand(demand.pk, unit=other, by=colleague, at=AT),
    )

    # Sending it elsewhere before acceptance is a move of the table: the second one wins.
    assert refusals(results) == []
    demand.refresh_from_db()
    events = Event.objects.filter(verb="demand.dispatched").order_by("pk")
    assert [event.detail["earlier"] for event in events] == [None, events[0].detail["unit"]]
    owed = WorkItem.objects.about(demand).open().get()
    assert owed.unit == demand.unit
    assert demand.unit_id == events[1].detail["unit"]


def test_two_handlers_accept_at_once_and_one_is_told_so(scene: Scene) -> None:
    demand, colleague = scene.demand_in(DemandStatus.DISPATCHED), make_handler(scene.unit)

    results = at_once(
        lambda: accept_demand(demand.pk, by=scene.handler, at=AT),
        lambda: accept_demand(demand.pk, by=colleague, at=AT),
    )

    assert refusals(results) == [MoveNotPossible]
    assert Event.objects.filter(verb="demand.accepted").count() == 1
    assert WorkItem.objects.about(demand).filter(step="answer").count() == 1


def test_accepting_waits_for_the_dispatch_and_knows_its_unit(scene: Scene) -> None:
    """The lock is waited for with the row as it was; the unit must be the one that it has then."""
    demand, elsewhere = scene.demand_in(DemandStatus.DISPATCHED), make_unit("住房建设局")
    colleague, ready, done = make_handler(elsewhere), Signal(), Signal()

    def dispatch_slowly() -> None:
        with transaction.atomic():
            dispatch_demand(demand.pk, unit=elsewhere, by=scene.dispatcher, at=AT)
            ready.set()
            done.wait(timeout=0.5)

    def accept() -> None:
        ready.wait()
        accept_demand(demand.pk, by=colleague, at=AT)

    results = at_once(dispatch_slowly, accept)

    assert refusals(results) == []
    assert WorkItem.objects.about(demand).open().get().unit == elsewhere


def test_accept_and_object_at_once(scene: Scene) -> None:
    demand, colleague = scene.demand_in(DemandStatus.DISPATCHED), make_handler(scene.unit)

    results = at_once(
        lambda: accept_demand(demand.pk, by=scene.handler, at=AT),
        lambda: object_to_dispatch(
            demand.pk, reason=ObjectionReason.UNCLEAR, note="?", by=colleague, at=AT
        ),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    steps = set(WorkItem.objects.about(demand).open().values_list("step", flat=True))
    accepted = demand.status == DemandStatus.IN_PROGRESS
    assert steps == ({"answer"} if accepted else {"accept", "decide"})


def test_objecting_while_the_dispatcher_sends_it_elsewhere(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    results = at_once(
        lambda: scene.object(demand),
        lambda: dispatch_demand(demand.pk, unit=scene.other, by=scene.dispatcher, at=AT),
    )

    # Whoever is second is told: the unit no longer has it, or the objection has to be decided first.
    demand.refresh_from_db()
    objected = demand.status == DemandStatus.OBJECTED
    assert refusals(results) == [MoveNotPossible if objected else PermissionDenied]
    assert demand.unit == (scene.unit if objected else scene.other)
    assert demand.bounces == int(objected) == demand.objections.count()
    assert verify_chain().broken is None


def test_two_objections_of_one_unit_at_once_count_once(scene: Scene) -> None:
    demand, colleague = scene.demand_in(DemandStatus.DISPATCHED), make_handler(scene.unit)

    results = at_once(
        lambda: scene.object(demand),
        lambda: scene.object(demand, by=colleague),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    assert (demand.bounces, demand.objections.count()) == (1, 1)


def test_two_answers_at_once_keep_the_first(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    results = at_once(*[
        lambda text=text: answer_demand(demand.pk, answer=text, by=scene.handler, at=AT)
        for text in ("甲", "乙")
    ])  # fmt: skip

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    assert Event.objects.get(verb="demand.answered").detail["answer"] == demand.answer


def test_confirm_dispute_and_silence_at_once_count_one_end(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)
    later = AT.replace(day=5)

    at_once(
        lambda: confirm_demand(
            demand.pk, rating=Rating.SATISFIED, note="", by=scene.member, at=later
        ),
        lambda: dispute_demand(demand.pk, note="未解决", by=scene.member, at=later),
        lambda: close_silent_demands(after_days=0, at=later),
    )

    demand.refresh_from_db()
    ends = Event.objects.filter(
        verb__in=["demand.confirmed", "demand.disputed", "demand.closed_silent"]
    )
    assert ends.count() == 1
    closed = sum(row.closed for row in DemandTally.objects.all())
    assert closed == int(demand.status == DemandStatus.CLOSED)
    assert verify_chain().broken is None


def test_two_open_a_class_of_the_same_demand_at_once_and_one_has_it(scene: Scene) -> None:
    demand, colleague = scene.file(), make_dispatcher()

    def opening(by: User) -> CaseClass:
        return open_class(
            title="停电", note="换线路", unit=scene.unit, fix_on=AT.date() + dt.timedelta(days=9),
            demand_ids=[demand.pk], by=by, at=AT,
        )  # fmt: skip

    results = at_once(lambda: opening(scene.dispatcher), lambda: opening(colleague))

    assert refusals(results) == [NothingToLink]
    assert CaseLink.objects.get().demand == demand
    assert CaseClass.objects.count() == 1
