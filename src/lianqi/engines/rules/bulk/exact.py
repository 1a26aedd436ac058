"""Exact numbers of many rows: whole numbers over a denominator, in 64 bits while they fit.

A sum of money is whole fen over 100, a share of two sums a pair of whole numbers; nothing is ever
rounded, so a threshold that is met exactly is met. The bounds of every array are carried along:
where a result could leave 64 bits, the arrays go on as Python's whole numbers, slower and as exact.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any

import numpy as np

from lianqi.engines.rules.bulk.planes import Flags
from lianqi.engines.rules.nodes import Sign

# Whole numbers by row (64 bits or less, or Python's own), or one for all rows.
Whole = Any
_LIMIT = 2**63 - 1
# How far, of a bound, a quotient computed in floats may lie from the true one at most: both whole
# numbers, their quotient and the bound are each rounded by 2⁻⁵³.
_SLACK = 2.0**-50
_FLIPPED = {
    Sign.LESS: Sign.MORE, Sign.AT_MOST: Sign.AT_LEAST, Sign.MORE: Sign.LESS,
    Sign.AT_LEAST: Sign.AT_MOST, Sign.EQUAL: Sign.EQUAL, Sign.UNEQUAL: Sign.UNEQUAL,
}  # fmt: skip
_COMPARED = {
    Sign.LESS: np.less, Sign.AT_MOST: np.less_equal, Sign.MORE: np.greater,
    Sign.AT_LEAST: np.greater_equal, Sign.EQUAL: np.equal, Sign.UNEQUAL: np.not_equal,
}  # fmt: skip


_EXACTLY = {
    Sign.LESS: operator.lt, Sign.AT_MOST: operator.le, Sign.MORE: operator.gt,
    Sign.AT_LEAST: operator.ge, Sign.EQUAL: operator.eq, Sign.UNEQUAL: operator.ne,
}  # fmt: skip


@dataclass(frozen=True)
class Exact:
    """Quotients of whole numbers.

    Attributes:
        num: Numerators; one whole number where it is the same for all rows.
        den: Denominators, always positive; mostly one for all rows.
        low, high: Between which the numerators lie.
        most: The greatest denominator.
    """

    num: Whole
    den: Whole
    low: int
    high: int
    most: int

    @property
    def is_constant(self) -> bool:
        return isinstance(self.num, int) and isinstance(self.den, int)

    def value(self) -> Fraction:
        """The number of a constant."""
        return Fraction(self.num, self.den)

    @cached_property
    def nearly(self) -> Any:
        """The quotients as floats, for telling most rows from a bound at one glance."""
        return self.num / self.den


def constant(value: Fraction | int) -> Exact:
    value = Fraction(value)
    return Exact(
        value.numerator, value.denominator, value.numerator, value.numerator, value.denominator
    )


ZERO = constant(0)


def of_array(values: Any, den: int = 1) -> Exact:
    """Numbers from an array of whole numbers, all over one denominator."""
    if len(values) == 0:
        return Exact(values, den, 0, 0, den)
    return Exact(values, den, int(values.min()), int(values.max()), den)


def _corners(low: int, high: int, other_low: int, other_high: int) -> tuple[int, int]:
    products = (low * other_low, low * other_high, high * other_low, high * other_high)
    return min(products), max(products)


def _fits(low: int, high: int) -> bool:
    return low >= -_LIMIT and high <= _LIMIT


def _wide(whole: Whole) -> Whole:
    if isinstance(whole, int) or whole.dtype == object:
        return whole
    return whole.astype(object)


def _is_wide(whole: Whole) -> bool:
    return not isinstance(whole, int) and whole.dtype == object


def _product(one: Whole, other: Whole, *, fits: bool) -> Whole:
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    if isinstance(other, int) and other == 1:
        return one
    if isinstance(one, int) and one == 1:
        return other
    if not fits or _is_wide(one) or _is_wide(other):
        return _wide(one) * _wide(other)
    return np.multiply(one, other, dtype=np.int64)


def _sum(one: Whole, other: Whole, *, fits: bool) -> Whole:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    if isinstance(other, int) and other == 0:
        return one
    if isinstance(one, int) and one == 0:
        return other
    if not fits or _is_wide(one) or _is_wide(other):
        return _wide(one) + _wide(other)
    return np.add(one, other, dtype=np.int64)


def _times_whole(whole: Whole, low: int, high: int, factor: int) -> tuple[Whole, int, int]:
    low, high = _corners(low, high, factor, factor)
    return _product(whole, factor, fits=_fits(low, high)), low, high


def times(one: Exact, other: Exact) -> Exact:
    num, other_num, den, other_den = one.num, other.num, one.den, other.den
    low, high = one.low, one.high
    other_low, other_high = other.low, other.high
    if isinstance(num, int) and isinstance(other_den, int):  # 8 % of fen over 100 stays small
        shared = gcd(num, other_den) or 1
        num, low, high, other_den = (
            num // shared,
            low // shared,
            high // shared,
            other_den // shared,
        )
    if isinstance(other_num, int) and isinstance(den, int):
        shared = gcd(other_num, den) or 1
        other_num, den = other_num // shared, den // shared
        other_low, other_high = other_low // shared, other_high // shared
    low, high = _corners(low, high, other_low, other_high)
    most = _most(den, one) * _most(other_den, other)
    return Exact(
        _product(num, other_num, fits=_fits(low, high)),
        _product(den, other_den, fits=_fits(0, most)),
        low, high, most,
    )  # fmt: skip


def _most(den: Whole, number: Exact) -> int:
    return den if isinstance(den, int) else number.most


def negative(one: Exact) -> Exact:
    num = -one.num if isinstance(one.num, int) else _product(one.num, -1, fits=True)
    return Exact(num, one.den, -one.high, -one.low, one.most)


def _brought(one: Exact, other: Exact) -> tuple[Exact, Exact]:
    """Both over one denominator."""
    if isinstance(one.den, int) and isinstance(other.den, int):
        den = lcm(one.den, other.den)
        return _over(one, den // one.den, den, den), _over(other, den // other.den, den, den)
    most = one.most * other.most
    den = _product(one.den, other.den, fits=_fits(0, most))
    return _over(one, other.den, den, most), _over(other, one.den, den, most)


def _over(one: Exact, factor: Whole, den: Whole, most: int) -> Exact:
    if isinstance(factor, int):
        num, low, high = _times_whole(one.num, one.low, one.high, factor)
    else:
        greatest = most // max(one.most, 1)
        low, high = min(one.low * greatest, one.low), max(one.high * greatest, one.high)
        num = _product(one.num, factor, fits=_fits(low, high))
    return Exact(num, den, low, high, most)


def plus(one: Exact, other: Exact) -> Exact:
    one, other = _brought(one, other)
    low, high = one.low + other.low, one.high + other.high
    return Exact(_sum(one.num, other.num, fits=_fits(low, high)), one.den, low, high, one.most)


def minus(one: Exact, other: Exact) -> Exact:
    one, other = _brought(one, other)
    low, high = one.low - other.high, one.high - other.low
    if isinstance(one.num, int) and isinstance(other.num, int):
        num: Whole = one.num - other.num
    elif not _fits(low, high) or _is_wide(one.num) or _is_wide(other.num):
        num = _wide(one.num) - _wide(other.num)
    else:
        num = np.subtract(one.num, other.num, dtype=np.int64)
    return Exact(num, one.den, low, high, one.most)


def inverse(one: Exact) -> Exact:
    """One over each; where it is zero the result means nothing."""
    num, den = one.den, one.num
    low, high, most = 1, one.most, max(abs(one.low), abs(one.high), 1)
    if isinstance(den, int):
        if den < 0:
            num, den, low, high = (
                -num if isinstance(num, int) else _product(num, -1, fits=True), -den, -high, -low,
            )  # fmt: skip
        return Exact(num, den or 1, low, high, most)
    if one.low < 0:
        num = _product(np.where(den < 0, -1, 1), num, fits=True)
        den, low = abs(den) if _is_wide(den) else np.abs(den, dtype=np.int64), -high
    if one.low <= 0 <= one.high:
        den = np.maximum(den, 1)
    return Exact(num, den, low, high, most)


def over(one: Exact, other: Exact) -> Exact:
    """The quotients; where the divisor is zero the result means nothing."""
    if isinstance(one.den, int) and isinstance(other.den, int):
        # Fen over fen: the denominators of both fall away.
        shared = gcd(one.den, other.den)
        one = Exact(one.num, one.den // shared, one.low, one.high, one.den // shared)
        other = Exact(other.num, other.den // shared, other.low, other.high, other.den // shared)
    return times(one, inverse(other))


def compared(sign: Sign, one: Exact, other: Exact) -> Flags | bool:
    """Which rows the comparison holds in; one answer where both sides are constant."""
    if one.is_constant and other.is_constant:
        return bool(_EXACTLY[sign](one.value(), other.value()))
    if one.is_constant:
        return compared(_FLIPPED[sign], other, one)
    if other.is_constant and isinstance(one.den, int):
        return _against(sign, one, other.value())
    if other.is_constant and not (_is_wide(one.num) or _is_wide(one.den)):
        return _quotient_against(sign, one, other.value())
    one, other = _brought(one, other)
    return _flags(_COMPARED[sign](one.num, other.num))


def _against(sign: Sign, one: Exact, value: Fraction) -> Flags | bool:
    """A column against a number of the rule: one comparison in the column's own width."""
    bound = value * one.den
    floor, ceiling = bound.numerator // bound.denominator, -(-bound.numerator // bound.denominator)
    match sign:
        case Sign.AT_LEAST | Sign.LESS:
            limit = ceiling
        case Sign.MORE | Sign.AT_MOST:
            limit = floor
        case _ if floor != ceiling:
            return sign is Sign.UNEQUAL
        case _:
            limit = floor
    return _flags(_COMPARED[sign](one.num, limit))


