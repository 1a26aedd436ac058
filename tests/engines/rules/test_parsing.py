"""What a text means as a rule, in both spellings."""

import datetime as dt
from fractions import Fraction

import pytest

from lianqi.engines.rules.errors import Problem
from lianqi.engines.rules.naming import FutureError, years_back
from lianqi.engines.rules.nodes import (
    FALSE,
    TRUE,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Back,
    Choice,
    Compare,
    Const,
    Count,
    DaysBetween,
    Floor,
    Has,
    Judged,
    Kind,
    Least,
    MonthsBetween,
    Name,
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Shift,
    Sign,
    Slice,
    Slices,
    Step,
    Tier,
    Total,
    number,
)
from lianqi.engines.rules.parsing import Parsed, check_name, parse
from lianqi.engines.rules.units import MONTHS, PERSONS, SHARE, YUAN, Dims
from tests.engines.rules.strategies import CATALOGUE, ITEMS

REVENUE = CATALOGUE["revenue"].node()
RD = CATALOGUE["rd_expense"].node()
EMPLOYEES = CATALOGUE["employees"].node()
ABOVE_SCALE = CATALOGUE["above_scale"].node()
DISHONEST = CATALOGUE["dishonest"].node()
FOUNDED = CATALOGUE["founded"].node()
SIZE = CATALOGUE["size_class"].node()
TITLES = CATALOGUE["titles"].node()
RATIO = Arithmetic(Operation.OVER, RD, REVENUE, SHARE)


def read(text: str, expects: Kind | Dims | None = None, **names: Node) -> Node:
    return parse(text, CATALOGUE, definitions=names, expects=expects).node


def last_year(key: str, back: int) -> Node:
    return CATALOGUE[key].node(Back("year", back))


BOTH_SPELLINGS = {
    "revenue >= 20_000_000": "营业收入 ≥ 2000万元",
    "revenue >= 20_000_000 and rd_expense / revenue >= 0.05 and not dishonest": (
        "营业收入≥2000万元且研发费用÷营业收入≥5%且非严重违法失信"
    ),
    "above_scale or (revenue > 50_000 and employees <= 300)": (
        "规上企业 或者（营收 超过 5万元 并且 职工人数 不超过 300人）"
    ),
    "size_class in ('large', 'medium')": "企业规模 属于（“大型”、“中型”）",
    "size_class not in ('large', 'medium')": "企业规模 不属于（「大型」，「中型」）",
    "size_class == 'large'": "企业规模 为 “大型”",
    "size_class != 'large'": "企业规模 不为 ‘大型’",
    "startswith(industry, 'C39', 'I65')": "行业代码 以（'C39'、'I65'）开头",
    "has(titles, 'high_tech', 'giant')": "资质称号 含（“高新技术企业”、“专精特新“小巨人”企业”）",
    "has_all(titles, 'high_tech', 'giant')": "均含（资质称号，「高新技术企业」，「专精特新“小巨人”企业」）",
    "not has(titles, 'high_tech')": "资质称号 不包含 “高新技术企业”",
    "not startswith(industry, 'C39') and employees >= 10": "行业代码不以“C39”开头且从业人员至少10人",
    "at_least(2, above_scale, audited, not dishonest)": "满足至少（2，规上企业，已审计，非 严重违法失信）",
    "judge('novel', '是否首创？')": "人工判断（“novel”，“是否首创？”）",
    "min(0.1 * invested, 20_000_000)": "取小（10% × 实际投资额，2000万元）",
    "max(0, profit)": "取大（0元，利润总额）",
    "floor(invested / 1_000_000) * 50_000": "取整（实际投资额÷100万）×5万",
    "200_000 if above_scale else 100_000": "若规上企业则20万否则10万",
    "tier(rd_expense, (>= 5_000_000, 100_000), (> 10_000_000, 200_000), 50_000)": (
        "分档（研发费用，（≥500万元，10万），（超过1000万元，20万），5万）"
    ),
    "slices(rd_expense, (5_000_000, 0.05), (10_000_000, 0.03), 0.01)": (
        "超额累进（研发费用，（500万元，5%），（1000万元，3%），1%）"
    ),
    "600 * yuan / person * employees": "600元/人 × 从业人员",
    "revenue[-2] > revenue[2022] and sales['2024-H1'] > 0 and power['2025-Q1'] > 0": (
        "营业收入[前年] ＞ 营业收入[2022年] 且 半年销售额[2024年上半年] > 0"
        " 且 用电量[2025年第一季度] > 0"
    ),
    "output['2024-06'] >= 50_000": "月产值[2024年6月] ≥ 5万元",
    "each_year(2, rd_expense >= 1_000_000)": "近两年每年（研发费用 ≥ 100万元）",
    "any_year(3, rd_expense >= 1_000_000)": "近三年任一年（研发费用 ≥ 100万元）",
    "sum_years(3, rd_expense) >= 1_000_000": "近3年合计（研发费用） ≥ 100万元",
    "average_years(2, employees) >= 10": "近两年平均（从业人员） ≥ 10人",
    "count(ip_rights, type == 'invention' and not bought) >= 2": (
        "计数（知识产权，类型 为 “发明专利” 且 非 受让取得） ≥ 2项"
    ),
    "total(staff, pay, degree == 'doctor') > 50_000": "合计（职工名册，年薪，学历 为 “博士”）> 5万元",
    "months_between(founded, as_of) >= 36": "间隔月数（成立日期，询问日） 不低于 3年",
    "days_between(founded, as_of) >= 90": "间隔天数（成立日期，询问日） 不少于 90天",
    "founded <= years_before(as_of, 1)": "成立日期 不晚于 前移年（询问日，1）",
    "founded <= date('2024-06-30')": "成立日期 不晚于 2024年6月30日",
    "shifted(founded, 1, -2, 3) < as_of": "移动日期（成立日期，1，-2，3） 早于 询问日",
    "True": "真",
}


