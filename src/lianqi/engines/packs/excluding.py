"""Measures that are not both paid (择高享受): which of them an applicant gets.

Of measures that exclude each other, the combination with the highest sum is paid; of two, that is
the higher one. Equal sums are settled by the order in which the measures are stated. Amounts that
are not known stay ranges, and a measure whose payment depends on them is paid from nothing to all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from lianqi.engines.packs.library import Found
from lianqi.engines.rules import ranges
from lianqi.engines.rules.ranges import Bound, Range

# Measures that hang together by exclusions are tried in every combination up to so many; beyond,
# the highest is taken, then the next that nothing taken excludes, which may not be the best sum.
MOST_TRIED = 24

Pair = frozenset[str]
# A sum, and for equal sums a number that is the higher the earlier its measures are stated.
_Weight = tuple[Bound, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is left of an award.

    Attributes:
        amount: Nothing if others are paid instead; from nothing on if that is not settled.
        instead: The measures that are paid, or may be, in its place; empty if it is paid.
        is_open: It depends on amounts that are not known whether it is paid.
    """

    amount: Range
    instead: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def is_paid(self) -> bool:
        return not self.instead


def exclusions(found: Iterable[Found]) -> frozenset[Pair]:
    """Which measures exclude each other, by pack/measure; one saying so is enough."""
    return frozenset(
        frozenset({f"{each.pack.key}/{each.measure.key}", full_name(each.pack.key, other.measure)})
        for each in found
        for other in each.measure.excludes
    )


def full_name(pack: str, measure: str) -> str:
    """pack/measure, as an exclusion may name a measure of its own pack by its key alone."""
    return measure if "/" in measure else f"{pack}/{measure}"


def choose(awards: Mapping[str, Range], pairs: Collection[Pair]) -> dict[str, Choice]:
    """What an applicant gets of measures of which some exclude each other.

    Args:
        awards: Yuan by measure, in the order in which they are stated; what is not money is 0.
    """
    chosen = {key: Choice(amount) for key, amount in awards.items()}
    beside = _beside(awards, pairs)
    for knot in _knots(awards, beside):
        chosen |= _chosen(knot, awards, beside)
    return {key: chosen[key] for key in awards}


def total(awards: Mapping[str, Range], pairs: Collection[Pair]) -> Range:
    """The sum of the best combination, from the least to the most."""
    beside = _beside(awards, pairs)
    free = [each for key, each in awards.items() if not beside[key]]
    found = ranges.ZERO
    for each in free:
        found = ranges.plus(found, each)
    for knot in _knots(awards, beside):
        low = _sum(knot, {key: awards[key].low for key in knot}, beside)
        high = _sum(knot, {key: awards[key].high for key in knot}, beside)
        found = ranges.plus(found, Range(low, high))
    return found


def is_exact(awards: Collection[str], pairs: Collection[Pair]) -> bool:
    """Whether every combination was tried, or so many hang together that the highest was taken."""
    beside = _beside(awards, pairs)
    return all(len(knot) <= MOST_TRIED for knot in _knots(awards, beside))


def _beside(awards: Collection[str], pairs: Collection[Pair]) -> dict[str, set[str]]:
    beside: dict[str, set[str]] = {key: set() for key in awards}
    for pair in pairs:
        if len(pair) == 2 and all(each in awards for each in pair):  # noqa: PLR2004  # a measure cannot exclude itself
            one, other = pair
            beside[one].add(other)
            beside[other].add(one)
    return beside


def knots(
    names: Collection[str], pairs: Collection[Pair]
) -> tuple[list[tuple[str, ...]], Mapping[str, set[str]]]:
    """The measures that hang together by exclusions, and by measure those it excludes."""
    beside = _beside(names, pairs)
    return _knots(names, beside), beside


