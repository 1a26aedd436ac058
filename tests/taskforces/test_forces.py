"""Task forces: formed by order, preferred by the catalogue, closed with everything handed over."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.audit.models import Event
from lianqi.demands.actions import accept_demand, add_assistance, dispatch_demand
from lianqi.demands.enums import DutyOrigin
from lianqi.demands.errors import UnitNotInUse
from lianqi.demands.models import Demand, DemandTally, DutyRule
from lianqi.demands.queries import suggestions
from lianqi.notices.models import Notice
from lianqi.taskforces.actions import close_force, form_force, join_force, leave_force
from lianqi.taskforces.errors import (
    CategoryTaken,
    CloseReasonMissing,
    ForceMoveNotPossible,
    ForceNameMissing,
    ForceOrderMissing,
    ForceTakesNothing,
    IsMemberAlready,
    IsNoMember,
    LeadUnitNotPossible,
    MemberHasMatters,
    NotOfAMemberUnit,
)
from lianqi.taskforces.models import ForceMember, TaskForce
from lianqi.work.models import WorkItem
from tests.demands.duties import make_duty
from tests.factories import AT, make_category, make_head, make_unit
from tests.taskforces.scene import form
from tests.web.zone import Zone, make_zone

LATER = AT + dt.timedelta(days=30)
TODAY = AT.date()


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def received_by(unit: Unit) -> int:
    return sum(row.received for row in DemandTally.objects.filter(unit=unit))


def again(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def test_a_force_is_a_unit_below_its_lead_unit(zone: Zone) -> None:
    force = form(zone)

    assert (force.unit.kind, force.unit.parent) == (UnitKind.TASK_FORCE, zone.economy)
    assert force.number.startswith("ZB2026")
    assert list(force.member_units) == [zone.housing]
    assert again(zone.other_handler).has_perm("taskforces.view", force)
    assert told("taskforces.formed") == {"孙丽"}
    assert told("taskforces.joined") == {"赵磊"}
    event = Event.objects.get(verb="taskforces.formed")
    assert (event.detail["order"], event.detail["lead"]) == ("云高管〔2026〕3号", "经济发展局")


def test_its_demands_are_suggested_to_it_before_any_narrower_line(zone: Zone) -> None:
    make_duty(zone.category, zone.housing, district="")
    make_duty(zone.category, zone.housing, size_class="small")
    demand = zone.demand(at=AT)
    before = suggestions(demand, on=TODAY)[0]

    force = form(zone)
    while_open = suggestions(demand, on=TODAY)[0]
    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)
    after = suggestions(demand, on=TODAY)[0]

    assert (before.unit, while_open.unit, after.unit) == (zone.housing, force.unit, zone.housing)
    assert while_open.is_likely
    assert "口罩生产专班" in while_open.reason


def test_a_heading_is_taken_with_everything_below(zone: Zone) -> None:
    heading = make_category("production")
    zone.category.parent = heading
    zone.category.save()
    make_duty(zone.category, zone.housing)

    force = form(zone, categories=[heading])

    assert suggestions(zone.demand(at=AT), on=TODAY)[0].unit == force.unit


def test_a_member_handles_what_was_sent_to_the_force(zone: Zone) -> None:
    force = form(zone)
    demand = zone.demand(at=AT)

    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    accept_demand(demand.pk, by=again(zone.other_handler), at=AT)

    demand.refresh_from_db()
    assert (demand.unit, demand.handler) == (force.unit, zone.other_handler)
    assert demand in Demand.objects.visible_to(again(zone.head))  # by way of the lead unit
    assert demand not in Demand.objects.visible_to(again(zone.handler))  # is no member


def test_closing_hands_everything_over_as_it_stands(zone: Zone) -> None:
    force = form(zone)
    filed = [zone.demand(at=AT) for _ in range(3)]
    for demand in filed:
        dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    accept_demand(filed[0].pk, by=again(zone.other_handler), at=AT)
    due = {item.pk: item.due_at for item in WorkItem.objects.open()}

    closed = close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)

    demands = Demand.objects.filter(pk__in=[each.pk for each in filed]).order_by("pk")
    assert [each.status for each in demands] == ["in_progress", "dispatched", "dispatched"]
    assert {each.unit for each in demands} == {zone.economy}
    assert {each.handler for each in demands} == {None}
    assert closed.handed_over == len(filed)
    owed = WorkItem.objects.open()
    assert {item.unit for item in owed} == {zone.economy}
    assert {item.pk: item.due_at for item in owed} == due  # nobody waits longer
    assert received_by(zone.economy) == len(filed)
    assert received_by(force.unit) == 0
    assert zone.handler.has_perm("demands.answer", demands[0])
    assert told("taskforces.closed") == {"赵磊", "王强", "孙丽"}
    assert Event.objects.filter(verb="demand.handed_over").count() == len(filed)


def test_closing_settles_who_assists(zone: Zone) -> None:
    force = form(zone)
    led, other = zone.demand(at=AT), zone.demand(at=AT)
    dispatch_demand(led.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    dispatch_demand(other.pk, unit=zone.housing, by=zone.dispatcher, at=AT)
    for demand, unit in ((led, zone.economy), (other, force.unit)):
        add_assistance(demand.pk, unit=unit, request="请提供意见", by=zone.dispatcher, at=AT)

    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)

    led.refresh_from_db()
    other.refresh_from_db()
    assert (led.unit, led.assisting) == (zone.economy, [])  # whoever leads does not assist itself
    assert (other.unit, other.assisting) == (zone.housing, [])
    assert not WorkItem.objects.open().filter(step="assist").exists()


def test_a_closed_force_takes_no_work_and_releases_its_people(zone: Zone) -> None:
    force = form(zone)
    closed = close_force(force.pk, reason="问题已解除。", by=zone.leader, at=LATER)

    unit = force.unit
    assert unit.is_active  # as somebody read it before
    with pytest.raises(UnitNotInUse):
        dispatch_demand(zone.demand(at=AT).pk, unit=unit, by=zone.dispatcher, at=LATER)
    assert not again(zone.other_handler).has_perm("taskforces.view", closed)
    member = ForceMember.objects.get()
    assert (member.left_at, member.left_by) == (LATER, zone.leader)
    rule = DutyRule.objects.get(origin=DutyOrigin.TASK_FORCE)
    assert rule.valid_to == LATER.date() - dt.timedelta(days=1)
    with pytest.raises(ForceMoveNotPossible, match=force.number):
        close_force(force.pk, reason="再次。", by=zone.leader, at=LATER)
    with pytest.raises(ForceMoveNotPossible):
        join_force(force.pk, person=zone.handler, by=zone.leader, at=LATER)


def test_joining_and_leaving(zone: Zone) -> None:
    force = form(zone, people=[])

    join_force(force.pk, person=zone.handler, by=zone.head, at=AT)
    with pytest.raises(IsMemberAlready):
        join_force(force.pk, person=zone.handler, by=zone.head, at=AT)
    with pytest.raises(NotOfAMemberUnit, match="经济发展局、住房建设局"):
        join_force(force.pk, person=zone.dispatcher, by=zone.leader, at=AT)
    demand = zone.demand(at=AT)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    accept_demand(demand.pk, by=again(zone.handler), at=AT)
    with pytest.raises(MemberHasMatters):
        leave_force(force.pk, person=zone.handler, by=zone.head, at=AT)
    join_force(force.pk, person=zone.other_handler, by=zone.head, at=AT)
    leave_force(force.pk, person=zone.other_handler, by=zone.head, at=LATER)
    with pytest.raises(IsNoMember):
        leave_force(force.pk, person=zone.other_handler, by=zone.head, at=LATER)

    assert not again(zone.other_handler).has_perm("taskforces.view", force)
    join_force(force.pk, person=zone.other_handler, by=zone.head, at=LATER)
    assert ForceMember.objects.filter(person=zone.other_handler).count() == 2


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": " "}, ForceNameMissing),
        ({"order": ""}, ForceOrderMissing),
        ({"categories": []}, ForceTakesNothing),
    ],
)
def test_what_makes_no_force_is_refused(
    zone: Zone, given: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        form(zone, **given)


def test_a_force_leads_no_force_and_takes_no_category_of_another(zone: Zone) -> None:
    force = form(zone)
    before = User.objects.count(), TaskForce.objects.count()

    with pytest.raises(LeadUnitNotPossible):
        form(zone, lead_unit=force.unit)
    with pytest.raises(CategoryTaken, match="口罩生产专班"):
        form(zone, name="用工保障小组", lead_unit=zone.housing)

    assert (User.objects.count(), TaskForce.objects.count()) == before


def test_closing_needs_a_reason(zone: Zone) -> None:
    force = form(zone)

    with pytest.raises(CloseReasonMissing):
        close_force(force.pk, reason="  ", by=zone.leader, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskForce.objects.filter(pk=force.pk).update(status="closed")


@pytest.mark.parametrize(
    "who", ["boss", "handler", "other_handler", "head", "officer", "auditor", "newcomer"]
)
def test_only_leaders_and_the_service_centre_form_and_close(zone: Zone, who: str) -> None:
    force = form(zone)
    person = again(getattr(zone, who))

    with pytest.raises(PermissionDenied):
        form(zone, categories=[make_category("other")], by=person)
    with pytest.raises(PermissionDenied):
        close_force(force.pk, reason="撤销。", by=person, at=AT)


@pytest.mark.parametrize("who", ["boss", "handler", "other_handler", "officer", "auditor"])
def test_members_are_named_by_the_lead_or_whoever_forms(zone: Zone, who: str) -> None:
    force = form(zone)

    with pytest.raises(PermissionDenied):
        join_force(force.pk, person=zone.handler, by=again(getattr(zone, who)), at=AT)


def test_the_list_holds_what_may_be_opened(zone: Zone) -> None:
    other_head = make_head(make_unit("税务局"))
    forces = [
        form(zone),
        form(zone, lead_unit=zone.housing, categories=[make_category("labour")], people=[]),
    ]

    for person in (
        zone.leader, zone.dispatcher, zone.auditor, zone.handler, zone.other_handler, zone.head,
        other_head, zone.boss, zone.officer, zone.newcomer,
    ):  # fmt: skip
        reader = again(person)
        assert set(TaskForce.objects.visible_to(reader)) == {
            force for force in forces if reader.has_perm("taskforces.view", force)
        }
    assert list(TaskForce.objects.visible_to(again(zone.head))) == [forces[0]]
    assert list(TaskForce.objects.visible_to(again(zone.other_handler))) == [forces[0]]


def test_forming_is_one_transaction(zone: Zone) -> None:
    with pytest.raises(NotOfAMemberUnit):
        form_force(
            name="专班", purpose="", order="3号", lead_unit=zone.economy, member_units=[],
            categories=[zone.category], people=[zone.other_handler], by=zone.leader, at=AT,
        )  # fmt: skip

    assert not TaskForce.objects.exists()
    assert not DutyRule.objects.exists()
