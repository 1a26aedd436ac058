"""Forming and closing a task force."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from lianqi.accounts.actions import add_unit, retire_unit
from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.demands.actions import hand_over_demands, take_from_task_force
from lianqi.demands.models import DemandCategory
from lianqi.taskforces.actions.changing import begin_units, check_lead, end_units, give_types
from lianqi.taskforces.actions.members import add_member, end_membership
from lianqi.taskforces.actions.moving import locked, tell
from lianqi.taskforces.enums import UnitPart
from lianqi.taskforces.errors import (
    CloseReasonMissing,
    ForceNameMissing,
    ForceOrderMissing,
    ForceTakesNothing,
)
from lianqi.taskforces.models import TaskForce
from lianqi.work.actions import hand_over_desk
from lianqi.work.queries import ReportingLine, local_date


@transaction.atomic
def form_force(
    *,
    name: str,
    purpose: str,
    order: str,
    lead_unit: Unit,
    member_units: Sequence[Unit],
    categories: Sequence[DemandCategory],
    people: Sequence[User],
    by: User,
    at: dt.datetime,
) -> TaskForce:
    """Form a task force by order: a unit of its own, its matters, its people.

    From now on the duty catalogue names it for its categories before anybody else. Its unit lies
    below the lead unit, whose head is the head of the force.

    Raises:
        ForceNameMissing, ForceOrderMissing, ForceTakesNothing: Something that makes a force is
            missing.
        LeadUnitNotPossible: The lead unit is closed or a force itself.
        CategoryTaken: Another force takes one of the categories.
        NotOfAMemberUnit: One of the people works for none of the units.
    """
    if not by.has_perm("taskforces.form"):
        raise PermissionDenied
    if not name.strip():
        raise ForceNameMissing
    if not order.strip():
        raise ForceOrderMissing
    if not categories:
        raise ForceTakesNothing
    check_lead(lead_unit)
    unit = add_unit(
        name=name.strip(),
        kind=UnitKind.TASK_FORCE,
        parent=lead_unit,
        leader=lead_unit.leader,
        by=by,
        at=at,
    )
    force = TaskForce.objects.create(
        number=_next_number(local_date(at).year),
        unit=unit,
        lead_unit=lead_unit,
        purpose=purpose.strip(),
        order=order.strip(),
        opened_at=at,
        opened_by=by,
    )
    members = [each for each in member_units if each.pk != lead_unit.pk]
    begin_units(force, [lead_unit], UnitPart.LEAD, order=force.order, at=at)
    begin_units(force, members, UnitPart.MEMBER, order=force.order, at=at)
    give_types(force, categories, order=force.order, by=by, at=at)
    record(
        "taskforces.formed", force, by=by, at=at,
        name=unit.name, lead=lead_unit.name, order=force.order,
        members=[each.name for each in members],
        categories=[each.code for each in categories],
    )  # fmt: skip
    for person in people:
        add_member(force, person, by=by, at=at)
    heads = ReportingLine(local_date(at)).people_of(lead_unit, 1)
    tell(heads, force, "taskforces.formed", at=at)
    return force


@transaction.atomic
def close_force(force_id: int, *, reason: str, by: User, at: dt.datetime) -> TaskForce:
    """Close a force: its open demands go to the lead unit as they stand, its people are released.

    Raises:
        ForceMoveNotPossible: Somebody closed it meanwhile.
        CloseReasonMissing: Nobody could tell later why it ended.
    """
    force, target = locked(force_id, "close", by=by)
    if not reason.strip():
        raise CloseReasonMissing
    # Before its demands are looked up: whoever is just sending one to it is waited for.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=force.unit_id)
    retire_unit(unit, by=by, at=at)
    take_from_task_force(unit, by=by, at=at)
    force.handed_over = hand_over_demands(unit, to=force.lead_unit, by=by, at=at)
    hand_over_desk(unit, to=force.lead_unit)  # what it owes to anything else
    members = list(force.members.present().with_people())
    for member in members:
        end_membership(member, force, by=by, at=at)
    end_units(force, None, order="", at=at)
    force.status, force.close_reason = target, reason.strip()
    force.closed_at, force.closed_by = at, by
    force.save(update_fields=["status", "close_reason", "closed_at", "closed_by", "handed_over"])
    record(
        "taskforces.closed", force, by=by, at=at,
        reason=force.close_reason, handed_over=force.handed_over,
    )  # fmt: skip
    line = ReportingLine(local_date(at))
    told = {member.person.pk: member.person for member in members}
    for level in (0, 1):
        told |= {each.pk: each for each in line.people_of(force.lead_unit, level)}
    tell(told.values(), force, "taskforces.closed", at=at, count=force.handed_over)
    return force


def _next_number(year: int) -> str:
    """`ZB` (专班), the year, a running number that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('taskforces_number')")
        return f"ZB{year}{cursor.fetchone()[0]:04d}"
