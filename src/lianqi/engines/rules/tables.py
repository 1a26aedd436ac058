"""The table form of a condition: a fact, a word of comparison, a value and a unit in one row.

A row is put together as a text and read like any other, so it means what the text means.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.errors import Place, Problem, RuleError
from lianqi.engines.rules.naming import NOTHING, Scope
from lianqi.engines.rules.nodes import (
    Compare,
    Const,
    Fact,
    Has,
    Judged,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Prefix,
    Sign,
)
from lianqi.engines.rules.parsing import Parsed, parse
from lianqi.engines.rules.rendering import amount_and_unit, render
from lianqi.engines.rules.units import unit_of
from lianqi.engines.rules.words import MULTIPLIERS, QUOTES

# Words by what they compare. 以上 and 以下 include the number (Civil Code, article 1259); where a
# document prints them otherwise, its pack writes 超过 or 低于.
NUMBER_WORDS: Mapping[str, Sign] = MappingProxyType(
    {
        "不低于": Sign.AT_LEAST,
        "以上": Sign.AT_LEAST,
        "达到": Sign.AT_LEAST,
        "不少于": Sign.AT_LEAST,
        "≥": Sign.AT_LEAST,
        "超过": Sign.MORE,
        "高于": Sign.MORE,
        "大于": Sign.MORE,
        ">": Sign.MORE,
        "不超过": Sign.AT_MOST,
        "以下": Sign.AT_MOST,
        "不高于": Sign.AT_MOST,
        "≤": Sign.AT_MOST,
        "低于": Sign.LESS,
        "不足": Sign.LESS,
        "小于": Sign.LESS,
        "少于": Sign.LESS,
        "<": Sign.LESS,
        "等于": Sign.EQUAL,
        "为": Sign.EQUAL,
        "=": Sign.EQUAL,
        "不等于": Sign.UNEQUAL,
        "不为": Sign.UNEQUAL,
        "≠": Sign.UNEQUAL,
    }
)
DAY_WORDS: Mapping[str, Sign] = MappingProxyType(
    {
        "不早于": Sign.AT_LEAST,
        "晚于": Sign.MORE,
        "不晚于": Sign.AT_MOST,
        "早于": Sign.LESS,
        "为": Sign.EQUAL,
        "不为": Sign.UNEQUAL,
    }
)
TEXT_WORDS = ("为", "不为", "属于", "不属于", "开头为")
SET_WORDS = ("包含", "不包含")
TRUTH_WORDS: Mapping[str, bool] = MappingProxyType({"是": True, "否": False})
PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "fact": {"en": "the fact", "zh": "事实"},
        "word": {"en": "the word of comparison", "zh": "比较用语"},
        "value": {"en": "the value", "zh": "取值"},
        "unit": {"en": "the unit", "zh": "单位"},
    }
)
_NUMBER = re.compile(
    rf"-?[0-9][0-9_]*(\.[0-9]+)?({'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?"
)
_DAY = re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_SEPARATORS = re.compile(r"[、，,;；\n]")
_WORD_OF_SIGN = {
    Sign.AT_LEAST: "不低于",
    Sign.MORE: "超过",
    Sign.AT_MOST: "不超过",
    Sign.LESS: "低于",
    Sign.EQUAL: "等于",
    Sign.UNEQUAL: "不等于",
}
_WORD_OF_DAYS = {sign: word for word, sign in DAY_WORDS.items()}


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        fact: A fact or definition, in either spelling, with its period: 营业收入[前年].
        word: How it is compared: 不低于, 超过, 属于, 是 …
        value: A number, a day, or texts with 、 between them; "" beside 是 and 否.
        unit: Of a number; "" if the value bears it or needs none.
    """

    fact: str
    word: str
    value: str = ""
    unit: str = ""


