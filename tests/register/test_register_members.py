"""Requests, invitations and the roles they give."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.notices.models import Delivery, Notice
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
    AlreadyInvited,
    AlreadyMember,
    InvitationNotValid,
    MembershipDecided,
    NotARoleOfEnterprises,
    NotInRegister,
    RefusalReasonMissing,
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

    refuse_membership(asked.pk, reason="电话核实无此人", by=scene.keeper, at=NOON)

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


def told(event: str) -> list[tuple[str, str]]:
    """Who got a notice of this event, and what it said."""
    rows = Notice.objects.filter(event=event).order_by("person__username")
    return list(rows.values_list("person__username", "body"))


def test_those_who_confirm_are_told_of_a_request_once(scene: Scene) -> None:
    scene.enterprise()
    admin = person("平台", Role.PLATFORM_ADMIN)
    RoleAssignment.objects.create(user=admin, role=Role.DISPATCHER)  # two roles, one notice
    closed = person("离任", Role.DISPATCHER)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    User.objects.filter(pk=admin.pk).update(email="admin@example.com")

    request_membership(code=code(1), by=person("林晓"), at=NOON)

    assert [name for name, _body in told("membership.requested")] == ["平台", "数据员"]
    assert list(Delivery.objects.values_list("address", flat=True)) == ["admin@example.com"]


def test_the_applicant_is_told_what_was_decided_and_why(scene: Scene) -> None:
    enterprise = scene.enterprise()
    first, second = person("林晓"), person("陈海")
    rows = [request_membership(code=code(1), by=user, at=NOON) for user in (first, second)]

    with pytest.raises(RefusalReasonMissing):
        refuse_membership(rows[1].pk, reason=" 无 ", by=scene.keeper, at=NOON)
    confirm_membership(rows[0].pk, by=scene.keeper, at=NOON)
    refuse_membership(rows[1].pk, reason="电话核实无此人", by=scene.keeper, at=NOON)

    assert [name for name, _body in told("membership.confirmed")] == ["林晓"]
    assert told("membership.refused") == [("陈海", "电话核实无此人")]
    assert Notice.objects.get(event="membership.confirmed").url == f"/register/{enterprise.pk}/"
    assert Membership.objects.get(user=second).reason == "电话核实无此人"


@pytest.mark.parametrize(
    ("email", "site", "letters"),
    [
        ("lin@example.com", "https://qy.example.gov.cn", 1),
        ("", "https://qy.example.gov.cn", 0),
        ("lin@example.com", "", 0),
    ],
)
def test_an_invitation_leaves_by_letter_where_there_is_an_address(
    scene: Scene, email: str, site: str, letters: int
) -> None:
    enterprise = scene.enterprise()
    administrator = person("管理", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)

    secret = invite_member(
        enterprise.pk,
        email=email,
        role=Role.ENTERPRISE_STAFF,
        by=administrator,
        at=NOON,
        site=site,
    )

    bodies = list(Delivery.objects.filter(address="lin@example.com").values_list("body", flat=True))
    assert len(bodies) == letters
    assert all(body.endswith(f"{site}/people/invitations/{secret}/") for body in bodies)


@pytest.mark.parametrize(("days", "works"), [(13, False), (14, True)])
def test_an_address_is_invited_again_only_when_the_first_link_is_dead(
    scene: Scene, days: int, works: bool
) -> None:
    first, second = scene.enterprise(1), scene.enterprise(2, "远山医药有限公司")
    staff = Role.ENTERPRISE_STAFF
    for enterprise in (first, second):
        owner = person(
            f"管理{enterprise.pk}", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk
        )
        invite_member(enterprise.pk, email="lin@example.com", role=staff, by=owner, at=NOON)
    owner = User.objects.get(username=f"管理{first.pk}")
    later = NOON + dt.timedelta(days=days)

    if works:
        invite_member(first.pk, email="LIN@example.com", role=staff, by=owner, at=later)
    else:
        with pytest.raises(AlreadyInvited):
            invite_member(first.pk, email="LIN@example.com", role=staff, by=owner, at=later)
        end_membership(Membership.objects.get(enterprise=first).pk, by=owner, at=later)
        invite_member(first.pk, email="lin@example.com", role=staff, by=owner, at=later)

    assert Membership.objects.filter(enterprise=first, token__gt="").count() == 1 + works
