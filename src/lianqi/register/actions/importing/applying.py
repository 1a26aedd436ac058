"""Applying a previewed import: chunk by chunk, each all or nothing."""

import datetime as dt

from django.db import transaction

from lianqi.audit.actions import record
from lianqi.register.actions.importing.planning import Known, load_known
from lianqi.register.actions.importing.previewing import plan_line
from lianqi.register.actions.importing.runs import CHUNK, count_plans, failing_kept, moved
from lianqi.register.actions.importing.writing import ChunkWriter
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.models import ImportRow, ImportRun


def apply_import(run_id: int, *, at: dt.datetime) -> None:
    """Write the planned rows of a run whose state is APPLYING; otherwise do nothing.

    Each chunk of 500 rows is one transaction that also notes how far the run got: after a crash
    the next call goes on where the last one stopped and writes nothing twice.
    """
    with failing_kept(run_id, at=at):
        while _apply_chunk(run_id, at=at):
            pass


@transaction.atomic
def _apply_chunk(run_id: int, *, at: dt.datetime) -> bool:
    """Write the next chunk; False when there is nothing more to do."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.state != ImportState.APPLYING:
        return False
    lines = list(run.rows.order_by("number")[run.rows_done : run.rows_done + CHUNK])
    if run.cancel_requested or not lines:
        _end(run_id, "cancel" if run.cancel_requested else "finish", at=at)
        return False
    _write(run, [line for line in lines if line.plan in {RowPlan.CREATE, RowPlan.CHANGE}], at=at)
    run.rows_done += len(lines)
    run.save(update_fields=["rows_done"])
    return True


def _write(run: ImportRun, lines: list[ImportRow], *, at: dt.datetime) -> None:
    """Plan again against what is known now, since the preview may be hours old, and write."""
    known = load_known([line.values["code"] for line in lines], lock=True)
    previewed = {line.number: line.plan for line in lines}
    for line in lines:
        plan_line(line, known.get(line.values["code"], Known()))
    otherwise = [line for line in lines if line.plan != previewed[line.number]]
    ImportRow.objects.bulk_update(otherwise, ["plan", "reason", "changes"])
    ready = [line for line in lines if line.plan in {RowPlan.CREATE, RowPlan.CHANGE}]
    ChunkWriter(run, by=run.created_by, at=at).write(ready, known)


def _end(run_id: int, verb: str, *, at: dt.datetime) -> None:
    run = moved(run_id, verb)
    run.finished_at = at
    run.counts |= count_plans(run)
    run.save()
    record(
        "register.import_ended",
        run,
        by=run.created_by,
        at=at,
        state=run.state,
        rows=run.rows_done,
        counts=run.counts,
    )
