"""The measures of a plan: added, changed, placed, dropped, moved to a later day."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for, heads_of
from lianqi.plans.actions.drafting import require_unit, set_units
from lianqi.plans.actions.moving import (
    item_of,
    locked_beside,
    locked_measure,
    note_measure,
    owe_measure,
    owners_of,
    require_due_day,
    tell,
    tell_story,
    tell_the_enterprise,
    turn,
)
from lianqi.plans.enums import EntryKind, MeasureKind, MeasureStatus, PlanStatus
from lianqi.plans.errors import (
    LaterDayNeeded,
    MeasureTextMissing,
    OwnerNotPossible,
    PlaceNotPossible,
    PostponedTooLate,
    ReasonMissing,
    TooManyMeasures,
)
from lianqi.plans.models import Measure, ServicePlan
from lianqi.work.actions import hand_over_items, lengthen_item
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date, local_minute, people_on_the_desk

MOST_MEASURES = 50


@transaction.atomic
def add_measure(
    plan_id: int,
    *,
    what: str,
    kind: MeasureKind,
    unit: Unit,
    due_on: dt.date,
    by: User,
    at: dt.datetime,
    person: User | None = None,
    reason: str = "",
) -> Measure:
    """Add a measure at the end; once the plan is under way its owner owes it at once.

    From the agreement on it needs a reason, and the enterprise is told.

    Raises:
        PlanMoveNotPossible: The plan is with the enterprise, or ended.
        MeasureTextMissing, DueDayNotPossible, ReasonMissing: It could not be carried out or read.
        UnitKeepsNoPlans, OwnerNotPossible: Nobody could be held to it.
        TooManyMeasures: More than anybody follows.
    """
    plan = locked_beside(plan_id, "add_measure", by=by)
    _require_owner(what, unit, person, at=at)
    require_due_day(due_on, at=at)
    reason = _reasoned(plan, reason)
    count = plan.measures.count()
    if count >= MOST_MEASURES:
        raise TooManyMeasures(most=MOST_MEASURES)
    measure = Measure(
        plan=plan,
        position=count + 1,
        what=what.strip(),
        kind=kind,
        unit=unit,
        person=person,
        due_on=due_on,
        first_due_on=due_on,
        added_at=at,
        added_by=by,
    )
    if plan.status == PlanStatus.UNDER_WAY:
        turn(measure, "open")
    measure.save(force_insert=True)
    set_units(plan)
    note_measure(
        "plans.measure_added", measure, by=by, at=at,
        unit_name=unit.name, due_on=due_on.isoformat(), reason=reason,
    )  # fmt: skip
    if plan.status != PlanStatus.DRAFT:
        tell_story(measure, EntryKind.CHANGED, reason, by=by, at=at, due_on=due_on)
        tell_the_enterprise(
            plan, "plans.measure_changed", at=at, url=measure.get_absolute_url(),
            label=measure.what, reason=reason,
        )  # fmt: skip
    if measure.status == MeasureStatus.OPEN:
        give(measure, by=by, at=at)
    return measure


@transaction.atomic
def change_measure(
    measure_id: int,
    *,
    what: str,
    kind: MeasureKind,
    unit: Unit,
    by: User,
    at: dt.datetime,
    person: User | None = None,
    due_on: dt.date | None = None,
    reason: str = "",
) -> Measure:
    """Change what is done or who does it; once it is agreed for a reason the enterprise reads.

    An open work item goes along with the owner, with its clock. The day is changed here only in a
    draft: `postpone_measure` moves one that was agreed.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        MeasureTextMissing, DueDayNotPossible, ReasonMissing: It could not be carried out or read.
        UnitKeepsNoPlans, OwnerNotPossible: Nobody could be held to it.
    """
    measure = locked_measure(measure_id, "change_measure", by=by)
    plan = measure.plan
    _require_owner(what, unit, person, at=at)
    is_draft = plan.status == PlanStatus.DRAFT
    if is_draft and due_on is not None and due_on != measure.due_on:
        require_due_day(due_on, at=at)
        measure.due_on = measure.first_due_on = due_on
    reason = _reasoned(plan, reason)
    has_moved = (measure.unit_id, measure.person_id) != (unit.pk, person.pk if person else None)
    measure.what, measure.kind = what.strip(), kind
    measure.unit, measure.person = unit, person
    measure.save(update_fields=["what", "kind", "unit", "person", "due_on", "first_due_on"])
    set_units(plan)
    note_measure(
        "plans.measure_changed", measure, by=by, at=at, unit_name=unit.name, reason=reason,
    )  # fmt: skip
    if not is_draft:
        tell_story(measure, EntryKind.CHANGED, reason, by=by, at=at)
        tell_the_enterprise(
            plan, "plans.measure_changed", at=at, url=measure.get_absolute_url(),
            label=measure.what, reason=reason,
        )  # fmt: skip
    if has_moved and measure.status == MeasureStatus.OPEN:
        hand_over_items(measure, unit=unit)
        acting = acting_for(person, on=local_date(at)) if person else None
        WorkItem.objects.about(measure).open().update(person=acting)
        _tell_owners(measure, by=by, at=at)
    return measure


@transaction.atomic
def place_measure(measure_id: int, *, position: int, by: User, at: dt.datetime) -> Measure:
    """Put a measure in another place; the others make room.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        PlaceNotPossible: The plan has no such place.
    """
    measure = locked_measure(measure_id, "change_measure", by=by)
    ordered = list(measure.plan.measures.order_by("position"))
    if not 1 <= position <= len(ordered):
        raise PlaceNotPossible(last=len(ordered))
    moved = next(each for each in ordered if each.pk == measure.pk)
    ordered.remove(moved)
    ordered.insert(position - 1, moved)
    _number(ordered)
    earlier, measure.position = measure.position, position
    if earlier != position:
        note_measure("plans.measure_placed", measure, by=by, at=at, earlier=earlier)
    return measure


@transaction.atomic
def drop_measure(measure_id: int, *, by: User, at: dt.datetime) -> ServicePlan:
    """Take a measure out of a draft; its words stay in the event and in earlier proposals.

    Raises:
        PlanMoveNotPossible: It was proposed meanwhile; from then it gets a result instead.
    """
    measure = locked_measure(measure_id, "drop_measure", by=by)
    plan = measure.plan
    note_measure(
        "plans.measure_dropped", measure, by=by, at=at,
        unit_name=measure.unit.name, due_on=measure.due_on.isoformat(),
    )  # fmt: skip
    measure.delete()
    _number(list(plan.measures.order_by("position")))
    set_units(plan)
    return plan


@transaction.atomic
def postpone_measure(
    measure_id: int, *, due_on: dt.date, reason: str, by: User, at: dt.datetime
) -> Measure:
    """Move the day of an agreed measure before it has passed, with a reason the enterprise reads.

    The due moment itself is still early enough, as with the extension of a demand. The clock is
    lengthened and not begun anew: who is late was late for the day that was last promised.

    Raises:
        PlanMoveNotPossible, MeasureMoveNotPossible: Somebody acted meanwhile.
        PostponedTooLate: The time has run out.
        LaterDayNeeded, DueDayNotPossible: The day gives no time, or is no working day.
        ReasonMissing: The enterprise would not know why.
    """
    measure = locked_measure(measure_id, "postpone_measure", by=by)
    item = item_of(measure)
    if item is not None and item.due_at is not None and at > item.due_at:
        raise PostponedTooLate(position=measure.position, due_at=local_minute(item.due_at))
    if due_on <= measure.due_on:
        raise LaterDayNeeded(day=measure.due_on.isoformat())
    require_due_day(due_on, at=at)
    if not reason.strip():
        raise ReasonMissing
    earlier, measure.due_on = measure.due_on, due_on
    measure.save(update_fields=["due_on"])
    if item is not None:
        more = (due_on - earlier).days
        lengthen_item(item.pk, amount=more, reason=reason.strip(), by=by, at=at)
    tell_story(
        measure, EntryKind.POSTPONED, reason.strip(), by=by, at=at,
        due_on=due_on, earlier_due_on=earlier,
    )  # fmt: skip
    note_measure(
        "plans.measure_postponed", measure, by=by, at=at,
        earlier=earlier.isoformat(), due_on=due_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    tell_the_enterprise(
        measure.plan, "plans.measure_postponed", at=at, url=measure.get_absolute_url(),
        label=measure.what, day=due_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    return measure


def give(measure: Measure, *, by: User, at: dt.datetime) -> None:
    """Let the owner of an open measure owe it, and tell them."""
    owe_measure(measure, by=by, at=at)
    _tell_owners(measure, by=by, at=at)


def _tell_owners(measure: Measure, *, by: User, at: dt.datetime) -> None:
    others = [each for each in owners_of(measure, at=at) if each.pk != by.pk]
    tell(
        others, measure.plan, "plans.measure_given", at=at, url=measure.get_absolute_url(),
        label=measure.what, day=measure.due_on.isoformat(),
    )  # fmt: skip


def _reasoned(plan: ServicePlan, reason: str) -> str:
    if plan.status != PlanStatus.DRAFT and not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _require_owner(what: str, unit: Unit, person: User | None, *, at: dt.datetime) -> None:
    if not what.strip():
        raise MeasureTextMissing
    require_unit(unit)
    on = local_date(at)
    people = [*people_on_the_desk(unit, on=on), *heads_of(unit, on=on)] if person else []
    if person is not None and person not in people:
        raise OwnerNotPossible(person=person, unit=unit)


def _number(ordered: list[Measure]) -> None:
    for position, measure in enumerate(ordered, start=1):
        measure.position = position
    Measure.objects.bulk_update(ordered, ["position"])
