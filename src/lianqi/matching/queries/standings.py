"""How many enterprises stand to measures: whoever meets one, or lacks one thing, as a table."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.rules.bulk.nearness import Bounds, Nearness, Some, nearness_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.ranges import Bound
from lianqi.engines.rules.rule import FEN, Assessment, Rule, Status
from lianqi.matching.enums import NEAR, Group
from lianqi.matching.models import RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.columns import columns_of
from lianqi.matching.queries.combining import PlacedKnot, knots_of_places, pays
from lianqi.matching.queries.snapshots import Known, snapshots
from lianqi.matching.queries.verdicts import Place, group_of, is_for_one_enterprise

Line = dict[str, Any]
_MOST_FEN = 2**62
_PROGRAMS: dict[tuple[tuple[tuple[int, str], ...], dt.date], "InBulk"] = {}
MOST_PROGRAMS = 16
FEW = 100
"""So many are read one by one: to prepare columns for them would take longer."""
LINE: Mapping[str, pa.DataType] = {
    "enterprise_id": pa.int64(), "pack_id": pa.int64(), "measure": pa.string(),
    "group": pa.string(), "low": pa.int64(), "high": pa.int64(), "worth": pa.int64(),
    "paid": pa.int64(), "slot": pa.string(), "clause": pa.string(),
}  # fmt: skip
"""What is told of an enterprise and a measure, and how it is kept in a table."""
_SCHEMA = pa.schema(LINE)


@dataclass(frozen=True)
class InBulk:
    """Measures of a day, ready to be asked for many enterprises at once.

    Attributes:
        rules: By measure, as it reads on the day.
        rows: The packs they were looked for in, also those without a measure for enterprises.
    """

    on: dt.date
    places: tuple[Place, ...]
    catalogue: Catalogue
    rules: Sequence[Rule]
    rows: tuple[int, ...]

    @cached_property
    def program(self) -> Program:
        """The measures for many enterprises at a time."""
        return Program(self.rules, self.catalogue, by_clause=True)

    @cached_property
    def compiled(self) -> Compiled:
        """The same measures for one enterprise at a time."""
        return Compiled(self.rules, self.catalogue)

    @property
    def pack_ids(self) -> list[int]:
        return sorted({each.row.pk for each in self.places})

    @cached_property
    def knots(self) -> list[PlacedKnot]:
        """The measures of which not all are paid."""
        return knots_of_places(self.places)

    @cached_property
    def pays(self) -> tuple[bool, ...]:
        """By measure whether it gives money of the zone."""
        return tuple(pays(each.measure) for each in self.places)


def all_in_force(on: dt.date) -> InBulk:
    """The measures of all packs in force; one small query if nothing changed since the last."""
    rows = RulePack.objects.in_force(on).for_list().order_by("key", "version")
    known = _PROGRAMS.get((tuple(rows.values_list("pk", "digest")), on))
    return known or in_bulk(rows, on)


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
    rows_of = tuple(row.pk for row in rows)
    made = _PROGRAMS[name] = InBulk(on, places, catalogue, rules, rows_of)
    return made


def are_few(ids: Sequence[int]) -> bool:
    """Whether enterprises are read one by one."""
    return len(ids) <= FEW


def standings(force: InBulk, ids: Sequence[int]) -> pa.Table:
    """Who of these living enterprises meets which measure, or nearly does, with the amounts.

    The same as `judged` says one by one; whoever is in none of the groups `NEAR` has no row.
    """
    if are_few(ids):
        return _table(lines(force, ids))
    known = columns_of(ids, force.program.wanted, force.catalogue, on=force.on)
    found = nearness_of(known.chunk(force.program.wanted), force.program)
    odd = np.isin(known.ids, np.fromiter(known.odd, np.int64))
    paid = _paid(force, found, len(known.ids))
    parts = [
        table
        for number, (place, near) in enumerate(zip(force.places, found, strict=True))
        for table in _tables(place, near, paid[number], known.ids, odd)
    ]
    if known.odd:
        parts.append(_table(lines(force, sorted(known.odd))))
    return pa.concat_tables(parts) if parts else _SCHEMA.empty_table()


def _paid(force: InBulk, found: Sequence[Nearness], size: int) -> list[Bounds]:
    """By measure what is paid to those who meet it, by the order of `Nearness.met`."""
    told = [
        near.met.low if is_paid else Bounds(near.met.low.fen, near.met.low.given & False)
        for near, is_paid in zip(found, force.pays, strict=True)
    ]
    for knot in force.knots:
        met = np.zeros((len(knot.places), size), np.bool_)
        fen = np.zeros((len(knot.places), size), np.int64)
        for own, place in enumerate(knot.places):
            rows = found[place].met.rows
            met[own, rows] = True
            fen[own, rows] = np.where(told[place].given, told[place].fen, 0)
        taken = knot.paid(met, fen)
        for own, place in enumerate(knot.places):
            rows, low = found[place].met.rows, told[place]
            told[place] = Bounds(np.where(taken[own, rows], low.fen, 0), low.given)
    return told


def _tables(
    place: Place, near: Nearness, paid: Bounds, ids: NDArray[np.int64], odd: NDArray[np.bool_]
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
                _fen(paid, kept) if group is Group.MET else pa.nulls(len(kept), pa.int64()),
                names if group is Group.ONE_MISSING else nothing,
                names if group is Group.NEARLY else nothing,
            ],
            schema=_SCHEMA,
        )


def _fen(bounds: Bounds, kept: NDArray[np.int64]) -> pa.Array:
    return pa.array(bounds.fen[kept], mask=~bounds.given[kept])


def _worth(some: Some, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    low, high = some.low, some.high
    lowest = np.where(low.given, low.fen, -1)
    return np.where(high.given, high.fen, lowest)[kept]


def _table(found: Iterable[Line]) -> pa.Table:
    return pa.Table.from_pylist(list(found), schema=_SCHEMA)


def lines(force: InBulk, ids: Sequence[int]) -> Iterator[Line]:
    """The rows of a few enterprises, or of those with figures that no column can hold."""
    known = snapshots(ids, force.catalogue, on=force.on)
    for pk in ids:
        yield from lines_of(force, pk, known[pk])


def lines_of(force: InBulk, enterprise_id: int, known: Known) -> Iterator[Line]:
    """The rows of one enterprise."""
    found: dict[int, Line] = {}
    for number, assessment in enumerate(force.compiled.assess(known.values)):
        group = group_of(assessment)
        if group in NEAR:
            found[number] = _line(enterprise_id, force.places[number], assessment, group)
            if group is Group.MET and force.pays[number]:
                found[number]["paid"] = found[number]["low"]
    for knot in force.knots:
        met = np.array([[_is_met(found.get(place))] for place in knot.places], np.bool_)
        fen = np.array([[_fen_of(found.get(place))] for place in knot.places], np.int64)
        taken = knot.paid(met, fen)
        for own, place in enumerate(knot.places):
            if met[own, 0] and not taken[own, 0] and found[place]["paid"] is not None:
                found[place]["paid"] = 0
    yield from found.values()


def _is_met(line: Line | None) -> bool:
    return line is not None and line["group"] == Group.MET


def _fen_of(line: Line | None) -> int:
    return (line["paid"] or 0) if line is not None else 0


def _line(enterprise_id: int, place: Place, found: Assessment, group: Group) -> Line:
    low = high = None
    if found.amount is not None:
        low, high = _in_fen(found.amount.low), _in_fen(found.amount.high)
    failed = [key for key, each in found.clauses if each is Status.UNMET]
    return {
        "enterprise_id": enterprise_id,
        "pack_id": place.row.pk,
        "measure": place.measure.key,
        "group": str(group.value),
        "low": low,
        "high": high,
        "worth": high if high is not None else low if low is not None else -1,
        "paid": None,
        "slot": min(found.asks) if group is Group.ONE_MISSING else "",
        "clause": failed[0] if group is Group.NEARLY else "",
    }


def _in_fen(yuan: Bound) -> int | None:
    if yuan in (inf, -inf):
        return None
    fen = int(yuan / FEN)
    return fen if -_MOST_FEN <= fen <= _MOST_FEN else None