def _quotient_against(sign: Sign, one: Exact, value: Fraction) -> Flags | bool:
    """Quotients against a number of the rule: floats decide, but for the rows close to it."""
    if value == 0:
        return _flags(_COMPARED[sign](one.num, 0))
    near, bound = one.nearly, float(value)
    slack = abs(bound) * _SLACK
    low, high = bound - slack, bound + slack
    match sign:
        case Sign.AT_LEAST | Sign.MORE:
            surely, maybe = near > high, near >= low
        case Sign.LESS | Sign.AT_MOST:
            surely, maybe = near < low, near <= high
        case Sign.EQUAL:
            surely, maybe = np.zeros(near.shape, np.bool_), (near >= low) & (near <= high)
        case Sign.UNEQUAL:
            surely, maybe = (near < low) | (near > high), np.ones(near.shape, np.bool_)
    open_ = surely != maybe
    if open_.any():
        close = np.flatnonzero(open_)
        left, right = _brought(_rows(one, close), constant(value))
        surely[close] = _flags(_COMPARED[sign](left.num, right.num))
    return _flags(surely)


def _rows(one: Exact, rows: Any) -> Exact:
    num, den = (each if isinstance(each, int) else each[rows] for each in (one.num, one.den))
    return Exact(num, den, one.low, one.high, one.most)


