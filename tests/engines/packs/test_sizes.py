"""The pack of size classes says what `engines.sizes` says: the thresholds stand there alone."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.packs.reading import load
from lianqi.engines.packs.sizes import pack_text
from lianqi.engines.rules.rule import Status, assess
from lianqi.engines.sizes import GROUPS, Outcome, Size, size_class

FILE = SHIPPED / "national" / "sme-sizes-2011.yaml"
DAY = dt.date(2026, 3, 1)
RULES = {rule.key.split("/")[1]: rule for rule in load(FILE).rules(DAY)}
KEYS = {Size.LARGE: "large", Size.MEDIUM: "medium", Size.SMALL: "small", Size.MICRO: "micro"}

bounds = sorted(
    {bound for group in GROUPS.values() for each in group.bounds.values() for bound in each}
)
near = st.sampled_from(bounds).flatmap(
    lambda bound: st.sampled_from(
        [Decimal(bound), Decimal(bound) - Decimal("0.01"), Decimal(bound) + 1]
    )
)
money = st.none() | st.just(Decimal(0)) | near.map(lambda wan: wan * 10_000)
people = st.none() | near.map(int)
codes = st.sampled_from(
    ["A0111", "C3911", "C", "E4710", "F5111", "F5211", "F", "G5411", "G5911", "G5990", "G59", "G53",
     "G6010", "H6110", "H6210", "I6310", "I6510", "J6610", "K7010", "K7020", "K7030", "K7050", "K",
     "L7211", "M7320", "P8310", "Q8411", "Q8511", "R8710", "S9110"]
)  # fmt: skip


def test_the_shipped_file_is_what_the_table_gives() -> None:
    assert FILE.read_text("utf-8") == pack_text()


def test_the_tool_says_so_too() -> None:
    tool = Path(__file__).parents[3] / "tools/size_pack.py"

    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "current\n")


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(code=codes | st.none(), employees=people, revenue=money, assets=money)
def test_the_pack_agrees_with_the_engine(
    code: str | None, employees: int | None, revenue: Decimal | None, assets: Decimal | None
) -> None:
    verdict = size_class(code, employees=employees, revenue_yuan=revenue, assets_yuan=assets)
    facts = {
        "industry": code,
        "employees@2025": employees,
        "revenue@2025": None if revenue is None else Fraction(revenue),
        "total_assets@2025": None if assets is None else Fraction(assets),
    }

    statuses = {size: assess(RULES[key], facts).status for size, key in KEYS.items()}

    if verdict.outcome is Outcome.NOT_APPLICABLE:
        assert set(statuses.values()) == {Status.NOT_APPLICABLE}
    elif verdict.outcome is Outcome.DETERMINED:
        assert statuses == {
            size: Status.MET if size is verdict.size else Status.UNMET for size in KEYS
        }
    elif verdict.group is None:  # no code, or one that spans groups
        assert Status.MET not in statuses.values()
    else:
        assert verdict.at_most is not None
        assert Status.MET not in statuses.values()
        for size, status in statuses.items():
            assert status is (Status.UNMET if size > verdict.at_most else Status.UNKNOWN)
