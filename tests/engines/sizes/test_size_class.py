from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.sizes import GROUPS, Group, Indicator, Outcome, Size, SizeVerdict, size_class

CODES = {
    "agriculture": "0111",
    "industry": "3911",
    "construction": "4710",
    "wholesale": "5111",
    "retail": "5211",
    "transport": "5411",
    "storage": "5920",
    "post": "6010",
    "lodging": "6110",
    "catering": "6210",
    "information_transmission": "6311",
    "software": "6510",
    "real_estate_development": "7010",
    "property_management": "7020",
    "leasing_and_business_services": "7211",
    "other": "7320",
}
PLENTY = Decimal(10**9)
BELOW = {Indicator.EMPLOYEES: Decimal(1), Indicator.REVENUE: Decimal("0.000001")}


def size_of(slug: str, values_wan: Mapping[Indicator, Decimal | None]) -> SizeVerdict:
    """The verdict of a group for employees and amounts in 万元."""
    money = {key: None if value is None else value * 10_000 for key, value in values_wan.items()}
    employees = values_wan.get(Indicator.EMPLOYEES)
    return size_class(
        CODES[slug],
        employees=None if employees is None else int(employees),
        revenue_yuan=money.get(Indicator.REVENUE),
        assets_yuan=money.get(Indicator.ASSETS),
    )


@pytest.mark.parametrize(
    ("slug", "employees", "revenue", "assets", "expected"),
    [
        ("industry", 1000, "40000", None, Size.LARGE),
        ("industry", 1000, "39999.99", None, Size.MEDIUM),
        ("industry", 999, "50000", None, Size.MEDIUM),
        ("industry", 300, "1999", None, Size.SMALL),
        ("industry", 19, "100000", None, Size.MICRO),
        ("industry", 5000, "299", None, Size.MICRO),
        ("software", 103, "15735.28", None, Size.MEDIUM),
        ("agriculture", None, "20000", None, Size.LARGE),
        ("agriculture", None, "500", None, Size.MEDIUM),
        ("agriculture", None, "50", None, Size.SMALL),
        ("agriculture", None, "49.99", None, Size.MICRO),
        ("real_estate_development", None, "150000", "20000", Size.MEDIUM),
        ("real_estate_development", None, "1000", "4999", Size.SMALL),
        ("real_estate_development", None, "99", "1000000", Size.MICRO),
        ("leasing_and_business_services", 300, None, "120000", Size.LARGE),
        ("leasing_and_business_services", 99, None, "8000", Size.SMALL),
        ("other", 300, None, None, Size.LARGE),
        ("other", 100, None, None, Size.MEDIUM),
        ("other", 10, None, None, Size.SMALL),
        ("other", 9, None, None, Size.MICRO),
    ],
)
def test_published_vectors(
    slug: str, employees: int | None, revenue: str | None, assets: Any, expected: object
) -> None:
    verdict = size_class(
        CODES[slug],
        employees=employees,
        revenue_yuan=None if revenue is None else Decimal(revenue) * 10_000,
        assets_yuan=None if assets is None else Decimal(assets) * 10_000,
    )

    assert (verdict.outcome, verdict.size, verdict.at_most) == (
        Outcome.DETERMINED,
        expected,
        expected,
    )
    assert verdict.group is GROUPS[slug]


def _boundaries() -> Iterator[tuple[str, Indicator, Size, int]]:
    for slug, group in GROUPS.items():
        for indicator, bounds in group.bounds.items():
            for size, bound in zip((Size.SMALL, Size.MEDIUM, Size.LARGE), bounds, strict=True):
                yield slug, indicator, size, bound


@pytest.mark.parametrize(("slug", "indicator", "size", "bound"), list(_boundaries()))
def test_every_bound_of_every_group(
    slug: str, indicator: Indicator, size: Size, bound: int
) -> None:
    others = dict.fromkeys(GROUPS[slug].bounds, PLENTY)
    step = BELOW.get(indicator, Decimal("0.000001"))

    under, on, over = (
        size_of(slug, others | {indicator: value}).size
        for value in (bound - step, Decimal(bound), bound + step)
    )

    assert (under, on, over) == (size - 1, size, size)


SECOND_TRANSCRIPTION = """
1 revenue 20000 500 50
2 employees 1000 300 20, revenue 40000 2000 300
3 revenue 80000 6000 300, assets 80000 5000 300
4 employees 200 20 5, revenue 40000 5000 1000
5 employees 300 50 10, revenue 20000 500 100
6 employees 1000 300 20, revenue 30000 3000 200
7 employees 200 100 20, revenue 30000 1000 100
8 employees 1000 300 20, revenue 30000 2000 100
9 employees 300 100 10, revenue 10000 2000 100
10 employees 300 100 10, revenue 10000 2000 100
11 employees 2000 100 10, revenue 100000 1000 100
12 employees 300 100 10, revenue 10000 1000 50
13 revenue 200000 1000 100, assets 10000 5000 2000
14 employees 1000 300 100, revenue 5000 1000 500
15 employees 300 100 10, assets 120000 8000 100
16 employees 300 100 10
"""


def test_the_bounds_equal_a_second_transcription_of_article_4() -> None:
    transcribed = [
        f"{group.number} "
        + ", ".join(
            f"{indicator.value} {large} {medium} {small}"
            for indicator, (small, medium, large) in group.bounds.items()
        )
        for group in GROUPS.values()
    ]

    assert transcribed == SECOND_TRANSCRIPTION.strip().splitlines()


