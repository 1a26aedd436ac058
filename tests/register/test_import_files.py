"""How long the spreadsheet of an import is kept."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from lianqi.audit.models import Event
from lianqi.register.actions import cancel_import, remove_import_files
from lianqi.register.models import ImportRun
from lianqi.register.queries import refused_rows, sample_of
from tests.register.scene import NOON, Scene, code

HEADER = ["统一社会信用代码", "企业名称"]
MOMENT = dt.timedelta(microseconds=1)
LATER = NOON + dt.timedelta(days=30)


def age(path: str) -> None:
    """Let a file be as old as the uploads of these tests are."""
    when = (NOON - dt.timedelta(hours=1)).timestamp()
    os.utime(default_storage.path(path), (when, when))


@pytest.fixture
def ended(scene: Scene) -> ImportRun:
    run = scene.applied(HEADER, [code(1), "海纳科技有限公司"], ["无此代码", "百川有限公司"])
    age(run.path)
    return run


@pytest.mark.parametrize(("before", "is_kept"), [(NOON, True), (NOON + MOMENT, False)])
def test_the_file_goes_when_the_import_ended_before_the_moment(
    ended: ImportRun, before: dt.datetime, *, is_kept: bool
) -> None:
    removed = remove_import_files(before=before, at=LATER)

    assert removed == (0 if is_kept else 1)
    assert default_storage.exists(ended.path) is is_kept
    assert ImportRun.objects.get(pk=ended.pk).path == (ended.path if is_kept else "")


def test_rows_and_figures_outlive_the_file(ended: ImportRun) -> None:
    remove_import_files(before=LATER, at=LATER)

    run = ImportRun.objects.get(pk=ended.pk)
    event = Event.objects.get(verb="register.import_file_removed")
    assert (run.counts, run.rows_done) == (ended.counts, 2)
    assert [row[:2] for row in refused_rows(run)] == [["无此代码", "百川有限公司"]]
    assert sample_of(run) == []
    assert (event.subject_id, event.detail) == (run.pk, {"file": "企业.xlsx"})


def test_what_has_not_ended_keeps_its_file_however_old(scene: Scene) -> None:
    run = scene.previewed(HEADER, [code(1), "海纳科技有限公司"])
    age(run.path)

    removed = remove_import_files(before=LATER, at=LATER)

    assert removed == 0
    assert default_storage.exists(run.path)


def test_a_cancelled_import_loses_its_file_as_well(scene: Scene) -> None:
    run = scene.previewed(HEADER, [code(1), "海纳科技有限公司"])
    age(run.path)
    cancel_import(run.pk, by=scene.keeper, at=NOON)

    assert remove_import_files(before=LATER, at=LATER) == 1


def test_a_file_that_no_run_names_goes_once_it_is_old(ended: ImportRun, tmp_path: Path) -> None:
    left, young = "imports/left.xlsx", "imports/young.xlsx"
    for path in (left, young):
        (tmp_path / path).write_bytes(b"a run that was never kept")
    age(left)
    os.utime(tmp_path / young, (LATER.timestamp(), LATER.timestamp()))

    removed = remove_import_files(before=NOON, at=LATER)

    assert removed == 1
    assert [default_storage.exists(path) for path in (ended.path, left, young)] == [
        True, False, True,
    ]  # fmt: skip


def test_a_second_call_finds_nothing_more(ended: ImportRun) -> None:
    first = remove_import_files(before=LATER, at=LATER)
    second = remove_import_files(before=LATER, at=LATER)

    assert (first, second) == (1, 0)
    assert Event.objects.filter(verb="register.import_file_removed").count() == 1
