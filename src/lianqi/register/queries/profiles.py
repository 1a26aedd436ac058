"""Page-shaped answers about enterprises and imports."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.engines.tables import Cell, TableError, cell_text, read_table
from lianqi.engines.text import mask_email, mask_mobile, mask_name, similarity
from lianqi.register.columns import known_headings
from lianqi.register.enums import FactKey, Qualifier, RowPlan, StatedBy, TitleLevel
from lianqi.register.models import (
    ChainPlace,
    Contact,
    Enterprise,
    Fact,
    FormerClass,
    ImportRow,
    ImportRun,
    KeyList,
    Membership,
    Title,
)
from lianqi.register.reasons import reason_text

MOST_EVENTS = 30
MOST_CANDIDATES = 200
ALIKE = 0.6  # one wrong character in a distinctive part of six
EXPIRES_SOON = dt.timedelta(days=90)
SAMPLE_ROWS = 3


def people_of(enterprise: Enterprise) -> list[User]:
    """The active people who act for an enterprise, the earliest first."""
    members = Membership.objects.confirmed().filter(enterprise=enterprise, user__is_active=True)
    return [each.user for each in members.select_related("user").order_by("pk") if each.user]


def with_merged_ids(enterprise: Enterprise) -> list[int]:
    """The ids under which records of an enterprise are kept: its own and those merged into it."""
    merged = Enterprise.objects.filter(merged_into=enterprise).order_by("pk")
    return [enterprise.pk, *merged.values_list("pk", flat=True)]


@dataclass(frozen=True, slots=True)
class FactLine:
    """The newest observation of one figure and period; money in yuan."""

    pk: int
    label: str
    period: str
    value: Decimal
    unit: str
    is_money: bool
    qualifier: str
    source: str
    observed_at: dt.datetime
    earlier: int
    is_withdrawn: bool = False


def facts_of(ids: Sequence[int]) -> list[FactLine]:
    """Facts by key, newest period first; `earlier` counts the observations that were replaced."""
    rows = Fact.objects.standing().filter(enterprise_id__in=ids).order_by("observed_at", "pk")
    newest: dict[tuple[str, str], tuple[Fact, int]] = {}
    for fact in rows:
        _, count = newest.get((fact.key, fact.period), (fact, -1))
        newest[(fact.key, fact.period)] = (fact, count + 1)
    lines = [_fact_line(fact, earlier) for fact, earlier in newest.values()]
    return sorted(sorted(lines, key=lambda line: line.label), key=lambda x: x.period, reverse=True)


def observations_of(fact: Fact, ids: Sequence[int]) -> list[FactLine]:
    """Everything that was ever stated about this figure and period, the one that counts first."""
    rows = Fact.objects.filter(enterprise_id__in=ids, key=fact.key, period=fact.period)
    newest_first = rows.order_by("-observed_at", "-pk")
    lines = [_fact_line(row, 0) for row in newest_first]
    return sorted(lines, key=lambda line: line.is_withdrawn)


def source_text(source: str) -> str:
    """A source as people read it: who states it, or the words in which it was named."""
    return str(StatedBy(source).label) if source in StatedBy.values else source


def _fact_line(fact: Fact, earlier: int) -> FactLine:
    known = fact.key in FactKey.values
    exact = fact.qualifier == Qualifier.EXACT
    return FactLine(
        pk=fact.pk,
        label=str(FactKey(fact.key).label) if known else fact.key,
        period=fact.period,
        value=fact.value.normalize() if fact.unit != "元" else fact.value,
        unit=fact.unit,
        is_money=fact.unit == "元",
        qualifier="" if exact else fact.get_qualifier_display(),
        source=source_text(fact.source),
        observed_at=fact.observed_at,
        earlier=earlier,
        is_withdrawn=fact.withdrawn_at is not None,
    )


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A recognition; `state` is valid, soon (expires within 90 days), expired or open."""

    pk: int
    label: str
    level: str
    batch: str
    granted_on: dt.date | None
    valid_until: dt.date | None
    source: str
    state: str


def titles_of(ids: Sequence[int], *, on: dt.date) -> list[TitleLine]:
    """Titles with their state on that day; the last day of validity is a valid day."""
    rows = Title.objects.filter(enterprise_id__in=ids).order_by("label", "pk")
    return [
        TitleLine(
            title.pk,
            title.label,
            str(TitleLevel(title.level).label),
            title.batch,
            title.granted_on,
            title.valid_until,
            title.source,
            _title_state(title.valid_until, on),
        )
        for title in rows
    ]


