"""Asking the enterprise: the answering clock stands until it replies.

There is no other way to stop that clock. Reports and the interim answer wait along with it, as far
as they are not overdue already; whoever was late stays late.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.moving import locked_beside, tell, tell_the_enterprise
from lianqi.demands.enums import DemandStatus, Step
from lianqi.demands.errors import (
    MoveNotPossible,
    NoQuestionStands,
    QuestionMissing,
    ReplyMissing,
)
from lianqi.demands.models import Demand, Question
from lianqi.files.actions import store_upload
from lianqi.work.actions import hold_items, pause_item, release_items, resume_item
from lianqi.work.enums import PauseReason
from lianqi.work.models import WorkItem

# What stands along with the answer. A first contact is owed all the same.
ALONG = (Step.INTERIM, Step.PROGRESS)
_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})


@transaction.atomic
def ask_enterprise(
    demand_id: int,
    *,
    reason: PauseReason,
    text: str,
    evidence: str,
    by: User,
    at: dt.datetime,
) -> Question:
    """Tell the enterprise what the unit waits for, and stop the answering clock.

    Args:
        demand_id: The demand.
        reason: One of the listed ones. What waits for the enterprise is settled by its reply,
            anything else by the unit.
        text: What the enterprise reads.
        evidence: What shows it later: letter, call, record. For the zone only.
        by: Whoever asks.
        at: Now.

    Raises:
        MoveNotPossible: The demand is not being answered any more.
        QuestionMissing: The text is empty.
        Refusal: From `pause_item`: the clock stands already, has run out, or lacks evidence.
        PermissionDenied: `by` does not handle it.
    """
    demand = locked_beside(demand_id, "demands.pause", statuses=_IN_PROGRESS, by=by)
    if not text.strip():
        raise QuestionMissing
    item = _answering(demand)
    item = pause_item(item.pk, reason=reason, evidence=evidence, by=by, at=at)
    for step in ALONG:
        hold_items(demand, step=step, reason=reason, evidence=evidence.strip(), by=by, at=at)
    question = Question.objects.create(
        demand=demand, pause=item.pauses.get(ended_at__isnull=True), text=text.strip()
    )
    event = "demand.asked" if question.waits_for_the_enterprise else "demand.waiting"
    tell_the_enterprise(demand, event, at=at, unit=demand.unit)
    record(
        "demand.asked",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        question=question.pk,
        reason=reason,
        text=question.text,
    )
    return question


@transaction.atomic
def reply_to_question(
    demand_id: int,
    *,
    text: str,
    by: User,
    at: dt.datetime,
    uploads: Sequence["UploadedFile[Any]"] = (),
    max_bytes: int = 0,
    daemon: str = "",
) -> Question:
    """The enterprise replies; the clock runs on by itself. Text and files go in, or neither.

    Args:
        demand_id: The demand.
        text: What is replied.
        by: Somebody of the enterprise.
        at: Now.
        uploads: What was asked for; they become attachments of the demand.
        max_bytes: The most that one file may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.

    Raises:
        NoQuestionStands: The unit went on meanwhile, or the demand is closed.
        ReplyMissing: The text is empty.
        Refusal: From `store_upload`, for a file.
        PermissionDenied: `by` is not of the enterprise.
    """
    demand = locked_beside(demand_id, "demands.reply", statuses=frozenset(DemandStatus), by=by)
    question = Question.objects.of(demand).waiting_for_the_enterprise().first()
    if question is None:
        raise NoQuestionStands(number=demand.number)
    if not text.strip():
        raise ReplyMissing
    question.reply, question.replied_at, question.replied_by = text.strip(), at, by
    question.save(update_fields=["reply", "replied_at", "replied_by"])
    for upload in uploads:
        store_upload(upload, subject=demand, max_bytes=max_bytes, daemon=daemon, by=by, at=at)
    for step in (Step.ANSWER, *ALONG):
        release_items(demand, step=step, by=by, at=at)
    if demand.handler:
        tell([demand.handler], demand, "demand.replied", at=at)
    record(
        "demand.replied",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        question=question.pk,
        reply=question.reply,
        files=len(uploads),
    )
    return question


@transaction.atomic
def resume_demand(demand_id: int, *, by: User, at: dt.datetime) -> WorkItem:
    """The unit goes on: what it waited for has come another way, or is not needed.

    Raises:
        MoveNotPossible: The demand is not being answered any more.
        ClockNotPaused: The enterprise replied meanwhile.
        PermissionDenied: `by` does not handle it.
    """
    demand = locked_beside(demand_id, "demands.pause", statuses=_IN_PROGRESS, by=by)
    item = resume_item(_answering(demand).pk, by=by, at=at)
    for step in ALONG:
        release_items(demand, step=step, by=by, at=at)
    return item


def remind_unreplied(*, after_days: int, at: dt.datetime, limit: int = 500) -> int:
    """Remind enterprises of questions that wait longer than so many days; return how many.

    Once per question, one transaction each: a reply in the same second wins or loses alone.
    """
    before = at - dt.timedelta(days=after_days)
    waiting = Question.objects.to_remind(asked_before=before).order_by("pk")[:limit]
    return sum(_remind(pk, before, at=at) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _remind(question_id: int, before: dt.datetime, *, at: dt.datetime) -> bool:
    question = (
        Question.objects.to_remind(asked_before=before)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("demand__enterprise", "demand__unit", "demand__filed_by")
        .filter(pk=question_id)
        .first()
    )
    if question is None:
        return False
    question.reminded_at = at
    question.save(update_fields=["reminded_at"])
    demand = question.demand
    tell_the_enterprise(demand, "demand.reminded", at=at, unit=demand.unit)
    record(
        "demand.reminded",
        demand,
        by=Automat(),
        at=at,
        enterprise_id=demand.enterprise_id,
        question=question.pk,
    )
    return True


def _answering(demand: Demand) -> WorkItem:
    item = WorkItem.objects.about(demand).open().filter(step=Step.ANSWER).first()
    if item is None:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    return item
