"""Whatever is typed: a rule comes out, or a refusal with a place inside the text. Nothing else."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.nodes import Node
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.rendering import render
from tests.engines.rules.strategies import CATALOGUE, conditions

PIECES = [
    "revenue", "营业收入", "从业人员", "above_scale", "规上企业", "资质称号", "知识产权", "行业代码", "成立日期",
    "且", "或", "非", "不是", "属于", "不属于", "若", "则", "否则", "以", "不以", "开头", "含", "不含", "不低于", "为", "不足",
    "and", "or", "not", "in", "if", "else", "True", "None", "lambda", "for", "is", "_", "__class__", "import",
    ">=", "≤", "==", "=", "!=", "<", ">", "+", "-", "*", "**", "/", "//", "%", "×", "÷", "@", ">>", ":=", "->",
    "(", ")", "[", "]", "{", "}", "（", "）", "【", "】", ",", "、", "，", ".", ";", ":", "#", "\\", "\n", " ", "\t",
    "'", '"', "“", "”", "「", "」", "'high_tech'", "“大型”", "''",
    "0", "1", "007", "2000万元", "5%", "300人", "600元/人", "30元/平方米·月", "1e9", "0.5", ".5", "1_0", "万", "元", "万元", "年",
    "2024年", "上年", "2025年2月30日", "2024年上半年", "近两年每年", "近99年合计", "近三年平均",
    "min", "max", "tier", "slices", "count", "total", "each_year", "sum_years", "at_least", "has", "startswith",
    "judge", "date", "取小", "分档", "计数", "满足至少", "询问日", "as_of", "years_before", "yuan", "person",
    "\u200b", "\u202e", "\x00", "е", "ο", "ａ", "⼈", "\ud800", "é", "🙂", "\u0301",
]  # fmt: skip


def told(text: str) -> RuleError | Node:
    """The rule, or the refusal; anything else is raised."""
    found = _read(text)
    if isinstance(found, RuleError):
        assert 0 <= found.place.start <= found.place.end <= len(text)
        assert found.line >= 1
        assert found.column >= 1
        assert found.message
        assert found.told("zh").message
    return found


def _read(text: str) -> RuleError | Node:
    try:
        return parse(text, CATALOGUE, expects=None).node
    except RuleError as error:
        return error


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]))
def test_any_words_in_any_order(pieces: list[str], between: str) -> None:
    told(between.join(pieces))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
@example("\x00")
@example("￿")
def test_any_text(text: str) -> None:
    told(text)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(depth=2), st.sampled_from(["plain", "zh"]), st.data())
def test_a_rule_with_something_cut_out_or_put_in(
    node: Node, language: str, data: st.DataObject
) -> None:
    text = render(node, language, catalogue=CATALOGUE)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))

    told(text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[end:])


HOSTILE = {
    "many brackets": ("(" * 3_000, Problem.TOO_DEEP),
    "brackets that close": ("(" * 1_500 + "1" + ")" * 1_500, Problem.TOO_DEEP),
    "many minus signs": ("-" * 3_999 + "1", Problem.TOO_DEEP),
    "many not": ("not " * 900 + "above_scale", Problem.TOO_DEEP),
    "many 非": ("非" * 3_000 + "规上企业", Problem.TOO_DEEP),
    "a long sum": ("revenue+" * 400 + "revenue > 0", Problem.TOO_DEEP),
    "long branches": ("若 规上企业 则 1 否则 " * 200 + "1", Problem.TOO_DEEP),
    "branches in the middle": ("1 if above_scale else " * 150 + "1", Problem.TOO_DEEP),
    "nested calls": ("floor(" * 200 + "revenue" + ")" * 200, Problem.TOO_DEEP),
    "too long": ("above_scale or " * 300 + "above_scale", Problem.TOO_LONG),
    "a long name": ("a" * 3_000, Problem.UNKNOWN_NAME),
    "a long Chinese name": ("业" * 3_000, Problem.UNKNOWN_NAME),
    "a long number": ("9" * 3_000, Problem.NUMBER_TOO_LARGE),
    "a fine number": ("0." + "9" * 3_000, Problem.NUMBER_TOO_LARGE),
    "products of numbers": ("*".join(["999999999999999999"] * 50), Problem.NUMBER_TOO_LARGE),
    "quotients of numbers": ("/".join(["7"] * 100), Problem.NUMBER_TOO_LARGE),
    "years of years": ("each_year(10," * 6 + "revenue > 0" + ")" * 6, Problem.TOO_MANY_PARTS),
    "an f-string": ("f'{revenue}'", Problem.NO_OPERATOR),
    "a star": ("min(*revenue, 5)", Problem.NO_OPERAND),
    "a keyword argument": ("min(a=5, b=6)", Problem.WRITE_INSTEAD),
    "a call of a call": ("min(1, 2)(3)", Problem.NO_OPERATOR),
    "a subscript of a number": ("5[0] > 5", Problem.NO_PERIODS),
    "a huge year": ("revenue[99999999999999999999] > 0", Problem.NUMBER_TOO_LARGE),
    "a huge shift": ("years_before(as_of, 99999) > founded", Problem.OUT_OF_BOUNDS),
    "ellipsis": ("...", Problem.DOT),
    "await": ("await revenue", Problem.FORBIDDEN_WORD),
    "two lines": ("above_scale\nimport os", Problem.FORBIDDEN_WORD),
    "a name of the reader": ("_if(above_scale, 1, 2)", Problem.UNDERSCORE),
    "a placeholder": ("5 > _0", Problem.UNDERSCORE),
}


@pytest.mark.parametrize(("text", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_refused_at_once(text: str, problem: Problem) -> None:
    begun = time.perf_counter()

    error = told(text)

    assert isinstance(error, RuleError)
    assert error.problem is problem
    assert time.perf_counter() - begun < 1


def test_definitions_that_double_each_other() -> None:
    names: dict[str, Node] = {"d0": parse("revenue + revenue", CATALOGUE, expects=None).node}
    with pytest.raises(RuleError) as caught:
        for number in range(60):
            names[f"d{number + 1}"] = parse(
                f"d{number} + d{number}", CATALOGUE, definitions=names, expects=None
            ).node

    assert caught.value.problem is Problem.TOO_MANY_PARTS


def test_definitions_in_a_long_chain() -> None:
    names: dict[str, Node] = {"d0": parse("revenue", CATALOGUE, expects=None).node}
    with pytest.raises(RuleError) as caught:
        for number in range(300):
            names[f"d{number + 1}"] = parse(
                f"d{number} + 5万元", CATALOGUE, definitions=names, expects=None
            ).node

    assert caught.value.problem is Problem.TOO_DEEP
