"""Facts as they are stated: what has another unit or period is refused, never used."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from lianqi.engines.packs.given import given, snapshot
from lianqi.engines.packs.sheet import Sheet
from lianqi.engines.rules.catalogue import national

DAY = dt.date(2026, 3, 1)


def read(text: str) -> tuple[dict[str, Any], list[str]]:
    sheet = Sheet(text, "facts.yaml")
    assert sheet.root is not None
    found = given(sheet, sheet.root, national(), DAY)
    return snapshot(found), [str(each) for each in sheet.errors]


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("营业收入[上年]: 2000万元", "revenue@2025", Fraction(20_000_000)),
        ("营业收入[2024年]: 1.5亿元", "revenue@2024", Fraction(150_000_000)),
        ("revenue[-2]: 300,000元", "revenue@2024", Fraction(300_000)),
        ("营业收入: {前年: 1元}", "revenue@2024", Fraction(1)),
        ("营业收入[上年]: {value: 2000, unit: 万元}", "revenue@2025", Fraction(20_000_000)),
        ("营业收入: {value: 2000万元, period: 2023}", "revenue@2023", Fraction(20_000_000)),
        ("从业人员[上年]: 0人", "employees@2025", Fraction(0)),
        ("从事细分市场年限: 3年", "segment_years", Fraction(36)),
        ("主导产品国内市场占有率: 12.5%", "market_share", Fraction(1, 8)),
        ("主导产品国内市场占有率: 0.125", "market_share", Fraction(1, 8)),
        ("四上企业: 否", "above_scale", False),
        ("四上企业: false", "above_scale", False),
        ("成立日期: 2020-02-29", "founded", dt.date(2020, 2, 29)),
        ("企业规模: 小型", "size_class", "small"),
        ("行业代码: 3911", "industry", "C3911"),
        ("行业代码: C3911", "industry", "C3911"),
        ("资质称号: [高新技术企业, innovative]", "titles", frozenset({"high_tech", "innovative"})),
        ("资质称号: 无", "titles", frozenset()),
        (
            "知识产权: [{类别: Ⅰ类, 与主导产品相关: 是}]",
            "ip_rights",
            ({"class": "one", "related": True},),
        ),
    ],
)
def test_a_value_is_read_with_its_unit_and_period(text: str, slot: str, value: object) -> None:
    assert read(text) == ({slot: value}, [])


def test_unknown_is_missing_and_nothing_else_is() -> None:
    assert read("四上企业: 未知\n营业收入[上年]:\n从业人员[上年]: 0人") == (
        {"employees@2025": Fraction(0)},
        [],
    )


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("营业收入[上年]: 2000", "1:11", "has no unit (write 2000元 or 2000万元)"),
        ("营业收入[上年]: 2000人", "1:11", "not in 人"),
        ("营业收入[上年]: 12%", "1:11", "not in %"),
        ("主导产品国内市场占有率: 12", "1:14", "cannot be 12"),
        ("从业人员[上年]: 300元", "1:11", "not in 元"),
        ("从业人员[上年]: -1人", "1:11", "cannot be -1"),
        ("从业人员[上年]: 1.5人", "1:11", "at most 0 digits"),
        ("营业收入[上年]: 1.005元", "1:11", "at most 2 digits"),
        ("营业收入[上年]: 许多", "1:11", "is no number"),
        ("营业收入: 2000万元", "1:1", "which one?"),
        ("营业收入[2024-H1]: 2000万元", "1:1", "is no year"),
        ("营业收入[2027]: {value: 1元}\n营业收入[3]: 1元", "2:1", "lies in the future"),
        ("四上企业[上年]: 是", "1:1", "has no period"),
        ("四上企业: 也许", "1:7", "a yes or a no"),
        ("企业规模: 巨型", "1:7", "is no value of 企业规模 (one of 大型、中型、小型、微型)"),
        ("行业代码: A3911", "1:7", "division 39 belongs to C"),
        ("行业代码: 9911", "1:7", "is no industry code"),
        ("成立日期: 2023-02-29", "1:7", "is no day"),
        ("营业收人[上年]: 1元", "1:1", "did you mean 营业收入"),
        ("营业收入[上年]: 1元\n营业收入[2025]: 2元", "2:1", "is stated twice"),
        ("知识产权: [{等级: 1}]", "1:9", "an entry of 知识产权 has no 等级"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, place: str, said: str) -> None:
    values, errors = read(text)

    assert len(errors) == 1, errors
    assert errors[0].startswith(f"facts.yaml:{place}: ")
    assert said in errors[0]
    assert len(values) <= 1


def test_source_and_day_are_kept() -> None:
    sheet = Sheet("营业收入[上年]: {value: 1元, source: 审计报告, observed_at: 2026-02-01}", "f")
    assert sheet.root is not None

    found = given(sheet, sheet.root, national(), DAY)["revenue@2025"]

    assert (found.source, found.observed_at) == ("审计报告", dt.date(2026, 2, 1))
