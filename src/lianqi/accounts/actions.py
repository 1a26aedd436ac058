"""Writing people, units, roles, absences and tokens."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Language, Role, Scope, UnitKind
from lianqi.accounts.errors import (
    AbsenceOverlaps,
    AdministratorExists,
    LastAdministrator,
    StandInGone,
    StandInLoop,
    UnitLoop,
)
from lianqi.accounts.models import Absence, ApiToken, RoleAssignment, Unit, User, token_digest
from lianqi.accounts.queries import acting_for
from lianqi.audit.actions import record


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    by: User,
    at: dt.datetime,
    leader: User | None = None,
    industries: list[str] | None = None,
    phone: str = "",
) -> Unit:
    """Add a unit under `parent`."""
    _require(by, "accounts.manage_units")
    return add_unit(
        name=name,
        kind=kind,
        parent=parent,
        by=by,
        at=at,
        leader=leader,
        industries=industries,
        phone=phone,
    )


def add_unit(
    *,
    name: str,
    kind: UnitKind,
    parent: Unit | None,
    by: User,
    at: dt.datetime,
    leader: User | None = None,
    industries: list[str] | None = None,
    phone: str = "",
) -> Unit:
    """Write the unit for an action that has already asked its own permission."""
    unit = Unit(
        name=name, kind=kind, parent=parent, leader=leader, industries=industries or [], phone=phone
    )
    unit.path = f"pending-{secrets.token_hex(8)}"  # the path spells the id, which is not known yet
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    record("accounts.unit_created", unit, by=by, at=at, name=name, kind=kind)
    return unit


@transaction.atomic
def move_unit(unit_id: int, *, parent: Unit, by: User, at: dt.datetime) -> Unit:
    """Place a unit, with everything below it, under another.

    Raises:
        UnitLoop: The new parent is the unit itself or lies below it.
    """
    _require(by, "accounts.manage_units")
    return place_unit(unit_id, parent=parent, by=by, at=at)


def place_unit(unit_id: int, *, parent: Unit, by: User, at: dt.datetime) -> Unit:
    """Place a unit for an action that has already asked its own permission. Raises as above."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    if parent.path.startswith(unit.path):
        raise UnitLoop(name=unit.name)
    old, new = unit.path, f"{parent.path}{unit.pk}/"
    below = list(Unit.objects.select_for_update().within(old))
    for each in below:
        each.path = new + each.path.removeprefix(old)
        if each.pk == unit.pk:
            each.parent, unit = parent, each
    Unit.objects.bulk_update(below, ["path", "parent"])
    record("accounts.unit_moved", unit, by=by, at=at, earlier=old, path=new)
    return unit


@transaction.atomic
def change_unit(
    unit_id: int,
    *,
    name: str,
    kind: UnitKind,
    leader: User | None,
    industries: list[str],
    phone: str,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> Unit:
    """Write what a unit is called, who leads it and what it supervises."""
    _require(by, "accounts.manage_units")
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    values = {
        "name": name,
        "kind": kind,
        "leader": leader,
        "industries": industries,
        "phone": phone,
        "is_active": is_active,
    }
    changed = [field for field, value in values.items() if getattr(unit, field) != value]
    for field in changed:
        setattr(unit, field, values[field])
    unit.save(update_fields=changed)
    record("accounts.unit_changed", unit, by=by, at=at, fields=changed)
    return unit


def retire_unit(unit: Unit, *, by: User, at: dt.datetime) -> None:
    """Take a unit out of use for an action that has already asked its own permission."""
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    record("accounts.unit_changed", unit, by=by, at=at, fields=["is_active"])


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    by: User | None,
    at: dt.datetime,
    password: str | None = None,
    email: str = "",
    mobile: str = "",
    wecom_id: str = "",
    unit: Unit | None = None,
) -> User:
    """Add a person. `by=None` is a person who registers himself."""
    if by is not None:
        _require(by, "accounts.manage_people")
    person = User(
        username=username, name=name, email=email, mobile=mobile, wecom_id=wecom_id, unit=unit
    )
    person.set_password(password)
    person.save()
    record("accounts.person_created", person, by=by or person, at=at, username=username)
    return person


