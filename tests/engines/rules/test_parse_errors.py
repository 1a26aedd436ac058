"""What is refused: the exact place, and what to write instead."""

import re

import pytest

from lianqi.engines.rules.errors import Problem, RuleError, told
from lianqi.engines.rules.nodes import Arithmetic, Kind, Node, Operation, number
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.units import SHARE, YUAN, Dims
from tests.engines.rules.strategies import CATALOGUE

RATIO = Arithmetic(
    Operation.OVER, CATALOGUE["rd_expense"].node(), CATALOGUE["revenue"].node(), SHARE
)
NAMES: dict[str, Node] = {"研发占比": RATIO, "起点": number(20_000_000, YUAN)}


def refused(text: str, expects: Kind | Dims | None = None) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse(text, CATALOGUE, definitions=NAMES, expects=expects)
    return caught.value


# The text, the part that the place covers, the problem, what the advice says.
REFUSED = [
    # units
    ("revenue >= 2000", "2000", Problem.BARE_MONEY, "Write 2000元 or 2000万元."),
    ("2000 <= 营业收入", "2000", Problem.BARE_MONEY, "Write 2000元 or 2000万元."),
    ("revenue - 0.5 > 0", "0.5", Problem.BARE_MONEY, "Write 0.5元 or 0.5万元."),
    ("min(revenue, 9999) > 0", "9999", Problem.BARE_MONEY, "Write 9999元 or 9999万元."),
    ("rd_expense / revenue >= 5", "5", Problem.SHARE_AGAINST_NUMBER, "Write 5% or 0.05; if 5 times is meant, 500%."),
    ("研发占比 >= 1.2", "1.2", Problem.SHARE_AGAINST_NUMBER, "Write 1.2% or 0.012; if 1.2 times is meant, 120%."),
    ("外资比例 ≥ 25", "25", Problem.SHARE_AGAINST_NUMBER, "Write 25% or 0.25; if 25 times is meant, 2500%."),
    ("revenue >= 300人", "300人", Problem.UNITS_DIFFER, "Only numbers of one unit can be compared, added or chosen from: give 300人 the unit of revenue, or divide first."),
    ("employees > revenue", "revenue", Problem.UNITS_DIFFER, "Only numbers of one unit can be compared, added or chosen from: give revenue the unit of employees, or divide first."),
    ("revenue + employees > 50_000", "employees", Problem.UNITS_DIFFER, "Only numbers of one unit can be compared, added or chosen from: give employees the unit of revenue, or divide first."),
    ("revenue >= 5%", "5%", Problem.SHARE_AGAINST_MONEY, "Divide first, as in rd_expense / revenue >= 5%, or give the number its unit."),
    ("研发占比 >= 2000万元", "2000万元", Problem.SHARE_AGAINST_MONEY, "Divide first, as in rd_expense / revenue >= 5%, or give the number its unit."),
    ("revenue > 5公里且above_scale", "公里", Problem.UNKNOWN_UNIT, "Known are 元, 万元, 亿元, 人, 项, %, 平方米, 天, 个月, 年 and others of the list."),
    ("rd_expense / 0 > 5%", "0", Problem.OVER_ZERO, "Write another number."),
    ("slices(revenue, 5万元) > 0", "5万元", Problem.NOT_A_PLAIN_NUMBER, "A rate is written as 5% or 0.05."),
    ("slices(revenue, -5%) > 0", "-5%", Problem.NEGATIVE_RATE, "Write 0% or more."),
    # names and values
    ("营业收人 ≥ 2000万元", "营业收人", Problem.UNKNOWN_NAME, "Did you mean 营业收入, 营收?"),
    ("above_scale and revenu >= 5万元", "revenu", Problem.UNKNOWN_NAME, "Did you mean revenue?"),
    ("研发费占比 ≥ 5%", "研发费占比", Problem.UNKNOWN_NAME, "Did you mean 研发占比, 研发费用?"),
    ("zzz", "zzz", Problem.UNKNOWN_NAME, "Look it up in the catalogue of facts."),
    ("count(ip_rights, typ == 'invention') > 2", "typ", Problem.UNKNOWN_NAME, "Did you mean type?"),
    ("foo(5)", "foo", Problem.UNKNOWN_FUNCTION, "Did you mean floor?"),
    ("revenue(2024) > 5", "revenue", Problem.NOT_A_FUNCTION, "Delete the brackets; a period is written as revenue[2024]."),
    ("min > 5", "min", Problem.NEEDS_BRACKETS, "Write min(…)."),
    ("近两年每年 且 规上企业", "近两年每年", Problem.NEEDS_BRACKETS, "Write 近两年每年(…)."),
    ("size_class == 'hug'", "'hug'", Problem.UNKNOWN_VALUE, "It is one of: large, medium, small, micro."),
    ("资质称号 含 （“高新技术企业”、“瞪羚企业”）", "“瞪羚企业”", Problem.UNKNOWN_VALUE, "It is one of: high_tech, srdi, giant."),
    ("startswith(industry, 'C', 'c39')", "'c39'", Problem.NOT_A_CODE, "Codes consist of capital letters and digits, as C39."),
    ("startswith(size_class, 'l')", "size_class", Problem.CLOSED_LIST, "Write size_class in ('…', '…')."),
    ("size_class in ()", "()", Problem.EMPTY_LIST, "Name at least one value."),
    ("size_class in (large, 'micro')", "large", Problem.NOT_WRITTEN_OUT, "Here a value itself has to stand: a number, or a text in quotes."),
    ("stage == ' '", "' '", Problem.EMPTY_TEXT, "Write the value; what is not known is never written down."),
    ("'large'", "'large'", Problem.LONE_TEXT, "Compare it: fact == 'large'. A name is written without quotes."),
    # kinds
    ("above_scale == true", "above_scale == true", Problem.CONDITION_COMPARED, "Write above_scale, or not above_scale."),
    ("true == 规上企业", "true == 规上企业", Problem.CONDITION_COMPARED, "Write 规上企业, or not 规上企业."),
    ("above_scale == '是'", "above_scale == '是'", Problem.CONDITION_COMPARED, "Write above_scale, or not above_scale."),
    ("titles == 'high_tech'", "titles == 'high_tech'", Problem.SET_COMPARED, "Write has(titles, '…')."),
    ("titles in ('high_tech', 'srdi')", "titles", Problem.SET_COMPARED, "Write has(titles, '…')."),
    ("ip_rights > 5", "ip_rights > 5", Problem.LIST_COMPARED, "Write count(ip_rights, …) or total(ip_rights, …)."),
    ("size_class > 'small'", "size_class > 'small'", Problem.TEXT_ORDERED, "Write size_class == '…' or size_class in ('…', '…')."),
    ("size_class == stage", "size_class == stage", Problem.TEXTS_COMPARED, "Compare a fact with a text in quotes."),
    ("employees == '300'", "'300'", Problem.NUMBER_AS_TEXT, "Write the number without quotes."),
    ("employees in (1, 2)", "employees", Problem.NUMBER_IN_LIST, "Write employees == 1 or employees == 2, or a chain such as 1 <= employees <= 2."),
    ("founded >= '2020-01-01'", "'2020-01-01'", Problem.DAY_AS_TEXT, "Write date('2025-06-30')."),
    ("founded > revenue", "founded > revenue", Problem.KINDS_DIFFER, "Compare numbers with numbers and days with days."),
    ("as_of - founded > 365", "as_of - founded", Problem.DAYS_ADDED, "Write days_between(a, b), months_between(a, b), or years_before(day, 3)."),
    ("above_scale and revenue", "revenue", Problem.NOT_A_CONDITION, "Compare it with something, as in revenue >= 2000万元."),
    ("not 5", "5", Problem.NOT_A_CONDITION, "Compare it with something, as in revenue >= 2000万元."),
    ("revenue + above_scale > 0", "above_scale", Problem.NOT_A_NUMBER, "Write a number here."),
    ("months_between(founded, revenue) > 5", "revenue", Problem.NOT_A_DAY, "Write as_of, date('2025-06-30') or a fact that is a day."),
    ("has(size_class, 'large')", "size_class", Problem.NOT_A_SET, "For a text write size_class in ('…', '…')."),
    ("startswith(titles, 'C')", "titles", Problem.NOT_A_TEXT, "Lists and codes belong to facts that are texts."),
    ("count(titles) > 2", "titles", Problem.NOT_A_LIST, "count and total need the list itself, as count(ip_rights, …)."),
    ("above_scale if dishonest else above_scale", "above_scale", Problem.CHOICE_OF_CONDITIONS, "Write (condition and a) or (not condition and b)."),
    # periods
    ("revenue[1] > 5万元", "1", Problem.FUTURE_PERIOD, "Write revenue[-1] for the last period, revenue[0] for the current one."),
    ("area[2024] > 5平方米", "area[2024]", Problem.NO_PERIODS, "Delete the square brackets."),
    ("sales[2024] > 5万元", "2024", Problem.OTHER_GRAIN, "Write sales['2024-H1']."),
    ("营业收入[2024年上半年] > 5万元", "2024年上半年", Problem.OTHER_GRAIN, "Write 营业收入[2024]."),
    ("用电量[上年] > 5千瓦时", "上年", Problem.OTHER_GRAIN, "Write 用电量['2024-Q3']."),
    ("sales['2024-Q1'] > 5万元", "'2024-Q1'", Problem.OTHER_GRAIN, "Write sales['2024-H1']."),
    ("revenue['last'] > 5万元", "'last'", Problem.NOT_A_PERIOD, "Write revenue[2024], or revenue[-1] for the last one."),
    ("月产值[2024年13月] > 5万元", "2024年13月", Problem.NOT_A_PERIOD, "Write 月产值['2024-06'], or 月产值[-1] for the last one."),
    ("营业收入[1024年] > 5万元", "1024年", Problem.NOT_A_PERIOD, "Write 营业收入[2024], or 营业收入[-1] for the last one."),
    ("each_year(2, area > 5平方米)", "area > 5平方米", Problem.NOTHING_BY_YEAR, "Write a yearly fact, without a fixed year."),
    ("each_year(11, revenue > 0)", "11", Problem.OUT_OF_BOUNDS, "Write a number from 1 to 10."),
    # functions
    ("min(revenue)", "min(revenue)", Problem.WRONG_COUNT, "Write min(a, b, …)."),
    ("judge('novel')", "judge('novel')", Problem.WRONG_COUNT, "Write judge('key', 'question')."),
    ("judge('Bad Key', '?')", "'Bad Key'", Problem.UNCLEAR_QUESTION, "Write judge('a_short_key', 'the question?')."),
    ("at_least(3, above_scale, dishonest)", "3", Problem.OUT_OF_BOUNDS, "Write a number from 1 to 2."),
    ("at_least(1.5, above_scale, dishonest)", "1.5", Problem.NOT_A_WHOLE_NUMBER, "Write digits, without a unit."),
    ("tier(revenue, 5万元) > 0", "tier(revenue, 5万元)", Problem.NOT_A_STEP, "A step is (>= bound, result) or (> bound, result), in slices (bound, rate)."),
    ("tier(revenue, (<= 5万元, 1万元)) > 0", "(<= 5万元, 1万元)", Problem.NOT_A_STEP, "A step is (>= bound, result) or (> bound, result), in slices (bound, rate)."),
    ("tier(revenue, (>= 5万元, 1万元), (>= 5万元, 2万元)) > 0", "(>= 5万元, 2万元)", Problem.NOT_RISING, "Write the steps by rising bounds, each bound once."),
    ("slices(revenue, (0元, 5%)) > 0", "(0元, 5%)", Problem.NOT_RISING, "Write the steps by rising bounds, each bound once."),
    ("tier(revenue, (employees, 1万元)) > 0", "employees", Problem.NOT_WRITTEN_OUT, "Here a value itself has to stand: a number, or a text in quotes."),
    ("date('2025-02-30') < as_of", "'2025-02-30'", Problem.NO_SUCH_DAY, "Look at the month and the day."),
    ("成立日期 < 2025年2月30日", "2025年2月30日", Problem.NO_SUCH_DAY, "Look at the month and the day."),
    ("date('last year') < as_of", "'last year'", Problem.DAY_NOT_WRITTEN, "Write date('2025-06-30')."),
    # order
    ("revenue revenue", "revenue", Problem.NO_OPERATOR, "Put and, or, a comparison or an operator between them."),
    ("规上企业 5", "5", Problem.NO_OPERATOR, "Put and, or, a comparison or an operator between them."),
    ("规上企业 非 严重违法失信", "非", Problem.NO_OPERATOR, "Put and, or, a comparison or an operator between them."),
    ("and above_scale", "and", Problem.NO_OPERAND, "Write a fact or number before it."),
    ("revenue > > 5", ">", Problem.NO_OPERAND, "Write a fact or number before it."),
    ("(> 5) and above_scale", "> 5", Problem.STRAY_BOUND, "Write what is compared before the sign."),
    ("revenue >", ">", Problem.ENDS_EARLY, "Write a fact, number or condition behind it."),
    ("above_scale and (dishonest or)", "or", Problem.ENDS_EARLY, "Write a fact, number or condition behind it."),
    ("(revenue > 5万元", "(", Problem.NOT_CLOSED, "Add the closing bracket."),
    ("revenue > 5万元）", "）", Problem.STRAY_BRACKET, "Delete it, or add the opening bracket."),
    ("(revenue > 5万元]", "]", Problem.STRAY_BRACKET, "Delete it, or add the opening bracket."),
    ("revenue >= 20,000,000", ",", Problem.STRAY_COMMA, "Write a list as ('a', 'b') and a large number as 20_000_000 or 2000万."),
    ("企业规模 属于 “大型”、“中型”", "、", Problem.STRAY_COMMA, "Write a list as ('a', 'b') and a large number as 20_000_000 or 2000万."),
    ("min(1,000, revenue) > 0", "000", Problem.LEADING_ZERO, "Write large numbers as 20_000_000 or 2000万, without commas; a code in quotes."),
    ("20 if above_scale", "if", Problem.NO_ELSE, "Write a if condition else b."),
    ("若 规上企业 则 20万元", "若", Problem.NO_ELSE, "Write a if condition else b."),
    ("if above_scale else 5", "if", Problem.IF_IN_FRONT, "Write a if condition else b."),
    ("规上企业 否则 5", "否则", Problem.STRAY_BRANCH, "Write a if condition else b."),
    ("行业代码 以 'C39'", "以", Problem.NO_BEGINNING, "Write startswith(code, 'C39')."),
    ("(above_scale, dishonest)", "(above_scale, dishonest)", Problem.STRAY_LIST, "Write the parts with and or or between them."),
    # signs and words of other languages
    ("revenue = 5万元", "=", Problem.WRITE_INSTEAD, "Write “==”."),
    ("revenue => 5万元", "=>", Problem.WRITE_INSTEAD, "Write “>=”."),
    ("revenue =< 5万元", "=<", Problem.WRITE_INSTEAD, "Write “<=”."),
    ("above_scale && dishonest", "&", Problem.WRITE_INSTEAD, "Write “and”."),
    ("!above_scale", "!", Problem.WRITE_INSTEAD, "Write “not”."),
    ("employees is 5", "is", Problem.WRITE_INSTEAD, "Write “==”."),
    ("revenue // 2 > 5万元", "//", Problem.WRITE_INSTEAD, "Write “floor(a / b)”."),
    ("above_scale AND dishonest", "AND", Problem.WRITE_INSTEAD, "Write “and”."),
    ("revenue > 2 ** 9", "**", Problem.POWER, "Write the number itself, as 10_000 or 1万."),
    ("revenue > 1e6", "1e6", Problem.GLUED, "Write the digits in full, as 1_000_000; put a space before a word."),
    ("revenue > 0x10", "0x10", Problem.GLUED, "Write the digits in full, as 1_000_000; put a space before a word."),
    ("revenue > .5", ".", Problem.DOT, "Write 0.5; a field of a list is written alone: count(ip_rights, type == 'invention')."),
    ("titles.__class__", ".", Problem.DOT, "Write 0.5; a field of a list is written alone: count(ip_rights, type == 'invention')."),
    ("__class__", "__class__", Problem.UNDERSCORE, "Write the name of a fact or definition."),
    ("lambda x: x", "lambda", Problem.FORBIDDEN_WORD, "A rule is one expression of facts, numbers, and, or, not."),
    ("[x for x in titles]", "for", Problem.FORBIDDEN_WORD, "A rule is one expression of facts, numbers, and, or, not."),
    ("None", "None", Problem.FORBIDDEN_WORD, "A rule is one expression of facts, numbers, and, or, not."),
    ("(x := 5)", ":=", Problem.STRANGE_SIGN, "Delete it."),
    ("revenue[:]", ":", Problem.STRANGE_SIGN, "Delete it."),
    ("revenue > 5万元 # why", "#", Problem.STRANGE_SIGN, "Delete it."),
    ("规上企业。", "。", Problem.STRANGE_SIGN, "Delete it."),
    ("min(*titles)", "*", Problem.NO_OPERAND, "Write a fact or number before it."),
    ("revenue % 2 > 0", "%", Problem.STRAY_PERCENT, "Write 5%."),
    ("营业收入 ≥ 300人以上", "以上", Problem.BEHIND, "Put ≥ before the number."),
    ("从业人员 ≤ 300人以下", "以下", Problem.BEHIND, "Put ≤ before the number."),
    ("revenue > 10000000000000000000", "10000000000000000000", Problem.NUMBER_TOO_LARGE, "Numbers go up to 10^18."),
    ("revenue > 100000亿亿", "亿亿", Problem.UNKNOWN_UNIT, "Known are 元, 万元, 亿元, 人, 项, %, 平方米, 天, 个月, 年 and others of the list."),
    ("revenue > 1_000_000_000万 * 10_000_000万", "1_000_000_000万 * 10_000_000万", Problem.NUMBER_TOO_LARGE, "Numbers go up to 10^18."),
    ("stage == 'abc", "'", Problem.QUOTE_NOT_CLOSED, "Add ' at its end."),
    ("stage == “abc", "“", Problem.QUOTE_NOT_CLOSED, "Add ” at its end."),
    (r"stage == 'a\n'", "\\", Problem.BACKSLASH, "Delete it."),
    # letters that are not what they seem
    ("rеvenue > 5万元", "е", Problem.LOOKALIKE, "Type “e”."),
    ("revenue > 5万元 ａnd above_scale", "ａ", Problem.LOOKALIKE, "Type “a”."),
    ("从业⼈员 > 5人", "⼈", Problem.LOOKALIKE, "Type “人”."),
    ("stage == 'sееd'", "е", Problem.LOOKALIKE, "Type “e”."),
    ("revenue > 5万元 and ж", "ж", Problem.FOREIGN_LETTER, "Write names with Chinese characters, a–z, digits and _."),
    ("reve\u200bnue > 5万元", "\u200b", Problem.UNSEEN, "Delete it and type the place anew."),
    ("above_scale \u202eand dishonest", "\u202e", Problem.UNSEEN, "Delete it and type the place anew."),
    ("stage == 'se\u2066ed'", "\u2066", Problem.UNSEEN, "Delete it and type the place anew."),
    ("above_scale\x00", "\x00", Problem.UNSEEN, "Delete it and type the place anew."),
    ("   ", "   ", Problem.EMPTY, "Write a condition such as revenue >= 2000万元."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "part", "problem", "advice"),
    [pytest.param(*each, id=f"{each[2]}-{number}") for number, each in enumerate(REFUSED)],
)
def test_refused_with_place_and_advice(text: str, part: str, problem: Problem, advice: str) -> None:
    error = refused(text)

    # The part at which the refusal points is the last such part of the text, or the first.
    starts = [found.start() for found in re.finditer(re.escape(part), text)]
    assert (error.problem, error.advice) == (problem, advice)
    assert text[error.place.start : error.place.end] == part
    assert error.place.start in starts
    assert (error.line, error.column) == (1, error.place.start + 1)
    assert error.end_column == error.column + len(part)
    assert error.told("zh").message
    assert "{" not in error.told("zh").message + error.told("zh").advice + str(error)


