"""Made-up facts, and the quick reading of conditions that finds them."""

import datetime as dt
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.examples import Examples, demands
from lianqi.engines.rules.meaning import meaning
from lianqi.engines.rules.nodes import Node
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.ranging import deciding
from tests.engines.rules.strategies import conditions, days, read_on, snapshots


def read(text: str) -> Node:
    return bind(parse(text, national()).node, dt.date(2026, 3, 1))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_condition_is_decided_as_the_reference_says(data: st.DataObject) -> None:
    condition = read_on(data.draw(conditions()), data.draw(days()))
    snapshot = data.draw(snapshots([condition]))

    assert deciding(condition)(snapshot) == meaning(condition, snapshot).value


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("revenue >= 2000万元 and rd_expense / revenue >= 5%", {"revenue@2025": Range(Fraction(0), inf)}),
        ("tier(revenue, (>= 100万元, 5万元), (> 500万元, 10万元), 0) >= 5万元", {"revenue@2025": Range(Fraction(2_000_000), inf)}),
        ("slices(revenue, (100万元, 5%), 1%) > 1万元", {"revenue@2025": Range(Fraction(0), Fraction(1_000))}),
        ("(revenue if above_scale else rd_expense) > 5万元", {"revenue@2025": Fraction(100_000)}),
        ("revenue == 5万元 or revenue != 5万元", {"revenue@2025": Fraction(50_000)}),
    ],
)  # fmt: skip
def test_ranges_are_read_as_the_reference_reads_them(text: str, facts: dict[str, object]) -> None:
    condition = read(text)

    assert deciding(condition)(facts) == meaning(condition, facts).value


def test_what_single_facts_have_to_be() -> None:
    found = demands(read("revenue >= 2000万元 and not (revenue > 5亿元 or dishonest)"))

    assert found == {
        "revenue@2025": Range(Fraction(20_000_000), Fraction(500_000_000)),
        "dishonest": False,
    }


@pytest.mark.parametrize(
    "text",
    [
        "revenue >= 2000万元 and revenue < 1000万元",
        "above_scale and not above_scale",
        "size_class == 'large' and size_class == 'small'",
        "revenue >= 2000万元 and (revenue == 0元 or revenue / 2 < 1元)",
    ],
)
def test_what_contradicts_itself_is_impossible_without_a_search(text: str) -> None:
    examples = Examples()

    assert examples.is_impossible(read(text))
    assert examples.of(read(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "revenue >= 2000万元 and rd_expense / revenue >= 5%",
        "has(titles, 'high_tech') and employees > 20人 and not dishonest",
        "revenue > 5亿元 or (above_scale and rd_expense == 100万元)",
    ],
)
def test_an_example_fulfils_its_condition(text: str) -> None:
    condition = read(text)

    example = Examples().of(condition)

    assert example is not None
    assert meaning(condition, example).value is True
