"""Keeping the rules of what follows an answer, and the list of rating reasons."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.enums import Rating
from lianqi.demands.errors import (
    ClosingRuleOutOfBounds,
    ClosingRuleTaken,
    RatingReasonCodeTaken,
    RatingReasonWithoutSteps,
)
from lianqi.demands.models import MOST_DAYS, ClosingRule, DemandCategory, RatingReason
from lianqi.engines.text import tidy

ALL = 100  # per cent
GOOD = (Rating.VERY_SATISFIED, Rating.SATISFIED)
FAIR = (Rating.BASICALLY_SATISFIED,)
BAD = (Rating.DISSATISFIED, Rating.VERY_DISSATISFIED)
# What a zone begins with; it keeps the list as its own data afterwards.
FIRST_REASONS: tuple[tuple[str, str, str, tuple[Rating, ...]], ...] = (
    ("solved", "问题得到解决", "The matter was solved", GOOD),
    ("quick", "响应及时", "Quick", GOOD),
    ("clear", "说明清楚、政策讲透", "Clear words", GOOD),
    ("friendly", "态度热情主动", "Friendly and of their own accord", GOOD),
    ("partly", "问题部分解决", "The matter was solved in part", FAIR),
    ("unsolved", "问题没有解决", "The matter was not solved", BAD),
    ("slow", "办理时间过长", "It took too long", FAIR + BAD),
    ("passed_on", "部门之间相互推诿", "Passed from unit to unit", BAD),
    ("unclear", "答复笼统、说明不清", "The answer was vague", FAIR + BAD),
    ("unfriendly", "态度生硬", "Unfriendly", BAD),
    ("asked_twice", "重复提交材料", "Papers were asked for twice", FAIR + BAD),
)


@transaction.atomic
def load_rating_reasons(*, at: dt.datetime) -> int:
    """Write the first reasons where there are none; return how many were written."""
    if RatingReason.objects.exists():
        return 0
    rows = RatingReason.objects.bulk_create(
        RatingReason(code=code, name_zh=zh, name_en=en, steps=list(steps), position=position)
        for position, (code, zh, en, steps) in enumerate(FIRST_REASONS)
    )
    record("demands.rating_reasons_loaded", rows[0], by=Automat(), at=at, reasons=len(rows))
    return len(rows)


@transaction.atomic
def load_closing_rule(*, at: dt.datetime) -> int:
    """Write the zone's own rule where there is none; return how many were written."""
    if ClosingRule.objects.filter(category__isnull=True).exists():
        return 0
    rule = ClosingRule.objects.create()
    record("demands.closing_rule_created", rule, by=Automat(), at=at, category="")
    return 1


@transaction.atomic
def create_rating_reason(
    *,
    code: str,
    name_zh: str,
    name_en: str,
    steps: Iterable[Rating],
    position: int,
    by: User,
    at: dt.datetime,
) -> RatingReason:
    """Add a reason somebody may tick with certain ratings.

    Raises:
        RatingReasonCodeTaken: The code, which never changes, belongs to another reason.
        RatingReasonWithoutSteps: A name or the ratings are missing.
    """
    _require(by)
    reason = RatingReason(
        code=tidy(code),
        name_zh=tidy(name_zh),
        name_en=tidy(name_en),
        steps=sorted(steps, reverse=True),
        position=position,
    )
    if RatingReason.objects.filter(code=reason.code).exists():
        raise RatingReasonCodeTaken(code=reason.code)
    _check_reason(reason)
    reason.save(force_insert=True)
    record("demands.rating_reason_created", reason, by=by, at=at, code=reason.code)
    return reason


@transaction.atomic
def change_rating_reason(
    reason_id: int,
    *,
    name_zh: str,
    name_en: str,
    steps: Iterable[Rating],
    position: int,
    is_active: bool,
    by: User,
    at: dt.datetime,
) -> RatingReason:
    """Change everything but the code. Ratings that were given keep their reasons.

    Raises:
        RatingReasonWithoutSteps: A name or the ratings are missing.
    """
    _require(by)
    reason = RatingReason.objects.select_for_update().get(pk=reason_id)
    values = {
        "name_zh": tidy(name_zh),
        "name_en": tidy(name_en),
        "steps": sorted(steps, reverse=True),
        "position": position,
        "is_active": is_active,
    }
    if changed := _change(reason, values):
        _check_reason(reason)
        reason.save(update_fields=list(changed))
        record("demands.rating_reason_changed", reason, by=by, at=at, changed=changed)
    return reason


@transaction.atomic
def create_closing_rule(
    *,
    category: DemandCategory,
    silent_days: int,
    reopen_days: int,
    rating_days: int,
    callback_percent: int,
    by: User,
    at: dt.datetime,
) -> ClosingRule:
    """Give a category a rule of its own.

    Raises:
        ClosingRuleTaken: It has one.
        ClosingRuleOutOfBounds: A number makes no sense.
    """
    _require(by)
    # Two at once wait for one another here, so that the second is refused in words.
    DemandCategory.objects.select_for_update(of=("self",)).get(pk=category.pk)
    if ClosingRule.objects.filter(category=category).exists():
        raise ClosingRuleTaken(category=category)
    rule = ClosingRule(
        category=category,
        silent_days=silent_days,
        reopen_days=reopen_days,
        rating_days=rating_days,
        callback_percent=callback_percent,
    )
    _check_rule(rule)
    rule.save(force_insert=True)
    record("demands.closing_rule_created", rule, by=by, at=at, category=category.code)
    return rule


@transaction.atomic
def change_closing_rule(
    rule_id: int,
    *,
    silent_days: int,
    reopen_days: int,
    rating_days: int,
    callback_percent: int,
    by: User,
    at: dt.datetime,
) -> ClosingRule:
    """Change a rule; it holds at once, for demands that are answered already too.

    Raises:
        ClosingRuleOutOfBounds: A number makes no sense.
    """
    _require(by)
    rule = ClosingRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    values = {
        "silent_days": silent_days,
        "reopen_days": reopen_days,
        "rating_days": rating_days,
        "callback_percent": callback_percent,
    }
    if changed := _change(rule, values):
        _check_rule(rule)
        rule.save(update_fields=list(changed))
        record("demands.closing_rule_changed", rule, by=by, at=at, changed=changed)
    return rule


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _change(row: Any, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; return it by name, before and after."""
    before = {name: getattr(row, name) for name in values}
    changed = {name: [before[name], new] for name, new in values.items() if before[name] != new}
    for name, (_old, new) in changed.items():
        setattr(row, name, new)
    return changed


def _check_reason(reason: RatingReason) -> None:
    if not (reason.code and reason.name_zh and reason.name_en and reason.steps):
        raise RatingReasonWithoutSteps


def _check_rule(rule: ClosingRule) -> None:
    days = (rule.silent_days, rule.reopen_days, rule.rating_days)
    sound = all(1 <= each <= MOST_DAYS for each in days) and 0 <= rule.callback_percent <= ALL
    if not sound:
        raise ClosingRuleOutOfBounds(days=MOST_DAYS)
