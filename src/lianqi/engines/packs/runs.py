"""What needs more than one applicant, or more than one measure: ranks, budgets, common caps.

A rule says what one applicant may get. Who is first, and what is left when the money is short, is
only known in a run over all of them; here, too, what is not known stays open, and no wider than it
has to.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from types import MappingProxyType

from lianqi.engines.packs.excluding import choose, exclusions, full_name
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import BenefitText, Budget, Measure, Reading
from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.meaning import Outcome, Snapshot, meaning
from lianqi.engines.rules.ranges import Bound, Range
from lianqi.engines.rules.rule import Assessment, Rounding, RoundingMode, Status, assess

_FEN_DOWN = Rounding(mode=RoundingMode.DOWN)


class BudgetMissingError(ValueError):
    """A run was to keep to a budget whose sum is not known."""


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
        asks: What is missing of the applicant's own.
        waits_for: Whose missing facts the result depends on, as (applicant, slot).
        places: The best and the worst rank still possible.
        instead: The measures that are paid in its place, as they exclude it; or may be, if the
            status is UNKNOWN.
    """

    status: Status
    amount: Range | None
    asks: frozenset[str] = frozenset()
    waits_for: frozenset[tuple[str, str]] = frozenset()
    places: tuple[int, int] | None = None
    instead: tuple[str, ...] = ()


def settle(
    measure: Measure,
    applicants: Sequence[Applicant],
    day: dt.date,
    *,
    budget: Fraction | None = None,
) -> dict[str, Settled]:
    """What a measure gives to everybody who applies, ranks and budget kept.

    Args:
        budget: Yuan for this run where the text names no sum.

    Raises:
        BudgetMissingError: There is a limit, and neither the pack nor the caller knows its sum.
    """
    found = _alone(measure, applicants, day)
    if measure.budget is None and budget is None:
        return found
    return _within(measure.budget or Budget(None), budget, applicants, found, day)


def settle_all(
    found: Sequence[Found],
    applicants: Sequence[Applicant],
    day: dt.date,
    *,
    budgets: Mapping[str, Fraction] = MappingProxyType({}),
) -> dict[str, dict[str, Settled]]:
    """What several measures give to everybody who applies for all of them, by pack/measure.

    First every measure alone, with its own cap and its ranks. Then, of measures that exclude each
    other, the best combination for each applicant; then the limits over several measures; and at
    last the budgets, over what is left of everybody.

    Args:
        budgets: Yuan by measure where the text names no sum.

    Raises:
        BudgetMissingError: There is a limit, and neither the pack nor the caller knows its sum.
    """
    settled = {
        full_name(each.pack.key, each.measure.key): _alone(each.measure, applicants, day)
        for each in found
    }
    pairs = exclusions(found)
    readings = {each.pack.key: each.pack.reading(day) for each in found}
    for applicant in applicants:
        _choose(settled, applicant.key, pairs)
        for pack, reading in readings.items():
            _limit(settled, applicant, pack, reading, day)
    for each in found:
        name = full_name(each.pack.key, each.measure.key)
        budget = budgets.get(name)
        if each.measure.budget is not None or budget is not None:
            limit = each.measure.budget or Budget(None)
            settled[name] = _within(limit, budget, applicants, settled[name], day)
    return settled


def _choose(
    settled: Mapping[str, dict[str, Settled]], applicant: str, pairs: Collection[frozenset[str]]
) -> None:
    """Leave an applicant the best of the measures that exclude each other."""
    awards = {
        name: each[applicant].amount or ranges.ZERO
        for name, each in settled.items()
        if each[applicant].status not in (Status.UNMET, Status.NOT_APPLICABLE)
    }
    for name, choice in choose(awards, pairs).items():
        if choice.is_paid:
            continue
        before = settled[name][applicant]
        if not choice.is_open:
            after = replace(before, status=Status.UNMET, amount=None, instead=choice.instead)
        else:
            asks = before.asks.union(*(settled[each][applicant].asks for each in choice.instead))
            after = replace(before, status=Status.UNKNOWN, amount=choice.amount, asks=asks)
            after = replace(after, instead=choice.instead)
        settled[name][applicant] = after


def _limit(
    settled: Mapping[str, dict[str, Settled]],
    applicant: Applicant,
    pack: str,
    reading: Reading,
    day: dt.date,
) -> None:
    """Keep the limits over several measures of a pack."""
    awards = {}
    for each in reading.measures:
        found = settled.get(full_name(pack, each.key), {}).get(applicant.key)
        if found is not None and found.amount is not None:
            awards[each.key] = found.amount
    for key, amount in under_caps(reading, awards, applicant.snapshot, day).items():
        mine = settled[full_name(pack, key)]
        mine[applicant.key] = replace(mine[applicant.key], amount=amount)


def _alone(measure: Measure, applicants: Sequence[Applicant], day: dt.date) -> dict[str, Settled]:
    """What a measure gives with its cap and ranks, whatever the budget is."""
    rule = measure.rule("run").on(day)
    assessed = {each.key: assess(rule, each.snapshot) for each in applicants}
    if measure.rank is not None:
        return _ranked(measure, applicants, assessed, day)
    return {
        key: Settled(each.status, _at_all(each), each.asks | each.amount_asks)
        for key, each in assessed.items()
    }


def _at_all(assessment: Assessment) -> Range | None:
    """What somebody may get, which is nothing as long as the conditions are open."""
    if assessment.amount is None or assessment.status is Status.MET:
        return assessment.amount
    return ranges.hull(ranges.ZERO, assessment.amount)


