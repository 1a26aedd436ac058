"""Snapshots of single applicants as a table: how a zone's register comes to columns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from lianqi.engines.rules.bulk.columns import ColumnError, Wanted
from lianqi.engines.rules.meaning import Snapshot
from lianqi.engines.rules.nodes import Kind

_DIGITS = 38


def table_of(
    applicants: Sequence[Any],
    snapshots: Sequence[Snapshot],
    wanted: Mapping[str, Wanted],
    *,
    name: str = "applicant",
) -> pa.Table:
    """What is known of some applicants, as columns that rules want.

    Args:
        applicants: What names them.
        wanted: The columns (`Program.wanted`).
        name: Of the column of applicants.

    Raises:
        ColumnError: A number has more digits than its fact keeps.
    """
    columns = {name: pa.array(applicants)}
    for slot, each in wanted.items():
        columns[slot] = array_of(slot, [snapshot.get(slot) for snapshot in snapshots], each)
    return pa.table(columns)


def array_of(slot: str, values: Sequence[Any], wanted: Wanted) -> pa.Array:
    match wanted.kind:
        case Kind.NUMBER:
            given = [_decimal(slot, each, wanted.decimals) for each in values]
            return pa.array(given, pa.decimal128(_DIGITS, wanted.decimals))
        case Kind.DATE:
            return pa.array(values, pa.date32())
        case Kind.BOOL:
            return pa.array(values, pa.bool_())
        case Kind.TEXT:
            return pa.array(values, pa.string())
        case Kind.SET:
            sets = [None if each is None else sorted(each) for each in values]
            return pa.array(sets, pa.list_(pa.string()))
    return _entries(slot, values, wanted.fields or {})


def _decimal(slot: str, value: Fraction | int | None, decimals: int) -> Decimal | None:
    if value is None:
        return None
    scaled = Fraction(value) * 10**decimals
    if scaled.denominator != 1:
        raise ColumnError(slot, f"holds {value} with more than {decimals} digits after the point")
    return Decimal(scaled.numerator).scaleb(-decimals)


def _entries(slot: str, values: Sequence[Any], fields: Mapping[str, Wanted]) -> pa.Array:
    # A list of entries of which no field is asked is still counted.
    names = fields or {"": Wanted(Kind.BOOL)}
    offsets: list[int | None] = [0]
    entries: list[Mapping[str, Any]] = []
    for each in values:
        entries.extend(each or ())
        offsets.append(len(entries))
    for row, each in enumerate(values):
        if each is None:
            offsets[row] = None  # how Arrow writes a list that is null
    parts = [
        array_of(f"{slot}.{name}", [entry.get(name) for entry in entries], wanted)
        for name, wanted in names.items()
    ]
    of_entries = pa.StructArray.from_arrays(parts, names=list(names))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), of_entries)


def snapshots_of(table: pa.Table, wanted: Mapping[str, Wanted]) -> list[dict[str, Any]]:
    """The rows of a table, one by one; what `table_of` made of snapshots, turned back."""
    held = {slot: each for slot, each in wanted.items() if slot in table.schema.names}
    return [
        {slot: _plain(row[slot], each) for slot, each in held.items()}
        for row in table.select(list(held)).to_pylist()
    ]


def _plain(value: Any, wanted: Wanted) -> Any:
    if value is None:
        return None
    match wanted.kind:
        case Kind.NUMBER:
            # A float stands for the decimals it is written with.
            return Fraction(str(value))
        case Kind.DATE:
            return value.date() if isinstance(value, dt.datetime) else value
        case Kind.SET:
            return frozenset(value)
        case Kind.LIST:
            fields = wanted.fields or {}
            return tuple(
                {name: _plain(entry[name], each) for name, each in fields.items()}
                for entry in value
            )
    return value
