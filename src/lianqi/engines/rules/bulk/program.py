"""Rules made ready for many applicants: every part stands once, however many rules hold it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lianqi.engines.rules.bulk.closely import accepts
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.bulk.planes import Flags
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.doubts import Doubt, doubt_of
from lianqi.engines.rules.nodes import (
    Compare,
    Count,
    Fact,
    Item,
    Judged,
    Kind,
    Node,
    OneOf,
    Prefix,
    Total,
    walk,
)
from lianqi.engines.rules.rule import Rounding, Rule
from lianqi.engines.rules.sharing import Parts, asks_for_facts

# A list of values that lies in so few ranges of the sorted words is compared, not looked up.
_MOST_RANGES = 6
# Conditions on texts times different lists of words whose codes are remembered.
_MOST_KEPT = 10_000


@dataclass(frozen=True)
class Gift:
    """A benefit in money."""

    amount: Node
    when: Node
    rounding: Rounding


@dataclass(frozen=True)
class Measure:
    """A rule whose parts are shared with those of the other rules.

    Attributes:
        whole: Scope, clauses, and a benefit whose own condition holds.
        asks_people: Whether it puts a question to a person, so that a review can be due.
        clauses: Its conditions by key, the same nodes as in `whole`; nobody asks them one by one
            unless it is to be known which one fails.
    """

    key: str
    scope: Node
    whole: Node
    gifts: tuple[Gift, ...]
    cap: Node | None
    asks_people: bool
    clauses: tuple[tuple[str, Node], ...] = ()


class Program:
    """Rules of one day, to be evaluated together.

    Attributes:
        measures: In the order of the rules.
        wanted: The columns that they read.
    """

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, *, by_clause: bool = False
    ) -> None:
        """Share what the rules have in common.

        Args:
            rules: Bound to a day (`Rule.on`).
            catalogue: Says how many digits of a number are kept.
            by_clause: Whether it will be asked which clause fails (`nearness`).
        """
        self._by_clause = by_clause
        self._parts = Parts()
        self._accepted: dict[tuple[int, tuple[str, ...]], Any] = {}
        self.measures = tuple(self._measure(each) for each in rules)
        self.wanted = self._columns(catalogue)
        self._doubts: dict[Node, Doubt] = {
            part: doubt_of(part) for part in self._parts if isinstance(part, Compare)
        }
        self.is_plain = {
            part: asks_for_facts(part) for part in self._parts if part.kind is Kind.BOOL
        }

    def __getstate__(self) -> dict[str, Any]:
        # What is remembered by the place of a node in memory is nothing to another process.
        state = self.__dict__ | {"_accepted": {}}
        state.pop("read_again", None)
        return state

    @cached_property
    def read_again(self) -> frozenset[int]:
        """The parts (by `id`) that are read more than once, and so are worth remembering."""
        times = Counter(id(part) for part in self._reads())
        return frozenset(each for each, count in times.items() if count > 1)

    def _reads(self) -> Iterator[Node]:
        for part in self._parts:
            yield from part.children()
        for measure in self.measures:
            yield from (measure.scope, measure.whole)
            for gift in measure.gifts:
                yield from (gift.amount, gift.when)
            if measure.cap is not None:
                yield measure.cap
            if self._by_clause:
                yield from (node for _key, node in measure.clauses)
            if measure.asks_people:
                yield from walk(measure.whole)  # to see whom an open condition asks

    def doubt(self, node: Compare) -> Doubt:
        """Where a comparison has to be read with ranges."""
        return self._doubts[node]

    def accepted(
        self, node: OneOf | Prefix, words: tuple[str, ...]
    ) -> tuple[tuple[int, int], ...] | Flags:
        """The codes whose words a condition accepts: as few ranges, or one flag a code."""
        key = (id(node), words)
        found = self._accepted.get(key)
        if found is None:
            if len(self._accepted) > _MOST_KEPT:
                self._accepted.clear()
            found = self._accepted[key] = _accepted(node, words)
        return found

    def _measure(self, rule: Rule) -> Measure:
        gifts = tuple(
            Gift(
                self._parts.ready(each.amount),
                self._parts.ready(each.when),
                each.rounding,
            )
            for each in rule.benefits
            if each.amount is not None
        )
        whole = self._parts.whole(rule)
        return Measure(
            key=rule.key,
            scope=self._parts.ready(rule.scope),
            whole=whole,
            gifts=gifts,
            cap=None if rule.cap is None else self._parts.ready(rule.cap),
            asks_people=any(isinstance(each, Judged) for each in walk(whole)),
            clauses=tuple((each.key, self._parts.ready(each.condition)) for each in rule.clauses),
        )

    def _columns(self, catalogue: Catalogue) -> Mapping[str, Wanted]:
        wanted: dict[str, Wanted] = {}
        fields: dict[str, dict[str, Wanted]] = {}
        for part in self._parts:
            match part:
                case Fact():
                    spec = catalogue.specs.get(part.key)
                    wanted[part.slot] = Wanted(part.kind, spec.decimals if spec else 0)
                case Judged():
                    wanted[part.slot] = Wanted(Kind.BOOL)
                case Count() | Total():
                    assert isinstance(part.items, Fact)
                    spec = catalogue.specs.get(part.items.key)
                    inner = fields.setdefault(part.items.slot, {})
                    for item in _items_of(part):
                        field = spec.fields.get(item.name) if spec else None
                        inner[item.name] = Wanted(item.kind, field.decimals if field else 0)
        for slot, inner in fields.items():
            wanted[slot] = Wanted(Kind.LIST, fields=inner)
        return wanted


def _accepted(node: OneOf | Prefix, words: tuple[str, ...]) -> tuple[tuple[int, int], ...] | Flags:
    flags = np.array([accepts(node, word) for word in words] or [False], np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    if len(edges) > 2 * _MOST_RANGES:
        return flags
    return tuple(zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True))


def _items_of(node: Node) -> Iterable[Item]:
    return (each for each in walk(node) if isinstance(each, Item))
