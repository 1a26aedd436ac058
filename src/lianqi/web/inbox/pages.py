"""Pages of an inbox: by due time, items whose clock stands last, the id breaking ties."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from lianqi.web.paging import as_id
from lianqi.work.models import WorkItem, WorkItemQuerySet

PAGE_SIZE = 30
STANDING = "standing"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some items and the cursor of those that follow; empty on the last page."""

    items: list[WorkItem]
    after: str


def page_by_due(items: WorkItemQuerySet, cursor: str, *, size: int = PAGE_SIZE) -> InboxPage:
    """The items that follow `cursor`, `<due time or "standing">~<id>`; a wrong one starts anew."""
    if (following := _following(cursor)) is not None:
        items = items.filter(following)
    found = list(items.for_list()[: size + 1])
    if len(found) <= size:
        return InboxPage(found, "")
    last = found[size - 1]
    due = last.due_at.astimezone(dt.UTC).isoformat() if last.due_at else STANDING
    return InboxPage(found[:size], f"{due}~{last.pk}")


def _following(cursor: str) -> Q | None:
    due, _tilde, number = cursor.partition("~")
    if (last := as_id(number)) is None:
        return None
    later_twin = Q(pk__gt=last)
    if due == STANDING:
        return Q(due_at__isnull=True) & later_twin
    try:
        moment = parse_datetime(due)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return Q(due_at__gt=moment) | (Q(due_at=moment) & later_twin) | Q(due_at__isnull=True)
