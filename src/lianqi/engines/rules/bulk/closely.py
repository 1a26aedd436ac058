"""Rules over a few rows, with ranges: the whole of `meaning`, for the rows where something is open.

The planes of `evaluation` settle all rows in which everything is known. What is left comes here:
numbers that may lie between bounds, and what an open answer asks for.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from lianqi.engines.rules.bulk import days as calendar
from lianqi.engines.rules.bulk import exact, spreads
from lianqi.engines.rules.bulk.columns import (
    Chunk,
    Days,
    Entries,
    Lists,
    Numbers,
    Sets,
    Texts,
    Truths,
    WideSets,
    column_at,
    has_of,
    slot_at,
)
from lianqi.engines.rules.bulk.exact import Exact
from lianqi.engines.rules.bulk.planes import Flags, unpacked
from lianqi.engines.rules.bulk.spreads import End, Spread
from lianqi.engines.rules.nodes import (
    And,
    Arithmetic,
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
    Node,
    Not,
    OneOf,
    Operation,
    Or,
    Prefix,
    Shift,
    Sign,
    Slices,
    Tier,
    Total,
    walk,
)

# In which rows a slot is asked for.
Asks = Mapping[str, Flags]
_NOTHING: Asks = {}


@dataclass(frozen=True)
class Truth:
    """A condition by row; open where neither."""

    true: Flags
    false: Flags
    asks: Asks = field(default_factory=dict)

    @property
    def open(self) -> Flags:
        return ~(self.true | self.false)


@dataclass(frozen=True)
class Amounts:
    """A number by row."""

    spread: Spread
    asks: Asks = field(default_factory=dict)


@dataclass(frozen=True)
class Dates:
    """A day by row, as ordinals."""

    ordinals: Any
    known: Flags
    asks: Asks = field(default_factory=dict)


def together(asks: Iterable[Asks]) -> Asks:
    joined: dict[str, Flags] = {}
    for each in asks:
        for slot, rows in each.items():
            joined[slot] = joined[slot] | rows if slot in joined else rows
    return joined


def within(asks: Asks, rows: Flags) -> Asks:
    """What is asked for in these rows."""
    return {slot: kept for slot, each in asks.items() if (kept := each & rows).any()}


class Closely:
    """Rules read over the rows of one chunk.

    Attributes:
        asking: Whether to collect what open answers ask for; else every `asks` is empty.
    """

    def __init__(self, chunk: Chunk, *, asking: bool = False) -> None:
        self.chunk = chunk
        self.size = chunk.size
        self.asking = asking
        self._held: dict[Node, Any] = {}

    # --- what a node gives ---------------------------------------------------------------------

    def truth(self, node: Node) -> Truth:
        if node not in self._held:
            found = _TRUTHS[type(node)](self, node)
            asks = within(found.asks, found.open) if found.asks else _NOTHING
            self._held[node] = Truth(found.true, found.false, asks)
        held: Truth = self._held[node]
        return held

    def number(self, node: Node) -> Amounts:
        if node not in self._held:
            found = _NUMBERS[type(node)](self, node)
            asks = within(found.asks, ~found.spread.known) if found.asks else _NOTHING
            self._held[node] = Amounts(found.spread, asks)
        held: Amounts = self._held[node]
        return held

    def day(self, node: Node) -> Dates:
        match node:
            case Const(value=dt.date() as fixed):
                return Dates(fixed.toordinal(), self._all())
            case Shift():
                day = self.day(node.day)
                moved = calendar.shifted(
                    day.ordinals, years=node.years, months=node.months, days=node.days
                )
                return Dates(moved, day.known, day.asks)
            case Fact() | Item():
                column = column_at(node, self.chunk)
                if column is None:
                    return Dates(1, self._none(), self._missing(node, self._none()))
                assert isinstance(column, Days)
                known = unpacked(column.known, self.size)
                # Any day does where none is known, as long as the calendar holds it.
                return Dates(np.where(known, column.values, 1), known, self._missing(node, known))
        raise TypeError(f"{type(node).__name__} is no day")

    def _all(self) -> Flags:
        return np.ones(self.size, np.bool_)

    def _none(self) -> Flags:
        return np.zeros(self.size, np.bool_)

    def _missing(self, node: Fact | Item, known: Flags) -> Asks:
        return {slot_at(node, self.chunk): ~known} if self.asking else _NOTHING

    def _asked(self, asks: Iterable[Asks]) -> Asks:
        return together(asks) if self.asking else _NOTHING

    # --- conditions ----------------------------------------------------------------------------

    def of_constant(self, node: Const) -> Truth:
        return Truth(*((self._all(), self._none()) if node.value else (self._none(), self._all())))

    def of_flag(self, node: Fact | Item) -> Truth:
        column = column_at(node, self.chunk)
        if column is None:
            return Truth(self._none(), self._none(), self._missing(node, self._none()))
        assert isinstance(column, Truths)
        known, true = unpacked(column.known, self.size), unpacked(column.true, self.size)
        return Truth(true, known & ~true, self._missing(node, known))

    def of_judged(self, node: Judged) -> Truth:
        # An answer belongs to the applicant; the entries of a list take their owner's.
        column = self.chunk.column(node.slot)
        if column is None:
            asks = {node.slot: self._all()} if self.asking else _NOTHING
            return Truth(self._none(), self._none(), asks)
        assert isinstance(column, Truths)
        known, true = unpacked(column.known, self.size), unpacked(column.true, self.size)
        return Truth(true, known & ~true, {node.slot: ~known} if self.asking else _NOTHING)

    def of_not(self, node: Not) -> Truth:
        item = self.truth(node.item)
        return Truth(item.false, item.true, item.asks)

    def of_and(self, node: And) -> Truth:
        items = [self.truth(each) for each in node.items]
        true, false = self._all(), self._none()
        for each in items:
            true, false = true & each.true, false | each.false
        return Truth(true, false, self._asked(each.asks for each in items))

    def of_or(self, node: Or) -> Truth:
        items = [self.truth(each) for each in node.items]
        true, false = self._none(), self._all()
        for each in items:
            true, false = true | each.true, false & each.false
        return Truth(true, false, self._asked(each.asks for each in items))

    def of_at_least(self, node: AtLeast) -> Truth:
        items = [self.truth(each) for each in node.items]
        held, lost = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        for each in items:
            held += each.true
            lost += each.false
        true = held >= node.count
        false = ~true & (len(items) - lost < node.count)
        return Truth(true, false, self._asked(each.asks for each in items))

    def of_compare(self, node: Compare) -> Truth:
        if node.left.kind is Kind.DATE:
            day, other = self.day(node.left), self.day(node.right)
            known = day.known & other.known
            holds = exact.compared(node.sign, _ordinals(day.ordinals), _ordinals(other.ordinals))
            true = known & holds
            return Truth(true, known & ~true, self._asked((day.asks, other.asks)))
        left, right = self.number(node.left), self.number(node.right)
        true, false = spreads.compared(node.sign, left.spread, right.spread)
        return Truth(true, false, self._asked((left.asks, right.asks)))

    def of_text(self, node: OneOf | Prefix) -> Truth:
        if isinstance(node.item, Const):
            holds = accepts(node, str(node.item.value))
            return Truth(*((self._all(), self._none()) if holds else (self._none(), self._all())))
        assert isinstance(node.item, Fact | Item)
        column = column_at(node.item, self.chunk)
        if column is None:
            return Truth(self._none(), self._none(), self._missing(node.item, self._none()))
        assert isinstance(column, Texts)
        known = unpacked(column.known, self.size)
        accepted = np.array([accepts(node, word) for word in column.words] or [False], np.bool_)
        true = known & accepted[column.codes]
        return Truth(true, known & ~true, self._missing(node.item, known))

    def of_has(self, node: Has) -> Truth:
        assert isinstance(node.item, Fact | Item)
        column = column_at(node.item, self.chunk)
        if column is None:
            return Truth(self._none(), self._none(), self._missing(node.item, self._none()))
        assert isinstance(column, Sets | WideSets)
        known = unpacked(column.known, self.size)
        true = known & has_of(column, node.values)
        return Truth(true, known & ~true, self._missing(node.item, known))

    # --- numbers -------------------------------------------------------------------------------

    def of_number(self, node: Const) -> Amounts:
        assert isinstance(node.value, Fraction)
        return Amounts(spreads.exactly(exact.constant(node.value), self.size))

    def of_figure(self, node: Fact | Item) -> Amounts:
        column = column_at(node, self.chunk)
        bounds = spreads.between(node.low, node.high, self.size)
        if column is None:
            return Amounts(bounds, self._missing(node, self._none()))
        assert isinstance(column, Numbers)
        given = spreads.exactly(column.values, self.size)
        known = unpacked(column.known, self.size)
        if known.all():
            return Amounts(given)
        return Amounts(spreads.chosen(known, given, bounds), self._missing(node, known))

    def of_between(self, node: DaysBetween | MonthsBetween) -> Amounts:
        start, end = self.day(node.start), self.day(node.end)
        if isinstance(node, DaysBetween):
            between = np.asarray(end.ordinals, np.int64) - start.ordinals
        else:
            between = calendar.months_between(start.ordinals, end.ordinals)
        values = np.broadcast_to(np.asarray(between, np.int64), (self.size,))
        spread = spreads.exactly(exact.of_array(values), self.size)
        known = start.known & end.known
        if not known.all():
            spread = spreads.chosen(known, spread, spreads.anything(self.size))
        return Amounts(spread, self._asked((start.asks, end.asks)))

    def of_arithmetic(self, node: Arithmetic) -> Amounts:
        left, right = self.number(node.left), self.number(node.right)
        spread = _OPERATIONS[node.operation](left.spread, right.spread)
        asks = self._asked((left.asks, right.asks))
        if self.asking and node.operation is Operation.OVER:
            zero, _ = spreads.compared(
                Sign.EQUAL, right.spread, spreads.exactly(exact.ZERO, self.size)
            )
            if zero.any():
                # Knowing more would not help: the sales of that year are zero.
                reasons = dict.fromkeys(self._zeros_of(node.right), zero)
                asks = together((within(asks, ~zero), reasons))
        return Amounts(spread, asks)

    def _zeros_of(self, divisor: Node) -> list[str]:
        """What a divisor that is zero is made of; "zero:" alone if it is a fixed number."""
        leaves = [each for each in walk(divisor) if isinstance(each, Fact | Item)]
        return [f"zero:{slot_at(each, self.chunk)}" for each in leaves] or ["zero:"]

    def of_least(self, node: Least) -> Amounts:
        items = [self.number(each) for each in node.items]
        value = reduce(spreads.least, (each.spread for each in items))
        if not self.asking:
            return Amounts(value)
        # A number that cannot lie below the smallest of the others does not matter.
        return Amounts(
            value,
            together(
                within(each.asks, spreads.is_less(each.spread.low, value.high, self.size))
                for each in items
            ),
        )

    def of_greatest(self, node: Greatest) -> Amounts:
        items = [self.number(each) for each in node.items]
        value = reduce(spreads.greatest, (each.spread for each in items))
        if not self.asking:
            return Amounts(value)
        return Amounts(
            value,
            together(
                within(each.asks, spreads.is_less(value.low, each.spread.high, self.size))
                for each in items
            ),
        )

    def of_choice(self, node: Choice) -> Amounts:
        test = self.truth(node.test)
        then, otherwise = self.number(node.then), self.number(node.otherwise)
        spread = spreads.chosen(
            test.true,
            then.spread,
            spreads.chosen(
                test.false, otherwise.spread, spreads.hull(then.spread, otherwise.spread)
            ),
        )
        return Amounts(
            spread,
            self._asked(
                (test.asks, within(then.asks, ~test.false), within(otherwise.asks, ~test.true))
            ),
        )

    def of_tier(self, node: Tier) -> Amounts:
        value = self.number(node.value)
        entered = [self._all()]
        left = []
        for step in node.steps:
            bound = spreads.exactly(exact.constant(step.bound), self.size)
            sign = Sign.AT_LEAST if step.includes else Sign.MORE
            reached, missed = spreads.compared(sign, value.spread, bound)
            entered.append(~missed)
            left.append(~reached)
        left.append(self._all())  # nothing leaves the highest bracket
        results = [self.number(each) for each in (node.below, *(s.result for s in node.steps))]
        possible = [may & stays for may, stays in zip(entered, left, strict=True)]
        spread, seen = results[0].spread, possible[0]
        for result, here in zip(results[1:], possible[1:], strict=True):
            joined = spreads.hull(spread, result.spread)
            spread = spreads.chosen(
                seen & here, joined, spreads.chosen(here, result.spread, spread)
            )
            seen = seen | here
        asks = (within(r.asks, here) for r, here in zip(results, possible, strict=True))
        several = np.sum(possible, axis=0) > 1
        return Amounts(spread, self._asked((within(value.asks, several), *asks)))

    def of_slices(self, node: Slices) -> Amounts:
        value = self.number(node.value)
        ends = [
            End(sliced(node, end.number)) if end.sign is None else self._sliced_end(node, end)
            for end in (value.spread.low, value.spread.high)
        ]
        return Amounts(Spread(ends[0], ends[1], self.size), value.asks)

    def _sliced_end(self, node: Slices, end: End) -> End:
        """Amounts of which some have no end: below, nothing; above, all slices or no end."""
        assert end.sign is not None
        number = sliced(node, end.number)
        whole, endless = Fraction(0), False
        lower = Fraction(0)
        for each in node.slices:
            if each.upto is None:
                endless = each.rate != 0
                break
            whole += max(each.upto - lower, Fraction(0)) * each.rate
            lower = each.upto
        number = exact.chosen(end.sign < 0, exact.ZERO, number)
        above = end.sign > 0
        if endless:
            return spreads.made(number, above.astype(np.int8))
        return End(exact.chosen(above, exact.constant(whole), number))

    def of_floor(self, node: Floor) -> Amounts:
        item = self.number(node.item)
        return Amounts(spreads.floored(item.spread), item.asks)

    # --- lists ---------------------------------------------------------------------------------

    def of_over_entries(self, node: Count | Total) -> Amounts:
        assert isinstance(node.items, Fact)
        amount = node.amount if isinstance(node, Total) else None
        nothing = exact.constant(0)
        may_fall = not (
            amount is None
            or (isinstance(amount, Item) and amount.low is not None and amount.low >= 0)
        )
        bounds = spreads.between(None if may_fall else Fraction(0), None, self.size)
        column = self.chunk.column(node.items.slot)
        if column is None:
            return Amounts(bounds, self._missing(node.items, self._none()))
        assert isinstance(column, Lists)
        inner = Closely(Entries(self.chunk, node.items.slot, column), asking=self.asking)
        counts = inner.truth(node.where)
        worth = (
            Amounts(spreads.exactly(exact.constant(1), inner.size))
            if amount is None
            else inner.number(amount)
        )
        none = spreads.exactly(nothing, inner.size)
        part = spreads.chosen(
            counts.true,
            worth.spread,
            spreads.chosen(counts.false, none, spreads.hull(none, worth.spread)),
        )
        total = spreads.summed(part, column.offsets, self.size)
        asks = self._asked((counts.asks, within(worth.asks, ~counts.false)))
        of_owner = {slot: any_of(rows, column.offsets) for slot, rows in asks.items()}
        known = unpacked(column.known, self.size)
        if not known.all():
            total = spreads.chosen(known, total, bounds)
        return Amounts(total, self._asked((of_owner, self._missing(node.items, known))))


def any_of(rows: Flags, offsets: Any) -> Flags:
    """Whether any entry is flagged, by owner."""
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(rows)])
    found: Flags = running[offsets[1:]] > running[offsets[:-1]]
    return found


def _ordinals(days: Any) -> Exact:
    return exact.constant(int(days)) if np.ndim(days) == 0 else exact.of_array(days)


def accepts(node: OneOf | Prefix, word: str) -> bool:
    """Whether a condition on a text holds for a word."""
    return word in node.values if isinstance(node, OneOf) else word.startswith(node.prefixes)


def sliced(node: Slices, amount: Exact) -> Exact:
    """Every slice of the amounts at its own rate; nothing of what is negative."""
    total, lower = exact.ZERO, Fraction(0)
    for each in node.slices:
        upper = amount if each.upto is None else exact.least(amount, exact.constant(each.upto))
        if each.rate:
            inside = exact.greatest(exact.minus(upper, exact.constant(lower)), exact.ZERO)
            total = exact.plus(total, exact.times(inside, exact.constant(each.rate)))
        if each.upto is None:
            break
        lower = each.upto
    return total


_OPERATIONS: dict[Operation, Callable[[Spread, Spread], Spread]] = {
    Operation.PLUS: spreads.plus,
    Operation.MINUS: spreads.minus,
    Operation.TIMES: spreads.times,
    Operation.OVER: spreads.over,
}
_TRUTHS: dict[type[Node], Callable[[Closely, Any], Truth]] = {
    Const: Closely.of_constant,
    Fact: Closely.of_flag,
    Item: Closely.of_flag,
    Judged: Closely.of_judged,
    Not: Closely.of_not,
    And: Closely.of_and,
    Or: Closely.of_or,
    AtLeast: Closely.of_at_least,
    Compare: Closely.of_compare,
    OneOf: Closely.of_text,
    Prefix: Closely.of_text,
    Has: Closely.of_has,
}
_NUMBERS: dict[type[Node], Callable[[Closely, Any], Amounts]] = {
    Const: Closely.of_number,
    Fact: Closely.of_figure,
    Item: Closely.of_figure,
    DaysBetween: Closely.of_between,
    MonthsBetween: Closely.of_between,
    Arithmetic: Closely.of_arithmetic,
    Least: Closely.of_least,
    Greatest: Closely.of_greatest,
    Choice: Closely.of_choice,
    Tier: Closely.of_tier,
    Slices: Closely.of_slices,
    Floor: Closely.of_floor,
    Count: Closely.of_over_entries,
    Total: Closely.of_over_entries,
}
