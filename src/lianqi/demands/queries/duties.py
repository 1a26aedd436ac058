"""Which rule of the duty catalogue decides for a category and an enterprise.

The order, from what decides first:

0. A task force that takes the category or a heading of it, as long as it is open: it was formed for
   just these matters, of whatever enterprise.
1. The rule that stands nearest to the category: its own before those of its headings.
2. The narrower condition on the enterprise: key-enterprise list, title, grid, chain, park, street,
   industry (the longer code before the shorter), size class. A rule with a narrower condition wins
   over any rule without it; of two that share it, the next condition decides.
3. A precedent before a line that somebody entered.
4. The rule that began later, then the one that was entered later.

A category's `lead_unit` is its rule without conditions: what holds where no rule says otherwise.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianqi.demands.enums import DutyOrigin
from lianqi.demands.models import DemandCategory, DutyRule
from lianqi.register.models import ChainPlace, Enterprise, Industry, KeyList, Title

NARROWEST_FIRST = (
    "key_list_id",
    "title",
    "grid_id",
    "chain_id",
    "park_id",
    "district",
    "industry",
    "size_class",
)
SEVERAL_AT_ONCE = frozenset({"key_list_id", "title", "chain_id"})
"""Conditions of which one enterprise may meet more than one."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What the rules ask about an enterprise: the values of each condition that it meets."""

    values: dict[str, frozenset[object]]

    def meet(self, rule: DutyRule) -> bool:
        """Whether the enterprise meets every condition of a rule."""
        return all(getattr(rule, name) in self.values[name] for name in stated(rule))


NOBODY = Traits({name: frozenset() for name in NARROWEST_FIRST})


def traits_of(enterprise: Enterprise | None, *, on: dt.date) -> Traits:
    """The traits of an enterprise; of nobody known, none: only rules without conditions apply.

    Three queries, whatever the number of rules.
    """
    if enterprise is None:
        return NOBODY
    return traits_of_many([enterprise], on=on)[enterprise.pk]


def traits_of_many(enterprises: Iterable[Enterprise], *, on: dt.date) -> dict[int, Traits]:
    """The traits of enterprises, with their industry loaded, by id; three queries for all."""
    firms = {each.pk: each for each in enterprises}
    titles = Title.objects.filter(enterprise__in=firms).exclude(valid_until__lt=on)
    several: dict[str, Iterable[tuple[int, object]]] = {
        "key_list_id": KeyList.objects.filter(members__in=firms).values_list("members", "pk"),
        "title": titles.values_list("enterprise_id", "label"),
        "chain_id": ChainPlace.objects.filter(enterprise__in=firms).values_list(
            "enterprise_id", "chain"
        ),
    }
    held: dict[str, dict[int, set[object]]] = {}
    for name, pairs in several.items():
        held[name] = {pk: set() for pk in firms}
        for pk, value in pairs:
            held[name][pk].add(value)
    return {
        pk: Traits(
            {
                **{name: frozenset(held[name][pk]) for name in several},
                "grid_id": frozenset({firm.grid_id}),
                "park_id": frozenset({firm.park_id}),
                "district": frozenset({firm.district}),
                "industry": frozenset(industry_codes(firm.industry)),
                "size_class": frozenset({firm.size_class}),
            }
        )
        for pk, firm in firms.items()
    }


def industry_codes(industry: Industry | None) -> list[str]:
    """The code with everything above it, the section first: C, 27, 276, 2761."""
    if industry is None:
        return []
    return [industry.section, *(industry.code[:n] for n in range(2, len(industry.code) + 1))]


def stated(rule: DutyRule) -> list[str]:
    """The conditions of a rule, the narrowest first."""
    return [name for name in NARROWEST_FIRST if getattr(rule, name)]


def rules_for(
    category: DemandCategory,
    enterprise: Enterprise | None,
    *,
    on: dt.date,
    traits: Traits | None = None,
) -> list[DutyRule]:
    """The rules that apply, the deciding one first; five queries, whatever the number of rules.

    Args:
        category: Of the matter.
        enterprise: Whose it is, if that is known.
        on: The day on which the rules have to hold.
        traits: What is supposed of an enterprise, instead of what is known of this one.
    """
    nearest = [category.pk, *headings_of(category)]
    rules = DutyRule.objects.in_force(on).filter(category__in=nearest, unit__is_active=True)
    found = list(rules.with_names())
    if not found:
        return []
    return applying(found, nearest, traits or traits_of(enterprise, on=on))


