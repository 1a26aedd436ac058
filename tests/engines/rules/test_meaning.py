"""What the reference interpreter promises: what it decides with gaps, no further fact can change."""

import datetime as dt
from fractions import Fraction
from itertools import product
from math import inf
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.meaning import Outcome, meaning
from lianqi.engines.rules.nodes import (
    FALSE,
    TRUE,
    And,
    AtLeast,
    Judged,
    Kind,
    Node,
    NotBoundError,
    Or,
)
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.ranges import Range, exactly
from lianqi.engines.rules.rule import Benefit, Clause, Rounding, RoundingMode, Rule, Status, assess
from lianqi.engines.rules.units import YUAN, Dims
from tests.engines.rules.strategies import (
    CATALOGUE,
    amounts,
    answered,
    completed,
    conditions,
    days,
    less_known,
    parts_of,
    rules,
    snapshots,
)

DAY = dt.date(2025, 6, 30)
SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read(text: str, expects: Kind | Dims | None = None) -> Node:
    return bind(parse(text, CATALOGUE, expects=expects).node, DAY)


def outcome(text: str, expects: Kind | Dims | None = None, **facts: Any) -> Outcome:
    """`revenue` stands for last year's, `revenue_2023` for a certain year's."""
    snapshot = {}
    for name, value in facts.items():
        key, _, year = name.partition("_2")
        spec = CATALOGUE.find(key)
        slot = f"{key}@2{year}" if year else spec.node("2024").slot if spec and spec.grain else name
        snapshot[slot] = value
    return meaning(read(text, expects), snapshot)


# --- conditions ------------------------------------------------------------------------------------

OPEN = Judged("open", "?")


@pytest.mark.parametrize(("one", "other"), list(product([True, False, None], repeat=2)))
def test_three_valued_logic(one: bool | None, other: bool | None) -> None:
    snapshot = {"judged:a": one, "judged:b": other}
    items = (Judged("a", "?"), Judged("b", "?"))

    both, either = meaning(And(items), snapshot).value, meaning(Or(items), snapshot).value

    assert both is (False if False in (one, other) else None if None in (one, other) else True)
    assert either is (True if True in (one, other) else None if None in (one, other) else False)


@pytest.mark.parametrize(
    ("items", "value", "asks"),
    [
        ((TRUE, TRUE, OPEN), True, set()),
        ((FALSE, FALSE, OPEN), False, set()),
        ((TRUE, FALSE, OPEN), None, {"judged:open"}),
    ],
)
def test_two_of_three(items: tuple[Node, ...], value: bool | None, asks: set[str]) -> None:
    assert meaning(AtLeast(2, items), {}) == Outcome(value, frozenset(asks))


def test_joins_of_nothing() -> None:
    assert meaning(And(()), {}) == Outcome(value=True)
    assert meaning(Or(()), {}) == Outcome(value=False)


def test_a_fact_below_what_is_decided_is_not_asked_for() -> None:
    found = outcome(
        "above_scale and (revenue >= 2000万元 or dishonest)", above_scale=True, dishonest=True
    )

    assert found == Outcome(value=True)


def test_only_what_can_still_change_it_is_asked_for() -> None:
    found = outcome("above_scale and (revenue >= 2000万元 or dishonest)", dishonest=False)

    assert found == Outcome(None, frozenset({"above_scale", "revenue@2024"}))


def test_zero_and_false_are_known() -> None:
    assert outcome("revenue >= 2000万元 or dishonest", revenue=0, dishonest=False) == Outcome(
        value=False
    )


def test_bounds_decide_where_the_number_is_missing() -> None:
    assert outcome("score <= 100") == Outcome(value=True)
    assert outcome("revenue >= 0") == Outcome(value=True)
    assert outcome("revenue > 0") == Outcome(None, frozenset({"revenue@2024"}))
    assert outcome("foreign_share > 100%") == Outcome(value=False)
    assert outcome("profit >= 0") == Outcome(None, frozenset({"profit@2024"}))


