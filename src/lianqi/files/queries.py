"""Reading stored files back, and finding those that no row names."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db.models import Model

from lianqi.files.models import StoredFile

INCOMING = "incoming"
_BATCH = 1000


def files_root() -> Path:
    """The folder below which every stored file lies."""
    return Path(default_storage.path(""))


def files_of(subjects: Sequence[Model]) -> dict[int, list[StoredFile]]:
    """The files of records of one kind by their keys, oldest first; in one query."""
    if not subjects:
        return {}
    kind = subjects[0]._meta.label_lower
    found: dict[int, list[StoredFile]] = {}
    rows = StoredFile.objects.filter(subject_kind=kind, subject_id__in=[s.pk for s in subjects])
    for stored in rows.order_by("pk"):
        found.setdefault(stored.subject_id, []).append(stored)
    return found


def open_file(stored: StoredFile) -> BinaryIO:
    """Open a stored file for reading; the caller closes it.

    Raises:
        FileNotFoundError: The row has outlived its file: a restored database without its files.
    """
    return (files_root() / stored.path).open("rb")


def orphan_files(*, before: dt.datetime) -> list[Path]:
    """Files written before `before` that no row names: uploads whose transaction did not commit.

    Only where uploads are stored and taken in: beside them lie spreadsheets of the register.

    Leave an upload time to finish: ask for files that are a day old.
    """
    old = [
        path
        for folder in ("[0-9a-f][0-9a-f]", INCOMING)
        for path in sorted(files_root().glob(f"{folder}/*"))
        if path.is_file() and path.stat().st_mtime < before.timestamp()
    ]
    return [
        path
        for start in range(0, len(old), _BATCH)
        for path in _unnamed(old[start : start + _BATCH])
    ]


def _unnamed(paths: list[Path]) -> list[Path]:
    by_name = {path.relative_to(files_root()).as_posix(): path for path in paths}
    named = StoredFile.objects.filter(path__in=by_name).values_list("path", flat=True)
    return [by_name[name] for name in by_name.keys() - set(named)]
