"""Pages of long lists: by key instead of offset, counted only up to a cap."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

PAGE_SIZE = 30
COUNT_CAP = 1000
ID_DIGITS = 18  # fewer than the largest number of a bigint column has

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, the cursors of its neighbours, and how many rows there are at least."""

    rows: list[T]
    after: int | None
    before: int | None
    count: int
    capped: bool


def newest_first(rows: QuerySet[T], query: QueryDict, *, size: int = PAGE_SIZE) -> Page[T]:
    """The page that `?after=<id>` or `?before=<id>` asks for; a cursor nobody gave out is ignored.

    The time it takes does not grow with the page number, and a row that arrives meanwhile moves
    nothing: two pages never show the same row.
    """
    after, before = as_id(query.get("after", "")), as_id(query.get("before", ""))
    if before is not None:
        found = _rows(rows.filter(pk__gt=before).order_by("pk"), size + 1)
        has_newer, has_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        older = rows.filter(pk__lt=after) if after is not None else rows
        found = _rows(older.order_by("-pk"), size + 1)
        has_newer, has_older = after is not None, len(found) > size
        found = found[:size]
    counted = rows.order_by()[: COUNT_CAP + 1].count()
    return Page(
        rows=found,
        after=found[-1].pk if found and has_older else None,
        before=found[0].pk if found and has_newer else None,
        count=min(counted, COUNT_CAP),
        capped=counted > COUNT_CAP,
    )


def _rows(ordered: QuerySet[T], most: int) -> list[T]:
    """The first rows: found by id first, so that only what is shown is joined to other tables.

    A search may match thousands; each of them would otherwise be joined before the first is known.
    """
    return list(ordered.filter(pk__in=ordered.values("pk")[:most]))


def as_id(given: str) -> int | None:
    """The id that somebody sent us, or None if that can be no id of a row."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= ID_DIGITS else None