@pytest.mark.parametrize(("plain", "chinese"), BOTH_SPELLINGS.items(), ids=lambda each: each)
def test_both_spellings_say_the_same(plain: str, chinese: str) -> None:
    assert read(plain) == read(chinese)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("营业收入 ≥ 2000万元", Compare(Sign.AT_LEAST, REVENUE, number(20_000_000, YUAN))),
        ("营业收入 ≥ 2000万", Compare(Sign.AT_LEAST, REVENUE, number(20_000_000, YUAN))),
        ("营业收入 ≥ 0.2亿元", Compare(Sign.AT_LEAST, REVENUE, number(20_000_000, YUAN))),
        ("营业收入 ≥ ２０００万元", Compare(Sign.AT_LEAST, REVENUE, number(20_000_000, YUAN))),
        ("营业收入 ＞＝ 20 万元", Compare(Sign.AT_LEAST, REVENUE, number(200_000, YUAN))),
        ("0 < 营业收入", Compare(Sign.LESS, number(0, YUAN), REVENUE)),
        ("employees >= 300", Compare(Sign.AT_LEAST, EMPLOYEES, number(300, PERSONS))),
        ("rd_expense / revenue >= 0.1", Compare(Sign.AT_LEAST, RATIO, number("0.1"))),
        ("rd_expense / revenue >= 100%", Compare(Sign.AT_LEAST, RATIO, number(1))),
        ("above_scale", ABOVE_SCALE),
        ("not not above_scale", Not(Not(ABOVE_SCALE))),
        ("above_scale and dishonest and above_scale", And((ABOVE_SCALE, DISHONEST, ABOVE_SCALE))),
        ("above_scale and (dishonest and above_scale)", And((ABOVE_SCALE, And((DISHONEST, ABOVE_SCALE))))),
        ("above_scale and dishonest or above_scale", Or((And((ABOVE_SCALE, DISHONEST)), ABOVE_SCALE))),
        ("false", FALSE),
        ("size_class in ['micro', 'large', 'micro']", OneOf(SIZE, ("large", "micro"))),
        ("size_class in 'large'", OneOf(SIZE, ("large",))),
        ("'large' == size_class", OneOf(SIZE, ("large",))),
        ("'high_tech' in titles", Has(TITLES, ("high_tech",))),
        ("'high_tech' not in titles", Not(Has(TITLES, ("high_tech",)))),
        ("has_all(titles, 'high_tech', 'srdi')", And((Has(TITLES, ("high_tech",)), Has(TITLES, ("srdi",))))),
        ("startswith(industry, 'C39')", Prefix(CATALOGUE["industry"].node(), ("C39",))),
        ("at_least(1, above_scale, dishonest)", AtLeast(1, (ABOVE_SCALE, DISHONEST))),
        ("judge('novel', 'x?')", Judged("novel", "x?")),
        ("as_of > founded", Compare(Sign.MORE, AsOf(), FOUNDED)),
        ("founded == 2024年2月29日", Compare(Sign.EQUAL, FOUNDED, Const(dt.date(2024, 2, 29)))),
        ("days_after(founded, 30) < as_of", Compare(Sign.LESS, Shift(FOUNDED, days=30), AsOf())),
        ("months_before(founded, 6) < as_of", Compare(Sign.LESS, Shift(FOUNDED, months=-6), AsOf())),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_conditions(text: str, meant: Node) -> None:
    assert read(text, Kind.BOOL) == meant


