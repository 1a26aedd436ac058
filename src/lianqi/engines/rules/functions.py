"""The functions of the language, as they are read."""

import ast
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from lianqi.engines.rules.checking import KIND_WORDS, computed, is_bare
from lianqi.engines.rules.errors import Problem
from lianqi.engines.rules.lexicon import CHOICE
from lianqi.engines.rules.memberships import MAX_VALUES, begins, has
from lianqi.engines.rules.naming import MAX_YEARS, FutureError, years_back
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    AtLeast,
    Back,
    Const,
    Count,
    DaysBetween,
    Fact,
    Floor,
    Greatest,
    Has,
    Judged,
    Kind,
    Least,
    MonthsBetween,
    Name,
    Node,
    Operation,
    Or,
    Shift,
    Slice,
    Slices,
    Step,
    Tier,
    Total,
    walk,
)
from lianqi.engines.rules.operators import choose
from lianqi.engines.rules.reading import MAX_PARTS, Reader
from lianqi.engines.rules.units import SHARE

MAX_SHIFT = 40_000
# How each is written, for messages.
USAGE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "min": ("min(a, b, …)", "取小(甲, 乙, …)"),
        "max": ("max(a, b, …)", "取大(甲, 乙, …)"),
        "floor": ("floor(a)", "取整(甲)"),
        "tier": (
            "tier(amount, (>= 500, 10), (> 1000, 20), otherwise)",
            "分档(数额, (≥ 500万元, 10万元), (> 1000万元, 20万元), 其余)",
        ),
        "slices": (
            "slices(amount, (5_000_000, 5%), (10_000_000, 3%), 1%)",
            "超额累进(数额, (500万元, 5%), (1000万元, 3%), 1%)",
        ),
        "count": ("count(list, condition)", "计数(清单, 条件)"),
        "total": ("total(list, field, condition)", "合计(清单, 字段, 条件)"),
        "at_least": ("at_least(2, a, b, c)", "满足至少(2, 甲, 乙, 丙)"),
        "has": ("has(set, 'a', 'b')", "集合 含 (“甲”、“乙”)"),
        "has_all": ("has_all(set, 'a', 'b')", "均含(集合, “甲”, “乙”)"),
        "startswith": ("startswith(code, 'C39')", "代码 以 “C39” 开头"),
        "judge": ("judge('key', 'question')", "人工判断(“键”, “问题？”)"),
        "date": ("date('2025-06-30')", "2025年6月30日"),
        "years_before": ("years_before(day, 3)", "前移年(日期, 3)"),
        "years_after": ("years_after(day, 3)", "后移年(日期, 3)"),
        "months_before": ("months_before(day, 6)", "前移月(日期, 6)"),
        "months_after": ("months_after(day, 6)", "后移月(日期, 6)"),
        "days_before": ("days_before(day, 30)", "前移日(日期, 30)"),
        "days_after": ("days_after(day, 30)", "后移日(日期, 30)"),
        "shifted": ("shifted(day, years, months, days)", "移动日期(日期, 年, 月, 日)"),
        "days_between": ("days_between(first, second)", "间隔天数(起, 止)"),
        "months_between": ("months_between(first, second)", "间隔月数(起, 止)"),
        "each_year": ("each_year(2, condition)", "近两年每年(条件)"),
        "any_year": ("any_year(2, condition)", "近两年任一年(条件)"),
        "sum_years": ("sum_years(3, number)", "近三年合计(数)"),
        "average_years": ("average_years(3, number)", "近三年平均(数)"),
        CHOICE: ("a if condition else b", "若 条件 则 甲 否则 乙"),
    }
)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}|[\u4e00-\u9fff]{1,20}")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def _arguments(reader: Reader, tree: ast.Call, low: int, high: int = MAX_VALUES) -> list[ast.expr]:
    if not low <= len(tree.args) <= high:
        assert isinstance(tree.func, ast.Name)
        english, chinese = USAGE[tree.func.id]
        raise reader.wrong(tree, Problem.WRONG_COUNT, usage={"en": english, "zh": chinese})
    return tree.args


