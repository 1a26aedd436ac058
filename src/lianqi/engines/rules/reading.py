"""From the tree of the standard library to the intermediate form, with every check on the way.

Only what is listed here is read; anything else that Python could say is refused with its place.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lianqi.engines.rules.checking import (
    KIND_WORDS,
    bare_numbers,
    is_bare,
    is_share,
    trouble_with,
    unit_words,
    with_unit,
)
from lianqi.engines.rules.errors import Hint, Place, Problem, RuleError, place_in
from lianqi.engines.rules.literals import MAX_NUMBER
from lianqi.engines.rules.naming import Scope
from lianqi.engines.rules.nodes import (
    Const,
    Kind,
    Node,
)
from lianqi.engines.rules.spelled import Aside, Spelled, Text
from lianqi.engines.rules.units import SHARE, Dims

MAX_DEPTH = 100
MAX_PARTS = 4_000
_LONGEST_QUOTE = 40

Span = tuple[Node, int, int]


@dataclass
class Reader:
    """Reads one text.

    Attributes:
        makers: What each kind of tree becomes; what is not listed is refused.
        calls: The functions.
        spans: What was read where, in characters of the original text.
        parts: How many nodes the rule has once every name is replaced by what it means.
    """

    spelled: Spelled
    scope: Scope
    makers: Mapping[type[ast.expr], Callable[["Reader", Any], Node]]
    calls: Mapping[str, Callable[["Reader", ast.Call], Node]]
    spans: list[Span] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    parts: int = 0
    depth: int = 0
    deepest: int = 0

    # --- places --------------------------------------------------------------------------------

    def stretch(self, tree: ast.expr) -> tuple[int, int]:
        """Where a part stands in the original text."""
        spelled = self.spelled
        start = spelled.starts.get(tree.col_offset, 0)
        end = spelled.ends.get(tree.end_col_offset or 0, len(spelled.original))
        return start, max(start, end)

    def place(self, tree: ast.expr) -> Place:
        return place_in(self.spelled.original, *self.stretch(tree))

    def written(self, tree: ast.expr) -> str:
        """A part as it was typed, for messages."""
        start, end = self.stretch(tree)
        text = " ".join(self.spelled.original[start:end].split())
        return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"

    def wrong(self, tree: ast.expr, problem: Problem, **params: object) -> RuleError:
        params.setdefault("what", self.written(tree))
        return RuleError(problem, self.place(tree), params)

    # --- any part ------------------------------------------------------------------------------

    def read(self, tree: ast.expr) -> Node:
        maker = self.makers.get(type(tree))
        if maker is None:
            raise self.wrong(tree, Problem.NOT_ALLOWED)
        self.depth += 1
        self.parts += 1
        self.deepest = max(self.deepest, self.depth)
        if self.deepest > MAX_DEPTH:
            raise self.wrong(tree, Problem.TOO_DEEP)
        if self.parts > MAX_PARTS:
            raise self.wrong(tree, Problem.TOO_MANY_PARTS, limit=MAX_PARTS)
        node = maker(self, tree)
        self.depth -= 1
        self.spans.append((node, *self.stretch(tree)))
        return node

    def condition(self, tree: ast.expr) -> Node:
        return self.of_kind(tree, Kind.BOOL, Problem.NOT_A_CONDITION)

    def number(self, tree: ast.expr) -> Node:
        return self.of_kind(tree, Kind.NUMBER, Problem.NOT_A_NUMBER)

    def day(self, tree: ast.expr) -> Node:
        if (text := self.text_in(tree)) is not None:
            raise self.wrong(tree, Problem.DAY_AS_TEXT, text=text)
        return self.of_kind(tree, Kind.DATE, Problem.NOT_A_DAY)

    def of_kind(self, tree: ast.expr, kind: Kind, problem: Problem) -> Node:
        text = self.text_in(tree)
        if text is not None and kind is Kind.NUMBER:
            raise self.wrong(tree, Problem.NUMBER_AS_TEXT, text=text)
        node = self.read(tree)
        if node.kind is not kind:
            raise self.wrong(tree, problem, found=KIND_WORDS[node.kind])
        return node

    def aside(self, tree: ast.expr) -> Aside | None:
        """What was put aside for a placeholder."""
        return self.spelled.aside.get(tree.id) if isinstance(tree, ast.Name) else None

    def text_in(self, tree: ast.expr) -> str | None:
        """The text, if a part is one in quotes."""
        aside = self.aside(tree)
        return aside.value if isinstance(aside, Text) else None

    # --- numbers --------------------------------------------------------------------------------

    def alike(self, trees: Sequence[ast.expr], nodes: Sequence[Node]) -> tuple[Node, ...]:
        """Numbers of one unit; those without one take that of the others.

        Raises:
            RuleError: Their units differ, or a number without a unit is unclear beside them.
        """
        leading = next((number for number, each in enumerate(nodes) if not is_bare(each)), None)
        if leading is None:
            return tuple(nodes)
        beside, dims = trees[leading], nodes[leading].dims
        share = dims == SHARE and any(is_share(each, self.scope.catalogue) for each in nodes)
        return tuple(
            self.fitting(tree, node, dims, share=share, beside=beside)
            for tree, node in zip(trees, nodes, strict=True)
        )

    def fitting(
        self,
        tree: ast.expr,
        node: Node,
        dims: Dims,
        *,
        share: bool = False,
        beside: ast.expr | None = None,
    ) -> Node:
        """The number in a unit, if it has that unit or none."""
        if is_bare(node):
            for value in bare_numbers(node):
                if problem := trouble_with(value, dims, is_share=share):
                    of = "" if beside is None else self.written(beside)
                    raise self.wrong(tree, problem, **_readings(value), beside=of)
            return with_unit(node, dims)
        if node.dims == dims:
            return node
        unit, other = unit_words(node.dims), unit_words(dims)
        if beside is None:
            raise self.wrong(tree, Problem.WRONG_UNIT, unit=unit, wanted=other)
        shares = SHARE in (node.dims, dims)
        raise self.wrong(
            tree,
            Problem.SHARE_AGAINST_MONEY if shares else Problem.UNITS_DIFFER,
            unit=unit,
            beside=self.written(beside),
            other=other,
        )

    def bounded(self, tree: ast.expr, node: Node) -> Node:
        if isinstance(node, Const) and isinstance(node.value, Fraction):
            above, below = node.value.as_integer_ratio()
            if abs(above) > MAX_NUMBER * below or below > MAX_NUMBER:
                raise self.wrong(tree, Problem.NUMBER_TOO_LARGE)
        return node

    def whole(self, tree: ast.expr, low: int, high: int) -> int:
        """A whole number that is written out, within bounds."""
        sign, inner = 1, tree
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
            sign, inner = -1, tree.operand
        value = self.aside(inner)
        if not isinstance(value, Const) or not value.bare or not isinstance(value.value, Fraction):
            raise self.wrong(tree, Problem.NOT_A_WHOLE_NUMBER)
        if value.value.denominator != 1:
            raise self.wrong(tree, Problem.NOT_A_WHOLE_NUMBER)
        number = sign * int(value.value)
        if not low <= number <= high:
            raise self.wrong(tree, Problem.OUT_OF_BOUNDS, low=low, high=high)
        return number

    def hint(self, tree: ast.expr, problem: Problem, **params: object) -> None:
        self.hints.append(Hint(problem, self.place(tree), params))


def _readings(value: Fraction) -> dict[str, object]:
    """How a number without a unit can be meant: 5 → 5 % or 500 %."""
    return {"value": plain(value), "hundredth": plain(value / 100), "percent": plain(value * 100)}


def plain(value: Fraction) -> str:
    """A number in digits; as a quotient where no digits suffice."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = max(twos, fives)
    scaled = str(abs(value.numerator) * 10**digits // value.denominator).zfill(digits + 1)
    sign = "-" if value < 0 else ""
    return sign + (f"{scaled[:-digits]}.{scaled[-digits:]}" if digits else scaled)


def extent(node: Node) -> tuple[int, int]:
    """How many parts a rule has, and how deep they lie; kept with it once it is counted."""
    known: tuple[int, int] | None = node.__dict__.get("_extent")
    if known is None:
        inner = [extent(each) for each in node.children()]
        known = (
            1 + sum(parts for parts, _ in inner),
            1 + max((depth for _, depth in inner), default=0),
        )
        object.__setattr__(node, "_extent", known)
    return known
