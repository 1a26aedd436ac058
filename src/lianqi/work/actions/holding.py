"""Open items whose clock stands while somebody decides, and that go from one unit to another.

On behalf of a subject's action, which asked its own permission and writes the event.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Model, Q

from lianqi.accounts.models import Unit, User
from lianqi.work.actions.reckoning import COMPUTED, Terms, about, reckon
from lianqi.work.enums import Part, PauseReason
from lianqi.work.models import Pause, WorkItem


@transaction.atomic
def hold_items(
    subject: Model, *, step: str, reason: PauseReason, evidence: str, by: User, at: dt.datetime
) -> int:
    """Stop the running clocks of a step; return how many. One that has run out is not hidden."""
    items = _locked(subject, Q(step=step, paused_since__isnull=True, due_at__gt=at))
    Pause.objects.bulk_create(
        [
            Pause(item=item, reason=reason, evidence=evidence, started_at=at, started_by=by)
            for item in items
        ]
    )
    return _rewrite(items)


@transaction.atomic
def release_items(subject: Model, *, step: str, by: User, at: dt.datetime) -> int:
    """Let the clocks of a step run again with the time that was left; return how many."""
    items = _locked(subject, Q(step=step, paused_since__isnull=False))
    Pause.objects.filter(item__in=items, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    return _rewrite(items)


def hand_over_items(subject: Model, *, unit: Unit) -> int:
    """Give the open items of a leading unit to another unit, each with its clock; return how many.

    Nobody of the new unit has them yet. What a desk or a person alone owes stays where it is.
    """
    owed = WorkItem.objects.open().filter(about(subject), part=Part.LEAD, unit__isnull=False)
    return owed.update(unit=unit, person=None)


def hand_over_desk(unit: Unit, *, to: Unit) -> int:
    """Give whatever a unit that closes still owes to another unit, with its clocks; how many."""
    return WorkItem.objects.open().filter(unit=unit).update(unit=to, person=None)


def take_over_items(subject: Model, *, step: str, person: User) -> int:
    """Give the open items of a step to one person of the unit that has them; return how many."""
    owed = WorkItem.objects.open().filter(about(subject), part=Part.LEAD, step=step)
    return owed.update(person=person)


def _locked(subject: Model, which: Q) -> list[WorkItem]:
    return list(
        WorkItem.objects.open()
        .filter(about(subject) & which)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )


def _rewrite(items: list[WorkItem]) -> int:
    terms = Terms.current()
    for item in items:
        reckon(item, terms)
    WorkItem.objects.bulk_update(items, COMPUTED)
    return len(items)