def read_row(
    row: Row,
    catalogue: Catalogue,
    *,
    definitions: Mapping[str, Node] = NOTHING,
    parameters: Mapping[str, Node] = NOTHING,
    pack: str = "",
) -> Parsed:
    """The condition that a row states; the arguments are those of `parse`.

    Raises:
        RuleError: A cell is empty or does not fit; its `part` names the cell, its place lies in it.
    """
    reading = _Row(row, Scope(catalogue, definitions, parameters))
    pieces = reading.pieces()
    text = "".join(piece for piece, _ in pieces)
    try:
        return parse(text, catalogue, definitions=definitions, parameters=parameters, pack=pack)
    except RuleError as error:
        raise _in_cell(error, pieces, row) from None


class _Row:
    def __init__(self, row: Row, scope: Scope) -> None:
        self.row, self.scope = row, scope

    def pieces(self) -> list[tuple[str, str]]:
        """The text in pieces, each with the cell it comes from."""
        row, kind = self.row, self.kind()
        word = row.word.strip()
        if not word:
            raise self.wrong("word", Problem.ROW_NEEDS, part=PARTS["word"])
        words = self.words(kind)
        if word not in words:
            every = {*NUMBER_WORDS, *DAY_WORDS, *TEXT_WORDS, *SET_WORDS, *TRUTH_WORDS}
            problem = Problem.NOT_THIS_WORD if word in every else Problem.UNKNOWN_WORD
            raise self.wrong(
                "word", problem, word=word, name=row.fact.strip(), words="、".join(words)
            )
        fact = (row.fact, "fact")
        if kind is Kind.BOOL:
            return [fact] if TRUTH_WORDS[word] else [("非（", "word"), fact, ("）", "word")]
        if not row.value.strip():
            raise self.wrong("value", Problem.ROW_NEEDS, part=PARTS["value"])
        if kind is Kind.NUMBER:
            return [fact, (f" {NUMBER_WORDS[word]} ", "word"), *self.number()]
        if kind is Kind.DATE:
            return [fact, (f" {DAY_WORDS[word]} ", "word"), (self.day(), "value")]
        return self.listed(fact, word)

    def kind(self) -> Kind:
        if not self.row.fact.strip():
            raise self.wrong("fact", Problem.ROW_NEEDS, part=PARTS["fact"])
        scope = self.scope
        try:
            found = parse(
                self.row.fact,
                scope.catalogue,
                definitions=scope.definitions,
                parameters=scope.parameters,
                expects=None,
            ).node
        except RuleError as error:
            raise RuleError(error.problem, error.place, error.params, "fact") from None
        if not isinstance(found, Fact | Name | Judged) or found.kind is Kind.LIST:
            raise self.wrong("fact", Problem.NOT_ONE_FACT, what=self.row.fact.strip())
        return found.kind

    def words(self, kind: Kind) -> Sequence[str]:
        match kind:
            case Kind.BOOL:
                return tuple(TRUTH_WORDS)
            case Kind.NUMBER:
                return tuple(NUMBER_WORDS)
            case Kind.DATE:
                return tuple(DAY_WORDS)
            case Kind.TEXT:
                return TEXT_WORDS
            case Kind.SET:
                return SET_WORDS
        return ()

    def named(self) -> bool:
        """Whether the value is a definition or parameter."""
        return self.scope.definition(self.row.value.strip()) is not None

    def number(self) -> list[tuple[str, str]]:
        value, unit = self.row.value.strip(), self.row.unit.strip()
        found = _NUMBER.match(value)
        if not self.named() and (found is None or unit_of(value[found.end() :]) is None):
            raise self.wrong("value", Problem.NOT_A_NUMBER, what=value, found=KIND_WORDS[Kind.TEXT])
        if unit_of(unit) is None:
            raise self.wrong("unit", Problem.UNKNOWN_UNIT, word=unit)
        return [(value, "value"), (unit, "unit")]

    def day(self) -> str:
        value = self.row.value.strip()
        if found := _ISO_DAY.fullmatch(value):
            return "{}年{}月{}日".format(*found.groups())
        if not (_DAY.fullmatch(value) or self.named() or value in ("询问日", "as_of")):
            raise self.wrong("value", Problem.DAY_NOT_WRITTEN)
        return value

    def listed(self, fact: tuple[str, str], word: str) -> list[tuple[str, str]]:
        values = [each.strip() for each in _SEPARATORS.split(self.row.value) if each.strip()]
        body = f"（{'、'.join(map(self.quoted, values))}）"
        match word:
            case "开头为":
                return [fact, (" 以 ", "word"), (body, "value"), (" 开头", "word")]
            case "包含":
                return [fact, (" 含 ", "word"), (body, "value")]
            case "不包含":
                return [("非（", "word"), fact, (" 含 ", "word"), (body, "value"), ("）", "word")]
        sign = "属于" if word in ("为", "属于") else "不属于"
        return [fact, (f" {sign} ", "word"), (body, "value")]

    def quoted(self, value: str) -> str:
        if len(value) > 1 and QUOTES.get(value[0]) == value[-1]:
            value = value[1:-1]
        for sign in "「」":
            if sign in value:
                raise self.wrong("value", Problem.STRANGE_SIGN, word=sign)
        return f"「{value}」"

    def wrong(self, cell: str, problem: Problem, **params: object) -> RuleError:
        end = len(getattr(self.row, cell))
        return RuleError(problem, Place(0, end, 1, 1, 1, end + 1), params, cell)