# --- numbers --------------------------------------------------------------------------------------


def _least(reader: Reader, tree: ast.Call) -> Node:
    return Least(_numbers(reader, _arguments(reader, tree, 2)))


def _greatest(reader: Reader, tree: ast.Call) -> Node:
    return Greatest(_numbers(reader, _arguments(reader, tree, 2)))


def _numbers(reader: Reader, trees: Sequence[ast.expr]) -> tuple[Node, ...]:
    return reader.alike(trees, [reader.number(each) for each in trees])


def _floor(reader: Reader, tree: ast.Call) -> Node:
    return Floor(reader.number(_arguments(reader, tree, 1, 1)[0]))


def _choice(reader: Reader, tree: ast.Call) -> Node:
    return choose(reader, *_arguments(reader, tree, 3, 3))


def _constant(reader: Reader, tree: ast.expr) -> Const:
    """A number that is written out, or a parameter."""
    node: Node = reader.number(tree)
    while isinstance(node, Name):
        node = node.body
    if not isinstance(node, Const):
        raise reader.wrong(tree, Problem.NOT_WRITTEN_OUT)
    return node


def _bound(reader: Reader, tree: ast.expr, value: Node, value_tree: ast.expr) -> Fraction:
    const = _constant(reader, tree)
    _, fitted = reader.alike((value_tree, tree), (value, const))
    assert isinstance(fitted, Const)
    assert isinstance(fitted.value, Fraction)
    return fitted.value


def _pair(reader: Reader, tree: ast.expr) -> tuple[str, ast.expr, ast.expr]:
    """The sign, the bound and the result of (>= 500万元, 10万元)."""
    if not isinstance(tree, ast.Tuple) or len(tree.elts) != 2:  # noqa: PLR2004  # a pair
        raise reader.wrong(tree, Problem.NOT_A_STEP)
    bound, result = tree.elts
    sign = reader.spelled.signs.get(bound.col_offset, "")
    if sign and isinstance(bound, ast.UnaryOp):
        return sign, bound.operand, result
    return "", bound, result


def _rising(
    reader: Reader, trees: Sequence[ast.expr], bounds: Sequence[tuple[Fraction, bool]]
) -> None:
    for number, (one, other) in enumerate(pairwise(bounds), start=1):
        if other <= one:
            raise reader.wrong(trees[number], Problem.NOT_RISING)


def _tier(reader: Reader, tree: ast.Call) -> Node:
    value_tree, *rest = _arguments(reader, tree, 2)
    value = reader.number(value_tree)
    below_tree = None if isinstance(rest[-1], ast.Tuple) else rest.pop()
    if not rest:
        raise reader.wrong(tree, Problem.NOT_A_STEP)
    bounds, trees, results = [], [], []
    for each in rest:
        sign, bound_tree, result_tree = _pair(reader, each)
        if sign not in ("", ">=", ">"):
            raise reader.wrong(each, Problem.NOT_A_STEP)
        bounds.append((_bound(reader, bound_tree, value, value_tree), sign == ">"))
        trees.append(result_tree)
        results.append(reader.number(result_tree))
    _rising(reader, rest, bounds)
    if below_tree is not None:
        results.append(reader.number(below_tree))
        trees.append(below_tree)
    fitted = reader.alike(trees, results)
    below = fitted[-1]
    if below_tree is None:
        below = Const(Fraction(0), fitted[0].dims, bare=all(map(is_bare, fitted)))
    steps = tuple(
        Step(bound, not exclusive, result)
        for (bound, exclusive), result in zip(bounds, fitted, strict=False)
    )
    return Tier(value, steps, below)


