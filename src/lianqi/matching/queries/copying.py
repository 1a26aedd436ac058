"""Rows of the database as Arrow columns: written by PostgreSQL as text, read by Arrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from numpy.typing import NDArray

from lianqi.engines.rules.catalogue import Catalogue, FactSpec

OWNERS = """
WITH owners AS (
    SELECT id AS entry, id AS owner FROM unnest(%(ids)s::bigint[]) AS living(id)
    UNION ALL
    SELECT id, merged_into_id FROM register_enterprise WHERE merged_into_id = ANY(%(ids)s)
)
"""
"""Entries and whom they speak for: themselves, or the enterprise they were merged into."""
_OWNED = """
SELECT one.enterprise_id AS owner, {columns} FROM {table} AS one
WHERE {own} AND {condition}
UNION ALL
SELECT merged_into_id, {columns}
FROM register_enterprise AS entry JOIN {table} AS one ON one.enterprise_id = entry.id
WHERE {merged} AND {condition}
"""
_AS_THEN = """
register_enterprise AS now LEFT JOIN (
    SELECT DISTINCT ON (enterprise_id) enterprise_id AS formerly, industry_id AS former_industry,
        size_class AS former_size
    FROM register_formerclass WHERE {within} AND until >= %(on)s
    ORDER BY enterprise_id, until
) AS former ON formerly = now.id
"""
THEN = {
    "industry": "CASE WHEN formerly IS NULL THEN industry_id ELSE former_industry END",
    "size": "NULLIF(CASE WHEN formerly IS NULL THEN size_class ELSE former_size END, '')",
}
"""The columns of `as_then` that say what industry and size class were."""
_READ = pyarrow.csv.ReadOptions
# Ids that fill so much of the range between the first and the last are read as a range.
_DENSE = 0.25


@dataclass(frozen=True)
class Firms:
    """Living enterprises whose rows are asked for.

    Attributes:
        ids: Ascending.
    """

    ids: NDArray[np.int64]

    @cached_property
    def given(self) -> dict[str, Any]:
        if self.is_dense:
            return {"first": int(self.ids[0]), "last": int(self.ids[-1])}
        return {"ids": self.ids.tolist()}

    @cached_property
    def is_dense(self) -> bool:
        size = len(self.ids)
        return size > 0 and size > _DENSE * (self.ids[-1] - self.ids[0])

    def within(self, column: str) -> str:
        """A condition that holds for all of them, and where they are dense for some others."""
        if self.is_dense:
            return f"{column} BETWEEN %(first)s AND %(last)s"
        return f"{column} = ANY(%(ids)s)"

    def rows(self, columns: str, table: str, condition: str) -> str:
        """The rows of a table, by owner: those of merged entries are the survivor's.

        Args:
            columns, condition: Of the table as `one`.
        """
        return _OWNED.format(
            columns=columns, table=table, condition=condition,
            own=self.within("one.enterprise_id"), merged=self.within("entry.merged_into_id"),
        )  # fmt: skip

    def copied(
        self, query: str, given: Mapping[str, Any], types: Mapping[str, pa.DataType]
    ) -> tuple[pa.Table, NDArray[np.int64]]:
        """The rows of a query about them, its first column the owner; and the owner's place."""
        rows = copied(query, {**self.given, **given}, types)
        owner = rows.column(0).to_numpy()
        place = np.searchsorted(self.ids, owner)
        own = place < len(self.ids)
        own[own] = self.ids[place[own]] == owner[own]
        return (rows, place) if own.all() else (rows.filter(pa.array(own)), place[own])


def as_then(within: str) -> str:
    """Enterprises, with the row that says which industry and size class they had on a day.

    Args:
        within: A condition on `enterprise_id` for all that are asked for.
    """
    return _AS_THEN.format(within=within)


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
