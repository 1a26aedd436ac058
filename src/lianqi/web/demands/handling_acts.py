"""The acts of handling beside the moves, and which of all acts a reader needs first."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.demands.actions import last_day_to_reply
from lianqi.demands.enums import DemandStatus, Step
from lianqi.demands.flow import OPEN
from lianqi.demands.models import Demand, Question
from lianqi.web.demands.acting import Act
from lianqi.web.demands.forms import ActForm
from lianqi.web.demands.handling_forms import (
    AskForm,
    ContactForm,
    GroundsForm,
    InterimForm,
    InternalNoteForm,
    ProgressForm,
    ReplyForm,
)
from lianqi.work.models import WorkItem

HANDLING: Mapping[str, Act] = {
    "reply": Act(
        ReplyForm,
        gettext_lazy("Reply to the question"),
        gettext_lazy("Send the reply"),
        gettext_lazy("Sent. The clock of the unit runs again."),
        "send",
    ),
    "close_unreplied": Act(
        GroundsForm,
        gettext_lazy("Close: the enterprise did not reply"),
        gettext_lazy("Close the demand"),
        gettext_lazy("Closed. The enterprise reads the grounds and can reopen it."),
        "x",
        "default",
    ),
    "resume": Act(
        ActForm,
        gettext_lazy("Let the clock run again"),
        gettext_lazy("Let the clock run again"),
        gettext_lazy("The clock runs again."),
        "clock",
        "default",
    ),
    "contact": Act(
        ContactForm,
        gettext_lazy("Log a contact with the enterprise"),
        gettext_lazy("Log the contact"),
        gettext_lazy("The contact was logged."),
        "phone",
    ),
    "interim": Act(
        InterimForm,
        gettext_lazy("Interim answer"),
        gettext_lazy("Send the interim answer"),
        gettext_lazy("Sent. The enterprise reads it."),
        "message-circle",
    ),
    "progress": Act(
        ProgressForm,
        gettext_lazy("Report progress"),
        gettext_lazy("Save the report"),
        gettext_lazy("The report was saved."),
        "chart-line",
    ),
    "ask": Act(
        AskForm,
        gettext_lazy("Ask the enterprise"),
        gettext_lazy("Send and stop the clock"),
        gettext_lazy("Sent. The clock stands still."),
        "player-pause",
        "default",
    ),
    "note": Act(
        InternalNoteForm,
        gettext_lazy("Internal note"),
        gettext_lazy("Save the note"),
        gettext_lazy("The note was saved."),
        "edit",
        "default",
    ),
}
_PERMISSIONS = {
    "contact": "demands.log_contact",
    "interim": "demands.report",
    "progress": "demands.report",
    "note": "demands.note",
    "ask": "demands.pause",
    "resume": "demands.pause",
    "reply": "demands.reply",
    "close_unreplied": "demands.close_unreplied",
}
_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})
_STATUSES: Mapping[str, frozenset[DemandStatus]] = {
    "contact": OPEN - {DemandStatus.SUBMITTED},
    "interim": _IN_PROGRESS,
    "progress": _IN_PROGRESS,
    "note": frozenset(DemandStatus),
    # The question of a demand that is being transferred still stands.
    "reply": OPEN,
    **dict.fromkeys(("ask", "resume", "close_unreplied"), _IN_PROGRESS),
}
# The act that fulfils a step; the others are called like their step.
_ACT_OF = {
    Step.CONTACT: "contact",
    Step.INTERIM: "interim",
    Step.PROGRESS: "progress",
    Step.EXTEND: "decide_extension",
    Step.SIGN: "sign_unsolvable",
    Step.APPEAL: "decide_appeal",
}


def may_handle(
    verb: str, demand: Demand, item: WorkItem | None, *, user: User, at: dt.datetime
) -> bool:
    """Whether `user` can do this beside the moves now. `item` is the one whose clock is shown."""
    if demand.status not in _STATUSES[verb] or not user.has_perm(_PERMISSIONS[verb], demand):
        return False
    stands = item is not None and item.paused_since is not None
    if verb in {"ask", "resume"}:
        return item is not None and stands == (verb == "resume")
    if verb in {"reply", "close_unreplied"}:
        question = Question.objects.of(demand).waiting_for_the_enterprise().first()
        return question is not None and (verb == "reply" or _is_over(question, at))
    return True


def intro_of(verb: str) -> str:
    """The sentence above the form of an act; empty where none is needed."""
    if verb == "ask":
        return _(
            "The answering clock stands until the enterprise replies. It is reminded after "
            "%(remind)d days; after %(close)d days without a reply you may close the demand."
        ) % {"remind": settings.QUESTION_REMINDER_DAYS, "close": settings.QUESTION_CLOSE_DAYS}
    return ""


def _is_over(question: Question, at: dt.datetime) -> bool:
    last = last_day_to_reply(question, after_days=settings.QUESTION_CLOSE_DAYS)
    return question.reminded_at is not None and timezone.localdate(at) > last


def next_act(items: Iterable[WorkItem], verbs: Iterable[str]) -> str:
    """The act that is owed first, of those offered; empty if none is owed.

    By due time. A clock that stands waits for nobody here, so it comes last.
    """
    owed = sorted(
        (item for item in items if item.done_at is None),
        key=lambda item: (item.due_at is None, item.due_at, item.pk),
    )
    acts = (_ACT_OF.get(Step(item.step), item.step) for item in owed if item.step in Step.values)
    return next((act for act in acts if act in verbs), "")
