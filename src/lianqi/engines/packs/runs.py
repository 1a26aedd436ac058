"""What needs more than one applicant, or more than one measure: ranks, budgets, common caps.

A rule says what one applicant may get. Who is first, and what is left when the money is short, is
only known in a run over all of them; here, too, what is not known stays open, and no wider than it
has to.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from lianqi.engines.packs.applicants import OUT, Applicant, Settled
from lianqi.engines.packs.budgets import limit_of, within
from lianqi.engines.packs.excluding import choose, exclusions, full_name
from lianqi.engines.packs.library import Found
from lianqi.engines.packs.pack import BenefitText, Measure, Reading
from lianqi.engines.packs.ranking import ranked
from lianqi.engines.rules import ranges
from lianqi.engines.rules.binding import bind
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.meaning import Outcome, Snapshot, meaning
from lianqi.engines.rules.ranges import Range
from lianqi.engines.rules.rule import Assessment, Benefit, Rule, Status

_WHEN_SHORT = "proportional"


def settle(
    found: Found,
    applicants: Sequence[Applicant],
    day: dt.date,
    *,
    budget: Fraction | None = None,
    when_short: str = "",
) -> dict[str, Settled]:
    """What a measure gives to everybody who applies, ranks and budget kept.

    Args:
        budget: Yuan for this run where the text names no sum, or another one is to be tried.
        when_short: How a sum that does not suffice is shared, if not as the text says.

    Raises:
        BudgetMissingError: There is a limit, and neither the pack nor the caller knows its sum.
    """
    return _paid(found.measure, applicants, _alone(found, applicants, day), day, budget, when_short)


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
        full_name(each.pack.key, each.measure.key): _alone(each, applicants, day) for each in found
    }
    pairs = exclusions(found)
    readings = {each.pack.key: each.pack.reading(day) for each in found}
    for applicant in applicants:
        _choose(settled, applicant.key, pairs)
        for pack, reading in readings.items():
            _limit(settled, applicant, pack, reading, day)
    for each in found:
        name = full_name(each.pack.key, each.measure.key)
        settled[name] = _paid(each.measure, applicants, settled[name], day, budgets.get(name))
    return settled


def read_beside(found: Sequence[Found], day: dt.date) -> Rule:
    """A rule that reads what a run reads beside conditions and amounts: figures of ranks, caps.

    It is there to ask for columns, and gives nothing.
    """
    ranks = [each.measure.rank.by for each in found if each.measure.rank]
    packs = {each.pack.name: each.pack for each in found}.values()
    caps = [group.cap for pack in packs for group in pack.reading(day).cap_groups]
    benefits = [Benefit(str(place), "", node) for place, node in enumerate([*ranks, *caps])]
    return Rule("beside", clauses=(), benefits=tuple(benefits)).on(day)


def _paid(
    measure: Measure,
    applicants: Sequence[Applicant],
    found: dict[str, Settled],
    day: dt.date,
    budget: Fraction | None,
    when_short: str = "",
) -> dict[str, Settled]:
    """What is left of claims when the budget is kept."""
    limit = limit_of(measure.budget, budget, day)
    if limit is None:
        return found
    usual = measure.budget.when_short if measure.budget else _WHEN_SHORT
    return within(limit, when_short or usual, applicants, found)


def _choose(
    settled: Mapping[str, dict[str, Settled]], applicant: str, pairs: Collection[frozenset[str]]
) -> None:
    """Leave an applicant the best of the measures that exclude each other."""
    awards = {
        name: each[applicant].amount or ranges.ZERO
        for name, each in settled.items()
        if each[applicant].status not in OUT
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


def _alone(found: Found, applicants: Sequence[Applicant], day: dt.date) -> dict[str, Settled]:
    """What a measure gives with its cap and ranks, whatever the budget is."""
    measure = found.measure
    program = Compiled([measure.rule(found.pack.key).on(day)], found.pack.catalogue)
    assessed = {each.key: program.assess(each.snapshot)[0] for each in applicants}
    if measure.rank is not None:
        return ranked(measure.rank, applicants, assessed, day)
    return {
        key: Settled(each.status, _at_all(each), asks=each.asks | each.amount_asks)
        for key, each in assessed.items()
    }


def _at_all(assessment: Assessment) -> Range | None:
    """What somebody may get: never less than nothing, which it is while conditions are open."""
    if assessment.amount is None:
        return None
    amount = ranges.greatest(ranges.ZERO, assessment.amount)
    return amount if assessment.status is Status.MET else ranges.hull(ranges.ZERO, amount)


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
