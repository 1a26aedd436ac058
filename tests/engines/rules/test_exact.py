"""Quotients of whole numbers against a bound, in rows on the bound and hardly beside it."""

import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.rules.bulk import exact
from lianqi.engines.rules.nodes import Sign

SIGNS = {
    Sign.LESS: operator.lt,
    Sign.AT_MOST: operator.le,
    Sign.MORE: operator.gt,
    Sign.AT_LEAST: operator.ge,
    Sign.EQUAL: operator.eq,
    Sign.UNEQUAL: operator.ne,
}
WHOLE = st.integers(-(10**15), 10**15)
PARTS = st.integers(1, 10**15)


@pytest.mark.parametrize("sign", SIGNS)
@given(
    above=WHOLE,
    below=PARTS,
    factor=st.integers(1, 1000),
    beside=st.lists(st.integers(-3, 3), min_size=1, max_size=8),
)
def test_a_quotient_is_told_from_its_bound_exactly(
    sign: Sign, above: int, below: int, factor: int, beside: list[int]
) -> None:
    nums = [above * factor + each for each in beside]
    dens = [below * factor for _ in beside]
    bound = Fraction(above, below)
    column = exact.Exact(np.array(nums), np.array(dens), min(nums), max(nums), max(dens))
    found = exact.compared(sign, column, exact.constant(bound))
    expected = [SIGNS[sign](Fraction(num, den), bound) for num, den in zip(nums, dens, strict=True)]
    assert np.asarray(found).tolist() == expected


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("bound", [0, 1, Fraction(-1, 3)])
def test_zero_over_anything_is_told_from_a_bound(sign: Sign, bound: Fraction | int) -> None:
    column = exact.Exact(0, np.array([1, 3, 7]), 0, 0, 7)

    found = exact.compared(sign, column, exact.constant(bound))

    assert np.broadcast_to(found, 3).tolist() == [SIGNS[sign](0, bound)] * 3
