"""Rows of the database as Arrow columns: written by PostgreSQL as text, read by Arrow."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv
from django.db import connection

from lianqi.engines.rules.catalogue import Catalogue, FactSpec

OWNERS = """
WITH owners AS (
    SELECT id AS entry, id AS owner FROM unnest(%(ids)s::bigint[]) AS living(id)
    UNION ALL
    SELECT id, merged_into_id FROM register_enterprise WHERE merged_into_id = ANY(%(ids)s)
)
"""
"""Entries and whom they speak for: themselves, or the enterprise they were merged into."""
_READ = pyarrow.csv.ReadOptions


def copied(query: str, given: Mapping[str, Any], types: Mapping[str, pa.DataType]) -> pa.Table:
    """The rows of a query as Arrow columns."""
    told = BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT csv)", given)
        with cursor.copy(asked) as rows:
            for block in rows:
                told.write(block)
    if not told.tell():
        return pa.table({name: pa.array([], each) for name, each in types.items()})
    told.seek(0)
    return pyarrow.csv.read_csv(
        told,
        read_options=_READ(column_names=list(types), block_size=1 << 24),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict(types), null_values=[""], strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip


class Asked(Protocol):
    """A fact of a period that columns are asked for."""

    @property
    def spec(self) -> FactSpec: ...

    @property
    def period(self) -> str: ...


def numbered(facts: Sequence[Asked], catalogue: Catalogue) -> dict[str, list[Any]]:
    """The names under which facts may be kept, with period and the place of the fact in the list.

    As the queries take them: `names`, `periods`, `numbers`.
    """
    found = [
        (name, each.period, number)
        for number, each in enumerate(facts)
        for name in each.spec.names
        if catalogue.find(name) is each.spec
    ]
    return {
        "names": [each[0] for each in found],
        "periods": [each[1] for each in found],
        "numbers": [each[2] for each in found],
    }