def _in_cell(error: RuleError, pieces: Sequence[tuple[str, str]], row: Row) -> RuleError:
    """The error with its place in the cell it comes from."""
    start = 0
    for piece, part in pieces:
        end = start + len(piece)
        if error.place.start < end:
            length = len(getattr(row, part))
            first = min(error.place.start - start, length) if part == "fact" else 0
            last = min(error.place.end - start, length) if part == "fact" else length
            place = Place(first, last, 1, first + 1, 1, last + 1)
            return RuleError(error.problem, place, error.params, part)
        start = end
    return error


def table_row(node: Node, catalogue: Catalogue) -> Row | None:
    """The row that states a condition, in Chinese; None if it does not fit into one."""
    if isinstance(node, Not):
        return _negated(node.item, catalogue)
    if isinstance(node, Compare) and isinstance(node.right, Const):
        return _comparison(node, node.right, catalogue)
    match node:
        case OneOf():
            word = "为" if len(node.values) == 1 else "属于"
            return _row(node.item, word, catalogue, _joined(node.item, node.values, catalogue))
        case Prefix():
            return _row(node.item, "开头为", catalogue, "、".join(node.prefixes))
        case Has():
            return _row(node.item, "包含", catalogue, _joined(node.item, node.values, catalogue))
    return _row(node, "是", catalogue) if node.kind is Kind.BOOL else None


def _negated(node: Node, catalogue: Catalogue) -> Row | None:
    row = None if isinstance(node, Compare) else table_row(node, catalogue)
    words = {"是": "否", "为": "不为", "属于": "不属于", "包含": "不包含"}
    return replace(row, word=words[row.word]) if row and row.word in words else None


def _comparison(node: Compare, bound: Const, catalogue: Catalogue) -> Row | None:
    if bound.kind is Kind.DATE:
        value = render(bound, "zh", catalogue=catalogue)
        return _row(node.left, _WORD_OF_DAYS[node.sign], catalogue, value)
    found = amount_and_unit(bound, node.left, catalogue)
    if found is None:
        return None
    value, unit = found
    return _row(node.left, _WORD_OF_SIGN[node.sign], catalogue, value, unit)


def _row(
    node: Node, word: str, catalogue: Catalogue, value: str = "", unit: str = ""
) -> Row | None:
    if not isinstance(node, Fact | Name):
        return None
    return Row(render(node, "zh", catalogue=catalogue), word, value, unit)


def _joined(node: Node, values: Sequence[str], catalogue: Catalogue) -> str:
    spec: FactSpec | None = Scope(catalogue).spec_of(node)
    return "、".join(spec.values.get(each, each) if spec else each for each in values)
