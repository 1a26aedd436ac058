"""Ranges of many rows: what `ranges` is for one number, for columns of them.

An end of a range is an exact number, or without end: then its sign says in which direction, and
its number is 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianqi.engines.rules.bulk import exact
from lianqi.engines.rules.bulk.exact import Exact
from lianqi.engines.rules.bulk.planes import Flags
from lianqi.engines.rules.nodes import Sign


@dataclass(frozen=True, slots=True)
class End:
    """One end.

    Attributes:
        sign: -1, 0 (a number) or 1 by row; None where all are numbers.
    """

    number: Exact
    sign: NDArray[np.int8] | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """A range by row."""

    low: End
    high: End
    size: int

    @property
    def known(self) -> Flags:
        """The rows in which it is one number."""
        if self.low is self.high:
            return np.ones(self.size, np.bool_)
        same = self.flags(exact.compared(Sign.EQUAL, self.low.number, self.high.number))
        for end in (self.low, self.high):
            if end.sign is not None:
                same = same & (end.sign == 0)
        return same

    def flags(self, given: Flags | bool) -> Flags:  # noqa: FBT001
        return np.full(self.size, given) if isinstance(given, bool) else given


def exactly(number: Exact, size: int) -> Spread:
    end = End(number)
    return Spread(end, end, size)


def anything(size: int) -> Spread:
    signs = np.ones(size, np.int8)
    return Spread(End(exact.ZERO, -signs), End(exact.ZERO, signs), size)


def between(low: Fraction | None, high: Fraction | None, size: int) -> Spread:
    """The same bounds for all rows; None is without end."""
    ends = [
        End(exact.ZERO, np.full(size, sign, np.int8))
        if bound is None
        else End(exact.constant(bound))
        for bound, sign in ((low, -1), (high, 1))
    ]
    return Spread(ends[0], ends[1], size)


def _signs(end: End, size: int) -> NDArray[np.int8]:
    return np.zeros(size, np.int8) if end.sign is None else end.sign


def made(number: Exact, sign: NDArray[np.int8]) -> End:
    """An end whose number is 0 where it is none."""
    if not sign.any():
        return End(number)
    return End(exact.chosen(sign != 0, exact.ZERO, number), sign)


def is_less(one: End, other: End, size: int) -> Flags:
    less = exact.compared(Sign.LESS, one.number, other.number)
    flags = np.full(size, less) if isinstance(less, bool) else less
    if one.sign is None and other.sign is None:
        return flags
    sign, other_sign = _signs(one, size), _signs(other, size)
    below: Flags = (sign < other_sign) | ((sign == 0) & (other_sign == 0) & flags)
    return below


def chosen_end(flags: Flags, one: End, other: End) -> End:
    if one is other:
        return one
    number = exact.chosen(flags, one.number, other.number)
    if one.sign is None and other.sign is None:
        return End(number)
    size = len(flags)
    return End(number, np.where(flags, _signs(one, size), _signs(other, size)))


def chosen(flags: Flags, one: Spread, other: Spread) -> Spread:
    """The one where it is flagged, else the other."""
    if one.low is one.high and other.low is other.high:
        end = chosen_end(flags, one.low, other.low)
        return Spread(end, end, one.size)
    return Spread(
        chosen_end(flags, one.low, other.low), chosen_end(flags, one.high, other.high), one.size
    )


def _least_end(one: End, other: End, size: int) -> End:
    return chosen_end(is_less(one, other, size), one, other)


def _greatest_end(one: End, other: End, size: int) -> End:
    return chosen_end(is_less(one, other, size), other, one)


def _both(of: Callable[[End, End], End], one: Spread, other: Spread) -> Spread:
    """The same of both lower and both upper ends."""
    low = of(one.low, other.low)
    if one.low is one.high and other.low is other.high:
        return Spread(low, low, one.size)
    return Spread(low, of(one.high, other.high), one.size)


def least(one: Spread, other: Spread) -> Spread:
    return _both(lambda a, b: _least_end(a, b, one.size), one, other)


def greatest(one: Spread, other: Spread) -> Spread:
    return _both(lambda a, b: _greatest_end(a, b, one.size), one, other)


def hull(one: Spread, other: Spread) -> Spread:
    low = _least_end(one.low, other.low, one.size)
    return Spread(low, _greatest_end(one.high, other.high, one.size), one.size)


def plus(one: Spread, other: Spread) -> Spread:
    return _both(lambda a, b: _plus_end(a, b, one.size), one, other)


def _plus_end(one: End, other: End, size: int) -> End:
    number = exact.plus(one.number, other.number)
    if one.sign is None and other.sign is None:
        return End(number)
    sign, other_sign = _signs(one, size), _signs(other, size)
    return made(number, np.where(sign != 0, sign, other_sign))


def _negative_end(one: End) -> End:
    return End(exact.negative(one.number), None if one.sign is None else -one.sign)


def minus(one: Spread, other: Spread) -> Spread:
    low = _negative_end(other.high)
    high = low if other.low is other.high else _negative_end(other.low)
    return plus(one, Spread(low, high, one.size))


def times(one: Spread, other: Spread) -> Spread:
    size = one.size
    ends = [one.low] if one.low is one.high else [one.low, one.high]
    others = [other.low] if other.low is other.high else [other.low, other.high]
    corners = [_product(end, other_end, size) for end in ends for other_end in others]
    low = reduce(lambda a, b: _least_end(a, b, size), corners)
    if len(corners) == 1:
        return Spread(low, low, size)
    return Spread(low, reduce(lambda a, b: _greatest_end(a, b, size), corners), size)


def _direction(end: End, size: int) -> NDArray[np.int8]:
    """The sign of a number or of what is without end."""
    num = end.number.num
    own = np.sign(num) if isinstance(num, int) else np.sign(num).astype(np.int8)
    return np.where(_signs(end, size) != 0, _signs(end, size), own).astype(np.int8)


def _product(one: End, other: End, size: int) -> End:
    # Zero times anything is zero, also where the other has no end: its number is zero there.
    number = exact.times(one.number, other.number)
    if one.sign is None and other.sign is None:
        return End(number)
    endless = (_signs(one, size) != 0) | (_signs(other, size) != 0)
    sign = np.where(endless, _direction(one, size) * _direction(other, size), 0).astype(np.int8)
    return made(number, sign)


def over(one: Spread, other: Spread) -> Spread:
    """Quotients; by a range that holds zero, and by zero itself, they can be anything."""
    size = one.size
    zero = End(exact.ZERO)
    holds_zero = ~is_less(zero, other.low, size) & ~is_less(other.high, zero, size)
    low = _inverse(other.high)
    high = low if other.low is other.high else _inverse(other.low)
    quotient = times(one, Spread(low, high, size))
    return chosen(holds_zero, anything(size), quotient) if holds_zero.any() else quotient


def _inverse(end: End) -> End:
    number = exact.inverse(end.number)
    if end.sign is None:
        return End(number)
    return End(exact.chosen(end.sign != 0, exact.ZERO, number))


def floored(one: Spread) -> Spread:
    return mapped(exact.floored, one)


def mapped(of: Callable[[Exact], Exact], one: Spread) -> Spread:
    """What a rising function that leaves what is without end as it is makes of a range."""
    low = _mapped_end(of, one.low)
    return Spread(low, low if one.low is one.high else _mapped_end(of, one.high), one.size)


def _mapped_end(of: Callable[[Exact], Exact], end: End) -> End:
    if end.sign is None:
        return End(of(end.number))
    return made(of(end.number), end.sign)


def compared(sign: Sign, one: Spread, other: Spread) -> tuple[Flags, Flags]:
    """In which rows the comparison surely holds, and in which it surely fails."""
    size = one.size
    match sign:
        case Sign.LESS:
            return is_less(one.high, other.low, size), ~is_less(one.low, other.high, size)
        case Sign.MORE:
            return compared(Sign.LESS, other, one)
        case Sign.AT_LEAST:
            less, not_less = compared(Sign.LESS, one, other)
            return not_less, less
        case Sign.AT_MOST:
            less, not_less = compared(Sign.LESS, other, one)
            return not_less, less
        case Sign.EQUAL:
            return _equal(one, other)
    equal, unequal = _equal(one, other)
    return unequal, equal


def _equal(one: Spread, other: Spread) -> tuple[Flags, Flags]:
    size = one.size
    known = one.known & other.known
    same = one.flags(exact.compared(Sign.EQUAL, one.low.number, other.low.number))
    apart = is_less(one.high, other.low, size) | is_less(other.high, one.low, size)
    return known & same, np.where(known, ~same, apart)


def summed(one: Spread, offsets: Any, size: int) -> Spread:
    """Sums over runs of rows: from each offset to the next."""
    low = _summed_end(one.low, offsets, one.size)
    high = low if one.low is one.high else _summed_end(one.high, offsets, one.size)
    return Spread(low, high, size)


def _summed_end(end: End, offsets: Any, entries: int) -> End:
    number = exact.summed(end.number, offsets, entries)
    if end.sign is None:
        return End(number)
    # The lower ends of a sum are never without end upwards, nor the upper ones downwards.
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(end.sign, dtype=np.int64)])
    return made(number, np.sign(running[offsets[1:]] - running[offsets[:-1]]).astype(np.int8))
