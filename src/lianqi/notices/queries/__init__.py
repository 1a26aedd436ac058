"""Questions about notices, choices and the outbox."""

from lianqi.notices.queries.choices import (
    USUAL,
    Choice,
    TopicRow,
    choices_of,
    own_choices,
    topic_rows,
)
from lianqi.notices.queries.outbox import OutboxState, outbox_state
from lianqi.notices.queries.readers import audiences, with_stand_ins
from lianqi.notices.queries.texts import Texts, own_wordings

__all__ = [
    "USUAL",
    "Choice",
    "OutboxState",
    "Texts",
    "TopicRow",
    "audiences",
    "choices_of",
    "outbox_state",
    "own_choices",
    "own_wordings",
    "topic_rows",
    "with_stand_ins",
]
