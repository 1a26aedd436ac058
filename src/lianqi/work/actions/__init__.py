"""Everything that writes work items, their clocks and the official days."""

from lianqi.work.actions.assigning import reassign_item
from lianqi.work.actions.changing import (
    change_priority,
    change_rule_set,
    extend_item,
    lengthen_item,
    pause_item,
    resume_item,
)
from lianqi.work.actions.escalating import escalate_due
from lianqi.work.actions.holding import (
    hand_over_desk,
    hand_over_items,
    hold_items,
    release_items,
    take_over_items,
)
from lianqi.work.actions.ladder import change_rung, create_rung, remove_rung
from lianqi.work.actions.many import Owed, finish_many, open_many
from lianqi.work.actions.official_days import load_official_days
from lianqi.work.actions.opening import cancel_items, finish_items, open_item, place_items
from lianqi.work.actions.reckoning import recompute_open_clocks
from lianqi.work.actions.rules import (
    ClockLength,
    Lengths,
    add_missing_ladder,
    add_missing_rules,
    change_clock_rule,
    write_rule_set,
)

__all__ = [
    "ClockLength",
    "Lengths",
    "Owed",
    "add_missing_ladder",
    "add_missing_rules",
    "cancel_items",
    "change_clock_rule",
    "change_priority",
    "change_rule_set",
    "change_rung",
    "create_rung",
    "escalate_due",
    "extend_item",
    "finish_items",
    "finish_many",
    "hand_over_desk",
    "hand_over_items",
    "hold_items",
    "lengthen_item",
    "load_official_days",
    "open_item",
    "open_many",
    "pause_item",
    "place_items",
    "reassign_item",
    "recompute_open_clocks",
    "release_items",
    "remove_rung",
    "resume_item",
    "take_over_items",
    "write_rule_set",
]