def _flags(compared_: Any) -> Flags | bool:
    """By row; one answer where all rows have the same numerator, as zero over anything."""
    if np.ndim(compared_) == 0:
        return bool(compared_)
    flags: Flags = compared_.astype(np.bool_, copy=False)
    return flags


def chosen(flags: Flags, one: Exact, other: Exact) -> Exact:
    """The one where it is flagged, else the other."""
    if one is other:
        return one
    if isinstance(one.den, int) and isinstance(other.den, int):
        one, other = _brought(one, other)
        den: Whole = one.den
    else:
        den = _where(flags, one.den, other.den, max(one.most, other.most))
    low, high = min(one.low, other.low), max(one.high, other.high)
    num = _where(flags, one.num, other.num, max(abs(low), abs(high)))
    return Exact(num, den, low, high, max(one.most, other.most))


def _where(flags: Flags, one: Whole, other: Whole, most: int) -> Whole:
    if most > _LIMIT or _is_wide(one) or _is_wide(other):
        return np.where(flags, _wide_array(one), _wide_array(other))
    return np.where(flags, _narrow(one), _narrow(other))


def _wide_array(whole: Whole) -> Whole:
    return np.array(whole, object) if isinstance(whole, int) else _wide(whole)


def _narrow(whole: Whole) -> Whole:
    """A number for all rows as 64 bits, lest it takes on the width of what stands beside it."""
    return np.int64(whole) if isinstance(whole, int) else whole


