"""Steering a demand that is being handled: another handler of the unit, another urgency."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import OF_THE_HANDLER, locked_beside, tell
from lianqi.demands.enums import DemandStatus, Step
from lianqi.demands.errors import (
    HandlerUnchanged,
    MoveNotPossible,
    UrgencyReasonMissing,
    UrgencyUnchanged,
)
from lianqi.demands.flow import UNANSWERED
from lianqi.demands.models import Demand
from lianqi.work.actions import change_priority, reassign_item, take_over_items
from lianqi.work.enums import Urgency
from lianqi.work.errors import ExtendedClockKeepsItsUnit, PriorityTooLate
from lianqi.work.models import WorkItem

_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})


@transaction.atomic
def reassign_handler(demand_id: int, *, person: User, by: User, at: dt.datetime) -> Demand:
    """Give a demand to another handler of the unit, with everything owed about it.

    The clocks run on: a new face is no new time. Who is away is replaced by the stand-in.

    Raises:
        MoveNotPossible: The demand is not in progress.
        HandlerUnchanged: The person has it already.
        PersonNotOfUnit: The person does not work for the unit.
        PermissionDenied: `by` does not head the unit.
    """
    demand = locked_beside(demand_id, "demands.reassign", statuses=_IN_PROGRESS, by=by)
    if demand.handler_id == person.pk:
        raise HandlerUnchanged(person=person)
    item = WorkItem.objects.about(demand).open().filter(step=Step.ANSWER).first()
    if item is None:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    earlier = demand.handler
    receiver = reassign_item(item.pk, person=person, by=by, at=at).person
    assert receiver is not None  # the item was just given to somebody
    demand.handler = receiver
    demand.save(update_fields=["handler"])
    for step in sorted(OF_THE_HANDLER - {Step.ANSWER}):
        take_over_items(demand, step=step, person=receiver)
    if earlier is not None and earlier not in {by, receiver}:
        tell([earlier], demand, "demand.handed_on", at=at, name=receiver)
    record(
        "demand.reassigned",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        handler=receiver.pk,
        handler_name=str(receiver),
        earlier=earlier.pk if earlier else None,
        is_shared=False,
    )
    return demand


@transaction.atomic
def change_urgency(
    demand_id: int, *, urgency: Urgency, reason: str, by: User, at: dt.datetime
) -> Demand:
    """Judge a demand more or less pressing; what is owed now gets the clock of that urgency.

    Each clock is counted anew from its opening, with its pauses and extensions. One that has run
    out stays as it is, and so does one that was extended in another unit: nothing late becomes
    punctual by being called less pressing.

    Raises:
        MoveNotPossible: The demand is answered or closed.
        UrgencyUnchanged, UrgencyReasonMissing: There is nothing to change, or no reason.
        PermissionDenied: `by` does not dispatch.
    """
    demand = locked_beside(demand_id, "demands.change_urgency", statuses=UNANSWERED, by=by)
    if demand.urgency == urgency:
        raise UrgencyUnchanged
    if not reason.strip():
        raise UrgencyReasonMissing
    earlier, demand.urgency = demand.urgency, urgency
    demand.save(update_fields=["urgency"])
    kept = []
    for item in WorkItem.objects.about(demand).open():
        try:
            change_priority(item.pk, priority=urgency, by=by, at=at)
        except (PriorityTooLate, ExtendedClockKeepsItsUnit):
            kept.append(item.step)
    if demand.handler is not None:
        tell([demand.handler], demand, "demand.urgency_changed", at=at)
    record(
        "demand.urgency_changed",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        urgency=urgency,
        earlier=earlier,
        reason=reason.strip(),
        kept=kept,
    )
    return demand
