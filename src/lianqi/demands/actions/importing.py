"""Demands from a spreadsheet: a dry run that says what becomes of each row, then the filing."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.contact_people import checked_contacts
from lianqi.demands.actions.filing import file_demand
from lianqi.demands.columns import HEADINGS, LONGEST, columns_of
from lianqi.demands.enums import Channel
from lianqi.demands.models import ContactGiven, DemandCategory, DemandImport, ImportedDemand
from lianqi.demands.models.imports import SUBJECT
from lianqi.demands.queries import version_in_force
from lianqi.demands.reasons import reason
from lianqi.engines.tables import Row, Table, cell_text, read_table
from lianqi.engines.text import compact, phone_digits, tidy
from lianqi.register.actions.importing.previewing import copy_rows, kept_cell
from lianqi.register.actions.importing.runs import (
    batches,
    count_plans,
    defer_import,
    failing_kept,
    keep_upload,
    moved,
)
from lianqi.register.columns import Column
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.errors import FileChanged
from lianqi.register.models import Enterprise, ImportRow, ImportRun
from lianqi.register.reasons import Reason
from lianqi.shared.errors import Refusal
from lianqi.work.enums import Urgency
from lianqi.work.queries import local_date

CHUNK = 100  # rows of one transaction: the progress moves, and little is repeated after a crash
LONGEST_FILE_NAME = 200
_NUMBER = re.compile(r"\+?\d[\d\s()（）-]{5,}\d")
NAMED = 12  # categories a reason names


def start_demand_import(
    upload: "File[bytes]", *, name: str, max_bytes: int, by: User, at: dt.datetime
) -> DemandImport:
    """Keep a spreadsheet that follows the template, and let the worker preview it.

    Raises:
        UnreadableFile: Too large, a zip bomb, no table, empty, encrypted, broken.
        ImportColumnsMissing: It does not follow the template.
        PermissionDenied: `by` imports no demands.
    """
    if not by.has_perm("demands.import"):
        raise PermissionDenied
    path, header = keep_upload(upload, headings=HEADINGS, max_bytes=max_bytes)
    try:
        columns = columns_of(header)
    except Refusal:
        default_storage.delete(path)
        raise
    return _keep_run(path, name, columns, by=by, at=at)


@transaction.atomic
def _keep_run(
    path: str, name: str, columns: Sequence[Column], *, by: User, at: dt.datetime
) -> DemandImport:
    run = ImportRun.objects.create(
        subject=SUBJECT,
        state=ImportState.PREVIEWING,
        file_name=tidy(name)[:LONGEST_FILE_NAME],
        path=path,
        mapping=list(columns),
        created_by=by,
        created_at=at,
    )
    record("register.import_uploaded", run, by=by, at=at, file=run.file_name)
    defer_import(run, "preview")
    kept: DemandImport = DemandImport.objects.get(pk=run.pk)
    return kept


def preview_demands(run_id: int, *, at: dt.datetime) -> None:
    """Plan every row of a run whose state is PREVIEWING; otherwise do nothing.

    Run again after a crash it starts from the beginning. Nothing is filed.
    """
    run = DemandImport.objects.get(pk=run_id)
    if run.state == ImportState.PREVIEWING:
        with failing_kept(run_id, at=at):
            _preview(run, at=at)


def _preview(run: DemandImport, *, at: dt.datetime) -> None:
    run.rows.all().delete()
    headings = [column["heading"] for column in run.mapping]
    words = Words.load(on=local_date(at))
    done, met = 0, dict[str, int]()
    with read_table(Path(default_storage.path(run.path)), known_headings=HEADINGS) as table:
        if table.header != headings:
            raise FileChanged
        for batch in batches(_lines(run, table, words, met)):
            _plan(batch)
            copy_rows(batch)
            done += len(batch)
            if _was_cancelled(run, done, table.expected_rows, at=at):
                return
    _finish_preview(run, done, at=at)


def _lines(
    run: DemandImport, table: Table, words: "Words", met: dict[str, int]
) -> Iterator[ImportRow]:
    for row in table.rows:
        line = ImportRow(run=run, number=row.number, cells=[*map(kept_cell, row.cells)])
        line.plan = RowPlan.CREATE
        line.values, why = read_row(run.mapping, row, words)
        external = line.values.get("external", "")
        if why is None and (earlier := met.setdefault(external, row.number)) != row.number:
            why = reason("external_twice", row=earlier)
        if why is not None:
            line.plan, line.reason = RowPlan.REFUSE, dict(why)
        yield line


def _plan(batch: list[ImportRow]) -> None:
    """Which of the rows were filed before, and whose they are; three queries for all of them."""
    taken = [line for line in batch if line.plan == RowPlan.CREATE]
    externals = [line.values["external"] for line in taken]
    filed = set(
        ImportedDemand.objects.filter(external__in=externals).values_list("external", flat=True)
    )
    codes = {line.values["firm_code"] for line in taken} - {""}
    firms = Enterprise.objects.filter(code__in=codes).select_related("merged_into")
    by_code = {firm.code: firm for firm in firms}
    names = {line.values["firm_name"] for line in taken if not line.values["firm_code"]} - {""}
    by_name = {firm.name: firm for firm in Enterprise.objects.living().filter(name__in=names)}
    for line in taken:
        if line.values["external"] in filed:
            line.plan = RowPlan.SAME
            continue
        found = by_code.get(line.values["firm_code"]) or by_name.get(line.values["firm_name"])
        if found is not None and found.merged_into is not None:
            survivor = found.merged_into
            line.plan = RowPlan.REFUSE
            line.reason = dict(reason("firm_merged", name=survivor.name, code=survivor.code))
        elif found is None and not line.values["firm_name"]:
            line.plan = RowPlan.REFUSE
            line.reason = dict(reason("firm_unknown", found=line.values["firm_code"]))
        elif found is not None:
            line.values |= {"enterprise": found.pk, "firm_name": found.name}


def _was_cancelled(run: DemandImport, done: int, expected: int, *, at: dt.datetime) -> bool:
    runs = DemandImport.objects.filter(pk=run.pk)
    runs.update(rows_done=done, rows_total=max(expected, done))
    if not runs.filter(cancel_requested=True).exists():
        return False
    _end(run.pk, "cancel", at=at)
    return True


@transaction.atomic
def _finish_preview(run: DemandImport, done: int, *, at: dt.datetime) -> None:
    moved_run = moved(run.pk, "finish_preview")
    moved_run.rows_done = moved_run.rows_total = done
    moved_run.counts = count_plans(moved_run)
    moved_run.save()
    by = moved_run.created_by
    record("register.import_previewed", moved_run, by=by, at=at, counts=moved_run.counts)


def apply_demands(run_id: int, *, at: dt.datetime) -> None:
    """File the planned rows of a run whose state is APPLYING; otherwise do nothing.

    Each chunk is one transaction that also notes how far the run got: after a crash the next call
    goes on where the last one stopped. By the external number no row is filed twice.
    """
    with failing_kept(run_id, at=at):
        while _apply_chunk(run_id, at=at):
            pass


@transaction.atomic
def _apply_chunk(run_id: int, *, at: dt.datetime) -> bool:
    run = DemandImport.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.state != ImportState.APPLYING:
        return False
    lines = list(run.rows.order_by("number")[run.rows_done : run.rows_done + CHUNK])
    if run.cancel_requested or not lines:
        _end(run_id, "cancel" if run.cancel_requested else "finish", at=at)
        return False
    planned = [line for line in lines if line.plan == RowPlan.CREATE]
    categories = DemandCategory.objects.in_bulk({line.values["category"] for line in planned})
    firms = Enterprise.objects.in_bulk(
        [pk for line in planned if (pk := line.values.get("enterprise"))]
    )
    for line in planned:
        _file(run, line, categories, firms, at=at)
    otherwise = [line for line in planned if line.plan != RowPlan.CREATE]
    ImportRow.objects.bulk_update(otherwise, ["plan", "reason"])
    run.rows_done += len(lines)
    run.save(update_fields=["rows_done"])
    return True


def _file(
    run: DemandImport,
    line: ImportRow,
    categories: dict[int, DemandCategory],
    firms: dict[int, Enterprise],
    *,
    at: dt.datetime,
) -> None:
    """File one row by the one filing action; what changed since the preview is said in the row."""
    given = line.values
    try:
        with transaction.atomic():
            demand = file_demand(
                enterprise=firms.get(given.get("enterprise") or 0),
                firm_name=given["firm_name"],
                firm_code=given["firm_code"],
                category=categories[given["category"]],
                title=given["title"],
                text=given["text"] or given["title"],
                contacts=contacts_of_row(given),
                urgency=Urgency(given["urgency"]) if given["urgency"] else None,
                channel=Channel.IMPORT,
                idempotency_key=f"import-{run.pk}-{line.number}",
                by=run.created_by,
                at=at,
            )
            ImportedDemand.objects.create(external=given["external"], demand=demand, run=run)
    except Refusal as refusal:
        line.plan, line.reason = RowPlan.REFUSE, dict(reason("refused", said=str(refusal)))
    except IntegrityError:
        # Another import filed it meanwhile, unless the error was another one.
        if not ImportedDemand.objects.filter(external=given["external"]).exists():
            raise
        line.plan = RowPlan.SAME


@transaction.atomic
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


@dataclass(frozen=True)
class Words:
    """What the words of a spreadsheet may mean today, read once for all rows."""

    categories: dict[str, int]
    refused: frozenset[int]
    names: str
    urgencies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, *, on: dt.date) -> "Words":
        rows = list(DemandCategory.objects.in_use())
        categories = {
            compact(word).lower(): row.pk
            for row in rows
            for word in (row.code, row.name_zh, row.name_en)
        }
        versions = {row.pk: version_in_force(row, on=on) for row in rows}
        refused = {pk for pk, held in versions.items() if held is not None and not held.is_accepted}
        urgencies = {each.value: each.value for each in Urgency}
        urgencies |= dict(zip(("普通", "紧急", "特急"), Urgency.values, strict=False))
        return cls(
            categories,
            frozenset(refused),
            "、".join(row.name_zh for row in rows[:NAMED]),
            urgencies,
        )


def read_row(
    columns: Sequence[Column], row: Row, words: Words
) -> tuple[dict[str, Any], Reason | None]:
    """What a row says, and why it cannot be filed, if it cannot."""
    values: dict[str, Any] = dict.fromkeys(LONGEST, "") | {"category": "", "urgency": ""}
    for column, cell in zip(columns, row.cells, strict=False):
        if column["field"]:
            values[column["field"]] = cell_text(cell).strip()
            limit = LONGEST.get(column["field"])
            if limit is not None and len(values[column["field"]]) > limit:
                return values, reason("too_long", heading=column["heading"], limit=limit)
    values["firm_code"] = compact(values["firm_code"]).upper()
    values["contact_phone"] = phone_digits(values["contact_phone"])
    try:
        checked_contacts(contacts_of_row(values))
    except Refusal as refusal:
        return values, reason("refused", said=str(refusal))
    for name in ("external", "title", "firm_name"):
        values[name] = tidy(values[name])
    said, pressing = values["category"], values["urgency"]
    values["category"] = words.categories.get(compact(said).lower(), "")
    values["urgency"] = words.urgencies.get(pressing, "")
    return values, _wrong(values, said, pressing, words)


def contacts_of_row(values: dict[str, Any]) -> list[ContactGiven]:
    """The contact of a row, and the others as `name number; name number`."""
    stated = [(values["contact_name"], values["contact_phone"])]
    # A run that was previewed before there was the column has no value for it.
    for each in re.split(r"[;；\n]", values.get("other_contacts", "")):
        name, number = _NUMBER.sub("", each), _NUMBER.search(each)
        stated.append((tidy(name.strip(" ,，:：")), number[0] if number else ""))
    return [ContactGiven(name=name, phone=phone) for name, phone in stated if name or phone]


def _wrong(values: dict[str, Any], said: str, pressing: str, words: Words) -> Reason | None:
    checks: tuple[tuple[bool, str, dict[str, str | int]], ...] = (
        (not values["external"], "external_missing", {}),
        (not values["title"], "title_missing", {}),
        (not said, "category_missing", {"known": words.names}),
        (not values["category"], "category_unknown", {"found": said, "known": words.names}),
        (values["category"] in words.refused, "category_not_accepted", {"found": said}),
        (not (values["firm_code"] or values["firm_name"]), "firm_missing", {}),
        (
            bool(pressing) and not values["urgency"],
            "urgency_unknown",
            {"found": pressing, "known": "、".join(words.urgencies)},
        ),
    )
    for is_wrong, code, params in checks:
        if is_wrong:
            return reason(code, **params)
    return None
