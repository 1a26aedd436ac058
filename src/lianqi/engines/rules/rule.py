"""A measure as a rule: whom it is for, what it asks, what it gives; and what that is for somebody.

This is the reference: `assess` reads the rule with `meaning` alone. The other executors take the
same `Rule` and have to come to the same `Assessment`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import floor

from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.meaning import Outcome, Snapshot, meaning
from lianqi.engines.rules.nodes import TRUE, And, Node, Or
from lianqi.engines.rules.ranges import Bound, Range

FEN = Fraction(1, 100)
# What reads a part of a rule for an applicant.
Reads = Callable[[Node, Snapshot], Outcome]


class Status(StrEnum):
    """A verdict is never a bare boolean."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    REVIEW = "manual_review"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Clause:
    """One condition with the place where it stands.

    Attributes:
        key: Unique in the measure.
        article: Article and paragraph of the document, as cited.
        condition: A condition.
    """

    key: str
    article: str
    condition: Node


class RoundingMode(StrEnum):
    HALF_UP = "half_up"
    DOWN = "down"


@dataclass(frozen=True)
class Rounding:
    """How an amount is rounded, once, at the end.

    Attributes:
        to: The step in yuan: 0.01, 1, 100; whole fen.
    """

    to: Fraction = FEN
    mode: RoundingMode = RoundingMode.HALF_UP

    def __post_init__(self) -> None:
        if self.to <= 0 or (self.to / FEN).denominator != 1:
            raise ValueError(f"amounts are rounded to whole fen, not to {self.to} yuan")

    def of(self, amount: Bound) -> Bound:
        if not isinstance(amount, Fraction):
            return amount
        half = Fraction(1, 2) if self.mode is RoundingMode.HALF_UP else 0
        return floor(amount / self.to + half) * self.to


@dataclass(frozen=True)
class Benefit:
    """One thing that a measure gives.

    Attributes:
        amount: Yuan; None for what is not money.
        when: A further condition of this benefit alone; `TRUE` if there is none.
    """

    key: str
    article: str
    amount: Node | None
    when: Node = TRUE
    rounding: Rounding = Rounding()


@dataclass(frozen=True)
class Rule:
    """A measure.

    Attributes:
        key: Unique in a matching run: pack and measure.
        scope: Whom it is for at all; where it fails the measure is not applicable.
        cap: Yuan for all benefits together; None if there is none.
        starts, ends: Days in force, both included; None is without end.
    """

    key: str
    clauses: tuple[Clause, ...]
    benefits: tuple[Benefit, ...] = ()
    scope: Node = TRUE
    cap: Node | None = None
    starts: dt.date | None = None
    ends: dt.date | None = None

    @property
    def condition(self) -> And:
        """All clauses, and at least one benefit whose own condition holds."""
        whens = tuple(dict.fromkeys(each.when for each in self.benefits))
        open_to_all = not whens or TRUE in whens
        parts = tuple(each.condition for each in self.clauses)
        return And(parts if open_to_all else (*parts, whens[0] if len(whens) == 1 else Or(whens)))

    def is_in_force(self, day: dt.date) -> bool:
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )

    def on(self, day: dt.date) -> "Rule":
        """The rule as it reads on a day."""
        return replace(
            self,
            scope=bind(self.scope, day),
            clauses=tuple(
                replace(each, condition=bind(each.condition, day)) for each in self.clauses
            ),
            benefits=tuple(
                replace(
                    each,
                    when=bind(each.when, day),
                    amount=each.amount and bind(each.amount, day),
                )
                for each in self.benefits
            ),
            cap=self.cap and bind(self.cap, day),
        )


@dataclass(frozen=True)
class Granted:
    """What one benefit comes to.

    Attributes:
        status: Of the benefit's own condition.
        amount: Rounded yuan, a range where it is not settled; None for what is not money.
        asks: What amount and condition still depend on.
    """

    key: str
    status: Status
    amount: Range | None
    asks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assessment:
    """What a measure is for one applicant on one day.

    Attributes:
        asks: Slots of facts and questions that the status depends on; empty if it is settled.
        clauses: Status by clause, in order.
        amount: Yuan of all benefits together, a range where it is not settled; None where the
            measure gives no money, or is out of reach (unmet, not applicable).
        amount_asks: What the amount still depends on.
    """

    status: Status
    asks: frozenset[str]
    clauses: tuple[tuple[str, Status], ...] = ()
    benefits: tuple[Granted, ...] = ()
    amount: Range | None = None
    amount_asks: frozenset[str] = frozenset()


def assess(rule: Rule, snapshot: Snapshot) -> Assessment:
    """What a bound rule (`Rule.on`) is for one applicant; whether it is in force is not asked."""
    scope = meaning(rule.scope, snapshot)
    if scope.value is False:
        return Assessment(Status.NOT_APPLICABLE, frozenset())
    clauses = tuple(
        (each.key, status_of(meaning(each.condition, snapshot))) for each in rule.clauses
    )
    whole = meaning(And((rule.scope, *rule.condition.items)), snapshot)
    status = status_of(whole)
    if status is Status.UNMET:
        return Assessment(status, frozenset(), clauses)
    return Assessment(status, whole.asks, clauses, *grants(rule, snapshot))


def grants(
    rule: Rule, snapshot: Snapshot, of: Reads = meaning
) -> tuple[tuple[Granted, ...], Range | None, frozenset[str]]:
    """What the benefits come to, one by one and together, and what the whole still asks for.

    Args:
        of: What reads a part of the rule.
    """
    granted = tuple(_granted(each, snapshot, of) for each in rule.benefits)
    return granted, *_together(rule, granted, snapshot, of)


def status_of(outcome: Outcome) -> Status:
    """The status of a condition; a review only where nothing but answers is missing."""
    if outcome.value is not None:
        return Status.MET if outcome.value else Status.UNMET
    if outcome.asks and all(each.startswith("judged:") for each in outcome.asks):
        return Status.REVIEW
    return Status.UNKNOWN


def _granted(benefit: Benefit, snapshot: Snapshot, of: Reads) -> Granted:
    when = of(benefit.when, snapshot)
    status = status_of(when)
    if benefit.amount is None:
        return Granted(benefit.key, status, None, when.asks)
    if when.value is False:
        return Granted(benefit.key, status, ranges.ZERO)
    amount = of(benefit.amount, snapshot)
    rounding = benefit.rounding
    rounded = Range(rounding.of(amount.value.low), rounding.of(amount.value.high))
    if when.value is None:
        rounded = ranges.hull(ranges.ZERO, rounded)
    asks = frozenset() if rounded.is_known else when.asks | amount.asks
    return Granted(benefit.key, status, rounded, asks)


def _together(
    rule: Rule, granted: tuple[Granted, ...], snapshot: Snapshot, of: Reads
) -> tuple[Range | None, frozenset[str]]:
    amounts = [each for each in granted if each.amount is not None]
    if not amounts:
        return None, frozenset()
    total = ranges.ZERO
    for each in amounts:
        total = ranges.plus(total, each.amount or ranges.ZERO)
    asks = frozenset[str]().union(*(each.asks for each in amounts))
    if rule.cap is not None:
        cap = of(rule.cap, snapshot)
        down = Rounding(mode=RoundingMode.DOWN)  # what is paid is whole fen, and never above it
        whole = Range(down.of(cap.value.low), down.of(cap.value.high))
        total, asks = ranges.least(total, whole), asks | cap.asks
    return total, frozenset() if total.is_known else asks
