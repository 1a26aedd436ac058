"""Changing an open task force by order: who leads, which units belong to it, what it takes."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from lianqi.accounts.actions import place_unit
from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.demands.actions import give_to_task_force, take_from_task_force
from lianqi.demands.errors import DutyTaken
from lianqi.demands.models import DemandCategory
from lianqi.taskforces.actions.members import end_membership
from lianqi.taskforces.actions.moving import locked, tell
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
from lianqi.work.models import WorkItem
from lianqi.work.queries import ReportingLine, local_date


@transaction.atomic
def change_lead(
    force_id: int, *, lead_unit: Unit, order: str, by: User, at: dt.datetime
) -> TaskForce:
    """Let another unit lead: its head is the head of the force, and it takes over in the end.

    The unit that led until now stays as a member unit, so that nobody is released by the change.

    Raises:
        NothingChanges: It leads already.
        LeadUnitNotPossible: It is closed or a force itself.
        ForceOrderMissing: Nobody could look up why.
    """
    force, _target = locked(force_id, "change_lead", by=by)
    order = _ordered(order)
    earlier = force.lead_unit
    if lead_unit.pk == earlier.pk:
        raise NothingChanges(number=force.number)
    check_lead(lead_unit)
    place_unit(force.unit_id, parent=lead_unit, by=by, at=at)
    force.unit.refresh_from_db()
    force.unit.leader = lead_unit.leader
    force.unit.save(update_fields=["leader"])
    end_units(force, [earlier, lead_unit], order=order, at=at)
    begin_units(force, [lead_unit], UnitPart.LEAD, order=order, at=at)
    begin_units(force, [earlier], UnitPart.MEMBER, order=order, at=at)
    force.lead_unit = lead_unit
    force.save(update_fields=["lead_unit"])
    record(
        "taskforces.lead_changed", force, by=by, at=at,
        unit=lead_unit.pk, unit_name=lead_unit.name, earlier=earlier.name, order=order,
    )  # fmt: skip
    _tell_heads_and_members(force, [earlier, lead_unit], "taskforces.lead_changed", at=at)
    return force


@transaction.atomic
def change_units(
    force_id: int,
    *,
    added: Sequence[Unit],
    removed: Sequence[Unit],
    order: str,
    by: User,
    at: dt.datetime,
) -> TaskForce:
    """Let units join a force, or leave it with the people they sent.

    Raises:
        NothingChanges: Those added belong to it already, and those removed do not.
        UnitJoinsNoForce: One of those added is closed, or a force itself.
        MemberUnitHasMatters: Open matters would be left with nobody who sees them.
        ForceOrderMissing: Nobody could look up why.
    """
    force, _target = locked(force_id, "change_units", by=by)
    order = _ordered(order)
    inside = set(force.member_units)
    joining = [unit for unit in added if unit not in {*inside, force.lead_unit}]
    leaving = [unit for unit in removed if unit in inside]
    if not (joining or leaving):
        raise NothingChanges(number=force.number)
    for unit in joining:
        if not unit.is_active or unit.kind == UnitKind.TASK_FORCE:
            raise UnitJoinsNoForce(unit=unit)
    for unit in leaving:
        _release(force, unit, by=by, at=at)
    end_units(force, leaving, order=order, at=at)
    begin_units(force, joining, UnitPart.MEMBER, order=order, at=at)
    record(
        "taskforces.units_changed", force, by=by, at=at, order=order,
        added=[unit.name for unit in joining], removed=[unit.name for unit in leaving],
    )  # fmt: skip
    _tell_heads_and_members(force, [*joining, *leaving], "taskforces.units_changed", at=at)
    return force


@transaction.atomic
def change_types(
    force_id: int,
    *,
    added: Sequence[DemandCategory],
    removed: Sequence[DemandCategory],
    order: str,
    by: User,
    at: dt.datetime,
) -> TaskForce:
    """Let a force take further problem types, or give some up, from today.

    What it has already stays with it: only what is sent from now on goes elsewhere.

    Raises:
        NothingChanges: It takes those added already, and none of those removed.
        CategoryTaken: Another force takes one of those added.
        MatterStaysWithNobody: It would take nothing any more.
        ForceOrderMissing: Nobody could look up why.
    """
    force, _target = locked(force_id, "change_types", by=by)
    order = _ordered(order)
    taken = set(force.categories)
    more = [category for category in added if category not in taken]
    less = [category for category in removed if category in taken and category not in added]
    if not (more or less):
        raise NothingChanges(number=force.number)
    if not more and len(less) == len(taken):
        raise MatterStaysWithNobody(number=force.number)
    if less:
        take_from_task_force(force.unit, categories=less, by=by, at=at)
    give_types(force, more, order=order, by=by, at=at)
    record(
        "taskforces.types_changed", force, by=by, at=at, order=order,
        added=[each.code for each in more], removed=[each.code for each in less],
    )  # fmt: skip
    _tell_heads_and_members(force, [force.lead_unit], "taskforces.types_changed", at=at)
    return force


def check_lead(unit: Unit) -> None:
    """Refuse a unit that cannot take over what a force leaves.

    Raises:
        LeadUnitNotPossible: It is closed or a force itself.
    """
    if not unit.is_active or unit.kind == UnitKind.TASK_FORCE:
        raise LeadUnitNotPossible(unit=unit)


def begin_units(
    force: TaskForce, units: Iterable[Unit], part: UnitPart, *, order: str, at: dt.datetime
) -> None:
    """Note that units lead a locked force or belong to it from now on."""
    ForceUnit.objects.bulk_create(
        ForceUnit(force=force, unit=unit, part=part, since=at, order=order) for unit in units
    )


def end_units(
    force: TaskForce, units: Iterable[Unit] | None, *, order: str, at: dt.datetime
) -> None:
    """Note that units, or all of them, neither lead a locked force nor belong to it any more."""
    rows = force.units.filter(until__isnull=True)
    if units is not None:
        rows = rows.filter(unit__in=units)
    rows.update(until=at, end_order=order)


def give_types(
    force: TaskForce,
    categories: Iterable[DemandCategory],
    *,
    order: str,
    by: User,
    at: dt.datetime,
) -> None:
    """Let a locked force lead these matters.

    Raises:
        CategoryTaken: Another force takes one of them.
    """
    # In one order, so that two people who form forces at once never wait for each other.
    for category in sorted(categories, key=lambda each: each.pk):
        try:
            give_to_task_force(category, unit=force.unit, reason=order, by=by, at=at)
        except DutyTaken as taken:
            raise CategoryTaken(category=category, unit=taken.params["unit"]) from taken


def _ordered(order: str) -> str:
    if not order.strip():
        raise ForceOrderMissing
    return order.strip()


def _release(force: TaskForce, unit: Unit, *, by: User, at: dt.datetime) -> None:
    members = list(force.members.present().filter(unit=unit).select_related("person"))
    people = [member.person for member in members]
    owed = WorkItem.objects.open().filter(unit=force.unit, person__in=people).count()
    if owed:
        raise MemberUnitHasMatters(unit=unit, count=owed)
    for member in members:
        end_membership(member, force, by=by, at=at)
    tell(people, force, "taskforces.left", at=at)


def _tell_heads_and_members(
    force: TaskForce, units: Iterable[Unit], event: str, *, at: dt.datetime
) -> None:
    line = ReportingLine(local_date(at))
    told = {member.person.pk: member.person for member in force.members.present().with_people()}
    for unit in units:
        told |= {each.pk: each for each in line.people_of(unit, 1)}
    tell(told.values(), force, event, at=at)
