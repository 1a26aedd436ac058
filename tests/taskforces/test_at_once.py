"""Two people, one task force, the same moment: on a real PostgreSQL, with threads that commit."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import RoleAssignment, User
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import (
    accept_demand,
    consent_to_routing,
    dispatch_demand,
    recall_demand,
)
from lianqi.demands.errors import UnitNotInUse
from lianqi.demands.models import Demand, DutyRule
from lianqi.taskforces.actions import change_lead, change_types, close_force, join_force
from lianqi.taskforces.enums import UnitPart
from lianqi.taskforces.errors import CategoryTaken, ForceMoveNotPossible, IsMemberAlready
from lianqi.taskforces.models import ForceMember, ForceUnit, TaskForce
from lianqi.work.models import WorkItem
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_category, make_unit, make_user
from tests.taskforces.scene import form
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def close(zone: Zone, force: TaskForce, by: User | None = None) -> Any:
    return close_force(force.pk, reason="问题已解除。", by=by or zone.leader, at=AT)


def roles(force: TaskForce) -> int:
    return RoleAssignment.objects.filter(scope="unit", scope_id=force.unit_id).count()


def test_closed_twice_at_once_it_is_closed_once(zone: Zone) -> None:
    force = form(zone)

    results = at_once(lambda: close(zone, force), lambda: close(zone, force, zone.dispatcher))

    assert refusals(results) == [ForceMoveNotPossible]
    assert verify_chain().broken is None


def test_who_joins_while_it_is_closed_keeps_no_role(zone: Zone) -> None:
    force = form(zone)

    results = at_once(
        lambda: close(zone, force),
        lambda: join_force(force.pk, person=zone.handler, by=zone.head, at=AT),
    )

    assert refusals(results) in ([], [ForceMoveNotPossible])
    assert roles(force) == 0
    assert not ForceMember.objects.present().exists()


def test_one_person_named_twice_at_once_is_a_member_once(zone: Zone) -> None:
    force = form(zone, people=[])

    results = at_once(
        *[
            lambda by=by: join_force(force.pk, person=zone.handler, by=by, at=AT)
            for by in (zone.head, zone.leader)
        ]
    )

    assert refusals(results) == [IsMemberAlready]
    assert roles(force) == 1


def test_two_forces_for_one_category_at_once_leave_one(zone: Zone) -> None:
    results = at_once(
        lambda: form(zone), lambda: form(zone, name="用工保障小组", by=zone.dispatcher)
    )

    assert refusals(results) == [CategoryTaken]
    assert (TaskForce.objects.count(), DutyRule.objects.count()) == (1, 1)


def test_nothing_is_left_with_a_force_that_is_closed_meanwhile(zone: Zone) -> None:
    force = form(zone)
    taken, new = zone.demand(at=AT), zone.demand(at=AT)
    dispatch_demand(taken.pk, unit=force.unit, by=zone.dispatcher, at=AT)
    member = User.objects.get(pk=zone.other_handler.pk)

    results = at_once(
        lambda: close(zone, force),
        lambda: dispatch_demand(new.pk, unit=force.unit, by=zone.dispatcher, at=AT),
        lambda: accept_demand(taken.pk, by=member, at=AT),
    )

    # The one who accepts after the closing is no member any more.
    assert set(refusals(results)) <= {UnitNotInUse, PermissionDenied}
    assert not Demand.objects.open().filter(unit=force.unit).exists()
    assert not WorkItem.objects.open().filter(unit=force.unit).exists()
    assert verify_chain().broken is None


def test_two_changes_of_the_lead_at_once_leave_one_lead(zone: Zone) -> None:
    force, tax = form(zone), make_unit("税务局")

    results = at_once(
        *[
            lambda unit=unit, by=by: change_lead(
                force.pk, lead_unit=unit, order="9号", by=by, at=AT
            )
            for unit, by in ((zone.housing, zone.leader), (tax, zone.dispatcher))
        ]
    )

    force.refresh_from_db()
    assert refusals(results) == []
    (lead,) = ForceUnit.objects.filter(force=force, part=UnitPart.LEAD, until__isnull=True)
    assert lead.unit == force.lead_unit == force.unit.parent
    assert verify_chain().broken is None


def test_a_type_two_forces_want_at_once_goes_to_one(zone: Zone) -> None:
    labour, housing = make_category("labour"), make_category("housing")
    forces = [
        form(zone),
        form(zone, name="用工保障小组", categories=[housing], lead_unit=zone.housing, people=[]),
    ]

    results = at_once(
        *[
            lambda force=force, by=by: change_types(
                force.pk, added=[labour], removed=[], order="9号", by=by, at=AT
            )
            for force, by in zip(forces, (zone.leader, zone.dispatcher), strict=True)
        ]
    )

    assert refusals(results) == [CategoryTaken]
    assert DutyRule.objects.filter(category=labour).count() == 1


def test_a_demand_taken_back_while_it_is_accepted_is_one_or_the_other(zone: Zone) -> None:
    force, admin = form(zone), grant(make_user(), Role.PLATFORM_ADMIN)
    consent_to_routing(DutyRule.objects.get().pk, by=admin, at=AT)
    demand, member = zone.demand(at=AT), User.objects.get(pk=zone.other_handler.pk)

    results = at_once(
        lambda: recall_demand(demand.pk, reason="收回", by=zone.dispatcher, at=AT),
        lambda: accept_demand(demand.pk, by=member, at=AT),
    )

    demand.refresh_from_db()
    assert len(refusals(results)) == 1
    assert (demand.status, demand.unit) in [("submitted", None), ("in_progress", force.unit)]
    assert WorkItem.objects.open().count() == 1
    assert verify_chain().broken is None


def test_what_is_filed_while_the_force_is_closed_goes_to_somebody(zone: Zone) -> None:
    force, admin = form(zone), grant(make_user(), Role.PLATFORM_ADMIN)
    consent_to_routing(DutyRule.objects.get().pk, by=admin, at=AT)

    results = at_once(lambda: close(zone, force), lambda: zone.demand(at=AT))

    assert refusals(results) == []
    demand = Demand.objects.get()
    # It waits for dispatch, or went to the force first and then to the lead unit with the others.
    assert (demand.status, demand.unit) in [("submitted", None), ("dispatched", zone.economy)]
    assert WorkItem.objects.open().count() == 1
