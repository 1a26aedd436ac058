"""What a rule means: the reference interpreter, written to be read.

Conditions are true, false, or open (None); numbers are ranges (`ranges`), so that one that is not
known decides where its bounds do. Every other executor has to give the same answers.

* `and` is false if one part is false, true if all are true, else open; `or` the other way round.
* A comparison is decided if it holds, or fails, for every number both sides can still be.
* A quotient by zero has no value: whatever depends on it stays open, and says why.
* What is asked for is only what the open parts need: a missing fact below a part that is decided
  cannot change the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from math import inf
from typing import Any

from lianqi.engines.rules import ranges
from lianqi.engines.rules.nodes import (
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
    Has,
    Item,
    Judged,
    Kind,
    Least,
    MonthsBetween,
    Name,
    Node,
    Not,
    NotBoundError,
    OneOf,
    Operation,
    Or,
    Prefix,
    Shift,
    Sign,
    Slices,
    Step,
    Tier,
    Total,
    facts_of,
    walk,
)
from lianqi.engines.rules.ranges import Range

# Values by slot: bool, Fraction, str, date, frozenset of str, or a tuple of entries of a list (each
# a mapping of field to value). What is absent or None is not known; zero and False are known. Here,
# and nowhere else, a number may also be a range that is narrower than the bounds of its fact.
Snapshot = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a node gives for one applicant.

    Attributes:
        value: Of a condition True, False or None (open); of a number its range; of everything else
            the value or None.
        asks: What the open value depends on: slots of facts that are missing, of questions
            ("judged:…"), and of facts whose zero leaves a quotient without a value ("zero:…").
    """

    value: Any
    asks: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return not self.value.is_known if isinstance(self.value, Range) else self.value is None


def meaning(node: Node, snapshot: Snapshot) -> Outcome:
    """What a bound rule gives for one applicant.

    Raises:
        NotBoundError: The rule still holds `AsOf` or periods counted backwards.
    """
    return _Reading(snapshot).of(node)


class _Reading:
    def __init__(self, snapshot: Snapshot, entry: Mapping[str, Any] | None = None) -> None:
        self.snapshot = snapshot
        self.entry = entry  # the entry of a list that is looked at
        self.within = ""  # the slot of that list

    def of(self, node: Node) -> Outcome:
        return _settled(_meaning(node, self))

    def all(self, nodes: Sequence[Node]) -> list[Outcome]:
        return [self.of(each) for each in nodes]

    def at(self, entry: Mapping[str, Any], within: str) -> "_Reading":
        inner = _Reading(self.snapshot, entry)
        inner.within = within
        return inner

    def zeros_of(self, divisor: Node) -> frozenset[str]:
        """What a divisor that is zero is made of; "zero:" alone if it is a fixed number."""
        slots = [each.slot for each in facts_of(divisor)]
        if self.entry is not None:
            fields = (each for each in walk(divisor) if isinstance(each, Item))
            slots += [f"{self.within}.{each.name}" for each in fields]
        return frozenset(f"zero:{each}" for each in slots or [""])


def _settled(outcome: Outcome) -> Outcome:
    """A value that is settled asks for nothing."""
    return outcome if outcome.is_open else Outcome(outcome.value)


def _asks(outcomes: Sequence[Outcome]) -> frozenset[str]:
    return frozenset().union(*(each.asks for each in outcomes))


@singledispatch
def _meaning(node: Node, _reading: _Reading) -> Outcome:
    raise TypeError(f"{type(node).__name__} has no meaning for an applicant")


@_meaning.register
def _(node: Const, _reading: _Reading) -> Outcome:
    value = node.value
    return Outcome(ranges.exactly(value) if isinstance(value, Fraction) else value)


def _given(value: Any, slot: str, node: Fact | Item) -> Outcome:
    if node.kind is not Kind.NUMBER:
        return Outcome(value, frozenset({slot}))
    if isinstance(value, Range):
        return Outcome(value, frozenset({slot}))
    if value is not None:
        return Outcome(ranges.exactly(Fraction(value)))
    low = -inf if node.low is None else node.low
    high = inf if node.high is None else node.high
    return Outcome(Range(low, high), frozenset({slot}))


@_meaning.register
def _(node: Fact, reading: _Reading) -> Outcome:
    return _given(reading.snapshot.get(node.slot), node.slot, node)


@_meaning.register
def _(node: Item, reading: _Reading) -> Outcome:
    assert reading.entry is not None, "a field of an entry outside a list"
    return _given(reading.entry.get(node.name), f"{reading.within}.{node.name}", node)


