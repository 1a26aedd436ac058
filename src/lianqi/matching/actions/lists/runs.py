"""A list as people steer it: uploaded with what it is about, previewed, taken over in chunks.

Steps that all imports have in common, as applying and cancelling, are those of the register.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.packs.quantities import period_for
from lianqi.engines.tables import Table, read_table
from lianqi.engines.text import tidy
from lianqi.matching.actions.answers import figure_key
from lianqi.matching.actions.lists.planning import find_firms, place_of, plan_lines, refuse
from lianqi.matching.actions.lists.reading import RowReader, RowRefused
from lianqi.matching.columns import Listed, ListKind, columns_of, headings_of, says_all
from lianqi.matching.errors import ListFactUnknown, ListPeriodMissing
from lianqi.matching.models import FactList
from lianqi.matching.models.lists import SUBJECT
from lianqi.matching.queries.asking import published_catalogue
from lianqi.matching.queries.lists import fact_to_list
from lianqi.matching.queries.values import fits
from lianqi.matching.reasons import reason
from lianqi.register.actions import (
    Awarded,
    Observed,
    Stated,
    award_list,
    observe_list,
    state_list,
)
from lianqi.register.actions.importing.previewing import copy_rows, kept_cell
from lianqi.register.actions.importing.runs import (
    CHUNK,
    batches,
    count_plans,
    defer_import,
    failing_kept,
    keep_upload,
    moved,
)
from lianqi.register.actions.statements import stated_source
from lianqi.register.columns import Column
from lianqi.register.enums import ImportState, RowPlan, TitleLevel
from lianqi.register.errors import FileChanged, StatementEndsBeforeItBegins
from lianqi.register.models import Enterprise, ImportRow, ImportRun
from lianqi.shared.errors import Refusal
from lianqi.work.queries import local_date

LONGEST_FILE_NAME = 200
LONGEST_LABEL = 160


@dataclass(frozen=True, slots=True)
class ListAbout:
    """What a list is about.

    Attributes:
        fact: Key or name of a fact of the catalogue.
        period: Of a fact that is told by periods, as 2025.
        unit: Of bare numbers, where the heading of the column names none.
        source: The document it is, as “税务局2025年度纳税信用A级名单”.
        observed_at: When the department stated it; the present if not known.
        since, until: For rows that state no days of their own.
        preset: As at `FactList`.
    """

    fact: str
    source: str
    period: str = ""
    unit: str = ""
    observed_at: dt.datetime | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    preset: Any = None


def start_list(
    upload: "File[bytes]",
    about: ListAbout,
    *,
    name: str,
    max_bytes: int,
    by: User,
    at: dt.datetime,
) -> FactList:
    """Keep a department's list, and let the worker preview it.

    Raises:
        ListFactUnknown, ListPeriodMissing: It is not said what the list is about.
        SourceMissing, ObservedInFuture: It is not said where it comes from.
        UnreadableFile: Too large, a zip bomb, no table, empty, encrypted, broken.
        ListColumnsMissing, ListHeadingWrong, ListOfAnotherPeriod: Its columns do not fit.
    """
    if not by.has_perm("matching.import"):
        raise PermissionDenied
    listed = _listed(about, day=local_date(at))
    source = stated_source(about.source, about.observed_at, at=at)
    if about.since and about.until and about.until < about.since:
        raise StatementEndsBeforeItBegins(fact=listed.spec.label)
    path, header = keep_upload(upload, headings=headings_of(listed), max_bytes=max_bytes)
    try:
        columns = columns_of(header, listed, day=local_date(at))
    except Refusal:
        default_storage.delete(path)
        raise
    return _keep_list(path, name, columns, listed, about, source, by=by, at=at)


def _listed(about: ListAbout, *, day: dt.date) -> Listed:
    spec = fact_to_list(about.fact, published_catalogue())
    if spec is None:
        raise ListFactUnknown(fact=about.fact[:60])
    if not fits(spec.grain, about.period):
        raise ListPeriodMissing(
            fact=spec.label, example=period_for(spec, "上", day) if spec.grain else "—"
        )
    return Listed(spec, about.period, about.unit, has_preset=says_all(about.preset))


@transaction.atomic
def _keep_list(
    path: str,
    name: str,
    columns: Sequence[Column],
    listed: Listed,
    about: ListAbout,
    source: str,
    *,
    by: User,
    at: dt.datetime,
) -> FactList:
    run: FactList = FactList.objects.create(
        subject=SUBJECT,
        state=ImportState.PREVIEWING,
        file_name=tidy(name)[:LONGEST_FILE_NAME],
        path=path,
        mapping=list(columns),
        fact=listed.spec.key,
        label=listed.spec.label[:LONGEST_LABEL],
        period=listed.period,
        unit=listed.unit,
        preset=about.preset,
        since=about.since,
        until=about.until,
        source=source,
        observed_at=about.observed_at or at,
        created_by=by,
        created_at=at,
    )
    record(
        "register.import_uploaded", ImportRun.objects.get(pk=run.pk), by=by, at=at,
        file=run.file_name, fact=run.fact, period=run.period, source=run.source,
    )  # fmt: skip
    defer_import(run, "preview")
    return run


def listed_of(run: FactList) -> Listed:
    """What a list is about, as the catalogue knows it now.

    Raises:
        ListFactUnknown: The pack that knew the fact was withdrawn meanwhile.
    """
    spec = fact_to_list(run.fact, published_catalogue())
    if spec is None:
        raise ListFactUnknown(fact=run.label)
    return Listed(spec, run.period, run.unit, has_preset=says_all(run.preset))


# --- preview --------------------------------------------------------------------------------------


def preview_list(run_id: int, *, at: dt.datetime) -> None:
    """Plan every row of a list whose state is PREVIEWING; otherwise do nothing.

    Run again after a crash it starts from the beginning. Nothing is stated.
    """
    run = FactList.objects.get(pk=run_id)
    if run.state == ImportState.PREVIEWING:
        with failing_kept(run_id, at=at):
            _preview(run, listed_of(run), at=at)


def _preview(run: FactList, listed: Listed, *, at: dt.datetime) -> None:
    run.rows.all().delete()
    done, met = 0, dict[Any, int]()
    path = Path(default_storage.path(run.path))
    with read_table(path, known_headings=headings_of(listed)) as table:
        if table.header != [column["heading"] for column in run.mapping]:
            raise FileChanged
        for batch in batches(_lines(run, table, RowReader(run, listed))):
            taken = [line for line in batch if line.plan != RowPlan.REFUSE]
            find_firms(taken)
            _refuse_twice(taken, listed, met)
            taken = [line for line in taken if line.plan != RowPlan.REFUSE]
            plan_lines(taken, run, listed, on=local_date(at))
            copy_rows(batch)
            done += len(batch)
            if _was_cancelled(run, done, table.expected_rows, at=at):
                return
    _finish_preview(run, done, at=at)


def _lines(run: FactList, table: Table, reader: RowReader) -> Iterator[ImportRow]:
    for row in table.rows:
        line = ImportRow(run=run, number=row.number, cells=[*map(kept_cell, row.cells)])
        try:
            line.values = reader.read(row)
        except RowRefused as refused:
            refuse(line, refused.reason)
        yield line


def _refuse_twice(lines: Sequence[ImportRow], listed: Listed, met: dict[Any, int]) -> None:
    for line in lines:
        if line.plan == RowPlan.REFUSE:
            continue
        earlier = met.setdefault(place_of(line.values, listed), line.number)
        if earlier != line.number:
            refuse(line, reason("row_twice", row=earlier))


def _was_cancelled(run: FactList, done: int, expected: int, *, at: dt.datetime) -> bool:
    runs = FactList.objects.filter(pk=run.pk)
    runs.update(rows_done=done, rows_total=max(expected, done))
    if not runs.filter(cancel_requested=True).exists():
        return False
    _end(run.pk, "cancel", at=at)
    return True


@transaction.atomic
def _finish_preview(run: FactList, done: int, *, at: dt.datetime) -> None:
    kept = moved(run.pk, "finish_preview")
    kept.rows_done = kept.rows_total = done
    kept.counts = count_plans(kept)
    kept.save()
    record("register.import_previewed", kept, by=kept.created_by, at=at, counts=kept.counts)


# --- taking it over -------------------------------------------------------------------------------


def apply_list(run_id: int, *, at: dt.datetime) -> None:
    """Write the planned rows of a list whose state is APPLYING; otherwise do nothing.

    Each chunk of 500 rows is one transaction that also notes how far the list got: after a crash
    the next call goes on where the last one stopped and writes nothing twice.
    """
    with failing_kept(run_id, at=at):
        run = FactList.objects.get(pk=run_id)
        listed = listed_of(run) if run.state == ImportState.APPLYING else None
        while listed is not None and _apply_chunk(run_id, listed, at=at):
            pass


@transaction.atomic
def _apply_chunk(run_id: int, listed: Listed, *, at: dt.datetime) -> bool:
    """Write the next chunk; False when there is nothing more to do."""
    found = FactList.objects.select_for_update(of=("importrun_ptr",)).get(pk=run_id)
    run = cast("FactList", found)
    if run.state != ImportState.APPLYING:
        return False
    lines = list(run.rows.order_by("number")[run.rows_done : run.rows_done + CHUNK])
    if run.cancel_requested or not lines:
        _end(run_id, "cancel" if run.cancel_requested else "finish", at=at)
        return False
    planned = {RowPlan.CREATE.value, RowPlan.CHANGE.value}
    ready = [line for line in lines if line.plan in planned]
    _follow_mergers(ready)
    # The preview may be hours old: what somebody else stated meanwhile is compared anew.
    before = {line.number: (line.plan, line.changes) for line in ready}
    plan_lines(ready, run, listed, on=local_date(at))
    otherwise = [each for each in ready if (each.plan, each.changes) != before[each.number]]
    ImportRow.objects.bulk_update(otherwise, ["plan", "reason", "changes", "values"])
    _write([line.values for line in ready if line.plan in planned], run, listed, at=at)
    run.rows_done += len(lines)
    run.save(update_fields=["rows_done"])
    return True


def _follow_mergers(lines: Sequence[ImportRow]) -> None:
    """An entry that was merged since the preview speaks for the one that remains."""
    ids = {line.values["enterprise"] for line in lines}
    merged = Enterprise.objects.filter(pk__in=ids, merged_into__isnull=False)
    into = dict(merged.values_list("pk", "merged_into"))
    for line in lines:
        pk = line.values["enterprise"]
        line.values["enterprise"] = into.get(pk, pk)


def _write(
    rows: Sequence[Mapping[str, Any]], run: FactList, listed: Listed, *, at: dt.datetime
) -> None:
    if not rows:
        return
    spec, by = listed.spec, run.created_by
    if listed.kind is ListKind.TITLE:
        award_list(map(_awarded, rows), source=run.source, by=by, at=at)
    elif listed.kind is ListKind.FIGURE:
        key, unit = figure_key(spec), spec.unit.symbol
        figures = (
            Observed(each["enterprise"], key, Decimal(each["value"]), unit, listed.period)
            for each in rows
        )
        observe_list(figures, source=run.source, observed_at=run.observed_at, by=by, at=at)
    else:
        lines = (
            Stated(
                each["enterprise"], spec.key, each["value"],
                _day(each["since"]), _day(each["until"]), listed.period,
            )
            for each in rows
        )  # fmt: skip
        state_list(lines, source=run.source, observed_at=run.observed_at, by=by, at=at)


def _awarded(values: Mapping[str, Any]) -> Awarded:
    title = values["value"]
    return Awarded(
        values["enterprise"], title["label"], TitleLevel(title["level"]), title["batch"],
        _day(values["since"]), _day(values["until"]),
    )  # fmt: skip


def _day(written: str) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


@transaction.atomic
def _end(run_id: int, verb: str, *, at: dt.datetime) -> None:
    run = moved(run_id, verb)
    run.finished_at = at
    run.counts |= count_plans(run)
    run.save()
    record(
        "register.import_ended", run, by=run.created_by, at=at,
        state=run.state, rows=run.rows_done, counts=run.counts,
    )  # fmt: skip