@pytest.mark.parametrize(
    ("text", "expects", "part", "problem"),
    [
        ("revenue", Kind.BOOL, "revenue", Problem.NOT_A_CONDITION),
        ("above_scale", Kind.NUMBER, "above_scale", Problem.NOT_A_NUMBER),
        ("above_scale", YUAN, "above_scale", Problem.NOT_A_NUMBER),
        ("revenue", Kind.DATE, "revenue", Problem.NOT_A_DAY),
        ("employees", YUAN, "employees", Problem.WRONG_UNIT),
        ("200_000 * count(ip_rights)", YUAN, "200_000 * count(ip_rights)", Problem.WRONG_UNIT),
        ("20", YUAN, "20", Problem.BARE_MONEY),
        ("若 规上企业 则 20 否则 10", YUAN, "若 规上企业 则 20 否则 10", Problem.BARE_MONEY),
    ],
)
def test_what_is_expected_where_the_text_stands(
    text: str, expects: Kind | Dims, part: str, problem: Problem
) -> None:
    error = refused(text, expects)

    assert (error.problem, text[error.place.start : error.place.end]) == (problem, part)


def test_lines_and_columns_are_those_of_the_text_as_typed() -> None:
    error = refused("营业收入 ≥ 2000万元\r\n　且 从业人员 ≥ 三百人")

    assert (error.line, error.column, error.end_column) == (2, 11, 14)
    assert str(error).startswith("2:11: Nothing is called “三百人”.")


def test_the_message_in_chinese() -> None:
    error = refused("营业收入 ≥ 2000")

    assert error.told("zh").message == "2000没有单位：是2000元还是2000万元？"
    assert error.told("zh").advice == "请写成2000元或2000万元。"


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_its_sentences(problem: Problem) -> None:
    params = dict.fromkeys(
        ("advice", "after", "alike", "before", "beside", "closing", "code", "example", "found"), "x"
    ) | dict.fromkeys(
        (
            "base", "grain", "high", "hundredth", "instead", "left", "letter", "limit", "low", "name",
            "number", "one", "other", "part", "percent", "right", "text", "unit", "usage", "value",
            "values", "wanted", "what", "whole", "word", "words",
        ),
        "x",
    )  # fmt: skip

    for language, ends in (("en", (".", "?")), ("zh", ("。", "？"))):
        sentences = told(problem, params, language)
        assert sentences.message.endswith(ends)
        assert not sentences.advice or sentences.advice.endswith((*ends, "x"))
