"""The linter finds what was planted, with an example, and nothing in a sound rule."""

from fractions import Fraction

import pytest

from lianqi.engines.rules.lint import Finding, Problem, lint
from lianqi.engines.rules.meaning import meaning
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    Arithmetic,
    Compare,
    Count,
    Fact,
    Has,
    Item,
    Judged,
    Kind,
    Least,
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Sign,
    Step,
    Tier,
    number,
)
from lianqi.engines.rules.rule import Benefit, Clause, Rule
from lianqi.engines.rules.units import YUAN

REVENUE = Fact("revenue", Kind.NUMBER, "2024", YUAN, Fraction(0))
BEFORE = Fact("revenue", Kind.NUMBER, "2023", YUAN, Fraction(0))
RD = Fact("rd_expense", Kind.NUMBER, "2024", YUAN, Fraction(0))
INDUSTRY = Fact("industry", Kind.TEXT)
SIZE = Fact("size_class", Kind.TEXT)
TITLES = Fact("titles", Kind.SET)
CLEAN = Fact("clean", Kind.BOOL)
SHARE = Arithmetic(Operation.OVER, RD, REVENUE)


def yuan(amount) -> Node:
    return number(amount, YUAN)


def at_least(left, right) -> Node:
    return Compare(Sign.AT_LEAST, left, right)


def below(left, right) -> Node:
    return Compare(Sign.LESS, left, right)


def rule(*conditions: Node, benefits=(), scope=TRUE) -> Rule:
    return Rule(
        "r",
        tuple(Clause(f"c{at}", "", each) for at, each in enumerate(conditions, 1)),
        tuple(benefits),
        scope=scope,
    )


SOUND = rule(
    at_least(REVENUE, yuan(20_000_000)),
    at_least(SHARE, number("0.05")),
    Prefix(INDUSTRY, ("C", "I65")),
    Not(Has(TITLES, ("champion",))),
    Or((Has(TITLES, ("high_tech",)), Judged("core", "是否核心？"))),
    benefits=[
        Benefit("b", "", Least((Arithmetic(Operation.TIMES, number("0.1"), RD, YUAN), yuan(500))))
    ],
)


def test_a_sound_rule_has_no_findings() -> None:
    assert lint(SOUND) == []


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param(
            [And((at_least(REVENUE, yuan(100)), below(REVENUE, yuan(50))))],
            [Finding(Problem.NEVER_TRUE, ("c1",))],
            id="a clause against itself",
        ),
        pytest.param(
            [Compare(Sign.MORE, yuan(0), REVENUE)],
            [Finding(Problem.NEVER_TRUE, ("c1",))],
            id="below the bound of a fact",
        ),
        pytest.param(
            [at_least(REVENUE, yuan(0))],
            [Finding(Problem.ALWAYS_TRUE, ("c1",))],
            id="within the bound of a fact",
        ),
        pytest.param(
            [Or((below(REVENUE, yuan(100)), at_least(REVENUE, yuan(100))))],
            [Finding(Problem.ALWAYS_TRUE, ("c1",))],
            id="one or the other always holds",
        ),
        pytest.param(
            [at_least(REVENUE, yuan(100)), below(REVENUE, yuan(50)), CLEAN],
            [Finding(Problem.CONTRADICTION, ("c1", "c2"))],
            id="two clauses against each other",
        ),
        pytest.param(
            [at_least(SHARE, number("0.1")), below(RD, yuan(5)), at_least(REVENUE, yuan(100))],
            [Finding(Problem.CONTRADICTION, ())],
            id="three clauses that no pair explains",
        ),
        pytest.param(
            [OneOf(SIZE, ("large",)), OneOf(SIZE, ("small", "micro"))],
            [Finding(Problem.CONTRADICTION, ("c1", "c2"))],
            id="two sizes at once",
        ),
        pytest.param(
            [at_least(REVENUE, yuan(100)), at_least(REVENUE, yuan(50))],
            [Finding(Problem.IMPLIED, ("c2",))],
            id="the weaker of two thresholds",
        ),
    ],
)
def test_planted_faults_of_clauses(conditions, expected) -> None:
    assert lint(rule(*conditions)) == expected


