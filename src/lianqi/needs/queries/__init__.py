"""Page-shaped answers about policy needs."""

from lianqi.needs.queries.daily import (
    Counts,
    Coverage,
    Daily,
    Firms,
    Funnel,
    LeadLine,
    UnitLine,
    daily,
    funnel,
)
from lianqi.needs.queries.owed import owed_items, similar_needs

__all__ = [
    "Counts",
    "Coverage",
    "Daily",
    "Firms",
    "Funnel",
    "LeadLine",
    "UnitLine",
    "daily",
    "funnel",
    "owed_items",
    "similar_needs",
]
