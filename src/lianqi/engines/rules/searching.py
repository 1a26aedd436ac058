"""Best-first search for the cheapest changes that fulfil a condition.

A state is a set of changes; from each, one unfulfilled part is repaired in every way one changed
fact allows, by just as much as it needs. Fewer changed facts come first, then smaller relative
changes. Conditions are read by `ranging.deciding`, and what a part needs is kept: most states
differ in one fact only.
"""

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import inf
from time import perf_counter
from typing import Any

from lianqi.engines.rules.changes import Change, Leeway, Leeways, NoPlan, Plan
from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.nodes import (
    And,
    AtLeast,
    Choice,
    Compare,
    Count,
    Fact,
    Has,
    Judged,
    Kind,
    Name,
    Node,
    Not,
    OneOf,
    Or,
    Prefix,
    Sign,
    Total,
    facts_of,
    walk,
)
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.ranging import Decider, deciding, small

MOST_CHANGES = 6
MOST_FACTS = 60  # of an example made from nothing
MOST_STATES = 4_000
MOST_TRIES = 120  # states of an example: clauses that contradict each other go on for ever
_FARTHEST = 80  # doublings of a step: beyond any amount of money
_ORDERED = (Kind.NUMBER, Kind.DATE)
_SOMETHING_ELSE = ""  # a text that no list names
_ROOM = 1_000_000
_FIRST_DAY, _LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()
_SOME_DAY = dt.date(2000, 1, 1)  # where the search begins for a day that is not known


