"""Measures that exclude each other: the best combination, as trying all of them finds it."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.packs.applicants import Applicant, Settled
from lianqi.engines.packs.excluding import MOST_TRIED, choose, exclusions, total
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.reading import read
from lianqi.engines.packs.runs import settle_all
from lianqi.engines.rules.ranges import Range, exactly
from lianqi.engines.rules.rule import Status

DAY = dt.date(2026, 3, 1)
TWO = """\
pack: one
version: "1"
document: {title: 办法, issuer: 管委会, source: 门户网站}
in_force: {from: 2026-01-01}
measures:
  - key: a
    title: 甲
    excludes: [b]
    benefits: [{key: x, kind: rate, title: 甲, amount: 营业收入 × 1%}]
  - key: b
    title: 乙
    excludes: [else/z]
    benefits: [{key: x, kind: fixed, title: 乙, amount: 5万元}]
  - key: c
    title: 丙
    benefits: [{key: x, kind: fixed, title: 丙, amount: 4万元}]
    budget: {amount: 6万元, when_short: first_come}
cap_groups:
  - {key: both, cap: 7万元, measures: [b, c]}
"""
NAMES = tuple("abcdefg")
AMOUNT = st.integers(0, 4).map(Fraction)
RANGE = st.tuples(AMOUNT, AMOUNT).map(lambda both: Range(min(both), max(both)))
PAIRS = st.lists(st.sampled_from([frozenset(each) for each in combinations(NAMES, 2)]), max_size=12)


def pair(one: str, other: str) -> frozenset[str]:
    return frozenset({one, other})


def best(awards: dict[str, Fraction], pairs: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """By trying all combinations: the highest sum; of equal ones that of the earliest measures."""
    excluding = list(pairs)
    every = (
        tuple(key for key, is_in in zip(awards, picks, strict=True) if is_in)
        for picks in product((True, False), repeat=len(awards))
    )
    allowed = [kept for kept in every if not any(each <= set(kept) for each in excluding)]
    # `product` counts down from "all", so the first of equal sums names the earliest measures.
    return max(allowed, key=lambda kept: sum(awards[key] for key in kept))


@given(st.lists(AMOUNT, max_size=len(NAMES)), PAIRS)
def test_no_combination_is_better(amounts: list[Fraction], pairs: list[frozenset[str]]) -> None:
    awards = dict(zip(NAMES, amounts, strict=False))
    ranges = {key: exactly(amount) for key, amount in awards.items()}
    inside = [each for each in pairs if each <= awards.keys()]
    wanted = best(awards, inside)

    chosen = choose(ranges, pairs)

    assert tuple(key for key, each in chosen.items() if each.is_paid) == wanted
    assert total(ranges, pairs) == exactly(sum((awards[key] for key in wanted), Fraction(0)))
    for key, each in chosen.items():
        assert each.amount == (ranges[key] if each.is_paid else exactly(0))
        assert all(pair(key, other) in inside and chosen[other].is_paid for other in each.instead)


@given(st.lists(RANGE, max_size=5), PAIRS, st.data())
def test_what_is_told_of_open_amounts_holds_for_all_of_them(
    amounts: list[Range], pairs: list[frozenset[str]], data: st.DataObject
) -> None:
    awards = dict(zip(NAMES, amounts, strict=False))
    chosen, sums = choose(awards, pairs), total(awards, pairs)
    exact = {
        key: exactly(data.draw(st.sampled_from([each.low, each.high, (each.low + each.high) / 2])))
        for key, each in awards.items()
    }

    for key, each in choose(exact, pairs).items():
        assert chosen[key].amount.low <= each.amount.low <= chosen[key].amount.high
        if not chosen[key].is_open:
            assert each.is_paid == chosen[key].is_paid
    settled = total(exact, pairs)
    assert sums.low <= settled.low <= sums.high


def test_the_higher_of_two_is_paid_and_the_other_says_why() -> None:
    chosen = choose({"a": exactly(5), "b": exactly(8), "c": exactly(1)}, {pair("a", "b")})

    assert [each.is_paid for each in chosen.values()] == [False, True, True]
    assert chosen["a"].instead == ("b",)


def test_equal_awards_go_by_the_order_of_statement() -> None:
    chosen = choose({"b": exactly(5), "a": exactly(5)}, {pair("a", "b")})

    assert chosen["b"].is_paid
    assert chosen["a"].instead == ("b",)


def test_a_chain_is_paid_at_both_ends_if_they_are_more_together() -> None:
    awards = {"a": exactly(5), "b": exactly(6), "c": exactly(4)}

    chosen = choose(awards, {pair("a", "b"), pair("b", "c")})

    assert chosen["b"].instead == ("a", "c")
    assert total(awards, {pair("a", "b"), pair("b", "c")}) == exactly(9)


def test_an_open_amount_that_cannot_matter_settles_the_rest() -> None:
    awards = {"a": Range(Fraction(0), Fraction(3)), "b": exactly(5)}

    chosen = choose(awards, {pair("a", "b")})

    assert chosen["b"].is_paid
    assert (chosen["a"].amount, chosen["a"].is_open) == (exactly(0), False)


def test_beyond_the_bound_the_highest_is_taken_first() -> None:
    names = [f"m{place:02}" for place in range(MOST_TRIED + 1)]
    odd = Fraction("10.5")
    awards = {name: exactly(odd if place % 2 else 10) for place, name in enumerate(names)}
    chain = {pair(one, other) for one, other in pairwise(names)}

    chosen = choose(awards, chain)

    # Together the thirteen of 10 are 130; taken one by one the twelve of 10.5 come first.
    assert [key for key, each in chosen.items() if each.is_paid] == names[1::2]
    assert total(awards, chain) == exactly(126)
    fewer = {key: awards[key] for key in names[: MOST_TRIED - 1]}
    assert total(fewer, chain) == exactly(120)


def test_measures_name_others_of_their_pack_by_key() -> None:
    pack = read(TWO)
    found = [Found(pack, each) for each in pack.reading(DAY).measures]

    assert exclusions(found) == {pair("one/a", "one/b"), pair("one/b", "else/z")}


def settled(*revenues: int | None) -> dict[str, dict[str, Settled]]:
    pack = read(TWO)
    found = [Found(pack, each) for each in pack.measures(DAY)]
    run = [
        Applicant(f"firm{turn}", {} if each is None else {"revenue@2025": Fraction(each)}, turn)
        for turn, each in enumerate(revenues)
    ]
    return settle_all(found, run, DAY)


def test_a_run_keeps_exclusions_then_common_limits_then_budgets() -> None:
    found = settled(4_000_000, 9_000_000)

    # firm0: 4万元 by a or 5万元 by b: b; of 7万元 that leaves 2万元 for c. firm1: 9万元 by a; c is
    # not limited, but of its 6万元 only 4万元 are left.
    assert {
        name: {key: each.amount and each.amount.value for key, each in firms.items()}
        for name, firms in found.items()
    } == {
        "one/a": {"firm0": None, "firm1": 90_000},
        "one/b": {"firm0": 50_000, "firm1": None},
        "one/c": {"firm0": 20_000, "firm1": 40_000},
    }
    assert (found["one/a"]["firm0"].status, found["one/a"]["firm0"].instead) == (
        Status.UNMET,
        ("one/b",),
    )


def test_what_depends_on_a_missing_figure_waits_for_it() -> None:
    found = settled(None)

    for name, other in (("one/a", "one/b"), ("one/b", "one/a")):
        mine = found[name]["firm0"]
        assert (mine.status, mine.instead) == (Status.UNKNOWN, (other,))
        assert "revenue@2025" in mine.asks
    assert found["one/b"]["firm0"].amount == Range(Fraction(0), Fraction(50_000))
    assert found["one/c"]["firm0"].amount == Range(Fraction(20_000), Fraction(40_000))
