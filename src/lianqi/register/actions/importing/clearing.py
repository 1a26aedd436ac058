"""Spreadsheets whose import is long over: the file goes, the figures of the run stay."""

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction

from lianqi.audit.actions import Automat, record
from lianqi.register.actions.importing.runs import FOLDER
from lianqi.register.models import ImportRun


def remove_import_files(*, before: dt.datetime, at: dt.datetime) -> int:
    """Delete the files of the imports that ended before that time; return how many files went.

    The runs let go of their files first and the files are deleted after: what a crash leaves in
    between is a file that no run names, and the next call deletes it.
    """
    for pk in ImportRun.objects.with_file().ended_before(before).values_list("pk", flat=True):
        _let_go(pk, at=at)
    named = set(ImportRun.objects.with_file().values_list("path", flat=True))
    old = [path for path in _files() if path not in named and _written_before(path, before)]
    for path in old:
        default_storage.delete(path)
    return len(old)


@transaction.atomic
def _let_go(run_id: int, *, at: dt.datetime) -> None:
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    run.path = ""
    run.save(update_fields=["path"])
    record("register.import_file_removed", run, by=Automat(), at=at, file=run.file_name)


def _files() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    _folders, names = default_storage.listdir(FOLDER)
    return sorted(f"{FOLDER}/{name}" for name in names)


def _written_before(path: str, moment: dt.datetime) -> bool:
    return default_storage.get_modified_time(path) < moment
