"""The table form: a row and a text that mean the same."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.nodes import Name, Node, walk
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.tables import Row, read_row, table_row
from tests.engines.rules.strategies import CATALOGUE, conditions

RATIO = parse("rd_expense / revenue", CATALOGUE, expects=None).node

ROWS = [
    (Row("营业收入", "不低于", "2000", "万元"), "revenue >= 20_000_000"),
    (Row("营业收入", "以上", "2000万", "元"), "revenue >= 20_000_000"),
    (Row("营业收入", "达到", "2000万元"), "revenue >= 20_000_000"),
    (Row("营业收入[前年]", "超过", "2000", "万元"), "revenue[-2] > 20_000_000"),
    (Row("revenue", "低于", "2000", "万元"), "revenue < 20_000_000"),
    (Row("从业人员", "不超过", "300", "人"), "employees <= 300"),
    (Row("从业人员", "以下", "300", "人"), "employees <= 300"),
    (Row("从业人员", "不足", "300"), "employees < 300"),
    (Row("从业人员", "不等于", "0", "人"), "employees != 0"),
    (Row("研发占比", "不低于", "5", "%"), "研发占比 >= 5%"),
    (Row("外资比例", "不低于", "25%"), "foreign_share >= 25%"),
    (Row("企业规模", "属于", "小型、微型"), "size_class in ('small', 'micro')"),
    (Row("企业规模", "为", "小型"), "size_class == 'small'"),
    (Row("企业规模", "不为", "large"), "size_class != 'large'"),
    (Row("企业规模", "不属于", "“大型”，“中型”"), "size_class not in ('large', 'medium')"),
    (Row("行业代码", "开头为", "C39、I65"), "startswith(industry, 'C39', 'I65')"),
    (Row("资质称号", "包含", "高新技术企业、专精特新“小巨人”企业"), "has(titles, 'high_tech', 'giant')"),
    (Row("资质称号", "不包含", "高新技术企业"), "not has(titles, 'high_tech')"),
    (Row("规上企业", "是"), "above_scale"),
    (Row("严重违法失信", "否"), "not dishonest"),
    (Row("成立日期", "不晚于", "2024-06-30"), "founded <= date('2024-06-30')"),
    (Row("成立日期", "早于", "2024年6月30日"), "founded < date('2024-06-30')"),
    (Row("成立日期", "不早于", "询问日"), "founded >= as_of"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "text"), ROWS, ids=[text for _, text in ROWS])
def test_a_row_means_what_the_text_means(row: Row, text: str) -> None:
    names = {"研发占比": RATIO}

    found = read_row(row, CATALOGUE, definitions=names)

    assert found.node == parse(text, CATALOGUE, definitions=names).node


def test_a_value_can_be_a_parameter() -> None:
    floor = parse("2000万元", CATALOGUE, expects=None).node

    found = read_row(Row("营业收入", "不低于", "起点"), CATALOGUE, parameters={"起点": floor})

    assert found.node == parse("营业收入 ≥ 起点", CATALOGUE, parameters={"起点": floor}).node


REFUSED = [
    (Row("", "是"), "fact", 1, Problem.ROW_NEEDS),
    (Row("营业收入", "", "5"), "word", 1, Problem.ROW_NEEDS),
    (Row("营业收入", "不低于", " "), "value", 1, Problem.ROW_NEEDS),
    (Row("营业收人", "不低于", "5", "万元"), "fact", 1, Problem.UNKNOWN_NAME),
    (Row("营业收入[明年]", "不低于", "5", "万元"), "fact", 6, Problem.NOT_A_PERIOD),
    (Row("营业收入 - 成本", "不低于", "5", "万元"), "fact", 8, Problem.UNKNOWN_NAME),
    (Row("营业收入 - 研发费用", "不低于", "5", "万元"), "fact", 1, Problem.NOT_ONE_FACT),
    (Row("规上企业 或 真", "是"), "fact", 1, Problem.NOT_ONE_FACT),
    (Row("知识产权", "是"), "fact", 1, Problem.NOT_ONE_FACT),
    (Row("营业收入", "大约", "5", "万元"), "word", 1, Problem.UNKNOWN_WORD),
    (Row("营业收入", "包含", "5", "万元"), "word", 1, Problem.NOT_THIS_WORD),
    (Row("规上企业", "不低于", "5"), "word", 1, Problem.NOT_THIS_WORD),
    (Row("营业收入", "不低于", "2000"), "value", 1, Problem.BARE_MONEY),
    (Row("营业收入", "不低于", "许多", "万元"), "value", 1, Problem.NOT_A_NUMBER),
    (Row("营业收入", "不低于", "5万元 或 真"), "value", 1, Problem.NOT_A_NUMBER),
    (Row("营业收入", "不低于", "300", "人"), "value", 1, Problem.UNITS_DIFFER),
    (Row("营业收入", "不低于", "300", "公里"), "unit", 1, Problem.UNKNOWN_UNIT),
    (Row("营业收入", "不低于", "300", "万元 或 真"), "unit", 1, Problem.UNKNOWN_UNIT),
    (Row("外资比例", "不低于", "25"), "value", 1, Problem.SHARE_AGAINST_NUMBER),
    (Row("企业规模", "属于", "小型、巨型"), "value", 1, Problem.UNKNOWN_VALUE),
    (Row("企业规模", "属于", "小型」）或真或企业规模 属于（「小型"), "value", 1, Problem.STRANGE_SIGN),
    (Row("企业规模", "属于", "、"), "value", 1, Problem.EMPTY_LIST),
    (Row("成立日期", "早于", "去年"), "value", 1, Problem.DAY_NOT_WRITTEN),
    (Row("成立日期", "早于", "2024-02-30"), "value", 1, Problem.NO_SUCH_DAY),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "part", "column", "problem"), REFUSED, ids=[f"{each[3]}-{number}" for number, each in enumerate(REFUSED)]
)  # fmt: skip
def test_a_refusal_names_the_cell(row: Row, part: str, column: int, problem: Problem) -> None:
    with pytest.raises(RuleError) as caught:
        read_row(row, CATALOGUE)

    assert (caught.value.problem, caught.value.part, caught.value.column) == (problem, part, column)
    assert caught.value.told("zh").message


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("revenue[-2] >= 20_000_000", Row("营业收入[前年]", "不低于", "2000", "万元")),
        ("foreign_share < 25%", Row("外资比例", "低于", "25", "%")),
        ("current_ratio > 1.5", Row("流动比率", "超过", "1.5")),
        ("size_class not in ('large', 'medium')", Row("企业规模", "不属于", "大型、中型")),
        ("not has(titles, 'high_tech')", Row("资质称号", "不包含", "高新技术企业")),
        ("not dishonest", Row("严重违法失信", "否")),
        ("founded <= date('2024-06-30')", Row("成立日期", "不晚于", "2024年6月30日")),
        ("startswith(industry, 'C39')", Row("行业代码", "开头为", "C39")),
    ],
)
def test_the_row_of_a_condition(text: str, row: Row) -> None:
    assert table_row(parse(text, CATALOGUE).node, CATALOGUE) == row


@pytest.mark.parametrize(
    "text", ["above_scale and dishonest", "rd_expense / revenue >= 5%", "revenue > revenue[-2]", "not revenue > 0"]
)  # fmt: skip
def test_what_fits_into_no_row(text: str) -> None:
    assert table_row(parse(text, CATALOGUE).node, CATALOGUE) is None


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(conditions(depth=1))
def test_a_row_reads_as_the_condition_it_was_made_of(node: Node) -> None:
    row = table_row(node, CATALOGUE)
    assume(row is not None)
    assert row is not None
    names = {each.name: each.body for each in walk(node) if isinstance(each, Name)}

    assert read_row(replace(row), CATALOGUE, definitions=names).node == node
