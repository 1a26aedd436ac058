"""One indicator of an enterprise held against the bounds of its industry group."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lianqi.engines.sizes.bounds import Group, Indicator, Size


@dataclass(frozen=True)
class Reading:
    """One indicator held against its bounds.

    Attributes:
        value: People, or 万元; None when not known.
        reaches: The highest class whose lower bound the value reaches; None when not known.
        bound: The lower bound reached, people or 万元; None for micro or not known.
        next_bound: The lower bound missed; None for large or not known.
        decides: Whether the class of the enterprise is this indicator's class.
    """

    indicator: Indicator
    value: Decimal | None
    reaches: Size | None
    bound: int | None
    next_bound: int | None
    decides: bool = False


def _read(indicator: Indicator, bounds: tuple[int, int, int], value: Decimal | None) -> Reading:
    if value is None:
        return Reading(indicator, None, None, None, None)
    reached = [bound for bound in bounds if value >= bound]
    missed = bounds[len(reached) :]
    return Reading(
        indicator,
        value,
        Size(len(reached) + 1),
        reached[-1] if reached else None,
        missed[0] if missed else None,
    )


def read_indicators(
    group: Group, values: Mapping[Indicator, Decimal | None]
) -> tuple[Reading, ...]:
    """Return the group's indicators in the order of the regulation, the lowest ones as deciding."""
    readings = [_read(each, bounds, values[each]) for each, bounds in group.bounds.items()]
    lowest = min((each.reaches for each in readings if each.reaches), default=None)
    return tuple(
        replace(each, decides=each.reaches is not None and each.reaches == lowest)
        for each in readings
    )
