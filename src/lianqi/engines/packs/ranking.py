"""Pay by rank: who is first among all that meet the conditions, as far as figures are known.

A place is read off sorted ends of figures, so that nobody is compared with everybody.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from lianqi.engines.packs.applicants import OUT, Applicant, Settled
from lianqi.engines.packs.pack import Rank
from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.meaning import Outcome, meaning
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rule import Assessment, Status

# Of how many others somebody is told that their missing facts matter.
MOST_NAMED = 20


def ranked(
    rank: Rank,
    applicants: Sequence[Applicant],
    assessed: Mapping[str, Assessment],
    day: dt.date,
) -> dict[str, Settled]:
    """What everybody gets by rank.

    Args:
        assessed: What the measure is for each applicant alone, by key.
    """
    by = bind(rank.by, day)
    inside = [each for each in applicants if assessed[each.key].status not in OUT]
    field = _Field(assessed, {each.key: meaning(by, each.snapshot) for each in inside})
    pays = [(level.upto, meaning(bind(level.amount, day), {}).value.value) for level in rank.levels]
    found = {key: Settled(each.status, None) for key, each in assessed.items()}
    return found | {each.key: _placed(each.key, field, pays) for each in inside}


class _Field:
    """Everybody who can still be ranked, by the ends of what is known of their figures."""

    def __init__(self, assessed: Mapping[str, Assessment], figures: Mapping[str, Outcome]) -> None:
        self.assessed, self.figures = assessed, figures
        values = {key: each.value for key, each in figures.items()}
        sure = [key for key in values if assessed[key].status is Status.MET]
        self._lows_of_sure = sorted(values[key].low for key in sure)
        self._highs = sorted(each.high for each in values.values())
        self._known = Counter(each.low for each in values.values() if each.is_known)
        missing = ((key, assessed[key].asks | figures[key].asks) for key in values)
        self._open = sorted(
            ((key, asks) for key, asks in missing if asks),
            key=lambda each: values[each[0]].high,
            reverse=True,
        )

    def places(self, figure: Range) -> tuple[int, int]:
        """The best and the worst place of somebody in the field."""
        above = len(self._lows_of_sure) - bisect_right(self._lows_of_sure, figure.high)
        # Whoever can be as high may come before; the figure itself is among them.
        not_below = len(self._highs) - bisect_left(self._highs, figure.low)
        return above + 1, not_below

    def is_tied(self, figure: Range) -> bool:
        """Whether somebody else surely has the same figure."""
        return figure.is_known and self._known[figure.low] > 1

    def waits_for(self, key: str, figure: Range) -> frozenset[tuple[str, str]]:
        """The missing facts of others that decide on a place."""
        others = (
            (other, asks)
            for other, asks in self._open
            if other != key and self._matters(other, figure)
        )
        named = islice(others, MOST_NAMED)
        return frozenset((other, ask) for other, asks in named for ask in asks)

    def _matters(self, other: str, figure: Range) -> bool:
        theirs = self.figures[other].value
        is_above = self.assessed[other].status is Status.MET and theirs.low > figure.high
        return theirs.high >= figure.low and not is_above


def _placed(key: str, field: _Field, pays: Sequence[tuple[int, Fraction]]) -> Settled:
    own, mine = field.assessed[key], field.figures[key]
    best, worst = field.places(mine.value)
    amount = Range(_pay(worst, pays), _pay(best, pays))
    settled = Settled(own.status, amount, asks=own.asks | mine.asks, places=(best, worst))
    if own.status is not Status.MET:
        return _waiting(settled, field.waits_for(key, mine.value), ranges.hull(ranges.ZERO, amount))
    if amount.is_known:
        is_paid = amount.low > 0
        status, left = (Status.MET, amount) if is_paid else (Status.UNMET, None)
        return Settled(status, left, places=(best, worst))
    waits_for = field.waits_for(key, mine.value)
    is_tie = field.is_tied(mine.value) and not waits_for and not settled.asks
    status = Status.REVIEW if is_tie else Status.UNKNOWN
    return _waiting(replace(settled, status=status), waits_for, amount)


def _waiting(settled: Settled, waits_for: frozenset[tuple[str, str]], amount: Range) -> Settled:
    return replace(settled, waits_for=waits_for, amount=amount)


def _pay(place: int, pays: Sequence[tuple[int, Fraction]]) -> Fraction:
    return next((amount for upto, amount in pays if place <= upto), Fraction(0))
