"""How often a matter came, before its cause was fixed and after."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from lianqi.demands.enums import ClassStatus
from lianqi.demands.models import CaseClass
from lianqi.engines.calendar import ZONE

SPAN = 90
"""Days before and after the fix that are counted at most."""
PER = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Demands of a class filed within so many days."""

    demands: int
    days: int

    @property
    def per_30_days(self) -> float | None:
        """None where less than a month has passed: too early to tell."""
        return self.demands * PER / self.days if self.days >= PER else None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Before: up to the day of the fix, or up to today. After: None while it is not fixed."""

    before: Stretch
    after: Stretch | None


def recurrence(case: CaseClass, *, on: dt.date) -> Recurrence:
    """Count the demands of a class by the day of their filing; the day of the fix counts as before.

    Args:
        case: The class.
        on: Today.
    """
    fixed_on = None
    if case.status == ClassStatus.FIXED and case.fixed_at is not None:
        fixed_on = case.fixed_at.astimezone(ZONE).date()
    turn = fixed_on or on
    first, last = turn - dt.timedelta(days=SPAN - 1), min(on, turn + dt.timedelta(days=SPAN))
    counts = case.links.aggregate(
        before=Count("pk", filter=Q(demand__filed_on__range=(first, turn))),
        after=Count("pk", filter=Q(demand__filed_on__gt=turn, demand__filed_on__lte=last)),
    )
    after = Stretch(counts["after"], (last - turn).days) if fixed_on else None
    return Recurrence(Stretch(counts["before"], SPAN), after)
