"""Numbers and conditions of one applicant, quickly: functions made from a rule once.

The same as `meaning` says, with whole numbers as long as there are only such, and no objects in
between. What is rare in rules is left to `meaning` itself.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor, inf
from typing import Any

from lianqi.engines.rules.meaning import Outcome, Snapshot, meaning, sliced
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
    Choice,
    Compare,
    Const,
    Fact,
    Floor,
    Greatest,
    Has,
    Judged,
    Kind,
    Least,
    Name,
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Sign,
    Slices,
    Tier,
    facts_of,
)
from lianqi.engines.rules.ranges import Range

# Lower end, upper end, and what is asked for where they differ.
Triple = tuple[Any, Any, frozenset[str]]
Reader = Callable[[Snapshot], Triple]
Decider = Callable[[Snapshot], bool | None]
_NOTHING: frozenset[str] = frozenset()


def ranging(node: Node) -> Reader:
    """What gives the range of a number for an applicant."""
    maker = _MAKERS.get(type(node))
    return maker(node) if maker else _by_meaning(node)


def outcome(triple: Triple) -> Outcome:
    """The range as the reference tells it."""
    low, high, asks = triple
    return Outcome(Range(_bound(low), _bound(high)), asks)


def _bound(end: Any) -> Any:
    return Fraction(end) if end.__class__ is int else end


def _by_meaning(node: Node) -> Reader:
    def read(snapshot: Snapshot) -> Triple:
        found = meaning(node, snapshot)
        return found.value.low, found.value.high, found.asks

    return read


def _made(low: Any, high: Any, asks: frozenset[str]) -> Triple:
    return low, high, _NOTHING if low == high else asks


def _const(node: Const) -> Reader:
    assert isinstance(node.value, Fraction)
    value = small(node.value)
    triple = (value, value, _NOTHING)
    return lambda _snapshot: triple


def small(value: Fraction) -> Fraction | int:
    """A whole number as such: far quicker to compute with."""
    return value.numerator if value.denominator == 1 else value


def _fact(node: Fact) -> Reader:
    slot = node.slot
    low = -inf if node.low is None else small(node.low)
    high = inf if node.high is None else small(node.high)
    missing = _made(low, high, frozenset({slot}))

    def read(snapshot: Snapshot) -> Triple:
        value = snapshot.get(slot)
        if value is None:
            return missing
        if value.__class__ is Range:
            return _made(value.low, value.high, missing[2])
        if value.__class__ is not int and value.__class__ is not Fraction:
            value = Fraction(value)
        return value, value, _NOTHING

    return read


def _arithmetic(node: Arithmetic) -> Reader:
    left, right = ranging(node.left), ranging(node.right)
    match node.operation:
        case Operation.PLUS:
            return _plus(left, right)
        case Operation.MINUS:
            return _minus(left, right)
        case Operation.TIMES:
            return _times(left, right)
    return _over(left, right, node.right)


def _plus(left: Reader, right: Reader) -> Reader:
    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = left(snapshot)
        other_low, other_high, other_asks = right(snapshot)
        return _made(low + other_low, high + other_high, asks | other_asks)

    return read


def _minus(left: Reader, right: Reader) -> Reader:
    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = left(snapshot)
        other_low, other_high, other_asks = right(snapshot)
        return _made(low - other_high, high - other_low, asks | other_asks)

    return read


def _product(one: Any, other: Any) -> Any:
    # Zero times anything is zero, also where the other has no end.
    return 0 if not one or not other else one * other


def _corners(low: Any, high: Any, other_low: Any, other_high: Any) -> tuple[Any, Any]:
    if low == high and other_low == other_high:
        corner = _product(low, other_low)
        return corner, corner
    corners = (
        _product(low, other_low), _product(low, other_high),
        _product(high, other_low), _product(high, other_high),
    )  # fmt: skip
    return min(corners), max(corners)


def _times(left: Reader, right: Reader) -> Reader:
    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = left(snapshot)
        other_low, other_high, other_asks = right(snapshot)
        return _made(*_corners(low, high, other_low, other_high), asks | other_asks)

    return read


def _over(left: Reader, right: Reader, divisor: Node) -> Reader:
    slots = [each.slot for each in facts_of(divisor)] or [""]
    by_zero = -inf, inf, frozenset(f"zero:{each}" for each in slots)

    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = right(snapshot)
        if low <= 0 <= high:
            return by_zero if low == high else (-inf, inf, asks | left(snapshot)[2])
        other_low, other_high, other_asks = left(snapshot)
        inverse = 0 if high == inf else 1 / Fraction(high), 0 if low == -inf else 1 / Fraction(low)
        return _made(*_corners(other_low, other_high, *inverse), asks | other_asks)

    return read


def _least(node: Least) -> Reader:
    items = [ranging(each) for each in node.items]

    def read(snapshot: Snapshot) -> Triple:
        found = [each(snapshot) for each in items]
        low, high = min(each[0] for each in found), min(each[1] for each in found)
        return _made(low, high, _joined([each for each in found if each[0] < high]))

    return read


def _greatest(node: Greatest) -> Reader:
    items = [ranging(each) for each in node.items]

    def read(snapshot: Snapshot) -> Triple:
        found = [each(snapshot) for each in items]
        low, high = max(each[0] for each in found), max(each[1] for each in found)
        return _made(low, high, _joined([each for each in found if each[1] > low]))

    return read


def _joined(found: Sequence[Triple]) -> frozenset[str]:
    return _NOTHING.union(*(asks for _, _, asks in found))


def _hull(found: Sequence[Triple], more: frozenset[str]) -> Triple:
    low, high = min(each[0] for each in found), max(each[1] for each in found)
    return _made(low, high, more | _joined(found))


def _floor(node: Floor) -> Reader:
    item = ranging(node.item)

    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = item(snapshot)
        return _made(_floored(low), _floored(high), asks)

    return read


def _floored(end: Any) -> Any:
    return end if end in (inf, -inf) else floor(end)


def _choice(node: Choice) -> Reader:
    test, then, otherwise = deciding(node.test), ranging(node.then), ranging(node.otherwise)

    def read(snapshot: Snapshot) -> Triple:
        tested = test(snapshot)
        if tested is not None:
            return then(snapshot) if tested else otherwise(snapshot)
        asks = meaning(node.test, snapshot).asks
        return _hull([then(snapshot), otherwise(snapshot)], asks)

    return read


def _tier(node: Tier) -> Reader:
    value = ranging(node.value)
    bounds = [(small(each.bound), each.includes) for each in node.steps]
    results = [ranging(node.below), *(ranging(each.result) for each in node.steps)]

    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = value(snapshot)
        # From the bracket that the lower end reaches to the one that the upper end may reach.
        first = sum(low >= bound if includes else low > bound for bound, includes in bounds)
        last = sum(high >= bound if includes else high > bound for bound, includes in bounds)
        if first == last:
            found: Triple = results[first](snapshot)
            return found
        return _hull([each(snapshot) for each in results[first : last + 1]], asks)

    return read


def _slices(node: Slices) -> Reader:
    value = ranging(node.value)

    def read(snapshot: Snapshot) -> Triple:
        low, high, asks = value(snapshot)
        return _made(sliced(node, low), sliced(node, high), asks)

    return read


_MAKERS: dict[type[Node], Callable[[Any], Reader]] = {
    Const: _const,
    Fact: _fact,
    Name: lambda node: ranging(node.body),
    Arithmetic: _arithmetic,
    Least: _least,
    Greatest: _greatest,
    Floor: _floor,
    Choice: _choice,
    Tier: _tier,
    Slices: _slices,
}


# --- conditions -----------------------------------------------------------------------------------


def deciding(node: Node) -> Decider:  # noqa: PLR0911  # one for each kind of condition
    """What says whether a condition holds: True, False, or None where it is open."""
    match node:
        case Name(body=body):
            return deciding(body)
        case Const(value=value):
            return lambda _snapshot: value  # type: ignore[return-value]  # a condition
        case Fact() | Judged():
            slot = node.slot
            return lambda snapshot: snapshot.get(slot)
        case Not(item=item):
            return _negation(deciding(item))
        case And() | Or():
            return _junction([deciding(each) for each in node.items], decides=isinstance(node, Or))
        case Compare() if node.left.kind is Kind.NUMBER:
            return _comparison(node)
        case OneOf(item=Fact(slot=slot), values=values):
            known = frozenset(values)
            return _text(slot, known.__contains__)
        case Prefix(item=Fact(slot=slot), prefixes=prefixes):
            return _text(slot, lambda value: value.startswith(prefixes))
        case Has(item=Fact(slot=slot), values=values):
            return _text(slot, lambda value: not value.isdisjoint(values))
    return lambda snapshot: meaning(node, snapshot).value


def _negation(item: Decider) -> Decider:
    def decide(snapshot: Snapshot) -> bool | None:
        found = item(snapshot)
        return None if found is None else not found

    return decide


def _junction(items: Sequence[Decider], *, decides: bool) -> Decider:
    """All of them, or any: one that is as `decides` settles it."""

    def decide(snapshot: Snapshot) -> bool | None:
        is_open = False
        for each in items:
            found = each(snapshot)
            if found is decides:
                return decides
            if found is None:
                is_open = True
        return None if is_open else not decides

    return decide


def _text(slot: str, holds: Callable[[Any], bool]) -> Decider:
    def decide(snapshot: Snapshot) -> bool | None:
        value = snapshot.get(slot)
        return None if value is None else holds(value)

    return decide


def _comparison(node: Compare) -> Decider:
    sign, left, right = node.sign, ranging(node.left), ranging(node.right)
    if sign in (Sign.MORE, Sign.AT_MOST):
        left, right = right, left
    if sign in (Sign.EQUAL, Sign.UNEQUAL):
        same = sign is Sign.EQUAL

        def equal(snapshot: Snapshot) -> bool | None:
            low, high, _ = left(snapshot)
            other_low, other_high, _ = right(snapshot)
            if low == high and other_low == other_high:
                return (low == other_low) is same
            return not same if high < other_low or other_high < low else None

        return equal
    is_strict = sign in (Sign.LESS, Sign.MORE)

    def less(snapshot: Snapshot) -> bool | None:
        low, high, _ = left(snapshot)
        other_low, other_high, _ = right(snapshot)
        if high < other_low:
            return is_strict
        return not is_strict if low >= other_high else None

    return less
