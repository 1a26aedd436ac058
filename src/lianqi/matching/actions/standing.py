"""Writing down how enterprises stand to measures: a set at a time, and only what is different."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

from lianqi.matching.queries.standings import LINE, InBulk, Line, are_few, lines, standings

# One matching writes at a time. Whoever gets the lock later reads the register later, so that what
# is written last is what is known last.
LOCK = 0x6C71_6D61_7463_68
_ANALYSE_FROM = 1000
_TYPES = {pa.int64(): "bigint", pa.string(): "text"}
_COLUMNS = ", ".join(f'"{name}"' for name in LINE)
_TABLE = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in LINE.items())
_NOW = f"CREATE TEMP TABLE matching_now ({_TABLE}) ON COMMIT DROP"
_COPY = f"COPY matching_now ({_COLUMNS}) FROM STDIN (FORMAT csv)"
_OF_MANY = f"SELECT {_COLUMNS} FROM matching_now"  # noqa: S608  # names of this module
_OF_FEW = "SELECT * FROM unnest({arrays}) AS one({columns})".format(  # noqa: S608  # as above
    arrays=", ".join(f"%(new_{name})s::{_TYPES[kind]}[]" for name, kind in LINE.items()),
    columns=_COLUMNS,
)
_WRITE = """
WITH later AS ({later}), earlier AS (
    SELECT * FROM matching_match AS m WHERE m.pack_id = ANY(%(packs)s) AND {reach}
), change AS MATERIALIZED (
    SELECT n.*, e.id AS earlier, e."group" AS was,
        coalesce(n.enterprise_id, e.enterprise_id) AS whose,
        coalesce(n.pack_id, e.pack_id) AS of_pack, coalesce(n.measure, e.measure) AS what
    FROM later AS n FULL JOIN earlier AS e ON n.enterprise_id = e.enterprise_id
        AND n.pack_id = e.pack_id AND n.measure = e.measure
    WHERE (n."group", n.low, n.high, n.paid, coalesce(n.slot, ''), coalesce(n.clause, ''))
        IS DISTINCT FROM (e."group", e.low, e.high, e.paid, e.slot, e.clause)
), gone AS (
    DELETE FROM matching_match AS m USING change AS c
    WHERE m.id = c.earlier AND c.enterprise_id IS NULL
), mended AS (
    UPDATE matching_match AS m SET "group" = c."group", low = c.low, high = c.high,
        worth = c.worth, paid = c.paid, slot = coalesce(c.slot, ''),
        clause = coalesce(c.clause, ''),
        since = CASE WHEN m."group" = c."group" THEN m.since ELSE %(at)s END
    FROM change AS c
    WHERE m.id = c.earlier AND c.earlier IS NOT NULL AND c.enterprise_id IS NOT NULL
), added AS (
    INSERT INTO matching_match (enterprise_id, pack_id, measure, "group", low, high, worth, paid,
        slot, clause, since)
    SELECT enterprise_id, pack_id, measure, "group", low, high, worth, paid,
        coalesce(slot, ''), coalesce(clause, ''), %(at)s
    FROM change WHERE earlier IS NULL
)
SELECT {who}, of_pack, what,
    count(*) FILTER (WHERE "group" = 'met'), count(*) FILTER (WHERE was = 'met')
FROM change WHERE (coalesce("group", '') = 'met') <> (coalesce(was, '') = 'met')
GROUP BY 1, 2, 3
"""  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """How many enterprises began, and ceased, to meet a measure.

    Attributes:
        enterprise_id: Which one that was; 0 if they were counted together.
    """

    enterprise_id: int
    pack_id: int
    measure: str
    gained: int
    lost: int


@dataclass(frozen=True)
class Change:
    """What matching changed in who meets what."""

    turns: tuple[Turn, ...] = field(default=())

    @property
    def gained(self) -> int:
        return sum(each.gained for each in self.turns)

    @property
    def lost(self) -> int:
        return sum(each.lost for each in self.turns)


@dataclass(frozen=True)
class Reach:
    """Whose earlier matches are replaced: these enterprises, or all of a range of ids.

    Attributes:
        after, upto: Of a range: the id before it, the last id; None is without end.
    """

    ids: Sequence[int] | None = None
    after: int = 0
    upto: int | None = None

    @property
    def condition(self) -> str:
        """In the words of the database, of a match `m`."""
        if self.ids is not None:
            return "m.enterprise_id = ANY(%(ids)s)"
        below = "" if self.upto is None else " AND m.enterprise_id <= %(upto)s"
        return f"m.enterprise_id > %(after)s{below}"

    @property
    def given(self) -> dict[str, Any]:
        return {"ids": list(self.ids or ()), "after": self.after, "upto": self.upto}


def lock_matching() -> None:
    """Wait for other matching to commit; held until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def match_anew(
    force: InBulk, ids: Sequence[int], reach: Reach, packs: Sequence[int], *, at: dt.datetime
) -> Change:
    """Match enterprises and replace what was written of them, in the caller's transaction.

    Args:
        ids: Enterprises that are there (`in_the_zone`); of others in reach nothing is left.
        packs: Whose matches are replaced.

    The caller holds `lock_matching` and read `ids` under it. A few enterprises that are named are
    told apart in the answer; many are counted together.
    """
    given: dict[str, Any] = {"packs": list(packs), "at": at, **reach.given}
    if reach.ids is not None and are_few(ids):
        return _written(_OF_FEW, reach, given | _arrays(lines(force, ids)), who="whose")
    found = standings(force, ids)
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        with cursor.copy(_COPY) as copy:
            copy.write(_as_csv(found))
        if found.num_rows > _ANALYSE_FROM:
            cursor.execute("ANALYZE matching_now (enterprise_id)")
        change = _written(_OF_MANY, reach, given, who="0" if reach.ids is None else "whose")
        cursor.execute("DROP TABLE matching_now")
    return change


def _written(later: str, reach: Reach, given: dict[str, Any], *, who: str) -> Change:
    """Find what is different, write it, and tell who began and ceased to meet what."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(later=later, reach=reach.condition, who=who), given)
        return Change(tuple(Turn(*row) for row in cursor.fetchall()))


def _arrays(found: Iterable[Line]) -> dict[str, list[Any]]:
    rows = list(found)
    return {f"new_{name}": [row[name] for row in rows] for name in LINE}


def _as_csv(found: pa.Table) -> bytes:
    told = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(found, told, options)
    return told.getvalue()
