"""Which rule of handling holds for a category, and how much more time it still gives."""

from dataclasses import dataclass

from django.db.models import F, Q

from lianqi.demands.models import HandlingRule
from lianqi.work.models import WorkItem

WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class ExtensionLimit:
    """How often and how long the clock of an item may be extended, in its own unit."""

    most: int
    left: int
    longest: int


def handling_rule_of(category_id: int | None) -> HandlingRule:
    """The category's own rule, or the zone's, or what the program begins with (unsaved)."""
    rules = HandlingRule.objects.filter(Q(category=category_id) | Q(category__isnull=True))
    return rules.order_by(F("category").asc(nulls_last=True)).first() or HandlingRule()


def extension_limit(item: WorkItem, rule: HandlingRule) -> ExtensionLimit:
    """What the rule leaves for this item; at least one day or hour at once."""
    longest = max(1, item.clock_amount * rule.extension_percent // WHOLE)
    left = max(0, rule.most_extensions - len(item.extensions.all()))
    return ExtensionLimit(rule.most_extensions, left, longest)
