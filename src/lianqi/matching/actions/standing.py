"""Writing down how enterprises stand to measures: a set at a time, so that `since` survives."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

from lianqi.matching.queries.standings import InBulk, standings

# One matching writes at a time. Whoever gets the lock later reads the register later, so that what
# is written last is what is known last.
LOCK = 0x6C71_6D61_7463_68
_ANALYSE_FROM = 1000
_NOW = """
CREATE TEMP TABLE matching_now (
    enterprise_id bigint, pack_id bigint, measure text, "group" text, low bigint, high bigint,
    worth bigint, slot text, clause text
) ON COMMIT DROP
"""
_SAME = (
    "n.enterprise_id = m.enterprise_id AND n.pack_id = m.pack_id AND n.measure = m.measure"
)  # fmt: skip
_GAINED = """
SELECT count(*) FROM matching_now n WHERE n."group" = 'met' AND NOT EXISTS (
    SELECT FROM matching_match m WHERE {same} AND m."group" = 'met')
"""
_LOST = """
SELECT count(*) FROM matching_match m WHERE m.pack_id = ANY(%(packs)s) AND {reach}
    AND m."group" = 'met' AND NOT EXISTS (
    SELECT FROM matching_now n WHERE {same} AND n."group" = 'met')
"""
_GONE = """
DELETE FROM matching_match m WHERE m.pack_id = ANY(%(packs)s) AND {reach}
    AND NOT EXISTS (SELECT FROM matching_now n WHERE {same})
"""
_WRITE = """
INSERT INTO matching_match AS m (
    enterprise_id, pack_id, measure, "group", low, high, worth, slot, clause, since)
SELECT enterprise_id, pack_id, measure, "group", low, high, worth,
    coalesce(slot, ''), coalesce(clause, ''), %(at)s FROM matching_now
ON CONFLICT (enterprise_id, pack_id, measure) DO UPDATE SET
    "group" = excluded."group", low = excluded.low, high = excluded.high, worth = excluded.worth,
    slot = excluded.slot, clause = excluded.clause,
    since = CASE WHEN m."group" = excluded."group" THEN m.since ELSE excluded.since END
WHERE (m."group", m.low, m.high, m.slot, m.clause) IS DISTINCT FROM
    (excluded."group", excluded.low, excluded.high, excluded.slot, excluded.clause)
"""


@dataclass(frozen=True)
class Change:
    """How many enterprises began, and ceased, to meet a measure."""

    gained: int = 0
    lost: int = 0


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
        if self.ids is not None:
            return "m.enterprise_id = ANY(%(ids)s)"
        below = "" if self.upto is None else " AND m.enterprise_id <= %(upto)s"
        return f"m.enterprise_id > %(after)s{below}"


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

    The caller holds `lock_matching` and read `ids` under it.
    """
    found = standings(force, ids)
    given: dict[str, Any] = {
        "packs": list(packs), "ids": list(reach.ids or ()), "after": reach.after,
        "upto": reach.upto, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        columns = ", ".join(f'"{name}"' for name in found.schema.names)
        with cursor.copy(f"COPY matching_now ({columns}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(_as_csv(found))
        if found.num_rows > _ANALYSE_FROM:
            cursor.execute("ANALYZE matching_now")
        cursor.execute(_GAINED.format(same=_SAME))
        (gained,) = cursor.fetchone()
        cursor.execute(_LOST.format(reach=reach.condition, same=_SAME), given)
        (lost,) = cursor.fetchone()
        cursor.execute(_GONE.format(reach=reach.condition, same=_SAME), given)
        cursor.execute(_WRITE, given)
        cursor.execute("DROP TABLE matching_now")
    return Change(gained, lost)


def _as_csv(found: pa.Table) -> bytes:
    told = BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(found, told, options)
    return told.getvalue()
