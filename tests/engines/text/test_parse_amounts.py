from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import (
    AmountError,
    AmountProblem,
    format_wan,
    parse_count,
    parse_number,
    parse_share,
    parse_yuan,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("１２３", "123"),
        ("1,234,567.80", "1234567.80"),
        ("１，２３４．５", "1234.5"),
        ("1 234 567", "1234567"),
        (" -5 ", "-5"),
        ("\u22125", "-5"),
        (".5", "0.5"),
        (0.1, "0.1"),
        (1e20 / 1e3, "1e17"),
        (7, "7"),
        (Decimal("2.50"), "2.50"),
    ],
)
def test_numbers_are_read_exactly(value: Any, expected: Any) -> None:
    assert parse_number(value) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", AmountProblem.EMPTY),
        (" — ", AmountProblem.EMPTY),
        ("无", AmountProblem.EMPTY),
        ("壹佰", AmountProblem.NOT_A_NUMBER),
        (True, AmountProblem.NOT_A_NUMBER),
        (float("nan"), AmountProblem.NOT_A_NUMBER),
        (float("inf"), AmountProblem.NOT_A_NUMBER),
        ("1,23", AmountProblem.GROUPING),
        ("1.234,56", AmountProblem.GROUPING),
        ("12 34", AmountProblem.GROUPING),
        ("1.2E+05", AmountProblem.SCIENTIFIC),
        ("100-200", AmountProblem.RANGE),
        ("100至200", AmountProblem.RANGE),
        ("约100", AmountProblem.APPROXIMATE),
        ("100余", AmountProblem.APPROXIMATE),
        (">100", AmountProblem.APPROXIMATE),
        ("(100)", AmountProblem.BRACKETS),
        ("1" * 19, AmountProblem.TOO_LONG),
        (10**18, AmountProblem.TOO_LONG),
    ],
)
def test_unclear_numbers_are_refused_with_the_reason(value: Any, problem: object) -> None:
    with pytest.raises(AmountError) as caught:
        parse_number(value)

    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("value", "expected"),
    [("１２０人", 120), ("1,200 名", 1200), (120.0, 120), ("0", 0)],
)
def test_counts(value: Any, expected: Any) -> None:
    assert parse_count(value) == expected


@pytest.mark.parametrize("value", ["-1", "1.5", 2.5])
def test_counts_are_whole_and_not_negative(value: Any) -> None:
    with pytest.raises(AmountError) as caught:
        parse_count(value)

    assert caught.value.problem is AmountProblem.NOT_WHOLE


@pytest.mark.parametrize(
    ("value", "header", "expected"),
    [
        ("1.2亿元", "", "120000000"),
        ("500万", "", "5000000"),
        ("500万元人民币", "", "5000000"),
        ("人民币500万元整", "", "5000000"),
        ("￥1,000.50", "注册资本（元）", "1000.50"),
        ("３千元", "", "3000"),
        ("1,500", "注册资本（万元）", "15000000"),
        ("1500", "注册资本(人民币万元)", "15000000"),
        ("1500", "注册资本万元", "15000000"),
        ("1500", "营业收入 单位：亿元", "150000000000"),
        ("1500", "资产总额（万）", "15000000"),
        ("1500", "资产总额/千元", "1500000"),
        (0.1, "营业收入（万元）", "1000"),
        ("-3", "净利润（万元）", "-30000"),
        ("1500万元", "注册资本（万元）", "15000000"),
        ("1500", "实缴资本(元)", "1500"),
    ],
)
def test_amounts_become_yuan(value: Any, header: str, expected: Any) -> None:
    assert parse_yuan(value, header=header) == Decimal(expected)


def test_default_unit_counts_only_when_nothing_is_named() -> None:
    assert parse_yuan("5", default_unit="元") == 5
    assert parse_yuan("5", default_unit="万元") == 50_000
    assert parse_yuan("5", header="收入（亿元）", default_unit="万元") == 500_000_000


@pytest.mark.parametrize(
    ("value", "header", "problem"),
    [
        ("1500", "注册资本", AmountProblem.UNIT_MISSING),
        ("1500", "多元化收入", AmountProblem.UNIT_MISSING),
        ("1500元", "注册资本（万元）", AmountProblem.UNIT_CONFLICT),
        ("1500", "收入（万元/亿元）", AmountProblem.UNIT_CONFLICT),
        ("100万美元", "", AmountProblem.FOREIGN_CURRENCY),
        ("$100", "", AmountProblem.FOREIGN_CURRENCY),
        ("100", "注册资本（万美元）", AmountProblem.FOREIGN_CURRENCY),
        ("约100万元", "", AmountProblem.APPROXIMATE),
        ("100-200万元", "", AmountProblem.RANGE),
        ("", "注册资本（万元）", AmountProblem.EMPTY),
        ("万元", "", AmountProblem.EMPTY),
        ("5\n6", "（万元）", AmountProblem.GROUPING),
    ],
)
def test_unclear_amounts_are_refused_with_the_reason(
    value: Any, header: str, problem: object
) -> None:
    with pytest.raises(AmountError) as caught:
        parse_yuan(value, header=header)

    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("value", "header", "expected"),
    [
        ("5%", "", "0.05"),
        ("5％", "占比（%）", "0.05"),
        ("5", "占比（%）", "0.05"),
        (5, "占比(%)", "0.05"),
        ("0.8", "占比(%)", "0.008"),
        (0.05, "", "0.05"),
        (1, "", "1"),
        (0, "占比(%)", "0"),
    ],
)
def test_shares(value: Any, header: str, expected: Any) -> None:
    assert parse_share(value, header=header) == Decimal(expected)


@pytest.mark.parametrize(("value", "header"), [(5, ""), ("5", ""), (0.05, "占比(%)"), (1, "(%)")])
def test_a_share_that_may_be_a_percentage_is_refused(value: Any, header: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_share(value, header=header)

    assert caught.value.problem is AmountProblem.PERCENT


@pytest.mark.parametrize(
    ("yuan", "places", "expected"),
    [
        ("157352800", None, "15,735.28"),
        ("0.01", None, "0.000001"),
        ("10000", None, "1"),
        ("0", None, "0"),
        ("1000000", None, "100"),
        ("-5000", None, "-0.5"),
        ("12345", 2, "1.23"),
        ("150", 2, "0.02"),
        ("10000", 2, "1.00"),
    ],
)
def test_format_wan(yuan: str, places: int | None, expected: Any) -> None:
    assert format_wan(Decimal(yuan), places=places) == expected


@given(st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_shown_in_wan_reads_back_exactly(yuan: Decimal) -> None:
    assert parse_yuan(format_wan(yuan), header="（万元）") == yuan
