"""Demands that go to a task force by themselves: only where agreed, always seen, taken back."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    accept_demand,
    add_assistance,
    consent_to_routing,
    dispatch_demand,
    end_duty,
    end_routing,
    recall_demand,
)
from lianqi.demands.enums import Measure
from lianqi.demands.errors import (
    DutyOfATaskForce,
    MoveNotPossible,
    NotATaskForceLine,
    RecallReasonMissing,
    RoutingAsItIs,
)
from lianqi.demands.models import PART, Demand, DemandTally, DutyRule, cases
from lianqi.notices.models import Notice
from lianqi.taskforces.actions import change_types, close_force
from lianqi.taskforces.models import TaskForce
from lianqi.work.models import WorkItem
from tests.demands.duties import make_duty
from tests.factories import AT, grant, make_category, make_user
from tests.taskforces.scene import form
from tests.taskforces.test_forces import again
from tests.web.zone import Zone, make_zone

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


@pytest.fixture
def admin(zone: Zone) -> User:
    return grant(make_user(name="平台管理员"), Role.PLATFORM_ADMIN)


def line(force: TaskForce) -> DutyRule:
    return DutyRule.objects.of_task_force(force.unit).get()


def agreed(zone: Zone, admin: User, **given: Any) -> TaskForce:
    force = form(zone, **given)
    consent_to_routing(line(force).pk, by=admin, at=AT)
    return force


def test_without_consent_the_service_centre_sends(zone: Zone) -> None:
    form(zone)

    demand = zone.demand(at=AT)

    assert (demand.status, demand.unit, demand.is_routed) == ("submitted", None, False)
    assert WorkItem.objects.get().step == "dispatch"


def test_with_consent_a_demand_goes_by_itself(zone: Zone, admin: User) -> None:
    force = agreed(zone, admin)

    demand = zone.demand(at=AT)

    assert (demand.status, demand.unit, demand.is_routed) == ("dispatched", force.unit, True)
    item = WorkItem.objects.get()
    assert (item.step, item.unit) == ("accept", force.unit)
    assert list(Event.objects.about("demands.demand", demand.pk).order_by("pk").values_list("verb", flat=True)) == [
        "demand.filed", "demand.routed",
    ]  # fmt: skip
    assert Event.objects.get(verb="demand.routed").by_id is None
    assert sum(row.received for row in DemandTally.objects.filter(unit=force.unit)) == 1
    assert Notice.objects.filter(event="demand.dispatched").get().person == zone.other_handler
    accepted = accept_demand(demand.pk, by=again(zone.other_handler), at=AT)
    first_right = cases(AT)[Measure.FIRST_RIGHT]
    assert Demand.objects.filter(first_right[PART]).get() == accepted


def test_other_categories_and_narrower_ones_of_another_force_are_left_alone(
    zone: Zone, admin: User
) -> None:
    heading = make_category("production")
    zone.category.parent = heading
    zone.category.save()
    agreed(zone, admin, categories=[heading])
    other = form(zone, name="用工保障小组", lead_unit=zone.housing, people=[])

    demand = zone.demand(at=AT)
    elsewhere = zone.demand(at=AT, category=make_category("labour"))

    # The force of the category itself leads it, and nobody agreed to that one.
    assert (demand.status, elsewhere.status) == ("submitted", "submitted")
    assert other.unit != demand.unit


def test_a_heading_routes_what_lies_below(zone: Zone, admin: User) -> None:
    heading = make_category("production")
    zone.category.parent = heading
    zone.category.save()

    force = agreed(zone, admin, categories=[heading])

    assert zone.demand(at=AT).unit == force.unit


def test_ended_consent_given_up_types_and_closed_forces_route_nothing(
    zone: Zone, admin: User
) -> None:
    force = agreed(zone, admin)
    end_routing(line(force).pk, by=admin, at=AT)
    after_end = zone.demand(at=AT)
    consent_to_routing(line(force).pk, by=admin, at=AT)
    again_on = zone.demand(at=AT)
    change_types(
        force.pk, added=[make_category("labour")], removed=[zone.category], order="9号",
        by=zone.leader, at=AT,
    )  # fmt: skip
    after_change = zone.demand(at=AT)
    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)
    after_close = zone.demand(at=AT)

    assert [each.status for each in (after_end, again_on, after_change, after_close)] == [
        "submitted", "dispatched", "submitted", "submitted",
    ]  # fmt: skip


def test_the_service_centre_takes_one_back(zone: Zone, admin: User) -> None:
    force = agreed(zone, admin)
    demand = zone.demand(at=AT)

    recall_demand(demand.pk, reason="属于规划问题", by=zone.dispatcher, at=AT + HOUR)

    demand.refresh_from_db()
    assert (demand.status, demand.unit, demand.is_routed) == ("submitted", None, False)
    (owed,) = WorkItem.objects.open()
    assert (owed.step, owed.desk, owed.opened_at) == ("dispatch", "dispatcher", AT + HOUR)
    assert WorkItem.objects.get(step="accept").outcome == "cancelled"
    assert sum(row.received for row in DemandTally.objects.filter(unit=force.unit)) == 0
    notice = Notice.objects.get(event="demand.recalled")
    assert notice.person == zone.other_handler
    dispatch_demand(demand.pk, unit=zone.housing, by=zone.dispatcher, at=AT + HOUR)
    demand.refresh_from_db()
    assert (demand.unit, demand.dispatches) == (zone.housing, 2)  # it was not sent right first


def test_who_was_asked_to_assist_the_task_force_owes_nothing_more(zone: Zone, admin: User) -> None:
    agreed(zone, admin)
    demand = zone.demand(at=AT)
    add_assistance(
        demand.pk, unit=zone.housing, request="请核实用电容量。", by=zone.dispatcher, at=AT
    )

    recall_demand(demand.pk, reason="属于规划问题", by=zone.dispatcher, at=AT + HOUR)

    demand.refresh_from_db()
    assert demand.assisting == []
    assert WorkItem.objects.get(step="assist").outcome == "cancelled"
    assert WorkItem.objects.open().get().step == "dispatch"
    taken_back = Event.objects.get(verb="demand.assistance_removed")
    assert taken_back.by_id == zone.dispatcher.pk
    send = dispatch_demand(demand.pk, unit=zone.housing, by=zone.dispatcher, at=AT + HOUR)
    assert send.unit == zone.housing


def test_only_what_went_by_itself_and_is_not_accepted_is_taken_back(
    zone: Zone, admin: User
) -> None:
    by_hand = zone.demand("dispatched", at=AT)
    agreed(zone, admin)
    accepted, open_one = zone.demand(at=AT), zone.demand(at=AT)
    accept_demand(accepted.pk, by=again(zone.other_handler), at=AT)

    with pytest.raises(PermissionDenied):
        recall_demand(by_hand.pk, reason="收回", by=zone.dispatcher, at=AT)
    with pytest.raises(MoveNotPossible):
        recall_demand(accepted.pk, reason="收回", by=zone.dispatcher, at=AT)
    with pytest.raises(RecallReasonMissing):
        recall_demand(open_one.pk, reason=" ", by=zone.dispatcher, at=AT)


@pytest.mark.parametrize(
    "who", ["boss", "handler", "other_handler", "head", "officer", "leader", "auditor"]
)
def test_others_neither_agree_nor_take_back(zone: Zone, admin: User, who: str) -> None:
    force = agreed(zone, admin)
    demand, person = zone.demand(at=AT), again(getattr(zone, who))

    with pytest.raises(PermissionDenied):
        recall_demand(demand.pk, reason="收回", by=person, at=AT)
    with pytest.raises(PermissionDenied):
        end_routing(line(force).pk, by=person, at=AT)
    with pytest.raises(PermissionDenied):
        consent_to_routing(line(force).pk, by=person, at=AT)


def test_only_the_line_of_a_force_routes_and_it_ends_with_the_order(
    zone: Zone, admin: User
) -> None:
    plain = make_duty(zone.category, zone.housing)
    force = agreed(zone, admin)

    with pytest.raises(NotATaskForceLine):
        consent_to_routing(plain.pk, by=admin, at=AT)
    with pytest.raises(RoutingAsItIs):
        consent_to_routing(line(force).pk, by=admin, at=AT)
    with pytest.raises(DutyOfATaskForce, match="口罩生产专班"):
        end_duty(line(force).pk, last_day=AT.date(), by=admin, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyRule.objects.filter(pk=plain.pk).update(consented_at=AT, consented_by=admin)


def test_the_same_key_goes_once(zone: Zone, admin: User) -> None:
    agreed(zone, admin)

    first, second = (zone.demand(at=AT, idempotency_key="once") for _ in range(2))

    assert first == second
    assert Event.objects.filter(verb="demand.routed").count() == 1
