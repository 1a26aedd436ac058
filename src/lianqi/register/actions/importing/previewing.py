"""The preview of an import: reads every row and says what would happen to it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from lianqi.audit.actions import record
from lianqi.engines.tables import Cell, Table, cell_text, read_table
from lianqi.register.actions.importing.planning import (
    Known,
    changes_of,
    delta_of,
    load_known,
)
from lianqi.register.actions.importing.reading import RowReader, RowRefused
from lianqi.register.actions.importing.runs import batches, count_plans, failing_kept, moved
from lianqi.register.actions.importing.vocabulary import Directory
from lianqi.register.columns import Column, known_headings
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.errors import FileChanged
from lianqi.register.models import Chain, Enterprise, ImportRow, ImportRun, KeyList, Park, core_of
from lianqi.register.reasons import Reason, reason

ZONE_TIME = ZoneInfo("Asia/Shanghai")
MOST_NEW_NAMES = 50
SHORTEST_CORE = 2


def preview_import(run_id: int, *, at: dt.datetime) -> None:
    """Plan every row of a run whose state is PREVIEWING; otherwise do nothing.

    Run again after a crash it starts from the beginning. Progress is visible after every 500 rows.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.state == ImportState.PREVIEWING:
        with failing_kept(run_id, at=at):
            _Preview(run, at=at).run_all()


def copy_rows(lines: list[ImportRow]) -> None:
    """Insert the rows by COPY: an INSERT spends most of its time on escaping their JSON."""
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    copying = (
        f"COPY {table} (run_id, number, cells, values, plan, changes, reason, near_duplicate_of_id)"
        " FROM STDIN"
    )
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for line in lines:
            copy.write_row(
                (
                    line.run_id,
                    line.number,
                    Jsonb(line.cells),
                    Jsonb(line.values),
                    line.plan,
                    Jsonb(line.changes),
                    Jsonb(line.reason),
                    line.near_duplicate_of_id,
                )
            )


class _Preview:
    """State of one preview: the codes and names met so far."""

    def __init__(self, run: ImportRun, *, at: dt.datetime) -> None:
        self._run = run
        self._at = at
        self._columns: list[Column] = run.mapping
        today = at.astimezone(ZONE_TIME).date()
        self._reader = RowReader(self._columns, Directory.load(), today=today)
        self._row_of_code: dict[str, int] = {}
        self._row_of_core: dict[str, int] = {}
        self._new_names = _NewNames()

    def run_all(self) -> None:
        self._run.rows.all().delete()
        headings = [column["heading"] for column in self._columns]
        path = Path(default_storage.path(self._run.path))
        with read_table(path, known_headings=known_headings(headings)) as table:
            if table.header != headings:
                raise FileChanged
            done = 0
            for batch in batches(self._read(table)):
                self._plan(batch)
                copy_rows(batch)
                done += len(batch)
                if self._was_cancelled(done, table.expected_rows):
                    return
        self._finish(done)

    def _read(self, table: Table) -> Iterator[ImportRow]:
        for row in table.rows:
            line = ImportRow(run=self._run, number=row.number, cells=[*map(kept_cell, row.cells)])
            try:
                line.values = self._reader.read(row)
                self._refuse_twice(line)
            except RowRefused as refused:
                _refuse(line, refused.reason)
            yield line

    def _refuse_twice(self, line: ImportRow) -> None:
        earlier = self._row_of_code.setdefault(line.values["code"], line.number)
        if earlier != line.number:
            raise RowRefused(reason("code_twice", row=earlier))

    def _plan(self, batch: list[ImportRow]) -> None:
        taken = [line for line in batch if line.plan != RowPlan.REFUSE]
        known = load_known([line.values["code"] for line in taken])
        for line in taken:
            plan_line(line, known.get(line.values["code"], Known()))
            self._new_names.note(line.values)
        self._find_near([line for line in taken if line.plan == RowPlan.CREATE])

    def _find_near(self, lines: list[ImportRow]) -> None:
        """Refuse, until somebody decides, what is named like another enterprise."""
        cores = {line.number: core_of(line.values["name"]) for line in lines}
        near = {
            entry.name_core: entry
            for entry in Enterprise.objects.living()
            .filter(name_core__in=set(cores.values()))
            .order_by("-pk")
        }
        for line in lines:
            core = cores[line.number]
            if len(core) < SHORTEST_CORE:
                continue
            earlier = self._row_of_core.setdefault(core, line.number)
            if entry := near.get(core):
                _refuse(line, reason("near_duplicate", name=entry.name, code=entry.code))
                line.near_duplicate_of = entry
            elif earlier != line.number:
                _refuse(line, reason("near_duplicate_row", row=earlier))

    def _was_cancelled(self, done: int, expected: int) -> bool:
        runs = ImportRun.objects.filter(pk=self._run.pk)
        runs.update(rows_done=done, rows_total=max(expected, done))
        if not runs.filter(cancel_requested=True).exists():
            return False
        with transaction.atomic():
            run = moved(self._run.pk, "cancel")
            run.finished_at = self._at
            run.save()
        return True

    @transaction.atomic
    def _finish(self, done: int) -> None:
        run = moved(self._run.pk, "finish_preview")
        run.rows_done = run.rows_total = done
        run.counts = {**count_plans(run), "new_names": self._new_names.missing()}
        run.save()
        record("register.import_previewed", run, by=run.created_by, at=self._at, counts=run.counts)


class _NewNames:
    """Parks, chains and lists a file names that the register does not have yet."""

    def __init__(self) -> None:
        self._existing = {
            "park": set(Park.objects.values_list("name", flat=True)),
            "chain": set(Chain.objects.values_list("name", flat=True)),
            "key_list": set(KeyList.objects.values_list("name", flat=True)),
        }
        self._met: dict[str, set[str]] = {kind: set() for kind in self._existing}

    def note(self, values: dict[str, Any]) -> None:
        if "park" in values:
            self._met["park"].add(values["park"])
        self._met["chain"].update(name for name, _ in values["chains"])
        self._met["key_list"].update(values["key_lists"])

    def missing(self) -> dict[str, list[str]]:
        new = {kind: sorted(met - self._existing[kind]) for kind, met in self._met.items()}
        return {kind: names[:MOST_NEW_NAMES] for kind, names in new.items() if names}


def plan_line(line: ImportRow, known: Known) -> None:
    """Set the plan of a readable row against what is known now, with its changes or its reason."""
    entry = known.enterprise
    line.changes, line.reason = {}, {}
    if entry is not None and entry.merged_into is not None:
        survivor = entry.merged_into
        _refuse(line, reason("code_merged", name=survivor.name, code=survivor.code))
    elif entry is None:
        line.plan = RowPlan.CREATE
        if len(line.values.get("name", "")) < SHORTEST_CORE:
            _refuse(line, reason("name_missing"))
    else:
        delta = delta_of(line.values, known)
        line.plan = RowPlan.CHANGE if delta else RowPlan.SAME
        line.changes = changes_of(delta, known)


def _refuse(line: ImportRow, why: Reason) -> None:
    line.plan, line.reason, line.changes = RowPlan.REFUSE, dict(why), {}


def kept_cell(cell: Cell) -> str | float | None:
    """A cell as it goes back to the person: numbers as numbers, all else as it reads."""
    if cell is None or isinstance(cell, int | float):
        return cell
    return cell if isinstance(cell, str) else cell_text(cell)
