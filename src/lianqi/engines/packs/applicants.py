"""Those who take part in a run, and what it gives them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.ranges import Bound, Range
from lianqi.engines.rules.rule import Status

OUT = (Status.UNMET, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Applicant:
    """Somebody in a run.

    Attributes:
        turn: The place in the order in which applications came in, for pots that are first come,
            first served.
    """

    key: str
    snapshot: Snapshot
    turn: int = 0


@dataclass(frozen=True)
class Settled:
    """What a run gives one applicant.

    Attributes:
        status: As assessed; UNMET for who is out of the paid ranks, UNKNOWN for whose place depends
            on facts that are missing, REVIEW for whose place depends on a tie.
        amount: Yuan, a range where it is not settled.
        due: Yuan before a sum that does not suffice was shared; None if nothing was cut.
        asks: What is missing of the applicant's own.
        waits_for: Whose missing facts the result depends on, as (applicant, slot); of so many
            applicants as `ranking.MOST_NAMED`.
        places: The best and the worst rank still possible.
        instead: The measures that are paid in its place, as they exclude it; or may be, if the
            status is UNKNOWN.
    """

    status: Status
    amount: Range | None
    due: Range | None = None
    asks: frozenset[str] = frozenset()
    waits_for: frozenset[tuple[str, str]] = frozenset()
    places: tuple[int, int] | None = None
    instead: tuple[str, ...] = ()

    @property
    def is_paid(self) -> bool:
        """Whether it gets some money for sure."""
        return self.status is Status.MET and self.amount is not None and self.amount.low > 0

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is missing could change it."""
        is_sum_known = self.amount is None or self.amount.is_known
        return self.status in (*OUT, Status.MET) and is_sum_known


@dataclass(frozen=True)
class Sum:
    """What a run gives in all.

    Attributes:
        paid: How many get something for sure.
        open: Of how many it is not settled.
        low, high: Yuan.
    """

    applied: int
    paid: int
    open: int
    low: Fraction
    high: Bound


def sum_of(settled: Iterable[Settled]) -> Sum:
    every = list(settled)
    amounts = [each.amount for each in every if each.amount is not None]
    is_endless = any(each.high == inf for each in amounts)
    return Sum(
        len(every),
        sum(each.is_paid for each in every),
        sum(not each.is_settled for each in every),
        sum((Fraction(each.low) for each in amounts), Fraction(0)),
        inf if is_endless else sum((Fraction(each.high) for each in amounts), Fraction(0)),
    )
