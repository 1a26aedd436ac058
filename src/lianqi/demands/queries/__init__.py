"""Page-shaped answers about demands."""

from lianqi.demands.queries.clocks import open_items
from lianqi.demands.queries.figures import Breakdown, Figures, breakdown, figures
from lianqi.demands.queries.suggesting import Suggestion, suggest_unit

__all__ = [
    "Breakdown",
    "Figures",
    "Suggestion",
    "breakdown",
    "figures",
    "open_items",
    "suggest_unit",
]
