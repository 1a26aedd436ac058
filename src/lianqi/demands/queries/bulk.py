"""Why a line of a bulk dispatch was refused, in the words of whoever reads it."""

from lianqi.demands.enums import DemandStatus
from lianqi.demands.errors import (
    NoSuggestion,
    NotWaiting,
    NotWritten,
    UnitNotInUse,
    UnsureSuggestion,
)
from lianqi.demands.models import BulkRow
from lianqi.shared.errors import Refusal

REASONS: tuple[type[Refusal], ...] = (
    NotWaiting,
    NoSuggestion,
    UnsureSuggestion,
    UnitNotInUse,
    NotWritten,
)


def refusal_of(row: BulkRow) -> Refusal | None:
    """The refusal of a line with demand and unit loaded; None where it was sent."""
    if not row.code:
        return None
    kind = next((each for each in REASONS if each.code == row.code), NotWritten)
    return kind(
        number=row.demand.number,
        status=DemandStatus(row.status).label if row.status else "",
        unit=row.unit or "",
        percent=row.percent or 0,
    )
