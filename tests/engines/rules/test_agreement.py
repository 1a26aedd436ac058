"""Three executors, one truth: random rules over random facts, `make test-long` with many more."""

import datetime as dt
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.rule import Rule, assess
from tests.engines.rules.agreement import answer, in_bulk
from tests.engines.rules.strategies import CATALOGUE, days, parts_of, rules, snapshots

CASES = int(os.environ.get("LIANQI_RULE_CASES", "500"))
PART = 5_000  # cases in one test, so that both cores have something to do


@pytest.mark.slow
@pytest.mark.parametrize("part", range(-(-CASES // PART)))
@given(drawn=st.lists(rules(), min_size=1, max_size=2), day=days(), data=st.data())
@settings(
    max_examples=min(CASES, PART), deadline=None, suppress_health_check=list(HealthCheck),
    database=None,
)  # fmt: skip
def test_the_executors_agree(
    part: int, drawn: list[Rule], day: dt.date, data: st.DataObject
) -> None:
    bound = [each.on(day) for each in drawn]
    parts = [part for each in bound for part in parts_of(each)]
    applicants = data.draw(st.lists(snapshots(parts), min_size=1, max_size=6))

    compiled = Compiled(bound, CATALOGUE)
    bulk = in_bulk(bound, applicants, CATALOGUE)

    told = [[assess(rule, each) for each in applicants] for rule in bound]
    assert [list(each) for each in zip(*map(compiled.assess, applicants), strict=True)] == told
    assert bulk == [[answer(each) for each in by_rule] for by_rule in told]
