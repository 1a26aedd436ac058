"""What the rules suggest for many demands: the same answers as one by one, in a few queries.

The wording is not asked: whoever dispatches many at once does not read each text, so only what
somebody decided, the duty catalogue, may send a demand.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from lianqi.accounts.models import Unit
from lianqi.demands.models import Demand, DemandCategory, DutyRule
from lianqi.demands.queries.duties import (
    NOBODY,
    Traits,
    applying,
    industry_names,
    traits_of_many,
)
from lianqi.demands.queries.suggesting import (
    Matter,
    Suggestion,
    catalogue_says,
    suggest,
    supervisors_say,
)


class Catalogue:
    """What is known about some demands on one day; asks the database when it is made.

    The demands come with their category, its unit, and the industry of their enterprise loaded.
    """

    def __init__(self, demands: Collection[Demand], *, on: dt.date) -> None:
        self._on = on
        self._above = dict(DemandCategory.objects.values_list("pk", "parent_id"))
        wanted = {pk for demand in demands for pk in self._nearest(demand.category_id)}
        rules = DutyRule.objects.in_force(on).filter(category__in=wanted, unit__is_active=True)
        self._rules: dict[int, list[DutyRule]] = {}
        for rule in rules.with_names():
            self._rules.setdefault(rule.category_id, []).append(rule)
        self._names = industry_names(rule for each in self._rules.values() for rule in each)
        firms = {each.enterprise.pk: each.enterprise for each in demands if each.enterprise}
        self._traits: dict[int, Traits] = traits_of_many(firms.values(), on=on) if firms else {}
        self._supervisors = list(Unit.objects.active().exclude(industries=[]))

    def suggestions(self, demand: Demand) -> list[Suggestion]:
        """As `suggestions` with the scorers `BY_RULE`, without a query."""
        matter = Matter(
            category=demand.category,
            enterprise=demand.enterprise,
            on=self._on,
            title=demand.title,
            text=demand.text,
            demand=demand,
        )
        return suggest(matter, scorers=(self._by_duty, self._by_supervision))

    def _by_duty(self, matter: Matter) -> Iterable[Suggestion]:
        nearest = self._nearest(matter.category.pk)
        rules = [rule for pk in nearest for rule in self._rules.get(pk, ())]
        traits = self._traits[matter.enterprise.pk] if matter.enterprise else NOBODY
        return catalogue_says(matter, applying(rules, nearest, traits), self._names)

    def _by_supervision(self, matter: Matter) -> Iterable[Suggestion]:
        return supervisors_say(matter, self._supervisors)

    def _nearest(self, category: int) -> list[int]:
        """The category and the headings above it, the nearest first."""
        found: list[int] = [category]
        while (above := self._above.get(found[-1])) is not None:
            found.append(above)
        return found
