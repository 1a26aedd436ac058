"""Page-shaped answers about demands."""

from lianqi.demands.queries.clocks import open_items
from lianqi.demands.queries.figures import Breakdown, Figures, breakdown, figures
from lianqi.demands.queries.similar import NEARLY, Near, near_duplicates, similar_demands
from lianqi.demands.queries.suggesting import Suggestion, suggest_unit

__all__ = [
    "NEARLY",
    "Breakdown",
    "Figures",
    "Near",
    "Suggestion",
    "breakdown",
    "figures",
    "near_duplicates",
    "open_items",
    "similar_demands",
    "suggest_unit",
]
