"""The figures of reports that packs compute (A50 to A55, A60): each stands among the cases."""

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from lianqi.engines.packs import cases_file, load
from lianqi.engines.packs.cases import examples
from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.rules.ranges import exactly
from lianqi.engines.rules.rule import Status, assess

REGIONAL = SHIPPED / "regional"
DAY = dt.date(2020, 6, 1)


def computed(pack_name: str, measure: str) -> list[tuple[Status, Fraction | None]]:
    """Status and yuan of every case of a measure, in their order; None where nothing is paid."""
    file: Path = REGIONAL / f"{pack_name}.yaml"
    pack = load(file)
    known = examples(pack, cases_file(file).read_text("utf-8"))[measure]
    found = []
    for day, facts in known:
        verdict = assess(pack.measure(measure, day).rule(pack.key).on(day), facts)
        amount = verdict.amount
        is_known = amount is not None and amount.is_known
        found.append((verdict.status, Fraction(amount.low) if is_known and amount else None))
    return found


@pytest.mark.parametrize(
    ("pack", "measure", "amounts"),
    [
        ("p01-harbin-resumption", "capacity", [3_000_000, 5_000_000, 5_000_000]),
        ("p01-harbin-resumption", "special-loan", [8_000_000, 10_000_000]),
        ("p01-harbin-resumption", "research", [1_000_000, 1_000_000, 500_000]),
        ("p01-harbin-resumption", "cloud-restart", [2_000_000, 0]),
        ("p06-jining-talent", "uplift", [120_000, None]),
    ],
    ids=["A50", "A51", "A52", "A53", "A55"],
)
def test_amounts_of_the_reports(pack: str, measure: str, amounts: list[int | None]) -> None:
    found = computed(pack, measure)

    assert [amount for _status, amount in found] == amounts
    assert {status for status, _amount in found} == {Status.MET}


def test_a54_of_39_enterprises_the_11_that_are_listed_have_the_support_of_the_banks() -> None:
    pack = load(REGIONAL / "p31-zhaoqing-key-firms.yaml")
    rule = pack.measure("bank-support", DAY).rule(pack.key).on(DAY)

    found = [assess(rule, {"key_protected": number < 11}).status for number in range(39)]

    assert (found.count(Status.MET), found.count(Status.UNMET)) == (11, 28)


def test_a60_a_fund_that_is_planned_gives_nothing() -> None:
    pack = load(REGIONAL / "p09-beijing-fund.yaml")
    rule = pack.measure("fund", DAY).rule(pack.key).on(DAY)

    planned, founded = (assess(rule, {"fund_founded": is_there}) for is_there in (False, True))

    assert planned.status is Status.UNMET
    assert (founded.status, founded.amount) == (Status.MET, exactly(Fraction(10_000_000_000)))
