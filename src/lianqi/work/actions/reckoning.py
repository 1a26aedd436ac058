"""Writing down what a clock says. Every time is computed anew from the whole story of the item.

Nothing is ever added to a stored due time: terms, pauses and extensions go into the engine
together, so that no change can lose or double-count another.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q

from lianqi.audit.actions import Automat, event, record_many
from lianqi.engines.calendar import ClockKind, OutsideRule, WorkCalendar
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule, EscalationRule, WorkItem
from lianqi.work.queries import clock_of, current_calendar

COMPUTED = ("due_at", "amber_at", "is_provisional", "paused_since", "next_escalation_at")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """What clocks are computed with: the calendar and the escalation rules in force."""

    calendar: WorkCalendar
    rules: tuple[EscalationRule, ...]

    @classmethod
    def current(cls) -> Self:
        rules = EscalationRule.objects.order_by("share", "level", "pk")
        return cls(current_calendar(), tuple(rules))

    def rules_for(self, item: WorkItem) -> list[EscalationRule]:
        """The rules of the item's step and those for every step, by share and level."""
        return [
            rule
            for rule in self.rules
            if rule.subject_kind == item.subject_kind and rule.step in {"", item.step}
        ]

    def next_share(self, item: WorkItem) -> Decimal | None:
        """The lowest share that was not told yet."""
        ahead = (rule.share for rule in self.rules_for(item) if rule.share > item.escalated_share)
        return min(ahead, default=None)


def reckon(item: WorkItem, terms: Terms) -> None:
    """Set the computed fields of an open item; the caller saves them.

    `paused_since` says since when the clock stands. A pause that did not begin before the due time,
    because that was moved forward later, stops nothing: the item is overdue and shows it.
    """
    clock = clock_of(item, terms.calendar)
    due = clock.due()
    share = terms.next_share(item)
    item.due_at = due.at
    item.is_provisional = due.is_provisional
    item.amber_at = clock.at_share(item.amber_share)
    item.next_escalation_at = None if share is None else clock.at_share(share)
    standing = (pause.start for pause in clock.pauses if pause.end is None)
    item.paused_since = next(standing, None) if due.at is None else None


def clock_rule(
    subject_kind: str, step: str, priority: str, rule_set: int | None = None
) -> ClockRule:
    """The clock of a step at a priority.

    The rule set is asked first, then the general rules: a set that says anything about a step
    decides it. Within either, a priority without a rule has the next less pressing one's.

    Raises:
        LookupError: The zone's data know no clock for this step.
    """
    rules = ClockRule.objects.filter(
        Q(rule_set__isnull=True) | Q(rule_set=rule_set), subject_kind=subject_kind, step=step
    )
    return _nearest(rules, subject_kind, step, priority)


class ClockRules:
    """All clocks of one step, asked for once; for whoever opens many items of it."""

    def __init__(self, subject_kind: str, step: str) -> None:
        self._kind, self._step = subject_kind, step
        self._rules = list(ClockRule.objects.filter(subject_kind=subject_kind, step=step))

    def rule(self, priority: str, rule_set: int | None) -> ClockRule:
        """As `clock_rule` says.

        Raises:
            LookupError: The zone's data know no clock for this step.
        """
        rules = [each for each in self._rules if each.rule_set in {None, rule_set}]
        return _nearest(rules, self._kind, self._step, priority)


def _nearest(rules: Iterable[ClockRule], kind: str, step: str, priority: str) -> ClockRule:
    ladder = _no_more_pressing_than(priority)
    nearest = min(
        (rule for rule in rules if rule.priority in ladder),
        key=lambda rule: (rule.rule_set is None, ladder.index(rule.priority)),
        default=None,
    )
    if nearest is None:
        raise LookupError(f"no clock rule for {kind} {step} {priority}")
    return nearest


def _no_more_pressing_than(priority: str) -> list[str]:
    """The priority itself, then the less pressing ones down to the normal one."""
    order = [each.value for each in Urgency]
    if priority not in order:
        return [priority, Urgency.NORMAL]
    return order[order.index(priority) :: -1]


def promised(days: int) -> ClockRule:
    """The clock of a day that was promised: the end of the working day, so many days from now."""
    return ClockRule(
        kind=ClockKind.CALENDAR_DAYS,
        amount=days,
        outside_hours=OutsideRule.AS_FILED,
        amber_share=Decimal("0.80"),
    )


def set_clock(item: WorkItem, rule: ClockRule, priority: str) -> None:
    """Promise the item the clock of a rule."""
    item.priority = priority
    item.clock_kind = rule.kind
    item.clock_amount = rule.amount
    item.outside_hours = rule.outside_hours
    item.cutoff = rule.cutoff
    item.amber_share = rule.amber_share


def record_of(item: WorkItem) -> Model:
    """The record an item is about, as the subject of an event: its kind and id, not its row."""
    record: Model = apps.get_model(item.subject_kind)(pk=item.subject_id)
    return record


def recompute_open_clocks(*, at: dt.datetime) -> int:
    """Compute every open clock anew after a change of the calendar; return how many times moved.

    Works in batches of 1000, one transaction each, so that nobody waits long; a second run changes
    nothing. Each moved due time is one audit event of the record it belongs to.
    """
    terms, moved, last = Terms.current(), 0, 0
    while ids := list(
        WorkItem.objects.open()
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    ):
        moved += _recompute(ids, terms, at=at)
        last = ids[-1]
    return moved


@transaction.atomic
def _recompute(ids: Iterable[int], terms: Terms, *, at: dt.datetime) -> int:
    items = (
        WorkItem.objects.open()
        .filter(pk__in=ids)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .prefetch_related("pauses", "extensions")
    )
    changed, events = [], []
    for item in items:
        before = [getattr(item, name) for name in COMPUTED]
        reckon(item, terms)
        if before != [getattr(item, name) for name in COMPUTED]:
            changed.append(item)
        if before[0] != item.due_at:
            events.append(
                event(
                    "work.recomputed",
                    record_of(item),
                    by=Automat(),
                    at=at,
                    enterprise_id=item.enterprise_id,
                    item=item.pk,
                    step=item.step,
                    earlier=text(before[0]),
                    due_at=text(item.due_at),
                )
            )
    WorkItem.objects.bulk_update(changed, COMPUTED, batch_size=500)
    record_many(events)
    return len(events)


def text(at: dt.datetime | None) -> str | None:
    """An instant as an event's detail spells it."""
    return None if at is None else at.astimezone(dt.UTC).isoformat()


def about(subject: Model) -> Q:
    """The items of one record."""
    return Q(subject_kind=subject._meta.label_lower, subject_id=subject.pk)
