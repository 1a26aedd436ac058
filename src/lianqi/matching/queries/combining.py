"""What all that an enterprise meets comes to, where some of it is not paid side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from lianqi.engines.packs.excluding import (
    Choice,
    choose,
    exclusions,
    full_name,
    is_exact,
    total,
)
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import Measure
from lianqi.engines.packs.settling import Fen, Flags, Knot, knots_of
from lianqi.engines.rules import ranges
from lianqi.engines.rules.ranges import Range
from lianqi.matching.enums import Group
from lianqi.matching.queries.verdicts import Place, Verdict


@dataclass(frozen=True, slots=True)
class Beside:
    """What other measures mean for one that is met.

    Attributes:
        instead: Measures that are paid in its place; or may be, if it is open.
        over: Measures in whose place it is paid.
        articles: Which articles say that they are not paid side by side, as they are cited.
    """

    instead: tuple[Measure, ...] = ()
    over: tuple[Measure, ...] = ()
    articles: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Combination:
    """The best of what is met.

    Attributes:
        low, high: Yuan; `high` is None if it has no end.
        measures: How many of the measures give money.
        is_exact: Whether every combination was tried; otherwise the highest was taken first.
    """

    low: Fraction
    high: Fraction | None
    measures: int
    beside: Mapping[str, Beside]
    is_exact: bool = True

    def of(self, place: Place) -> Beside | None:
        """What others mean for a measure; None if it excludes none of those that are met."""
        return self.beside.get(_name(place))

    @property
    def leaves_out(self) -> bool:
        return any(each.instead for each in self.beside.values())


@dataclass(frozen=True)
class PlacedKnot:
    """Measures that hang together by exclusions.

    Attributes:
        places: Where they stand among the measures asked about.
    """

    places: tuple[int, ...]
    knot: Knot

    def paid(self, met: Flags, fen: Fen) -> Flags:
        """What is paid of what is met, by measure and enterprise."""
        return self.knot.paid(met, fen)


def knots_of_places(places: Sequence[Place]) -> list[PlacedKnot]:
    """The measures of which not all are paid, in the order in which packs state them."""
    pairs = exclusions(Found(each.pack, each.measure) for each in places)
    numbers = {_name(each): number for number, each in enumerate(places)}
    return [
        PlacedKnot(tuple(numbers[name] for name in knot.names), knot)
        for knot in knots_of(tuple(numbers), pairs)
    ]


def pays(measure: Measure) -> bool:
    """Whether it gives money of the zone; a loan or a title is none."""
    return any(each.amount is not None and each.kind.is_paid for each in measure.benefits)


def combination_of(verdicts: Sequence[Verdict]) -> Combination:
    """Of everything that is met, what is paid together at best.

    What is not money of the zone, as a loan or a title, counts nothing.
    """
    met = {_name(each.place): each for each in verdicts if each.group is Group.MET}
    pairs = exclusions(Found(each.place.pack, each.place.measure) for each in met.values())
    awards = {name: _award(each) for name, each in met.items()}
    chosen = choose(awards, pairs)
    sums = total(awards, pairs)
    return Combination(
        Fraction(sums.low),
        None if sums.high == inf else Fraction(sums.high),
        sum(1 for each in awards.values() if each != ranges.ZERO),
        {name: _beside(name, chosen, met) for name in met if any(name in each for each in pairs)},
        is_exact(awards, pairs),
    )


def _beside(name: str, chosen: Mapping[str, Choice], met: Mapping[str, Verdict]) -> Beside:
    mine = chosen[name]
    over = [other for other, each in chosen.items() if name in each.instead and not each.is_open]
    cited = [
        article
        for other in (*mine.instead, *over)
        for one, another in ((name, other), (other, name))
        for article in _cited(one, another, met)
    ]
    return Beside(
        tuple(met[each].place.measure for each in mine.instead),
        tuple(met[each].place.measure for each in over),
        tuple(dict.fromkeys(cited)),
        mine.is_open,
    )


def _cited(one: str, other: str, met: Mapping[str, Verdict]) -> Iterator[str]:
    """The articles by which one excludes the other, with the document where it is not its own."""
    place = met[one].place
    for each in place.measure.excludes:
        if each.article and full_name(place.pack.key, each.measure) == other:
            is_same = place.pack.key == met[other].place.pack.key
            yield each.article if is_same else f"《{place.pack.document.title}》{each.article}"


def _award(verdict: Verdict) -> Range:
    if verdict.low is None or not pays(verdict.place.measure):
        return ranges.ZERO
    return Range(verdict.low, inf if verdict.high is None else verdict.high)


def _name(place: Place) -> str:
    return f"{place.pack.key}/{place.measure.key}"
