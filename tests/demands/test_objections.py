"""Objections: once, in time, decided by the dispatcher, then by the leader, never a third."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Absence
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    arbitrate_objection,
    dispatch_demand,
    object_to_dispatch,
    overrule_objection,
    uphold_objection,
    withdraw_demand,
)
from lianqi.demands.enums import DemandStatus, Measure, ObjectionReason, Verdict
from lianqi.demands.errors import (
    DecisionMissing,
    MoveNotPossible,
    ObjectedAlready,
    ObjectionNoteMissing,
    ObjectionTooLate,
    UnitIsFinal,
    UpheldForItself,
)
from lianqi.demands.models import BASE, PART, Demand, DutyRule, Objection, cases
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem
from lianqi.work.queries import inbox_counts
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_handler, make_unit, make_user

HOUR = dt.timedelta(hours=1)
# Dispatched on Wednesday at 10:30: one working day later is Thursday, 5 March 2026, 17:30.
UNTIL = dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)


def owed(demand: Demand) -> dict[str, WorkItem]:
    return {item.step: item for item in WorkItem.objects.about(demand).open()}


def test_the_last_moment_is_in_time(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    scene.object(demand, at=UNTIL)

    assert Objection.objects.get().raised_at == UNTIL


def test_a_moment_later_is_refused_with_the_time_it_ended(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    with pytest.raises(ObjectionTooLate) as refused:
        scene.object(demand, at=UNTIL + dt.timedelta(seconds=1))

    assert "2026-03-05 17:30" in str(refused.value)
    assert Demand.objects.get(pk=demand.pk).status == DemandStatus.DISPATCHED


def test_an_objection_lies_before_the_dispatcher_and_the_clock_to_accept_stands(
    scene: Scene,
) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    object_to_dispatch(
        demand.pk, reason=ObjectionReason.OUT_OF_REMIT, note=" 不属职责 ", proposed=scene.other,
        by=scene.handler, at=AT + HOUR,
    )  # fmt: skip

    demand.refresh_from_db()
    objection = demand.objections.get()
    assert (demand.status, demand.unit, demand.bounces) == ("objected", scene.unit, 1)
    assert (objection.round, objection.note, objection.proposed) == (1, "不属职责", scene.other)
    items = owed(demand)
    assert set(items) == {"accept", "decide"}
    assert items["accept"].paused_since == AT + HOUR
    assert items["decide"].desk == Role.DISPATCHER
    assert items["decide"].due_at == UNTIL


def test_upheld_goes_to_another_unit_with_a_clock_of_its_own(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)

    uphold_objection(
        demand.pk, unit=scene.other, decision="属实", by=scene.dispatcher, at=AT + HOUR
    )

    demand.refresh_from_db()
    assert (demand.status, demand.unit, demand.dispatches) == ("dispatched", scene.other, 2)
    accept = owed(demand)["accept"]
    assert (accept.unit, accept.opened_at) == (scene.other, AT + HOUR)
    first = WorkItem.objects.about(demand).get(unit=scene.unit)
    assert (first.outcome, first.was_late) == (Outcome.HANDED_BACK, False)
    assert Objection.objects.get().verdict == Verdict.UPHELD
    assert not Demand.objects.visible_to(scene.handler).exists()


def test_upheld_needs_another_unit_and_grounds(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)

    with pytest.raises(UpheldForItself):
        uphold_objection(demand.pk, unit=scene.unit, decision="?", by=scene.dispatcher, at=AT)
    with pytest.raises(DecisionMissing):
        uphold_objection(demand.pk, unit=scene.other, decision=" ", by=scene.dispatcher, at=AT)
    with pytest.raises(DecisionMissing):
        overrule_objection(demand.pk, decision="", by=scene.dispatcher, at=AT)

    assert Objection.objects.get().decided_at is None


def test_an_objection_needs_an_explanation(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)

    with pytest.raises(ObjectionNoteMissing):
        object_to_dispatch(
            demand.pk, reason=ObjectionReason.UNCLEAR, note=" ", by=scene.handler, at=AT
        )


def test_not_upheld_goes_on_with_the_time_that_was_left(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    scene.object(demand, at=AT + HOUR)

    overrule_objection(demand.pk, decision="属你局", by=scene.dispatcher, at=AT + 2 * HOUR)

    demand.refresh_from_db()
    assert (demand.status, demand.unit, demand.dispatches) == ("dispatched", scene.unit, 1)
    # The clock of working days gives back the days it stood, of which there was none.
    assert owed(demand)["accept"].due_at == UNTIL
    assert set(owed(demand)) == {"accept"}


def test_an_objection_without_grounds_wins_no_time_for_the_answer(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    scene.object(demand, at=AT + HOUR)
    later = AT + dt.timedelta(days=2)
    overrule_objection(demand.pk, decision="属你局", by=scene.dispatcher, at=later)

    scene.accept(demand, at=later)

    answer = owed(demand)["answer"]
    assert answer.opened_at == AT + HOUR
    assert answer.due_at == dt.datetime(2026, 3, 11, 9, 30, tzinfo=dt.UTC)


def test_after_an_upheld_objection_the_answer_counts_from_the_acceptance(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)
    uphold_objection(demand.pk, unit=scene.other, decision="属实", by=scene.dispatcher, at=AT)

    Demand.objects.get(pk=demand.pk)
    scene.accept(demand, at=AT + HOUR, by=scene.other_handler)

    assert owed(demand)["answer"].opened_at == AT + HOUR


def test_a_clock_that_has_run_out_is_not_hidden(scene: Scene) -> None:
    WorkItem.objects.all().delete()
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    WorkItem.objects.about(demand).filter(step="accept").update(due_at=AT + HOUR)

    scene.object(demand, at=AT + 2 * HOUR)

    assert owed(demand)["accept"].paused_since is None


def test_a_unit_objects_once(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)
    overrule_objection(demand.pk, decision="属你局", by=scene.dispatcher, at=AT)

    with pytest.raises(ObjectedAlready):
        scene.object(demand)

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            demand=demand, round=2, unit=scene.unit, reason="unclear", note="?",
            raised_by=scene.handler, raised_at=AT,
        )  # fmt: skip


def test_the_second_objection_is_the_leaders(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)

    demand.refresh_from_db()
    assert (demand.status, demand.bounces) == ("arbitration", 2)
    item = owed(demand)["arbitrate"]
    assert (item.person, item.desk) == (scene.leader, Role.LEADER)
    assert Objection.objects.get(round=2).arbiter == scene.leader
    assert inbox_counts(scene.leader, at=AT).total == 1
    assert Notice.objects.filter(person=scene.leader, event="demand.objected").exists()
    with pytest.raises(MoveNotPossible):
        uphold_objection(demand.pk, unit=scene.other, decision="?", by=scene.dispatcher, at=AT)


def test_arbitration_names_the_unit_for_good(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)
    third = make_unit("城市管理局")
    keeper = make_handler(third)

    arbitrate_objection(demand.pk, unit=third, decision="由城管局办", by=scene.leader, at=AT)

    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("dispatched", third)
    assert set(owed(demand)) == {"accept"}
    with pytest.raises(UnitIsFinal):
        scene.object(demand, by=keeper)
    with pytest.raises(UnitIsFinal):
        dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            demand=demand, round=3, unit=third, reason="unclear", note="?",
            raised_by=keeper, raised_at=AT,
        )  # fmt: skip
    rule = DutyRule.objects.get()
    assert (rule.origin, rule.unit_id, rule.demand) == ("precedent", demand.unit_id, demand)


def test_arbitration_may_leave_it_with_the_unit_that_objected(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)

    arbitrate_objection(demand.pk, unit=scene.unit, decision="由你局办", by=scene.leader, at=AT)

    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("dispatched", scene.unit)
    assert owed(demand)["accept"].paused_since is None
    assert Objection.objects.get(round=2).verdict == Verdict.OVERRULED


def test_another_leader_does_not_arbitrate(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)
    other = grant(make_user(), Role.LEADER)

    with pytest.raises(PermissionDenied):
        arbitrate_objection(demand.pk, unit=scene.unit, decision="?", by=other, at=AT)


def test_the_stand_in_of_an_absent_leader_arbitrates(scene: Scene) -> None:
    deputy = grant(make_user(), Role.LEADER)
    Absence.objects.create(
        user=scene.leader, stand_in=deputy, from_on=AT.date(), until_on=AT.date()
    )
    demand = scene.demand_in(DemandStatus.ARBITRATION)

    arbitrate_objection(demand.pk, unit=scene.unit, decision="由你局办", by=deputy, at=AT)

    assert Objection.objects.get(round=2).decided_by == deputy


def test_without_a_common_leader_every_leader_may(scene: Scene) -> None:
    scene.other.leader = None
    scene.other.save()
    other = grant(make_user(), Role.LEADER)
    demand = scene.demand_in(DemandStatus.ARBITRATION)

    arbitrate_objection(demand.pk, unit=scene.unit, decision="由你局办", by=other, at=AT)

    assert Objection.objects.get(round=2).arbiter is None


def test_withdrawing_ends_the_arbitration(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)

    withdraw_demand(demand.pk, reason="已解决", by=scene.member, at=AT)

    assert owed(demand) == {}


def test_enterprises_do_not_read_what_units_write(scene: Scene) -> None:
    scene.demand_in(DemandStatus.OBJECTED)

    assert Objection.objects.visible_to(scene.handler).count() == 1
    assert not Objection.objects.visible_to(scene.member).exists()
    assert not Objection.objects.visible_to(scene.other_handler).exists()


def test_the_trail_tells_both_sides(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.OBJECTED)
    overrule_objection(demand.pk, decision="属你局", by=scene.dispatcher, at=AT)

    raised = Event.objects.get(verb="demand.objected")
    decided = Event.objects.get(verb="demand.decided")
    assert (raised.detail["round"], raised.detail["note"]) == (1, "属住建局职责")
    assert (decided.detail["verdict"], decided.detail["note"]) == ("overruled", "属你局")


def test_bounced_and_first_time_right_are_counted(scene: Scene) -> None:
    right = scene.demand_in(DemandStatus.IN_PROGRESS)
    wrong = scene.demand_in(DemandStatus.OBJECTED)
    uphold_objection(wrong.pk, unit=scene.other, decision="属实", by=scene.dispatcher, at=AT)
    scene.accept(wrong, by=scene.other_handler)

    first_right, bounced = (cases(AT)[each] for each in (Measure.FIRST_RIGHT, Measure.BOUNCE))
    assert list(Demand.objects.filter(bounced[PART])) == [wrong]
    assert Demand.objects.filter(first_right[BASE]).count() == 2
    assert list(Demand.objects.filter(first_right[PART])) == [right]