def _ranked(
    measure: Measure,
    applicants: Sequence[Applicant],
    assessed: Mapping[str, Assessment],
    day: dt.date,
) -> dict[str, Settled]:
    assert measure.rank is not None
    by = bind(measure.rank.by, day)
    figures = {each.key: meaning(by, each.snapshot) for each in applicants}
    pays = [
        (level.upto, meaning(bind(level.amount, day), {}).value.value)
        for level in measure.rank.levels
    ]
    found = {}
    for key, each in assessed.items():
        if each.status in (Status.UNMET, Status.NOT_APPLICABLE):
            found[key] = Settled(each.status, None)
        else:
            found[key] = _placed(key, each, assessed, figures, pays)
    return found


def _placed(
    key: str,
    own: Assessment,
    assessed: Mapping[str, Assessment],
    figures: Mapping[str, Outcome],
    pays: Sequence[tuple[int, Fraction]],
) -> Settled:
    best = worst = 1
    waits_for: set[tuple[str, str]] = set()
    tied = 0
    mine = figures[key]
    for other, theirs in assessed.items():
        if other == key or theirs.status in (Status.UNMET, Status.NOT_APPLICABLE):
            continue
        above = ranges.is_less(mine.value, figures[other].value)
        is_in = theirs.status is Status.MET
        if above and is_in:
            best += 1
        tie = above is False and ranges.is_equal(mine.value, figures[other].value)
        if above is not False or tie:
            worst += 1
            tied += bool(tie)
            if not (above and is_in):
                waits_for |= {(other, each) for each in theirs.asks | figures[other].asks}
    amount = Range(_pay(worst, pays), _pay(best, pays))
    asks = own.asks | mine.asks
    if amount.is_known and own.status is Status.MET:
        status = Status.MET if amount.low > 0 else Status.UNMET
        return Settled(status, amount if amount.low > 0 else None, places=(best, worst))
    status = own.status
    if status is Status.MET:
        status = Status.REVIEW if tied and not waits_for and not asks else Status.UNKNOWN
    if own.status is not Status.MET:
        amount = ranges.hull(ranges.ZERO, amount)
    return Settled(status, amount, asks, frozenset(waits_for), (best, worst))


def _pay(place: int, pays: Sequence[tuple[int, Fraction]]) -> Fraction:
    return next((amount for upto, amount in pays if place <= upto), Fraction(0))


def _within(
    budget: Budget,
    given: Fraction | None,
    applicants: Sequence[Applicant],
    found: dict[str, Settled],
    day: dt.date,
) -> dict[str, Settled]:
    if budget.amount is not None:
        limit = meaning(bind(budget.amount, day), {}).value.value
    elif given is not None:
        limit = given
    else:
        raise BudgetMissingError("the text limits the money without a sum: name the sum")
    if budget.when_short == "first_come":
        turns = {each.key: each.turn for each in applicants}
        return _first_come(limit, found, sorted(found, key=lambda key: turns[key]))
    if budget.when_short == "rank":
        return _first_come(
            limit, found, sorted(found, key=lambda key: found[key].places or (len(found) + 1, 0))
        )
    return _proportional(limit, found)


def _claims(found: Mapping[str, Settled]) -> dict[str, Range]:
    """What each may get at least and at most."""
    return {key: each.amount for key, each in found.items() if each.amount is not None}


def _proportional(limit: Fraction, found: Mapping[str, Settled]) -> dict[str, Settled]:
    """Everybody the same share of what is due, rounded down, so that the sum keeps the limit."""
    claims = _claims(found)
    settled = dict(found)
    for key, claim in claims.items():
        others = ranges.ZERO
        for other, each in claims.items():
            if other != key:
                others = ranges.plus(others, each)
        low = _share(claim.low, others.high, limit)
        high = _share(claim.high, others.low, limit)
        settled[key] = replace(found[key], amount=Range(low, high))
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
        part = ranges.least(claim, left)
        settled[key] = replace(found[key], amount=part)
        left = ranges.greatest(ranges.ZERO, Range(left.low - claim.high, left.high - claim.low))
    return settled


def under_caps(
    reading: Reading, awards: Mapping[str, Range], snapshot: Snapshot, day: dt.date
) -> dict[str, Range]:
    """What one applicant gets of several measures when common limits are kept.

    Args:
        awards: Yuan by measure.

    A limit is used up in the order in which the group names its measures.
    """
    paid = dict(awards)
    for group in reading.cap_groups:
        left = meaning(bind(group.cap, day), snapshot).value
        for key in group.measures:
            if key in paid:
                paid[key] = ranges.greatest(ranges.ZERO, ranges.least(paid[key], left))
                left = ranges.minus(left, paid[key])
    return paid


def instalments(benefit: BenefitText, amount: Fraction) -> tuple[tuple[str, Fraction], ...]:
    """The parts of an amount; the last one is what is left, so that they sum up."""
    parts: list[tuple[str, Fraction]] = []
    left = amount
    for each in benefit.instalments[:-1]:
        share = meaning(each.share, {}).value.value
        part = Fraction(benefit.rounding.of(amount * share))
        parts.append((each.key, part))
        left -= part
    return (*parts, *((each.key, left) for each in benefit.instalments[-1:]))


def owed_back(measure: Measure, snapshot: Snapshot, day: dt.date) -> Outcome:
    """What has to be repaid; zero if nothing."""
    total, asks = ranges.ZERO, frozenset[str]()
    for each in measure.clawback:
        when = meaning(bind(each.when, day), snapshot)
        if when.value is False:
            continue
        amount = meaning(bind(each.amount, day), snapshot)
        part = amount.value if when.value else ranges.hull(ranges.ZERO, amount.value)
        total, asks = ranges.plus(total, part), asks | when.asks | amount.asks
    return Outcome(total, asks if not total.is_known else frozenset())
