"""Demands (诉求), their categories, and the running totals behind the closing rate."""

from lianqi.demands.models.categories import DemandCategory, DemandCategoryQuerySet
from lianqi.demands.models.demands import (
    EVERYTHING_READERS,
    Demand,
    DemandQuerySet,
    search_columns,
)
from lianqi.demands.models.similar import DemandMark, MarkBackfill
from lianqi.demands.models.tallies import DemandTally

__all__ = [
    "EVERYTHING_READERS",
    "Demand",
    "DemandCategory",
    "DemandCategoryQuerySet",
    "DemandMark",
    "DemandQuerySet",
    "DemandTally",
    "MarkBackfill",
    "search_columns",
]
