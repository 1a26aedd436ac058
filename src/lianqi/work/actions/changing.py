"""Changing the clock of an open item: pause, resume, extend, another priority."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.work.actions.reckoning import (
    COMPUTED,
    Terms,
    clock_rule,
    reckon,
    record_of,
    set_clock,
    text,
)
from lianqi.work.enums import PauseReason
from lianqi.work.errors import (
    ClockAlreadyPaused,
    ClockNotPaused,
    ExtendedClockKeepsItsUnit,
    ExtensionReasonMissing,
    ExtensionTooLate,
    ItemDone,
    PauseEvidenceMissing,
    PauseTooLate,
    PriorityTooLate,
)
from lianqi.work.models import Extension, Pause, WorkItem
from lianqi.work.queries import local_minute

CLOCK_TERMS = (
    "clock_kind",
    "clock_amount",
    "outside_hours",
    "cutoff",
    "amber_share",
    "priority",
)


@transaction.atomic
def pause_item(
    item_id: int, *, reason: PauseReason, evidence: str, by: User, at: dt.datetime
) -> WorkItem:
    """Stop the clock for a listed reason, with evidence, until somebody resumes it.

    Raises:
        ItemDone, ClockAlreadyPaused: Somebody acted meanwhile.
        PauseTooLate: The time has run out; it cannot be hidden behind a pause.
        PauseEvidenceMissing: The evidence is empty.
        PermissionDenied: `by` does not work on the item.
    """
    item = locked_item(item_id, "work.pause", by=by)
    running = item.pauses.filter(ended_at__isnull=True).first()
    if running is not None:
        raise ClockAlreadyPaused(label=item.label, since=local_minute(running.started_at))
    if item.due_at is not None and at >= item.due_at:
        raise PauseTooLate(label=item.label, due_at=local_minute(item.due_at))
    if not evidence.strip():
        raise PauseEvidenceMissing
    Pause.objects.create(
        item=item, reason=reason, evidence=evidence.strip(), started_at=at, started_by=by
    )
    return _rewrite(item, "work.paused", by=by, at=at, reason=reason, evidence=evidence.strip())


@transaction.atomic
def resume_item(item_id: int, *, by: User, at: dt.datetime) -> WorkItem:
    """Let the clock run again; the due time moves by the time it stood, and by nothing else.

    Raises:
        ItemDone, ClockNotPaused: Somebody acted meanwhile.
        PermissionDenied: `by` does not work on the item.
    """
    item = locked_item(item_id, "work.pause", by=by)
    running = item.pauses.filter(ended_at__isnull=True)
    if not running.update(ended_at=at, ended_by=by):
        raise ClockNotPaused(label=item.label)
    return _rewrite(item, "work.resumed", by=by, at=at)


@transaction.atomic
def extend_item(item_id: int, *, amount: int, reason: str, by: User, at: dt.datetime) -> WorkItem:
    """Give more time, in the unit of the item's clock, before the time has run out.

    The due moment itself is still early enough. While the clock stands it has not run out.

    Raises:
        ItemDone: Somebody finished the item meanwhile.
        ExtensionTooLate: The time has run out.
        ExtensionReasonMissing: The reason is empty.
        PermissionDenied: `by` does not head the unit.
        ValueError: `amount` is not above zero: the form let it through.
    """
    item = locked_item(item_id, "work.extend", by=by)
    if item.due_at is not None and at > item.due_at:
        raise ExtensionTooLate(label=item.label, due_at=local_minute(item.due_at))
    if not reason.strip():
        raise ExtensionReasonMissing
    if amount <= 0:
        raise ValueError(f"an extension is above zero, not {amount}")
    Extension.objects.create(
        item=item, amount=amount, reason=reason.strip(), granted_at=at, granted_by=by
    )
    return _rewrite(item, "work.extended", by=by, at=at, amount=amount, reason=reason.strip())


@transaction.atomic
def lengthen_item(item_id: int, *, amount: int, reason: str, by: User, at: dt.datetime) -> WorkItem:
    """Give the more time of a request, on behalf of a subject action that decided about it.

    That action asked its own permission, and knows whether the request came in time.

    Raises:
        ItemDone: Somebody finished the item meanwhile.
    """
    item = WorkItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item_id)
    if item.done_at is not None:
        raise ItemDone(label=item.label)
    Extension.objects.create(item=item, amount=amount, reason=reason, granted_at=at, granted_by=by)
    return _rewrite(item, "work.extended", by=by, at=at, amount=amount, reason=reason)


@transaction.atomic
def change_priority(item_id: int, *, priority: str, by: User, at: dt.datetime) -> WorkItem:
    """Promise the clock of another priority, counted from the opening; pauses and extensions stay.

    Raises:
        ItemDone: Somebody finished the item meanwhile.
        PriorityTooLate: The time has run out; it cannot be moved any more.
        ExtendedClockKeepsItsUnit: Extra time given in days would become hours, or the like.
        LookupError: There is no clock rule for this step.
        PermissionDenied: `by` neither dispatches nor heads the unit.
    """
    item = locked_item(item_id, "work.change_priority", by=by)
    if item.due_at is not None and at > item.due_at:
        raise PriorityTooLate(label=item.label, due_at=local_minute(item.due_at))
    rule = clock_rule(item.subject_kind, item.step, priority, item.rule_set)
    if rule.kind != item.clock_kind and item.extensions.exists():
        raise ExtendedClockKeepsItsUnit(label=item.label)
    earlier = item.priority
    set_clock(item, rule, priority)
    return _rewrite(
        item, "work.priority_changed", by=by, at=at, priority=priority, earlier_priority=earlier
    )


@transaction.atomic
def change_rule_set(
    subject: Model,
    *,
    rule_set: int | None,
    by: User,  # noqa: ARG001  # every action says who; the subject's own event records it
    at: dt.datetime,
) -> int:
    """Promise the open items of a record the clocks of another set; return how many changed.

    On behalf of a subject action that asked its own permission and records the move. Counted from
    the opening; pauses and extensions stay. A time that has run out is not moved any more, nor one
    that was extended in another unit: such an item keeps its clock.
    """
    changed, terms = 0, Terms.current()
    items = WorkItem.objects.about(subject).open().select_for_update(of=("self",), no_key=True)
    for item in items:
        item.rule_set = rule_set
        rule = clock_rule(item.subject_kind, item.step, item.priority, rule_set)
        ran_out = item.due_at is not None and at > item.due_at
        is_bound = rule.kind != item.clock_kind and item.extensions.exists()
        if (rule.kind, rule.amount) != (item.clock_kind, item.clock_amount) and not (
            ran_out or is_bound
        ):
            set_clock(item, rule, item.priority)
            reckon(item, terms)
            changed += 1
        item.save(update_fields=["rule_set", *COMPUTED, *CLOCK_TERMS])
    return changed


def locked_item(item_id: int, permission: str, *, by: User) -> WorkItem:
    """Lock an open item and ask the permission.

    Raises:
        ItemDone: It was finished meanwhile; told before a missing permission.
        PermissionDenied: `by` may not do this.
    """
    item = WorkItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item_id)
    if item.done_at is not None:
        raise ItemDone(label=item.label)
    if not by.has_perm(permission, item):
        raise PermissionDenied
    return item


def _rewrite(item: WorkItem, verb: str, *, by: User, at: dt.datetime, **detail: Any) -> WorkItem:
    """Compute the clock anew, save it, and write one event of the record the item is about."""
    earlier = item.due_at
    reckon(item, Terms.current())
    item.save(update_fields=[*COMPUTED, *CLOCK_TERMS])
    record(
        verb,
        record_of(item),
        by=by,
        at=at,
        enterprise_id=item.enterprise_id,
        item=item.pk,
        step=item.step,
        earlier=text(earlier),
        due_at=text(item.due_at),
        **detail,
    )
    return item
