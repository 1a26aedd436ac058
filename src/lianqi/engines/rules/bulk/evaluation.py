"""Rules over a chunk of applicants: two bit planes a condition, what surely holds and surely fails.

Every part is computed once for all rules that hold it. Where everything is known, numbers are
exact arrays; what is open is read again with ranges (`closely`), but only in the rows in which
bounds could decide (`doubts`).
"""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from lianqi.engines.rules.bulk import closely, exact
from lianqi.engines.rules.bulk import days as calendar
from lianqi.engines.rules.bulk.closely import Closely, accepts, sliced
from lianqi.engines.rules.bulk.columns import (
    Chunk,
    Column,
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
)
from lianqi.engines.rules.bulk.exact import Exact
from lianqi.engines.rules.bulk.planes import (
    Flags,
    Plane,
    Rows,
    at_least,
    full,
    none,
    packed,
    plane_of,
    rows_of,
    unpacked,
)
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.doubts import Doubt, Leaf
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
)

# What surely holds, what surely fails.
Rails = tuple[Plane, Plane]
# A number by row, and in which rows it is known; None: in all.
Known = tuple[Exact, Plane | None]


class Planes:
    """The parts of rules over one chunk, each computed when first asked for.

    Only what is read again is remembered: the space of the rest serves the next part at once,
    while it is still near the processor.
    """

    def __init__(self, chunk: Chunk, program: Program) -> None:
        self.chunk = chunk
        self.size = chunk.size
        self.program = program
        self.all = full(chunk.size)
        self.none = none(chunk.size)
        self._rails: dict[int, Rails] = {}
        self._numbers: dict[int, Known] = {}
        self._asking: dict[int, Rails] = {}
        self._doubts: dict[tuple[int, Doubt], tuple[Plane, tuple[Rows, Closely] | None]] = {}

    # --- conditions ----------------------------------------------------------------------------

    def rails(self, node: Node) -> Rails:
        held = self._rails.get(id(node))
        if held is None:
            held = _RAILS[type(node)](self, node)
            if id(node) in self.program.read_again:
                self._rails[id(node)] = held
        return held

    def open(self, node: Node) -> Plane:
        true, false = self.rails(node)
        left: Plane = self.all & ~(true | false)
        return left

    def _split(self, holds: Flags | bool, known: Plane | None) -> Rails:  # noqa: FBT001
        """Rails from what holds where everything is known."""
        known = self.all if known is None else known
        if isinstance(holds, bool):
            return (known, self.none) if holds else (self.none, known)
        true = packed(holds) & known
        return true, known & ~true

    def of_constant(self, node: Const) -> Rails:
        return (self.all, self.none) if node.value else (self.none, self.all)

    def of_flag(self, node: Fact | Item | Judged) -> Rails:
        if isinstance(node, Judged):
            column = self.chunk.column(node.slot)
        else:
            column = column_at(node, self.chunk)
        if column is None:
            return self.none, self.none
        assert isinstance(column, Truths)
        return column.true, column.known & ~column.true

    def of_not(self, node: Not) -> Rails:
        true, false = self.rails(node.item)
        return false, true

    def of_and(self, node: And) -> Rails:
        (true, false), *rest = [self.rails(each) for each in node.items]
        true, false = true.copy(), false.copy()
        for each_true, each_false in rest:
            np.bitwise_and(true, each_true, out=true)
            np.bitwise_or(false, each_false, out=false)
        return true, false

    def of_or(self, node: Or) -> Rails:
        (true, false), *rest = [self.rails(each) for each in node.items]
        true, false = true.copy(), false.copy()
        for each_true, each_false in rest:
            np.bitwise_or(true, each_true, out=true)
            np.bitwise_and(false, each_false, out=false)
        return true, false

    def of_at_least(self, node: AtLeast) -> Rails:
        items = [self.rails(each) for each in node.items]
        enough_fail = len(items) - node.count + 1
        true = at_least(node.count, [each for each, _ in items], self.size)
        return true, at_least(enough_fail, [each for _, each in items], self.size) & ~true

    def of_text(self, node: OneOf | Prefix) -> Rails:
        if isinstance(node.item, Const):
            return self._split(accepts(node, str(node.item.value)), None)
        assert isinstance(node.item, Fact | Item)
        column = column_at(node.item, self.chunk)
        if column is None:
            return self.none, self.none
        assert isinstance(column, Texts)
        return self._split(_coded(column, self.program.accepted(node, column.words)), column.known)

    def of_has(self, node: Has) -> Rails:
        assert isinstance(node.item, Fact | Item)
        column = column_at(node.item, self.chunk)
        if column is None:
            return self.none, self.none
        assert isinstance(column, Sets | WideSets)
        return self._split(has_of(column, node.values), column.known)

    def of_compare(self, node: Compare) -> Rails:
        if node.left.kind is Kind.DATE:
            (left, known), (right, other_known) = self._day(node.left), self._day(node.right)
            holds = exact.compared(node.sign, left, right)
            return self._split(holds, both(known, other_known))
        (left, known), (right, other_known) = self.number(node.left), self.number(node.right)
        known = both(known, other_known)
        true, false = self._split(exact.compared(node.sign, left, right), known)
        if known is not None and (close := self._in_doubt(node, known)):
            rows, reading = close
            truth = reading.truth(node)
            true = true | plane_of(rows[truth.true], self.size)
            false = false | plane_of(rows[truth.false], self.size)
        return true, false

    def _in_doubt(self, node: Compare, known: Plane) -> tuple[Rows, Closely] | None:
        """The open rows in which bounds could decide, to be read with ranges.

        Comparisons of one number with several bounds read the same rows, and the number once.
        """
        doubt = self.program.doubt(node)
        if doubt.is_none:
            return None
        key = (id(known), doubt)
        if key not in self._doubts:
            rows = self._doubtful(doubt, known)
            close = (rows, Closely(self.chunk.take(rows))) if len(rows) else None
            # The plane is kept: another one must not come to stand in its place.
            self._doubts[key] = known, close
        return self._doubts[key][1]

    def _doubtful(self, doubt: Doubt, known: Plane) -> Rows:
        left = self.all & ~known
        if not left.any():
            return _NO_ROWS
        if doubt.missing is None or not all(self._keeps_bounds(each) for each in doubt.within):
            return rows_of(left, self.size)
        facts = {leaf for missing in doubt.missing for leaf in missing} | set(doubt.facts)
        found = self.none
        for missing in doubt.missing:
            here = left
            for leaf in facts:
                given = self._given(leaf)
                here = here & (~given if leaf in missing else given)
            found = found | here
        return rows_of(found, self.size)

    def _given(self, leaf: Leaf) -> Plane:
        column = column_at(leaf, self.chunk)
        return self.none if column is None else column.known

    def _keeps_bounds(self, leaf: Leaf) -> bool:
        """Whether all known values lie where the catalogue says."""
        column = column_at(leaf, self.chunk)
        if column is None:
            return True
        assert isinstance(column, Numbers)
        values = column.values
        low, high = Fraction(values.low, values.den), Fraction(values.high, values.den)
        return (leaf.low is None or leaf.low <= low) and (leaf.high is None or high <= leaf.high)

    # --- numbers and days ----------------------------------------------------------------------

    def number(self, node: Node) -> Known:
        held = self._numbers.get(id(node))
        if held is None:
            held = _NUMBERS[type(node)](self, node)
            if id(node) in self.program.read_again:
                self._numbers[id(node)] = held
        return held

    def of_number(self, node: Const) -> Known:
        assert isinstance(node.value, Fraction)
        return exact.constant(node.value), None

    def of_figure(self, node: Fact | Item) -> Known:
        column = column_at(node, self.chunk)
        if column is None:
            return exact.ZERO, self.none
        assert isinstance(column, Numbers)
        return column.values, self._where(column)

    def _where(self, column: Column) -> Plane | None:
        return None if (column.known == self.all).all() else column.known

    def _day(self, node: Node) -> Known:
        """A day as its ordinal."""
        match node:
            case Const(value=dt.date() as day):
                return exact.constant(day.toordinal()), None
            case Shift():
                moving, known = self._day(node.day)
                moved = calendar.shifted(
                    moving.num, years=node.years, months=node.months, days=node.days
                )
                return exact.of_array(moved), known
            case Fact() | Item():
                column = column_at(node, self.chunk)
                if column is None:
                    return exact.constant(1), self.none
                assert isinstance(column, Days)
                return exact.of_array(column.values), self._where(column)
        raise TypeError(f"{type(node).__name__} is no day")

    def of_between(self, node: DaysBetween | MonthsBetween) -> Known:
        (start, known), (end, other_known) = self._day(node.start), self._day(node.end)
        if isinstance(node, DaysBetween):
            return exact.minus(end, start), both(known, other_known)
        months = calendar.months_between(start.num, end.num)
        return exact.of_array(np.broadcast_to(months, (self.size,))), both(known, other_known)

    def of_arithmetic(self, node: Arithmetic) -> Known:
        (left, known), (right, other_known) = self.number(node.left), self.number(node.right)
        known = both(known, other_known)
        if node.operation is Operation.OVER:
            if right.low <= 0 <= right.high:
                nonzero = exact.compared(Sign.UNEQUAL, right, exact.ZERO)
                known = both(known, self._split(nonzero, None)[0])
            return exact.over(left, right), known
        return _OPERATIONS[node.operation](left, right), known

    def of_least(self, node: Least) -> Known:
        items = [self.number(each) for each in node.items]
        return reduce(exact.least, (each for each, _ in items)), reduce(both, (k for _, k in items))

    def of_greatest(self, node: Greatest) -> Known:
        items = [self.number(each) for each in node.items]
        value = reduce(exact.greatest, (each for each, _ in items))
        return value, reduce(both, (known for _, known in items))

    def _chosen(self, flags: Plane, one: Exact, other: Exact) -> Exact:
        return exact.chosen(unpacked(flags, self.size), one, other)

    def of_choice(self, node: Choice) -> Known:
        true, false = self.rails(node.test)
        (then, known), (otherwise, other_known) = (
            self.number(node.then),
            self.number(node.otherwise),
        )
        known = true if known is None else true & known
        other_known = false if other_known is None else false & other_known
        return self._chosen(true, then, otherwise), known | other_known

    def of_tier(self, node: Tier) -> Known:
        value, known = self.number(node.value)
        result, result_known = self.number(node.below)
        for step in node.steps:
            sign = Sign.AT_LEAST if step.includes else Sign.MORE
            reached, _ = self._split(exact.compared(sign, value, exact.constant(step.bound)), None)
            upper, upper_known = self.number(step.result)
            result = self._chosen(reached, upper, result)
            if upper_known is not None or result_known is not None:
                upper_known = self.all if upper_known is None else upper_known
                result_known = self.all if result_known is None else result_known
                result_known = (reached & upper_known) | (result_known & ~reached)
        return result, both(known, result_known)

    def of_slices(self, node: Slices) -> Known:
        value, known = self.number(node.value)
        return sliced(node, value), known

    def of_floor(self, node: Floor) -> Known:
        value, known = self.number(node.item)
        return exact.floored(value), known

    def of_over_entries(self, node: Count | Total) -> Known:
        assert isinstance(node.items, Fact)
        column = self.chunk.column(node.items.slot)
        if column is None:
            return exact.ZERO, self.none
        assert isinstance(column, Lists)
        inner = Planes(Entries(self.chunk, node.items.slot, column), self.program)
        true, false = inner.rails(node.where)
        worth, worth_known = (
            (exact.constant(1), None) if isinstance(node, Count) else inner.number(node.amount)
        )
        settled = false | (true if worth_known is None else true & worth_known)
        part = exact.chosen(unpacked(true, inner.size), worth, exact.ZERO)
        total = exact.summed(part, column.offsets, inner.size)
        known = self._where(column)
        if (settled != inner.all).any():
            some_open = closely.any_of(~unpacked(settled, inner.size), column.offsets)
            known = both(known, packed(~some_open))
        return total, known

    # --- what is asked for ---------------------------------------------------------------------

    def asking(self, node: Node) -> Rails:
        """Of the open rows those that ask for a fact, and those that ask a person."""
        held = self._asking.get(id(node))
        if held is None:
            held = self._asking[id(node)] = self._asks_of(node)
        return held

    def _asks_of(self, node: Node) -> Rails:
        left = self.open(node)
        if isinstance(node, Judged):
            return self.none, left
        if self.program.is_plain[node]:
            return left, self.none
        if isinstance(node, Not | And | Or | AtLeast):
            items = [self.asking(each) for each in node.children()]
            facts = reduce(np.bitwise_or, (each for each, _ in items))
            people = reduce(np.bitwise_or, (each for _, each in items))
            return facts & left, people & left
        rows = rows_of(left, self.size)
        asks = Closely(self.chunk.take(rows), asking=True).truth(node).asks
        of_people = [each for slot, each in asks.items() if slot.startswith("judged:")]
        of_facts = [each for slot, each in asks.items() if not slot.startswith("judged:")]
        return self._any(of_facts, rows), self._any(of_people, rows)

    def _any(self, flags: list[Flags], rows: Rows) -> Plane:
        return plane_of(rows[reduce(np.logical_or, flags)], self.size) if flags else self.none


