"""Units, ranges, the calendar, binding to a day, and the catalogue."""

import datetime as dt
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind, period_of, without_names
from lianqi.engines.rules.catalogue import Catalogue, CatalogueError, national, spec_from
from lianqi.engines.rules.naming import is_taken
from lianqi.engines.rules.nodes import And, Back, Const, Name, facts_of, number, walk
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.ranges import Range, exactly
from lianqi.engines.rules.units import PERSONS, SHARE, YUAN, power, symbol_of, times, unit_of
from tests.engines.rules.strategies import CATALOGUE

# --- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "dims", "scale"),
    [
        ("万元", YUAN, 10_000),
        (" 亿元 ", YUAN, 100_000_000),
        ("%", SHARE, Fraction(1, 100)),
        ("", SHARE, 1),
        ("万元/人", (("人", -1), ("元", 1)), 10_000),
        ("元/平方米·月", (("元", 1), ("平方米", -1), ("月", -1)), 1),
        ("年", (("月", 1),), 12),
    ],
)
def test_units_as_they_are_written(written: str, dims: Any, scale: Fraction) -> None:
    unit = unit_of(written)

    assert unit is not None
    assert (unit.dims, unit.scale) == (dims, scale)


@pytest.mark.parametrize("written", ["公里", "元/公里", "万"])
def test_units_that_are_not_known(written: str) -> None:
    assert unit_of(written) is None


def test_products_and_powers_of_units() -> None:
    rate = times(YUAN, power(PERSONS, -1))

    assert times(rate, PERSONS) == YUAN
    assert [symbol_of(each) for each in (rate, SHARE, power(YUAN, 2), power(YUAN, -1))] == [
        "元/人", "", "元^2", "1/元",
    ]  # fmt: skip


# --- ranges ----------------------------------------------------------------------------------------

_NUMBERS = st.sampled_from([Fraction(each, 2) for each in range(-6, 7)])
_BOUNDS = st.one_of(_NUMBERS, st.sampled_from([inf, -inf]))


@st.composite
def ranges_with_number(draw: st.DrawFn) -> tuple[Range, Fraction]:
    number_ = draw(_NUMBERS)
    low = draw(st.one_of(_BOUNDS.filter(lambda each: each <= number_)))
    high = draw(st.one_of(_BOUNDS.filter(lambda each: each >= number_)))
    return Range(low, high), number_


def _holds(outer: Range, number_: Fraction) -> bool:
    return bool(outer.low <= number_ <= outer.high)


@given(ranges_with_number(), ranges_with_number())
def test_operations_hold_every_possible_result(
    one: tuple[Range, Fraction], other: tuple[Range, Fraction]
) -> None:
    (left, a), (right, b) = one, other

    assert _holds(ranges.plus(left, right), a + b)
    assert _holds(ranges.minus(left, right), a - b)
    assert _holds(ranges.times(left, right), a * b)
    assert not b or _holds(ranges.over(left, right), a / b)
    assert _holds(ranges.least(left, right), min(a, b))
    assert _holds(ranges.greatest(left, right), max(a, b))
    assert _holds(ranges.hull(left, right), a)
    assert _holds(ranges.floored(left), Fraction(a // 1))
    assert ranges.is_less(left, right) in (None, a < b)
    assert ranges.is_equal(left, right) in (None, a == b)


@given(_NUMBERS, _NUMBERS)
def test_operations_on_what_is_known_are_exact(a: Fraction, b: Fraction) -> None:
    assert ranges.times(exactly(a), exactly(b)) == exactly(a * b)
    assert ranges.is_less(exactly(a), exactly(b)) is (a < b)
    assert ranges.is_equal(exactly(a), exactly(b)) is (a == b)
    assert not b or ranges.over(exactly(a), exactly(b)) == exactly(a / b)


def test_a_range_that_is_not_known_has_no_value() -> None:
    with pytest.raises(ValueError, match="between"):
        _ = Range(Fraction(0), inf).value


# --- the calendar ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ((2024, 1, 31), (2024, 2, 28), 0),
        ((2024, 1, 31), (2024, 2, 29), 1),
        ((2023, 1, 31), (2023, 2, 28), 1),
        ((2024, 2, 29), (2025, 2, 28), 12),
        ((2024, 2, 29), (2025, 2, 27), 11),
        ((2024, 6, 30), (2024, 6, 29), -1),
        ((2024, 6, 30), (2024, 5, 30), -1),
        ((2024, 6, 30), (2024, 6, 30), 0),
    ],
)
def test_completed_months(start: Any, end: Any, months: int) -> None:
    assert ranges.months_between(dt.date(*start), dt.date(*end)) == months


