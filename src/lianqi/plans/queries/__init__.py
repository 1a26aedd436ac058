"""Answers about service plans."""

from lianqi.plans.queries.figures import PlanFigures, plan_figures
from lianqi.plans.queries.reading import (
    MeasureCounts,
    clocks_of,
    measure_counts,
    plan_beside,
    usual_due_day,
)
from lianqi.plans.queries.shown import Shown, ShownMeasure, shown_to

__all__ = [
    "MeasureCounts",
    "PlanFigures",
    "Shown",
    "ShownMeasure",
    "clocks_of",
    "measure_counts",
    "plan_beside",
    "plan_figures",
    "shown_to",
    "usual_due_day",
]
