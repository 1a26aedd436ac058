"""Requests, invitations and the roles they give."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.register.actions import (
    accept_invitation,
    confirm_membership,
    end_membership,
    invite_member,
    merge_enterprises,
    refuse_membership,
    request_membership,
)
from lianqi.register.errors import (
    AlreadyMember,
    InvitationNotValid,
    MembershipDecided,
    NotARoleOfEnterprises,
    NotInRegister,
)
from lianqi.register.models import Membership
from lianqi.register.queries import people_of
from tests.register.scene import NOON, Scene, code, person


def roles(user: User) -> list[tuple[str, int | None]]:
    held = RoleAssignment.objects.filter(user=user, scope=Scope.ENTERPRISE).order_by("pk")
    return list(held.values_list("role", "scope_id"))


def test_the_first_confirmed_person_administers_and_the_next_is_staff(scene: Scene) -> None:
    enterprise = scene.enterprise()
    first, second = person("林晓"), person("陈海")

    asked = request_membership(code=code(1).lower(), by=first, at=NOON)
    waiting = (asked.state, roles(first))
    confirm_membership(asked.pk, by=scene.keeper, at=NOON)
    later = request_membership(code=code(1), by=second, at=NOON)
    confirm_membership(later.pk, by=scene.keeper, at=NOON)

    assert waiting == ("waiting", [])
    assert roles(first) == [("enterprise_admin", enterprise.pk)]
    assert roles(second) == [("enterprise_staff", enterprise.pk)]
    assert people_of(enterprise) == [first, second]


def test_a_refused_request_gives_nothing_and_is_decided_once(scene: Scene) -> None:
    scene.enterprise()
    user = person("林晓")
    asked = request_membership(code=code(1), by=user, at=NOON)

    refuse_membership(asked.pk, by=scene.keeper, at=NOON)

    assert roles(user) == []
    with pytest.raises(MembershipDecided):
        confirm_membership(asked.pk, by=scene.keeper, at=NOON)


def test_a_request_needs_a_known_code_and_is_made_once(scene: Scene) -> None:
    scene.enterprise()
    user = person("林晓")
    request_membership(code=code(1), by=user, at=NOON)

    with pytest.raises(AlreadyMember):
        request_membership(code=code(1), by=user, at=NOON)
    with pytest.raises(NotInRegister):
        request_membership(code=code(2), by=user, at=NOON)


def test_the_code_of_a_merged_entry_leads_to_the_survivor(scene: Scene) -> None:
    survivor, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    member = person("陈海")
    confirm_membership(
        request_membership(code=code(2), by=member, at=NOON).pk, by=scene.keeper, at=NOON
    )
    merge_enterprises(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)

    asked = request_membership(code=code(2), by=person("林晓"), at=NOON)

    assert asked.enterprise == survivor
    assert roles(member) == [
        ("enterprise_admin", duplicate.pk),
        ("enterprise_admin", survivor.pk),
    ]


def test_an_invitation_works_once_and_only_its_hash_is_kept(scene: Scene) -> None:
    enterprise = scene.enterprise()
    administrator = person("管理", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)
    guest = person("林晓")
    token = invite_member(
        enterprise.pk,
        email="lin@example.com",
        role=Role.ENTERPRISE_STAFF,
        by=administrator,
        at=NOON,
    )
    stored = Membership.objects.get().token

    accept_invitation(token, by=guest, at=NOON)

    assert (len(stored), token in stored) == (64, False)
    assert roles(guest) == [("enterprise_staff", enterprise.pk)]
    with pytest.raises(InvitationNotValid):
        accept_invitation(token, by=person("陈海"), at=NOON)


@pytest.mark.parametrize(("days", "works"), [(13, True), (14, False)])
def test_an_invitation_is_valid_for_fourteen_days(scene: Scene, days: int, works: bool) -> None:
    enterprise = scene.enterprise()
    administrator = person("管理", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)
    token = invite_member(
        enterprise.pk, email="", role=Role.ENTERPRISE_STAFF, by=administrator, at=NOON
    )
    guest, at = person("林晓"), NOON + dt.timedelta(days=days)

    if works:
        accept_invitation(token, by=guest, at=at)
    else:
        with pytest.raises(InvitationNotValid):
            accept_invitation(token, by=guest, at=at)

    assert bool(roles(guest)) is works


def test_only_the_administrator_invites_and_only_into_roles_of_enterprises(scene: Scene) -> None:
    enterprise = scene.enterprise()
    administrator = person("管理", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)

    with pytest.raises(PermissionDenied):
        invite_member(enterprise.pk, email="", role=Role.ENTERPRISE_STAFF, by=scene.leader, at=NOON)
    with pytest.raises(NotARoleOfEnterprises):
        invite_member(enterprise.pk, email="", role=Role.LEADER, by=administrator, at=NOON)


def test_an_ended_membership_takes_the_role_with_it(scene: Scene) -> None:
    enterprise = scene.enterprise()
    user = person("林晓")
    asked = request_membership(code=code(1), by=user, at=NOON)
    confirm_membership(asked.pk, by=scene.keeper, at=NOON)

    with pytest.raises(PermissionDenied):
        end_membership(asked.pk, by=scene.stranger, at=NOON)
    end_membership(asked.pk, by=scene.keeper, at=NOON)

    assert (roles(user), people_of(enterprise)) == ([], [])
