"""What an enterprise that misses a measure would have to change, and what it would then get.

A plan is tried for the day asked about, and where figures of a year that is over stand in the way,
for the first day of the next year: then this year's figures count, and they can still grow. What is
not known of this year is taken to stay as it was last year, and the plan says so.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianqi.engines.packs.pack import Span
from lianqi.engines.rules.binding import last_day_of
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.changes import Change, NoPlan, Plan
from lianqi.engines.rules.gaps import leeways_from, plan_for
from lianqi.engines.rules.nodes import And, Fact, Judged, Node, facts_of, slot, walk
from lianqi.engines.rules.rule import Rule, Status, assess
from lianqi.matching.queries.explanations import FactShown, fact_shown
from lianqi.matching.queries.snapshots import Known
from lianqi.matching.queries.verdicts import Place, Verdict, verdict_of

SECONDS = 0.04
"""For one day; two days are tried at most, so that a page stays below a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Step:
    """One fact that has to become another.

    Attributes:
        now: With its value on the day of the plan; None if that is not known.
        target: The nearest value that does; of a set all that it has to hold.
        is_assumed: The value now is last year's, as this year's is not known.
        closes_on: The last day of the period whose figure counts; None for what holds on a day.
    """

    now: FactShown
    target: FactShown
    is_assumed: bool
    closes_on: dt.date | None


@dataclass(frozen=True, slots=True)
class GapPlan:
    """The smallest set of changes that was found for a measure, or why there is none.

    Attributes:
        on: The day for which it holds.
        steps: What has to change; empty if there is no plan.
        questions: What a person would have to affirm besides.
        then: What the measure gives after that; None if there is no plan.
        window: When applications are taken next; None if the pack names no days.
        held_by: What stands in the way and cannot be changed.
        is_certain: There is no way; else none was found in the time there is.
        after: Every value as it would be then, by slot.
    """

    on: dt.date
    steps: tuple[Step, ...] = ()
    questions: tuple[str, ...] = ()
    then: Verdict | None = None
    window: Span | None = None
    held_by: tuple[FactShown, ...] = ()
    is_certain: bool = False
    after: Mapping[str, Any] = field(default_factory=dict)


def gap_plan(place: Place, known: Known, catalogue: Catalogue, *, on: dt.date) -> GapPlan | None:
    """The plan for a measure that is not met on a day; None where nothing has to change."""
    rule = place.measure.rule(place.pack.key)
    status = assess(rule.on(on), known.values).status
    if status not in (Status.UNMET, Status.NOT_APPLICABLE):
        return None
    found = None
    for day in _days(rule, on):
        tried = _tried(place, rule.on(day), known, catalogue, today=on, day=day)
        if tried.then is not None:
            return tried
        found = found or tried
    return found


def _days(rule: Rule, on: dt.date) -> Iterator[dt.date]:
    yield on
    next_year = dt.date(on.year + 1, 1, 1)
    if rule.is_in_force(next_year):
        yield next_year


def _tried(
    place: Place, rule: Rule, known: Known, catalogue: Catalogue, *, today: dt.date, day: dt.date
) -> GapPlan:
    condition = And((rule.scope, *rule.condition.items))
    values, assumed = _carried(condition, known.values, day) if day != today else (known.values, {})
    before = {**known.values, **values}
    plan = plan_for(condition, before, leeways_from(catalogue, today), seconds=SECONDS)
    window = _window(place, day)
    if isinstance(plan, NoPlan):
        facts = {each.slot: each for each in facts_of(condition)}
        held = tuple(
            fact_shown(facts[each], known, catalogue) for each in plan.held_by if each in facts
        )
        return GapPlan(day, window=window, held_by=held, is_certain=plan.is_certain)
    after = {**before, **{each.fact.slot: each.target for each in plan.changes}}
    after |= dict.fromkeys(plan.answers, True)
    return GapPlan(
        day,
        tuple(_step(each, known, assumed, catalogue) for each in plan.changes),
        _questions(condition, plan),
        verdict_of(place, assess(rule, after), catalogue),
        window,
        is_certain=True,
        after=after,
    )


def _carried(
    condition: Node, values: Mapping[str, Any], day: dt.date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of the year before the day that are not known yet, as they were a year earlier."""
    year = str(day.year - 1)
    assumed = {}
    for fact in facts_of(condition):
        if isinstance(fact.period, str) and fact.period[:4] == year:
            earlier = slot(fact.key, str(day.year - 2) + fact.period[4:])
            if values.get(fact.slot) is None and values.get(earlier) is not None:
                assumed[fact.slot] = values[earlier]
    return {**values, **assumed}, assumed


def _step(change: Change, known: Known, assumed: Mapping[str, Any], catalogue: Catalogue) -> Step:
    assert isinstance(change.fact, Fact)
    period = change.fact.period
    return Step(
        fact_shown(change.fact, known, catalogue, value=change.now),
        fact_shown(change.fact, known, catalogue, value=change.target),
        change.fact.slot in assumed,
        last_day_of(period) if isinstance(period, str) else None,
    )


def _questions(condition: Node, plan: Plan) -> tuple[str, ...]:
    asked = {each.slot: each.question for each in walk(condition) if isinstance(each, Judged)}
    return tuple(asked[each] for each in plan.answers)


def _window(place: Place, day: dt.date) -> Span | None:
    """The next days on which applications are taken, from the day of the plan on."""
    later = [
        each
        for each in place.measure.process.windows
        if (each.start or each.end) and (each.end is None or day <= each.end)
    ]
    return min(later, key=lambda each: each.start or dt.date.min, default=None)
