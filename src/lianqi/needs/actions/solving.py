"""What the responsible unit owes a need: contact, progress every two days, a result."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.needs.actions.moving import locked, owe_progress, tell_the_enterprise
from lianqi.needs.actions.tally import contribution, retally
from lianqi.needs.enums import MoneyStage, NeedStep
from lianqi.needs.errors import (
    EvidenceMissing,
    MoneyNotPossible,
    NoteMissing,
    ReportTextMissing,
)
from lianqi.needs.models import Need, NeedMoney
from lianqi.work.actions import finish_items
from lianqi.work.queries import local_date


@transaction.atomic
def report_progress(need_id: int, *, progress: str, by: User, at: dt.datetime) -> Need:
    """Report what was done; the next report is owed two days later. The first is the contact.

    Raises:
        ReportTextMissing: The text is empty.
    """
    need, target = locked(need_id, "progress", by=by)
    if not progress.strip():
        raise ReportTextMissing
    is_first = need.contacted_on is None
    need.status, need.progress, need.progress_on = target, progress.strip(), local_date(at)
    need.contacted_on = need.contacted_on or local_date(at)
    need.save(update_fields=["status", "progress", "progress_on", "contacted_on"])
    finish_items(need, step=NeedStep.PROGRESS, by=by, at=at)
    owe_progress(need, by=by, at=at)
    verb = "need.contacted" if is_first else "need.progressed"
    _record(verb, need, by=by, at=at, progress=need.progress)
    return need


@transaction.atomic
def solve_need(need_id: int, *, solution: str, evidence: str, by: User, at: dt.datetime) -> Need:
    """Say how the need was met, with evidence. The enterprise is asked to confirm.

    Raises:
        ReportTextMissing, EvidenceMissing: Nobody could check it later.
    """
    need, target = locked(need_id, "solve", by=by)
    if not solution.strip():
        raise ReportTextMissing
    if not evidence.strip():
        raise EvidenceMissing
    before = contribution(need)
    need.status, need.solution, need.evidence = target, solution.strip(), evidence.strip()
    need.solved_on = local_date(at)
    need.contacted_on = need.contacted_on or need.solved_on
    need.save(update_fields=["status", "solution", "evidence", "solved_on", "contacted_on"])
    finish_items(need, step=NeedStep.PROGRESS, by=by, at=at)
    retally(before, contribution(need))
    _record("need.solved", need, by=by, at=at, solution=need.solution, evidence=need.evidence)
    tell_the_enterprise(need, "need.told_solved", at=at)
    return need


@transaction.atomic
def give_up_need(need_id: int, *, grounds: str, by: User, at: dt.datetime) -> Need:
    """Say why a need cannot be solved. It stays valid and counts as not solved.

    Raises:
        NoteMissing: No grounds were given.
    """
    need, target = locked(need_id, "give_up", by=by)
    if not grounds.strip():
        raise NoteMissing
    need.status, need.grounds = target, grounds.strip()
    need.save(update_fields=["status", "grounds"])
    finish_items(need, step=NeedStep.PROGRESS, by=by, at=at)
    _record("need.given_up", need, by=by, at=at, grounds=need.grounds)
    tell_the_enterprise(need, "need.told_given_up", at=at)
    return need


@transaction.atomic
def resume_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """Take up again what could not be solved, because something changed.

    Raises:
        NoteMissing: Nothing was said to have changed.
    """
    need, target = locked(need_id, "resume", by=by)
    if not note.strip():
        raise NoteMissing
    need.status, need.grounds = target, ""
    need.contacted_on = need.contacted_on or local_date(at)
    need.save(update_fields=["status", "grounds", "contacted_on"])
    owe_progress(need, by=by, at=at)
    _record("need.resumed", need, by=by, at=at, note=note.strip())
    return need


@transaction.atomic
def pay_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """Note that what the enterprise claimed was paid out."""
    need, target = locked(need_id, "pay", by=by)
    need.status, need.paid_on = target, local_date(at)
    need.save(update_fields=["status", "paid_on"])
    _record("need.paid", need, by=by, at=at, note=note.strip())
    tell_the_enterprise(need, "need.told_paid", at=at)
    return need


@transaction.atomic
def record_money(
    need_id: int,
    *,
    stage: MoneyStage,
    amount_yuan: Decimal,
    on: dt.date,
    by: User,
    at: dt.datetime,
    note: str = "",
) -> NeedMoney:
    """Note an amount of a stage; one below zero corrects an earlier one.

    Raises:
        MoneyNotPossible: The amount is zero, or a correction without a reason.
    """
    need = Need.objects.select_related("enterprise").get(pk=need_id)
    if not by.has_perm("needs.record_money", need):
        raise PermissionDenied
    if amount_yuan == 0 or (amount_yuan < 0 and not note.strip()):
        raise MoneyNotPossible
    entry = NeedMoney.objects.create(
        need=need,
        programme_id=need.programme_id,
        stage=stage,
        amount_yuan=amount_yuan,
        on=on,
        note=note.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    _record(
        "need.money_recorded",
        need,
        by=by,
        at=at,
        stage=stage,
        amount_yuan=str(amount_yuan),
        note=entry.note,
    )
    return entry


def _record(verb: str, need: Need, *, by: User, at: dt.datetime, **detail: str) -> None:
    record(
        verb,
        need,
        by=by,
        at=at,
        enterprise_id=need.enterprise_id,
        unit_name=str(need.lead or ""),
        **detail,
    )