def test_a_quotient_by_zero_stays_open_and_says_why() -> None:
    found = outcome("rd_expense / revenue >= 5%", rd_expense=5, revenue=0)

    assert found == Outcome(None, frozenset({"zero:revenue@2024"}))


def test_a_zero_in_an_entry_or_in_the_rule_itself_is_told_too() -> None:
    entries = ({"pay": Fraction(10), "insured": Fraction(0)},)

    in_entry = outcome("total(staff, pay / insured) > 0元 / 1个月", staff=entries)
    fixed = outcome("score / days_between(as_of, date('2025-06-30')) > 0分/天", score=5)

    assert in_entry == Outcome(None, frozenset({"zero:staff.insured"}))
    assert fixed == Outcome(None, frozenset({"zero:"}))


def test_dates() -> None:
    assert outcome("founded <= years_before(as_of, 1)", founded=dt.date(2024, 6, 30)).value is True
    assert outcome("founded <= years_before(as_of, 1)", founded=dt.date(2024, 7, 1)).value is False
    assert outcome("founded <= years_before(as_of, 1)").asks == {"founded"}


def test_sets_and_codes() -> None:
    assert outcome("has(titles, 'srdi', 'giant')", titles=frozenset({"giant"})).value is True
    assert outcome("has(titles, 'srdi', 'giant')", titles=frozenset()).value is False
    assert outcome("startswith(industry, 'C39')", industry="C3913").value is True
    assert outcome("startswith(industry, 'C39')").asks == {"industry"}
    assert outcome("size_class in ('small', 'micro')", size_class="micro").value is True


# --- numbers ---------------------------------------------------------------------------------------


def test_a_cap_that_is_reached_anyway_needs_no_fact() -> None:
    found = outcome("min(0.1 * invested, 20_000_000) - min(20_000_000, 0)", YUAN, invested=10**9)

    assert found == Outcome(exactly(20_000_000))


def test_an_unknown_number_lies_between_its_bounds() -> None:
    found = outcome("min(0.1 * invested, 20_000_000)", YUAN)

    assert found == Outcome(Range(Fraction(0), Fraction(20_000_000)), frozenset({"invested"}))


def test_a_choice_of_the_same_is_decided() -> None:
    assert outcome("5万元 if above_scale else 50_000", YUAN) == Outcome(exactly(50_000))


@pytest.mark.parametrize(
    ("spent", "amount"),
    [(0, 0), (4_999_999, 0), (5_000_000, 10), (10_000_000, 10), (10_000_001, 20)],
)
def test_tiers_include_or_exclude_their_bound(spent: int, amount: int) -> None:
    found = outcome(
        "tier(rd_expense, (>= 500万元, 10万元), (> 1000万元, 20万元))", YUAN, rd_expense=spent
    )

    assert found == Outcome(exactly(amount * 10_000))


def test_a_tier_on_a_bounded_number() -> None:
    found = outcome("tier(score, (>= 60, 10万元), (> 100, 20万元), 0元)", YUAN)

    assert found == Outcome(Range(Fraction(0), Fraction(100_000)), frozenset({"score"}))


@pytest.mark.parametrize(
    ("spent", "amount"), [(-5, 0), (0, 0), (100, 5), (5_000_000, 250_000), (10_000_000, 400_000), (20_000_000, 500_000)]
)  # fmt: skip
def test_each_slice_at_its_own_rate(spent: int, amount: int) -> None:
    found = outcome(
        "slices(profit, (500万元, 5%), (1000万元, 3%), 1%)", YUAN, profit=Fraction(spent)
    )

    assert found == Outcome(exactly(amount))


def test_slices_end_at_the_last_bound() -> None:
    assert outcome("slices(revenue, (500万元, 5%))", YUAN, revenue=10**9) == Outcome(
        exactly(250_000)
    )


