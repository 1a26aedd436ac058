"""Figures of service plans: how many are under way, and what came of the measures that fell due."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from lianqi.accounts.models import Unit, User
from lianqi.plans.enums import MeasureStatus, Verdict
from lianqi.plans.flow import SETTLED
from lianqi.plans.models import Measure, ServicePlan

YEAR = dt.timedelta(days=365)
_DONE = Q(status__in=[MeasureStatus.DONE, MeasureStatus.PARTLY])


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """`due` counts the measures due from the day `first` to `last`; the others are parts of it.

    Measures that were called off or never began count nowhere.
    """

    under_way: int
    first: dt.date
    last: dt.date
    due: int
    settled: int
    in_time: int
    late: int
    overdue: int
    not_possible: int
    doubted: int


def plan_figures(user: User, *, on: dt.date, unit: Unit | None = None) -> PlanFigures:
    """What `user` may see of them, in two queries: plans now, measures due in the last 365 days.

    Args:
        user: Whoever asks.
        on: Today; measures due on this day count as due.
        unit: Only plans this unit has a part in, and only measures it owns.
    """
    plans, measures = ServicePlan.objects.visible_to(user), Measure.objects.visible_to(user)
    if unit is not None:
        plans, measures = plans.concerning(unit.pk), measures.filter(unit=unit)
    first = on - YEAR
    due = measures.due_within(first, on).counted()
    counted = due.aggregate(
        due=Count("pk"),
        settled=Count("pk", filter=Q(status__in=SETTLED)),
        in_time=Count("pk", filter=_DONE & Q(was_late=False)),
        late=Count("pk", filter=_DONE & Q(was_late=True)),
        overdue=Count("pk", filter=Q(status=MeasureStatus.OPEN, due_on__lt=on)),
        not_possible=Count("pk", filter=Q(status=MeasureStatus.NOT_POSSIBLE)),
        doubted=Count("pk", filter=Q(verdict=Verdict.DOUBTED)),
    )
    return PlanFigures(under_way=plans.under_way().count(), first=first, last=on, **counted)
