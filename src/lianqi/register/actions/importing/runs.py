"""An import as people steer it: upload, mapping, decisions, apply, cancel."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.flow import IllegalMove
from lianqi.engines.tables import Limits, TableError, TableProblem, read_table
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import require
from lianqi.register.columns import (
    Column,
    check_columns,
    known_headings,
    memory_key,
    suggest_columns,
)
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.errors import FileChanged, ImportMoveNotPossible, UnreadableFile
from lianqi.register.flow import IMPORT_FLOW, RUNNING
from lianqi.register.models import ColumnMemory, ImportRow, ImportRun
from lianqi.register.reasons import Reason, file_reason, reason

FOLDER = "imports"
CHUNK = 500
LONGEST_FILE_NAME = 200


def start_import(
    upload: "File[bytes]", *, name: str, max_bytes: int, by: User, at: dt.datetime
) -> ImportRun:
    """Keep a spreadsheet, find its headings and suggest what the columns mean.

    Nothing is read but the first rows; `set_mapping` starts the preview.

    Raises:
        UnreadableFile: Too large, a zip bomb, no table, empty, encrypted, broken.
    """
    require(by, "register.import")
    path, header = keep_upload(upload, headings=known_headings(), max_bytes=max_bytes)
    return _keep_run(path, name, suggest_columns(header), by=by, at=at)


def keep_upload(
    upload: "File[bytes]", *, headings: Collection[str], max_bytes: int
) -> tuple[str, list[str]]:
    """Keep a spreadsheet; return where, and its own headings.

    Args:
        headings: Those by which the header is found among the first rows.

    Raises:
        UnreadableFile: Too large, a zip bomb, no table, empty, encrypted, broken.
    """
    if upload.size > max_bytes:
        error = TableError(TableProblem.TOO_LARGE, what="bytes", limit=max_bytes, found=upload.size)
        raise UnreadableFile(error)
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", upload)
    try:
        header = _header_of(Path(default_storage.path(path)), headings, max_bytes=max_bytes)
    except TableError as error:
        default_storage.delete(path)
        raise UnreadableFile(error) from error
    return path, header


def _header_of(path: Path, headings: Collection[str], *, max_bytes: int) -> list[str]:
    """The headings of a table that has at least one row."""
    limits = Limits(max_bytes=max_bytes)
    with read_table(path, limits=limits, known_headings=headings) as table:
        if next(table.rows, None) is None:
            raise TableError(TableProblem.EMPTY_SHEET)
        return table.header


@transaction.atomic
def _keep_run(
    path: str, name: str, columns: list[Column], *, by: User, at: dt.datetime
) -> ImportRun:
    run = ImportRun.objects.create(
        state=ImportState.UPLOADED,
        file_name=tidy(name)[:LONGEST_FILE_NAME],
        path=path,
        mapping=columns,
        created_by=by,
        created_at=at,
    )
    record("register.import_uploaded", run, by=by, at=at, file=run.file_name)
    return run


@transaction.atomic
def set_mapping(run_id: int, *, columns: Sequence[Column], by: User, at: dt.datetime) -> ImportRun:
    """Accept what the columns mean, remember it for the next file, and start the preview.

    Raises:
        MappingIncomplete, MappingTwice, PeriodMissing: What is wrong with the mapping.
        ImportMoveNotPossible: The run is past that point.
    """
    require(by, "register.import")
    run = moved(run_id, "preview")
    check_columns(columns)
    _remember(columns, at=at)
    run.mapping, run.rows_done, run.counts, run.error = list(columns), 0, {}, {}
    run.save()
    record("register.import_mapped", run, by=by, at=at, mapping=run.mapping)
    defer_import(run, "preview")
    return run


def _remember(columns: Sequence[Column], *, at: dt.datetime) -> None:
    """Keep what differs from the table of synonyms or was remembered before."""
    suggested = suggest_columns([column["heading"] for column in columns])
    for column, guess in zip(columns, suggested, strict=True):
        key = memory_key(column["heading"])
        if key and column["field"] and column["field"] != guess["field"]:
            ColumnMemory.objects.update_or_create(
                heading=key[:120], defaults={"field": column["field"], "used_at": at}
            )


@transaction.atomic
def decide_near_duplicates(
    run_id: int, *, row_numbers: Collection[int] | None, by: User, at: dt.datetime
) -> int:
    """Say that these rows (all, if None) are enterprises of their own, and return how many.

    Rows nobody decided stay refused and come back with the refused ones.
    """
    require(by, "register.import")
    run = moved(run_id, "decide")
    rows = run.rows.undecided()
    if row_numbers is not None:
        rows = rows.filter(number__in=row_numbers)
    count = rows.update(plan=RowPlan.CREATE, reason={})
    run.counts |= count_plans(run)
    run.save(update_fields=["counts"])
    record("register.import_decided", run, by=by, at=at, rows=count)
    return count


@transaction.atomic
def request_apply(run_id: int, *, by: User, at: dt.datetime) -> ImportRun:
    """Start writing the previewed rows, in the background.

    Raises:
        ImportMoveNotPossible: The preview is not ready, or somebody applied it already.
    """
    run = moved(run_id, "apply")
    require(by, run.permission)
    run.rows_done = 0
    run.save()
    record("register.import_apply_requested", run, by=by, at=at, counts=run.counts)
    defer_import(run, "apply")
    return run


@transaction.atomic
def cancel_import(run_id: int, *, by: User, at: dt.datetime) -> ImportRun:
    """Stop. A running import stops after the chunk in hand; what it has written stays written.

    Raises:
        ImportMoveNotPossible: It is finished already.
    """
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    require(by, run.permission)
    is_running = run.state in RUNNING
    moved_run = moved(run_id, "cancel")
    run.cancel_requested = True
    if not is_running:
        run.state, run.finished_at = moved_run.state, at
    run.save(update_fields=["cancel_requested", "state", "finished_at"])
    record("register.import_cancelled", run, by=by, at=at)
    return run


@transaction.atomic
def record_refused_rows(run: ImportRun, *, by: User, at: dt.datetime) -> None:
    """Note that somebody took the refused rows of an import, with whatever people they name."""
    require(by, f"{run.subject}.view_import")
    rows = run.counts.get(RowPlan.REFUSE, 0)
    record("register.import_refused_taken", run, by=by, at=at, is_read=True, rows=rows)


def moved(run_id: int, verb: str) -> ImportRun:
    """The locked run with its new state, not yet saved.

    Raises:
        ImportMoveNotPossible: The table of moves says no.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    try:
        run.state = IMPORT_FLOW.target(verb, status=ImportState(run.state))
    except IllegalMove as error:
        raise ImportMoveNotPossible(file=run.file_name, state=run.get_state_display()) from error
    return run


