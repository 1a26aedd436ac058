"""Titles awarded (称号): what an authority awarded, with level, batch and validity."""

import datetime as dt
from typing import Any

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import locked, locked_survivor, require
from lianqi.register.actions.fields import plain
from lianqi.register.enums import TitleLevel
from lianqi.register.errors import (
    RemovedMeanwhile,
    TitleEndsBeforeItBegins,
    TitleNameMissing,
    TitleRecorded,
)
from lianqi.register.models import Enterprise, Title


@transaction.atomic
def add_title(
    enterprise_id: int,
    *,
    label: str,
    level: TitleLevel,
    by: User,
    at: dt.datetime,
    batch: str = "",
    granted_on: dt.date | None = None,
    valid_until: dt.date | None = None,
    source: str = "",
) -> Title:
    """Add a recognition.

    Args:
        granted_on: The first day of validity.
        valid_until: The last day of validity, included.

    Raises:
        TitleRecorded: The same title of this level and batch is there.
        TitleEndsBeforeItBegins: The last day lies before the first.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.change", enterprise)
    _check(label, granted_on, valid_until)
    title, created = Title.objects.get_or_create(
        enterprise=enterprise,
        label=tidy(label),
        level=level,
        batch=tidy(batch),
        defaults={"granted_on": granted_on, "valid_until": valid_until, "source": tidy(source)},
    )
    if not created:
        raise TitleRecorded(label=title.label)
    record(
        "register.title_added",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        label=title.label,
        level=level,
        batch=title.batch,
        valid_until=plain(valid_until),
    )
    return title


@transaction.atomic
def change_title(
    title_id: int,
    *,
    label: str,
    level: TitleLevel,
    batch: str,
    granted_on: dt.date | None,
    valid_until: dt.date | None,
    source: str,
    by: User,
    at: dt.datetime,
) -> Title:
    """Correct a recognition, or state on which day it ends. Raises the same as `add_title`."""
    title, enterprise = _locked_title(title_id)
    require(by, "register.change", enterprise)
    _check(label, granted_on, valid_until)
    wanted: dict[str, Any] = {
        "label": tidy(label),
        "level": level,
        "batch": tidy(batch),
        "granted_on": granted_on,
        "valid_until": valid_until,
        "source": tidy(source),
    }
    changed = {
        f"title_{name}": [plain(getattr(title, name)), plain(value)]
        for name, value in wanted.items()
        if getattr(title, name) != value
    }
    if not changed:
        return title
    for name, value in wanted.items():
        setattr(title, name, value)
    same = Title.objects.filter(
        enterprise=title.enterprise, label=title.label, level=title.level, batch=title.batch
    )
    if same.exclude(pk=title.pk).exists():
        raise TitleRecorded(label=title.label)
    title.save()
    record(
        "register.title_changed",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        label=title.label,
        changed=changed,
    )
    return title


@transaction.atomic
def remove_title(title_id: int, *, by: User, at: dt.datetime) -> None:
    """Take out a title that was entered by mistake; one that ended keeps its last day instead."""
    title, enterprise = _locked_title(title_id)
    require(by, "register.change", enterprise)
    title.delete()
    record(
        "register.title_removed",
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        label=title.label,
        level=title.level,
        batch=title.batch,
        valid_until=plain(title.valid_until),
    )


def _locked_title(title_id: int) -> tuple[Title, Enterprise]:
    title = Title.objects.select_related("enterprise").get(pk=title_id)
    enterprise = locked_survivor(title.enterprise)
    locked_title = Title.objects.select_related("enterprise").filter(pk=title_id).first()
    if locked_title is None:
        raise RemovedMeanwhile
    return locked_title, enterprise


def _check(label: str, granted_on: dt.date | None, valid_until: dt.date | None) -> None:
    if not tidy(label):
        raise TitleNameMissing
    if granted_on and valid_until and valid_until < granted_on:
        raise TitleEndsBeforeItBegins
