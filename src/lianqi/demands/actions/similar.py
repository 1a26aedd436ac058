"""Marking demands by their wording: at filing, the older ones by a job, forgotten when old."""

import datetime as dt

from django.db import connection, transaction

from lianqi.demands.models import Demand, DemandMark, MarkBackfill
from lianqi.engines.learning import RULES, marks

_FORGET = """
    DELETE FROM demands_demandmark WHERE demand_id < (
        SELECT id FROM demands_demand WHERE filed_on >= %s ORDER BY filed_on, id LIMIT 1
    )
"""


def mark_demand(demand: Demand) -> None:
    """Write the marks of a demand in the caller's transaction; its wording never changes."""
    _mark([(demand.pk, demand.title, demand.text)])


@transaction.atomic
def backfill_marks(*, since: dt.date, limit: int = 2000) -> int:
    """Mark up to `limit` demands that were filed before there were marks; return how many.

    From the newest to the oldest filed on `since`; call again while the answer is above zero.
    Demands filed meanwhile are marked at their filing, so that the order of both does not matter.
    """
    newest = Demand.objects.order_by("-pk").values_list("pk", flat=True).first()
    MarkBackfill.objects.get_or_create(rules=RULES, defaults={"reached": (newest or 0) + 1})
    run = MarkBackfill.objects.select_for_update().get(rules=RULES)
    if run.is_done:
        return 0
    rows = list(
        Demand.objects.filter(pk__lt=run.reached, filed_on__gte=since)
        .order_by("-pk")
        .values_list("pk", "title", "text")[:limit]
    )
    _mark(rows)
    run.reached = rows[-1][0] if rows else run.reached
    run.is_done = len(rows) < limit
    run.save(update_fields=["reached", "is_done"])
    return len(rows)


@transaction.atomic
def forget_marks(*, before: dt.date) -> int:
    """Remove the marks of demands filed before that day; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before])
        return int(cursor.rowcount)


def _mark(rows: list[tuple[int, str, str]]) -> None:
    DemandMark.objects.bulk_create(
        [
            DemandMark(mark=mark, demand_id=pk)
            for pk, title, text in rows
            for mark in marks(title, text)
        ],
        batch_size=5000,
        ignore_conflicts=True,
    )
