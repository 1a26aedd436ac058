"""Rules for one applicant at a time: straight-line Python, written from the rules and compiled.

Numbers are Python's whole numbers over a denominator that the rules fix, so nothing is rounded and
hardly anything is a `Fraction`. A condition is a code: 3 holds, 0 fails, 1 is open; then `and` is
`&` and `or` is `|`. What is open is settled by the reference where bounds could decide (`doubts`),
and amounts that are open come from it as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lianqi.engines.rules import ranges
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.generating import FAILS, HOLDS, OPEN, Program, Shared, UnusualError
from lianqi.engines.rules.meaning import Outcome, Snapshot, meaning
from lianqi.engines.rules.nodes import (
    And,
    AtLeast,
    Compare,
    Const,
    Fact,
    Has,
    Judged,
    Kind,
    Node,
    Not,
    OneOf,
    Or,
    Prefix,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.ranging import Reader, outcome, ranging
from lianqi.engines.rules.rule import (
    FEN,
    Assessment,
    Granted,
    Rule,
    Status,
    assess,
    grants,
)
from lianqi.engines.rules.sharing import Parts, asks_for_facts

_STATUS = {HOLDS: Status.MET, FAILS: Status.UNMET}
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """What the compiled rules give for one applicant.

    Attributes:
        codes: By condition, as `Compiled.place` says.
        numbers: By number, as `Compiled.number_place` says: a numerator, and the denominator if it
            is not the same for everybody; None where the number is not known.
        fen: By rule, of all benefits together; None where it is open, or the rule out of reach.
        gifts: By rule the fen of each benefit in money.
    """

    snapshot: Snapshot
    codes: tuple[int, ...]
    numbers: tuple[Any, ...]
    fen: tuple[int | None, ...]
    gifts: tuple[tuple[int, ...] | None, ...]


class Compiled:
    """Rules of one day, compiled."""

    def __init__(self, rules: Sequence[Rule], catalogue: Catalogue) -> None:
        """Write and compile the program.

        Args:
            rules: Bound to a day (`Rule.on`).
            catalogue: Says how many digits of a number are kept.
        """
        parts = Parts()
        self.rules = tuple(
            Shared(
                rule,
                parts.ready(rule.scope),
                parts.whole(rule),
                tuple(parts.ready(each.condition) for each in rule.clauses),
                tuple(parts.ready(each.when) for each in rule.benefits),
            )
            for rule in rules
        )
        amounts = (
            amount
            for rule in rules
            for amount in (*(each.amount for each in rule.benefits), rule.cap)
            if amount is not None
        )
        self._readers: dict[int, Reader] = {id(each): ranging(each) for each in amounts}
        writer = Program(catalogue)
        for each in self.rules:
            for part in (each.scope, each.whole, *each.clauses, *each.whens):
                writer.condition(part)
        # All conditions are computed for everybody, amounts only for whom they can be due.
        self.place = {id(node): place for place, node in enumerate(writer.conditions)}
        self.conditions = tuple(writer.conditions)
        self._asks_for_facts = [asks_for_facts(node) for node in self.conditions]
        self.numbers = tuple(writer.compared)
        for each in self.rules:
            writer.amounts(each, parts)
        self.source = writer.text()
        space = dict(writer.names)
        exec(compile(self.source, "<rules>", "exec"), space)  # noqa: S102  # written above
        self._evaluate: Callable[[Snapshot], tuple[Any, ...]] = space["evaluate"]

    def read(self, snapshot: Snapshot) -> Reading:
        """Every condition, number and amount.

        Raises:
            UnusualError: A value has more digits than its fact keeps.
        """
        return Reading(snapshot, *self._evaluate(snapshot))

    def assess(self, snapshot: Snapshot) -> list[Assessment]:
        """What the rules are for one applicant, in their order."""
        try:
            reading = self.read(snapshot)
        except UnusualError:
            return [assess(each.rule, snapshot) for each in self.rules]
        asked: dict[int, frozenset[str]] = {}
        return [
            self._assessment(place, shared, reading, asked)
            for place, shared in enumerate(self.rules)
        ]

    def code(self, node: Node, reading: Reading) -> int:
        return reading.codes[self.place[id(node)]]

    def status(self, node: Node, reading: Reading, asked: dict[int, frozenset[str]]) -> Status:
        place = self.place[id(node)]
        code = reading.codes[place]
        if code != OPEN:
            return _STATUS[code]
        if self._asks_for_facts[place]:
            return Status.UNKNOWN
        asks = self.asks(node, reading, asked)
        if asks and all(each.startswith("judged:") for each in asks):
            return Status.REVIEW
        return Status.UNKNOWN

    def asks(
        self, node: Node, reading: Reading, asked: dict[int, frozenset[str]]
    ) -> frozenset[str]:
        """What an open condition asks for.

        Args:
            asked: What is already known of this reading; grows.
        """
        if self.code(node, reading) != OPEN:
            return _NOTHING
        known = asked.get(id(node))
        if known is None:
            known = asked[id(node)] = self._asks(node, reading, asked)
        return known

    def grants(
        self, rule: Rule, snapshot: Snapshot
    ) -> tuple[tuple[Granted, ...], Range | None, frozenset[str]]:
        """What the benefits come to where something is open."""
        return grants(rule, snapshot, self._outcome)

    def _outcome(self, node: Node, snapshot: Snapshot) -> Outcome:
        reader = self._readers.get(id(node))
        return meaning(node, snapshot) if reader is None else outcome(reader(snapshot))

    def _asks(
        self, node: Node, reading: Reading, asked: dict[int, frozenset[str]]
    ) -> frozenset[str]:
        match node:
            case Fact() | Judged():
                return frozenset({node.slot})
            case (
                OneOf(item=Fact() as fact) | Prefix(item=Fact() as fact) | Has(item=Fact() as fact)
            ):
                return frozenset({fact.slot})
            case Compare(left=Fact() as fact, right=Const()):
                return frozenset({fact.slot})
            case Not() | And() | Or() | AtLeast():
                parts = (self.asks(each, reading, asked) for each in node.children())
                return _NOTHING.union(*parts)
            case Compare() if node.left.kind is Kind.NUMBER:
                sides = (
                    self._number_asks(each, reading, asked) for each in (node.left, node.right)
                )
                return _NOTHING.union(*sides)
        return meaning(node, reading.snapshot).asks

    def _number_asks(
        self, node: Node, reading: Reading, asked: dict[int, frozenset[str]]
    ) -> frozenset[str]:
        """What a number asks for; one ratio is compared with many thresholds."""
        known = asked.get(id(node))
        if known is None:
            reader = self._readers.get(id(node))
            if reader is None:
                reader = self._readers[id(node)] = ranging(node)
            known = asked[id(node)] = reader(reading.snapshot)[2]
        return known

    def _assessment(
        self, place: int, shared: Shared, reading: Reading, asked: dict[int, frozenset[str]]
    ) -> Assessment:
        if self.code(shared.scope, reading) == FAILS:
            return Assessment(Status.NOT_APPLICABLE, _NOTHING)
        clauses = tuple(
            (clause.key, self.status(node, reading, asked))
            for clause, node in zip(shared.rule.clauses, shared.clauses, strict=True)
        )
        status = self.status(shared.whole, reading, asked)
        if status is Status.UNMET:
            return Assessment(status, _NOTHING, clauses)
        asks = self.asks(shared.whole, reading, asked)
        fen, gifts = reading.fen[place], reading.gifts[place]
        if gifts is None:
            return Assessment(status, asks, clauses, *self.grants(shared.rule, reading.snapshot))
        granted = tuple(self._granted(shared, gifts, reading, asked))
        amount = None if fen is None else ranges.exactly(fen * FEN)
        return Assessment(status, asks, clauses, granted, amount)

    def _granted(
        self,
        shared: Shared,
        gifts: tuple[int, ...],
        reading: Reading,
        asked: dict[int, frozenset[str]],
    ) -> list[Granted]:
        given = iter(gifts)
        return [
            Granted(
                benefit.key,
                self.status(when, reading, asked),
                None if benefit.amount is None else ranges.exactly(next(given) * FEN),
                self.asks(when, reading, asked) if benefit.amount is None else _NOTHING,
            )
            for benefit, when in zip(shared.rule.benefits, shared.whens, strict=True)
        ]
