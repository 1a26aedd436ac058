"""The first time limits of free tests."""

import datetime as dt

from django.db import transaction

from lianqi.audit.actions import Automat, record
from lianqi.engines.calendar import ClockKind
from lianqi.freetests.enums import FreeTestStep
from lianqi.freetests.models import FreeTest, LabOrder
from lianqi.work.actions import Lengths, add_missing_rules
from lianqi.work.enums import Urgency

TEST_LENGTHS: Lengths = {(FreeTestStep.MATCH, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 1)}
# The result has the working days that the institute states; the rule is for what has none.
ORDER_LENGTHS: Lengths = {
    (FreeTestStep.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 2),
    (FreeTestStep.SAMPLES, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 3),
    (FreeTestStep.RESULT, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 5),
}
LADDER = (("0.80", 0), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_test_clocks(*, at: dt.datetime) -> int:
    """Write the clock rules that the zone has not got yet; return how many."""
    rules = [
        *add_missing_rules(FreeTest, TEST_LENGTHS, LADDER),
        *add_missing_rules(LabOrder, ORDER_LENGTHS, LADDER),
    ]
    if rules:
        record("freetests.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)
