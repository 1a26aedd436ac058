"""Runs over applicants: budgets, ranks, ties, common caps."""

import datetime as dt
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.packs.applicants import Applicant
from lianqi.engines.packs.budgets import BudgetMissingError
from lianqi.engines.packs.library import SHIPPED, Found
from lianqi.engines.packs.pack import Pack, Reading
from lianqi.engines.packs.ranking import MOST_NAMED
from lianqi.engines.packs.reading import load, read
from lianqi.engines.packs.runs import instalments, settle, under_caps
from lianqi.engines.rules import ranges
from lianqi.engines.rules.ranges import Range, exactly
from lianqi.engines.rules.rule import Status

DAY = dt.date(2022, 9, 1)


def of(pack: Pack, measure: str, day: dt.date = DAY) -> Found:
    return Found(pack, pack.measure(measure, day))


TRADE = of(load(SHIPPED / "regional/rm16-shenzhen-trade.yaml"), "stable")
GOOD = {
    "registered_here": True, "in_direct_report": True, "barred": False, "truthful": True,
    "industry": "F5211", "trade_sales@2021-H1": Fraction(0),
}  # fmt: skip


def shop(key: str, sales: int | None, turn: int = 0, **other: Any) -> Applicant:
    known = None if sales is None else Fraction(sales) * 100_000_000
    return Applicant(key, {**GOOD, "trade_sales@2022-H1": known, **other}, turn)


def amounts(found: dict[str, Any]) -> dict[str, Any]:
    return {key: each.amount and each.amount.value for key, each in found.items()}


def test_a_short_budget_is_shared_in_proportion() -> None:
    run = [shop("a", 1), shop("b", 2), shop("c", 3), shop("d", 1, barred=True)]

    found = settle(TRADE, run, DAY, budget=Fraction(1_000_000))

    # 500,000 + 1,000,000 + 1,500,000 are due; a third is there, rounded down to the fen.
    assert amounts(found) == {
        "a": Fraction("166666.66"), "b": Fraction("333333.33"), "c": 500_000, "d": None,
    }  # fmt: skip
    assert found["d"].status is Status.UNMET


def test_a_budget_that_suffices_changes_nothing() -> None:
    found = settle(TRADE, [shop("a", 1), shop("b", 2)], DAY, budget=Fraction(1_500_000))

    assert amounts(found) == {"a": 500_000, "b": 1_000_000}


def test_a_limit_without_a_sum_needs_one() -> None:
    with pytest.raises(BudgetMissingError):
        settle(TRADE, [shop("a", 1)], DAY)


def test_an_unknown_applicant_leaves_the_shares_of_all_open() -> None:
    found = settle(TRADE, [shop("a", 1), shop("b", None)], DAY, budget=Fraction(1_000_000))

    assert found["a"].amount == Range(Fraction("90909.09"), Fraction(500_000))
    assert found["b"].asks == {"trade_sales@2022-H1"}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(1, 3_000_000))
def test_no_run_pays_more_than_its_budget(sales: list[int], budget: int) -> None:
    run = [shop(str(index), each, index) for index, each in enumerate(sales)]

    found = settle(TRADE, run, DAY, budget=Fraction(budget))

    assert sum(each.amount.value for each in found.values() if each.amount) <= budget


def first_come() -> Found:
    text = """
pack: pot
version: "1"
document: {title: 先到先得, issuer: 某区, source: 公告}
in_force: {from: 2022-01-01}
measures:
  - key: pot
    title: 先到先得
    clauses: [{key: here, require: 注册在本区}]
    benefits: [{key: flat, kind: fixed, title: 定额, amount: 5万元}]
    budget: {amount: 12万元, when_short: first_come}
"""
    return of(read(text), "pot")


def test_first_come_first_served_until_the_pot_is_empty() -> None:
    run = [
        Applicant(key, {"registered_here": True}, turn)
        for key, turn in zip("abcd", (3, 1, 2, 4), strict=True)
    ]

    found = settle(first_come(), run, DAY)

    assert amounts(found) == {"b": 50_000, "c": 50_000, "a": 20_000, "d": 0}


def test_who_comes_after_an_open_one_waits() -> None:
    run = [
        Applicant("a", {}, 1),
        Applicant("b", {"registered_here": True}, 2),
        Applicant("c", {"registered_here": True}, 3),
    ]

    found = settle(first_come(), run, DAY)

    assert found["a"].amount == Range(Fraction(0), Fraction(50_000))
    assert found["b"].amount == exactly(50_000)
    assert found["c"].amount == Range(Fraction(20_000), Fraction(50_000))


THEN = dt.date(2018, 6, 1)
BUILDINGS = of(load(SHIPPED / "regional/rm06-yinzhou-buildings.yaml"), "ranking", THEN)


