"""What is known of a number: itself, or between which bounds it lies.

A number that is not known is not nothing: sales are never negative, a subsidy is at most its cap.
So an unknown number is a range, and a condition that holds on the whole range holds.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf

# A bound: exact, or without end.
Bound = Fraction | float


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from `low` to `high`; a known number is a range of one."""

    low: Bound
    high: Bound

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @property
    def value(self) -> Fraction:
        """The number.

        Raises:
            ValueError: It is not known.
        """
        if not isinstance(self.low, Fraction) or not self.is_known:
            raise ValueError(f"between {self.low} and {self.high}")
        return self.low


ANY = Range(-inf, inf)


def exactly(value: Fraction | int) -> Range:
    return Range(Fraction(value), Fraction(value))


ZERO = exactly(0)


def hull(*ranges: Range) -> Range:
    """The smallest range around all of them."""
    return Range(min(each.low for each in ranges), max(each.high for each in ranges))


def plus(left: Range, right: Range) -> Range:
    return Range(left.low + right.low, left.high + right.high)


def minus(left: Range, right: Range) -> Range:
    return Range(left.low - right.high, left.high - right.low)


def times(left: Range, right: Range) -> Range:
    corners = [
        _product(one, other) for one in (left.low, left.high) for other in (right.low, right.high)
    ]
    return Range(min(corners), max(corners))


def over(left: Range, right: Range) -> Range:
    """A quotient; by a range that holds zero, and by zero itself, it can be anything."""
    if right.low <= 0 <= right.high:
        return ANY
    return times(left, Range(_inverse(right.high), _inverse(right.low)))


def least(*ranges: Range) -> Range:
    return Range(min(each.low for each in ranges), min(each.high for each in ranges))


def greatest(*ranges: Range) -> Range:
    return Range(max(each.low for each in ranges), max(each.high for each in ranges))


def floored(item: Range) -> Range:
    return Range(_floor(item.low), _floor(item.high))


def is_less(left: Range, right: Range) -> bool | None:
    """Whether every number of the one lies below every number of the other; None: it depends."""
    if left.high < right.low:
        return True
    return False if left.low >= right.high else None


def is_equal(left: Range, right: Range) -> bool | None:
    if left.is_known and right.is_known:
        return left.low == right.low
    return False if left.high < right.low or right.high < left.low else None


def months_between(start: dt.date, end: dt.date) -> int:
    """Completed months; the 31st of a month is reached on the last day of a shorter one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if shifted(start, months=months) <= end else months - 1


def shifted(day: dt.date, *, years: int = 0, months: int = 0, days: int = 0) -> dt.date:
    """A day moved; where the month is shorter, its last day."""
    count = day.year * 12 + day.month - 1 + 12 * years + months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            moved = dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
        return moved + dt.timedelta(days=days)
    raise OverflowError(f"{day} moved out of the calendar")


def _product(one: Bound, other: Bound) -> Bound:
    # Zero times anything is zero, also where the other has no end.
    return Fraction(0) if not one or not other else one * other


def _inverse(bound: Bound) -> Bound:
    return Fraction(0) if bound in (inf, -inf) else 1 / Fraction(bound)


def _floor(bound: Bound) -> Bound:
    return bound if bound in (inf, -inf) else Fraction(floor(bound))