def least(one: Exact, other: Exact) -> Exact:
    return _extreme(min, np.minimum, Sign.LESS, one, other)


def greatest(one: Exact, other: Exact) -> Exact:
    return _extreme(max, np.maximum, Sign.MORE, one, other)


def _extreme(
    of_two: Callable[[int, int], int], of_rows: Any, sign: Sign, one: Exact, other: Exact
) -> Exact:
    if isinstance(one.den, int) and isinstance(other.den, int):
        one, other = _brought(one, other)
        low, high = of_two(one.low, other.low), of_two(one.high, other.high)
        if isinstance(one.num, int) and isinstance(other.num, int):
            return Exact(of_two(one.num, other.num), one.den, low, high, one.most)
        return Exact(of_rows(_told(one), _told(other)), one.den, low, high, one.most)
    wins = compared(sign, one, other)
    assert not isinstance(wins, bool)
    return chosen(wins, one, other)


def _told(one: Exact) -> Whole:
    """The numerators; a constant too great for 64 bits as Python's own number."""
    if isinstance(one.num, int) and not _fits(one.num, one.num):
        return np.array(one.num, object)
    return _narrow(one.num)


def floored(one: Exact) -> Exact:
    if isinstance(one.den, int) and one.den == 1:
        return one
    num, den = one.num, one.den
    if isinstance(num, int) and isinstance(den, int):
        return constant(num // den)
    if _is_wide(num) or _is_wide(den) or max(one.most, one.high, -one.low) > _LIMIT:
        whole = _wide_array(num) // _wide_array(den)
    else:
        whole = np.floor_divide(num, den, dtype=np.int64)
    low, high = one.low, one.high
    if isinstance(den, int):
        low, high = low // den, high // den
    return Exact(whole, 1, min(low, 0), max(high, 0), 1)


def summed(one: Exact, offsets: Any, size: int) -> Exact:
    """Sums over runs of rows: from each offset to the next."""
    if not isinstance(one.den, int):
        return _summed_apart(one, offsets)
    num = one.num
    if isinstance(num, int):
        counts = np.diff(offsets)
        return times(of_array(counts), constant(Fraction(num, one.den)))
    reach = max(abs(one.low), abs(one.high)) * size
    running = np.cumsum(
        _wide(num) if reach > _LIMIT else num, dtype=object if reach > _LIMIT else np.int64
    )
    running = np.concatenate([np.zeros(1, running.dtype), running])
    return of_array(running[offsets[1:]] - running[offsets[:-1]], one.den)


def _summed_apart(one: Exact, offsets: Any) -> Exact:
    """Sums of quotients by different denominators, one by one."""
    numbers = fractions(one, int(offsets[-1]))
    sums = [
        sum(numbers[start:end], Fraction(0))
        for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]
    return from_fractions(sums)


def from_fractions(numbers: Sequence[Fraction]) -> Exact:
    num = np.array([each.numerator for each in numbers] or [], dtype=object)
    den = np.array([each.denominator for each in numbers] or [], dtype=object)
    if not len(num):
        return Exact(num, 1, 0, 0, 1)
    return Exact(num, den, min(num), max(num), max(den))


def fractions(one: Exact, size: int) -> list[Fraction]:
    """The numbers one by one."""
    nums = [one.num] * size if isinstance(one.num, int) else one.num.tolist()
    dens = [one.den] * size if isinstance(one.den, int) else one.den.tolist()
    return [Fraction(num, den) for num, den in zip(nums, dens, strict=True)]


def whole_of(one: Exact, size: int) -> Whole:
    """Whole numbers as an array of 64 bits.

    Raises:
        OverflowError: One of them is greater.
    """
    if isinstance(one.num, int):
        return np.full(size, one.num, np.int64)
    return one.num.astype(np.int64, copy=False)
