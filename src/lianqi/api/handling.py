"""Handling over JSON: contacts, notes, reports, questions; the same actions as the pages."""

import datetime as dt
from typing import Annotated

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import ContactOutcome, ContactWay, ReportKind
from lianqi.demands.models import ContactAttempt, Demand, InternalNote, Question, Report
from lianqi.work.enums import PauseReason
from lianqi.work.models import WorkItem

router = Router(tags=["handling"])

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class LoggedContactIn(Schema):
    way: ContactWay
    outcome: ContactOutcome
    spoke_with: Short = ""
    note: Remark = Field("", description="For the zone only.")
    made_at: dt.datetime | None = Field(None, description="Left out, it was just now.")


class LoggedContactOut(Schema):
    """One attempt to speak with the enterprise; its note is for the zone and not told here."""

    id: int
    unit_id: int
    way: ContactWay
    outcome: ContactOutcome
    spoke_with: str
    made_at: dt.datetime
    logged_at: dt.datetime


class NoteTextIn(Schema):
    text: NoteText


class NoteOut(Schema):
    id: int
    text: str
    written_at: dt.datetime
    written_by: str = Field(alias="written_by.name")


def _chosen(reason: PauseReason) -> PauseReason:
    """An objection stops its clock by itself; nobody chooses it."""
    if reason == PauseReason.OBJECTION:
        raise ValueError("not a reason to choose")
    return reason


class QuestionIn(Schema):
    reason: Annotated[PauseReason, AfterValidator(_chosen)]
    text: NoteText = Field(description="What the enterprise reads.")
    evidence: Annotated[str, StringConstraints(max_length=1000)] = Field(
        description="What shows it later; for the zone only."
    )


class QuestionOut(Schema):
    """A question and its reply. While `is_standing`, the answering clock stands."""

    id: int
    reason: PauseReason = Field(alias="pause.reason")
    text: str
    asked_at: dt.datetime = Field(alias="pause.started_at")
    ended_at: dt.datetime | None = Field(alias="pause.ended_at")
    is_standing: bool
    reminded_at: dt.datetime | None
    reply: str
    replied_at: dt.datetime | None


class ReplyIn(Schema):
    text: LongText


class GroundsIn(Schema):
    grounds: LongText


class ClockOut(Schema):
    """A step somebody owes; `due_at` is null while its clock stands."""

    step: str
    due_at: dt.datetime | None


class ReportIn(Schema):
    kind: ReportKind
    text: LongText
    is_shared: bool = Field(True, description="An interim answer is shared in any case.")


class ReportOut(Schema):
    id: int
    kind: ReportKind
    unit_id: int
    text: str
    is_shared: bool
    written_at: dt.datetime


@router.get(
    "/{demand_id}/contacts",
    response={200: list[LoggedContactOut], **PROBLEMS},
    operation_id="list_contacts_of_demand",
)
def list_contacts(request: ApiRequest, demand_id: int) -> list[ContactAttempt]:
    """The contact log of a demand, oldest first."""
    demand = visible(request, demand_id)
    return list(ContactAttempt.objects.visible_to(request.user).of(demand))


@router.post(
    "/{demand_id}/contacts",
    response={201: LoggedContactOut, **PROBLEMS},
    operation_id="log_contact_of_demand",
)
def log_contact(
    request: ApiRequest, demand_id: int, body: LoggedContactIn
) -> Status[ContactAttempt]:
    """Log that your unit spoke with the enterprise, or tried to."""
    demand, at = visible(request, demand_id), timezone.now()
    given = body.model_dump()
    given["made_at"] = given["made_at"] or at
    return Status(201, actions.log_contact(demand.pk, **given, by=request.user, at=at))


@router.get(
    "/{demand_id}/notes",
    response={200: list[NoteOut], **PROBLEMS},
    operation_id="list_notes_of_demand",
)
def list_notes(request: ApiRequest, demand_id: int) -> list[InternalNote]:
    """The internal notes about a demand, oldest first: for people of the zone."""
    demand = visible(request, demand_id)
    if not request.user.has_perm("demands.view_notes", demand):
        raise PermissionDenied
    notes = InternalNote.objects.visible_to(request.user).of(demand)
    return list(notes.select_related("written_by"))