def test_there_are_16_groups_with_ascending_bounds() -> None:
    assert [group.number for group in GROUPS.values()] == list(range(1, 17))
    for group in GROUPS.values():
        assert all(low < middle < high for low, middle, high in group.bounds.values())


def test_a_missing_fact_leaves_the_class_open_when_it_could_change_it() -> None:
    verdict = size_of("industry", {Indicator.EMPLOYEES: Decimal(300)})

    assert (verdict.outcome, verdict.size, verdict.at_most) == (Outcome.UNKNOWN, None, Size.MEDIUM)
    assert verdict.missing == ("revenue",)


def test_nothing_known_could_be_any_class() -> None:
    verdict = size_of("construction", {})

    assert (verdict.outcome, verdict.at_most) == (Outcome.UNKNOWN, Size.LARGE)
    assert verdict.missing == ("revenue", "assets")


def test_one_indicator_below_decides_micro_without_the_other() -> None:
    verdict = size_of("industry", {Indicator.EMPLOYEES: Decimal(19)})

    assert (verdict.outcome, verdict.size, verdict.missing) == (
        Outcome.DETERMINED,
        Size.MICRO,
        (),
    )


def test_facts_the_group_does_not_use_are_not_missed() -> None:
    verdict = size_class("7320", employees=10, revenue_yuan=None, assets_yuan=None)

    assert verdict.size is Size.SMALL


def test_zero_and_negative_revenue_are_facts() -> None:
    assert size_class("0111", employees=None, revenue_yuan=Decimal(0), assets_yuan=None).size == 1
    assert size_class("0111", employees=None, revenue_yuan=Decimal(-5), assets_yuan=None).size == 1


@pytest.mark.parametrize(("employees", "assets"), [(-1, None), (None, Decimal(-1))])
def test_impossible_facts_are_a_mistake_of_the_caller(employees: int | None, assets: Any) -> None:
    with pytest.raises(ValueError, match="negative"):
        size_class("3911", employees=employees, revenue_yuan=None, assets_yuan=assets)


@pytest.mark.parametrize("code", ["J", "66", "6620", "P", "8321", "84", "8411", "S", "T", "53"])
def test_industries_outside_the_regulation(code: Any) -> None:
    verdict = size_class(code, employees=1, revenue_yuan=Decimal(1), assets_yuan=Decimal(1))

    assert (verdict.outcome, verdict.size, verdict.missing) == (Outcome.NOT_APPLICABLE, None, ())
    assert code in verdict.reason_zh


@pytest.mark.parametrize(
    "code", [None, "", " ", "F", "G", "59", "70", "K", "00", "98", "X", "39111"]
)
def test_without_a_usable_industry_code_the_class_is_open(code: Any) -> None:
    verdict = size_class(code, employees=1, revenue_yuan=Decimal(1), assets_yuan=Decimal(1))

    assert (verdict.outcome, verdict.group, verdict.missing) == (
        Outcome.UNKNOWN,
        None,
        ("industry_code",),
    )


def test_the_reason_names_indicators_bounds_and_clause_in_both_languages() -> None:
    verdict = size_class(
        "6510", employees=103, revenue_yuan=Decimal("157352800.00"), assets_yuan=None
    )

    assert verdict.clause == "工信部联企业〔2011〕300号第四条第（十二）项"
    assert verdict.reason_zh == (
        "软件和信息技术服务业：从业人员103人，达到中型企业下限100人；"
        "营业收入15,735.28万元，达到大型企业下限10,000万元。"
        "须同时达到各项下限，划为中型企业（工信部联企业〔2011〕300号第四条第（十二）项）。"
    )
    assert verdict.reason_en == (
        "Software and information technology services: employees 103, reaching the lower bound of"
        " medium enterprises, 100; revenue 15,735.28 wan yuan, reaching the lower bound of large"
        " enterprises, 10,000 wan yuan. Result: all bounds must be reached, so the class is medium"
        " (工信部联企业〔2011〕300号, article 4 (12))."
    )
    assert [(each.indicator, each.decides) for each in verdict.readings] == [
        (Indicator.EMPLOYEES, True),
        (Indicator.REVENUE, False),
    ]


def test_the_reason_for_micro_names_the_indicator_below() -> None:
    verdict = size_of("industry", {Indicator.EMPLOYEES: Decimal(19)})

    assert verdict.reason_zh == (
        "工业：从业人员19人，低于小型企业下限20人；营业收入未知。"
        "一项低于小型企业下限即为微型企业（工信部联企业〔2011〕300号第四条第（二）项）。"
    )


groups = st.sampled_from(list(GROUPS.values()))
values = st.integers(0, 250_000).map(Decimal)


@given(groups, st.data())
def test_more_of_anything_never_lowers_the_class(group: Group, data: st.DataObject) -> None:
    before = {indicator: data.draw(values) for indicator in group.bounds}
    raised = data.draw(st.sampled_from(list(group.bounds)))
    after = before | {raised: before[raised] + data.draw(values)}

    lower, higher = size_of(group.slug, before).size, size_of(group.slug, after).size

    assert lower is not None
    assert higher is not None
    assert lower <= higher


@given(groups, st.data())
def test_an_open_class_is_never_above_what_was_possible(group: Group, data: st.DataObject) -> None:
    complete = {indicator: data.draw(values) for indicator in group.bounds}
    partial = {key: value for key, value in complete.items() if data.draw(st.booleans())}

    verdict, full = size_of(group.slug, partial), size_of(group.slug, complete)

    assert full.size is not None
    assert verdict.at_most is not None
    assert full.size <= verdict.at_most
    assert verdict.size in (None, full.size)
