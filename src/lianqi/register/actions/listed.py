"""Figures and titles taken over from a department's list about many enterprises at once.

Statements of a list are in `statements.py`. Few statements of the database, however long the list;
all of it is written, or nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record_many
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import require
from lianqi.register.actions.facts import PERIOD, check_figure
from lianqi.register.actions.fields import plain
from lianqi.register.actions.history import classes_of, keep_former
from lianqi.register.actions.sizing import reclassify
from lianqi.register.actions.statements import WRITTEN_AT_ONCE, locked_in_order, stated_source
from lianqi.register.enums import SIZE_FACTS, TitleLevel
from lianqi.register.errors import TitleEndsBeforeItBegins, TitleNameMissing, UnknownPeriod
from lianqi.register.models import Enterprise, Fact, Title

LONGEST_TITLE_SOURCE = 160


@dataclass(frozen=True, slots=True)
class Observed:
    """A line of a list of figures; money in yuan, people as a number."""

    enterprise_id: int
    key: str
    value: Decimal
    unit: str
    period: str


@dataclass(frozen=True, slots=True)
class Awarded:
    """A line of a list of titles. A day that is not stated leaves the known one as it is."""

    enterprise_id: int
    label: str
    level: TitleLevel
    batch: str = ""
    granted_on: dt.date | None = None
    valid_until: dt.date | None = None

    @property
    def identity(self) -> tuple[int, str, str, str]:
        return self.enterprise_id, self.label, self.level, self.batch


@transaction.atomic
def observe_list(
    lines: Iterable[Observed],
    *,
    source: str,
    by: User,
    at: dt.datetime,
    observed_at: dt.datetime | None = None,
) -> int:
    """Add an observation of a figure for each line; the size classes follow.

    Returns:
        How many observations were made.

    Raises:
        EntryMerged: An entry was merged into another one.
        The same as `add_fact` for a line that does not fit.
    """
    require(by, "register.import")
    stated_by = stated_source(source, observed_at, at=at)
    checked = list(lines)
    for each in checked:
        check_figure(each.key, each.value, each.unit)
        if not PERIOD.fullmatch(each.period):
            raise UnknownPeriod(period=each.period)
    firms = locked_in_order({each.enterprise_id for each in checked})
    Fact.objects.bulk_create(
        [
            Fact(
                enterprise_id=each.enterprise_id, key=each.key, value=each.value, unit=each.unit,
                period=each.period, source=stated_by, observed_at=observed_at or at,
            )
            for each in checked
        ],
        batch_size=WRITTEN_AT_ONCE,
    )  # fmt: skip
    sized = {each.enterprise_id for each in checked if each.key in SIZE_FACTS}
    _follow_sizes([firms[pk] for pk in sorted(sized)], at=at)
    told: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in checked:
        told[each.enterprise_id].append(
            {"key": each.key, "value": plain(each.value), "unit": each.unit, "period": each.period}
        )
    _note("register.figures_listed", told, firms, source=stated_by, by=by, at=at)
    return len(checked)


def _follow_sizes(firms: Sequence[Enterprise], *, at: dt.datetime) -> None:
    before = {each.pk: classes_of(each) for each in firms}
    if changed := reclassify(firms):
        Enterprise.objects.bulk_update(
            changed, ["size_class", "size_reason"], batch_size=WRITTEN_AT_ONCE
        )
        keep_former([(each, before[each.pk]) for each in changed], at=at)


@transaction.atomic
def award_list(
    lines: Iterable[Awarded],
    *,
    source: str,
    by: User,
    at: dt.datetime,
) -> int:
    """Add the titles of a list, or bring the days of those that are recorded up to date.

    Of two lines about one title the later counts.

    Raises:
        EntryMerged: An entry was merged into another one.
        TitleNameMissing, TitleEndsBeforeItBegins: A line does not fit.
    """
    require(by, "register.import")
    stated_by = stated_source(source, None, at=at)[:LONGEST_TITLE_SOURCE]
    checked = {each.identity: each for each in map(_tidied, lines)}
    firms = locked_in_order({each.enterprise_id for each in checked.values()})
    recorded = {
        (each.enterprise_id, each.label, each.level, each.batch): each
        for each in Title.objects.filter(enterprise_id__in=firms).order_by("pk")
    }
    rows = [_title(each, recorded.get(key), stated_by) for key, each in checked.items()]
    Title.objects.bulk_create(
        rows,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["enterprise", "label", "level", "batch"],
        update_fields=["granted_on", "valid_until", "source"],
    )
    told: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    names = ("label", "level", "batch", "granted_on", "valid_until")
    for row in rows:
        told[row.enterprise_id].append({name: plain(getattr(row, name)) for name in names})
    _note("register.titles_listed", told, firms, source=stated_by, by=by, at=at)
    return len(rows)


def _tidied(line: Awarded) -> Awarded:
    label = tidy(line.label)
    if not label:
        raise TitleNameMissing
    if line.granted_on and line.valid_until and line.valid_until < line.granted_on:
        raise TitleEndsBeforeItBegins
    return Awarded(
        line.enterprise_id, label, line.level, tidy(line.batch), line.granted_on, line.valid_until
    )


def _title(line: Awarded, recorded: Title | None, source: str) -> Title:
    granted, until = line.granted_on, line.valid_until
    if recorded is not None:
        granted, until = granted or recorded.granted_on, until or recorded.valid_until
    return Title(
        enterprise_id=line.enterprise_id, label=line.label, level=line.level, batch=line.batch,
        granted_on=granted, valid_until=until, source=source,
    )  # fmt: skip


def _note(
    verb: str,
    told: Mapping[int, Sequence[dict[str, Any]]],
    firms: Mapping[int, Enterprise],
    *,
    source: str,
    by: User,
    at: dt.datetime,
) -> None:
    """One event for each enterprise."""
    record_many(
        [
            event(
                verb, firms[pk], by=by, at=at, enterprise_id=pk, source=source, listed=lines
            )
            for pk, lines in told.items()
        ]
    )  # fmt: skip
