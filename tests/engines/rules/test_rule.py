"""The reference: what stands once, what is rounded, what a definition means."""

import datetime as dt
from fractions import Fraction

import pytest

from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind, without_names
from lianqi.engines.rules.nodes import TRUE, And, Compare, Const, Fact, Kind, Name, Sign, number
from lianqi.engines.rules.rule import Benefit, Clause, Rounding, Rule, Status, assess
from lianqi.engines.rules.units import YUAN

PAID = Fact("paid", Kind.NUMBER, None, YUAN, Fraction(0))


def test_true_is_not_the_number_one() -> None:
    one = Compare(Sign.EQUAL, number(1), number(1))

    assert number(1) != TRUE
    assert bind(And((one, TRUE)), dt.date(2025, 1, 1)) == And((one, TRUE))
    assert Const(Fraction(1), bare=True) == number(1)


def test_a_definition_may_be_nothing_but_another_one() -> None:
    named = Name("outer", Name("inner", Compare(Sign.MORE, PAID, number(5, YUAN))))

    assert without_names(And((named, TRUE))) == And((named.body.body, TRUE))


@pytest.mark.parametrize(("cap", "yuan"), [("10.009", 10), ("10.01", Fraction("10.01"))])
def test_a_cap_is_rounded_down_to_the_fen(cap: str, yuan: Fraction) -> None:
    rule = Rule(
        "m",
        (Clause("c", "第一条", Compare(Sign.MORE, PAID, number(0, YUAN))),),
        (Benefit("b", "第二条", PAID),),
        cap=number(cap, YUAN),
    )

    found = assess(rule, {"paid": 4000})

    assert (found.status, found.amount) == (Status.MET, ranges.exactly(yuan))


@pytest.mark.parametrize("step", ["0.001", "0", "-1", "0.015"])
def test_amounts_are_rounded_to_whole_fen_only(step: str) -> None:
    with pytest.raises(ValueError, match="whole fen"):
        Rounding(Fraction(step))
