"""Page-shaped answers about demands."""

from lianqi.demands.queries.calls import CallCount, Caller, call_counts, caller_of
from lianqi.demands.queries.catalogue import (
    PROMISED,
    Length,
    Node,
    category_tree,
    lengths,
    missing_evidence,
    version_in_force,
)
from lianqi.demands.queries.clocks import leading, open_items
from lianqi.demands.queries.closing import periods_by_category, periods_of
from lianqi.demands.queries.figures import Breakdown, Figures, breakdown, figures
from lianqi.demands.queries.learning import (
    CategoryHint,
    UnitHint,
    suggested_category,
    unit_hints,
)
from lianqi.demands.queries.similar import NEARLY, Near, near_duplicates, similar_demands
from lianqi.demands.queries.suggesting import Suggestion, suggest_unit

__all__ = [
    "NEARLY",
    "PROMISED",
    "Breakdown",
    "CallCount",
    "Caller",
    "CategoryHint",
    "Figures",
    "Length",
    "Near",
    "Node",
    "Suggestion",
    "UnitHint",
    "breakdown",
    "call_counts",
    "caller_of",
    "category_tree",
    "figures",
    "leading",
    "lengths",
    "missing_evidence",
    "near_duplicates",
    "open_items",
    "periods_by_category",
    "periods_of",
    "similar_demands",
    "suggest_unit",
    "suggested_category",
    "unit_hints",
    "version_in_force",
]
