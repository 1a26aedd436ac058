"""Where bounds could decide a comparison that a missing fact leaves open."""

import pytest

from lianqi.engines.rules.doubts import doubt_of
from lianqi.engines.rules.nodes import (
    Arithmetic,
    Compare,
    Fact,
    Greatest,
    Least,
    Node,
    Operation,
    Sign,
    number,
)
from lianqi.engines.rules.units import PERSONS, YUAN
from tests.engines.rules.strategies import CATALOGUE

REVENUE, BEFORE = CATALOGUE["revenue"].node("2024"), CATALOGUE["revenue"].node("2023")
SPENT, PROFIT = CATALOGUE["rd_expense"].node("2024"), CATALOGUE["profit"].node("2024")
SCORE = CATALOGUE["score"].node()


def settled_by(sign: Sign, left: Node, right: Node) -> list[set[str]] | None:
    """The sets of facts that may be missing and the comparison settled all the same."""
    doubt = doubt_of(Compare(sign, left, right))
    if doubt.missing is None:
        return None
    return [{each.slot for each in missing if isinstance(each, Fact)} for missing in doubt.missing]


def computed(operation: Operation, left: Node, right: Node) -> Node:
    return Arithmetic(operation, left, right, YUAN)


@pytest.mark.parametrize(
    ("sign", "bound", "expected"),
    [
        (Sign.AT_LEAST, 20_000_000, []),
        (Sign.LESS, 20_000_000, []),
        (Sign.AT_LEAST, 0, [{"revenue@2024"}]),
        (Sign.LESS, 0, [{"revenue@2024"}]),
        (Sign.MORE, 0, []),
        (Sign.MORE, -1, [{"revenue@2024"}]),
        (Sign.EQUAL, 5, []),
        (Sign.EQUAL, -5, [{"revenue@2024"}]),
    ],
)
def test_one_fact_against_a_number(sign: Sign, bound: int, expected: list[set[str]]) -> None:
    assert settled_by(sign, REVENUE, number(bound, YUAN)) == expected


def test_a_share_of_an_unknown_figure_stays_open() -> None:
    share = Arithmetic(Operation.OVER, SPENT, REVENUE)

    assert settled_by(Sign.AT_LEAST, share, number("0.05")) == []
    assert settled_by(Sign.AT_LEAST, share, number("-0.05")) == [{"rd_expense@2024"}]


def test_growth_is_open_with_either_year_missing() -> None:
    growth = Arithmetic(Operation.OVER, computed(Operation.MINUS, REVENUE, BEFORE), BEFORE)

    assert settled_by(Sign.AT_LEAST, growth, number("0.2")) == []


def test_two_years_side_by_side_can_be_settled_by_a_zero() -> None:
    assert settled_by(Sign.AT_LEAST, REVENUE, BEFORE) == [{"revenue@2024"}]
    assert settled_by(Sign.LESS, BEFORE, REVENUE) == [{"revenue@2023"}]


def test_a_loss_lies_below_any_revenue() -> None:
    assert settled_by(Sign.AT_LEAST, PROFIT, REVENUE) == [{"revenue@2024"}]


def test_caps_and_floors_settle() -> None:
    capped = Least((REVENUE, number(100, YUAN)))
    raised = Greatest((REVENUE, number(100, YUAN)))

    assert settled_by(Sign.AT_MOST, capped, number(100, YUAN)) == [{"revenue@2024"}]
    assert settled_by(Sign.AT_MOST, capped, number(50, YUAN)) == []
    assert settled_by(Sign.AT_LEAST, raised, number(100, YUAN)) == [{"revenue@2024"}]


def test_a_score_has_two_bounds() -> None:
    points = SCORE.dims

    assert settled_by(Sign.AT_MOST, SCORE, number(100, points)) == [{"score"}]
    assert settled_by(Sign.AT_MOST, SCORE, number(99, points)) == []


def test_two_quotients_are_read_with_ranges_wherever_they_are_open() -> None:
    one, other = (Arithmetic(Operation.OVER, each, REVENUE) for each in (SPENT, PROFIT))

    assert settled_by(Sign.LESS, one, other) is None
    assert settled_by(Sign.LESS, CATALOGUE["employees"].node("2024"), number(5, PERSONS)) == []
