"""The gap planner: the plan does what it says, and nothing smaller would."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.binding import last_day_of
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.gaps import (
    Change,
    Leeway,
    NoPlan,
    Plan,
    leeways_from,
    plan_for,
)
from lianqi.engines.rules.meaning import meaning
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    Fact,
    Has,
    Judged,
    Kind,
    Not,
    Operation,
    Or,
    Sign,
    number,
)
from lianqi.engines.rules.units import PERSONS, YUAN

REVENUE = Fact("revenue", Kind.NUMBER, "2025", YUAN, Fraction(0))
RD = Fact("rd_expense", Kind.NUMBER, "2025", YUAN, Fraction(0))
STAFF = Fact("employees", Kind.NUMBER, "2025", PERSONS, Fraction(0))
DEBTS = Fact("liabilities", Kind.NUMBER, "2025", YUAN, Fraction(0))
FOUNDED_MONTHS = Fact("age", Kind.NUMBER, None, (("月", 1),), Fraction(0))
TITLES = Fact("titles", Kind.SET)
CLEAN = Fact("clean", Kind.BOOL)

ENOUGH_SALES = Compare(Sign.AT_LEAST, REVENUE, number(20_000_000, YUAN))
SHARE = Compare(Sign.AT_LEAST, Arithmetic(Operation.OVER, RD, REVENUE), number("0.05"))


def leeways(fact: Fact) -> Leeway | None:
    """Money moves by a fen, everything else by one; age not at all; debts may fall."""
    if fact == FOUNDED_MONTHS:
        return None
    return Leeway(Fraction(1, 100) if fact.dims == YUAN else Fraction(1), falls=fact == DEBTS)


def targets(condition, snapshot) -> dict[str, object]:
    plan = plan_for(condition, snapshot, leeways)
    assert isinstance(plan, Plan)
    after = {**snapshot, **{each.fact.slot: each.target for each in plan.changes}}
    assert meaning(condition, {**after, **dict.fromkeys(plan.answers, True)}).value is True
    return {each.fact.slot: each.target for each in plan.changes}


def test_a_fulfilled_condition_needs_no_change() -> None:
    assert plan_for(ENOUGH_SALES, {"revenue@2025": Fraction(20_000_000)}, leeways) == Plan(())


def test_a_threshold_is_reached_exactly() -> None:
    assert targets(ENOUGH_SALES, {"revenue@2025": Fraction(19_000_000)}) == {
        "revenue@2025": Fraction(20_000_000)
    }


def test_more_than_a_threshold_is_one_fen_more() -> None:
    condition = Compare(Sign.MORE, REVENUE, number(20_000_000, YUAN))
    assert targets(condition, {"revenue@2025": Fraction(19_000_000)}) == {
        "revenue@2025": Fraction(2_000_000_001, 100)
    }


def test_a_share_is_reached_by_the_figure_that_may_rise() -> None:
    snapshot = {"revenue@2025": Fraction(30_000_000), "rd_expense@2025": Fraction(1_200_000)}
    assert targets(And((ENOUGH_SALES, SHARE)), snapshot) == {"rd_expense@2025": Fraction(1_500_000)}


def test_only_what_may_fall_is_advised_to_fall() -> None:
    low_debt = Compare(
        Sign.AT_MOST, DEBTS, Arithmetic(Operation.TIMES, number("0.7"), REVENUE, YUAN)
    )
    snapshot = {"revenue@2025": Fraction(10_000_000), "liabilities@2025": Fraction(7_100_000)}
    assert targets(low_debt, snapshot) == {"liabilities@2025": Fraction(7_000_000)}


def test_two_clauses_that_pull_at_each_other() -> None:
    snapshot = {"revenue@2025": Fraction(10_000_000), "rd_expense@2025": Fraction(500_000)}
    assert targets(And((SHARE, ENOUGH_SALES)), snapshot) == {
        "revenue@2025": Fraction(20_000_000),
        "rd_expense@2025": Fraction(1_000_000),
    }


def test_fewer_changes_go_before_smaller_ones() -> None:
    either = Or((And((ENOUGH_SALES, SHARE)), Has(TITLES, ("high_tech",))))
    snapshot = {
        "revenue@2025": Fraction(19_000_000),
        "rd_expense@2025": Fraction(940_000),
        "titles": frozenset(),
    }
    assert targets(either, snapshot) == {"titles": frozenset({"high_tech"})}


def test_two_of_three_takes_the_nearest_two() -> None:
    condition = AtLeast(
        2, (ENOUGH_SALES, Compare(Sign.AT_LEAST, STAFF, number(30, PERSONS)), CLEAN)
    )
    snapshot = {"revenue@2025": Fraction(1_000), "employees@2025": Fraction(29), "clean": True}
    assert targets(condition, snapshot) == {"employees@2025": Fraction(30)}


def test_what_cannot_be_changed_is_named_and_never_advised() -> None:
    old_enough = Compare(Sign.AT_LEAST, FOUNDED_MONTHS, number(36, (("月", 1),)))
    assert plan_for(And((old_enough, CLEAN)), {"age": Fraction(20), "clean": False}, leeways) == (
        NoPlan(("age",))
    )


def test_a_title_in_the_way_is_not_given_back() -> None:
    plan = plan_for(Not(Has(TITLES, ("champion",))), {"titles": frozenset({"champion"})}, leeways)
    assert plan == NoPlan(("titles",))


def test_a_missing_figure_is_advised_as_what_it_has_to_be() -> None:
    plan = plan_for(ENOUGH_SALES, {}, leeways)
    assert plan == Plan((Change(REVENUE, None, Fraction(20_000_000)),))


def test_questions_are_taken_as_answered_with_yes() -> None:
    question = Judged("core", "知识产权是否对主要产品起核心支持作用？")
    plan = plan_for(And((question, CLEAN)), {"clean": False}, leeways)
    assert plan == Plan((Change(CLEAN, now=False, target=True),), ("judged:core",))


def test_an_answer_no_stands_in_the_way() -> None:
    question = Judged("core", "是否核心？")
    assert isinstance(plan_for(question, {"judged:core": False}, leeways), NoPlan)


def test_the_catalogue_and_the_calendar_say_what_can_change() -> None:
    catalogue = national()
    leeway = leeways_from(catalogue, dt.date(2025, 6, 30))
    assert leeway(catalogue["founded"].node()) is None
    assert leeway(catalogue["revenue"].node("2024")) is None
    assert leeway(catalogue["revenue"].node("2025")) == Leeway(Fraction(1, 100))
    assert leeway(catalogue["employees"].node("2025")) == Leeway(Fraction(1))
    assert leeway(catalogue["liabilities"].node("2025")) == Leeway(
        Fraction(1, 100), rises=False, falls=True
    )
    assert leeway(catalogue["titles"].node()) == Leeway()


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024", dt.date(2024, 12, 31)),
        ("2024-H1", dt.date(2024, 6, 30)),
        ("2024-Q3", dt.date(2024, 9, 30)),
        ("2024-02", dt.date(2024, 2, 29)),
    ],
)
def test_a_period_ends_on_its_last_day(period, day) -> None:
    assert last_day_of(period) == day


# --- against brute force -------------------------------------------------------------------------

SMALL = tuple(Fact(name, Kind.NUMBER, "2025", PERSONS, Fraction(0), Fraction(5)) for name in "abc")
FLAG = Fact("flag", Kind.BOOL)


def sums() -> st.SearchStrategy:
    fact = st.sampled_from(SMALL)
    return st.one_of(
        fact,
        st.builds(
            lambda one, other, sign: Arithmetic(sign, one, other, PERSONS),
            fact,
            fact,
            st.sampled_from((Operation.PLUS, Operation.MINUS)),
        ),
    )


def conditions() -> st.SearchStrategy:
    leaf = st.one_of(
        st.builds(
            lambda sign, left, bound: Compare(sign, left, number(bound, PERSONS)),
            st.sampled_from((Sign.AT_LEAST, Sign.AT_MOST, Sign.MORE, Sign.LESS)),
            sums(),
            st.integers(0, 7),
        ),
        st.just(FLAG),
    )
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.lists(part, min_size=2, max_size=3).map(lambda items: And(tuple(items))),
            st.lists(part, min_size=2, max_size=3).map(lambda items: Or(tuple(items))),
            st.builds(Not, part),
        ),
        max_leaves=5,
    )


def cost(before, after) -> tuple[int, Fraction]:
    changed = [slot for slot in before if before[slot] != after[slot]]
    sizes = [
        Fraction(1)
        if isinstance(before[slot], bool)
        else abs(after[slot] - before[slot]) / max(before[slot], Fraction(1))
        for slot in changed
    ]
    return len(changed), sum(sizes, Fraction(0))


@settings(max_examples=100, deadline=None)
@given(
    condition=conditions(),
    values=st.tuples(*(st.integers(0, 5) for _ in SMALL)),
    flag=st.booleans(),
)
def test_brute_force_finds_nothing_cheaper(condition, values, flag) -> None:
    before = {
        **{fact.slot: Fraction(value) for fact, value in zip(SMALL, values, strict=True)},
        "flag": flag,
    }
    best = None
    for grid in itertools.product(range(6), repeat=3):
        for flagged in (False, True):
            after = {
                **{fact.slot: Fraction(value) for fact, value in zip(SMALL, grid, strict=True)},
                "flag": flagged,
            }
            if meaning(condition, after).value is True:
                price = cost(before, after)
                best = price if best is None else min(best, price)
    plan = plan_for(condition, before, lambda _fact: Leeway(falls=True))
    if best is None:
        assert isinstance(plan, NoPlan)
        return
    assert isinstance(plan, Plan)
    after = {**before, **{each.fact.slot: each.target for each in plan.changes}}
    assert meaning(condition, after).value is True
    assert cost(before, after) == best


@pytest.mark.parametrize("value", [0, 5])
def test_zero_is_a_value_to_start_from(value) -> None:
    assert targets(
        Compare(Sign.AT_LEAST, STAFF, number(6, PERSONS)), {"employees@2025": Fraction(value)}
    ) == {"employees@2025": Fraction(6)}


def test_constants_need_nothing() -> None:
    assert plan_for(Const(value=True), {}, leeways) == Plan(())
    assert plan_for(Const(value=False), {}, leeways) == NoPlan(())
