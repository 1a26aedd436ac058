"""What measures are for the applicants of a chunk: planes, amounts, and what is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from lianqi.engines.rules.bulk import exact, spreads
from lianqi.engines.rules.bulk.closely import Asks, Closely, together, within
from lianqi.engines.rules.bulk.columns import (
    Chunk,
)
from lianqi.engines.rules.bulk.evaluation import Planes, both
from lianqi.engines.rules.bulk.exact import Exact
from lianqi.engines.rules.bulk.planes import (
    Flags,
    Plane,
    Rows,
    plane_of,
    rows_of,
    unpacked,
)
from lianqi.engines.rules.bulk.program import Gift, Measure, Program
from lianqi.engines.rules.bulk.spreads import Spread
from lianqi.engines.rules.nodes import (
    TRUE,
)
from lianqi.engines.rules.rule import FEN, RoundingMode


@dataclass(frozen=True)
class Verdict:
    """What a measure is for the applicants of a chunk.

    Attributes:
        met: The rows in which it is met; `unknown` and `review` those in which it is open. A row
            in none of the planes is unmet.
        rows: The numbers of the rows in which it is met.
        fen: The amount by such row; None where the measure gives no money.
        settled: By such row whether the amount is known; None where all are.
    """

    met: Plane
    inapplicable: Plane
    unknown: Plane
    review: Plane
    rows: Rows
    fen: Any = None
    settled: Flags | None = None


def verdict(planes: Planes, measure: Measure) -> Verdict:
    true, false = planes.rails(measure.whole)
    _, inapplicable = planes.rails(measure.scope)
    left = planes.all & ~(true | false)
    review = planes.none
    if measure.asks_people:
        facts, people = planes.asking(measure.whole)
        review = left & people & ~facts
    rows = rows_of(true, planes.size)
    fen, settled = None, None
    if measure.gifts:
        fen, settled = _amounts(planes.chunk.take(rows), planes.program, measure)
    return Verdict(true, inapplicable, left & ~review, review, rows, fen, settled)


def _amounts(chunk: Chunk, program: Program, measure: Measure) -> tuple[Any, Flags | None]:
    """Fen by row, and where they are settled."""
    planes = Planes(chunk, program)
    total, known = exact.ZERO, None
    for gift in measure.gifts:
        amount, given = planes.number(gift.amount)
        fen = _in_fen(gift, amount)
        if gift.when != TRUE:
            true, false = planes.rails(gift.when)
            fen = exact.chosen(unpacked(true, chunk.size), fen, exact.ZERO)
            given = (true if given is None else true & given) | false
        total, known = exact.plus(total, fen), both(known, given)
    if measure.cap is not None:
        cap, given = planes.number(measure.cap)
        total, known = exact.least(total, _cap_in_fen(cap)), both(known, given)
    if known is None:
        return exact.whole_of(total, chunk.size), None
    # What is not known may be computed from nothing, and be of any size.
    total = exact.chosen(unpacked(known, chunk.size), total, exact.ZERO)
    fens = exact.whole_of(total, chunk.size)
    rows = rows_of(planes.all & ~known, chunk.size)
    settled = unpacked(known, chunk.size)
    if len(rows):
        total_spread, _ = ranged(chunk.take(rows), measure, asking=False)
        found = total_spread.known
        fens, settled = fens.copy(), settled.copy()
        values = np.broadcast_to(exact.whole_of(total_spread.low.number, len(rows)), len(rows))
        fens[rows[found]] = values[found]
        settled[rows[found]] = True
    return fens, settled


def ranged(chunk: Chunk, measure: Measure, *, asking: bool) -> tuple[Spread, Asks]:
    """The amounts of all benefits together in fen as ranges, and what open ones ask for."""
    reading = Closely(chunk, asking=asking)
    nothing = spreads.exactly(exact.ZERO, chunk.size)
    total, asked = nothing, []
    for gift in measure.gifts:
        amount, when = reading.number(gift.amount), reading.truth(gift.when)
        fen = spreads.mapped(partial(_in_fen, gift), amount.spread)
        fen = spreads.chosen(
            when.true, fen, spreads.chosen(when.false, nothing, spreads.hull(nothing, fen))
        )
        total = spreads.plus(total, fen)
        asked.append(within(together((when.asks, amount.asks)), ~fen.known & ~when.false))
    if measure.cap is not None:
        cap = reading.number(measure.cap)
        total = spreads.least(total, spreads.mapped(_cap_in_fen, cap.spread))
        asked.append(cap.asks)
    return total, within(together(asked), ~total.known)


def _in_fen(gift: Gift, amount: Exact) -> Exact:
    """Rounded once, in fen."""
    half = Fraction(1, 2) if gift.rounding.mode is RoundingMode.HALF_UP else Fraction(0)
    steps = exact.times(amount, exact.constant(1 / gift.rounding.to))
    whole = exact.floored(exact.plus(steps, exact.constant(half)))
    return exact.times(whole, exact.constant(gift.rounding.to / FEN))


def _cap_in_fen(cap: Exact) -> Exact:
    return exact.floored(exact.times(cap, exact.constant(1 / FEN)))


def wants(planes: Planes, measure: Measure) -> Mapping[str, Plane]:
    """For every slot the open rows whose status depends on it."""
    rows = rows_of(planes.open(measure.whole), planes.size)
    asks = Closely(planes.chunk.take(rows), asking=True).truth(measure.whole).asks
    return {slot: plane_of(rows[each], planes.size) for slot, each in asks.items()}


def amount_wants(planes: Planes, measure: Measure, found: Verdict) -> Mapping[str, Plane]:
    """For every slot the rows in which the measure is met and its amount depends on the slot."""
    if found.settled is None:
        return {}
    rows = found.rows[~found.settled]
    _, asks = ranged(planes.chunk.take(rows), measure, asking=True)
    return {slot: plane_of(rows[each], planes.size) for slot, each in asks.items()}
