"""Tables of visits and of video rounds."""

from lianqi.visits.models.rounds import READERS, Round, RoundQuerySet, RoundUnit, units_at_hand
from lianqi.visits.models.visits import (
    RECORDERS,
    Matter,
    Note,
    Promise,
    Visit,
    VisitMatter,
    VisitQuerySet,
)

__all__ = [
    "READERS",
    "RECORDERS",
    "Matter",
    "Note",
    "Promise",
    "Round",
    "RoundQuerySet",
    "RoundUnit",
    "Visit",
    "VisitMatter",
    "VisitQuerySet",
    "units_at_hand",
]
