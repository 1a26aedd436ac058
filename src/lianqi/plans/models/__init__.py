"""Tables of service plans: the plan, its proposals and notes, its measures and their story."""

from lianqi.plans.models.measures import Measure, MeasureEntry, MeasureQuerySet
from lianqi.plans.models.plans import PlanNote, Proposal, ServicePlan, ServicePlanQuerySet

__all__ = [
    "Measure",
    "MeasureEntry",
    "MeasureQuerySet",
    "PlanNote",
    "Proposal",
    "ServicePlan",
    "ServicePlanQuerySet",
]
