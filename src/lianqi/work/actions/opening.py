"""Opening and closing work items, on behalf of subject actions that asked their own permission.

These write no audit event of their own: the move of the subject that opens or closes them does.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Case, Model, Q, When

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for
from lianqi.work.actions.reckoning import (
    COMPUTED,
    Terms,
    about,
    clock_rule,
    promised,
    reckon,
    set_clock,
)
from lianqi.work.enums import Outcome, Part, Urgency
from lianqi.work.models import Pause, WorkItem
from lianqi.work.queries import local_date


@transaction.atomic
def open_item(
    subject: Model,
    *,
    step: str,
    by: User | None,  # noqa: ARG001  # every action says who; the subject's event records it
    at: dt.datetime,
    enterprise_id: int | None,
    label: str,
    url: str,
    unit: Unit | None = None,
    person: User | None = None,
    desk: str = "",
    part: Part = Part.LEAD,
    priority: str = Urgency.NORMAL,
    rule_set: int | None = None,
    since: dt.datetime | None = None,
    days: int | None = None,
) -> WorkItem:
    """Give a unit, a person or a desk a step of a record, with a clock of its own.

    A person who is away today is replaced by the stand-in; the work of one who may not sign in any
    more waits for the unit or the desk. A second visit to a step is a new item
    with the full time; `visit` counts them.

    Args:
        by: Whoever makes the move; a stand-in is looked up for `person` only.
        label: Number and title of the record, at most 200 characters.
        desk: Role whose holders share the item, where no unit is meant.
        priority: How pressing the record is: decides the length of the clock.
        rule_set: Clock rules of its own, asked before the general ones; kept for later changes.
        since: From when the clock counts, where that is earlier than `at`.
        days: Calendar days that somebody promised for this very record, instead of a rule.

    Raises:
        LookupError: There is no clock rule for this step.
    """
    item = WorkItem(
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        enterprise_id=enterprise_id,
        label=label,
        url=url,
        step=step,
        part=part,
        unit=unit,
        person=_receiver(person, at, is_shared=unit is not None or bool(desk)),
        desk=desk,
        opened_at=since or at,
        rule_set=rule_set,
    )
    item.visit = 1 + WorkItem.objects.filter(about(subject) & _same_step(item)).count()
    rule = promised(days) if days else clock_rule(item.subject_kind, step, priority, rule_set)
    set_clock(item, rule, priority)
    reckon(item, Terms.current())
    item.save(force_insert=True)
    return item


def _receiver(person: User | None, at: dt.datetime, *, is_shared: bool) -> User | None:
    found = person and acting_for(person, on=local_date(at))
    return None if found and is_shared and not found.is_active else found


def _same_step(item: WorkItem) -> Q:
    """Earlier visits: of the lead, whoever it was; of an assistant, the same one's."""
    visits = Q(step=item.step, part=item.part)
    if item.part == Part.ASSIST:
        visits &= Q(unit=item.unit, person=item.person)
    return visits


def finish_items(
    subject: Model,
    *,
    step: str,
    by: User,
    at: dt.datetime,
    outcome: Outcome = Outcome.DONE,
    unit: Unit | None = None,
) -> int:
    """Close the open items of a step and say whether each was late; return how many.

    Exactly at the due time is in time. A clock that stands is set going first, so that what is
    kept is the due time it had at the end.

    Args:
        unit: Only the items of this unit, where several owe the same step.
    """
    which = about(subject) & Q(step=step)
    return close_items(which & Q(unit=unit) if unit else which, outcome, by=by, at=at)


def cancel_items(subject: Model, *, by: User, at: dt.datetime) -> int:
    """Close whatever is still open about a record as no longer needed; neither late nor in time."""
    return close_items(about(subject), Outcome.CANCELLED, by=by, at=at)


def place_items(subject: Model, *, enterprise_id: int) -> int:
    """Note on all items of a record whose it is, once that is found out; return how many."""
    return WorkItem.objects.about(subject).update(enterprise_id=enterprise_id)


@transaction.atomic
def close_items(which: Q, outcome: Outcome, *, by: User, at: dt.datetime) -> int:
    items = list(
        WorkItem.objects.open()
        .filter(which)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    if not items:
        return 0
    paused = Pause.objects.filter(item__in=items, ended_at__isnull=True)
    if paused.update(ended_at=at, ended_by=by):
        terms = Terms.current()
        for item in items:
            reckon(item, terms)
        WorkItem.objects.bulk_update(items, COMPUTED)
    done: dict[str, Any] = {"done_at": at, "done_by": by, "outcome": outcome}
    if outcome != Outcome.CANCELLED:
        done["was_late"] = Case(When(due_at__lt=at, then=True), default=False)
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(
        next_escalation_at=None, **done
    )
    return len(items)
