"""The running totals: appended by the moves, added up at night, rebuilt from the records."""

from django.db import connection, transaction

from lianqi.needs.enums import NeedStatus
from lianqi.needs.flow import SOLVED, VALID
from lianqi.needs.models import Need, NeedTally

COUNTS = ("collected", "valid", "solved", "confirmed")

_INSERT = """
INSERT INTO needs_needtally
       (programme_id, day, unit_id, lead_id, collected, valid, solved, confirmed)
"""
_COMPACT = f"""
WITH gone AS (DELETE FROM needs_needtally RETURNING *)
{_INSERT}
SELECT programme_id, day, unit_id, lead_id, sum(collected), sum(valid), sum(solved), sum(confirmed)
FROM gone GROUP BY programme_id, day, unit_id, lead_id
HAVING sum(collected) <> 0 OR sum(valid) <> 0 OR sum(solved) <> 0 OR sum(confirmed) <> 0
ORDER BY day
"""  # noqa: S608  # constants only
_CELLS = """
SELECT programme_id, collected_on, unit_id, NULL::bigint, count(*), 0, 0, 0
FROM needs_need GROUP BY programme_id, collected_on, unit_id
UNION ALL
SELECT programme_id, triaged_on, unit_id, lead_id, 0, count(*), 0, 0
FROM needs_need WHERE status = ANY(%(valid)s) GROUP BY programme_id, triaged_on, unit_id, lead_id
UNION ALL
SELECT programme_id, solved_on, unit_id, lead_id, 0, 0, count(*),
       count(*) FILTER (WHERE status <> 'solved')
FROM needs_need WHERE status = ANY(%(solved)s) GROUP BY programme_id, solved_on, unit_id, lead_id
ORDER BY 2
"""


def contribution(need: Need) -> list[NeedTally]:
    """What this need adds to the totals as it stands."""
    rows = [NeedTally(day=need.collected_on, collected=1)]
    if need.status in VALID and need.triaged_on:
        rows.append(NeedTally(day=need.triaged_on, lead_id=need.lead_id, valid=1))
    if need.status in SOLVED and need.solved_on:
        confirmed = int(need.status != NeedStatus.SOLVED)
        rows.append(
            NeedTally(day=need.solved_on, lead_id=need.lead_id, solved=1, confirmed=confirmed)
        )
    for row in rows:
        row.programme_id, row.unit_id = need.programme_id, need.unit_id
    return rows


def retally(earlier: list[NeedTally], later: list[NeedTally]) -> None:
    """Append the difference between two contributions of one need; what stays is not written."""
    before, after = {_key(row) for row in earlier}, {_key(row) for row in later}
    gone = [row for row in earlier if _key(row) not in after]
    for row in gone:
        for name in COUNTS:
            setattr(row, name, -getattr(row, name))
    NeedTally.objects.bulk_create([*gone, *(row for row in later if _key(row) not in before)])


def _key(row: NeedTally) -> tuple[object, ...]:
    counts = (getattr(row, name) for name in COUNTS)
    return (row.programme_id, row.day, row.unit_id, row.lead_id, *counts)


@transaction.atomic
def compact_need_tallies() -> int:
    """Add up the rows of each cell; return how many rows remain. Safe beside running actions."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPACT)
        return int(cursor.rowcount)


@transaction.atomic
def rebuild_need_tallies() -> int:
    """Compute the totals anew from the needs themselves; return the number of cells.

    Needs cannot move meanwhile: the table is locked against writing for the time of one scan.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE needs_need IN SHARE MODE")
        cursor.execute("DELETE FROM needs_needtally")
        cursor.execute(_INSERT + _CELLS, {"valid": sorted(VALID), "solved": sorted(SOLVED)})
        return int(cursor.rowcount)
