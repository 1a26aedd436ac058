"""A rule as text, as far as both spellings agree: order, brackets, where a unit may be left out."""

import datetime as dt
from fractions import Fraction
from functools import singledispatchmethod

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.checking import is_bare, is_share, trouble_with
from lianqi.engines.rules.naming import MAX_YEARS, years_back
from lianqi.engines.rules.nodes import (
    TRUE,
    And,
    Arithmetic,
    AsOf,
    AtLeast,
    Choice,
    Compare,
    Const,
    Count,
    DaysBetween,
    Fact,
    Floor,
    Greatest,
    Item,
    Judged,
    Kind,
    Least,
    MonthsBetween,
    Name,
    Node,
    Operation,
    Or,
    Shift,
    Sign,
    Slices,
    Tier,
    Total,
)
from lianqi.engines.rules.units import SHARE, Dims

# How tightly a part holds together; one that holds less than its place asks for gets brackets.
CHOICE, OR, AND, NOT, COMPARED, SUM, PRODUCT, ATOM = range(8)
_UP, _DOWN = (Sign.LESS, Sign.AT_MOST), (Sign.MORE, Sign.AT_LEAST)


class Writer:
    """What both spellings share; `text` writes a part for a place that asks for some hold."""

    opening, closing, comma = "(", ")", ", "

    def __init__(self, catalogue: Catalogue | None) -> None:
        self.catalogue = catalogue or Catalogue([])
        self.entry: FactSpec | None = None
        self.share = False  # inside numbers that stand beside a share

    # What differs between the spellings.

    def word(self, plain: str) -> str:
        raise NotImplementedError

    def label(self, spec: FactSpec | None, key: str) -> str:
        raise NotImplementedError

    def quoted(self, text: str) -> str:
        raise NotImplementedError

    def value_of(self, spec: FactSpec | None, value: str) -> str:
        raise NotImplementedError

    def number(
        self, value: Fraction, dims: Dims, *, bare: bool = False, share: bool = False
    ) -> tuple[str, int]:
        """A number; `bare` if its unit goes without saying, `share` if it stands beside a share."""
        raise NotImplementedError

    def day(self, value: dt.date) -> str:
        raise NotImplementedError

    def period(self, fact: Fact) -> str:
        raise NotImplementedError

    def sign(self, sign: Sign) -> str:
        raise NotImplementedError

    def operation(self, operation: Operation) -> str:
        raise NotImplementedError

    def recent(self, function: str, count: int, body: str) -> str:
        """The same for each of the last years."""
        raise NotImplementedError

    # What is the same.

    def text(self, node: Node, place: int = CHOICE) -> str:
        written, hold = self.write(node)
        return self.bracketed(written) if hold < place else written

    def bracketed(self, *parts: str) -> str:
        return f"{self.opening}{self.comma.join(parts)}{self.closing}"

    def call(self, function: str, *parts: str) -> str:
        return self.word(function) + self.bracketed(*parts)

    def listed(self, node: Node, values: tuple[str, ...]) -> list[str]:
        spec = self.spec_of(node)
        return [self.quoted(self.value_of(spec, each)) for each in values]

    def spec_of(self, node: Node) -> FactSpec | None:
        while isinstance(node, Name):
            node = node.body
        if isinstance(node, Fact):
            return self.catalogue.find(node.key)
        if isinstance(node, Item) and self.entry is not None:
            return self.entry.fields.get(node.name)
        return None

    def beside(self, node: Node, place: int, *others: Node) -> str:
        """A number beside others, without its unit where they show it."""
        share = self.share or any(is_share(each, self.catalogue) for each in others)
        if isinstance(node, Const) and isinstance(node.value, Fraction):
            shown = any(not is_bare(each) and not isinstance(each, Const) for each in others)
            unclear = trouble_with(node.value, node.dims, is_share=share)
            bare = shown and not unclear
            written, hold = self.number(node.value, node.dims, bare=bare, share=share)
            return self.bracketed(written) if hold < place else written
        outer, self.share = self.share, share and _is_of_numbers(node)
        written = self.text(node, place)
        self.share = outer
        return written

    @singledispatchmethod
    def write(self, node: Node) -> tuple[str, int]:
        raise TypeError(f"{type(node).__name__} has no spelling")

    @write.register
    def _(self, node: Const) -> tuple[str, int]:
        match node.value:
            case bool():
                return self.word(str(node.value)), ATOM
            case Fraction():
                return self.number(node.value, node.measures, share=self.share)
            case dt.date():
                return self.day(node.value), ATOM
        raise TypeError("a text alone has no spelling")

    @write.register
    def _(self, node: Fact) -> tuple[str, int]:
        name = self.label(self.spec_of(node), node.key)
        fields = self.entry.fields.values() if self.entry else ()
        if any(name in each.names for each in fields):
            name = node.key  # the entry has a field of that name, and fields go before facts
        return name + self.period(node), ATOM

    @write.register
    def _(self, node: Item) -> tuple[str, int]:
        return self.label(self.spec_of(node), node.name), ATOM

    @write.register
    def _(self, node: Judged) -> tuple[str, int]:
        return self.call("judge", self.quoted(node.key), self.quoted(node.question)), ATOM

    @write.register
    def _(self, _node: AsOf) -> tuple[str, int]:
        return self.word("as_of"), ATOM

    @write.register
    def _(self, node: Shift) -> tuple[str, int]:
        parts = {"years": node.years, "months": node.months, "days": node.days}
        moved = [(part, count) for part, count in parts.items() if count]
        day = self.text(node.day)
        if len(moved) != 1:
            return self.call("shifted", day, *map(str, parts.values())), ATOM
        ((part, count),) = moved
        direction = "before" if count < 0 else "after"
        return self.call(f"{part}_{direction}", day, str(abs(count))), ATOM

    @write.register
    def _(self, node: DaysBetween) -> tuple[str, int]:
        return self.call("days_between", self.text(node.start), self.text(node.end)), ATOM

    @write.register
    def _(self, node: MonthsBetween) -> tuple[str, int]:
        return self.call("months_between", self.text(node.start), self.text(node.end)), ATOM

    @write.register
    def _(self, node: Name) -> tuple[str, int]:
        return node.name, ATOM

    @write.register
    def _(self, node: And) -> tuple[str, int]:
        if is_by_year(node.items):
            return self.recent("each_year", len(node.items), self.text(node.items[0])), ATOM
        if chain := self.chain(node):
            return chain, COMPARED
        return self.joined(node.items, "and", AND, TRUE)

    @write.register
    def _(self, node: Or) -> tuple[str, int]:
        if is_by_year(node.items):
            return self.recent("any_year", len(node.items), self.text(node.items[0])), ATOM
        return self.joined(node.items, "or", OR, Const(value=False))

    def joined(self, items: tuple[Node, ...], word: str, hold: int, none: Node) -> tuple[str, int]:
        if len(items) < 2:  # noqa: PLR2004  # nothing to join
            return self.write(items[0] if items else none)
        return f" {self.word(word)} ".join(self.text(each, hold + 1) for each in items), hold

    def chain(self, node: And) -> str:
        """1000万元 ≤ 营业收入 < 1亿元, where two comparisons meet in the middle."""
        match node.items:
            case (Compare() as one, Compare() as other) if one.right == other.left:
                signs = {one.sign, other.sign}
                numbers = one.left.kind is Kind.NUMBER and not isinstance(one.right, Const)
                if numbers and (signs <= {*_UP} or signs <= {*_DOWN}):
                    first = self.beside(one.left, SUM, one.right)
                    last = self.beside(other.right, SUM, other.left)
                    middle = self.beside(one.right, SUM, one.left, other.right)
                    return f"{first} {self.sign(one.sign)} {middle} {self.sign(other.sign)} {last}"
        return ""

    @write.register
    def _(self, node: AtLeast) -> tuple[str, int]:
        return self.call("at_least", str(node.count), *map(self.text, node.items)), ATOM

    @write.register
    def _(self, node: Compare) -> tuple[str, int]:
        left = self.beside(node.left, SUM, node.right)
        right = self.beside(node.right, SUM, node.left)
        return f"{left} {self.sign(node.sign)} {right}", COMPARED

    @write.register
    def _(self, node: Arithmetic) -> tuple[str, int]:
        if by_year := self.by_year(node):
            return by_year, ATOM
        operation = self.operation(node.operation)
        if node.operation in (Operation.PLUS, Operation.MINUS):
            left = self.beside(node.left, SUM, node.right)
            right = self.beside(node.right, PRODUCT, node.left)
            return f"{left} {operation} {right}", SUM
        left, right = self.text(node.left, PRODUCT), self.text(node.right, ATOM)
        return f"{left} {operation} {right}", PRODUCT

    def by_year(self, node: Arithmetic) -> str:
        """近三年合计（…） and 近三年平均（…）, as they were expanded."""
        terms = terms_of(node)
        if is_by_year(terms):
            return self.recent("sum_years", len(terms), self.text(terms[0]))
        terms = terms_of(node.left)
        over_count = node.operation is Operation.OVER and node.right == Const(Fraction(len(terms)))
        if over_count and is_by_year(terms):
            return self.recent("average_years", len(terms), self.text(terms[0]))
        return ""

    @write.register
    def _(self, node: Least) -> tuple[str, int]:
        return self.call("min", *self.together(node.items)), ATOM

    @write.register
    def _(self, node: Greatest) -> tuple[str, int]:
        return self.call("max", *self.together(node.items)), ATOM

    def together(self, items: tuple[Node, ...]) -> list[str]:
        return [
            self.beside(each, CHOICE, *items[:at], *items[at + 1 :])
            for at, each in enumerate(items)
        ]

    @write.register
    def _(self, node: Tier) -> tuple[str, int]:
        parts = [self.text(node.value)]
        *results, below = self.together((*(each.result for each in node.steps), node.below))
        for each, result in zip(node.steps, results, strict=True):
            bound = self.beside(Const(each.bound, node.value.dims), CHOICE, node.value)
            sign = self.sign(Sign.AT_LEAST if each.includes else Sign.MORE)
            parts.append(self.bracketed(f"{sign} {bound}", result))
        if node.below != Const(Fraction(0), node.dims):
            parts.append(below)
        return self.call("tier", *parts), ATOM

    @write.register
    def _(self, node: Slices) -> tuple[str, int]:
        parts = [self.text(node.value)]
        for each in node.slices:
            rate, _ = self.number(each.rate, SHARE)
            if each.upto is None:
                parts.append(rate)
                continue
            bound = self.beside(Const(each.upto, node.value.dims), CHOICE, node.value)
            parts.append(self.bracketed(bound, rate))
        return self.call("slices", *parts), ATOM

    @write.register
    def _(self, node: Floor) -> tuple[str, int]:
        return self.call("floor", self.text(node.item)), ATOM

    @write.register
    def _(self, node: Count) -> tuple[str, int]:
        return self.over("count", node.items, None, node.where), ATOM

    @write.register
    def _(self, node: Total) -> tuple[str, int]:
        return self.over("total", node.items, node.amount, node.where), ATOM

    def over(self, function: str, items: Node, amount: Node | None, where: Node) -> str:
        parts, outer = [self.text(items)], self.entry
        self.entry = self.spec_of(items)
        if amount is not None:
            parts.append(self.text(amount))
        if where != TRUE:
            parts.append(self.text(where))
        self.entry = outer
        return self.call(function, *parts)


def is_by_year(items: tuple[Node, ...]) -> bool:
    """Whether the same is said of the last year, the one before, and so on."""
    first, *rest = items or (TRUE,)
    if not 1 <= len(rest) < MAX_YEARS or rest[0] == first:
        return False
    return all(each == years_back(first, back) for back, each in enumerate(rest, start=1))


def terms_of(node: Node) -> tuple[Node, ...]:
    """What a sum adds up, from left to right."""
    terms: list[Node] = []
    while isinstance(node, Arithmetic) and node.operation is Operation.PLUS:
        terms.append(node.right)
        node = node.left
    return (node, *reversed(terms))


def _is_of_numbers(node: Node) -> bool:
    """Whether a number is chosen from numbers of the rule alone, and would be read without unit."""
    match node:
        case Const():
            return True
        case Least() | Greatest():
            parts: tuple[Node, ...] = node.items
        case Choice():
            parts = (node.then, node.otherwise)
        case Tier():
            parts = (node.below, *(each.result for each in node.steps))
        case Arithmetic(operation=Operation.PLUS | Operation.MINUS):
            parts = (node.left, node.right)
        case _:
            return False
    return all(map(_is_of_numbers, parts))