def test_entries_of_a_list() -> None:
    entries = (
        {"degree": "doctor", "pay": Fraction(300_000)},
        {"degree": "master", "pay": Fraction(200_000)},
        {"pay": Fraction(100_000)},
    )

    count = outcome("count(staff, degree == 'doctor')", None, staff=entries)
    total = outcome("total(staff, pay, degree == 'doctor')", YUAN, staff=entries)

    assert count == Outcome(Range(Fraction(1), Fraction(2)), frozenset({"staff.degree"}))
    assert total == Outcome(
        Range(Fraction(300_000), Fraction(400_000)), frozenset({"staff.degree"})
    )


def test_a_list_that_is_not_known() -> None:
    assert outcome("count(staff)") == Outcome(Range(Fraction(0), inf), frozenset({"staff"}))
    assert outcome("total(staff, balance)") == Outcome(Range(-inf, inf), frozenset({"staff"}))


def test_a_rule_has_to_be_bound() -> None:
    for text in ("founded <= as_of", "revenue > 0"):
        with pytest.raises(NotBoundError):
            meaning(parse(text, CATALOGUE).node, {})


# --- what is promised ------------------------------------------------------------------------------


def _contains(outer: Any, inner: Any) -> bool:
    if isinstance(outer, Range):
        return bool(outer.low <= inner.low and inner.high <= outer.high)
    return outer is None or outer == inner


@pytest.mark.slow
@SLOW
@given(st.data(), st.one_of(conditions(), amounts(None)), days())
def test_what_is_decided_with_gaps_stays_so_with_every_completion(
    data: st.DataObject, node: Node, day: dt.date
) -> None:
    bound = bind(node, day)
    full = data.draw(snapshots([bound], gaps=0))
    partial = data.draw(less_known(full))
    other = data.draw(completed(partial, data.draw(snapshots([bound], gaps=0))))

    found = meaning(bound, partial)

    for whole in (full, other):
        better = meaning(bound, whole)
        assert _contains(found.value, better.value)
        if not found.is_open:
            assert better == found


@pytest.mark.slow
@SLOW
@given(st.data(), st.one_of(conditions(), amounts(None)), days())
def test_what_is_open_asks_and_answering_settles(
    data: st.DataObject, node: Node, day: dt.date
) -> None:
    bound = bind(node, day)
    full = data.draw(snapshots([bound], gaps=0))
    known = data.draw(less_known(full))

    while (found := meaning(bound, known)).is_open:
        assert found.asks
        better = answered(known, full, found.asks)
        if better == known:  # only a quotient by zero is left
            assert all(each.startswith("zero:") for each in found.asks)
            break
        known = better

    assert found == meaning(bound, full)


@pytest.mark.slow
@SLOW
@given(st.data(), rules(), days())
def test_a_rule_that_is_settled_with_gaps_stays_so(
    data: st.DataObject, rule: Rule, day: dt.date
) -> None:
    bound = rule.on(day)
    full = data.draw(snapshots(parts_of(bound), gaps=0))
    partial = data.draw(less_known(full))
    out_of_reach = {Status.UNMET, Status.NOT_APPLICABLE}

    found, better = assess(bound, partial), assess(bound, full)

    open_ = found.status in (Status.UNKNOWN, Status.REVIEW)
    assert bool(found.asks) is open_
    if not open_:
        # Where the scope is not known a clause that fails says unmet, later it may be no matter.
        assert found.status is better.status or {found.status, better.status} == out_of_reach
    if found.amount is not None and better.amount is not None:
        assert _contains(found.amount, better.amount)
    assert bool(found.amount_asks) is (found.amount is not None and not found.amount.is_known)


# --- whole rules -----------------------------------------------------------------------------------