def test_a_question_at_one_exact_value_is_not_always_answered() -> None:
    edge = Or((Compare(Sign.UNEQUAL, REVENUE, yuan(500_000_000)), Judged("edge", "哪一档？")))
    assert lint(rule(edge, CLEAN)) == []


def test_what_speaks_of_lists_is_not_said_to_be_impossible() -> None:
    rights = Fact("ip_rights", Kind.LIST)
    enough = at_least(Count(rights, Item("transferred", Kind.BOOL)), number(3, (("项", 1),)))
    assert lint(rule(enough, CLEAN)) == []


def bands(*edges: tuple[int, int]) -> list[Benefit]:
    return [
        Benefit(f"b{at}", "", yuan(100 * at), when)
        for at, when in enumerate(
            (
                And((at_least(REVENUE, yuan(low)), below(REVENUE, yuan(high))))
                for low, high in edges
            ),
            1,
        )
    ]


def test_bands_that_meet_are_sound() -> None:
    benefits = [*bands((0, 100)), Benefit("top", "", yuan(900), at_least(REVENUE, yuan(100)))]
    assert lint(rule(CLEAN, benefits=benefits), alternatives=[("b1", "top")]) == []


def test_a_gap_between_bands_is_shown_by_an_example() -> None:
    benefits = [*bands((0, 100)), Benefit("top", "", yuan(900), at_least(REVENUE, yuan(120)))]
    (finding,) = lint(rule(CLEAN, benefits=benefits), alternatives=[("b1", "top")])
    assert finding == Finding(Problem.GAP, ("b1", "top"))
    assert 100 <= finding.example["revenue@2024"] < 120


def test_an_overlap_of_bands_is_shown_by_an_example() -> None:
    benefits = [
        Benefit("low", "", yuan(1), Compare(Sign.AT_MOST, REVENUE, yuan(100))),
        Benefit("high", "", yuan(2), at_least(REVENUE, yuan(100))),
    ]
    (finding,) = lint(rule(CLEAN, benefits=benefits), alternatives=[("low", "high")])
    assert finding == Finding(Problem.OVERLAP, ("low", "high"))
    assert finding.example["revenue@2024"] == 100


def test_an_amount_that_can_be_negative() -> None:
    growth = Arithmetic(Operation.MINUS, REVENUE, BEFORE, YUAN)
    (finding,) = lint(rule(CLEAN, benefits=[Benefit("b", "", growth)]))
    assert finding == Finding(Problem.NEGATIVE_AMOUNT, ("b",))
    assert meaning(growth, finding.example).value.value < 0


def test_growth_behind_a_condition_is_never_negative() -> None:
    growth = Arithmetic(Operation.MINUS, REVENUE, BEFORE, YUAN)
    grown = Compare(Sign.AT_LEAST, REVENUE, BEFORE)
    assert lint(rule(grown, benefits=[Benefit("b", "", growth)])) == []


def test_a_step_that_the_conditions_leave_no_room_for() -> None:
    table = Tier(
        REVENUE,
        (Step(Fraction(100), True, yuan(1)), Step(Fraction(200), True, yuan(2))),
        yuan(0),
    )
    found = lint(rule(below(REVENUE, yuan(150)), benefits=[Benefit("b", "", table)]))
    assert found == [Finding(Problem.UNREACHABLE_STEP, ("b", "2"))]


def test_a_divisor_that_may_be_zero() -> None:
    amount = Arithmetic(Operation.OVER, RD, Arithmetic(Operation.OVER, REVENUE, BEFORE), YUAN)
    found = lint(rule(CLEAN, benefits=[Benefit("b", "", amount)]))
    assert {each.problem for each in found} == {Problem.MAY_DIVIDE_BY_ZERO}
