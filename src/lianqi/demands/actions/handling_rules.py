"""Keeping the rules of handling."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.keeping import add_rule, change_row
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
    represented_days: int,
    by: User,
    at: dt.datetime,
) -> HandlingRule:
    """Give a category a rule of its own.

    Raises:
        HandlingRuleTaken: It has one.
        HandlingRuleOutOfBounds: A number makes no sense.
    """
    rule = HandlingRule(
        category=category,
        most_extensions=most_extensions,
        extension_percent=extension_percent,
        extension_decider=extension_decider,
        counts_late=counts_late,
        leader_signs=leader_signs,
        appeal_days=appeal_days,
        represented_days=represented_days,
    )
    verb = "demands.handling_rule_created"
    add_rule(rule, taken=HandlingRuleTaken, check=_check, verb=verb, by=by, at=at)
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
    represented_days: int,
    by: User,
    at: dt.datetime,
) -> HandlingRule:
    """Change a rule; what was asked for or proposed already keeps the rule of that time.

    Raises:
        HandlingRuleOutOfBounds: A number makes no sense.
    """
    values = {
        "most_extensions": most_extensions,
        "extension_percent": extension_percent,
        "extension_decider": extension_decider,
        "counts_late": counts_late,
        "leader_signs": leader_signs,
        "appeal_days": appeal_days,
        "represented_days": represented_days,
    }
    verb = "demands.handling_rule_changed"
    return change_row(HandlingRule, rule_id, values, check=_check, verb=verb, by=by, at=at)


def _check(rule: HandlingRule) -> None:
    times = 0 <= rule.most_extensions <= MOST_TIMES
    days = all(1 <= each <= MOST_DAYS for each in (rule.appeal_days, rule.represented_days))
    if not (times and days and 1 <= rule.extension_percent <= MOST_PERCENT):
        raise HandlingRuleOutOfBounds(times=MOST_TIMES, percent=MOST_PERCENT, days=MOST_DAYS)
