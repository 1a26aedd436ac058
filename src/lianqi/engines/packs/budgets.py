"""What a limited sum leaves of everybody's claims."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf

from lianqi.engines.packs.applicants import Applicant, Settled
from lianqi.engines.packs.pack import Budget
from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.meaning import meaning
from lianqi.engines.rules.ranges import Bound, Range
from lianqi.engines.rules.rule import Rounding, RoundingMode

_FEN_DOWN = Rounding(mode=RoundingMode.DOWN)


class BudgetMissingError(ValueError):
    """A run was to keep to a budget whose sum is not known."""


def limit_of(budget: Budget | None, given: Fraction | None, day: dt.date) -> Fraction | None:
    """The yuan of a run; None if nothing limits it.

    Args:
        given: The sum where the text names none, or another one to be tried.

    Raises:
        BudgetMissingError: There is a limit, and neither the pack nor the caller knows its sum.
    """
    if given is not None or budget is None:
        return given
    if budget.amount is None:
        raise BudgetMissingError("the text limits the money without a sum: name the sum")
    limit: Fraction = meaning(bind(budget.amount, day), {}).value.value
    return limit


def within(
    limit: Fraction, when_short: str, applicants: Sequence[Applicant], found: Mapping[str, Settled]
) -> dict[str, Settled]:
    """What everybody gets of a sum.

    Args:
        when_short: proportional, first_come or rank.
        found: What everybody would get if there were enough.
    """
    if when_short == "first_come":
        turns = {each.key: each.turn for each in applicants}
        return _first_come(limit, found, sorted(found, key=lambda key: turns[key]))
    if when_short == "rank":
        last = len(found) + 1, 0
        return _first_come(limit, found, sorted(found, key=lambda key: found[key].places or last))
    return _proportional(limit, found)


def _claims(found: Mapping[str, Settled]) -> dict[str, Range]:
    """What each may get at least and at most."""
    return {key: each.amount for key, each in found.items() if each.amount is not None}


def _cut(before: Settled, left: Range) -> Settled:
    return before if left == before.amount else replace(before, amount=left, due=before.amount)


class _Total:
    """A sum of claims of which one can be left out again; claims without end are counted."""

    def __init__(self, claims: Iterable[Bound]) -> None:
        self._finite, self._endless = Fraction(0), 0
        for each in claims:
            if each == inf:
                self._endless += 1
            else:
                self._finite += Fraction(each)

    def without(self, claim: Bound) -> Bound:
        if claim == inf:
            return inf if self._endless > 1 else self._finite
        return inf if self._endless else self._finite - Fraction(claim)


def _proportional(limit: Fraction, found: Mapping[str, Settled]) -> dict[str, Settled]:
    """Everybody the same share of what is due, rounded down, so that the sum keeps the limit."""
    claims = _claims(found)
    lows = _Total(each.low for each in claims.values())
    highs = _Total(each.high for each in claims.values())
    settled = dict(found)
    for key, claim in claims.items():
        low = _share(claim.low, highs.without(claim.high), limit)
        high = _share(claim.high, lows.without(claim.low), limit)
        settled[key] = _cut(found[key], Range(low, high))
    return settled


def _share(claim: Bound, others: Bound, limit: Fraction) -> Bound:
    """The part of a claim that a limit leaves, with the claims of all others beside it."""
    if not claim:
        return Fraction(0)
    if claim == inf:
        return limit if others == 0 else _FEN_DOWN.of(limit)
    if others == inf:
        return Fraction(0)
    total = Fraction(claim) + Fraction(others)
    return claim if total <= limit else _FEN_DOWN.of(Fraction(claim) * limit / total)


def _first_come(
    limit: Fraction, found: Mapping[str, Settled], order: Sequence[str]
) -> dict[str, Settled]:
    """In order until the pot is empty; who comes last gets what is left."""
    claims = _claims(found)
    settled = dict(found)
    left = ranges.exactly(limit)
    for key in order:
        if key not in claims:
            continue
        claim = claims[key]
        settled[key] = _cut(found[key], ranges.least(claim, left))
        left = ranges.greatest(ranges.ZERO, Range(left.low - claim.high, left.high - claim.low))
    return settled
