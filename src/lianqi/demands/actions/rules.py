"""Categories, clocks and escalations: what a zone decides about its demands, as data."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import Automat, record
from lianqi.demands.enums import Step
from lianqi.demands.errors import (
    CategoryCodeTaken,
    CategoryNameMissing,
    CategoryTooDeep,
    CategoryUnderItself,
)
from lianqi.demands.models import DEEPEST, CaseClass, Demand, DemandCategory
from lianqi.engines.calendar import ClockKind
from lianqi.engines.text import tidy
from lianqi.work.actions import add_missing_ladder, add_missing_rules
from lianqi.work.enums import Urgency

# The first lengths of each step, in the unit of the urgency: working days, working hours, hours
# round the clock. They are the zone's to change: published promises for an answer range from two
# to fifteen working days. A working day has seven and a half working hours. The follow-up of a
# bad rating (REMEDY) has the five working days that 德州 published in 2020.
LENGTHS: Mapping[Urgency, tuple[ClockKind, Mapping[Step, int]]] = {
    Urgency.NORMAL: (
        ClockKind.WORKING_DAYS,
        {
            Step.DISPATCH: 1,
            Step.ACCEPT: 1,
            Step.CONTACT: 1,
            Step.INTERIM: 3,
            Step.PROGRESS: 2,
            Step.ANSWER: 5,
            Step.OBJECT: 1,  # for every urgency, unless the zone sets others
            Step.DECIDE: 1,
            Step.ARBITRATE: 2,
            Step.REMEDY: 5,
            Step.ASSIST: 3,
            Step.TRANSFER: 1,
            Step.EXTEND: 1,
            Step.SIGN: 1,
            Step.APPEAL: 5,
        },
    ),
    Urgency.URGENT: (
        ClockKind.WORKING_HOURS,
        {
            Step.DISPATCH: 2,
            Step.ACCEPT: 2,
            Step.CONTACT: 2,
            Step.INTERIM: 7,
            Step.PROGRESS: 7,
            Step.ANSWER: 15,
            Step.DECIDE: 2,
            Step.ARBITRATE: 4,
            Step.REMEDY: 15,
            Step.ASSIST: 7,
            Step.TRANSFER: 2,
            Step.EXTEND: 2,
            Step.SIGN: 2,
            Step.APPEAL: 15,
        },
    ),
    Urgency.CRITICAL: (
        ClockKind.FIXED_HOURS,
        {
            Step.DISPATCH: 1,
            Step.ACCEPT: 1,
            Step.CONTACT: 1,
            Step.INTERIM: 4,
            Step.PROGRESS: 12,
            Step.ANSWER: 24,
            Step.DECIDE: 1,
            Step.ARBITRATE: 4,
            Step.REMEDY: 48,
            Step.ASSIST: 8,
            Step.TRANSFER: 1,
            Step.EXTEND: 1,
            Step.SIGN: 1,
            Step.APPEAL: 48,
        },
    ),
}

# Who is told at which share of the clock: 0 the responsible, 1 the head, 2 the leader in charge.
LADDER = (("0.50", 0), ("0.80", 0), ("0.80", 1), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_clock_rules(*, at: dt.datetime) -> int:
    """Write the first general rule of each step and urgency that has none; return how many."""
    lengths = {
        (step.value, urgency.value): (clock, amount)
        for urgency, (clock, amounts) in LENGTHS.items()
        for step, amount in amounts.items()
    }
    rules = add_missing_rules(Demand, lengths, LADDER)
    if rules:
        # The clock of a class is the day that was promised; only who is told is a rule.
        add_missing_ladder(CaseClass, LADDER)
        record("demands.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)


@transaction.atomic
def create_category(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    lead_unit: Unit | None,
    by: User,
    at: dt.datetime,
    usual_urgency: Urgency = Urgency.NORMAL,
    position: int = 0,
    parent: DemandCategory | None = None,
) -> DemandCategory:
    """Add a category under a heading; `lead_unit` is what the duty catalogue says of it.

    Raises:
        CategoryCodeTaken: The code, which never changes, belongs to another category.
        CategoryNameMissing: Something it needs is missing.
        CategoryTooDeep: The heading stands too low.
    """
    _require(by)
    category = DemandCategory(
        code=tidy(code),
        name_zh=tidy(name_zh),
        name_en=tidy(name_en),
        parent=parent,
        lead_unit=lead_unit,
        usual_urgency=usual_urgency,
        position=position,
    )
    if DemandCategory.objects.filter(code=category.code).exists():
        raise CategoryCodeTaken(code=category.code)
    _check(category)
    category.save(force_insert=True)
    record("demands.category_created", category, by=by, at=at, code=category.code)
    return category


@transaction.atomic
def change_category(
    category_id: int,
    *,
    name_zh: str,
    name_en: str,
    parent: DemandCategory | None,
    lead_unit: Unit | None,
    usual_urgency: Urgency,
    position: int,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> DemandCategory:
    """Change everything but the code. Demands that were filed keep their clocks and their unit.

    Raises:
        CategoryNameMissing: Something it needs is missing.
        CategoryTooDeep, CategoryUnderItself: The heading will not do.
    """
    _require(by)
    tree = _locked_tree()
    category = tree[category_id]
    values: dict[str, Any] = {
        "name_zh": tidy(name_zh),
        "name_en": tidy(name_en),
        "parent": parent,
        "lead_unit": lead_unit,
        "usual_urgency": usual_urgency,
        "position": position,
        "is_active": is_active,
    }
    before = {name: getattr(category, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return category
    for name in changed:
        setattr(category, name, values[name])
    _check(category)
    category.save(update_fields=changed)
    record(
        "demands.category_changed",
        category,
        by=by,
        at=at,
        changed={name: [_plain(before[name]), _plain(values[name])] for name in changed},
    )
    return category


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _check(category: DemandCategory) -> None:
    if not (category.code and category.name_zh and category.name_en):
        raise CategoryNameMissing
    _check_place(category)


def _locked_tree() -> dict[int, DemandCategory]:
    """Every category by its id; who changes the tree waits for whoever changes it already."""
    return DemandCategory.objects.select_for_update().order_by("pk").in_bulk()


def _check_place(category: DemandCategory) -> None:
    tree = {pk: row.parent_id for pk, row in _locked_tree().items()}
    above, at = 0, category.parent_id
    while at is not None:
        if at == category.pk:
            raise CategoryUnderItself(category=category)
        above, at = above + 1, tree[at]
    if above + _levels(category.pk, tree) > DEEPEST:
        raise CategoryTooDeep(most=DEEPEST)


def _levels(top: int | None, tree: Mapping[int, int | None]) -> int:
    """How many levels the category and what stands below it take."""
    below = [pk for pk, parent in tree.items() if parent == top] if top is not None else []
    return 1 + max((_levels(pk, tree) for pk in below), default=0)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Unit | DemandCategory) else value
