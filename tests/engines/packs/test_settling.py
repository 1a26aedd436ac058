"""What is paid of measures that exclude each other: for many at once as for each alone."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.packs import settling
from lianqi.engines.packs.excluding import Pair, choose
from lianqi.engines.packs.settling import knots_of
from lianqi.engines.rules.ranges import exactly

NAMES = tuple("abcdefg")
AMOUNTS = st.one_of(st.none(), st.integers(0, 5), st.integers(0, 2**59))


def pairs(*told: str) -> frozenset[Pair]:
    return frozenset(frozenset(each) for each in told)


def paid_to(awards: dict[str, int | None], told: Iterable[Pair]) -> set[str]:
    """Who is met has an amount; what is left of it, when it is settled by sets."""
    found = {name for name, fen in awards.items() if fen is not None}
    for knot in knots_of(tuple(awards), frozenset(told)):
        met = np.array([[awards[name] is not None] for name in knot.names])
        fen = np.array([[awards[name] or 0] for name in knot.names], np.int64)
        taken = knot.paid(met, fen)
        found -= {name for number, name in enumerate(knot.names) if not taken[number, 0]}
    return found


@settings(deadline=None)
@given(
    st.lists(st.tuples(*(AMOUNTS for _ in NAMES)), min_size=1, max_size=8),
    st.sets(st.frozensets(st.sampled_from(NAMES), min_size=2, max_size=2), max_size=12),
)
def test_many_are_paid_what_each_is_paid_alone(
    firms: list[tuple[int | None, ...]], told: set[Pair]
) -> None:
    for knot in knots_of(NAMES, told):
        own = [NAMES.index(name) for name in knot.names]
        met = np.array([[firm[each] is not None for firm in firms] for each in own])
        fen = np.array([[firm[each] or 0 for firm in firms] for each in own], np.int64)
        taken = knot.paid(met, fen)
        for column, firm in enumerate(firms):
            awards = {
                name: exactly(amount)
                for name, amount in zip(NAMES, firm, strict=True)
                if amount is not None
            }
            alone = choose(awards, told)
            assert {name: bool(taken[number, column]) for number, name in enumerate(knot.names)
                    if name in alone} == {name: alone[name].is_paid for name in knot.names
                    if name in alone}  # fmt: skip


def test_in_a_chain_the_ends_are_paid_where_they_come_to_more() -> None:
    chain = pairs("ab", "bc")

    assert paid_to({"a": 3, "b": 5, "c": 3}, chain) == {"a", "c"}
    assert paid_to({"a": 2, "b": 5, "c": 2}, chain) == {"b"}
    assert paid_to({"a": None, "b": 5, "c": 6}, chain) == {"c"}


def test_of_equal_sums_the_measure_stated_first_is_paid() -> None:
    assert paid_to({"a": 5, "b": 5}, pairs("ab")) == {"a"}
    assert paid_to({"a": 2, "b": 5, "c": 3}, pairs("ab", "bc")) == {"a", "c"}


def test_too_many_sets_are_settled_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "_MOST_SETS", 1)

    assert paid_to({"a": 3, "b": 5, "c": 3}, pairs("ab", "bc")) == {"a", "c"}


def test_what_excludes_nothing_is_in_no_knot() -> None:
    assert [each.names for each in knots_of(("a", "b", "c"), pairs("bc"))] == [("b", "c")]
