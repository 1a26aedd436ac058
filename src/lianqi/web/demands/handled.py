"""What was written down while a demand was handled, as one reader may know it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.demands.enums import ContactOutcome
from lianqi.demands.models import ContactAttempt, Demand, InternalNote, Question, Report
from lianqi.web.demands.entries import Entry


def handling_of(demand: Demand, *, user: User) -> dict[str, Any]:
    """The part of the context of `demands/detail.html` about reports, questions and notes."""
    reports = Report.objects.visible_to(user).of(demand).select_related("unit", "written_by")
    may_note = user.has_perm("demands.view_notes", demand)
    notes = InternalNote.objects.visible_to(user).of(demand).select_related("written_by")
    questions = Question.objects.visible_to(user).of(demand)
    return {
        "reports": list(reports),
        "notes": list(notes) if may_note else [],
        "questions": list(questions.select_related("pause", "replied_by")),
    }


def contact_entries(demand: Demand, reader: User) -> Iterator[Entry]:
    """The contact log as lines of the timeline; the enterprise reads no note and no name."""
    internal = reader.has_perm("demands.view_notes", demand)
    log = ContactAttempt.objects.visible_to(reader).of(demand)
    for attempt in log.select_related("unit", "logged_by"):
        reached = attempt.outcome == ContactOutcome.REACHED
        names = {
            "unit": attempt.unit,
            "way": attempt.get_way_display(),
            "person": attempt.spoke_with,
            "outcome": attempt.get_outcome_display(),
        }
        title = (
            _("%(unit)s spoke with %(person)s (%(way)s)")
            if reached
            else _("%(unit)s tried to reach the enterprise (%(way)s): %(outcome)s")
        )
        yield Entry(
            at=attempt.made_at,
            title=title % names,
            by=attempt.logged_by.get_full_name() if internal else "",
            text=attempt.note if internal else "",
            icon="phone",
            tone="blue" if reached else "grey",
        )