class Search:
    """One search.

    Attributes:
        held: Slots of facts that cannot be changed and stood in the way.
        was_given_up: There were more states than were looked at, or more than time for them.
    """

    def __init__(
        self,
        condition: Node,
        snapshot: Snapshot,
        leeways: Leeways,
        *,
        is_free: bool = False,
        most_states: int | None = None,
        seconds: float = inf,
    ) -> None:
        self.condition = condition
        self.is_free = is_free
        self.most_changes = MOST_FACTS if is_free else MOST_CHANGES
        self.most_states = most_states or (MOST_TRIES if is_free else MOST_STATES)
        self.seconds = seconds
        self.was_given_up = False
        self._deciders: dict[int, tuple[Node, Decider, tuple[str, ...]]] = {}
        self._nearest_known: dict[Hashable, Any] = {}
        self._equalities: dict[tuple[int, Sign], Node] = {}
        questions = {each.slot: each for each in walk(condition) if isinstance(each, Judged)}
        self.leeways: dict[str, tuple[Fact | Judged, Leeway]] = {
            fact.slot: (fact, leeway)
            for fact in facts_of(condition)
            if (leeway := leeways(fact)) is not None
        }
        self.answers: tuple[str, ...] = ()
        self.before = dict(snapshot)
        if is_free:
            self.leeways |= {slot: (each, Leeway(falls=True)) for slot, each in questions.items()}
        else:
            self.before = {**dict.fromkeys(questions, True), **snapshot}
            self.answers = tuple(sorted(slot for slot in questions if snapshot.get(slot) is None))
        self.held: set[str] = set()

    def best(self) -> Plan | NoPlan:
        order = count()
        queue: list[tuple[tuple[int, Fraction], int, dict[str, Any]]] = []
        heappush(queue, (self._cost({}), next(order), {}))
        seen: set[frozenset[tuple[str, Any]]] = set()
        until = perf_counter() + self.seconds
        while queue:
            if len(seen) >= self.most_states or perf_counter() > until:
                self.was_given_up = True
                break
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
                if len(after) <= self.most_changes:
                    heappush(queue, (self._cost(after), next(order), after))
        has_lists = any(isinstance(each, Count | Total) for each in walk(self.condition))
        return NoPlan(tuple(sorted(self.held)), is_certain=not self.was_given_up and not has_lists)

    def _read(self, node: Node) -> tuple[Node, Decider, tuple[str, ...]]:
        """How a part is read, and the slots that it reads; the node is kept with its number."""
        known = self._deciders.get(id(node))
        if known is None:
            slots = tuple(
                dict.fromkeys(each.slot for each in walk(node) if isinstance(each, Fact | Judged))
            )
            known = self._deciders[id(node)] = (node, deciding(node), slots)
        return known

    def _truth(self, node: Node, state: Snapshot) -> bool | None:
        return self._read(node)[1](state)

    def _holds(self, changed: Mapping[str, Any]) -> bool:
        return self._truth(self.condition, {**self.before, **changed}) is True

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
        before = Fraction(now)
        return abs(Fraction(target) - before) / max(abs(before), leeway.step)

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
                missed = [each for each in items if self._truth(each, state) is not wanted]
                # All of them have to be repaired, so one decides; of alternatives any may do.
                all_needed = isinstance(node, And) is wanted
                for each in missed[:1] if all_needed else missed:
                    yield from self._repairs(each, state, wanted=wanted)
            case AtLeast(items=items):
                for each in items:
                    if self._truth(each, state) is not wanted:
                        yield from self._repairs(each, state, wanted=wanted)
            case _:
                yield from self._leaf_repairs(node, state, wanted=wanted)

    def _leaf_repairs(
        self, node: Node, state: Snapshot, *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        match node:
            case Has(item=Fact() as fact, values=values):
                yield from self._set_repairs(fact, values, state, wanted=wanted)
            case (
                OneOf(item=Fact() as fact, values=values)
                | Prefix(item=Fact() as fact, prefixes=values)
            ):
                yield from self._text_repairs(fact, values, wanted=wanted)
            case Fact() | Judged() as fact:
                yield from self._settings(fact, (wanted,))
            case Compare(sign=sign) if sign is (Sign.EQUAL if wanted else Sign.UNEQUAL):
                yield from self._equality_repairs(node, state)
            case _:
                yield from self._number_repairs(node, state, wanted=wanted)

    def _settings(self, fact: Fact | Judged, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
        leeway = self._leeway(fact)
        allowed = [value for value in values if (leeway.falls if value is False else leeway.rises)]
        if not allowed:
            self.held.add(fact.slot)
        for value in allowed:
            yield fact.slot, value

    def _text_repairs(
        self, fact: Fact, values: tuple[str, ...], *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        if wanted:
            yield from self._settings(fact, values)
        elif self._leeway(fact).falls:
            yield fact.slot, _SOMETHING_ELSE
        else:
            self.held.add(fact.slot)

    def _set_repairs(
        self, fact: Fact, values: tuple[str, ...], state: Snapshot, *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        held = state.get(fact.slot)
        if wanted:
            yield from self._settings(
                fact, tuple((held or frozenset()) | {value} for value in values)
            )
        elif held is None or self._leeway(fact).falls:
            yield fact.slot, (held or frozenset()) - set(values)
        else:  # a title that is in the way is not given back by advice
            self.held.add(fact.slot)

    def _leeway(self, fact: Fact | Judged) -> Leeway:
        return self.leeways.get(fact.slot, (fact, Leeway(rises=False)))[1]

    def _equality_repairs(self, node: Compare, state: Snapshot) -> Iterator[tuple[str, Any]]:
        """Two numbers become equal where one comes up to the other from below or from above."""
        for sign in (Sign.AT_LEAST, Sign.AT_MOST):
            half = self._equalities.setdefault((id(node), sign), replace(node, sign=sign))
            self._read(node)  # keeps the node, so that its number stays its own
            yield from self._number_repairs(half, state, wanted=True)

    def _number_repairs(
        self, node: Node, state: Snapshot, *, wanted: bool
    ) -> Iterator[tuple[str, Any]]:
        facts = facts_of(node)
        unknown = [each for each in facts if state.get(each.slot) is None]
        if self.is_free and len(unknown) > 1:  # none of them alone decides anything
            yield from self._seeds(unknown[0])
            return
        for fact in facts:
            leeway = self._leeway(fact)
            signs = (1,) * leeway.rises + (-1,) * leeway.falls
            if not signs:
                self.held.add(fact.slot)
            elif fact.kind in _ORDERED:
                for sign in signs:
                    target = self._nearest(node, fact, sign, state, wanted=wanted)
                    if target is not None:
                        yield fact.slot, target
        if self.is_free:  # one that is not known may have to be something before others can follow
            for fact in unknown:
                yield from self._seeds(fact)
        yield from self._test_repairs(node, state)

    def _test_repairs(self, node: Node, state: Snapshot) -> Iterator[tuple[str, Any]]:
        """Changes that make the number another one by the condition it is chosen by."""
        for part in walk(node):
            if isinstance(part, Choice):
                now = self._truth(part.test, state)
                if now is not True:
                    yield from self._repairs(part.test, state, wanted=True)
                if now is not False:
                    yield from self._repairs(part.test, state, wanted=False)

    def _seeds(self, fact: Fact) -> Iterator[tuple[str, Any]]:
        """Values to begin with: one that leaves room on both sides, the least, and the next."""
        if fact.kind is Kind.BOOL:
            yield from self._settings(fact, (True, False))
        if fact.kind in _ORDERED:
            scale = Scale(fact, self._leeway(fact).step, 1, None)
            for away in (_ROOM, 0, 1):
                value = scale.at(away)
                if value is not None:
                    yield fact.slot, value

    def _nearest(self, node: Node, fact: Fact, sign: int, state: Snapshot, *, wanted: bool) -> Any:
        """The nearest value in one direction with which the part is as wanted, or the bound."""
        values = tuple(state.get(each) for each in self._read(node)[2])
        key = (id(node), fact.slot, sign, wanted, values)
        try:
            if key not in self._nearest_known:
                found = self._nearest_anew(node, fact, sign, state, wanted=wanted)
                self._nearest_known[key] = found
        except TypeError:  # the entries of a list have no hash
            return self._nearest_anew(node, fact, sign, state, wanted=wanted)
        return self._nearest_known[key]

    def _nearest_anew(
        self, node: Node, fact: Fact, sign: int, state: Snapshot, *, wanted: bool
    ) -> Any:
        scale = Scale(fact, self._leeway(fact).step, sign, state.get(fact.slot))
        decide, slot = self._read(node)[1], fact.slot
        tried = dict(state)

        def does(away: int) -> bool:
            value = scale.at(away)
            if value is None:
                return False
            tried[slot] = value
            return decide(tried) is wanted

        far = None
        if self._may_do(node, fact, scale, state, wanted=wanted):
            far = next((away for away in _doublings() if does(away)), None)
        if far is None:
            far = scale.to_the_bound()
            if far is None:
                return None
            if not does(far):  # as far as it goes; another fact has to do the rest
                return scale.at(far) if far else None
        near = far // 2 if far > 1 else -1
        while far - near > 1:
            middle = (near + far) // 2
            near, far = (near, middle) if does(middle) else (middle, far)
        return scale.at(far)

    def _may_do(
        self, node: Node, fact: Fact, scale: "Scale", state: Snapshot, *, wanted: bool
    ) -> bool:
        """Whether any value in that direction can do, asked once for all of them."""
        if fact.kind is not Kind.NUMBER:
            return True
        outcome = self._truth(node, {**state, fact.slot: scale.beyond()})
        return outcome is None or outcome is wanted


class Scale:
    """The values of a fact in one direction, counted in steps from where it is."""

    def __init__(self, fact: Fact, step: Fraction, sign: int, now: Any) -> None:
        self.fact, self.step, self.sign = fact, small(step), sign
        self.low = None if fact.low is None else small(fact.low)
        self.high = None if fact.high is None else small(fact.high)
        if fact.kind is Kind.DATE:
            self.start: Fraction | int = (now or _SOME_DAY).toordinal()
        else:
            self.start = small(Fraction(now if now is not None else fact.low or 0))

    def at(self, away: int) -> Any:
        """The value; None if the fact cannot have it."""
        value = self.start + self.sign * away * self.step
        if self.fact.kind is Kind.DATE:
            within = _FIRST_DAY <= value <= _LAST_DAY
            return dt.date.fromordinal(int(value)) if within else None
        if self.low is not None and value < self.low:
            return None
        return None if self.high is not None and value > self.high else value

    def beyond(self) -> Range:
        """All values in this direction, the present one included."""
        start = Fraction(self.start)
        if self.sign > 0:
            return Range(start, inf if self.fact.high is None else self.fact.high)
        return Range(-inf if self.fact.low is None else self.fact.low, start)

    def to_the_bound(self) -> int | None:
        """How many steps there are in this direction; None: without end."""
        bound = self.fact.high if self.sign > 0 else self.fact.low
        return None if bound is None else int(abs(bound - self.start) // self.step)


def _doublings() -> Iterator[int]:
    yield 0
    for each in range(_FARTHEST):
        yield 1 << each
