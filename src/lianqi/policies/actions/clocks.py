"""The first time limits of the policy library; the zone's to change."""

import datetime as dt

from django.db import transaction

from lianqi.audit.actions import Automat, record
from lianqi.engines.calendar import ClockKind
from lianqi.policies.enums import OverlapStep, QuestionStep
from lianqi.policies.models import Overlap, PolicyQuestion
from lianqi.work.actions import Lengths, add_missing_rules
from lianqi.work.enums import Urgency

QUESTION_LENGTHS: Lengths = {
    (QuestionStep.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 3),
}
# New policies are broken down within seven working days; half of that is the coordinator's.
OVERLAP_LENGTHS: Lengths = {
    (OverlapStep.SETTLE, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 3),
}
LADDER = (("0.80", 0), ("1.00", 0), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_policy_clocks(*, at: dt.datetime) -> int:
    """Write the first clock rule of each step that has none; return how many."""
    rules = add_missing_rules(PolicyQuestion, QUESTION_LENGTHS, LADDER)
    rules += add_missing_rules(Overlap, OVERLAP_LENGTHS, LADDER)
    if rules:
        record("policies.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)