def _slices(reader: Reader, tree: ast.Call) -> Node:
    value_tree, *rest = _arguments(reader, tree, 2)
    value = reader.number(value_tree)
    end_tree = None if isinstance(rest[-1], ast.Tuple) else rest.pop()
    found, bounds = [], [(Fraction(0), False)]
    for each in rest:
        sign, bound_tree, rate_tree = _pair(reader, each)
        if sign not in ("", "<=", "<"):
            raise reader.wrong(each, Problem.NOT_A_STEP)
        bounds.append((_bound(reader, bound_tree, value, value_tree), False))
        found.append(Slice(bounds[-1][0], _rate(reader, rate_tree)))
    _rising(reader, [value_tree, *rest], bounds)
    if end_tree is not None:
        found.append(Slice(None, _rate(reader, end_tree)))
    return Slices(value, tuple(found))


def _rate(reader: Reader, tree: ast.expr) -> Fraction:
    const = _constant(reader, tree)
    if const.dims != SHARE:
        raise reader.wrong(tree, Problem.NOT_A_PLAIN_NUMBER)
    assert isinstance(const.value, Fraction)
    if const.value < 0:
        raise reader.wrong(tree, Problem.NEGATIVE_RATE)
    return const.value


# --- conditions -----------------------------------------------------------------------------------


def _at_least(reader: Reader, tree: ast.Call) -> Node:
    count, *items = _arguments(reader, tree, 2)
    return AtLeast(reader.whole(count, 1, len(items)), tuple(map(reader.condition, items)))


def _has(reader: Reader, tree: ast.Call) -> Node:
    item, *listed = _arguments(reader, tree, 2)
    return has(reader, item, listed)


def _has_all(reader: Reader, tree: ast.Call) -> Node:
    item, *listed = _arguments(reader, tree, 2)
    found = has(reader, item, listed)
    if len(found.values) == 1:
        return found
    return And(tuple(Has(found.item, (each,)) for each in found.values))


def _startswith(reader: Reader, tree: ast.Call) -> Node:
    item, *listed = _arguments(reader, tree, 2)
    return begins(reader, item, listed)


def _judge(reader: Reader, tree: ast.Call) -> Node:
    key_tree, question_tree = _arguments(reader, tree, 2, 2)
    key, question = reader.text_in(key_tree), reader.text_in(question_tree)
    if key is None or not _KEY.fullmatch(key):
        raise reader.wrong(key_tree, Problem.UNCLEAR_QUESTION)
    if question is None:
        raise reader.wrong(question_tree, Problem.NOT_WRITTEN_OUT)
    return Judged(key, question, reader.scope.pack)


# --- days -----------------------------------------------------------------------------------------


def _date(reader: Reader, tree: ast.Call) -> Node:
    (argument,) = _arguments(reader, tree, 1, 1)
    text = reader.text_in(argument)
    found = None if text is None else _DAY.fullmatch(text)
    if found is None:
        raise reader.wrong(argument, Problem.DAY_NOT_WRITTEN)
    try:
        return Const(dt.date(*map(int, found.groups())))
    except ValueError:
        raise reader.wrong(argument, Problem.NO_SUCH_DAY, word=text) from None


def _moved(part: str, sign: int) -> Callable[[Reader, ast.Call], Node]:
    def moved(reader: Reader, tree: ast.Call) -> Node:
        day, count = _arguments(reader, tree, 2, 2)
        number = sign * reader.whole(count, 0, _most(part))
        return Shift(reader.day(day), **{part: number})

    return moved


