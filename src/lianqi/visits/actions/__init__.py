"""Everything that writes visits."""

from lianqi.visits.actions.notes import MOST_MATTERS, drop_draft, file_visit, save_draft
from lianqi.visits.actions.reading import record_visit_view
from lianqi.visits.actions.reminding import remind_of_visits, tell_of_broken_promises
from lianqi.visits.actions.rounds import (
    MOST_ENTERPRISES,
    cancel_round,
    change_round,
    hold_round,
    note_agenda_item,
    plan_round,
    raise_matter,
)

__all__ = [
    "MOST_ENTERPRISES",
    "MOST_MATTERS",
    "cancel_round",
    "change_round",
    "drop_draft",
    "file_visit",
    "hold_round",
    "note_agenda_item",
    "plan_round",
    "raise_matter",
    "record_visit_view",
    "remind_of_visits",
    "save_draft",
    "tell_of_broken_promises",
]