_NO_ROWS: Rows = np.zeros(0, np.int64)


def both(one: Plane | None, other: Plane | None) -> Plane | None:
    if one is None:
        return other
    return one if other is None else one & other


def _coded(column: Texts, accepted: tuple[tuple[int, int], ...] | Flags) -> Flags:
    """Which rows hold an accepted code: compared with ranges of codes, or looked up."""
    codes = column.codes
    if not isinstance(accepted, tuple):
        found: Flags = accepted[codes]
        return found
    flags = np.zeros(len(codes), np.bool_)
    for first, last in accepted:
        if first == last:
            here = codes == first
        elif first == 0:
            here = codes <= last
        else:  # unsigned: what lies below the first becomes great
            here = (codes - codes.dtype.type(first)) <= last - first
        flags = here if len(accepted) == 1 else np.logical_or(flags, here, out=flags)
    return flags


_OPERATIONS: dict[Operation, Callable[[Exact, Exact], Exact]] = {
    Operation.PLUS: exact.plus,
    Operation.MINUS: exact.minus,
    Operation.TIMES: exact.times,
}
_RAILS: dict[type[Node], Callable[[Planes, Any], Rails]] = {
    Const: Planes.of_constant,
    Fact: Planes.of_flag,
    Item: Planes.of_flag,
    Judged: Planes.of_flag,
    Not: Planes.of_not,
    And: Planes.of_and,
    Or: Planes.of_or,
    AtLeast: Planes.of_at_least,
    Compare: Planes.of_compare,
    OneOf: Planes.of_text,
    Prefix: Planes.of_text,
    Has: Planes.of_has,
}
_NUMBERS: dict[type[Node], Callable[[Planes, Any], Known]] = {
    Const: Planes.of_number,
    Fact: Planes.of_figure,
    Item: Planes.of_figure,
    DaysBetween: Planes.of_between,
    MonthsBetween: Planes.of_between,
    Arithmetic: Planes.of_arithmetic,
    Least: Planes.of_least,
    Greatest: Planes.of_greatest,
    Choice: Planes.of_choice,
    Tier: Planes.of_tier,
    Slices: Planes.of_slices,
    Floor: Planes.of_floor,
    Count: Planes.of_over_entries,
    Total: Planes.of_over_entries,
}
