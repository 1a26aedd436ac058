"""The smallest set of changes that would fulfil a condition.

The plan is made for the day on which it is to hold: the caller binds the rule to that day and says
which facts can still be changed by then. A founding date cannot, nor can the sales of a year that
is over. What is returned has been tried: applied to the snapshot it fulfils the condition.

Best-first search. A state is a set of changes; from each, one unfulfilled part is repaired in every
way one changed fact allows, by just as much as it needs. Fewer changed facts come first, then
smaller relative changes.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from typing import Any

from lianqi.engines.rules.binding import last_day_of
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.meaning import Snapshot, meaning
from lianqi.engines.rules.nodes import (
    And,
    AtLeast,
    Choice,
    Fact,
    Has,
    Judged,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Or,
    facts_of,
    walk,
)

_MOST_CHANGES = 6
_MOST_STATES = 4_000
_FARTHEST = 80  # doublings of a step: beyond any amount of money


@dataclass(frozen=True)
class Change:
    """One fact that has to become another.

    Attributes:
        fact: Which, of which period.
        now: Its value; None if it is not known.
        target: The nearest value that does: for a set, all that it has to hold in the end.
    """

    fact: Fact
    now: Any
    target: Any


@dataclass(frozen=True)
class Plan:
    """What would have to change.

    Attributes:
        changes: In the order of their slots; empty if the condition is fulfilled already.
        answers: Questions a person would have to answer with yes besides.
    """

    changes: tuple[Change, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoPlan:
    """Nothing that can be changed would do.

    Attributes:
        held_by: Slots of the facts that cannot be changed and stand in the way.
    """

    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Leeway:
    """How a fact may change.

    Attributes:
        step: In which it changes: a fen, a person; 1 for what is no number.
        rises: It may become more; of a yes or no: yes; of a set: hold more.
        falls: It may become less, or no. Nobody is advised to sell less or to dismiss people.
    """

    step: Fraction = Fraction(1)
    rises: bool = True
    falls: bool = False


# How a fact may change until the day of the plan; None: not at all.
Leeways = Callable[[Fact], Leeway | None]


def leeways_from(catalogue: Catalogue, today: dt.date) -> Leeways:
    """How facts may change from today on: as the catalogue says, and no year that is over."""

    def leeway(fact: Fact) -> Leeway | None:
        spec = catalogue[fact.key]
        if spec.advice == "none":
            return None
        if isinstance(fact.period, str) and last_day_of(fact.period) < today:
            return None
        step = Fraction(1, 10**spec.decimals) if fact.kind is Kind.NUMBER else Fraction(1)
        return Leeway(step, rises=spec.advice != "less", falls=spec.advice != "more")

    return leeway


def plan_for(condition: Node, snapshot: Snapshot, leeways: Leeways) -> Plan | NoPlan:
    """The cheapest changes that fulfil a bound condition, or what stands in the way.

    Questions for a person are taken as answered with yes, or as they were answered.
    """
    return _Search(condition, snapshot, leeways).best()


class _Search:
    def __init__(self, condition: Node, snapshot: Snapshot, leeways: Leeways) -> None:
        self.condition = condition
        questions = {each.slot: True for each in walk(condition) if isinstance(each, Judged)}
        self.before = {**questions, **snapshot}
        self.answers = tuple(sorted(slot for slot in questions if snapshot.get(slot) is None))
        self.leeways = {
            fact.slot: (fact, leeway)
            for fact in facts_of(condition)
            if (leeway := leeways(fact)) is not None
        }
        self.held: set[str] = set()

    def best(self) -> Plan | NoPlan:
        order = count()
        queue: list[tuple[tuple[int, Fraction], int, dict[str, Any]]] = []
        heappush(queue, (self._cost({}), next(order), {}))
        seen: set[frozenset[tuple[str, Any]]] = set()
        while queue and len(seen) < _MOST_STATES:
            _, _, changed = heappop(queue)
            state = frozenset(changed.items())
            if state in seen:
                continue
            seen.add(state)
            if self._holds(changed):
                return self._plan(changed)
            for slot, target in self._repairs(
                self.condition, {**self.before, **changed}, wanted=True
            ):
                after = {**changed, slot: target}
                if len(after) <= _MOST_CHANGES:
                    heappush(queue, (self._cost(after), next(order), after))
        return NoPlan(tuple(sorted(self.held)))

    def _holds(self, changed: Mapping[str, Any]) -> bool:
        return meaning(self.condition, {**self.before, **changed}).value is True

    def _cost(self, changed: Mapping[str, Any]) -> tuple[int, Fraction]:
        """How many facts change, and by how much of themselves in all."""
        sizes = [self._size(slot, target) for slot, target in changed.items()]
        return len(sizes), sum(sizes, Fraction(0))

    def _size(self, slot: str, target: Any) -> Fraction:
        now = self.before.get(slot)
        fact, leeway = self.leeways[slot]
        if fact.kind is Kind.SET:
            return Fraction(len(target - (now or frozenset())))
        if fact.kind is not Kind.NUMBER or now is None:
            return Fraction(1)
        return abs(Fraction(target) - now) / max(abs(Fraction(now)), leeway.step)

    def _plan(self, changed: dict[str, Any]) -> Plan:
        for slot in sorted(changed):
            changed[slot] = self._tightened(slot, changed)
        kept = {slot: target for slot, target in changed.items() if self._differs(slot, target)}
        return Plan(
            tuple(
                Change(self.leeways[slot][0], self.before.get(slot), kept[slot])
                for slot in sorted(kept)
            ),
            self.answers,
        )

    def _differs(self, slot: str, target: Any) -> bool:
        return bool(self.before.get(slot) != target)

    def _tightened(self, slot: str, changed: Mapping[str, Any]) -> Any:
        """The least change of one fact that still does, beside the others."""
        fact, leeway = self.leeways[slot]
        step = leeway.step
        now, target = self.before.get(slot), changed[slot]
        if fact.kind is not Kind.NUMBER or now is None:
            return target
        steps_away = int((Fraction(target) - now) / step)
        sign = 1 if steps_away > 0 else -1
        near, far = -1, abs(steps_away)
        while far - near > 1:
            middle = (near + far) // 2
            if self._holds({**changed, slot: now + sign * middle * step}):
                far = middle
            else:
                near = middle
        return now + sign * far * step

    def _repairs(self, node: Node, state: Snapshot, *, wanted: bool) -> Iterator[tuple[str, Any]]:
        """Every change of one fact that brings an unfulfilled part nearer to what is wanted."""
        match node:
            case Name(body=body):
                yield from self._repairs(body, state, wanted=wanted)
            case Not(item=item):
                yield from self._repairs(item, state, wanted=not wanted)
            case And(items=items) | Or(items=items):
                missed = [each for each in items if meaning(each, state).value is not wanted]
                # All of them have to be repaired, so one decides; of alternatives any may do.
                all_needed = isinstance(node, And) is wanted
                for each in missed[:1] if all_needed else missed:
                    yield from self._repairs(each, state, wanted=wanted)
            case AtLeast(items=items):
                for each in items:
                    if meaning(each, state).value is not wanted:
                        yield from self._repairs(each, state, wanted=wanted)
            case _:
                yield from self._leaf_repairs(node, state, wanted=wanted)

    def _leaf_repairs(
        self, node: Node, state: Snapshot, *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        match node:
            case Has(item=Fact() as fact, values=values):
                yield from self._set_repairs(fact, values, state, wanted=wanted)
            case OneOf(item=Fact() as fact, values=values) if wanted:
                yield from self._settings(fact, values)
            case Fact() as fact:
                yield from self._settings(fact, (wanted,))
            case _:
                yield from self._number_repairs(node, state, wanted=wanted)

    def _settings(self, fact: Fact, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
        _, leeway = self.leeways.get(fact.slot, (fact, Leeway(rises=False)))
        allowed = [value for value in values if (leeway.falls if value is False else leeway.rises)]
        if not allowed:
            self.held.add(fact.slot)
        for value in allowed:
            yield fact.slot, value

    def _set_repairs(
        self,
        fact: Fact,
        values: tuple[str, ...],
        state: Snapshot,
        *,
        wanted: bool,
    ) -> Iterator[tuple[str, Any]]:
        held = state.get(fact.slot) or frozenset()
        if wanted:
            yield from self._settings(fact, tuple(held | {value} for value in values))
        # A title that is in the way is not given back by advice.
        elif not held.isdisjoint(values):
            self.held.add(fact.slot)

    def _number_repairs(
        self, node: Node, state: Snapshot, *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        for fact in facts_of(node):
            _, leeway = self.leeways.get(fact.slot, (fact, Leeway(rises=False)))
            signs = (1,) * leeway.rises + (-1,) * leeway.falls
            if not signs:
                self.held.add(fact.slot)
            elif fact.kind is Kind.NUMBER:
                for sign in signs:
                    target = self._nearest(node, fact, sign, state, wanted=wanted)
                    if target is not None:
                        yield fact.slot, target
        for part in walk(node):
            if isinstance(part, Choice):
                now = meaning(part.test, state).value
                if now is not True:
                    yield from self._repairs(part.test, state, wanted=True)
                if now is not False:
                    yield from self._repairs(part.test, state, wanted=False)

    def _nearest(
        self,
        node: Node,
        fact: Fact,
        sign: int,
        state: Snapshot,
        *,
        wanted: bool,
    ) -> Fraction | None:
        """The nearest value in one direction with which the part is as wanted, or the bound."""
        step = self.leeways[fact.slot][1].step
        start = state.get(fact.slot)
        if start is None:
            start = fact.low if fact.low is not None else Fraction(0)

        def does(away: int) -> bool:
            value = start + sign * away * step
            if not _is_possible(fact, value):
                return False
            return meaning(node, {**state, fact.slot: value}).value is wanted

        far = next((away for away in _doublings() if does(away)), None)
        if far is None:
            far = self._at_the_bound(fact, sign, Fraction(start), step)
            if far is None:
                return None
            if not does(far):  # as far as it goes; another fact has to do the rest
                return Fraction(start + sign * far * step) if far else None
        near = far // 2 if far > 1 else -1
        while far - near > 1:
            middle = (near + far) // 2
            near, far = (near, middle) if does(middle) else (middle, far)
        return Fraction(start + sign * far * step)

    @staticmethod
    def _at_the_bound(fact: Fact, sign: int, start: Fraction, step: Fraction) -> int | None:
        bound = fact.high if sign > 0 else fact.low
        return None if bound is None else int(abs(bound - start) // step)


def _doublings() -> Iterator[int]:
    yield 0
    for each in range(_FARTHEST):
        yield 1 << each


def _is_possible(fact: Fact, value: Fraction) -> bool:
    return (fact.low is None or value >= fact.low) and (fact.high is None or value <= fact.high)