def _knots(awards: Collection[str], beside: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Measures that hang together by exclusions, each knot in the order of statement."""
    knots, seen = [], set[str]()
    for start in awards:
        if start in seen or not beside[start]:
            continue
        knot, ahead = {start}, [start]
        while ahead:
            near = beside[ahead.pop()] - knot
            knot |= near
            ahead += near
        seen |= knot
        knots.append(tuple(key for key in awards if key in knot))
    return knots


def _chosen(
    knot: Sequence[str], awards: Mapping[str, Range], beside: Mapping[str, set[str]]
) -> dict[str, Choice]:
    if all(awards[key].is_known for key in knot):
        paid = best(knot, {key: awards[key].low for key in knot}, beside)
        return {key: _settled(key, awards[key], paid, beside) for key in knot}
    if len(knot) > MOST_TRIED:
        return {
            key: Choice(ranges.hull(ranges.ZERO, awards[key]), _rivals(key, beside), is_open=True)
            for key in knot
        }
    return {key: _open(key, knot, awards, beside) for key in knot}


def _settled(
    key: str, award: Range, paid: frozenset[str], beside: Mapping[str, set[str]]
) -> Choice:
    if key in paid:
        return Choice(award)
    return Choice(ranges.ZERO, tuple(each for each in beside if each in beside[key] & paid))


def _open(
    key: str,
    knot: Sequence[str],
    awards: Mapping[str, Range],
    beside: Mapping[str, set[str]],
) -> Choice:
    """Paid or not where that holds for all amounts; bounds are sound, and not always narrowest."""
    low = {each: awards[each].low for each in knot}
    high = {each: awards[each].high for each in knot}
    others = [each for each in knot if each != key]
    apart = [each for each in others if each not in beside[key]]
    rivals = _rivals(key, beside)
    least_with = low[key] + _sum(apart, low, beside)
    most_with = high[key] + _sum(apart, high, beside)
    least_without, most_without = _sum(others, low, beside), _sum(others, high, beside)
    if least_with > most_without:
        return Choice(awards[key])
    if most_with < least_without:
        return Choice(ranges.ZERO, rivals)
    return Choice(ranges.hull(ranges.ZERO, awards[key]), rivals, is_open=True)


def _rivals(key: str, beside: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(each for each in beside if each in beside[key])


def _sum(
    keys: Sequence[str], amounts: Mapping[str, Bound], beside: Mapping[str, set[str]]
) -> Bound:
    found: Bound = Fraction(0)
    for key in best(keys, amounts, beside):
        found += amounts[key]
    return found


def best(
    keys: Sequence[str], amounts: Mapping[str, Bound], beside: Mapping[str, set[str]]
) -> frozenset[str]:
    """The combination with the highest sum; of equal ones that of the measures stated first."""
    if len(keys) > MOST_TRIED:
        return _highest_first(keys, amounts, beside)
    rank = {key: 1 << (len(keys) - place) for place, key in enumerate(keys)}
    known: dict[frozenset[str], tuple[_Weight, frozenset[str]]] = {}

    def of(left: frozenset[str]) -> tuple[_Weight, frozenset[str]]:
        if not left:
            return (Fraction(0), 0), frozenset()
        if left not in known:
            key = max(left, key=lambda each: (len(beside[each] & left), rank[each]))
            (amount, order), kept = of(left - beside[key] - {key})
            taken = (amount + amounts[key], order + rank[key]), kept | {key}
            known[left] = (
                taken if not beside[key] & left else max(taken, of(left - {key}), key=_weight)
            )
        return known[left]

    return of(frozenset(keys))[1]


def _weight(found: tuple[_Weight, frozenset[str]]) -> tuple[float, Bound, int]:
    (amount, order), _kept = found
    return (1.0 if amount == inf else 0.0), Fraction(0) if amount == inf else amount, order


def _highest_first(
    keys: Sequence[str], amounts: Mapping[str, Bound], beside: Mapping[str, set[str]]
) -> frozenset[str]:
    kept: set[str] = set()
    for key in sorted(keys, key=lambda each: amounts[each], reverse=True):
        if not beside[key] & kept:
            kept.add(key)
    return frozenset(kept)
