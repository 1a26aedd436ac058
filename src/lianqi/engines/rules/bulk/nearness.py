"""Who meets a measure, and whom one thing keeps from it: one answer, or one condition.

Computed only where it is asked for; what nobody asks for costs the plain match nothing.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianqi.engines.rules.bulk import exact
from lianqi.engines.rules.bulk.closely import Closely
from lianqi.engines.rules.bulk.columns import Chunk
from lianqi.engines.rules.bulk.evaluation import Planes
from lianqi.engines.rules.bulk.planes import Flags, Plane, Rows, count, rows_of, unpacked
from lianqi.engines.rules.bulk.program import Measure, Program
from lianqi.engines.rules.bulk.spreads import End
from lianqi.engines.rules.bulk.verdicts import Verdict, ranged, verdict

_MOST = 2**62


@dataclass(frozen=True)
class Bounds:
    """One end of the amounts of some rows.

    Attributes:
        fen: 0 where there is none.
        given: Where there is one; False is without end, or no money.
    """

    fen: NDArray[np.int64]
    given: Flags


@dataclass(frozen=True)
class Some:
    """The applicants of one group.

    Attributes:
        rows: Their rows in the chunk.
        low, high: What they get at least and at most.
        codes: By row the place in `names` of what stands between them and the measure.
        names: Slots that are asked for, or keys of clauses that fail.
    """

    rows: Rows
    low: Bounds
    high: Bounds
    codes: NDArray[np.int16]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nearness:
    """One measure for the applicants of a chunk.

    Attributes:
        one_missing: Open, and settled by one more answer; `names` are slots.
        nearly: Unmet by exactly one clause, all others met; `names` are keys of clauses.
        several_missing, not_now, inapplicable: How many are of the other groups.
    """

    met: Some
    one_missing: Some
    nearly: Some
    several_missing: int
    not_now: int
    inapplicable: int


def nearness_of(chunk: Chunk, program: Program) -> list[Nearness]:
    """By measure who is how near to it."""
    planes = Planes(chunk, program)
    return [_nearness(planes, each) for each in program.measures]


def _nearness(planes: Planes, measure: Measure) -> Nearness:
    found = verdict(planes, measure)
    open_to = found.unknown | found.review
    unmet = planes.all & ~(found.met | found.inapplicable | open_to)
    one_missing, nearly = _one_missing(planes, measure, open_to), _nearly(planes, measure, unmet)
    return Nearness(
        _met(planes, measure, found),
        one_missing,
        nearly,
        count(open_to) - len(one_missing.rows),
        count(unmet) - len(nearly.rows),
        count(found.inapplicable),
    )


def _met(planes: Planes, measure: Measure, found: Verdict) -> Some:
    rows = found.rows
    codes = np.full(len(rows), -1, np.int16)
    if found.fen is None:
        return Some(rows, _nothing(len(rows)), _nothing(len(rows)), codes)
    fen = np.broadcast_to(found.fen, len(rows)).astype(np.int64)
    if found.settled is None or found.settled.all():
        bounds = Bounds(fen, np.ones(len(rows), np.bool_))
        return Some(rows, bounds, bounds, codes)
    left = np.flatnonzero(~found.settled)
    low, high = _amounts(planes.chunk.take(rows[left]), measure)
    return Some(
        rows, _mended(fen, found.settled, left, low), _mended(fen, found.settled, left, high), codes
    )


def _mended(fen: NDArray[np.int64], settled: Flags, left: Rows, ends: Bounds) -> Bounds:
    fens, given = np.where(settled, fen, 0), settled.copy()
    fens[left], given[left] = ends.fen, ends.given
    return Bounds(fens, given)


def _one_missing(planes: Planes, measure: Measure, open_to: Plane) -> Some:
    rows = rows_of(open_to, planes.size)
    asks = Closely(planes.chunk.take(rows), asking=True).truth(measure.whole).asks
    times, codes = np.zeros(len(rows), np.int16), np.full(len(rows), -1, np.int16)
    answers = np.ones(len(rows), np.bool_)
    for place, (slot, asked) in enumerate(asks.items()):
        times += asked
        codes[asked] = place
        # A figure that is zero, and divided by, is known: no answer to it is missing.
        if slot.startswith("zero:"):
            answers &= ~asked
    here = np.flatnonzero((times == 1) & answers)
    low, high = _amounts(planes.chunk.take(rows[here]), measure)
    return Some(rows[here], low, high, codes[here], tuple(asks))


def _nearly(planes: Planes, measure: Measure, unmet: Plane) -> Some:
    none_fails, one_fails = unmet, planes.none
    rails = [planes.rails(node) for _key, node in measure.clauses]
    for true, false in rails:
        one_fails = (one_fails & true) | (none_fails & false)
        none_fails = none_fails & true
    rows = rows_of(one_fails, planes.size)
    codes = np.full(len(rows), -1, np.int16)
    for place, (_true, false) in enumerate(rails):
        codes[unpacked(false, planes.size)[rows]] = place
    names = tuple(key for key, _node in measure.clauses)
    return Some(rows, _nothing(len(rows)), _nothing(len(rows)), codes, names)


def _amounts(chunk: Chunk, measure: Measure) -> tuple[Bounds, Bounds]:
    """What a measure would come to, from the least to the most."""
    if not measure.gifts or not chunk.size:
        return _nothing(chunk.size), _nothing(chunk.size)
    spread, _asks = ranged(chunk, measure, asking=False)
    return _bounds(spread.low, chunk.size), _bounds(spread.high, chunk.size)


def _bounds(end: End, size: int) -> Bounds:
    given = np.ones(size, np.bool_) if end.sign is None else end.sign == 0
    number = end.number
    if number.low < -_MOST or number.high > _MOST:  # more money than there is: no bound
        values: Any = np.broadcast_to(np.asarray(number.num, object), (size,))
        given = given & np.array([-_MOST <= each <= _MOST for each in values], np.bool_)
        fens = np.where(given, values, 0).astype(np.int64)
    else:
        fens = np.broadcast_to(exact.whole_of(number, size), (size,)).astype(np.int64)
    return Bounds(np.where(given, fens, 0), given)


def _nothing(size: int) -> Bounds:
    return Bounds(np.zeros(size, np.int64), np.zeros(size, np.bool_))
