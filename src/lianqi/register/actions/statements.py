"""Statements that are no figures: made, withdrawn, and taken from a list about many at once.

A correction is a later statement; nothing that was stated is lost.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import event, record, record_many
from lianqi.engines.text import tidy
from lianqi.register.actions.enterprises import locked, locked_survivor, require
from lianqi.register.actions.facts import PERIOD
from lianqi.register.actions.fields import plain
from lianqi.register.actions.sources import require_source, source_of
from lianqi.register.errors import (
    EntryMerged,
    ObservedInFuture,
    SourceMissing,
    StatementEndsBeforeItBegins,
    StatementNameMissing,
    StatementNotReadable,
    StatementWithdrawn,
    UnknownPeriod,
)
from lianqi.register.models import Enterprise, Statement, shape_of

LONGEST_KEY = 60
LONGEST_SOURCE = 120
WRITTEN_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Stated:
    """A line of a list: what is so of one enterprise. Shapes of values as in `Statement`."""

    enterprise_id: int
    key: str
    value: Any
    since: dt.date | None = None
    until: dt.date | None = None
    period: str = ""


@transaction.atomic
def state(
    enterprise_id: int,
    *,
    key: str,
    value: Any,
    by: User,
    at: dt.datetime,
    period: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    source: str = "",
    observed_at: dt.datetime | None = None,
) -> Statement:
    """State something about an enterprise; what was stated before stays in the history.

    Args:
        key: As the catalogue of facts names it.
        value: In one of the shapes of `Statement`.
        since: The first day on which it is so; `until` the last.
        source: Said by those who keep the register; others are the source themselves.
        observed_at: When the source stated it; `at` if not known.

    Raises:
        StatedByOthers: Another one than the enterprise states this.
        StatementNameMissing: Nobody would know what is stated.
        StatementNotReadable: The value has none of the shapes.
        StatementEndsBeforeItBegins: The last day lies before the first.
        UnknownPeriod: The period is written in another way.
        ObservedInFuture: The day of observation lies ahead.
        SourceMissing: Nobody says where it comes from.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.state_facts", enterprise)
    require_source(by, enterprise, key)
    line = _checked(Stated(enterprise.pk, key, value, since, until, period))
    if observed_at is not None and observed_at > at:
        raise ObservedInFuture
    stated_by = source_of(by, enterprise, source)
    if not stated_by:
        raise SourceMissing
    statement = _row(line, source=stated_by, observed_at=observed_at or at, by=by, at=at)
    statement.save(force_insert=True)
    _note("register.statement_made", statement, enterprise, by=by, at=at)
    return statement


@transaction.atomic
def withdraw_statement(statement_id: int, *, by: User, at: dt.datetime) -> Statement:
    """Let a statement count no more, as one made by mistake; it stays in the history.

    What was true and is no longer gets a later statement, or a last day, instead.

    Raises:
        StatementWithdrawn: Somebody withdrew it before.
    """
    rows = Statement.objects.select_related("enterprise__merged_into")
    enterprise = locked_survivor(rows.get(pk=statement_id).enterprise)
    statement = rows.get(pk=statement_id)
    require(by, "register.withdraw_statement", statement)
    if statement.withdrawn_at is not None:
        raise StatementWithdrawn
    statement.withdrawn_by, statement.withdrawn_at = by, at
    statement.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _note("register.statement_withdrawn", statement, enterprise, by=by, at=at)
    return statement


@transaction.atomic
def state_list(
    lines: Iterable[Stated],
    *,
    source: str,
    by: User,
    at: dt.datetime,
    observed_at: dt.datetime | None = None,
) -> int:
    """Take over what a department's list says about many enterprises; one event for each of them.

    Few statements of the database, however long the list; all of it is written, or nothing.

    Returns:
        How many statements were made.

    Raises:
        EntryMerged: An entry was merged into another one.
        The same as `state` for a line that cannot be read.
    """
    require(by, "register.import")
    stated_by = stated_source(source, observed_at, at=at)
    checked = [_checked(each) for each in lines]
    firms = locked_in_order({each.enterprise_id for each in checked})
    rows = [
        _row(each, source=stated_by, observed_at=observed_at or at, by=by, at=at)
        for each in checked
    ]
    Statement.objects.bulk_create(rows, batch_size=WRITTEN_AT_ONCE)
    told: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in rows:
        told[each.enterprise_id].append(_told(each))
    record_many(
        [
            event(
                "register.statements_listed", firms[pk], by=by, at=at,
                enterprise_id=pk, source=stated_by, statements=statements,
            )
            for pk, statements in told.items()
        ]
    )  # fmt: skip
    return len(rows)


def stated_source(source: str, observed_at: dt.datetime | None, *, at: dt.datetime) -> str:
    """The source of a list as it is kept.

    Raises:
        SourceMissing: Nobody says where it comes from.
        ObservedInFuture: The day of observation lies ahead.
    """
    stated_by = tidy(source)[:LONGEST_SOURCE]
    if not stated_by:
        raise SourceMissing
    if observed_at is not None and observed_at > at:
        raise ObservedInFuture
    return stated_by


def locked_in_order(ids: set[int]) -> dict[int, Enterprise]:
    """Always in the order of their ids, so that two lists cannot wait for each other."""
    rows = Enterprise.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    firms = {each.pk: each for each in rows.select_related("merged_into").order_by("pk")}
    for each in firms.values():
        if each.merged_into is not None:
            raise EntryMerged(name=each.merged_into.name)
    if missing := ids - firms.keys():
        raise Enterprise.DoesNotExist(f"no enterprises {sorted(missing)}")
    return firms


def _checked(line: Stated) -> Stated:
    key = tidy(line.key)
    if not key or len(key) > LONGEST_KEY:
        raise StatementNameMissing
    if shape_of(line.value) is None:
        raise StatementNotReadable(fact=key)
    if line.period and not PERIOD.fullmatch(line.period):
        raise UnknownPeriod(period=line.period)
    if line.since and line.until and line.until < line.since:
        raise StatementEndsBeforeItBegins(fact=key)
    return Stated(line.enterprise_id, key, line.value, line.since, line.until, line.period)


def _row(
    line: Stated, *, source: str, observed_at: dt.datetime, by: User, at: dt.datetime
) -> Statement:
    return Statement(
        enterprise_id=line.enterprise_id,
        key=line.key,
        value=line.value,
        period=line.period,
        since=line.since,
        until=line.until,
        source=source,
        observed_at=observed_at,
        stated_at=at,
        stated_by=by,
    )


def _told(statement: Statement) -> dict[str, Any]:
    told: Sequence[str] = ("key", "period", "value", "since", "until")
    return {name: plain(getattr(statement, name)) for name in told}


def _note(
    verb: str, statement: Statement, enterprise: Enterprise, *, by: User, at: dt.datetime
) -> None:
    record(
        verb,
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        source=statement.source,
        **_told(statement),
    )