def _rule(**given: Any) -> Rule:
    clause = Clause("c1", "第三条", read("revenue >= 2000万元"))
    benefit = Benefit("b1", "第九条", read("0.333 * rd_expense", YUAN))
    return Rule(**{"key": "r", "clauses": (clause,), "benefits": (benefit,)} | given)


def test_met_with_its_amount_rounded_once() -> None:
    found = assess(_rule(), {"revenue@2024": 20_000_000, "rd_expense@2024": Fraction("0.05")})

    assert (found.status, found.amount) == (Status.MET, exactly(Fraction("0.02")))
    assert found.clauses == (("c1", Status.MET),)


@pytest.mark.parametrize(
    ("mode", "amount", "rounded"),
    [
        (RoundingMode.HALF_UP, "149.99", "100"),
        (RoundingMode.HALF_UP, "150", "200"),
        (RoundingMode.DOWN, "199.99", "100"),
    ],
)
def test_rounding(mode: RoundingMode, amount: str, rounded: str) -> None:
    assert Rounding(Fraction(100), mode).of(Fraction(amount)) == Fraction(rounded)
    assert Rounding(Fraction(100), mode).of(inf) == inf


def test_unmet_has_no_amount() -> None:
    found = assess(_rule(), {"revenue@2024": 19_999_999})

    assert (found.status, found.asks, found.amount) == (Status.UNMET, frozenset(), None)


def test_unknown_asks_for_the_fact_and_the_year() -> None:
    found = assess(_rule(), {"rd_expense@2024": 0})

    assert (found.status, found.asks) == (Status.UNKNOWN, {"revenue@2024"})
    assert found.amount == exactly(0)


def test_a_review_is_left_only_where_nothing_else_is_missing() -> None:
    clauses = (*_rule().clauses, Clause("c2", "第四条", OPEN))

    review = assess(_rule(clauses=clauses), {"revenue@2024": 20_000_000})
    unknown = assess(_rule(clauses=clauses), {})

    assert (review.status, review.asks) == (Status.REVIEW, {"judged:open"})
    assert unknown.status is Status.UNKNOWN


def test_out_of_scope() -> None:
    found = assess(_rule(scope=FALSE), {"revenue@2024": 20_000_000})

    assert (found.status, found.clauses) == (Status.NOT_APPLICABLE, ())


def test_one_of_several_benefits_has_to_be_open_to_the_applicant() -> None:
    benefits = (
        Benefit("b1", "1", read("5万元", YUAN), read("above_scale")),
        Benefit("b2", "2", read("8万元", YUAN), read("audited")),
    )
    rule = _rule(benefits=benefits)
    rich = {"revenue@2024": 20_000_000}

    none = assess(rule, rich | {"above_scale": False, "audited@2024": False})
    one = assess(rule, rich | {"above_scale": False, "audited@2024": True})
    maybe = assess(rule, rich | {"audited@2024": True})

    assert none.status is Status.UNMET
    assert (one.status, one.amount) == (Status.MET, exactly(80_000))
    assert (maybe.status, maybe.amount) == (Status.MET, Range(Fraction(80_000), Fraction(130_000)))
    assert maybe.amount_asks == {"above_scale"}


def test_the_cap_settles_what_lies_above_it() -> None:
    rule = _rule(cap=read("1万元", YUAN))

    found = assess(rule, {"revenue@2024": 20_000_000, "rd_expense@2024": 10**9})

    assert found.amount == exactly(10_000)


def test_days_in_force() -> None:
    rule = _rule(starts=dt.date(2025, 1, 1), ends=dt.date(2025, 12, 31))

    assert [rule.is_in_force(dt.date(2024, 12, 31)), rule.is_in_force(dt.date(2025, 12, 31))] == [
        False,
        True,
    ]
    assert _rule().is_in_force(DAY)


def test_the_facts_that_come_with_the_program() -> None:
    catalogue = national()

    assert catalogue.find("研发投入") is catalogue["rd_expense"]
    assert catalogue["revenue"].unit.dims == YUAN