def _most(part: str) -> int:
    return {"years": MAX_SHIFT // 400, "months": MAX_SHIFT // 32, "days": MAX_SHIFT}[part]


def _shifted(reader: Reader, tree: ast.Call) -> Node:
    day, *counts = _arguments(reader, tree, 4, 4)
    parts = {
        part: reader.whole(each, -_most(part), _most(part))
        for part, each in zip(("years", "months", "days"), counts, strict=True)
    }
    return Shift(reader.day(day), **parts)


def _days_between(reader: Reader, tree: ast.Call) -> Node:
    return DaysBetween(*map(reader.day, _arguments(reader, tree, 2, 2)))


def _months_between(reader: Reader, tree: ast.Call) -> Node:
    return MonthsBetween(*map(reader.day, _arguments(reader, tree, 2, 2)))


# --- lists ----------------------------------------------------------------------------------------


def _entries(reader: Reader, tree: ast.expr) -> Fact:
    node = reader.of_kind(tree, Kind.LIST, Problem.NOT_A_LIST)
    if not isinstance(node, Fact):  # a definition: the list itself has to stand here
        raise reader.wrong(tree, Problem.NOT_A_LIST, found=KIND_WORDS[Kind.LIST])
    return node


def _count(reader: Reader, tree: ast.Call) -> Node:
    listed, *where = _arguments(reader, tree, 1, 2)
    items = _entries(reader, listed)
    spec = reader.scope.catalogue[items.key]
    outer, reader.scope.entry = reader.scope.entry, spec
    condition = reader.condition(where[0]) if where else TRUE
    reader.scope.entry = outer
    return Count(items, condition, spec.counts.dims)


def _total(reader: Reader, tree: ast.Call) -> Node:
    listed, amount_tree, *where = _arguments(reader, tree, 2, 3)
    items = _entries(reader, listed)
    outer, reader.scope.entry = reader.scope.entry, reader.scope.catalogue[items.key]
    amount = reader.number(amount_tree)
    condition = reader.condition(where[0]) if where else TRUE
    reader.scope.entry = outer
    return Total(items, amount, condition)


# --- years ----------------------------------------------------------------------------------------


def _by_year(reader: Reader, tree: ast.Call, kind: Kind) -> list[Node]:
    """The same for each of the last years, the latest first."""
    count_tree, body = _arguments(reader, tree, 2, 2)
    count = reader.whole(count_tree, 1, MAX_YEARS)
    before = reader.parts
    node = reader.condition(body) if kind is Kind.BOOL else reader.number(body)
    if not any(
        isinstance(each, Fact) and isinstance(each.period, Back) and each.period.grain == "year"
        for each in walk(node)
    ):
        raise reader.wrong(body, Problem.NOTHING_BY_YEAR)
    reader.parts = before + count * (reader.parts - before)
    if reader.parts > MAX_PARTS:
        raise reader.wrong(tree, Problem.TOO_MANY_PARTS, limit=MAX_PARTS)
    try:
        return [years_back(node, back) for back in range(count)]
    except FutureError:  # cannot be: nothing is moved forward
        raise reader.wrong(body, Problem.FUTURE_PERIOD) from None


def _each_year(reader: Reader, tree: ast.Call) -> Node:
    items = _by_year(reader, tree, Kind.BOOL)
    return items[0] if len(items) == 1 else And(tuple(items))


def _any_year(reader: Reader, tree: ast.Call) -> Node:
    items = _by_year(reader, tree, Kind.BOOL)
    return items[0] if len(items) == 1 else Or(tuple(items))


def _sum_years(reader: Reader, tree: ast.Call) -> Node:
    total, *rest = _by_year(reader, tree, Kind.NUMBER)
    for each in rest:
        total = computed(Operation.PLUS, total, each)
    return total


def _average_years(reader: Reader, tree: ast.Call) -> Node:
    total = _sum_years(reader, tree)
    return computed(
        Operation.OVER, total, Const(Fraction(reader.whole(tree.args[0], 1, MAX_YEARS)))
    )


CALLS: Mapping[str, Callable[[Reader, ast.Call], Node]] = MappingProxyType(
    {
        "min": _least,
        "max": _greatest,
        "floor": _floor,
        "tier": _tier,
        "slices": _slices,
        "count": _count,
        "total": _total,
        "at_least": _at_least,
        "has": _has,
        "has_all": _has_all,
        "startswith": _startswith,
        "judge": _judge,
        "date": _date,
        "years_before": _moved("years", -1),
        "years_after": _moved("years", 1),
        "months_before": _moved("months", -1),
        "months_after": _moved("months", 1),
        "days_before": _moved("days", -1),
        "days_after": _moved("days", 1),
        "shifted": _shifted,
        "days_between": _days_between,
        "months_between": _months_between,
        "each_year": _each_year,
        "any_year": _any_year,
        "sum_years": _sum_years,
        "average_years": _average_years,
        CHOICE: _choice,
    }
)
