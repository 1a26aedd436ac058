"""The first time limits of service plans; the zone's to change."""

import datetime as dt

from django.db import transaction

from lianqi.audit.actions import Automat, record
from lianqi.engines.calendar import ClockKind
from lianqi.plans.enums import MeasureStep, PlanStep
from lianqi.plans.models import Measure, ServicePlan
from lianqi.work.actions import Lengths, add_missing_rules
from lianqi.work.enums import Urgency

PLAN_LENGTHS: Lengths = {
    (PlanStep.DRAW_UP, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 10),
    (PlanStep.AGREE, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 10),
    (PlanStep.START, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 2),
    (PlanStep.REVIEW, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 60),
}
# A measure has the day that was agreed; this is the day that is offered when one is added.
MEASURE_LENGTHS: Lengths = {
    (MeasureStep.CARRY_OUT, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 20),
}
LADDER = (("0.80", 0), ("1.00", 0), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_plan_clocks(*, at: dt.datetime) -> int:
    """Write the first clock rule of each step that has none; return how many."""
    rules = add_missing_rules(ServicePlan, PLAN_LENGTHS, LADDER)
    rules += add_missing_rules(Measure, MEASURE_LENGTHS, LADDER)
    if rules:
        record("plans.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)