@contextmanager
def failing_kept(run_id: int, *, at: dt.datetime) -> Iterator[None]:
    """Turn what stops a run into the state FAILED with a reason; our own mistakes fly on."""
    try:
        yield
    except FileChanged:
        _fail(run_id, reason("file_changed"), at=at)
    except TableError as error:
        _fail(run_id, file_reason(error), at=at)
    except Exception:
        _fail(run_id, reason("file_unexpected"), at=at)
        raise


@transaction.atomic
def _fail(run_id: int, why: Reason, *, at: dt.datetime) -> None:
    run = moved(run_id, "fail")
    run.error, run.finished_at = dict(why), at
    run.save()
    record("register.import_failed", run, by=run.created_by, at=at, reason=why["code"])


def count_plans(run: ImportRun) -> dict[str, int]:
    """How many rows of each plan, and how many of them wait for a decision."""
    plans = Counter(run.rows.values_list("plan", flat=True))
    return {plan: plans[plan] for plan in RowPlan.values} | {"near": run.rows.undecided().count()}


def batches(rows: Iterator[ImportRow]) -> Iterator[list[ImportRow]]:
    """Rows in lists of `CHUNK`."""
    batch: list[ImportRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def defer_import(run: ImportRun, step: str) -> None:
    """Let the worker preview or apply a run after the commit; the app it goes to has the task."""
    from procrastinate.contrib.django import app  # its connector needs the app registry

    # One import at a time: the lock keeps two of them from planning against the same entries.
    task = f"lianqi.{run.subject}.{step}_import"
    job = app.configure_task(task, lock=f"lianqi.{run.subject}.import")
    transaction.on_commit(lambda: job.defer(run_id=run.pk))