@transaction.atomic
def change_person(
    person_id: int,
    *,
    name: str,
    email: str,
    mobile: str,
    wecom_id: str,
    unit: Unit | None,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> User:
    """Write a person's particulars; a person who is not active can no longer sign in.

    Raises:
        LastAdministrator: Nobody else could administer the platform any more.
    """
    _require(by, "accounts.manage_people")
    person = User.objects.select_for_update().get(pk=person_id)
    if person.is_active and not is_active:
        _keep_an_administrator(person)
    values = {
        "name": name,
        "email": email,
        "mobile": mobile,
        "wecom_id": wecom_id,
        "unit": unit,
        "is_active": is_active,
    }
    changed = [field for field, value in values.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, values[field])
    person.save(update_fields=changed)
    record("accounts.person_changed", person, by=by, at=at, fields=changed)
    return person


def choose_language(language: Language, *, by: User) -> None:
    """Remember in which language a person reads; messages to that person are written in it."""
    User.objects.filter(pk=by.pk).exclude(language=language).update(language=language)


@transaction.atomic
def create_first_administrator(username: str, *, name: str, password: str, at: dt.datetime) -> User:
    """Make the first platform administrator of an installation, who makes everybody else.

    Raises:
        AdministratorExists: There is one; that person adds others.
    """
    if RoleAssignment.objects.filter(role=Role.PLATFORM_ADMIN).exists():
        raise AdministratorExists
    person = create_person(username=username, name=name, password=password, by=None, at=at)
    assign_role(person, Role.PLATFORM_ADMIN, by=person, at=at, scope=Scope.ZONE, scope_id=None)
    return User.objects.get(pk=person.pk)


@transaction.atomic
def grant_role(
    person: User,
    role: Role,
    *,
    by: User,
    at: dt.datetime,
    scope: Scope = Scope.ZONE,
    scope_id: int | None = None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> RoleAssignment:
    """Give a role. Granting it again changes its period.

    Roles inside an enterprise are given by the register's own actions, which know the enterprise.
    """
    _require(by, "accounts.manage_people")
    return assign_role(
        person,
        role,
        by=by,
        at=at,
        scope=scope,
        scope_id=scope_id,
        from_on=from_on,
        until_on=until_on,
    )


def assign_role(
    person: User,
    role: Role,
    *,
    by: User,
    at: dt.datetime,
    scope: Scope,
    scope_id: int | None,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> RoleAssignment:
    """Write the assignment for an action that has already asked its own permission."""
    assignment, _created = RoleAssignment.objects.update_or_create(
        user=person,
        role=role,
        scope=scope,
        scope_id=scope_id,
        defaults={"from_on": from_on, "until_on": until_on},
    )
    record("accounts.role_granted", person, by=by, at=at, role=role, scope=scope, scope_id=scope_id)
    return assignment


@transaction.atomic
def revoke_role(
    person: User, role: Role, *, by: User, at: dt.datetime, scope: Scope, scope_id: int | None
) -> None:
    """Take a role away; the audit trail keeps that it was held.

    Raises:
        LastAdministrator: Nobody else could administer the platform any more.
    """
    _require(by, "accounts.manage_people")
    if role == Role.PLATFORM_ADMIN:
        _keep_an_administrator(person)
    remove_role(person, role, by=by, at=at, scope=scope, scope_id=scope_id)


def remove_role(
    person: User, role: Role, *, by: User, at: dt.datetime, scope: Scope, scope_id: int | None
) -> None:
    """Delete the assignment for an action that has already asked its own permission."""
    RoleAssignment.objects.filter(user=person, role=role, scope=scope, scope_id=scope_id).delete()
    record("accounts.role_revoked", person, by=by, at=at, role=role, scope=scope, scope_id=scope_id)


@transaction.atomic
def set_absence(
    person: User,
    *,
    stand_in: User,
    from_on: dt.date,
    until_on: dt.date,
    by: User,
    at: dt.datetime,
) -> Absence:
    """Say that `person` is away from the first to the last day and who receives new work.

    Raises:
        StandInGone: The stand-in may not sign in.
        AbsenceOverlaps: There is an absence in these days already.
        StandInLoop: The stand-in is away too and is represented, in the end, by `person`.
    """
    if not by.has_perm("accounts.set_absence", person):
        raise PermissionDenied
    if not stand_in.is_active:
        raise StandInGone(name=stand_in)
    User.objects.select_for_update().get(pk=person.pk)
    clash = person.absences.filter(from_on__lte=until_on, until_on__gte=from_on).first()
    if clash:
        raise AbsenceOverlaps(name=person, from_on=clash.from_on, until_on=clash.until_on)
    absence = Absence.objects.create(
        user=person, stand_in=stand_in, from_on=from_on, until_on=until_on
    )
    days = (from_on + dt.timedelta(days=n) for n in range((until_on - from_on).days + 1))
    if any(acting_for(person, on=day) == person for day in days):
        raise StandInLoop(name=stand_in)
    record(
        "accounts.absence_set",
        person,
        by=by,
        at=at,
        stand_in=stand_in.pk,
        from_on=from_on.isoformat(),
        until_on=until_on.isoformat(),
    )
    return absence


@transaction.atomic
def cancel_absence(absence_id: int, *, by: User, at: dt.datetime) -> None:
    """Take an absence back; what already went to the stand-in stays there."""
    absence = Absence.objects.select_for_update().select_related("user").get(pk=absence_id)
    if not by.has_perm("accounts.set_absence", absence.user):
        raise PermissionDenied
    record(
        "accounts.absence_cancelled",
        absence.user,
        by=by,
        at=at,
        stand_in=absence.stand_in_id,
        from_on=absence.from_on.isoformat(),
        until_on=absence.until_on.isoformat(),
    )
    absence.delete()


@transaction.atomic
def issue_token(person: User, *, label: str, by: User, at: dt.datetime) -> str:
    """Make an API token for a person and return it; it cannot be shown again."""
    _require(by, "accounts.manage_people")
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=person, label=label, created_at=at, digest=token_digest(token)
    )
    record("accounts.token_issued", row, by=by, at=at, person=person.pk, label=label)
    return token


@transaction.atomic
def revoke_token(token_id: int, *, by: User, at: dt.datetime) -> ApiToken:
    """Make a token useless from now on. Revoking it twice keeps the first time."""
    _require(by, "accounts.manage_people")
    row = ApiToken.objects.select_for_update().get(pk=token_id)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        record("accounts.token_revoked", row, by=by, at=at, person=row.user_id, label=row.label)
    return row


@transaction.atomic
def record_trail_export(*, rows: int, filters: dict[str, str], by: User, at: dt.datetime) -> None:
    """Note that somebody took a part of the audit trail out of the product."""
    _require(by, "accounts.view_trail")
    record("accounts.trail_exported", by, by=by, at=at, is_read=True, rows=rows, filters=filters)


def _keep_an_administrator(person: User) -> None:
    """Refuse to lock everybody out."""
    holders = RoleAssignment.objects.current().filter(
        role=Role.PLATFORM_ADMIN, user__is_active=True
    )
    if set(holders.values_list("user_id", flat=True)) == {person.pk}:
        raise LastAdministrator(name=person)


def _require(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied
