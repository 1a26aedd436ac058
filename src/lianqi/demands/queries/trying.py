"""Who would get a matter, under which clocks, and why not somebody else. Nothing is stored."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianqi.demands.enums import DutyOrigin, Step
from lianqi.demands.models import CategoryVersion, Demand, DemandCategory, DutyRule
from lianqi.demands.queries.catalogue import Length, lengths, version_in_force
from lianqi.demands.queries.duties import (
    Traits,
    conditions_in_words,
    headings_of,
    industry_codes,
    industry_names,
    rules_for,
    stated,
    traits_of,
)
from lianqi.demands.queries.suggesting import SCORERS, Matter, Scorer, Suggestion, suggest
from lianqi.engines.calendar import ClockSpec, StartRule, WorkCalendar, due
from lianqi.register.models import Chain, Enterprise, Grid, Industry, KeyList, Park
from lianqi.work.enums import Urgency
from lianqi.work.queries import current_calendar, local_date

MOST_LINES = 200
"""Lines of the duty catalogue that are gone through, those that began latest first."""
BEFORE: Mapping[Step, Step | None] = {
    Step.DISPATCH: None,
    Step.ACCEPT: Step.DISPATCH,
    Step.CONTACT: Step.ACCEPT,
    Step.INTERIM: Step.ACCEPT,
    Step.PROGRESS: Step.ACCEPT,
    Step.ANSWER: Step.ACCEPT,
}
"""With the end of which step the clock of another begins; the first begins with the filing."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """An enterprise as somebody imagines it, where none is named."""

    industry: Industry | None = None
    grid: Grid | None = None
    chain: Chain | None = None
    park: Park | None = None
    key_list: KeyList | None = None
    district: str = ""
    title: str = ""
    size_class: str = ""

    def traits(self) -> Traits:
        """What the duty catalogue asks about it."""

        def one(value: object) -> frozenset[object]:
            return frozenset({value} if value else ())

        return Traits(
            {
                "key_list_id": one(self.key_list and self.key_list.pk),
                "title": one(self.title.strip()),
                "grid_id": one(self.grid and self.grid.pk),
                "chain_id": one(self.chain and self.chain.pk),
                "park_id": one(self.park and self.park.pk),
                "district": one(self.district.strip()),
                "industry": frozenset(industry_codes(self.industry)),
                "size_class": one(self.size_class),
            }
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the duty catalogue, whether it applies, and in words why or why not."""

    rule: DutyRule
    applies: bool
    decides: bool
    conditions: str
    why: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step would be due: if all before it is done at once, and if all takes its time."""

    length: Length
    earliest: dt.datetime | None
    latest: dt.datetime | None
    is_provisional: bool
    is_asked: bool
    """Whether somebody owes the step: a general clock of contact or report is no duty yet."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a matter."""

    version: CategoryVersion | None
    suggestions: list[Suggestion]
    lines: list[Line]
    deadlines: list[Deadline]


def try_catalogue(
    category: DemandCategory,
    *,
    enterprise: Enterprise | None,
    supposed: Supposed,
    title: str,
    text: str,
    urgency: Urgency | None,
    filed_at: dt.datetime,
    scorers: Iterable[Scorer] = SCORERS,
) -> Tried:
    """Go through catalogue and clocks for a matter as if it were filed at `filed_at`.

    Args:
        category: Where it would be filed.
        enterprise: Whose it is; None is the `supposed` one.
        supposed: What is known of an enterprise that is not named.
        title: Its wording, for those who judge by it; empty silences them.
        text: The rest of its wording.
        urgency: As somebody judges it; None is what is usual for the category.
        filed_at: When it would come in.
        scorers: Whose suggestions to hear.
    """
    on = local_date(filed_at)
    traits = supposed.traits() if enterprise is None else traits_of(enterprise, on=on)
    worded = Demand(title=title, text=text) if title.strip() or text.strip() else None
    matter = Matter(
        category=category,
        enterprise=enterprise,
        on=on,
        title=title,
        text=text,
        demand=worded,
        traits=traits,
        industry=supposed.industry if enterprise is None else None,
    )
    version = version_in_force(category, on=on)
    return Tried(
        version,
        suggest(matter, scorers=scorers),
        _lines(category, enterprise, traits, on=on),
        _deadlines(version, urgency or Urgency(category.usual_urgency), filed_at),
    )


def _lines(
    category: DemandCategory, enterprise: Enterprise | None, traits: Traits, *, on: dt.date
) -> list[Line]:
    """Every line that could concern the category: those that apply first, in their order."""
    applying = rules_for(category, enterprise, on=on, traits=traits)
    nearest = [category.pk, *headings_of(category)]
    others = (
        DutyRule.objects.filter(category__in=nearest)
        .exclude(pk__in=[rule.pk for rule in applying])
        .with_names()
        .order_by("-valid_from", "-pk")[:MOST_LINES]
    )
    rest = list(others)
    names = industry_names([*applying, *rest])
    lines = []
    for position, rule in enumerate(applying):
        words = conditions_in_words(rule, names)
        why = _("decides") if position == 0 else _why_second(rule, applying[0])
        lines.append(Line(rule, True, position == 0, "、".join(words), why))
    for rule in rest:
        words = conditions_in_words(rule, names)
        lines.append(Line(rule, False, False, "、".join(words), _why_not(rule, traits, words, on)))
    return lines


def _why_second(rule: DutyRule, first: DutyRule) -> str:
    if first.origin == DutyOrigin.TASK_FORCE:
        return _("applies, but a task force takes these matters as long as it is open")
    if rule.category_id != first.category_id:
        return _("applies, but a line nearer to the category decides")
    if stated(rule) != stated(first):
        return _("applies, but a narrower line decides")
    if first.origin == DutyOrigin.PRECEDENT != rule.origin:
        return _("applies, but a precedent decides")
    return _("applies, but a later line decides")


def _why_not(rule: DutyRule, traits: Traits, words: list[str], on: dt.date) -> str:
    if rule.valid_from > on:
        return _("does not hold yet on that day")
    if rule.valid_to is not None and rule.valid_to < on:
        return _("did not hold any more on that day")
    if not rule.unit.is_active:
        return _("the unit was closed")
    unmet = [
        said
        for name, said in zip(stated(rule), words, strict=True)
        if getattr(rule, name) not in traits.values[name]
    ]
    return _("the enterprise does not meet: %(conditions)s") % {"conditions": "、".join(unmet)}


def _deadlines(
    version: CategoryVersion | None, urgency: Urgency, filed_at: dt.datetime
) -> list[Deadline]:
    calendar, found = current_calendar(), lengths(version, steps=BEFORE)
    latest: dict[Step, dt.datetime | None] = {}
    deadlines = []
    for step, before in BEFORE.items():
        length = found.get((step, urgency))
        if length is None:
            latest[step] = latest[before] if before else filed_at
            continue
        start = latest[before] if before else filed_at
        last = _due(calendar, length, start) if start else (None, False)
        latest[step] = last[0]
        first = _due(calendar, length, filed_at)
        is_asked = step in {Step.DISPATCH, Step.ACCEPT, Step.ANSWER} or length.is_own
        deadlines.append(Deadline(length, first[0], last[0], last[1], is_asked))
    return deadlines


def _due(
    calendar: WorkCalendar, length: Length, start: dt.datetime
) -> tuple[dt.datetime | None, bool]:
    rule = StartRule(length.outside, length.cutoff)
    found = due(calendar, ClockSpec(length.kind, length.amount, rule), started_at=start)
    return found.at, found.is_provisional