@_meaning.register
def _(node: Judged, reading: _Reading) -> Outcome:
    return Outcome(reading.snapshot.get(node.slot), frozenset({node.slot}))


@_meaning.register
def _(node: Name, reading: _Reading) -> Outcome:
    return reading.of(node.body)


@_meaning.register
def _(_node: AsOf, _reading: _Reading) -> Outcome:
    raise NotBoundError("as_of")


@_meaning.register
def _(node: Shift, reading: _Reading) -> Outcome:
    day = reading.of(node.day)
    if day.value is None:
        return day
    return Outcome(ranges.shifted(day.value, years=node.years, months=node.months, days=node.days))


def _between(node: DaysBetween | MonthsBetween, reading: _Reading) -> tuple[Any, Any, Outcome]:
    start, end = reading.of(node.start), reading.of(node.end)
    return start.value, end.value, Outcome(ranges.ANY, start.asks | end.asks)


@_meaning.register
def _(node: DaysBetween, reading: _Reading) -> Outcome:
    start, end, unknown = _between(node, reading)
    if start is None or end is None:
        return unknown
    return Outcome(ranges.exactly((end - start).days))


@_meaning.register
def _(node: MonthsBetween, reading: _Reading) -> Outcome:
    start, end, unknown = _between(node, reading)
    if start is None or end is None:
        return unknown
    return Outcome(ranges.exactly(ranges.months_between(start, end)))


@_meaning.register
def _(node: Not, reading: _Reading) -> Outcome:
    item = reading.of(node.item)
    return Outcome(None if item.value is None else not item.value, item.asks)


@_meaning.register
def _(node: And, reading: _Reading) -> Outcome:
    return _at_least(len(node.items), reading.all(node.items))


@_meaning.register
def _(node: Or, reading: _Reading) -> Outcome:
    return _at_least(1, reading.all(node.items))


@_meaning.register
def _(node: AtLeast, reading: _Reading) -> Outcome:
    return _at_least(node.count, reading.all(node.items))


def _at_least(count: int, items: Sequence[Outcome]) -> Outcome:
    held = sum(each.value is True for each in items)
    possible = sum(each.value is not False for each in items)
    if held >= count:
        return Outcome(value=True)
    return Outcome(value=False) if possible < count else Outcome(None, _asks(items))


@_meaning.register
def _(node: Compare, reading: _Reading) -> Outcome:
    left, right = reading.of(node.left), reading.of(node.right)
    return Outcome(_compared(node.sign, left.value, right.value), left.asks | right.asks)


def _compared(sign: Sign, left: Any, right: Any) -> bool | None:
    if not isinstance(left, Range):  # days
        if left is None or right is None:
            return None
        left, right = ranges.exactly(left.toordinal()), ranges.exactly(right.toordinal())
    return SIGNS[sign](left, right)


def _opposite(value: bool | None) -> bool | None:  # noqa: FBT001  # a truth value among others
    return None if value is None else not value


SIGNS: dict[Sign, Callable[[Range, Range], bool | None]] = {
    Sign.LESS: ranges.is_less,
    Sign.MORE: lambda left, right: ranges.is_less(right, left),
    Sign.AT_LEAST: lambda left, right: _opposite(ranges.is_less(left, right)),
    Sign.AT_MOST: lambda left, right: _opposite(ranges.is_less(right, left)),
    Sign.EQUAL: ranges.is_equal,
    Sign.UNEQUAL: lambda left, right: _opposite(ranges.is_equal(left, right)),
}


def _asked_of(item: Outcome, holds: bool) -> Outcome:  # noqa: FBT001
    return Outcome(None if item.value is None else holds, item.asks)


@_meaning.register
def _(node: OneOf, reading: _Reading) -> Outcome:
    item = reading.of(node.item)
    return _asked_of(item, item.value in node.values)


@_meaning.register
def _(node: Prefix, reading: _Reading) -> Outcome:
    item = reading.of(node.item)
    return _asked_of(item, item.value is not None and item.value.startswith(node.prefixes))


@_meaning.register
def _(node: Has, reading: _Reading) -> Outcome:
    item = reading.of(node.item)
    return _asked_of(item, item.value is not None and not item.value.isdisjoint(node.values))


_OPERATIONS = {
    Operation.PLUS: ranges.plus,
    Operation.MINUS: ranges.minus,
    Operation.TIMES: ranges.times,
    Operation.OVER: ranges.over,
}


