"""Which unit should have a demand: up to three, each with reasons in words. Nobody is sent by it.

Several scorers look at the matter, each with its own knowledge; what they say about one unit is
taken together.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import DutyOrigin
from lianqi.demands.models import Demand, DemandCategory, DutyRule
from lianqi.demands.queries.duties import (
    Traits,
    conditions_in_words,
    industry_codes,
    industry_names,
    rank,
    rules_for,
)
from lianqi.demands.queries.learning import unit_hints
from lianqi.register.models import Enterprise, Industry

MOST = 3
HIGH, MEDIUM = 0.8, 0.5
"""From which confidence on a suggestion is called likely, and possible."""

# How far each source is trusted. A line of the catalogue is somebody's decision; one that another
# line contradicts is less of one. Supervising an industry says little about the single matter.
DECIDING, CONTRADICTED, LESS_SPECIFIC, DEFAULT, SUPERVISING = 0.95, 0.7, 0.5, 0.85, 0.4


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known about a demand when a unit is looked for; it may not be filed yet."""

    category: DemandCategory
    enterprise: Enterprise | None
    on: dt.date
    title: str = ""
    text: str = ""
    demand: Demand | None = None
    traits: Traits | None = None
    """What is supposed of the enterprise, instead of what is known of it."""
    industry: Industry | None = None
    """Supposed as well; otherwise that of the enterprise."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit proposed for a matter, why in the reader's language, and how sure (0 to 1)."""

    unit: Unit
    reasons: tuple[str, ...]
    confidence: float

    @property
    def reason(self) -> str:
        return " ".join(self.reasons)

    @property
    def is_likely(self) -> bool:
        return self.confidence >= HIGH

    @property
    def is_possible(self) -> bool:
        return self.confidence >= MEDIUM

    @property
    def percent(self) -> int:
        """Never 100: nobody is certain but the dispatcher."""
        return min(99, round(100 * self.confidence))


Scorer = Callable[[Matter], Iterable[Suggestion]]


def by_duty(matter: Matter) -> Iterable[Suggestion]:
    """What the duty catalogue says: the deciding rule, then the less specific ones."""
    rules = rules_for(matter.category, matter.enterprise, on=matter.on, traits=matter.traits)
    return catalogue_says(matter, rules, industry_names(rules))


def catalogue_says(
    matter: Matter, rules: Sequence[DutyRule], names: dict[str, str]
) -> Iterable[Suggestion]:
    """The units that these rules, the deciding one first, and the category itself name.

    Args:
        matter: Its category has the lead unit loaded.
        rules: Those that apply to the matter.
        names: Of industries, by code.
    """
    for position, rule in enumerate(rules):
        confidence = LESS_SPECIFIC
        if position == 0:
            rivals = [each for each in rules[1:] if _is_rival(each, rule)]
            confidence = CONTRADICTED if rivals else DECIDING
        yield Suggestion(rule.unit, (_said(rule, matter.category, names),), confidence)
    lead = matter.category.lead_unit
    if lead is not None and lead.is_active:
        reason = _("The duty catalogue names %(unit)s for “%(category)s”.") % {
            "unit": lead,
            "category": matter.category,
        }
        yield Suggestion(lead, (reason,), LESS_SPECIFIC if rules else DEFAULT)


def by_supervision(matter: Matter) -> Iterable[Suggestion]:
    """The unit that supervises the industry; the one named for the longest code, then the older."""
    codes = industry_codes(_industry_of(matter))
    if not codes:
        return ()
    return supervisors_say(matter, Unit.objects.active().filter(industries__overlap=codes))


def _industry_of(matter: Matter) -> Industry | None:
    if matter.industry is not None or matter.enterprise is None:
        return matter.industry
    return matter.enterprise.industry


def supervisors_say(matter: Matter, units: Iterable[Unit]) -> Iterable[Suggestion]:
    """The one of these units that supervises the industry of the enterprise, if any does."""
    industry = _industry_of(matter)
    if industry is None:
        return
    codes = set(industry_codes(industry))
    ranked = sorted(
        (unit for unit in units if codes & set(unit.industries)),
        key=lambda unit: (-max(len(c) for c in unit.industries if c in codes), unit.pk),
    )
    if ranked:
        reason = _("%(unit)s supervises the industry %(industry)s of this enterprise.") % {
            "unit": ranked[0],
            "industry": industry,
        }
        yield Suggestion(ranked[0], (reason,), SUPERVISING)


def by_wording(matter: Matter) -> Iterable[Suggestion]:
    """What closed demands teach: the classifier's unit, and those that solved similar demands."""
    if matter.demand is not None:
        for hint in unit_hints(matter.demand, on=matter.on):
            yield Suggestion(hint.unit, (hint.reason,), hint.confidence)


BY_RULE: tuple[Scorer, ...] = (by_duty, by_supervision)
SCORERS: tuple[Scorer, ...] = (*BY_RULE, by_wording)
"""Who is asked, in this order. Each needs a constant number of queries."""


def suggest(
    matter: Matter, *, most: int = MOST, scorers: Iterable[Scorer] = SCORERS
) -> list[Suggestion]:
    """The units that the scorers propose, the surest first, each unit once.

    Independent reasons for one unit make it surer: the doubts that are left are multiplied.
    """
    found: dict[int, Suggestion] = {}
    for scorer in scorers:
        for each in scorer(matter):
            known = found.get(each.unit.pk)
            if known is None:
                found[each.unit.pk] = each
            elif not set(each.reasons) <= set(known.reasons):
                doubt = (1 - known.confidence) * (1 - each.confidence)
                reasons = (*known.reasons, *each.reasons)
                found[each.unit.pk] = Suggestion(each.unit, reasons, 1 - doubt)
    return sorted(found.values(), key=lambda each: -each.confidence)[:most]


def suggestions(
    demand: Demand, *, on: dt.date, scorers: Iterable[Scorer] = SCORERS
) -> list[Suggestion]:
    """The units proposed for a demand on that day."""
    return suggest(
        Matter(
            category=demand.category,
            enterprise=demand.enterprise,
            on=on,
            title=demand.title,
            text=demand.text,
            demand=demand,
        ),
        scorers=scorers,
    )


def _is_rival(one: DutyRule, other: DutyRule) -> bool:
    """As narrow as the deciding rule, but for another unit; beside a task force there is none."""
    if other.origin == DutyOrigin.TASK_FORCE:
        return False
    same_place = one.category_id == other.category_id and rank(one) == rank(other)
    return same_place and one.unit_id != other.unit_id


def _said(rule: DutyRule, category: DemandCategory, industries: dict[str, str]) -> str:
    named: dict[str, object] = {"unit": rule.unit, "category": category}
    if rule.origin == DutyOrigin.TASK_FORCE:
        return _("Task force: while it is open, “%(category)s” goes to %(unit)s.") % named
    if conditions := conditions_in_words(rule, industries):
        named["conditions"] = "、".join(conditions)
    if rule.origin == DutyOrigin.PRECEDENT:
        named["number"] = rule.demand.number if rule.demand else ""
        if conditions:
            return (
                _("Precedent %(number)s: “%(category)s” goes to %(unit)s (%(conditions)s).") % named
            )
        return _("Precedent %(number)s: “%(category)s” goes to %(unit)s.") % named
    if conditions:
        return _("The duty catalogue names %(unit)s for “%(category)s” (%(conditions)s).") % named
    return _("The duty catalogue names %(unit)s for “%(category)s”.") % named
