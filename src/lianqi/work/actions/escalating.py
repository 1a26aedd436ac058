"""Reminders and escalation: who is told when a share of the time has run."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, event, record_many
from lianqi.audit.models import Event
from lianqi.notices.actions import notify
from lianqi.work.actions.reckoning import Terms, record_of
from lianqi.work.models import WorkItem
from lianqi.work.queries import ReportingLine, clock_of, local_date, local_minute

_CHANGED = ("escalated_share", "next_escalation_at")


@transaction.atomic
def escalate_due(*, at: dt.datetime, limit: int = 500) -> int:
    """Tell the people of every threshold reached by `at`; return how many items were handled.

    Several workers may run at once: each takes rows that nobody else holds, and a row once handled
    is no longer due. A clock that stands reaches nothing. Call again while the answer is `limit`.
    """
    items = list(
        WorkItem.objects.open()
        .filter(paused_since__isnull=True, next_escalation_at__lte=at)
        .order_by("next_escalation_at", "pk")
        .select_related("unit", "person__unit")
        .prefetch_related("pauses", "extensions")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)[:limit]
    )
    if not items:
        return 0
    terms, line = Terms.current(), ReportingLine(local_date(at))
    told = [_escalate(item, terms, line, at=at) for item in items]
    record_many([each for each in told if each is not None])
    WorkItem.objects.bulk_update(items, _CHANGED)
    return len(items)


def _escalate(
    item: WorkItem, terms: Terms, line: ReportingLine, *, at: dt.datetime
) -> Event | None:
    """Handle one item: tell everybody once, of the highest threshold that concerns them.

    After an outage several thresholds may have passed; one message is enough for each person.
    After a change of the ladder none may have: only the next one is looked up.
    """
    clock = clock_of(item, terms.calendar)
    told: dict[int, Decimal] = {}
    reached = item.escalated_share
    for rule in reversed(terms.rules_for(item)):
        moment = clock.at_share(rule.share) if rule.share > item.escalated_share else None
        if moment is None or moment > at:
            continue
        reached = max(reached, rule.share)
        people = [each for each in line.people(item, rule.level) if each.pk not in told]
        told |= dict.fromkeys((each.pk for each in people), rule.share)
        _tell(people, item, rule.share, at=at)
    is_reached, item.escalated_share = reached > item.escalated_share, reached
    share = terms.next_share(item)
    item.next_escalation_at = None if share is None else clock.at_share(share)
    if not is_reached:
        return None
    return event(
        "work.escalated",
        record_of(item),
        by=Automat(),
        at=at,
        enterprise_id=item.enterprise_id,
        item=item.pk,
        step=item.step,
        share=str(reached),
        told=sorted(told),
    )


def _tell(people: list[User], item: WorkItem, share: Decimal, *, at: dt.datetime) -> None:
    is_over = item.due_at is not None and at > item.due_at
    notify(
        people,
        event="work.overdue" if is_over else "work.due_soon",
        names={
            "label": item.label,
            "who": item.unit or item.person or Role(item.desk).label,
            "due_at": local_minute(item.due_at or at),
        },
        url=item.url,
        at=at,
        dedupe_key=f"work.escalated:{item.pk}:{share}",
    )
