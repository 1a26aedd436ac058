"""How many enterprises stand to measures: whoever meets one, or lacks one thing, as a table."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.rules.bulk.nearness import Bounds, Nearness, Some, nearness_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.rule import FEN
from lianqi.matching.enums import NEAR, Group
from lianqi.matching.models import RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.columns import columns_of
from lianqi.matching.queries.snapshots import Known, snapshots
from lianqi.matching.queries.verdicts import Place, Verdict, is_for_one_enterprise, verdict_of

_MOST_FEN = 2**62
_PROGRAMS: dict[tuple[tuple[tuple[int, str], ...], dt.date], "InBulk"] = {}
MOST_PROGRAMS = 16
FEW = 50
"""So many are read one by one: to prepare columns for them would take longer."""
_COLUMNS = {
    "enterprise_id": pa.int64(), "pack_id": pa.int64(), "measure": pa.string(),
    "group": pa.string(), "low": pa.int64(), "high": pa.int64(), "worth": pa.int64(),
    "slot": pa.string(), "clause": pa.string(),
}  # fmt: skip


@dataclass(frozen=True)
class InBulk:
    """Measures of a day, ready to be asked for many enterprises at once."""

    on: dt.date
    places: tuple[Place, ...]
    catalogue: Catalogue
    program: Program

    @cached_property
    def compiled(self) -> Compiled:
        """The same measures for one enterprise at a time."""
        rules = [each.measure.rule(each.pack.key).on(self.on) for each in self.places]
        return Compiled(rules, self.catalogue)

    @property
    def pack_ids(self) -> list[int]:
        return sorted({each.row.pk for each in self.places})


def in_bulk(rows: Iterable[RulePack], on: dt.date) -> InBulk:
    """The measures of packs that hold on a day, prepared once in a process."""
    rows = list(rows)
    name = tuple((row.pk, row.digest) for row in rows), on
    if name in _PROGRAMS:
        return _PROGRAMS[name]
    packs = packs_of(rows)
    places = tuple(
        Place(row, packs[row.digest], measure)
        for row in rows
        if row.digest in packs
        for measure in packs[row.digest].measures(on)
        if is_for_one_enterprise(measure)
    )
    catalogue = joined_catalogue(packs[row.digest] for row in rows if row.digest in packs)
    rules = [each.measure.rule(each.pack.key).on(on) for each in places]
    if len(_PROGRAMS) >= MOST_PROGRAMS:
        _PROGRAMS.clear()
    made = _PROGRAMS[name] = InBulk(
        on, places, catalogue, Program(rules, catalogue, by_clause=True)
    )
    return made


def standings(force: InBulk, ids: Sequence[int]) -> pa.Table:
    """Who of these living enterprises meets which measure, or nearly does, with the amounts.

    The same as `judged` says one by one; whoever is in none of the groups `NEAR` has no row.
    """
    if len(ids) <= FEW:
        return _one_by_one(force, ids)
    known = columns_of(ids, force.program.wanted, force.catalogue, on=force.on)
    found = nearness_of(known.chunk(force.program.wanted), force.program)
    odd = np.isin(known.ids, np.fromiter(known.odd, np.int64))
    parts = [
        table
        for place, near in zip(force.places, found, strict=True)
        for table in _tables(place, near, known.ids, odd)
    ]
    if known.odd:
        parts.append(_one_by_one(force, sorted(known.odd)))
    schema = pa.schema(_COLUMNS)
    return pa.concat_tables(parts) if parts else pa.Table.from_pylist([], schema=schema)


def _tables(
    place: Place, near: Nearness, ids: NDArray[np.int64], odd: NDArray[np.bool_]
) -> Iterator[pa.Table]:
    for group, some in zip(NEAR, (near.met, near.one_missing, near.nearly), strict=True):
        kept = np.flatnonzero(~odd[some.rows])
        if not len(kept):
            continue
        names = pa.array(["", *some.names], pa.string()).take(pa.array(some.codes[kept] + 1))
        nothing = pa.repeat(pa.scalar("", pa.string()), len(kept))
        yield pa.table(
            [
                pa.array(ids[some.rows[kept]]),
                pa.repeat(pa.scalar(place.row.pk, pa.int64()), len(kept)),
                pa.repeat(pa.scalar(place.measure.key, pa.string()), len(kept)),
                pa.repeat(pa.scalar(str(group.value), pa.string()), len(kept)),
                _fen(some.low, kept),
                _fen(some.high, kept),
                pa.array(_worth(some, kept)),
                names if group is Group.ONE_MISSING else nothing,
                names if group is Group.NEARLY else nothing,
            ],
            schema=pa.schema(_COLUMNS),
        )


def _fen(bounds: Bounds, kept: NDArray[np.int64]) -> pa.Array:
    return pa.array(bounds.fen[kept], mask=~bounds.given[kept])


def _worth(some: Some, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    low, high = some.low, some.high
    lowest = np.where(low.given, low.fen, -1)
    return np.where(high.given, high.fen, lowest)[kept]


def _one_by_one(force: InBulk, ids: Sequence[int]) -> pa.Table:
    """A few enterprises, or those with figures that no column can hold."""
    known = snapshots(ids, force.catalogue, on=force.on)
    lines = [line for pk in ids for line in lines_of(force, pk, known[pk])]
    return pa.Table.from_pylist(lines, schema=pa.schema(_COLUMNS))


def lines_of(force: InBulk, enterprise_id: int, known: Known) -> Iterator[dict[str, Any]]:
    """The rows of one enterprise."""
    assessments = force.compiled.assess(known.values)
    for place, assessment in zip(force.places, assessments, strict=True):
        verdict = verdict_of(place, assessment, force.catalogue)
        if verdict.group in NEAR:
            yield _line(enterprise_id, verdict, sorted(assessment.asks))


def _line(enterprise_id: int, verdict: Verdict, asks: Sequence[str]) -> dict[str, Any]:
    group = verdict.group
    low, high = _in_fen(verdict.low), _in_fen(verdict.high)
    return {
        "enterprise_id": enterprise_id,
        "pack_id": verdict.place.row.pk,
        "measure": verdict.place.measure.key,
        "group": str(group.value),
        "low": low,
        "high": high,
        "worth": high if high is not None else low if low is not None else -1,
        "slot": asks[0] if group is Group.ONE_MISSING else "",
        "clause": verdict.failed[0].key if group is Group.NEARLY else "",
    }


def _in_fen(yuan: Any) -> int | None:
    if yuan is None:
        return None
    fen = int(yuan / FEN)
    return fen if -_MOST_FEN <= fen <= _MOST_FEN else None
