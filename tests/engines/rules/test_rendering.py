"""Rules as text: both spellings, and back."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.catalogue import Catalogue, spec_from
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Compare,
    Const,
    Kind,
    Name,
    Node,
    Operation,
    Or,
    Sign,
    number,
    walk,
)
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.units import SHARE, YUAN
from tests.engines.rules.strategies import CATALOGUE, amounts, conditions

REVENUE = CATALOGUE["revenue"].node()

RENDERED = [
    # Plain, and the Chinese of the same.
    ("revenue >= 20_000_000", "营业收入 ≥ 2000万元"),
    ("revenue >= 2000 * yuan", "营业收入 ≥ 2000元"),
    ("revenue >= 150_000_000", "营业收入 ≥ 1.5亿元"),
    ("revenue > 0", "营业收入 > 0"),
    ("employees <= 300", "从业人员 ≤ 300人"),
    ("rd_expense / revenue >= 0.05", "研发费用 ÷ 营业收入 ≥ 5%"),
    ("revenue / revenue[-2] >= 200%", "营业收入 ÷ 营业收入[前年] ≥ 200%"),
    ("1_000_000 * yuan if above_scale else 0 * yuan", "若 规上企业 则 100万元 否则 0元"),
    ("600 * yuan / person * employees", "600元/人 × 从业人员"),
    ("min(0.1 * invested, 20_000_000)", "取小（10% × 实际投资额，2000万元）"),
    ("10_000_000 <= revenue < 100_000_000", "1000万元 ≤ 营业收入 < 1亿元"),
    ("above_scale and not (dishonest or audited)", "规上企业 且 非 （严重违法失信 或 已审计）"),
    ("not employees >= 300", "非 （从业人员 ≥ 300人）"),
    ("size_class not in ('large', 'medium')", "企业规模 不属于 （“大型”、“中型”）"),
    ("size_class != 'large'", "企业规模 不为 “大型”"),
    ("has(titles, 'giant')", "资质称号 含 「专精特新“小巨人”企业」"),
    ("startswith(industry, 'C39', 'I65')", "行业代码 以 （“C39”、“I65”） 开头"),
    ("sales['2024-H1'] > power['2025-Q1'] * 3 * yuan / kwh", "半年销售额[2024年上半年] > 用电量[2025年第一季度] × 3元/千瓦时"),
    ("founded <= date('2024-06-30')", "成立日期 ≤ 2024年6月30日"),
    ("months_between(founded, years_before(as_of, 1)) >= 24", "间隔月数（成立日期，前移年（询问日，1）） ≥ 24个月"),
    (
        "tier(rd_expense, (>= 5_000_000, 100_000 * yuan), (> 10_000_000, 200_000 * yuan))",
        "分档（研发费用，（≥ 500万元，10万元），（> 1000万元，20万元））",
    ),
    ("slices(rd_expense, (5_000_000, 0.05), 0.01)", "超额累进（研发费用，（500万元，5%），1%）"),
    ("each_year(2, rd_expense >= 1_000_000)", "近两年每年（研发费用 ≥ 100万元）"),
    ("any_year(3, employees[0] > employees)", "近三年任一年（从业人员[本年] > 从业人员）"),
    ("sum_years(3, rd_expense) / sum_years(3, revenue) >= 0.03", "近三年合计（研发费用） ÷ 近三年合计（营业收入） ≥ 3%"),
    ("average_years(2, employees) >= 10", "近两年平均（从业人员） ≥ 10人"),
    ("not has(titles, 'high_tech')", "资质称号 不含 “高新技术企业”"),
    ("not startswith(industry, 'C', 'I65')", "行业代码 不以 （“C”、“I65”） 开头"),
    ("count(ip_rights, type == 'invention') >= 2", "计数（知识产权，类型 为 “发明专利”） ≥ 2项"),
    ("at_least(2, above_scale, judge('novel', '是否首创？'), True)", "满足至少（2，规上企业，人工判断（“novel”，“是否首创？”），真）"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "chinese"), RENDERED)
def test_both_spellings(plain: str, chinese: str) -> None:
    node = parse(chinese, CATALOGUE, expects=None).node

    assert render(node, "zh", catalogue=CATALOGUE) == chinese
    if "* 3 * yuan" not in plain:  # the product of three is read from the left
        assert render(node, catalogue=CATALOGUE) == plain


def test_a_fact_that_a_field_bears_the_name_of_goes_by_its_key() -> None:
    staff = {
        "label": "名册",
        "kind": "list",
        "fields": {"site": {"label": "注册地", "kind": "text"}},
    }
    region = {"label": "注册地", "kind": "text"}
    catalogue = Catalogue([spec_from("staff", staff), spec_from("region", region)])
    node = parse("计数（名册，注册地 为 “甲” 且 region 为 “乙”）", catalogue, expects=None).node

    text = render(node, "zh", catalogue=catalogue)

    assert text == "计数（名册，注册地 为 “甲” 且 region 为 “乙”）"
    assert parse(text, catalogue, expects=None).node == node


def test_without_a_catalogue_keys_stand_for_names() -> None:
    assert render(Compare(Sign.AT_LEAST, REVENUE, number(50_000, YUAN)), "zh") == "revenue ≥ 5万元"


def test_a_third_is_a_quotient() -> None:
    third = Const(Fraction(1, 3), YUAN)

    assert render(third) == "1 / 3 * yuan"
    assert render(third, "zh") == "1元 ÷ 3"
    product = Arithmetic(Operation.TIMES, CATALOGUE["growth"].node(), third, YUAN)
    assert render(product, "zh", catalogue=CATALOGUE) == "增速 × （1元 ÷ 3）"


def test_a_question_with_every_quote() -> None:
    from lianqi.engines.rules.nodes import Judged

    node = Judged("novel", "“甲”、'乙'、\"丙\"、「丁」？")

    assert render(node, "zh") == "人工判断（“novel”，『“甲”、'乙'、\"丙\"、「丁」？』）"
    assert parse(render(node, "zh"), CATALOGUE).node == node
    assert parse(render(node), CATALOGUE).node == node


def test_joins_of_fewer_than_two() -> None:
    above_scale = CATALOGUE["above_scale"].node()

    assert render(And((above_scale,))) == "above_scale"
    assert (render(And(())), render(Or(()))) == ("True", "False")


def _definitions(node: Node) -> dict[str, Node]:
    return {each.name: each.body for each in walk(node) if isinstance(each, Name)}


def _divides_by_zero(node: Node) -> bool:
    return any(
        isinstance(each, Arithmetic)
        and each.operation is Operation.OVER
        and isinstance(each.right, Const)
        and not each.right.value
        for each in walk(node)
    )


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(conditions(), amounts(None)), st.sampled_from(["plain", "zh"]))
def test_what_is_written_reads_as_the_same_rule(node: Node, language: str) -> None:
    assume(not _divides_by_zero(node))  # refused where it is read
    text = render(node, language, catalogue=CATALOGUE)
    expects = Kind.BOOL if node.kind is Kind.BOOL else node.dims

    found = parse(text, CATALOGUE, definitions=_definitions(node), expects=expects)

    assert found.node == node, text


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(), st.sampled_from(["plain", "zh"]))
def test_places_lie_inside_each_other(node: Node, language: str) -> None:
    assume(not _divides_by_zero(node))
    text = render(node, language, catalogue=CATALOGUE)

    spans = parse(text, CATALOGUE, definitions=_definitions(node)).spans

    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    for number_, (_, start, end) in enumerate(spans):
        for _, other, other_end in spans[number_ + 1 :]:
            inside = other <= start and end <= other_end
            apart = end <= other or other_end <= start
            assert inside or apart or (start <= other and other_end <= end)


def test_shares_are_known_from_the_catalogue() -> None:
    share = Compare(Sign.AT_LEAST, CATALOGUE["foreign_share"].node(), number(4, SHARE))

    assert render(share, catalogue=CATALOGUE) == "foreign_share >= 400%"
