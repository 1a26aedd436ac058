"""Handing out stored files: to whoever may see the record they belong to, and noted there.

The apps above say which of their records carry files; nothing else is ever handed out.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import User
from lianqi.files.models import StoredFile
from lianqi.files.queries import open_file


class Noting(Protocol):
    """What notes at the record that somebody took one of its files."""

    def __call__(
        self, record: Any, stored: StoredFile, /, *, by: User, at: dt.datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Owner:
    record: Any  # a model whose manager knows `visible_to`
    lookup: str
    noting: Noting


_OWNERS: dict[str, _Owner] = {}


def carries_files(
    model: type[Model], noting: Noting, *, part_of: type[Model] | None = None, lookup: str = "pk"
) -> None:
    """Let the files of `model` be had by whoever `visible_to` shows the record.

    Args:
        part_of: The record that people see, where the files belong to a part of it.
        lookup: How that record is found by the key of its part.
    """
    _OWNERS[model._meta.label_lower] = _Owner(part_of or model, lookup, noting)


@transaction.atomic
def hand_out(token: UUID, *, by: User, at: dt.datetime) -> tuple[StoredFile, BinaryIO]:
    """A stored file, opened for reading; the caller closes it. That it was taken is noted.

    Raises:
        ObjectDoesNotExist: There is no such file, or its record is not for this person; the error
            does not tell which.
        FileNotFoundError: The row has outlived its file.
    """
    stored = StoredFile.objects.get(token=token)
    if (owner := _OWNERS.get(stored.subject_kind)) is None:
        raise StoredFile.DoesNotExist
    record = owner.record.objects.visible_to(by).get(**{owner.lookup: stored.subject_id})
    opened = open_file(stored)
    try:
        owner.noting(record, stored, by=by, at=at)
    except BaseException:
        opened.close()
        raise
    return stored, opened
