"""The clock rules of a zone: how long a step may take."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.calendar import ClockKind, OutsideRule
from lianqi.work.errors import AmberShareOutOfRange, ClockAmountOutOfRange
from lianqi.work.models import ClockRule, EscalationRule

LONGEST = 999

Lengths = Mapping[tuple[str, str], tuple[ClockKind, int]]
Ladder = Iterable[tuple[str, int]]


def add_missing_rules(
    subject: type[Model],
    lengths: Lengths,
    ladder: Ladder,
    *,
    outside: OutsideRule = OutsideRule.NEXT_WORKING_TIME,
) -> list[ClockRule]:
    """Write the first general rule of each step and priority that has none, and return them.

    A zone that has run for a while gets the rules of steps that came with a later release. The
    ladder is written only where the subject has none: a zone may have chosen not to tell anybody.
    The caller records what was written.

    Args:
        lengths: By step and priority.
        ladder: At which share of the time which level of the reporting line is told.
        outside: When the clock of a step that begins outside office hours starts.
    """
    kind = subject._meta.label_lower  # Django's public name for it
    general = ClockRule.objects.filter(subject_kind=kind, rule_set__isnull=True)
    known = set(general.values_list("step", "priority"))
    rules = ClockRule.objects.bulk_create(
        ClockRule(
            subject_kind=kind,
            step=step,
            priority=priority,
            kind=clock,
            amount=amount,
            outside_hours=outside,
        )
        for (step, priority), (clock, amount) in lengths.items()
        if (str(step), str(priority)) not in known
    )
    if rules:
        add_missing_ladder(subject, ladder)
    return rules


def add_missing_ladder(subject: type[Model], ladder: Ladder) -> None:
    """Write who is told at which share of the time, where nobody is told of this subject yet."""
    kind = subject._meta.label_lower
    if not EscalationRule.objects.filter(subject_kind=kind).exists():
        EscalationRule.objects.bulk_create(
            EscalationRule(subject_kind=kind, share=Decimal(share), level=level)
            for share, level in ladder
        )


@transaction.atomic
def change_clock_rule(
    rule_id: int,
    *,
    kind: ClockKind,
    amount: int,
    amber_share: Decimal,
    by: User,
    at: dt.datetime,
) -> ClockRule:
    """Change what will be promised from now on. Open items keep the clock they were promised.

    Args:
        amount: In the unit of the kind: days or hours.
        amber_share: The share of the time after which an item is due soon, above 0, at most 1.

    Raises:
        ClockAmountOutOfRange, AmberShareOutOfRange: No such clock can run.
    """
    if not by.has_perm("work.manage_clocks"):
        raise PermissionDenied
    if not 1 <= amount <= LONGEST:
        raise ClockAmountOutOfRange(longest=LONGEST)
    if not 0 < amber_share <= 1:
        raise AmberShareOutOfRange
    rule = ClockRule.objects.select_for_update().get(pk=rule_id)
    values = {"kind": kind.value, "amount": amount, "amber_share": amber_share}
    changed = {
        name: [_plain(getattr(rule, name)), _plain(value)]
        for name, value in values.items()
        if getattr(rule, name) != value
    }
    if not changed:
        return rule
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save(update_fields=list(changed))
    record(
        "work.clock_rule_changed",
        rule,
        by=by,
        at=at,
        step=rule.step,
        priority=rule.priority,
        changed=changed,
    )
    return rule


@dataclass(frozen=True, slots=True)
class ClockLength:
    """How long a step may take at a priority, for `write_rule_set`."""

    step: str
    priority: str
    kind: ClockKind
    amount: int


@transaction.atomic
def write_rule_set(
    subject_kind: str, rule_set: int, *, lengths: Iterable[ClockLength], source: str = ""
) -> None:
    """Let a set hold exactly these rules, on behalf of a record whose action asked permission.

    That action records it as an event of its own.

    Raises:
        ClockAmountOutOfRange: No such clock can run.
    """
    ClockRule.objects.filter(subject_kind=subject_kind, rule_set=rule_set).delete()
    rules = []
    for length in lengths:
        if not 1 <= length.amount <= LONGEST:
            raise ClockAmountOutOfRange(longest=LONGEST)
        rules.append(
            ClockRule(
                subject_kind=subject_kind,
                rule_set=rule_set,
                step=length.step,
                priority=length.priority,
                kind=length.kind,
                amount=length.amount,
                outside_hours=OutsideRule.NEXT_WORKING_TIME,
                source=source,
            )
        )
    ClockRule.objects.bulk_create(rules)


def _plain(value: str | int | Decimal) -> str | int:
    return f"{value:f}" if isinstance(value, Decimal) else value
