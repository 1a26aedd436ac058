"""What policies came to: averages and shares, and whether a figure behind them is only about so."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from lianqi.policies.models import PolicyDocument, PolicyOutcome
from lianqi.register.enums import Qualifier

MOST_OUTCOMES = 30


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure computed from told ones.

    Attributes:
        value: Exact for the figures as they were told; rounded only when it is shown.
        is_about: One of them was not told exactly, so this is not exact either.
    """

    value: Fraction
    is_about: bool


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """An outcome with what follows from it; None where a figure for it was not told.

    Attributes:
        each: Yuan for each that was reached.
        granted: Which share of those who applied was reached.
        left_out: How many applied and were not reached.
        used: Which share of the limit was drawn.
        left: Yuan of the limit that are left; below zero if more was given.
        multiple: How many times what was given before the limit of the measure is.
    """

    outcome: PolicyOutcome
    each: Computed | None
    granted: Computed | None
    left_out: Computed | None
    used: Computed | None
    left: Computed | None
    multiple: Computed | None


def outcomes_of(document: PolicyDocument) -> list[OutcomeShown]:
    """What was told of a document and stands, newest first; one query."""
    rows = PolicyOutcome.objects.standing().filter(document=document).for_list()
    return outcomes_shown(rows[:MOST_OUTCOMES])


def outcomes_shown(outcomes: Iterable[PolicyOutcome]) -> list[OutcomeShown]:
    return [_shown(each) for each in outcomes]


def _shown(told: PolicyOutcome) -> OutcomeShown:
    amount = _told(told.amount, told.amount_is)
    applied = _told(told.applied, told.applied_is)
    reached = _told(told.reached, told.reached_is)
    limit = _told(told.measure.usable_limit if told.measure else None, Qualifier.EXACT)
    drawn = amount if told.draws_on_limit else None
    before = None if told.draws_on_limit else amount
    return OutcomeShown(
        told,
        each=_over(amount, reached),
        granted=_over(reached, applied),
        left_out=_less(applied, reached),
        used=_over(drawn, limit),
        left=_less(limit, drawn),
        multiple=_over(limit, before),
    )


def _told(value: object, how: str) -> Computed | None:
    if value is None:
        return None
    return Computed(Fraction(str(value)), how != Qualifier.EXACT)


def _over(part: Computed | None, whole: Computed | None) -> Computed | None:
    if part is None or whole is None or whole.value == 0:
        return None
    return Computed(part.value / whole.value, part.is_about or whole.is_about)


def _less(whole: Computed | None, part: Computed | None) -> Computed | None:
    if whole is None or part is None:
        return None
    return Computed(whole.value - part.value, whole.is_about or part.is_about)
