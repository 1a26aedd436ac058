"""Pages of long lists: by key instead of offset, counted only up to a cap."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

PAGE_SIZE = 30
COUNT_CAP = 1000
RECENT = 5000
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


def newest_first(
    rows: QuerySet[T],
    query: QueryDict,
    *,
    size: int = PAGE_SIZE,
    unindexed: QuerySet[T] | None = None,
) -> Page[T]:
    """The page that `?after=<id>` or `?before=<id>` asks for; a cursor nobody gave out is ignored.

    The time it takes does not grow with the page number, and a row that arrives meanwhile moves
    nothing: two pages never show the same row.

    Args:
        rows: What the person may see and asked for.
        query: Of the address.
        size: Rows on a page.
        unindexed: The same rows, found by comparing row by row, where words are searched for;
            see `newest_matches`.
    """
    after, before = as_id(query.get("after", "")), as_id(query.get("before", ""))
    counted = rows.order_by()[: COUNT_CAP + 1].count()
    capped = counted > COUNT_CAP
    if before is not None:
        found = _rows(rows.filter(pk__gt=before).order_by("pk"), size + 1)
        has_newer, has_older = len(found) > size, True
        found = found[:size][::-1]
    else:
        if unindexed is not None and capped:
            found = newest_matches(rows, size + 1, unindexed=unindexed, below=after)
        else:
            found = _older(rows, size + 1, after)
        has_newer, has_older = after is not None, len(found) > size
        found = found[:size]
    return Page(
        rows=found,
        after=found[-1].pk if found and has_older else None,
        before=found[0].pk if found and has_newer else None,
        count=min(counted, COUNT_CAP),
        capped=capped,
    )


def in_places(rows: QuerySet[T], query: QueryDict, *, size: int = PAGE_SIZE) -> Page[T]:
    """The page that `?after=<id>` or `?before=<id>` asks for of rows sorted by their `place`.

    The smallest place comes first, of equal ones the newest row. A cursor is a row: the page goes
    on behind it even if rows before it have come or gone; one that is gone itself is ignored.

    Args:
        rows: Annotated with `place`.
        query: Of the address.
        size: Rows on a page.
    """
    after, before = as_id(query.get("after", "")), as_id(query.get("before", ""))
    counted = rows.order_by()[: COUNT_CAP + 1].count()
    start = rows.filter(pk=after if before is None else before).values_list("place", "pk").first()
    if before is not None and start is not None:
        earlier = Q(place__lt=start[0]) | Q(place=start[0], pk__gt=start[1])
        found = list(rows.filter(earlier).order_by("-place", "pk")[: size + 1])
        has_earlier, has_later = len(found) > size, True
        found = found[:size][::-1]
    else:
        if start is not None:
            rows = rows.filter(Q(place__gt=start[0]) | Q(place=start[0], pk__lt=start[1]))
        found = list(rows.order_by("place", "-pk")[: size + 1])
        has_earlier, has_later = start is not None, len(found) > size
        found = found[:size]
    return Page(
        rows=found,
        after=found[-1].pk if found and has_later else None,
        before=found[0].pk if found and has_earlier else None,
        count=min(counted, COUNT_CAP),
        capped=counted > COUNT_CAP,
    )


def newest_matches(
    rows: QuerySet[T], most: int, *, unindexed: QuerySet[T], below: int | None = None
) -> list[T]:
    """The newest of the rows that a search by words finds.

    The planner takes a word of several common pairs of characters for rare and would collect all
    its rows from the index to find the newest. So the newest ids of the table are looked through
    first, in which a common word is found often enough; only a rare one is sought everywhere.

    Args:
        rows: What the search finds, by its index.
        most: How many are wanted.
        unindexed: The same, by comparing row by row.
        below: Only ids below this one.
    """
    top = below
    if top is None:
        newest = QuerySet(rows.model).order_by("-pk").first()
        top = newest.pk + 1 if newest else 0
    found = _older(unindexed.filter(pk__gte=top - RECENT), most, top)
    return found if len(found) == most else _older(rows, most, below)


def _older(rows: QuerySet[T], most: int, below: int | None) -> list[T]:
    found = rows if below is None else rows.filter(pk__lt=below)
    return _rows(found.order_by("-pk"), most)


def _rows(ordered: QuerySet[T], most: int) -> list[T]:
    """The first rows: found by id first, so that only what is shown is joined to other tables.

    A search may match thousands; each of them would otherwise be joined before the first is known.
    """
    return list(ordered.filter(pk__in=ordered.values("pk")[:most]))


def as_id(given: str) -> int | None:
    """The id that somebody sent us, or None if that can be no id of a row."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= ID_DIGITS else None