def _title_state(until: dt.date | None, on: dt.date) -> str:
    if until is None:
        return "open"
    if until < on:
        return "expired"
    return "soon" if until < on + EXPIRES_SOON else "valid"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact as everybody may see it: masked."""

    pk: int
    name: str
    position: str
    mobile: str
    email: str
    is_main: bool
    source: str


def contacts_of(ids: Sequence[int]) -> list[ContactLine]:
    """Contacts, the main one first, everything personal masked."""
    rows = Contact.objects.filter(enterprise_id__in=ids).order_by("-is_main", "pk")
    return [
        ContactLine(
            contact.pk,
            mask_name(contact.name),
            contact.position,
            mask_mobile(contact.mobile),
            mask_email(contact.email),
            contact.is_main,
            source_text(contact.source),
        )
        for contact in rows
    ]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything of the enterprise page that stands beside the enterprise's own fields."""

    facts: list[FactLine]
    titles: list[TitleLine]
    contacts: list[ContactLine]
    former_names: list[str]
    chains: list[ChainPlace]
    key_lists: list[KeyList]
    merged: list[Enterprise]
    former_classes: list[FormerClass]


def profile_of(enterprise: Enterprise, ids: Sequence[int], *, on: dt.date) -> Profile:
    """The profile with what merged entries brought, in a constant number of queries.

    Args:
        enterprise: The entry that remains.
        ids: `with_merged_ids(enterprise)`.
        on: The day for which the validity of titles is told.
    """
    former = enterprise.former_names.order_by("pk").values_list("name", flat=True)
    places = enterprise.chain_places.select_related("chain").order_by("chain__name")
    lists = KeyList.objects.filter(members__in=ids).distinct().order_by("name")
    merged = enterprise.merged_entries.order_by("pk")
    return Profile(
        facts=facts_of(ids),
        titles=titles_of(ids, on=on),
        contacts=contacts_of(ids),
        former_names=list(former),
        chains=list(places),
        key_lists=list(lists),
        merged=list(merged),
        former_classes=list(enterprise.former_classes.newest_first()[:MOST_EVENTS]),
    )


def history_of(ids: Sequence[int]) -> list[Event]:
    """What happened to the entries, newest first, looks excluded."""
    kind = Enterprise._meta.label_lower
    events = Event.objects.filter(subject_kind=kind, subject_id__in=ids, is_read=False)
    return list(events.order_by("-pk")[:MOST_EVENTS])


def readers_of(ids: Sequence[int]) -> list[Event]:
    """Who looked at the enterprise's data, newest first."""
    events = Event.objects.filter(enterprise_id__in=ids, is_read=True)
    return list(events.order_by("-pk")[:MOST_EVENTS])


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entry that may be the same enterprise, and how alike the names are, from 0 to 1."""

    enterprise: Enterprise
    alike: float


def duplicates_of(enterprise: Enterprise, *, limit: int = 5) -> list[Duplicate]:
    """Entries named the same, or nearly the same; the most alike first.

    A branch is no duplicate of its owner. Two names count as near when their cores share
    six tenths of their character pairs.
    """
    rows = Enterprise.objects.living().near(enterprise.name_core).exclude(pk=enterprise.pk)
    core, _slash, branch = enterprise.name_core.partition("/")
    candidates = rows.order_by("pk")[:MOST_CANDIDATES]
    parts = [(each, each.name_core.partition("/")) for each in candidates]
    found = [
        Duplicate(each, similarity(core, its_core))
        for each, (its_core, _its_slash, its_branch) in parts
        if its_branch == branch
    ]
    near = [each for each in found if each.alike >= ALIKE]
    return sorted(near, key=lambda each: (-each.alike, each.enterprise.pk))[:limit]


def sample_of(run: ImportRun) -> list[list[str]]:
    """The first rows of an uploaded file as text; nothing when it cannot be read any more."""
    if not run.path:
        return []
    headings = [column["heading"] for column in run.mapping]
    path = Path(default_storage.path(run.path))
    try:
        with read_table(path, known_headings=known_headings(headings)) as table:
            rows = [row.cells for _, row in zip(range(SAMPLE_ROWS), table.rows, strict=False)]
    except (TableError, OSError):
        return []
    return [[cell_text(cell) for cell in cells] for cells in rows]


def refused_rows(run: ImportRun) -> Iterator[list[Cell]]:
    """The refused rows as they were, each with the reason behind its last cell."""
    for row in run.rows.planned(RowPlan.REFUSE).iterator(chunk_size=1000):
        yield [*row.cells, reason_text(row.reason)]


def rows_after(run: ImportRun, *, plan: str, after: int, limit: int) -> tuple[list[ImportRow], int]:
    """A page of planned rows by row number, and the number to go on from; 0 at the end.

    Args:
        run: The import.
        plan: A `RowPlan`, or "near" for those that wait for a decision.
        after: Row number of the last row of the page before; 0 for the first page.
        limit: Rows of a page.
    """
    rows: Any = run.rows.undecided() if plan == "near" else run.rows.planned(RowPlan(plan))
    found = list(
        rows.filter(number__gt=after)
        .select_related("near_duplicate_of")
        .order_by("number")[: limit + 1]
    )
    page = found[:limit]
    return page, page[-1].number if len(found) > limit else 0
