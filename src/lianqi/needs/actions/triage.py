"""Triage: valid with one responsible unit, not valid, merged, out of remit; second thoughts."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.needs.actions.batches import note_waiting
from lianqi.needs.actions.moving import (
    at_work_for,
    locked,
    owe_progress,
    tell,
    tell_the_enterprise,
)
from lianqi.needs.actions.tally import contribution, retally
from lianqi.needs.enums import REASONS, NeedStatus, TriageReason, Verdict
from lianqi.needs.errors import (
    HasMergedNeeds,
    LeadUnitMissing,
    MergeNotPossible,
    NoteMissing,
    OtherUnitsMissing,
    ReasonDoesNotFit,
    TriageNoteMissing,
    UnitTakesNoNeeds,
)
from lianqi.needs.flow import VERBS
from lianqi.needs.models import Need, NeedShare
from lianqi.work.actions import cancel_items
from lianqi.work.queries import local_date

SORTED_FIELDS = (
    "status", "verdict", "reason", "note", "lead", "merged_into",
    "triaged_at", "triaged_by", "triaged_on",
)  # fmt: skip


@transaction.atomic
def triage_need(
    need_id: int,
    *,
    verdict: Verdict,
    reason: TriageReason,
    by: User,
    at: dt.datetime,
    note: str = "",
    lead: Unit | None = None,
    others: Sequence[Unit] = (),
    into: Need | None = None,
) -> Need:
    """Say what a reported need is. A valid one goes to exactly one responsible unit.

    Args:
        reason: One of `REASONS` of the verdict.
        note: For the guarding unit; needed where the need is not worked on.
        lead: The responsible unit of a valid need, nobody's otherwise.
        others: Units with a part in a need to be coordinated.
        into: The need that a merged one is the same as.

    Raises:
        NeedMoveNotPossible: Somebody sorted it meanwhile.
        ReasonDoesNotFit, TriageNoteMissing, LeadUnitMissing, UnitTakesNoNeeds, OtherUnitsMissing,
        MergeNotPossible, HasMergedNeeds: The verdict is not complete or contradicts itself.
    """
    _lock_in_order(need_id, into)
    need, target = locked(need_id, VERBS[verdict], by=by)
    is_valid = verdict in {Verdict.VALID, Verdict.COORDINATED}
    _check_reason(verdict, reason, note)
    parts = _checked_units(verdict, lead, others) if is_valid else []
    if not is_valid:
        _require_no_merged(need)
    before = contribution(need)
    need.status, need.verdict, need.reason, need.note = target, verdict, reason, note.strip()
    need.lead = lead if is_valid else None
    need.merged_into = _survivor(need, into) if verdict == Verdict.MERGED else None
    need.triaged_at, need.triaged_by, need.triaged_on = at, by, local_date(at)
    need.save(update_fields=SORTED_FIELDS)
    NeedShare.objects.bulk_create(NeedShare(need=need, unit=unit) for unit in parts)
    note_waiting(need, -1, by=by, at=at)
    retally(before, contribution(need))
    record(
        f"need.{verdict}",
        need,
        by=by,
        at=at,
        enterprise_id=need.enterprise_id,
        reason=reason,
        note=need.note,
        unit=need.lead_id,
        unit_name=str(need.lead or ""),
        others=[str(unit) for unit in parts],
        into=need.merged_into.number if need.merged_into else "",
    )
    _tell(need, parts, by=by, at=at)
    return need


@transaction.atomic
def reconsider_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """Take a verdict back, before the responsible unit has reported; triage owes a new one."""
    need, target = locked(need_id, "reconsider", by=by)
    unit = need.lead
    _back_to_triage(need, target, "need.reconsidered", note=note, by=by, at=at)
    if unit is not None:
        tell(at_work_for(unit, at=at), need, "need.taken_back", at=at)
    return need


@transaction.atomic
def hand_back_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """The responsible unit says that another one is; triage decides anew."""
    need, target = locked(need_id, "hand_back", by=by)
    _back_to_triage(need, target, "need.handed_back", note=note, by=by, at=at)
    tell(at_work_for(need.programme.triage_unit, at=at), need, "need.handed_back", at=at)
    return need


def _back_to_triage(
    need: Need, target: NeedStatus, verb: str, *, note: str, by: User, at: dt.datetime
) -> None:
    if not note.strip():
        raise NoteMissing
    before, unit = contribution(need), need.lead
    need.status, need.verdict, need.reason, need.note = target, "", "", ""
    need.lead, need.merged_into = None, None
    need.triaged_at, need.triaged_by, need.triaged_on = None, None, None
    need.save(update_fields=SORTED_FIELDS)
    need.shares.all().delete()
    cancel_items(need, by=by, at=at)
    note_waiting(need, +1, by=by, at=at)
    retally(before, contribution(need))
    record(
        verb,
        need,
        by=by,
        at=at,
        enterprise_id=need.enterprise_id,
        unit_name=str(unit or ""),
        note=note.strip(),
    )


def _check_reason(verdict: Verdict, reason: TriageReason, note: str) -> None:
    if reason not in REASONS[verdict]:
        fitting = ", ".join(str(each.label) for each in REASONS[verdict])
        raise ReasonDoesNotFit(verdict=verdict.label, reasons=fitting)
    if verdict in {Verdict.INVALID, Verdict.REFERRED} and not note.strip():
        raise TriageNoteMissing(verdict=verdict.label)


def _checked_units(verdict: Verdict, lead: Unit | None, others: Sequence[Unit]) -> list[Unit]:
    """The units with a part in it beside the responsible one."""
    if lead is None:
        raise LeadUnitMissing
    parts = {unit.pk: unit for unit in others if unit.pk != lead.pk}
    for unit in (lead, *parts.values()):
        if not unit.is_active:
            raise UnitTakesNoNeeds(unit=unit)
    if verdict == Verdict.VALID:
        return []
    if not parts:
        raise OtherUnitsMissing
    return list(parts.values())


def _lock_in_order(need_id: int, into: Need | None) -> None:
    """Two that merge each other's need at once wait for one another instead of locking up."""
    both = {need_id, into.pk} if into else set()
    list(Need.objects.select_for_update(of=("self",)).filter(pk__in=both).order_by("pk"))


def _survivor(need: Need, into: Need | None) -> Need:
    """The need that stays; it is locked, so that nobody dismisses it in this moment."""
    standing = Need.objects.standing().filter(enterprise_id=need.enterprise_id)
    found = into and standing.filter(pk=into.pk).first()
    if not found or found.pk == need.pk:
        raise MergeNotPossible(number=need.number)
    return found


def _require_no_merged(need: Need) -> None:
    if count := need.merged_needs.count():
        raise HasMergedNeeds(number=need.number, count=count)


def _tell(need: Need, parts: list[Unit], *, by: User, at: dt.datetime) -> None:
    if need.lead is None:
        if need.collected_by_id != by.pk:
            tell([need.collected_by], need, "need.dismissed", at=at)
        return
    owe_progress(need, by=by, at=at)
    tell(at_work_for(need.lead, at=at), need, "need.assigned", at=at)
    for unit in parts:
        tell(at_work_for(unit, at=at), need, "need.shared", at=at)
    tell_the_enterprise(need, "need.told_assigned", at=at)
