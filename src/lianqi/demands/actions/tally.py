"""The running totals: appended by the moves, added up at night, rebuilt from the records.

Rows of one day are written beside one another: a period is then read from few pages of the table.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from lianqi.demands.enums import SATISFIED
from lianqi.demands.models import UNCOUNTED, Demand, DemandTally

_CELLS = """
SELECT filed_on, unit_id, channel, count(*),
       count(*) FILTER (WHERE status = 'closed'),
       count(*) FILTER (WHERE rating <> ''),
       count(*) FILTER (WHERE rating = ANY(%s))
FROM demands_demand WHERE status NOT IN ('withdrawn', 'merged')
GROUP BY filed_on, unit_id, channel
ORDER BY filed_on
"""


def contribution(demand: Demand) -> DemandTally | None:
    """What this demand adds to the totals as it stands; withdrawn or merged, it counts nowhere."""
    if demand.status in UNCOUNTED:
        return None
    return DemandTally(
        filed_on=demand.filed_on,
        unit_id=demand.unit_id,
        channel=demand.channel,
        received=1,
        closed=int(demand.status == "closed"),
        rated=int(bool(demand.rating)),
        satisfied=int(demand.rating in SATISFIED),
    )


def retally(earlier: DemandTally | None, later: DemandTally | None) -> None:
    """Append the difference between two contributions of one demand."""
    retally_many([earlier], [later])


def retally_many(
    earlier: Iterable[DemandTally | None], later: Iterable[DemandTally | None]
) -> None:
    """Append the differences between the contributions of many demands."""
    rows = [each for each in later if each]
    for each in filter(None, earlier):
        for name in ("received", "closed", "rated", "satisfied"):
            setattr(each, name, -getattr(each, name))
        rows.append(each)
    DemandTally.objects.bulk_create(rows)


@transaction.atomic
def compact_tallies() -> int:
    """Add up the rows of each cell; return how many rows remain. Safe beside running actions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM demands_demandtally RETURNING *)
            INSERT INTO demands_demandtally
                   (filed_on, unit_id, channel, received, closed, rated, satisfied)
            SELECT filed_on, unit_id, channel, sum(received), sum(closed), sum(rated),
                   sum(satisfied)
            FROM gone GROUP BY filed_on, unit_id, channel
            HAVING sum(received) <> 0
            ORDER BY filed_on
            """
        )
        return int(cursor.rowcount)


@transaction.atomic
def rebuild_tallies() -> int:
    """Compute the totals anew from the demands themselves; return the number of cells.

    Demands cannot move meanwhile: the table is locked against writing for the time of one scan.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE demands_demand IN SHARE MODE")
        cursor.execute("DELETE FROM demands_demandtally")
        cursor.execute(
            "INSERT INTO demands_demandtally"  # both halves are constants
            " (filed_on, unit_id, channel, received, closed, rated, satisfied) " + _CELLS,
            [sorted(SATISFIED)],
        )
        return int(cursor.rowcount)
