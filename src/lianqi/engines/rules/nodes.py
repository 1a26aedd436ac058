"""The intermediate form of a rule: small, typed, hashable. It is the rule; text is a view of it.

What each node means is written in `meaning.py`; every other executor is measured against that.
Numbers are exact (`Fraction`), in base units: yuan, persons, shares of one. Nothing here knows a
date of the day: `AsOf` and periods counted backwards are replaced by `binding.bind`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any, dataclass_transform

from lianqi.engines.rules.units import DAYS, MONTHS, SHARE, Dims


class Kind(StrEnum):
    """What a node gives."""

    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    SET = "set"
    LIST = "list"


class Sign(StrEnum):
    """Comparison of two numbers or two days."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    EQUAL = "=="
    UNEQUAL = "!="


class Operation(StrEnum):
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"


@dataclass_transform(frozen_default=True)
def node(cls: type) -> Any:
    """A frozen dataclass whose hash is computed once: trees are asked for theirs all the time."""
    made: Any = dataclass(frozen=True)(cls)
    computed: Callable[[Any], int] = made.__hash__

    def cached(self: Any) -> int:
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = computed(self)
            object.__setattr__(self, "_hash", known)
        return known

    def state(self: Any) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}

    made.__hash__ = cached
    made.__getstate__ = state  # another process hashes texts differently
    return made


@dataclass(frozen=True)
class Back:
    """A period counted backwards from the day asked about.

    Attributes:
        grain: "year", "half", "quarter" or "month".
        count: 0 is the one the day lies in, 1 the one before.
    """

    grain: str
    count: int


# A period as a value states it: 2024, 2024-H1, 2024-Q3, 2024-06.
Period = str


class NotBoundError(ValueError):
    """A rule that still speaks of "today" or "last year" was to be evaluated: bind it first."""


