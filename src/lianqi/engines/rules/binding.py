"""A rule for one day: the day folded in, periods counted back from it, constants computed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from lianqi.engines.rules import ranges
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    AsOf,
    Back,
    Const,
    DaysBetween,
    Fact,
    MonthsBetween,
    Name,
    Node,
    Operation,
    Or,
    Period,
    Shift,
    Step,
)
from lianqi.engines.rules.units import DAYS, MONTHS

_MONTHS_OF = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_LETTER = {"half": "H", "quarter": "Q"}


def bind(node: Node, as_of: dt.date) -> Node:
    """The rule as it reads on a day; names stay, so that explanations can show them."""
    return _Binding(as_of).of(node)


def without_names(node: Node) -> Node:
    """The rule with every name replaced by what it means: equal conditions become equal nodes."""
    while isinstance(node, Name):  # a definition may be nothing but another one
        node = node.body
    return rebuilt(node, without_names)


def period_of(back: Back, as_of: dt.date) -> Period:
    """A period counted back from a day: 2024, 2024-H1, 2024-Q3, 2024-06."""
    length = _MONTHS_OF[back.grain]
    first = (as_of.year * 12 + as_of.month - 1) // length * length - back.count * length
    year, month = divmod(first, 12)
    match back.grain:
        case "year":
            return f"{year:04}"
        case "month":
            return f"{year:04}-{month + 1:02}"
    return f"{year:04}-{_LETTER[back.grain]}{month // length + 1}"


def last_day_of(period: Period) -> dt.date:
    """The last day of a period.

    Raises:
        ValueError: It is not written as 2024, 2024-H1, 2024-Q3 or 2024-06.
    """
    year, _, part = period.partition("-")
    match part[:1], part[1:]:
        case ("", ""):
            month = 12
        case (("H" | "Q") as letter, index):
            month = int(index) * (6 if letter == "H" else 3)
        case _:
            month = int(part)
    return ranges.shifted(dt.date(int(year), month, 1), months=1, days=-1)


class _Binding:
    def __init__(self, as_of: dt.date) -> None:
        self.as_of = as_of
        self.bound: dict[Node, Node] = {}

    def of(self, node: Node) -> Node:
        if node not in self.bound:
            self.bound[node] = _folded(self._replaced(node))
        return self.bound[node]

    def _replaced(self, node: Node) -> Node:
        if isinstance(node, AsOf):
            return Const(self.as_of)
        if isinstance(node, Fact) and isinstance(node.period, Back):
            return replace(node, period=period_of(node.period, self.as_of))
        return rebuilt(node, self.of)


def rebuilt(node: Node, of: Callable[[Node], Node]) -> Node:
    """The node with other parts; itself if they are the very same objects."""
    changed: dict[str, Any] = {}
    for each in fields(node):  # type: ignore[arg-type]  # every node is a dataclass
        value = getattr(node, each.name)
        if isinstance(value, Node):
            part: Any = of(value)
            is_same = part is value
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            part = tuple(of(item) for item in value)
            is_same = all(one is other for one, other in zip(part, value, strict=True))
        elif isinstance(value, tuple) and value and isinstance(value[0], Step):
            results = [of(step.result) for step in value]
            part = tuple(
                replace(step, result=result) for step, result in zip(value, results, strict=True)
            )
            is_same = all(one is step.result for one, step in zip(results, value, strict=True))
        else:
            continue
        if not is_same:
            changed[each.name] = part
    return replace(node, **changed) if changed else node  # type: ignore[type-var]  # a dataclass


_FOLDED = {
    Operation.PLUS: lambda left, right: left + right,
    Operation.MINUS: lambda left, right: left - right,
    Operation.TIMES: lambda left, right: left * right,
    Operation.OVER: lambda left, right: left / right,
}


def _folded(node: Node) -> Node:
    match node:
        case Shift(day=Const(value=dt.date() as day)):
            return Const(ranges.shifted(day, years=node.years, months=node.months, days=node.days))
        case DaysBetween(start=Const(value=dt.date() as start), end=Const(value=dt.date() as end)):
            return Const(Fraction((end - start).days), DAYS)
        case MonthsBetween(
            start=Const(value=dt.date() as start), end=Const(value=dt.date() as end)
        ):
            return Const(Fraction(ranges.months_between(start, end)), MONTHS)
        case Arithmetic(left=Const(value=left), right=Const(value=right)) if not (
            node.operation is Operation.OVER and not right
        ):
            return Const(_FOLDED[node.operation](left, right), node.dims)
        case And() | Or():
            return _flat(node)
    return node


def _flat(node: And | Or) -> Node:
    """`a and (b and a)` is `a and b`."""
    kind = type(node)
    parts = [
        part for each in node.items for part in (each.items if isinstance(each, kind) else (each,))
    ]
    return kind(tuple(dict.fromkeys(parts)))
