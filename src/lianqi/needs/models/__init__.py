"""Policy needs (政策需求), who collects them in batches, and their running totals."""

from lianqi.needs.models.batches import EVERYTHING_READERS, NeedBatch, NeedBatchQuerySet
from lianqi.needs.models.money import NeedMoney
from lianqi.needs.models.needs import Need, NeedQuerySet, NeedShare, search_columns
from lianqi.needs.models.programmes import (
    Programme,
    ProgrammeQuerySet,
    collecting_units,
    desk_units,
    units_below,
)
from lianqi.needs.models.tallies import NeedTally

__all__ = [
    "EVERYTHING_READERS",
    "Need",
    "NeedBatch",
    "NeedBatchQuerySet",
    "NeedMoney",
    "NeedQuerySet",
    "NeedShare",
    "NeedTally",
    "Programme",
    "ProgrammeQuerySet",
    "collecting_units",
    "desk_units",
    "search_columns",
    "units_below",
]