def building(key: str, output: int | None) -> Applicant:
    known = None if output is None else Fraction(output)
    shares = dict.fromkeys(("held_share", "occupancy", "registration_rate"), Fraction(1))
    return Applicant(key, {"office_area": Fraction(20_000), "area_output": known, **shares})


def test_an_unknown_figure_opens_only_the_places_it_can_take() -> None:
    run = [building("a", 100), building("b", 90), building("c", None)]

    found = settle(BUILDINGS, run, THEN)

    assert found["a"].places == (1, 2)
    assert found["a"].amount == exactly(300_000)  # first or second: the same level
    assert found["a"].status is Status.MET
    assert found["b"].amount == Range(Fraction(250_000), Fraction(300_000))
    assert found["b"].waits_for == {("c", "area_output")}
    assert found["c"].asks == {"area_output"}


def test_a_tie_that_matters_is_for_a_person() -> None:
    run = [building("a", 100), building("b", 90), building("c", 90)]

    found = settle(BUILDINGS, run, THEN)

    assert found["a"].status is Status.MET
    assert {found["b"].status, found["c"].status} == {Status.REVIEW}


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(80, 84)), st.sampled_from((1, 1, 1, None, 0))),
        min_size=1, max_size=9,
    )
)  # fmt: skip
def test_places_are_what_comparing_all_with_all_gives(
    drawn: list[tuple[int | None, int | None]],
) -> None:
    run = []
    for number, (output, share) in enumerate(drawn):
        one = building(str(number), output)
        held = None if share is None else Fraction(share)
        run.append(Applicant(one.key, {**one.snapshot, "held_share": held}))

    found = settle(BUILDINGS, run, THEN)

    inside = [each for each in run if each.snapshot["held_share"] != 0]
    for each in run:
        assert found[each.key].places == (places(each, inside) if each in inside else None)
        for other, ask in found[each.key].waits_for:
            assert run[int(other)].snapshot[ask] is None


def places(one: Applicant, run: list[Applicant]) -> tuple[int, int]:
    """The best and the worst place, one by one."""
    best = worst = 1
    for other in run:
        if other is not one:
            is_sure = other.snapshot["held_share"] is not None
            best += is_sure and ranges.is_less(figure(one), figure(other)) is True
            worst += ranges.is_less(figure(other), figure(one)) is not True
    return best, worst


def figure(one: Applicant) -> Range:
    output = one.snapshot["area_output"]
    return Range(Fraction(0), inf) if output is None else exactly(output)


def test_whom_thousands_wait_for_is_not_told_in_full() -> None:
    run = [building(f"sure{number}", 100 - number) for number in range(30)]
    run += [building(f"open{number}", None) for number in range(30)]

    found = settle(BUILDINGS, run, THEN)

    last = found["sure29"]
    assert last.places == (30, 60)
    assert (last.status, len(last.waits_for)) == (Status.UNMET, 0)
    assert len(found["sure0"].waits_for) == MOST_NAMED


def test_a_sum_that_is_tried_takes_the_place_of_that_of_the_text() -> None:
    run = [Applicant(key, {"registered_here": True}, turn) for turn, key in enumerate("abc")]

    tried = settle(first_come(), run, DAY, budget=Fraction(60_000))
    shared = settle(first_come(), run, DAY, budget=Fraction(60_000), when_short="proportional")

    assert amounts(tried) == {"a": 50_000, "b": 10_000, "c": 0}
    assert amounts(shared) == {"a": 20_000, "b": 20_000, "c": 20_000}


def test_a_common_cap_is_used_up_in_order() -> None:
    pack = read("""
pack: caps
version: "1"
document: {title: 上限, issuer: 某区, source: 公告}
in_force: {from: 2022-01-01}
measures:
  - {key: a, title: 甲, benefits: [{key: x, kind: fixed, amount: 5万元}]}
  - {key: b, title: 乙, benefits: [{key: x, kind: fixed, amount: 5万元}]}
cap_groups: [{key: tax, cap: 纳税额, measures: [a, b]}]
""")
    reading: Reading = pack.reading(DAY)
    awards = {"a": exactly(50_000), "b": exactly(50_000), "c": exactly(7)}

    paid = under_caps(reading, awards, {"tax_paid@2021": Fraction(80_000)}, DAY)

    assert paid == {"a": exactly(50_000), "b": exactly(30_000), "c": exactly(7)}
    assert under_caps(reading, awards, {}, DAY)["b"] == Range(Fraction(0), Fraction(50_000))


@given(st.integers(0, 10**9))
def test_instalments_sum_up(fen: int) -> None:
    grant = load(SHIPPED / "regional/rm10-ningbo-3511.yaml").measure("grant", DAY).benefits[0]
    amount = Fraction(fen, 100)

    parts = instalments(grant, amount)

    assert [key for key, _part in parts] == ["start", "production"]
    assert sum(part for _key, part in parts) == amount
    assert all((part * 100).denominator == 1 for _key, part in parts)
