"""Rates, intervals and scores."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.rates import SMALL_BASE, THREE_RATES, Formula, Rate, Term

CALLS = {"called": 100, "contacted": 98, "solved": 80, "satisfied": 70, "basic": 10}


def test_the_published_score_of_three_rates() -> None:
    found = THREE_RATES.score(CALLS)

    assert dict(found.terms) == {"response": 98, "satisfaction": 79, "resolution": 80}
    assert found.value == Decimal("81.4")


def test_without_call_backs_there_is_no_score() -> None:
    found = THREE_RATES.score(dict.fromkeys(CALLS, 0))

    assert found.value is None
    assert set(found.terms.values()) == {None}


def test_a_score_is_rounded_once_and_half_up() -> None:
    formula = Formula((Term("solved", {"solved": Decimal(1)}, "called", Decimal(1)),))

    assert formula.score({"solved": 1, "called": 8}).value == Decimal("12.5")
    assert formula.score({"solved": 1, "called": 8}, places=0).value == Decimal(13)


def test_weights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        Formula((Term("solved", {"solved": Decimal(1)}, "called", Decimal("0.9")),))


@pytest.mark.parametrize(("part", "whole"), [(-1, 2), (3, 2), (1, 0)])
def test_more_than_all_is_no_rate(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(part, whole)


def test_no_base_is_no_data() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).interval) == (None, None)
    assert Rate(0, 3).value == 0


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
        (1, 3, 0.0615, 0.7923),
    ],
)
def test_known_intervals(part: int, whole: int, low: float, high: float) -> None:
    """Published values of the Wilson interval at 95 per cent."""
    assert Rate(part, whole).interval == pytest.approx((low, high), abs=5e-5)


@given(whole=st.integers(1, 10_000), data=st.data())
def test_the_interval_holds_the_rate(whole: int, data: st.DataObject) -> None:
    rate = Rate(data.draw(st.integers(0, whole)), whole)

    assert rate.interval is not None
    assert rate.value is not None
    low, high = rate.interval
    assert 0 <= low <= rate.value + 1e-12
    assert rate.value - 1e-12 <= high <= 1


@given(part=st.integers(0, 50), times=st.integers(2, 20))
def test_more_cases_make_it_surer(part: int, times: int) -> None:
    few, many = Rate(part, 50).interval, Rate(part * times, 50 * times).interval

    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]


def test_small_bases_are_told_apart() -> None:
    assert (Rate(1, SMALL_BASE - 1).is_small, Rate(1, SMALL_BASE).is_small) == (True, False)
