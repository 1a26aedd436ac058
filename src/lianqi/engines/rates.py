"""Rates, how sure they are, and scores made of several rates.

A rate without a base is "no data", never zero. A rate of a small base is shown with an interval
and takes no part in a ranking.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt

SMALL_BASE = 30
_Z = 1.959963984540054  # of 95 per cent


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many.

    Example:
        >>> Rate(926, 926 + 297).value
        0.7571545380212592
        >>> Rate(0, 0).value is None
        True
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no rate")

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        """Too few cases to compare one group with another."""
        return self.whole < SMALL_BASE

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true rate lies in 95 of 100 cases (Wilson score interval).

        Unlike the textbook interval it stays within 0 and 1 and says something even at 0 of 3.
        """
        return None if self.value is None else _wilson(self.value, self.whole)


def _wilson(share: float, whole: int) -> tuple[float, float]:
    spread = _Z**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def points_interval(points: Decimal, whole: int) -> tuple[float, float]:
    """Where a score of 100 lies in at least 95 of 100 cases, if each of `whole` gives 0 to 100.

    A case that may give anything between spreads no more than one that gives all or nothing, so
    the interval of a rate is wide enough for the mean as well.
    """
    low, high = _wilson(float(points) / 100, whole)
    return low * 100, high * 100


@dataclass(frozen=True, slots=True)
class Term:
    """One rate of a score: weighted counts over a base, and its own weight in the score.

    Attributes:
        counts: What is counted, each with its weight: somebody content may count nine tenths.
        base: The count they are divided by.
        weight: Share of the score, 0 to 1.
    """

    name: str
    counts: Mapping[str, Decimal]
    base: str
    weight: Decimal

    def value(self, counted: Mapping[str, int]) -> Decimal | None:
        """In per cent, exact; None without a base."""
        if not (base := counted[self.base]):
            return None
        total = sum((weight * counted[name] for name, weight in self.counts.items()), Decimal(0))
        return total * 100 / base


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the rates it was made of; every value in points of 100 or None."""

    value: Decimal | None
    terms: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Formula:
    """A weighted sum of rates. Which formula held when is data of the zone.

    Raises:
        ValueError: The weights do not add up to one.
    """

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        if sum(term.weight for term in self.terms) != 1:
            raise ValueError("the weights of a score add up to 1")

    def score(self, counted: Mapping[str, int], *, places: int = 1) -> Score:
        """The score, rounded half up once at the end; "no data" if any rate has no base.

        Example:
            >>> calls = {"called": 100, "contacted": 98, "solved": 80, "satisfied": 70, "basic": 10}
            >>> THREE_RATES.score(calls).value
            Decimal('81.4')
        """
        values = {term.name: term.value(counted) for term in self.terms}
        total = Decimal(0)
        for term in self.terms:
            if (value := values[term.name]) is None:
                return Score(None, values)
            total += term.weight * value
        return Score(total.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), values)


# 响应率、满意率、解决率 of valid call-backs, as one published implementation of Beijing's
# 接诉即办 weighs them. It is an implementation, not the official manual.
THREE_RATES = Formula(
    (
        Term("response", {"contacted": Decimal(1)}, "called", Decimal("0.1")),
        Term(
            "satisfaction",
            {"satisfied": Decimal(1), "basic": Decimal("0.9")},
            "called",
            Decimal("0.4"),
        ),
        Term("resolution", {"solved": Decimal(1)}, "called", Decimal("0.5")),
    )
)


def rounded(value: Fraction | Decimal, digits: int) -> Decimal:
    """Rounded once from the exact value, halves up."""
    shifted = abs(Fraction(value)) * 10**digits
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    number = Decimal(whole).scaleb(-digits)
    return -number if value < 0 else number
