"""Batches: opened for every guarding unit, sent every two days, late ones visible."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.engines.flow import IllegalMove
from lianqi.needs.actions.moving import owe_batch
from lianqi.needs.enums import BatchStatus, NeedStatus, NeedStep
from lianqi.needs.errors import (
    BatchMoveNotPossible,
    NotAZeroReport,
    ZeroReportNotSaid,
)
from lianqi.needs.flow import BATCH_FLOW
from lianqi.needs.models import Need, NeedBatch, Programme
from lianqi.register.models import Grid
from lianqi.work.actions import finish_items
from lianqi.work.queries import local_date


def guarding_units() -> list[Unit]:
    """The units that the register names responsible for a grid in use."""
    guarded = Grid.objects.in_use().values("unit_id")
    return list(Unit.objects.active().filter(pk__in=guarded).order_by("pk"))


@transaction.atomic
def open_missing_batches(*, at: dt.datetime) -> int:
    """Open a batch for every guarding unit that has none; return how many. Safe to repeat.

    A unit that guards nothing any more, or whose programme is over, still sends its open one.
    """
    programme = Programme.objects.of_day(local_date(at))
    if programme is None:
        return 0
    busy = set(NeedBatch.objects.open().values_list("unit_id", flat=True))
    free = [unit for unit in guarding_units() if unit.pk not in busy]
    return sum(_open(unit, programme, by=None, at=at) is not None for unit in free)


def open_batch(unit: Unit, programme: Programme, *, by: User, at: dt.datetime) -> NeedBatch:
    """The unit's open batch, locked against being reported; a new one if there is none."""
    of_unit = NeedBatch.objects.open().select_for_update(of=("self",)).filter(unit=unit)
    if (found := of_unit.select_related("programme").first()) is None:
        # Of two at once one creates it; the other waits for the commit and then finds it.
        _open(unit, programme, by=by, at=at)
        found = of_unit.select_related("programme").get()
    return found


@transaction.atomic
def report_batch(batch_id: int, *, nothing_collected: bool, by: User, at: dt.datetime) -> NeedBatch:
    """Send what was collected to triage; from now on the next two days run.

    Args:
        nothing_collected: Said on purpose where a batch is empty (零报送).

    Raises:
        BatchMoveNotPossible: Somebody sent it meanwhile.
        ZeroReportNotSaid, NotAZeroReport: What is said is not what was collected.
    """
    batch = (
        NeedBatch.objects.select_for_update(of=("self",))
        .select_related("unit", "programme__triage_unit")
        .get(pk=batch_id)
    )
    try:
        target = BATCH_FLOW.target("report_batch", status=BatchStatus(batch.status))
    except IllegalMove as error:
        status = batch.get_status_display()
        raise BatchMoveNotPossible(unit=batch.unit, status=status) from error
    if not by.has_perm("needs.report_batch", batch):
        raise PermissionDenied
    if not batch.need_count and not nothing_collected:
        raise ZeroReportNotSaid(since=batch.from_on)
    if batch.need_count and nothing_collected:
        raise NotAZeroReport(since=batch.from_on, count=batch.need_count)
    batch.status, batch.reported_at, batch.reported_by = target, at, by
    batch.waiting = batch.need_count
    batch.save(update_fields=["status", "reported_at", "reported_by", "waiting"])
    Need.objects.filter(batch=batch).update(status=NeedStatus.REPORTED)
    finish_items(batch, step=NeedStep.REPORT, by=by, at=at)
    if batch.need_count:
        owe_batch(batch, NeedStep.TRIAGE, unit=batch.programme.triage_unit, by=by, at=at)
    programme = Programme.objects.of_day(local_date(at))
    if programme and batch.unit_id in {unit.pk for unit in guarding_units()}:
        _open(batch.unit, programme, by=by, at=at)
    record("need.batch_reported", batch, by=by, at=at, unit=str(batch.unit), needs=batch.need_count)
    return batch


def note_waiting(need: Need, change: int, *, by: User, at: dt.datetime) -> None:
    """Count what triage still owes of the need's batch; the last one ends the work, a first begins.

    The row of the need is locked already, the batch's only now: everybody in this order.
    """
    batch = (
        NeedBatch.objects.select_for_update(of=("self",))
        .select_related("unit", "programme__triage_unit")
        .get(pk=need.batch_id)
    )
    NeedBatch.objects.filter(pk=batch.pk).update(waiting=F("waiting") + change)
    if batch.waiting + change == 0:
        finish_items(batch, step=NeedStep.TRIAGE, by=by, at=at)
    elif batch.waiting == 0:
        owe_batch(batch, NeedStep.TRIAGE, unit=batch.programme.triage_unit, by=by, at=at)


def _open(
    unit: Unit, programme: Programme, *, by: User | None, at: dt.datetime
) -> NeedBatch | None:
    """A new batch that the unit owes, or None where somebody opened one at the same moment."""
    batch = NeedBatch(programme=programme, unit=unit, from_on=local_date(at))
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError:
        return None
    owe_batch(batch, NeedStep.REPORT, unit=unit, by=by, at=at)
    return batch