def test_a_chain_is_two_comparisons() -> None:
    found = read("1000万元 ≤ 营业收入 < 1亿元")

    assert found == And(
        (
            Compare(Sign.AT_MOST, number(10_000_000, YUAN), REVENUE),
            Compare(Sign.LESS, REVENUE, number(100_000_000, YUAN)),
        )
    )


@pytest.mark.parametrize(
    ("text", "dims", "meant"),
    [
        ("2000万元", YUAN, number(20_000_000, YUAN)),
        ("200_000", YUAN, number(200_000, YUAN)),
        ("-0.05", SHARE, number("-0.05")),
        ("5‰", SHARE, number("0.005")),
        ("3倍", SHARE, number(3)),
        ("1 / 3", SHARE, Const(Fraction(1, 3))),
        ("2 * 3万元 + 1万元", YUAN, number(70_000, YUAN)),
        ("600 * yuan / person", (("人", -1), ("元", 1)), number(600, (("人", -1), ("元", 1)))),
        (
            "30元/平方米·月",
            (("元", 1), ("平方米", -1), ("月", -1)),
            number(30, (("元", 1), ("平方米", -1), ("月", -1))),
        ),
        ("- revenue", YUAN, Arithmetic(Operation.MINUS, number(0, YUAN), REVENUE, YUAN)),
        ("revenue - 0", YUAN, Arithmetic(Operation.MINUS, REVENUE, number(0, YUAN), YUAN)),
        ("floor(revenue)", YUAN, Floor(REVENUE)),
        ("min(revenue, 50_000, 0)", YUAN, Least((REVENUE, number(50_000, YUAN), number(0, YUAN)))),
        (
            "min(revenue, 20_000 if above_scale else 0)",
            YUAN,
            Least((REVENUE, Choice(ABOVE_SCALE, number(20_000, YUAN), number(0, YUAN)))),
        ),
        (
            "tier(employees, (>= 10, 20万), (> 100, 50万))",
            YUAN,
            Tier(
                EMPLOYEES,
                (
                    Step(Fraction(10), True, number(200_000, YUAN)),
                    Step(Fraction(100), False, number(500_000, YUAN)),
                ),
                number(0, YUAN),
            ),
        ),
        (
            "slices(revenue, (<= 500万, 5%), 1%)",
            YUAN,
            Slices(REVENUE, (Slice(Fraction(5_000_000), Fraction(1, 20)), Slice(None, Fraction(1, 100)))),
        ),
        ("count(ip_rights)", ITEMS, Count(CATALOGUE["ip_rights"].node(), TRUE, ITEMS)),
        ("count(staff)", PERSONS, Count(CATALOGUE["staff"].node(), TRUE, PERSONS)),
        (
            "total(staff, pay)",
            YUAN,
            Total(CATALOGUE["staff"].node(), CATALOGUE["staff"].fields["pay"].item(), TRUE),
        ),
        ("days_between(founded, as_of)", (("天", 1),), DaysBetween(FOUNDED, AsOf())),
        ("months_between(founded, as_of)", MONTHS, MonthsBetween(FOUNDED, AsOf())),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_numbers(text: str, dims: Dims, meant: Node) -> None:
    assert read(text, dims) == meant


def test_decimals_are_exact() -> None:
    assert read("0.1 + 0.2", SHARE) == number("0.3")


def test_within_a_list_names_are_first_its_fields() -> None:
    staff = CATALOGUE["staff"]

    found = read("count(staff, pay >= 20万元 and above_scale)")

    pay = Compare(Sign.AT_LEAST, staff.fields["pay"].item(), number(200_000, YUAN))
    assert found == Count(staff.node(), And((pay, ABOVE_SCALE)), PERSONS)


def test_an_entry_of_a_list_can_be_spoken_of_alone() -> None:
    found = parse("本市户籍", CATALOGUE, item_of="staff").node

    assert found == CATALOGUE["staff"].fields["resident"].item()


# --- periods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "period"),
    [
        ("revenue", "revenue", Back("year", 1)),
        ("revenue[-1]", "revenue", Back("year", 1)),
        ("revenue[0]", "revenue", Back("year", 0)),
        ("revenue[-2]", "revenue", Back("year", 2)),
        ("revenue[2024]", "revenue", "2024"),
        ("revenue['2024']", "revenue", "2024"),
        ("营业收入[上年]", "revenue", Back("year", 1)),
        ("营业收入【本年】", "revenue", Back("year", 0)),
        ("营业收入［ 前年 ］", "revenue", Back("year", 2)),
        ("营业收入[2024年]", "revenue", "2024"),
        ("营业收入[2024年度]", "revenue", "2024"),
        ("sales", "sales", Back("half", 1)),
        ("半年销售额[2024年下半年]", "sales", "2024-H2"),
        ("用电量[2024年3季度]", "power", "2024-Q3"),
        ("用电量[上季度]", "power", Back("quarter", 1)),
        ("用电量[上期]", "power", Back("quarter", 1)),
        ("月产值[2024年11月]", "output", "2024-11"),
        ("月产值[本月]", "output", Back("month", 0)),
    ],
)
def test_periods(text: str, key: str, period: Back | str) -> None:
    assert read(text) == CATALOGUE[key].node(period)


def test_each_year_counts_back_from_the_last() -> None:
    bound = number(1_000_000, YUAN)

    found = read("each_year(2, rd_expense >= 1_000_000)")

    assert found == And(
        (
            Compare(Sign.AT_LEAST, last_year("rd_expense", 1), bound),
            Compare(Sign.AT_LEAST, last_year("rd_expense", 2), bound),
        )
    )


def test_years_inside_move_along_and_fixed_ones_stay() -> None:
    found = read("any_year(2, revenue > revenue[-2] and revenue > revenue[2020])")

    def growth(back: int) -> Node:
        own = last_year("revenue", back)
        fixed = CATALOGUE["revenue"].node("2020")
        grown = Compare(Sign.MORE, own, last_year("revenue", back + 1))
        return And((grown, Compare(Sign.MORE, own, fixed)))

    assert found == Or((growth(1), growth(2)))


def test_one_year_is_the_condition_itself() -> None:
    assert read("each_year(1, revenue > 0)") == read("revenue > 0")


def test_the_average_of_years() -> None:
    total = Arithmetic(
        Operation.PLUS, last_year("employees", 1), last_year("employees", 2), PERSONS
    )

    found = read("average_years(2, employees)")

    assert found == Arithmetic(Operation.OVER, total, number(2), PERSONS)


# --- definitions -----------------------------------------------------------------------------------


def test_a_definition_keeps_its_name() -> None:
    found = read("研发占比 >= 5%", 研发占比=RATIO)

    assert found == Compare(Sign.AT_LEAST, Name("研发占比", RATIO), number("0.05"))


def test_a_definition_goes_before_a_fact_in_the_longest_reading() -> None:
    found = read("研发费用占比≥5%且规上企业", 研发费用占比=RATIO)

    assert found == And(
        (Compare(Sign.AT_LEAST, Name("研发费用占比", RATIO), number("0.05")), ABOVE_SCALE)
    )


def test_a_name_that_holds_a_keyword_is_not_cut() -> None:
    found = read("上市或挂牌且规上企业", 上市或挂牌=DISHONEST)

    assert found == And((Name("上市或挂牌", DISHONEST), ABOVE_SCALE))


def test_a_definition_of_another_year() -> None:
    earlier = Arithmetic(Operation.OVER, last_year("rd_expense", 2), last_year("revenue", 2), SHARE)

    assert read("研发占比[-2]", 研发占比=RATIO) == Name("研发占比[-2]", earlier)
    assert read("研发占比[-1]", 研发占比=RATIO) == Name("研发占比", RATIO)


def test_each_year_moves_definitions_along() -> None:
    found = read("近两年每年（研发占比 ≥ 5%）", 研发占比=RATIO)

    assert found == read("研发占比 ≥ 5% 且 研发占比[-2] ≥ 5%", 研发占比=RATIO)


def test_no_year_lies_ahead() -> None:
    with pytest.raises(FutureError):
        years_back(CATALOGUE["revenue"].node(Back("year", 1)), -2)


def test_parameters_are_named_values() -> None:
    floor = number(20_000_000, YUAN)

    found = parse("营业收入 ≥ 起点", CATALOGUE, parameters={"起点": floor}).node

    assert found == Compare(Sign.AT_LEAST, REVENUE, Name("起点", floor))


@pytest.mark.parametrize("name", ["研发占比", "rd_ratio", "上市或挂牌", "A类"])
def test_names_that_a_definition_can_bear(name: str) -> None:
    check_name(name, CATALOGUE)


@pytest.mark.parametrize(
    "name", ["revenue", "营收", "min", "取小", "且", "yuan", "万元", "lambda", "a-b", "_x", "1a", "询问日", "", "近两年合计"]
)  # fmt: skip
def test_names_that_are_taken(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name") as caught:
        check_name(name, CATALOGUE)

    assert caught.value.problem is Problem.TAKEN_NAME  # type: ignore[attr-defined]


# --- places and hints ------------------------------------------------------------------------------


def test_every_part_knows_its_place() -> None:
    text = "营业收入≥2000万元\n  且 非 严重违法失信"

    found = {text[place.start : place.end]: (place.line, place.column, place.end_line, place.end_column) for _, place in parse(text, CATALOGUE).places()}  # fmt: skip

    assert found == {
        "营业收入": (1, 1, 1, 5),
        "2000万元": (1, 6, 1, 12),
        "营业收入≥2000万元": (1, 1, 1, 12),
        "严重违法失信": (2, 7, 2, 13),
        "非 严重违法失信": (2, 5, 2, 13),
        text: (1, 1, 2, 13),
    }


def test_places_in_a_choice_in_front() -> None:
    text = "若 规上企业，则 20万元，否则 10万元"

    places = parse(text, CATALOGUE, expects=YUAN).places()

    assert [text[place.start : place.end] for _, place in places] == [
        "规上企业", "20万元", "10万元", text,
    ]  # fmt: skip


def test_a_share_written_as_a_product_is_noticed() -> None:
    found = parse("rd_expense >= 5% * revenue", CATALOGUE)

    (hint,) = found.hints
    assert hint.problem is Problem.RATIO_AS_PRODUCT
    assert hint.told().advice.startswith("rd_expense / revenue compared")
    assert hint.told("zh").advice.startswith("写成rd_expense ÷ revenue")


def test_a_branch_code_in_a_list_is_noticed() -> None:
    found = parse("行业代码 属于（'C39', 'C3913'）", CATALOGUE)

    (hint,) = found.hints
    assert (hint.problem, hint.place.column) == (Problem.SHORT_CODE, 8)
    assert "startswith(行业代码, 'C39')" in hint.told().advice


@pytest.mark.parametrize(
    "text", ["revenue >= 20 * employees * yuan / person", "revenue >= rd_expense"]
)
def test_other_products_are_not(text: str) -> None:
    assert parse(text, CATALOGUE) == Parsed(text, read(text), parse(text, CATALOGUE).spans)