class Node:
    """A part of a rule."""

    @property
    def kind(self) -> Kind:
        raise NotImplementedError

    @property
    def dims(self) -> Dims:
        """What a number measures; () for shares, plain numbers, and all that is no number."""
        return SHARE

    def children(self) -> Iterator["Node"]:
        for each in fields(self):  # type: ignore[arg-type]  # every node is a dataclass
            yield from _nodes_in(getattr(self, each.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes_in(each)


class _Truth(Node):
    @property
    def kind(self) -> Kind:
        return Kind.BOOL


class _Number(Node):
    @property
    def kind(self) -> Kind:
        return Kind.NUMBER


@node
class Const(Node):  # noqa: PLW1641
    """A value that stands in the rule.

    Attributes:
        bare: A number written without a unit; it takes the unit of what it stands beside.
    """

    value: bool | Fraction | str | dt.date
    measures: Dims = SHARE
    bare: bool = field(default=False, compare=False)

    def __eq__(self, other: object) -> bool:
        # True is not the number 1, though Python thinks so. `node` adds the hash.
        if not isinstance(other, Const):
            return NotImplemented
        mine, others = (self.kind, self.value, self.dims), (other.kind, other.value, other.dims)
        return mine == others

    @property
    def kind(self) -> Kind:
        match self.value:
            case bool():
                return Kind.BOOL
            case Fraction():
                return Kind.NUMBER
            case str():
                return Kind.TEXT
        return Kind.DATE

    @property
    def dims(self) -> Dims:
        return self.measures


@node
class Fact(Node):
    """A fact about the applicant.

    Attributes:
        key: Its key in the catalogue.
        period: None for what holds on the day asked about.
        low, high: What a number can be at least and at most, known or not; None is unbounded.
    """

    key: str
    of_kind: Kind
    period: Period | Back | None = None
    measures: Dims = SHARE
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def kind(self) -> Kind:
        return self.of_kind

    @property
    def dims(self) -> Dims:
        return self.measures

    @property
    def slot(self) -> str:
        """The name under which a snapshot holds it: revenue@2024, titles."""
        return slot(self.key, self.period)


def slot(key: str, period: Period | Back | None) -> str:
    """The name under which a snapshot holds a fact of a period.

    Raises:
        NotBoundError: The period is still counted backwards.
    """
    if isinstance(period, Back):
        raise NotBoundError(key)
    return f"{key}@{period}" if period else key


@node
class Judged(_Truth):
    """A question that a person answers; until then the rule asks for a review.

    Attributes:
        key: The answer's name, unique in the pack.
        question: In Chinese, as the reviewer reads it.
        pack: Key and version of the pack that asks, so that two can use one key; "" outside.
    """

    key: str
    question: str
    pack: str = ""

    @property
    def slot(self) -> str:
        """The name under which a snapshot holds the answer: judged:rd-award/2026.core."""
        return answer_slot(self.key, self.pack)


def answer_slot(key: str, pack: str = "") -> str:
    """The name under which a snapshot holds the answer to a question of a pack."""
    return f"judged:{pack}.{key}" if pack else f"judged:{key}"


@node
class Item(Node):
    """A field of one entry of a list, inside `Count` and `Total`."""

    name: str
    of_kind: Kind
    measures: Dims = SHARE
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def kind(self) -> Kind:
        return self.of_kind

    @property
    def dims(self) -> Dims:
        return self.measures


@node
class AsOf(Node):
    """The day asked about."""

    @property
    def kind(self) -> Kind:
        return Kind.DATE


@node
class Shift(Node):
    """A day moved by years, months and days; 29 February moves to the 28th."""

    day: Node
    years: int = 0
    months: int = 0
    days: int = 0

    @property
    def kind(self) -> Kind:
        return Kind.DATE


@node
class DaysBetween(_Number):
    """Days from the first to the second, negative if it lies before."""

    start: Node
    end: Node

    @property
    def dims(self) -> Dims:
        return DAYS


@node
class MonthsBetween(_Number):
    """Completed months from the first day to the second; less than 0 if it lies before."""

    start: Node
    end: Node

    @property
    def dims(self) -> Dims:
        return MONTHS


@node
class Name(Node):
    """A named definition: it means its body, and explanations show it by its name."""

    name: str
    body: Node

    @property
    def kind(self) -> Kind:
        return self.body.kind

    @property
    def dims(self) -> Dims:
        return self.body.dims


@node
class Not(_Truth):
    item: Node


@node
class And(_Truth):
    items: tuple[Node, ...]


@node
class Or(_Truth):
    items: tuple[Node, ...]


@node
class AtLeast(_Truth):
    """So many of the conditions hold (满足其二)."""

    count: int
    items: tuple[Node, ...]


@node
class Compare(_Truth):
    """Two numbers of one unit, or two days."""

    sign: Sign
    left: Node
    right: Node


@node
class OneOf(_Truth):
    """A text is one of these; the values are sorted and distinct."""

    item: Node
    values: tuple[str, ...]


@node
class Prefix(_Truth):
    """A code begins with one of these."""

    item: Node
    prefixes: tuple[str, ...]


@node
class Has(_Truth):
    """A set holds at least one of these."""

    item: Node
    values: tuple[str, ...]


@node
class Arithmetic(_Number):
    """Sum, difference, product or quotient. A quotient by zero has no value."""

    operation: Operation
    left: Node
    right: Node
    measures: Dims = SHARE

    @property
    def dims(self) -> Dims:
        return self.measures


@node
class Least(_Number):
    items: tuple[Node, ...]

    @property
    def dims(self) -> Dims:
        return self.items[0].dims


@node
class Greatest(_Number):
    items: tuple[Node, ...]

    @property
    def dims(self) -> Dims:
        return self.items[0].dims


@node
class Choice(_Number):
    """One number or another, by a condition."""

    test: Node
    then: Node
    otherwise: Node

    @property
    def dims(self) -> Dims:
        return self.then.dims


@dataclass(frozen=True)
class Step:
    """A step of a tier table: from this bound on.

    Attributes:
        includes: 以上 and 不低于 include the bound, 超过 does not.
    """

    bound: Fraction
    includes: bool
    result: Node


@node
class Tier(_Number):
    """A table by brackets: the highest step that is reached decides about the whole amount.

    Attributes:
        steps: By rising bound.
        below: The result under the first step.
    """

    value: Node
    steps: tuple[Step, ...]
    below: Node

    @property
    def dims(self) -> Dims:
        return self.below.dims

    def children(self) -> Iterator[Node]:
        yield self.value
        for each in self.steps:
            yield each.result
        yield self.below


@dataclass(frozen=True)
class Slice:
    """A slice of an amount up to a bound (None: without end) with its own rate."""

    upto: Fraction | None
    rate: Fraction


@node
class Slices(_Number):
    """Marginal brackets: every slice of the amount at its own rate, beginning at zero.

    Attributes:
        slices: By rising bound, the rates not negative; a negative value counts as zero.
    """

    value: Node
    slices: tuple[Slice, ...]

    @property
    def dims(self) -> Dims:
        return self.value.dims


@node
class Floor(_Number):
    """The greatest whole number not above it: full steps, full years."""

    item: Node

    @property
    def dims(self) -> Dims:
        return self.item.dims


@node
class Count(_Number):
    """How many entries of a list fulfil a condition.

    Attributes:
        measures: What is counted: persons of a list of staff, else items.
    """

    items: Node
    where: Node
    measures: Dims = (("项", 1),)

    @property
    def dims(self) -> Dims:
        return self.measures


@node
class Total(_Number):
    """The sum of a field over the entries of a list that fulfil a condition."""

    items: Node
    amount: Node
    where: Node

    @property
    def dims(self) -> Dims:
        return self.amount.dims


TRUE, FALSE = Const(value=True), Const(value=False)


def walk(root: Node) -> Iterator[Node]:
    """Every node of a tree, the root first; equal parts come as often as they stand there."""
    stack = [root]
    while stack:
        each = stack.pop()
        yield each
        stack.extend(reversed(tuple(each.children())))


def facts_of(root: Node) -> tuple[Fact, ...]:
    """The distinct facts of a tree in the order in which they stand."""
    return tuple(dict.fromkeys(each for each in walk(root) if isinstance(each, Fact)))


def number(value: Fraction | int | str, dims: Dims = SHARE) -> Const:
    """A number of the rule; write a decimal as text."""
    return Const(Fraction(value), dims)