def test_shifted_days() -> None:
    leap = dt.date(2024, 2, 29)

    assert ranges.shifted(leap, years=-1) == dt.date(2023, 2, 28)
    assert ranges.shifted(dt.date(2024, 3, 31), months=-1) == leap
    assert ranges.shifted(leap, years=1, days=1) == dt.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("grain", "count", "day", "period"),
    [
        ("year", 1, (2025, 1, 1), "2024"),
        ("year", 0, (2025, 12, 31), "2025"),
        ("half", 0, (2025, 6, 30), "2025-H1"),
        ("half", 1, (2025, 6, 30), "2024-H2"),
        ("half", 0, (2025, 7, 1), "2025-H2"),
        ("quarter", 1, (2025, 1, 1), "2024-Q4"),
        ("quarter", 5, (2025, 4, 1), "2024-Q1"),
        ("month", 0, (2025, 2, 28), "2025-02"),
        ("month", 2, (2025, 2, 28), "2024-12"),
    ],
)
def test_periods_counted_back(grain: str, count: int, day: Any, period: str) -> None:
    assert period_of(Back(grain, count), dt.date(*day)) == period


# --- binding ---------------------------------------------------------------------------------------


def test_days_and_periods_are_folded_in() -> None:
    day = dt.date(2024, 2, 29)
    node = parse("founded <= years_before(as_of, 1) and revenue > revenue[-2]", CATALOGUE).node

    bound = bind(node, day)

    assert (
        bound
        == parse("founded <= date('2023-02-28') and revenue[2023] > revenue[2022]", CATALOGUE).node
    )
    assert bind(bound, dt.date(2030, 1, 1)) == bound


def test_spans_between_fixed_days_become_numbers() -> None:
    node = parse("months_between(date('2024-01-31'), as_of) * 1", CATALOGUE, expects=None).node

    assert bind(node, dt.date(2024, 2, 29)) == number(1, (("月", 1),))


def test_joins_of_joins_are_one() -> None:
    node = parse("above_scale and (dishonest and above_scale)", CATALOGUE).node

    assert bind(node, dt.date(2025, 1, 1)) == parse("above_scale and dishonest", CATALOGUE).node


def test_names_fall_away_where_conditions_are_shared() -> None:
    ratio = parse("rd_expense / revenue", CATALOGUE, expects=None).node
    node = parse("占比 >= 5%", CATALOGUE, definitions={"占比": ratio}).node

    assert without_names(node) == parse("rd_expense / revenue >= 5%", CATALOGUE).node


def test_facts_in_the_order_in_which_they_stand() -> None:
    node = parse("above_scale and revenue > 0 and above_scale", CATALOGUE).node

    assert [each.key for each in facts_of(node)] == ["above_scale", "revenue"]
    assert isinstance(next(walk(node)), And)


def test_equal_rules_are_equal_and_hash_the_same() -> None:
    one, other = (parse(text, CATALOGUE).node for text in ("revenue >= 2000万", "营收 ≥ 0.2亿元"))

    assert one == other
    assert hash(one) == hash(other)
    assert Name("a", one) != Name("b", one)
    assert Const(Fraction(1), YUAN) != Const(Fraction(1), PERSONS)


# --- the catalogue ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"label": "甲", "kind": "number", "unit": "公里"}, "unit"),
        ({"label": "甲", "kind": "number", "grain": "week"}, "grain"),
        ({"label": "甲", "kind": "thing"}, "kind"),
        ({"label": "甲", "kind": "number", "color": 1}, "color"),
    ],
)
def test_entries_that_contradict_themselves(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        spec_from("a", entry)


def test_no_name_twice() -> None:
    one, other = (spec_from(key, {"label": "甲", "kind": "bool"}) for key in "ab")

    with pytest.raises(CatalogueError, match="names both"):
        Catalogue([one, other])
    with pytest.raises(CatalogueError, match="twice"):
        Catalogue([one]).extended([one])


@pytest.mark.parametrize("catalogue", [CATALOGUE, national()], ids=["test", "national"])
def test_no_fact_bears_a_word_of_the_language(catalogue: Catalogue) -> None:
    assert [name for name in sorted(catalogue.spoken) if is_taken(name)] == []
