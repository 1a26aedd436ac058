"""Everything that writes visits."""

from lianqi.visits.actions.notes import MOST_MATTERS, drop_draft, file_visit, save_draft
from lianqi.visits.actions.reading import record_visit_view
from lianqi.visits.actions.reminding import remind_of_visits

__all__ = [
    "MOST_MATTERS",
    "drop_draft",
    "file_visit",
    "record_visit_view",
    "remind_of_visits",
    "save_draft",
]
