"""Two people, one task force, the same moment: on a real PostgreSQL, with threads that commit."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import RoleAssignment, User
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import accept_demand, dispatch_demand
from lianqi.demands.errors import UnitNotInUse
from lianqi.demands.models import Demand, DutyRule
from lianqi.taskforces.actions import close_force, join_force
from lianqi.taskforces.errors import CategoryTaken, ForceMoveNotPossible, IsMemberAlready
from lianqi.taskforces.models import ForceMember, TaskForce
from lianqi.work.models import WorkItem
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT
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
