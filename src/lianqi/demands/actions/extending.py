"""More time for the answer: asked for by the unit, decided by whom the zone's rule names.

A request stops no clock. What that means for a decision that comes too late is the rule's to say:
docs/adr/0025-one-way-to-stop-a-clock.md.
"""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import locked_beside, owe, tell, tell_the_enterprise
from lianqi.demands.enums import Decider, Decision, DemandStatus, Step
from lianqi.demands.errors import (
    DecisionNoteMissing,
    ExtensionAskedAlready,
    ExtensionLapsed,
    ExtensionTooLong,
    MoveNotPossible,
    NoMoreExtensions,
    NothingToDecide,
    OwnRequest,
)
from lianqi.demands.models import Demand, ExtensionRequest
from lianqi.demands.queries import extension_limit, handling_rule_of
from lianqi.work.actions import finish_items, lengthen_item
from lianqi.work.errors import ExtensionReasonMissing, ExtensionTooLate
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date, local_minute

_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})


@transaction.atomic
def ask_extension(
    demand_id: int, *, amount: int, reason: str, by: User, at: dt.datetime
) -> ExtensionRequest:
    """Ask for more time before the time has run out; a work item asks for the decision.

    Args:
        demand_id: The demand.
        amount: In the unit of the answering clock.
        reason: The enterprise reads it if the time is given.
        by: Whoever asks.
        at: Now; the due moment itself is still early enough. While the clock stands it has not
            run out.

    Raises:
        MoveNotPossible: The demand is not being answered.
        ExtensionTooLate, NoMoreExtensions, ExtensionTooLong: The zone's rules give no such time.
        ExtensionAskedAlready: A request waits for its decision.
        ExtensionReasonMissing: The reason is empty.
        PermissionDenied: `by` does not handle the demand.
        ValueError: `amount` is not above zero: the form let it through.
    """
    if amount <= 0:
        raise ValueError(f"an extension is above zero, not {amount}")
    demand = locked_beside(demand_id, "demands.ask_extension", statuses=_IN_PROGRESS, by=by)
    item = WorkItem.objects.about(demand).open().filter(step=Step.ANSWER).first()
    if item is None:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if item.due_at is not None and at > item.due_at:
        raise ExtensionTooLate(label=item.label, due_at=local_minute(item.due_at))
    rule = handling_rule_of(demand.category_id)
    limit = extension_limit(item, rule)
    if ExtensionRequest.objects.of(demand).undecided().exists():
        raise ExtensionAskedAlready
    if not limit.left:
        raise NoMoreExtensions(most=limit.most)
    if amount > limit.longest:
        raise ExtensionTooLong(longest=limit.longest)
    if not reason.strip():
        raise ExtensionReasonMissing
    request = ExtensionRequest(
        demand=demand,
        item=item,
        amount=amount,
        reason=reason.strip(),
        counts_late=rule.counts_late,
        asked_at=at,
        asked_by=by,
    )
    request.decider = _to_be_decided(demand, Decider(rule.extension_decider), by=by, at=at)
    request.save(force_insert=True)
    record(
        "demand.extension_asked",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        amount=amount,
        clock_kind=item.clock_kind,
        reason=request.reason,
        is_shared=False,
    )
    return request


def _to_be_decided(demand: Demand, meant: Decider, *, by: User, at: dt.datetime) -> Decider:
    """Open the work item of the decision; where no other head decides, the dispatcher does."""
    assert demand.unit is not None  # only before the dispatch is there none
    heads = heads_of(demand.unit, on=local_date(at)) if meant == Decider.HEAD else []
    others = [head for head in heads if head.pk != by.pk]
    if not others:
        owe(demand, Step.EXTEND, by=by, at=at, unit=None, desk=Role.DISPATCHER)
        return Decider.DISPATCHER
    item = owe(demand, Step.EXTEND, by=by, at=at, unit=None, person=others[0])
    tell([item.person or others[0]], demand, "demand.extension_asked", at=at, unit=demand.unit)
    return Decider.HEAD


@transaction.atomic
def decide_extension(
    demand_id: int, *, decision: Decision, note: str, by: User, at: dt.datetime
) -> ExtensionRequest:
    """Give the time that was asked for, or refuse it with a reason.

    Raises:
        MoveNotPossible: The demand is not being answered any more.
        NothingToDecide: Somebody decided meanwhile.
        OwnRequest: Whoever asked cannot decide.
        ExtensionLapsed: The time ran out before the decision, and the rule does not let it count.
        DecisionNoteMissing: A refusal without a reason.
        PermissionDenied: The rule names somebody else.
    """
    demand = locked_beside(demand_id, "demands.decide_extension", statuses=_IN_PROGRESS, by=by)
    undecided = ExtensionRequest.objects.of(demand).undecided()
    request = undecided.select_related("asked_by", "item").first()
    if request is None:
        raise NothingToDecide(number=demand.number)
    if request.asked_by_id == by.pk:
        raise OwnRequest
    if decision == Decision.REFUSED and not note.strip():
        raise DecisionNoteMissing
    if decision == Decision.GRANTED:
        due = request.item.due_at
        if due is not None and at > due and not request.counts_late:
            raise ExtensionLapsed(due_at=local_minute(due))
        lengthen_item(request.item_id, amount=request.amount, reason=request.reason, by=by, at=at)
        tell_the_enterprise(demand, "demand.extended", at=at, unit=demand.unit)
    request.decision, request.decision_note = decision, note.strip()
    request.decided_at, request.decided_by = at, by
    request.save(update_fields=["decision", "decision_note", "decided_at", "decided_by"])
    finish_items(demand, step=Step.EXTEND, by=by, at=at)
    tell([request.asked_by], demand, "demand.extension_decided", at=at)
    granted = decision == Decision.GRANTED
    record(
        "demand.extended" if granted else "demand.extension_refused",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        amount=request.amount,
        clock_kind=request.item.clock_kind,
        note=request.decision_note,
        is_shared=False,
    )
    return request
