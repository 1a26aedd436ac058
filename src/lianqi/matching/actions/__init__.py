"""Everything that writes rule packs, answers what they ask, and keeps who meets their measures."""

from lianqi.matching.actions.answers import ListLine, answer, answer_list, review, withdraw_answer
from lianqi.matching.actions.following import follow, match_firms
from lianqi.matching.actions.lists.runs import ListAbout, apply_list, preview_list, start_list
from lianqi.matching.actions.packs import (
    adopt_pack,
    change_pack,
    discard_pack,
    publish_pack,
    revise_pack,
    withdraw_pack,
)
from lianqi.matching.actions.runs import (
    begin_nightly,
    cancel_run,
    carry_out,
    forget_matches,
    start_pack_run,
    start_run,
)
from lianqi.matching.actions.saving import save_assessment
from lianqi.matching.actions.shipped import adopt_shipped, load_national_packs, shipped_names
from lianqi.matching.actions.telling import set_telling, tell_all, tell_matches, tell_newly

__all__ = [
    "ListAbout",
    "ListLine",
    "adopt_pack",
    "adopt_shipped",
    "answer",
    "answer_list",
    "apply_list",
    "begin_nightly",
    "cancel_run",
    "carry_out",
    "change_pack",
    "discard_pack",
    "follow",
    "forget_matches",
    "load_national_packs",
    "match_firms",
    "preview_list",
    "publish_pack",
    "review",
    "revise_pack",
    "save_assessment",
    "set_telling",
    "shipped_names",
    "start_list",
    "start_pack_run",
    "start_run",
    "tell_all",
    "tell_matches",
    "tell_newly",
    "withdraw_answer",
    "withdraw_pack",
]
