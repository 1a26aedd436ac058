"""Opening and closing one step of many records at once, on behalf of a subject's action.

The same items as one by one, in a number of queries that does not grow with the records.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Model, Q

from lianqi.accounts.models import Unit, User
from lianqi.work.actions.opening import close_items
from lianqi.work.actions.reckoning import COMPUTED, ClockRules, Terms, reckon, set_clock
from lianqi.work.enums import Outcome, Part
from lianqi.work.models import WorkItem

_CLOCK = ("clock_kind", "clock_amount", "outside_hours", "cutoff", "amber_share", "priority")
_SHARED = (*COMPUTED, *_CLOCK, "subject_kind", "step", "opened_at")


@dataclass(frozen=True, slots=True)
class Owed:
    """What a unit shall owe one record from now on."""

    subject: Model
    enterprise_id: int | None
    label: str
    url: str
    unit: Unit
    priority: str
    rule_set: int | None


def open_many(owed: Sequence[Owed], *, step: str, at: dt.datetime) -> None:
    """Give each unit a step of each record; the clocks of equal terms are computed once.

    All records are of one kind.

    Raises:
        LookupError: There is no clock rule for this step.
    """
    if not owed:
        return
    kind = owed[0].subject._meta.label_lower
    ids = [each.subject.pk for each in owed]
    earlier = WorkItem.objects.filter(
        subject_kind=kind, subject_id__in=ids, step=step, part=Part.LEAD
    )
    visits = dict(earlier.order_by().values_list("subject_id").annotate(Count("pk")))
    terms, rules = Terms.current(), ClockRules(kind, step)
    alike: dict[tuple[str, int | None], WorkItem] = {}
    items = []
    for each in owed:
        key = (each.priority, each.rule_set)
        if key not in alike:
            item = alike[key] = WorkItem(subject_kind=kind, step=step, opened_at=at)
            set_clock(item, rules.rule(*key), each.priority)
            reckon(item, terms)
        items.append(_like(alike[key], each, visit=1 + visits.get(each.subject.pk, 0)))
    WorkItem.objects.bulk_create(items)


def finish_many(subjects: Iterable[Model], *, step: str, by: User, at: dt.datetime) -> None:
    """Close the open items of a step of many records of one kind; as `finish_items` does."""
    found = list(subjects)
    if found:
        kind = found[0]._meta.label_lower
        which = Q(subject_kind=kind, subject_id__in=[each.pk for each in found], step=step)
        close_items(which, Outcome.DONE, by=by, at=at)


def _like(item: WorkItem, owed: Owed, *, visit: int) -> WorkItem:
    return WorkItem(
        subject_id=owed.subject.pk,
        enterprise_id=owed.enterprise_id,
        label=owed.label,
        url=owed.url,
        unit=owed.unit,
        visit=visit,
        rule_set=owed.rule_set,
        **{name: getattr(item, name) for name in _SHARED},
    )