def applying(rules: Iterable[DutyRule], nearest: Sequence[int], traits: Traits) -> list[DutyRule]:
    """Those of the rules that such an enterprise meets, the deciding one first.

    Args:
        rules: In force, of the categories in `nearest`.
        nearest: The ids of the category and its headings, the nearest first.
        traits: Of the enterprise.
    """
    return sorted(
        (rule for rule in rules if traits.meet(rule)),
        key=lambda rule: (
            rule.origin != DutyOrigin.TASK_FORCE,
            nearest.index(rule.category_id),
            *_order(rule),
        ),
    )


def task_force_line(category: DemandCategory, *, on: dt.date) -> DutyRule | None:
    """The line by which a task force leads a category on a day: its own before a heading's."""
    nearest = [category.pk, *headings_of(category)]
    lines = DutyRule.objects.in_force(on).filter(
        origin=DutyOrigin.TASK_FORCE, category_id__in=nearest
    )
    found = list(lines.select_related("category", "unit"))
    return min(found, key=lambda rule: nearest.index(rule.category_id), default=None)


def headings_of(category: DemandCategory) -> list[int]:
    """The ids of the headings above a category, the nearest first; one query."""
    if category.parent_id is None:
        return []
    above = DemandCategory.objects.values_list("parent_id", flat=True).get(pk=category.parent_id)
    return [category.parent_id, *([above] if above is not None else [])]


def rank(rule: DutyRule) -> tuple[int, ...]:
    """How narrow the conditions of a rule are, to be compared: the smaller, the narrower."""
    narrow = [-int(bool(getattr(rule, name))) for name in NARROWEST_FIRST]
    narrow[NARROWEST_FIRST.index("industry")] = -(
        len(rule.industry) if rule.industry.isdigit() else len(rule.industry[:1])
    )
    return tuple(narrow)


def _order(rule: DutyRule) -> tuple[object, ...]:
    is_entered = rule.origin != DutyOrigin.PRECEDENT
    return (*rank(rule), is_entered, -rule.valid_from.toordinal(), -rule.pk)


def overlaps(rules: Sequence[DutyRule]) -> dict[int, list[DutyRule]]:
    """By the id of a rule, those that are as narrow, name another unit and may meet it.

    They meet where an enterprise can satisfy both: the same values, or two of those of which an
    enterprise may have several.
    """
    alike: dict[tuple[object, ...], list[DutyRule]] = {}
    for rule in rules:
        if rule.origin != DutyOrigin.TASK_FORCE:  # which of them decides is never in doubt
            same = [getattr(rule, name) for name in NARROWEST_FIRST if name not in SEVERAL_AT_ONCE]
            alike.setdefault((rule.category_id, rank(rule), *same), []).append(rule)
    found: dict[int, list[DutyRule]] = {}
    for group in alike.values():
        for rule in group:
            others = [each for each in group if _collide(rule, each)]
            if others:
                found[rule.pk] = others
    return found


def _collide(one: DutyRule, other: DutyRule) -> bool:
    return one.unit_id != other.unit_id and _at_once(one, other)


def _at_once(one: DutyRule, other: DutyRule) -> bool:
    return (one.valid_to is None or one.valid_to >= other.valid_from) and (
        other.valid_to is None or other.valid_to >= one.valid_from
    )


def conditions_in_words(rule: DutyRule, industries: dict[str, str] | None = None) -> list[str]:
    """What a rule asks of an enterprise, in the reader's language.

    Args:
        rule: With its names loaded (`with_names`).
        industries: Names of industries by code, where they are known.
    """
    name = (industries or {}).get(rule.industry, "")
    said = {
        "key_list_id": _("key-enterprise list “%(name)s”") % {"name": rule.key_list},
        "title": _("title “%(name)s”") % {"name": rule.title},
        "grid_id": _("grid %(name)s") % {"name": rule.grid},
        "chain_id": _("industry chain %(name)s") % {"name": rule.chain},
        "park_id": _("park %(name)s") % {"name": rule.park},
        "district": _("street or town %(name)s") % {"name": rule.district},
        "industry": _("industry %(code)s") % {"code": f"{rule.industry} {name}".strip()},
        "size_class": _("size %(name)s") % {"name": rule.get_size_class_display()},
    }
    return [said[each] for each in stated(rule)]


def industry_names(rules: Iterable[DutyRule]) -> dict[str, str]:
    """The names of the industries that rules ask for; one query."""
    codes = {rule.industry for rule in rules if rule.industry}
    named = Industry.objects.filter(code__in=codes)
    return dict(named.values_list("code", "name")) if codes else {}
