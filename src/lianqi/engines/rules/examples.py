"""Facts that fulfil a condition, made up: whether a rule can be met, and by what.

Before anything is searched for, what all parts of a condition demand of one fact is put together:
sales of at least 2000万元 and sales of zero cannot be, whatever else is true.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import inf
from typing import Any

from lianqi.engines.rules.changes import Leeway, NoPlan, Plan
from lianqi.engines.rules.nodes import (
    And,
    Compare,
    Const,
    Fact,
    Judged,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Or,
    Sign,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.ranging import deciding, small
from lianqi.engines.rules.searching import Search

_FEW_TRIES = 12
_TURNED = {
    Sign.LESS: Sign.MORE,
    Sign.MORE: Sign.LESS,
    Sign.AT_LEAST: Sign.AT_MOST,
    Sign.AT_MOST: Sign.AT_LEAST,
}
_NEGATED = {
    Sign.LESS: Sign.AT_LEAST,
    Sign.MORE: Sign.AT_MOST,
    Sign.AT_LEAST: Sign.LESS,
    Sign.AT_MOST: Sign.MORE,
    Sign.EQUAL: Sign.UNEQUAL,
    Sign.UNEQUAL: Sign.EQUAL,
}
_ANYTHING = Leeway(falls=True)


class Examples:
    """Looks for facts that fulfil conditions, and keeps those found for the next one."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def of(self, condition: Node) -> dict[str, Any] | None:
        """Facts that fulfil a bound condition, or None if none were found: there may be some."""
        return self._searched(condition)[0]

    def is_impossible(self, condition: Node) -> bool:
        """Whether no facts can fulfil a condition; a search that was not finished says no."""
        return self._searched(condition)[1]

    def _searched(self, condition: Node) -> tuple[dict[str, Any] | None, bool]:
        """An example, or none and whether there cannot be one."""
        decide = deciding(condition)
        demanded = demands(condition)
        if demanded is None or decide(demanded) is False:
            return None, True
        for known in self.found:
            if decide(known) is True:
                return known, False
        begin = {name: _within(value) for name, value in demanded.items()}
        for start, tries in (
            (begin, _FEW_TRIES),
            *((each, _FEW_TRIES) for each in self.found[-2:]),
        ):
            plan = _search(condition, start, tries)
            if isinstance(plan, Plan):
                return self._kept(start, plan), False
        last = _search(condition, {}, None)
        if isinstance(last, NoPlan):
            return None, last.is_certain
        return self._kept({}, last), False

    def _kept(self, start: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        example = {**start, **{each.fact.slot: each.target for each in plan.changes}}
        self.found.append(example)
        return example


def _search(condition: Node, start: Mapping[str, Any], tries: int | None) -> Plan | NoPlan:
    return Search(condition, start, lambda _fact: _ANYTHING, is_free=True, most_states=tries).best()


def _within(value: Any) -> Any:
    """A number within a range, at an end of it."""
    if not isinstance(value, Range):
        return value
    end = value.low if value.low != -inf else value.high
    return small(Fraction(end))


def demands(condition: Node) -> dict[str, Any] | None:
    """What a condition demands of single facts, as values and ranges; None: it contradicts itself.

    Every example lies within; not everything within is one.
    """
    found: dict[str, Any] = {}
    for node, holds in _conjuncts(condition, holds=True):
        match node:
            case Fact(kind=Kind.BOOL) | Judged():
                if found.setdefault(node.slot, holds) is not holds:
                    return None
            case OneOf(item=Fact() as fact, values=(value,)) if holds:
                if found.setdefault(fact.slot, value) != value:
                    return None
            case Compare() if node.left.kind is Kind.NUMBER:
                bounded = _bounded(node, holds=holds)
                if bounded is not None and not _narrow(found, *bounded):
                    return None
    return found


def _conjuncts(node: Node, *, holds: bool) -> Iterator[tuple[Node, bool]]:
    """Parts that all have to hold, or to fail."""
    match node:
        case Name(body=body):
            yield from _conjuncts(body, holds=holds)
        case Not(item=item):
            yield from _conjuncts(item, holds=not holds)
        case And(items=items) if holds:
            for each in items:
                yield from _conjuncts(each, holds=True)
        case Or(items=items) if not holds:
            for each in items:
                yield from _conjuncts(each, holds=False)
        case _:
            yield node, holds


def _bounded(node: Compare, *, holds: bool) -> tuple[Fact, Range] | None:
    """The fact and the range in which a comparison with a fixed number keeps it."""
    left, right, sign = _plain(node.left), _plain(node.right), node.sign
    if isinstance(left, Const):
        left, right, sign = right, left, _TURNED.get(sign, sign)
    if not isinstance(left, Fact) or not isinstance(right, Const):
        return None
    if not holds:
        sign = _NEGATED[sign]
    value = right.value
    assert isinstance(value, Fraction)
    match sign:
        case Sign.AT_LEAST | Sign.MORE:
            return left, Range(value, inf)
        case Sign.AT_MOST | Sign.LESS:
            return left, Range(-inf, value)
        case Sign.EQUAL:
            return left, Range(value, value)
    return None


def _plain(node: Node) -> Node:
    while isinstance(node, Name):
        node = node.body
    return node


def _narrow(found: dict[str, Any], fact: Fact, within: Range) -> bool:
    """Keep a fact within a range as well; False if nothing is left of it."""
    now = found.get(fact.slot)
    if now is None:
        low = -inf if fact.low is None else fact.low
        now = Range(low, inf if fact.high is None else fact.high)
    low, high = max(now.low, within.low), min(now.high, within.high)
    found[fact.slot] = Range(low, high)
    return bool(low <= high)
