"""Keeping the rules of handling."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.enums import Decider
from lianqi.demands.errors import HandlingRuleOutOfBounds, HandlingRuleTaken
from lianqi.demands.models import MOST_DAYS, MOST_PERCENT, MOST_TIMES, DemandCategory, HandlingRule


@transaction.atomic
def load_handling_rule(*, at: dt.datetime) -> int:
    """Write the zone's own rule where there is none; return how many were written."""
    if HandlingRule.objects.filter(category__isnull=True).exists():
        return 0
    rule = HandlingRule.objects.create()
    record("demands.handling_rule_created", rule, by=Automat(), at=at, category="")
    return 1


@transaction.atomic
def create_handling_rule(
    *,
    category: DemandCategory,
    most_extensions: int,
    extension_percent: int,
    extension_decider: Decider,
    counts_late: bool,
    leader_signs: bool,
    appeal_days: int,
    by: User,
    at: dt.datetime,
) -> HandlingRule:
    """Give a category a rule of its own.

    Raises:
        HandlingRuleTaken: It has one.
        HandlingRuleOutOfBounds: A number makes no sense.
    """
    _require(by)
    # Two at once wait for one another here, so that the second is refused in words.
    DemandCategory.objects.select_for_update(of=("self",)).get(pk=category.pk)
    if HandlingRule.objects.filter(category=category).exists():
        raise HandlingRuleTaken(category=category)
    rule = HandlingRule(
        category=category,
        most_extensions=most_extensions,
        extension_percent=extension_percent,
        extension_decider=extension_decider,
        counts_late=counts_late,
        leader_signs=leader_signs,
        appeal_days=appeal_days,
    )
    _check(rule)
    rule.save(force_insert=True)
    record("demands.handling_rule_created", rule, by=by, at=at, category=category.code)
    return rule


@transaction.atomic
def change_handling_rule(
    rule_id: int,
    *,
    most_extensions: int,
    extension_percent: int,
    extension_decider: Decider,
    counts_late: bool,
    leader_signs: bool,
    appeal_days: int,
    by: User,
    at: dt.datetime,
) -> HandlingRule:
    """Change a rule; what was asked for or proposed already keeps the rule of that time.

    Raises:
        HandlingRuleOutOfBounds: A number makes no sense.
    """
    _require(by)
    rule = HandlingRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    values: dict[str, Any] = {
        "most_extensions": most_extensions,
        "extension_percent": extension_percent,
        "extension_decider": extension_decider,
        "counts_late": counts_late,
        "leader_signs": leader_signs,
        "appeal_days": appeal_days,
    }
    changed = {
        name: [getattr(rule, name), new]
        for name, new in values.items()
        if getattr(rule, name) != new
    }
    if changed:
        for name in changed:
            setattr(rule, name, values[name])
        _check(rule)
        rule.save(update_fields=list(changed))
        record("demands.handling_rule_changed", rule, by=by, at=at, changed=changed)
    return rule


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _check(rule: HandlingRule) -> None:
    times = 0 <= rule.most_extensions <= MOST_TIMES
    days = 1 <= rule.appeal_days <= MOST_DAYS
    if not (times and days and 1 <= rule.extension_percent <= MOST_PERCENT):
        raise HandlingRuleOutOfBounds(times=MOST_TIMES, percent=MOST_PERCENT, days=MOST_DAYS)