@router.post(
    "/{demand_id}/notes",
    response={201: NoteOut, **PROBLEMS},
    operation_id="write_note_of_demand",
)
def write_note(request: ApiRequest, demand_id: int, body: NoteTextIn) -> Status[InternalNote]:
    """Leave a note for the others of the zone."""
    demand = visible(request, demand_id)
    note = actions.write_note(demand.pk, text=body.text, by=request.user, at=timezone.now())
    return Status(201, note)


@router.get(
    "/{demand_id}/reports",
    response={200: list[ReportOut], **PROBLEMS},
    operation_id="list_reports_of_demand",
)
def list_reports(request: ApiRequest, demand_id: int) -> list[Report]:
    """Interim answers and progress, oldest first; an enterprise gets those that are shared."""
    demand = visible(request, demand_id)
    return list(Report.objects.visible_to(request.user).of(demand))


@router.post(
    "/{demand_id}/reports",
    response={201: ReportOut, **PROBLEMS},
    operation_id="write_report_of_demand",
)
def write_report(request: ApiRequest, demand_id: int, body: ReportIn) -> Status[Report]:
    """Give an interim answer, or report progress."""
    demand, at = visible(request, demand_id), timezone.now()
    return Status(201, actions.write_report(demand.pk, **body.model_dump(), by=request.user, at=at))


@router.get(
    "/{demand_id}/questions",
    response={200: list[QuestionOut], **PROBLEMS},
    operation_id="list_questions_of_demand",
)
def list_questions(request: ApiRequest, demand_id: int) -> list[Question]:
    """The questions to the enterprise with their replies, oldest first."""
    demand = visible(request, demand_id)
    questions = Question.objects.visible_to(request.user).of(demand)
    return list(questions.select_related("pause"))


@router.post(
    "/{demand_id}/questions",
    response={201: QuestionOut, **PROBLEMS},
    operation_id="ask_about_demand",
)
def ask(request: ApiRequest, demand_id: int, body: QuestionIn) -> Status[Question]:
    """Ask the enterprise; the answering clock stands until it replies."""
    demand, at = visible(request, demand_id), timezone.now()
    return Status(
        201, actions.ask_enterprise(demand.pk, **body.model_dump(), by=request.user, at=at)
    )


@router.post(
    "/{demand_id}/reply", response={200: QuestionOut, **PROBLEMS}, operation_id="reply_to_question"
)
def reply(request: ApiRequest, demand_id: int, body: ReplyIn) -> Question:
    """Reply, as the enterprise, to what was asked; the clock runs on."""
    demand, at = visible(request, demand_id), timezone.now()
    return actions.reply_to_question(demand.pk, text=body.text, by=request.user, at=at)


@router.post(
    "/{demand_id}/resume", response={200: ClockOut, **PROBLEMS}, operation_id="resume_demand"
)
def resume(request: ApiRequest, demand_id: int) -> WorkItem:
    """Let the answering clock run again without a reply."""
    demand = visible(request, demand_id)
    return actions.resume_demand(demand.pk, by=request.user, at=timezone.now())


@router.post(
    "/{demand_id}/unreplied", response={204: None, **PROBLEMS}, operation_id="close_unreplied"
)
def close_unreplied(request: ApiRequest, demand_id: int, body: GroundsIn) -> Status[None]:
    """Close a demand whose enterprise was asked, reminded, and stayed silent."""
    demand = visible(request, demand_id)
    actions.close_unreplied(
        demand.pk,
        grounds=body.grounds,
        after_days=settings.QUESTION_CLOSE_DAYS,
        by=request.user,
        at=timezone.now(),
    )
    return Status(204, None)


def visible(request: ApiRequest, demand_id: int) -> Demand:
    """The demand, if whoever asks may see it; otherwise a 404."""
    return get_object_or_404(Demand.objects.visible_to(request.user), pk=demand_id)
