"""Page-shaped answers about demands."""

from lianqi.demands.queries.callbacks import (
    Remedies,
    RepeatLink,
    Repeats,
    Verified,
    remedies,
    repeat_figures,
    repeats_of,
    verified,
    waiting_by_reason,
)
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
from lianqi.demands.queries.classes import Recurrence, Stretch, recurrence
from lianqi.demands.queries.clocks import asked_beside, leading, open_items
from lianqi.demands.queries.closing import periods_by_category, periods_of
from lianqi.demands.queries.duties import (
    NARROWEST_FIRST,
    conditions_in_words,
    industry_names,
    overlaps,
    rules_for,
)
from lianqi.demands.queries.figures import Breakdown, Figures, breakdown, figures
from lianqi.demands.queries.learning import (
    CategoryHint,
    UnitHint,
    suggested_category,
    unit_hints,
)
from lianqi.demands.queries.similar import NEARLY, Near, near_duplicates, similar_demands
from lianqi.demands.queries.suggesting import (
    BY_RULE,
    HIGH,
    MEDIUM,
    Matter,
    Scorer,
    Suggestion,
    suggest,
    suggestions,
)

__all__ = [
    "BY_RULE",
    "HIGH",
    "MEDIUM",
    "NARROWEST_FIRST",
    "NEARLY",
    "PROMISED",
    "Breakdown",
    "CallCount",
    "Caller",
    "CategoryHint",
    "Figures",
    "Length",
    "Matter",
    "Near",
    "Node",
    "Recurrence",
    "Remedies",
    "RepeatLink",
    "Repeats",
    "Scorer",
    "Stretch",
    "Suggestion",
    "UnitHint",
    "Verified",
    "asked_beside",
    "breakdown",
    "call_counts",
    "caller_of",
    "category_tree",
    "conditions_in_words",
    "figures",
    "industry_names",
    "leading",
    "lengths",
    "missing_evidence",
    "near_duplicates",
    "open_items",
    "overlaps",
    "periods_by_category",
    "periods_of",
    "recurrence",
    "remedies",
    "repeat_figures",
    "repeats_of",
    "rules_for",
    "similar_demands",
    "suggest",
    "suggested_category",
    "suggestions",
    "unit_hints",
    "verified",
    "version_in_force",
    "waiting_by_reason",
]
