"""Keeping the rules of what follows an answer, and the list of rating reasons."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.keeping import add_coded, add_rule, change_row
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
    reason = RatingReason(
        code=tidy(code),
        name_zh=tidy(name_zh),
        name_en=tidy(name_en),
        steps=sorted(steps, reverse=True),
        position=position,
    )
    add_coded(
        reason,
        taken=RatingReasonCodeTaken,
        check=_check_reason,
        verb="demands.rating_reason_created",
        by=by,
        at=at,
    )
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
    values = {
        "name_zh": tidy(name_zh),
        "name_en": tidy(name_en),
        "steps": sorted(steps, reverse=True),
        "position": position,
        "is_active": is_active,
    }
    verb = "demands.rating_reason_changed"
    return change_row(RatingReason, reason_id, values, check=_check_reason, verb=verb, by=by, at=at)


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
    rule = ClosingRule(
        category=category,
        silent_days=silent_days,
        reopen_days=reopen_days,
        rating_days=rating_days,
        callback_percent=callback_percent,
    )
    verb = "demands.closing_rule_created"
    add_rule(rule, taken=ClosingRuleTaken, check=_check_rule, verb=verb, by=by, at=at)
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
    values = {
        "silent_days": silent_days,
        "reopen_days": reopen_days,
        "rating_days": rating_days,
        "callback_percent": callback_percent,
    }
    verb = "demands.closing_rule_changed"
    return change_row(ClosingRule, rule_id, values, check=_check_rule, verb=verb, by=by, at=at)


def _check_reason(reason: RatingReason) -> None:
    if not (reason.code and reason.name_zh and reason.name_en and reason.steps):
        raise RatingReasonWithoutSteps


def _check_rule(rule: ClosingRule) -> None:
    days = (rule.silent_days, rule.reopen_days, rule.rating_days)
    sound = all(1 <= each <= MOST_DAYS for each in days) and 0 <= rule.callback_percent <= ALL
    if not sound:
        raise ClosingRuleOutOfBounds(days=MOST_DAYS)
