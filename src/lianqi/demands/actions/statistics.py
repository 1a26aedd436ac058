"""Compiling the statistics: all anew and in sets, so that no figure drifts from its records."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import F, FloatField, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Extract, TruncMonth, TruncQuarter, TruncYear

from lianqi.demands.enums import Dimension, Span
from lianqi.demands.models import Demand, cases, stages

_SPANS: dict[str, Combinable] = {
    Span.MONTH.value: TruncMonth("filed_on"),
    Span.QUARTER.value: TruncQuarter("filed_on"),
    Span.YEAR.value: TruncYear("filed_on"),
}
_KEYS: dict[str, Combinable] = {
    Dimension.UNIT.value: Coalesce(Cast("unit_id", TextField()), Value("", TextField())),
    Dimension.CHANNEL.value: Cast("channel", TextField()),
    Dimension.CATEGORY.value: Cast("category_id", TextField()),
    Dimension.STREET.value: Coalesce(
        Cast("enterprise__district", TextField()), Value("", TextField())
    ),
}
_WITH_CHAINS = """(
    SELECT facts.*, place.chain_id::text AS key_chain
    FROM demand_facts AS facts JOIN register_chainplace AS place USING (enterprise_id)
) AS placed"""
# A million demands are sorted in memory; the job runs alone, and at night.
_SORTING = "128MB"


@transaction.atomic
def compile_statistics(*, at: dt.datetime) -> int:
    """Replace the statistics by those of all demands as they stand; return the number of rows.

    Readers see the earlier ones until this is done; a second run at the same time waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE demands_demandstatistic IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SET LOCAL work_mem = '{_SORTING}'")
        counts, hours = _note_facts(cursor, at)
        cursor.execute("DELETE FROM demands_demandstatistic")
        cursor.execute(_statement("demand_facts", ["", *_KEYS], counts, hours), [at])
        written = cursor.rowcount
        # An enterprise with places in several chains counts in each.
        cursor.execute(_statement(_WITH_CHAINS, [Dimension.CHAIN.value], counts, hours), [at])
        written += cursor.rowcount
        cursor.execute("DROP TABLE demand_facts")
    return int(written)


def _note_facts(cursor: Any, at: dt.datetime) -> tuple[str, str]:
    """Write down where each demand belongs and what it counts as; return how to sum that up."""
    marks: dict[str, Any] = {f"span_{name}": start for name, start in _SPANS.items()}
    marks |= {f"key_{name}": key for name, key in _KEYS.items()}
    counted = []
    for measure, parts in cases(at).items():
        pairs = []
        for name, condition in parts.items():
            column = f"is_{measure.value}_{name}"
            marks[column] = condition
            pairs.append(f"'{name}', count(*) FILTER (WHERE {column})")
        counted.append(f"'{measure.value}', jsonb_build_object({', '.join(pairs)})")
    timed = []
    for stage, length in stages().items():
        # Hours once for each demand, not for each of the eighteen times it is sorted.
        seconds = Extract(length, "epoch")
        marks[column := f"took_{stage.value}"] = Cast(seconds, FloatField()) / 3600.0
        timed.append(
            f"'{stage.value}', jsonb_build_object('n', count({column}), 'quantiles',"
            f" percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {column}))"
        )
    rows = Demand.objects.order_by().annotate(**marks).values(*marks, firm=F("enterprise_id"))
    query, values = rows.query.sql_with_params()
    cursor.execute(f"CREATE TEMPORARY TABLE demand_facts ON COMMIT DROP AS {query}", values)
    cursor.execute("ALTER TABLE demand_facts RENAME firm TO enterprise_id")
    groups = ", ".join(name for name in marks if name.startswith(("span_", "key_")))
    cursor.execute(f"ANALYZE demand_facts ({groups})")
    return f"jsonb_build_object({', '.join(counted)})", f"jsonb_build_object({', '.join(timed)})"


def _statement(rows: str, dimensions: Iterable[str], counts: str, hours: str) -> str:
    """One insertion for every span and dimension; the dimension "" is the whole zone.

    Counts and lengths are summed apart: percentiles need the rows sorted, counts do not.
    """
    keyed = [name for name in dimensions if name]
    grouped = ", ".join(f"({f'key_{name}' if name else ''})" for name in dimensions)
    starts = ", ".join(f"(span_{name})" for name in _SPANS)
    sets = f"GROUPING SETS ({starts}), GROUPING SETS ({grouped})"
    which = " ".join(f"WHEN GROUPING(key_{name}) = 0 THEN '{name}'" for name in keyed)
    key = " ".join(f"WHEN GROUPING(key_{name}) = 0 THEN key_{name}" for name in keyed)
    span = " ".join(f"WHEN GROUPING(span_{name}) = 0 THEN '{name}'" for name in _SPANS)
    names = (
        f"CASE {span} END AS span,"
        f" coalesce({', '.join(f'span_{name}' for name in _SPANS)}) AS first,"
        f" CASE {which} ELSE '{Dimension.ZONE.value}' END AS dimension,"
        f" CASE {key} ELSE '' END AS key"
    )
    return f"""
        INSERT INTO demands_demandstatistic
               (span, first, dimension, key, counts, hours, computed_at)
        WITH counted AS (SELECT {names}, {counts} AS counts FROM {rows} GROUP BY {sets}),
             timed AS (SELECT {names}, {hours} AS hours FROM {rows} GROUP BY {sets})
        SELECT span, first, dimension, key, counts, hours, %s
        FROM counted JOIN timed USING (span, first, dimension, key)
    """  # noqa: S608  # names of this module and of enumerations, no input
