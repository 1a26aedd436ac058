"""Who works for a task force: joining and leaving."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.actions import assign_role, remove_role
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.taskforces.actions.moving import locked, tell
from lianqi.taskforces.errors import (
    IsMemberAlready,
    IsNoMember,
    MemberHasMatters,
    NotOfAMemberUnit,
)
from lianqi.taskforces.models import ForceMember, TaskForce
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date


@transaction.atomic
def join_force(force_id: int, *, person: User, by: User, at: dt.datetime) -> ForceMember:
    """Name a person of the lead or a member unit to the force; from now on its matters are theirs.

    Raises:
        NotOfAMemberUnit: The person works elsewhere, or no longer.
        IsMemberAlready: Somebody named the person before.
    """
    force, _target = locked(force_id, "join", by=by)
    return add_member(force, person, by=by, at=at)


def add_member(force: TaskForce, person: User, *, by: User, at: dt.datetime) -> ForceMember:
    """Write a membership into a locked force, for an action that asked its own permission."""
    units = [force.lead_unit, *force.member_units]
    if person.unit is None or person.unit not in units or not person.is_active:
        raise NotOfAMemberUnit(person=person, units="、".join(unit.name for unit in units))
    present = force.members.present().filter(person=person).first()
    if present is not None:
        raise IsMemberAlready(person=person, since=local_date(present.joined_at))
    member = ForceMember.objects.create(
        force=force, person=person, unit=person.unit, joined_at=at, joined_by=by
    )
    assign_role(person, Role.HANDLER, by=by, at=at, scope=Scope.UNIT, scope_id=force.unit_id)
    record(
        "taskforces.joined", force, by=by, at=at,
        person=person.pk, person_name=str(person), unit=person.unit.pk, unit_name=person.unit.name,
    )  # fmt: skip
    tell([person], force, "taskforces.joined", at=at)
    return member


@transaction.atomic
def leave_force(force_id: int, *, person: User, by: User, at: dt.datetime) -> None:
    """Take a person out of the force; what the person did there stays on record.

    Raises:
        IsNoMember: Somebody took the person out before.
        MemberHasMatters: Open matters would be left with nobody who sees them.
    """
    force, _target = locked(force_id, "leave", by=by)
    member = force.members.present().filter(person=person).select_related("person").first()
    if member is None:
        raise IsNoMember(person=person)
    owed = WorkItem.objects.open().filter(unit=force.unit, person=person).count()
    if owed:
        raise MemberHasMatters(person=person, count=owed)
    end_membership(member, force, by=by, at=at)
    record("taskforces.left", force, by=by, at=at, person=person.pk, person_name=str(person))
    tell([person], force, "taskforces.left", at=at)


def end_membership(member: ForceMember, force: TaskForce, *, by: User, at: dt.datetime) -> None:
    """End a membership and the role that came with it; the caller records why."""
    member.left_at, member.left_by = at, by
    member.save(update_fields=["left_at", "left_by"])
    remove_role(member.person, Role.HANDLER, by=by, at=at, scope=Scope.UNIT, scope_id=force.unit_id)
