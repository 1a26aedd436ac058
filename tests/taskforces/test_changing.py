"""Changing a force by order: lead, member units and problem types, each with its history."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.demands.actions import accept_demand, dispatch_demand
from lianqi.demands.models import Demand
from lianqi.demands.queries import suggestions
from lianqi.notices.models import Notice
from lianqi.taskforces.actions import (
    change_lead,
    change_types,
    change_units,
    close_force,
    join_force,
)
from lianqi.taskforces.enums import UnitPart
from lianqi.taskforces.errors import (
    CategoryTaken,
    ForceOrderMissing,
    LeadUnitNotPossible,
    MatterStaysWithNobody,
    MemberUnitHasMatters,
    NothingChanges,
    UnitJoinsNoForce,
)
from lianqi.taskforces.models import ForceUnit, TaskForce
from tests.factories import AT, make_category, make_unit
from tests.taskforces.scene import form
from tests.taskforces.test_forces import again
from tests.web.zone import Zone, make_zone

LATER = AT + dt.timedelta(days=30)
ORDER = "云高管〔2026〕9号"


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def stays(force: TaskForce) -> list[tuple[str, str, bool]]:
    """Unit, part and whether it is over, in the order in which they were written."""
    rows = ForceUnit.objects.filter(force=force).order_by("pk")
    return [(row.unit.name, row.part, row.until is not None) for row in rows]


def test_another_unit_leads_and_the_earlier_one_stays(zone: Zone) -> None:
    force = form(zone)
    demand = zone.demand(at=AT)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)

    changed = change_lead(force.pk, lead_unit=zone.housing, order=ORDER, by=zone.leader, at=LATER)

    assert changed.lead_unit == changed.unit.parent == zone.housing
    assert list(changed.member_units) == [zone.economy]
    assert stays(force) == [
        ("经济发展局", UnitPart.LEAD, True),
        ("住房建设局", UnitPart.MEMBER, True),
        ("住房建设局", UnitPart.LEAD, False),
        ("经济发展局", UnitPart.MEMBER, False),
    ]
    assert not again(zone.head).has_perm("taskforces.view", changed)
    assert again(zone.other_handler).has_perm("taskforces.view", changed)  # nobody was released
    assert demand not in Demand.objects.visible_to(again(zone.head))
    assert told("taskforces.lead_changed") == {"孙丽", "赵磊"}
    event = Event.objects.get(verb="taskforces.lead_changed")
    assert (event.detail["earlier"], event.detail["order"]) == ("经济发展局", ORDER)


def test_the_new_lead_takes_over_in_the_end(zone: Zone) -> None:
    force = form(zone)
    demand = zone.demand(at=AT)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    change_lead(force.pk, lead_unit=zone.housing, order=ORDER, by=zone.leader, at=AT)

    closed = close_force(force.pk, reason="问题已解除。", by=zone.leader, at=LATER)

    demand.refresh_from_db()
    assert demand.unit == zone.housing
    assert not ForceUnit.objects.filter(until__isnull=True).exists()
    assert list(closed.member_units) == [zone.economy]


def test_units_join_and_leave_with_the_people_they_sent(zone: Zone) -> None:
    force, tax = form(zone), make_unit("税务局")

    change_units(
        force.pk, added=[tax, zone.housing], removed=[zone.housing, zone.economy], order=ORDER,
        by=zone.leader, at=LATER,
    )  # fmt: skip

    # The lead unit does not leave, and what is there already does not join once more.
    assert list(force.member_units) == [tax]
    assert not force.members.present().exists()
    assert not again(zone.other_handler).has_perm("taskforces.view", force)
    event = Event.objects.get(verb="taskforces.units_changed")
    assert (event.detail["added"], event.detail["removed"]) == (["税务局"], ["住房建设局"])


def test_a_unit_whose_people_have_open_matters_does_not_leave(zone: Zone) -> None:
    force = form(zone)
    demand = zone.demand(at=AT)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    accept_demand(demand.pk, by=again(zone.other_handler), at=AT)

    with pytest.raises(MemberUnitHasMatters, match="住房建设局"):
        change_units(
            force.pk, added=[], removed=[zone.housing], order=ORDER, by=zone.leader, at=LATER
        )

    assert force.members.present().exists()


def test_types_are_taken_on_and_given_up_from_a_day(zone: Zone) -> None:
    force, labour = form(zone), make_category("labour")
    first, second = zone.demand(at=AT), zone.demand(category=labour, at=AT)
    dispatch_demand(first.pk, unit=force.unit, by=zone.dispatcher, at=AT)

    change_types(
        force.pk, added=[labour], removed=[zone.category], order=ORDER, by=zone.leader, at=LATER
    )

    on = LATER.date()
    assert list(force.categories) == [labour]
    assert suggestions(zone.demand(at=AT), on=on)[0].unit == zone.economy
    assert suggestions(second, on=on)[0].unit == force.unit
    first.refresh_from_db()
    assert first.unit == force.unit  # what it has stays with it
    assert [(rule.category, rule.valid_to) for rule in force.duties] == [
        (zone.category, on - dt.timedelta(days=1)),
        (labour, None),
    ]
    # Another force may take what was given up.
    other = form(zone, name="用工保障小组", lead_unit=zone.housing, people=[], at=LATER)
    assert list(other.categories) == [zone.category]


def test_what_cannot_be_changed_is_refused(zone: Zone) -> None:
    force = form(zone)
    labour = make_category("labour")
    other = form(zone, name="用工保障小组", lead_unit=zone.housing, categories=[labour], people=[])
    shut = make_unit("撤销的局", is_active=False)
    common = {"order": ORDER, "by": zone.leader, "at": LATER}

    with pytest.raises(NothingChanges):
        change_lead(force.pk, lead_unit=zone.economy, **common)
    with pytest.raises(LeadUnitNotPossible):
        change_lead(force.pk, lead_unit=other.unit, **common)
    with pytest.raises(NothingChanges):
        change_units(force.pk, added=[zone.housing], removed=[zone.economy], **common)
    with pytest.raises(UnitJoinsNoForce, match="撤销的局"):
        change_units(force.pk, added=[shut], removed=[], **common)
    with pytest.raises(NothingChanges):
        change_types(force.pk, added=[zone.category], removed=[labour], **common)
    with pytest.raises(CategoryTaken, match="用工保障小组"):
        change_types(force.pk, added=[labour], removed=[], **common)
    with pytest.raises(MatterStaysWithNobody):
        change_types(force.pk, added=[], removed=[zone.category], **common)
    with pytest.raises(ForceOrderMissing):
        change_lead(force.pk, lead_unit=zone.housing, **common | {"order": " "})


@pytest.mark.parametrize("who", ["boss", "handler", "other_handler", "head", "officer", "auditor"])
def test_only_who_forms_a_force_changes_it(zone: Zone, who: str) -> None:
    force = form(zone)
    common = {"order": ORDER, "by": again(getattr(zone, who)), "at": LATER}

    with pytest.raises(PermissionDenied):
        change_lead(force.pk, lead_unit=zone.housing, **common)
    with pytest.raises(PermissionDenied):
        change_units(force.pk, added=[], removed=[zone.housing], **common)
    with pytest.raises(PermissionDenied):
        change_types(force.pk, added=[], removed=[zone.category], **common)


def test_people_of_a_unit_that_joined_may_be_named(zone: Zone) -> None:
    force = form(zone, member_units=[], people=[])
    change_units(force.pk, added=[zone.housing], removed=[], order=ORDER, by=zone.leader, at=AT)

    member = join_force(force.pk, person=zone.other_handler, by=zone.head, at=LATER)

    assert member.unit == zone.housing
