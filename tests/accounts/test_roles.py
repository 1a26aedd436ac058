"""Roles with periods and scopes, absences with stand-ins, and who may enter them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from lianqi.accounts.actions import (
    cancel_absence,
    change_person,
    create_unit,
    grant_role,
    move_unit,
    revoke_role,
    set_absence,
)
from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.errors import AbsenceOverlaps, LastAdministrator, StandInLoop, UnitLoop
from lianqi.accounts.models import Absence, RoleAssignment, Unit, User
from lianqi.accounts.queries import acting_for, heads_of
from lianqi.audit.models import Event

NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
pytestmark = pytest.mark.django_db


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def person(name: str, *roles: Role, unit: Unit | None = None) -> User:
    made = User.objects.create(username=name, name=name, unit=unit)
    for role in roles:
        RoleAssignment.objects.create(user=made, role=role, scope=Scope.ZONE)
    return made


@pytest.fixture
def admin() -> User:
    return person("admin", Role.PLATFORM_ADMIN)


@pytest.fixture
def zone(admin: User) -> Unit:
    return create_unit(name="管委会", kind=UnitKind.ZONE, parent=None, by=admin, at=NOW)


# --- Roles -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked_on", "holds"), [(day(-1), False), (day(0), True), (day(3), True), (day(4), False)]
)
def test_a_role_holds_from_its_first_to_its_last_day(
    admin: User, asked_on: dt.date, *, holds: bool
) -> None:
    clerk = person("clerk")
    grant_role(clerk, Role.HANDLER, by=admin, at=NOW, from_on=day(0), until_on=day(3))

    held = User.people.holding(Role.HANDLER, on=asked_on)

    assert held.exists() is holds


def test_granting_a_role_again_changes_its_period(admin: User) -> None:
    clerk = person("clerk")
    grant_role(clerk, Role.LEADER, by=admin, at=NOW)

    grant_role(clerk, Role.LEADER, by=admin, at=NOW, until_on=day(1))

    assert [each.until_on for each in clerk.role_assignments.all()] == [day(1)]


def test_scopes_are_kept_apart_by_kind_and_role(admin: User) -> None:
    clerk = person("clerk")
    for role, scope, scope_id in (
        (Role.HANDLER, Scope.UNIT, 7),
        (Role.DEPARTMENT_HEAD, Scope.UNIT, 8),
        (Role.LIAISON_OFFICER, Scope.GRID, 7),
    ):
        grant_role(clerk, role, by=admin, at=NOW, scope=scope, scope_id=scope_id)

    reach = User.objects.get(pk=clerk.pk)

    assert reach.scope_ids(Scope.UNIT, Role.HANDLER) == [7]
    assert sorted(reach.scope_ids(Scope.UNIT, Role.HANDLER, Role.DEPARTMENT_HEAD)) == [7, 8]
    assert reach.scope_ids(Scope.CHAIN, Role.LIAISON_OFFICER) == []


@pytest.mark.parametrize(("scope", "scope_id"), [(Scope.ZONE, 1), (Scope.UNIT, None)])
def test_the_database_refuses_a_scope_that_names_nothing(
    scope: Scope, scope_id: int | None
) -> None:
    with pytest.raises(IntegrityError):
        RoleAssignment.objects.create(
            user=person("clerk"), role=Role.HANDLER, scope=scope, scope_id=scope_id
        )


def test_only_an_administrator_gives_roles() -> None:
    head = person("head", Role.DEPARTMENT_HEAD)

    with pytest.raises(PermissionDenied):
        grant_role(head, Role.PLATFORM_ADMIN, by=head, at=NOW)


def test_giving_and_taking_leave_a_line_in_the_audit_trail(admin: User) -> None:
    clerk = person("clerk")
    grant_role(clerk, Role.LEADER, by=admin, at=NOW)

    revoke_role(clerk, Role.LEADER, by=admin, at=NOW, scope=Scope.ZONE, scope_id=None)

    verbs = Event.objects.about("accounts.user", clerk.pk).values_list("verb", "by_id")
    assert list(verbs) == [
        ("accounts.role_granted", admin.pk),
        ("accounts.role_revoked", admin.pk),
    ]


def test_the_last_administrator_stays(admin: User) -> None:
    with pytest.raises(LastAdministrator):
        revoke_role(admin, Role.PLATFORM_ADMIN, by=admin, at=NOW, scope=Scope.ZONE, scope_id=None)


def test_of_two_administrators_one_may_go(admin: User) -> None:
    second = person("second", Role.PLATFORM_ADMIN)

    change_person(
        second.pk,
        name="second",
        email="",
        mobile="",
        wecom_id="",
        unit=None,
        is_active=False,
        by=admin,
        at=NOW,
    )
    with pytest.raises(LastAdministrator):
        revoke_role(admin, Role.PLATFORM_ADMIN, by=admin, at=NOW, scope=Scope.ZONE, scope_id=None)

    assert not User.objects.get(pk=second.pk).is_active


# --- Units -----------------------------------------------------------------------------------
def test_the_head_of_a_unit_is_found_upwards(admin: User, zone: Unit) -> None:
    bureau = create_unit(name="局", kind=UnitKind.DEPARTMENT, parent=zone, by=admin, at=NOW)
    section = create_unit(name="科", kind=UnitKind.DEPARTMENT, parent=bureau, by=admin, at=NOW)
    head = person("head")
    grant_role(
        head,
        Role.DEPARTMENT_HEAD,
        by=admin,
        at=NOW,
        scope=Scope.UNIT,
        scope_id=bureau.pk,
        until_on=day(0),
    )

    assert heads_of(section, on=day(0)) == [head]
    assert heads_of(section, on=day(1)) == []
    assert heads_of(zone, on=day(0)) == []


def test_a_unit_is_not_placed_below_itself(admin: User, zone: Unit) -> None:
    bureau = create_unit(name="局", kind=UnitKind.DEPARTMENT, parent=zone, by=admin, at=NOW)

    with pytest.raises(UnitLoop):
        move_unit(zone.pk, parent=bureau, by=admin, at=NOW)


# --- Absences --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked_on", "stands_in"), [(day(-1), False), (day(0), True), (day(2), True), (day(3), False)]
)
def test_new_work_goes_to_the_stand_in_from_the_first_to_the_last_day(
    asked_on: dt.date, *, stands_in: bool
) -> None:
    away, other = person("away", Role.LEADER), person("other", Role.LEADER)
    set_absence(away, stand_in=other, from_on=day(0), until_on=day(2), by=away, at=NOW)

    assert (acting_for(away, on=asked_on) == other) is stands_in


def test_the_stand_in_of_a_stand_in_receives_the_work() -> None:
    first, second, third = (person(name, Role.LEADER) for name in "abc")
    set_absence(first, stand_in=second, from_on=day(0), until_on=day(2), by=first, at=NOW)

    set_absence(second, stand_in=third, from_on=day(1), until_on=day(1), by=second, at=NOW)

    assert [acting_for(first, on=day(n)) for n in range(4)] == [second, third, second, first]


def test_people_do_not_stand_in_for_one_another_in_a_circle() -> None:
    first, second = person("a", Role.LEADER), person("b", Role.LEADER)
    set_absence(first, stand_in=second, from_on=day(0), until_on=day(2), by=first, at=NOW)

    with pytest.raises(StandInLoop):
        set_absence(second, stand_in=first, from_on=day(2), until_on=day(4), by=second, at=NOW)

    assert Absence.objects.count() == 1


def test_they_may_when_the_days_only_touch() -> None:
    first, second = person("a", Role.LEADER), person("b", Role.LEADER)
    set_absence(first, stand_in=second, from_on=day(0), until_on=day(2), by=first, at=NOW)

    set_absence(second, stand_in=first, from_on=day(3), until_on=day(4), by=second, at=NOW)

    assert acting_for(second, on=day(3)) == first


def test_a_second_absence_in_the_same_days_is_refused() -> None:
    away, other = person("away", Role.LEADER), person("other", Role.LEADER)
    set_absence(away, stand_in=other, from_on=day(0), until_on=day(2), by=away, at=NOW)

    with pytest.raises(AbsenceOverlaps):
        set_absence(away, stand_in=other, from_on=day(2), until_on=day(2), by=away, at=NOW)


def test_an_absence_taken_back_gives_the_work_back() -> None:
    away, other = person("away", Role.LEADER), person("other", Role.LEADER)
    absence = set_absence(away, stand_in=other, from_on=day(0), until_on=day(2), by=away, at=NOW)

    cancel_absence(absence.pk, by=away, at=NOW)

    assert acting_for(away, on=day(1)) == away
    assert Event.objects.filter(verb="accounts.absence_cancelled").count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_the_list_of_people_whose_absence_one_sets_agrees_with_the_permission(
    admin: User, zone: Unit, role: Role
) -> None:
    other = create_unit(name="局", kind=UnitKind.DEPARTMENT, parent=zone, by=admin, at=NOW)
    asker = person("asker", unit=zone)
    scope_id = zone.pk if role in {Role.HANDLER, Role.DEPARTMENT_HEAD} else None
    grant_role(
        asker,
        role,
        by=admin,
        at=NOW,
        scope=Scope.UNIT if scope_id else Scope.ZONE,
        scope_id=scope_id,
    )
    person("same unit", Role.HANDLER, unit=zone)
    person("other unit", Role.HANDLER, unit=other)
    asker = User.objects.get(pk=asker.pk)

    listed = set(User.people.absences_set_by(asker))

    allowed = {each for each in User.people.staff() if asker.has_perm("accounts.set_absence", each)}
    assert listed == allowed
