"""A rule's text as a rule: `parse`.

The plain spelling is a safe part of Python's expressions, the Chinese one says the same, and both
may be mixed:

    revenue >= 20_000_000 and rd_expense / revenue >= 5% and not dishonest
    营业收入 ≥ 2000万元 且 研发费用 ÷ 营业收入 ≥ 5% 且 非 严重违法失信

* Conditions: and or not · 且 或 非; comparisons, also chained; in (…) · 属于, 不属于;
  has(set, 'a') · 集合 含 “甲”, 不含; startswith(code, 'C39') · 代码 以 “C39” 开头, 不以;
  at_least(2, a, b, c) · 满足至少(…); judge('key', 'question') · 人工判断(…).
* Numbers: + - * /; min max floor · 取小 取大 取整; a if c else b · 若 c 则 a 否则 b;
  tier(x, (>= 100万元, 5万元), (> 500万元, 10万元), 0) · 分档(…), where what is below the first
  step may be left out if it is 0; slices(x, (100万元, 5%), 1%) · 超额累进(…), each slice at its
  own rate.
* Units: 2000万元, 300人, 5%, 600元/人 in both spellings; 600 * yuan / person in the plain one. A
  bare number takes the unit of what it stands beside; beside * and / it is a plain number.
* Periods: revenue is last year's, revenue[-2] the one before, revenue[0] this year's,
  revenue[2024], sales['2024-H1'] · 营业收入[前年], 营业收入[2024年].
  each_year(2, …) · 近两年每年(…) asks its condition of the last year and of the one before;
  any_year, sum_years and average_years likewise; all years counted backwards inside move along.
* Lists: count(ip_rights, type == 'invention') · 计数(…), total(invoices, amount, …) · 合计(…);
  inside, names are first the fields of an entry.
* Days: as_of · 询问日; date('2025-06-30') · 2025年6月30日; years_before(as_of, 3), months_after …;
  days_between, months_between.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lianqi.engines.rules import lookup, operators
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.errors import Hint, Place, Problem, RuleError, place_in
from lianqi.engines.rules.functions import CALLS
from lianqi.engines.rules.lexicon import is_spellable
from lianqi.engines.rules.naming import NOTHING, Scope, is_taken
from lianqi.engines.rules.nodes import Kind, Node
from lianqi.engines.rules.reading import Reader, Span
from lianqi.engines.rules.spelled import Spelled
from lianqi.engines.rules.spelling import spell
from lianqi.engines.rules.units import Dims

_WANTED = {
    Kind.BOOL: Problem.NOT_A_CONDITION,
    Kind.NUMBER: Problem.NOT_A_NUMBER,
    Kind.DATE: Problem.NOT_A_DAY,
    Kind.TEXT: Problem.NOT_A_TEXT,
    Kind.SET: Problem.NOT_A_SET,
    Kind.LIST: Problem.NOT_A_LIST,
}
_MAKERS: Mapping[type[ast.expr], Callable[[Reader, Any], Node]] = MappingProxyType(
    {
        ast.BoolOp: operators.joined,
        ast.UnaryOp: operators.before,
        ast.Compare: operators.compared,
        ast.BinOp: operators.operation,
        ast.IfExp: operators.choice,
        ast.Name: lookup.named,
        ast.Constant: lookup.truth,
        ast.Tuple: lookup.listed,
        ast.List: lookup.listed,
        ast.Subscript: lookup.of_period,
        ast.Call: lookup.call,
    }
)


@dataclass(frozen=True)
class Parsed:
    """A text that was read.

    Attributes:
        spans: Every part with the characters it was read from, inner ones first.
        hints: What is right and might still not be meant.
    """

    text: str
    node: Node
    spans: tuple[Span, ...] = ()
    hints: tuple[Hint, ...] = ()

    def places(self) -> list[tuple[Node, Place]]:
        """Every part with its place, inner ones first."""
        return [(node, place_in(self.text, start, end)) for node, start, end in self.spans]


def parse(
    text: str,
    catalogue: Catalogue,
    *,
    definitions: Mapping[str, Node] = NOTHING,
    parameters: Mapping[str, Node] = NOTHING,
    item_of: str = "",
    expects: Kind | Dims | None = Kind.BOOL,
    pack: str = "",
) -> Parsed:
    """Read and check a text.

    Args:
        text: At most `spelling.MAX_CHARACTERS` long.
        catalogue: The facts it may speak of.
        definitions: Named parts that were read before.
        parameters: Named values, with units where they have some.
        item_of: The key of a list, if the text speaks of one of its entries.
        expects: The kind it has to have, or what a number has to measure; None for any.
        pack: The pack that puts the questions in it, and that their answers belong to.

    Raises:
        RuleError: It is not a rule, or its units, kinds, periods or values do not fit.
    """
    scope = Scope(catalogue, definitions, parameters, catalogue[item_of] if item_of else None, pack)
    spelled = spell(text, scope)
    reader = Reader(spelled, scope, _MAKERS, CALLS)
    tree = _tree(spelled)
    try:
        node = reader.read(tree)
        node = _expected(reader, tree, node, expects)
    except RecursionError:
        raise RuleError.at(text, 0, len(text), Problem.TOO_DEEP) from None
    object.__setattr__(node, "_extent", (reader.parts, reader.deepest))
    return Parsed(text, node, tuple(reader.spans), tuple(reader.hints))


def _tree(spelled: Spelled) -> ast.expr:
    text = spelled.original
    try:
        return ast.parse(spelled.plain, mode="eval").body
    except SyntaxError as error:
        at = (error.offset or 1) - 1
        begun = [start for start in spelled.starts if start <= at]
        start = spelled.starts[max(begun)] if begun else 0
        raise RuleError.at(text, start, start + 1, Problem.UNREADABLE) from None
    except (MemoryError, RecursionError, ValueError):
        raise RuleError.at(text, 0, len(text), Problem.TOO_DEEP) from None


def _expected(reader: Reader, tree: ast.expr, node: Node, expects: Kind | Dims | None) -> Node:
    if expects is None:
        return node
    if isinstance(expects, Kind):
        if node.kind is not expects:
            raise reader.wrong(tree, _WANTED[expects], found=KIND_WORDS[node.kind])
        return node
    if node.kind is not Kind.NUMBER:
        raise reader.wrong(tree, Problem.NOT_A_NUMBER, found=KIND_WORDS[node.kind])
    return reader.fitting(tree, node, expects)


def check_name(name: str, catalogue: Catalogue) -> None:
    """Whether a definition or a parameter may bear a name.

    Raises:
        RuleError: It cannot be written in a rule, or means something already.
    """
    if not is_spellable(name) or is_taken(name) or catalogue.find(name):
        raise RuleError.at(name, 0, len(name), Problem.TAKEN_NAME, name=name)
