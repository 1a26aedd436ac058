"""Everything that writes rule packs and answers what they ask."""

from lianqi.matching.actions.answers import answer, review, withdraw_answer
from lianqi.matching.actions.packs import (
    adopt_pack,
    change_pack,
    discard_pack,
    publish_pack,
    revise_pack,
    withdraw_pack,
)
from lianqi.matching.actions.shipped import adopt_shipped, load_national_packs, shipped_names

__all__ = [
    "adopt_pack",
    "adopt_shipped",
    "answer",
    "change_pack",
    "discard_pack",
    "load_national_packs",
    "publish_pack",
    "review",
    "revise_pack",
    "shipped_names",
    "withdraw_answer",
    "withdraw_pack",
]
