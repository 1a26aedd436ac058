"""Everything that writes the policy library."""

from lianqi.policies.actions.clocks import load_policy_clocks
from lianqi.policies.actions.dividing import (
    ArticleTerms,
    MeasureTerms,
    add_articles,
    add_aspects,
    add_measures,
    change_article,
    change_aspect,
    change_measure,
    divide_policy,
    drop_article,
    drop_aspect,
    drop_measure,
)
from lianqi.policies.actions.duties import (
    assign_duties,
    flag_overlap,
    set_responsible,
    settle_overlap,
)
from lianqi.policies.actions.entering import (
    PolicyTerms,
    add_policy,
    change_policy,
    discard_policy,
    revise_policy,
)
from lianqi.policies.actions.explaining import (
    answer_question,
    ask_question,
    change_note,
    publish_note,
    take_back_note,
    write_note,
)
from lianqi.policies.actions.importing import import_articles
from lianqi.policies.actions.outcomes import OutcomeTerms, tell_outcome, withdraw_outcome
from lianqi.policies.actions.publishing import (
    abolish,
    break_down,
    complete_duties,
    publish,
    reopen,
)
from lianqi.policies.actions.reading import count_reading

__all__ = [
    "ArticleTerms",
    "MeasureTerms",
    "OutcomeTerms",
    "PolicyTerms",
    "abolish",
    "add_articles",
    "add_aspects",
    "add_measures",
    "add_policy",
    "answer_question",
    "ask_question",
    "assign_duties",
    "break_down",
    "change_article",
    "change_aspect",
    "change_measure",
    "change_note",
    "change_policy",
    "complete_duties",
    "count_reading",
    "discard_policy",
    "divide_policy",
    "drop_article",
    "drop_aspect",
    "drop_measure",
    "flag_overlap",
    "import_articles",
    "load_policy_clocks",
    "publish",
    "publish_note",
    "reopen",
    "revise_policy",
    "set_responsible",
    "settle_overlap",
    "take_back_note",
    "tell_outcome",
    "withdraw_outcome",
    "write_note",
]
