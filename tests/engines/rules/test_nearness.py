"""Who is how near to a measure, in bulk: the same as the reference says one by one."""

import datetime as dt
import os
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.bulk.matching import chunks_of
from lianqi.engines.rules.bulk.nearness import Nearness, Some, nearness_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.tables import table_of
from lianqi.engines.rules.rule import FEN, Assessment, Rule, Status, assess
from tests.engines.rules.strategies import CATALOGUE, days, parts_of, rules, snapshots

CASES = int(os.environ.get("LIANQI_RULE_CASES", "500"))
MOST = 2**62
# Group, what one thing is missing, fen at least and at most.
Answer = tuple[str, str, int | None, int | None]


def in_fen(bound: Fraction | float) -> int | None:
    if bound in (inf, -inf):
        return None
    fen = int(Fraction(bound) / FEN)
    return fen if -MOST <= fen <= MOST else None


def told(found: Assessment) -> Answer | None:
    """The group of an assessment, as `matching.queries.verdicts` says it; None if in none."""
    low, high = (
        (None, None)
        if found.amount is None
        else (in_fen(found.amount.low), in_fen(found.amount.high))
    )
    if found.status is Status.MET:
        return "met", "", low, high
    if found.status in (Status.UNKNOWN, Status.REVIEW):
        return ("one_missing", min(found.asks), low, high) if len(found.asks) == 1 else None
    failed = [key for key, each in found.clauses if each is Status.UNMET]
    others = [each for _key, each in found.clauses if each is not Status.UNMET]
    if found.status is Status.UNMET and len(failed) == 1 and set(others) <= {Status.MET}:
        return "nearly", failed[0], None, None
    return None


def of_some(group: str, some: Some) -> dict[int, Answer]:
    def fen(bounds: Any, place: int) -> int | None:
        return int(bounds.fen[place]) if bounds.given[place] else None

    return {
        row: (
            group,
            "" if some.codes[place] < 0 else some.names[some.codes[place]],
            fen(some.low, place),
            fen(some.high, place),
        )
        for place, row in enumerate(some.rows.tolist())
    }


def answers(near: Nearness, size: int) -> list[Answer | None]:
    rows = of_some("met", near.met)
    rows |= of_some("one_missing", near.one_missing)
    rows |= of_some("nearly", near.nearly)
    assert len(rows) + near.several_missing + near.not_now + near.inapplicable == size
    return [rows.get(row) for row in range(size)]


@pytest.mark.slow
@given(drawn=st.lists(rules(), min_size=1, max_size=2), day=days(), data=st.data())
@settings(
    max_examples=min(CASES, 5_000), deadline=None, suppress_health_check=list(HealthCheck),
    database=None,
)  # fmt: skip
def test_groups_in_bulk_are_those_of_the_reference(
    drawn: list[Rule], day: dt.date, data: st.DataObject
) -> None:
    bound = [each.on(day) for each in drawn]
    parts = [part for each in bound for part in parts_of(each)]
    applicants = data.draw(st.lists(snapshots(parts), min_size=1, max_size=6))
    program = Program(bound, CATALOGUE, by_clause=True)
    table = table_of(range(len(applicants)), applicants, program.wanted)

    (chunk,) = chunks_of(table, program)
    found = [answers(each, len(applicants)) for each in nearness_of(chunk, program)]

    assert found == [[told(assess(rule, each)) for each in applicants] for rule in bound]
