"""What pages about plans show beside the plan itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from lianqi.demands.models import Demand
from lianqi.plans.enums import MeasureStatus, MeasureStep
from lianqi.plans.flow import CURRENT, SETTLED
from lianqi.plans.models import Measure, ServicePlan
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule, WorkItem
from lianqi.work.queries import due_under, local_date


@dataclass(frozen=True, slots=True)
class MeasureCounts:
    """How many measures a plan has, how many of them have a result, and how many are overdue."""

    total: int = 0
    settled: int = 0
    overdue: int = 0


def measure_counts(plans: Sequence[ServicePlan], *, on: dt.date) -> dict[int, MeasureCounts]:
    """The counts of each plan, by its id; one query."""
    rows = (
        Measure.objects.filter(plan__in=[each.pk for each in plans])
        .values("plan_id")
        .annotate(
            total=Count("pk"),
            settled=Count("pk", filter=Q(status__in=SETTLED)),
            overdue=Count("pk", filter=Q(status=MeasureStatus.OPEN, due_on__lt=on)),
        )
        .order_by("plan_id")
    )
    return {
        row["plan_id"]: MeasureCounts(row["total"], row["settled"], row["overdue"]) for row in rows
    }


def clocks_of(measures: Sequence[Measure]) -> dict[int, WorkItem]:
    """The open work item of each measure, by the id of the measure; one query."""
    owed = WorkItem.objects.open().filter(
        subject_kind=Measure._meta.label_lower,
        subject_id__in=[each.pk for each in measures],
        step=MeasureStep.CARRY_OUT,
    )
    return {item.subject_id: item for item in owed}


def plan_beside(demand: Demand) -> tuple[ServicePlan | None, bool]:
    """The plan a demand is linked to, or else the current one of its enterprise; whether linked.

    One query, whoever asks; the caller says what the reader may know of it.
    """
    if demand.enterprise_id is None:
        return None, False
    links = ServicePlan.demands.through.objects.filter(
        serviceplan_id=OuterRef("pk"), demand_id=demand.pk
    )
    plans = (
        ServicePlan.objects.filter(enterprise_id=demand.enterprise_id)
        .annotate(is_linked=Exists(links))
        .filter(Q(is_linked=True) | Q(status__in=CURRENT))
        .select_related("enterprise", "unit")
        .order_by("-is_linked", "-pk")
    )
    found = plans.first()
    return found, bool(getattr(found, "is_linked", False))


def usual_due_day(*, at: dt.datetime) -> dt.date | None:
    """The day that is offered for a new measure, by the zone's rule; None without a rule."""
    rule = ClockRule.objects.filter(
        subject_kind=Measure._meta.label_lower,
        step=MeasureStep.CARRY_OUT,
        priority=Urgency.NORMAL,
        rule_set__isnull=True,
    ).first()
    return local_date(due_under(rule, started_at=at)) if rule else None