@_meaning.register
def _(node: Arithmetic, reading: _Reading) -> Outcome:
    left, right = reading.of(node.left), reading.of(node.right)
    if node.operation is Operation.OVER and right.value == ranges.ZERO:
        # Knowing more would not help: the sales of that year are zero.
        return Outcome(ranges.ANY, reading.zeros_of(node.right))
    return Outcome(_OPERATIONS[node.operation](left.value, right.value), left.asks | right.asks)


@_meaning.register
def _(node: Least, reading: _Reading) -> Outcome:
    items = reading.all(node.items)
    value = ranges.least(*(each.value for each in items))
    # A number that cannot lie below the smallest of the others does not matter.
    return Outcome(value, _asks([each for each in items if each.value.low < value.high]))


@_meaning.register
def _(node: Greatest, reading: _Reading) -> Outcome:
    items = reading.all(node.items)
    value = ranges.greatest(*(each.value for each in items))
    return Outcome(value, _asks([each for each in items if each.value.high > value.low]))


@_meaning.register
def _(node: Choice, reading: _Reading) -> Outcome:
    test = reading.of(node.test)
    if test.value is not None:
        return reading.of(node.then if test.value else node.otherwise)
    then, otherwise = reading.of(node.then), reading.of(node.otherwise)
    return Outcome(ranges.hull(then.value, otherwise.value), _asks([test, then, otherwise]))


@_meaning.register
def _(node: Tier, reading: _Reading) -> Outcome:
    value = reading.of(node.value)
    enters = [True, *(_reached(each, value.value) for each in node.steps)]
    leaves = [*enters[1:], False]  # nothing leaves the highest bracket
    results = [node.below, *(each.result for each in node.steps)]
    possible = [
        reading.of(result)
        for result, entered, left in zip(results, enters, leaves, strict=True)
        if entered is not False and left is not True
    ]
    if len(possible) == 1:
        return possible[0]
    return Outcome(ranges.hull(*(each.value for each in possible)), _asks([value, *possible]))


def _reached(step: Step, value: Range) -> bool | None:
    bound = ranges.exactly(step.bound)
    if step.includes:
        return _opposite(ranges.is_less(value, bound))
    return ranges.is_less(bound, value)


@_meaning.register
def _(node: Slices, reading: _Reading) -> Outcome:
    value = reading.of(node.value)
    # Rates are not negative, so the whole rises with the amount and bounds map to bounds.
    return Outcome(Range(sliced(node, value.value.low), sliced(node, value.value.high)), value.asks)


def sliced(node: Slices, amount: ranges.Bound) -> ranges.Bound:
    """Every slice of an amount at its own rate."""
    total: ranges.Bound = Fraction(0)
    lower = Fraction(0)
    for each in node.slices:
        upper = amount if each.upto is None else min(amount, each.upto)
        if upper > lower and each.rate:
            total += (upper - lower) * each.rate
        if each.upto is None:
            break
        lower = each.upto
    return total


@_meaning.register
def _(node: Floor, reading: _Reading) -> Outcome:
    item = reading.of(node.item)
    return Outcome(ranges.floored(item.value), item.asks)


@_meaning.register
def _(node: Count, reading: _Reading) -> Outcome:
    return _over_entries(node.items, node.where, None, reading)


@_meaning.register
def _(node: Total, reading: _Reading) -> Outcome:
    return _over_entries(node.items, node.where, node.amount, reading)


def _over_entries(items: Node, where: Node, amount: Node | None, reading: _Reading) -> Outcome:
    entries = reading.of(items)
    assert isinstance(items, Fact)
    if entries.value is None:
        may_fall = amount is not None and not _is_never_negative(amount)
        return Outcome(Range(-inf if may_fall else Fraction(0), inf), entries.asks)
    total, open_parts = ranges.exactly(0), []
    for entry in entries.value:
        inner = reading.at(entry, items.slot)
        counts = inner.of(where)
        if counts.value is False:
            continue
        worth = Outcome(ranges.exactly(1)) if amount is None else inner.of(amount)
        part = worth.value if counts.value else ranges.hull(ranges.exactly(0), worth.value)
        total = ranges.plus(total, part)
        open_parts += [each for each in (counts, worth) if each.is_open]
    return Outcome(total, _asks(open_parts))


def _is_never_negative(amount: Node) -> bool:
    return isinstance(amount, Item) and amount.low is not None and amount.low >= 0
