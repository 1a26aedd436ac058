"""What is known of many enterprises, as columns: the same as `snapshots`, read as a whole.

PostgreSQL writes rows as text, Arrow reads them, NumPy puts them into place; no step goes through
the enterprises one by one. `tests/matching/test_columns.py` holds both ways to the same answers.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import industry_code
from lianqi.engines.rules.bulk.columns import Chunk, Wanted, chunk_of
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.units import unit_of
from lianqi.matching.queries.copying import THEN, Firms, as_then, numbered
from lianqi.matching.queries.snapshots import bare
from lianqi.matching.queries.stated import answered_columns, stated_columns
from lianqi.matching.queries.values import fits

_MOST = 2**62
"""Beyond it a number is not counted in 64 bits."""
_DIGITS = 38
_KEPT = 4  # digits after the point of a figure in the register
_ENTRIES = """
SELECT now.id, {industry}, established_on, {size}
FROM {as_then} WHERE {within}
"""
_TITLES = """
SELECT owner, label, valid_until,
    COALESCE(granted_on <= %(on)s, true) AND COALESCE(valid_until >= %(on)s, true)
FROM ({rows}) AS held
"""
_NEWEST = """
WITH wanted AS (
    SELECT * FROM unnest(%(names)s::text[], %(periods)s::text[], %(numbers)s::int[])
        AS asked(name, period, number)
)
SELECT DISTINCT ON (owner, number) owner, number, value, unit, qualifier
FROM ({rows}) AS held JOIN wanted ON name = key AND wanted.period = held.period
ORDER BY owner, number, observed_at DESC, id DESC
"""


@dataclass(frozen=True)
class Columns:
    """Some enterprises as a table.

    Attributes:
        ids: Ascending; row by row whom the table speaks of.
        odd: Enterprises with a figure too great to be counted in 64 bits; to be read singly.
    """

    ids: NDArray[np.int64]
    table: pa.Table
    odd: frozenset[int]

    def chunk(self, wanted: Mapping[str, Wanted]) -> Chunk:
        batches = self.table.combine_chunks().to_batches()
        if batches:
            return chunk_of(batches[0], wanted)
        return chunk_of(pa.RecordBatch.from_pylist([], schema=self.table.schema), wanted)


def columns_of(
    ids: Iterable[int], wanted: Mapping[str, Wanted], catalogue: Catalogue, *, on: dt.date
) -> Columns:
    """What the register knows of living enterprises, in the columns that rules want.

    Six queries, however many enterprises there are.
    """
    firms = np.unique(np.fromiter(ids, np.int64))
    held: dict[str, pa.Array] = {}
    _add_entries(held, firms, wanted, on=on)
    _add_titles(held, firms, wanted, catalogue, on=on)
    odd = _add_figures(held, firms, wanted, catalogue)
    stated, too_great = stated_columns(firms, wanted, catalogue, on=on)
    held |= stated | answered_columns(firms, wanted)
    odd |= too_great
    return Columns(firms, pa.table({"enterprise": pa.array(firms), **held}), odd)


def _add_entries(
    held: dict[str, pa.Array],
    firms: NDArray[np.int64],
    wanted: Mapping[str, Wanted],
    *,
    on: dt.date,
) -> None:
    """Industry and size class as they were on the day."""
    if not {"industry", "founded", "size_class"} & set(wanted):
        return
    whose = Firms(firms)
    rows, place = whose.copied(
        _ENTRIES.format(
            as_then=as_then(whose.within("enterprise_id")), within=whose.within("now.id"), **THEN
        ),
        {"on": on},
        {"id": pa.int64(), "industry": pa.string(), "founded": pa.date32(), "size": pa.string()},
    )
    if "industry" in wanted:
        words = rows["industry"].combine_chunks().dictionary_encode()
        codes = pa.array([_industry(each) for each in words.dictionary.to_pylist()], pa.string())
        held["industry"] = _placed(codes.take(words.indices), place, len(firms))
    if "founded" in wanted:
        held["founded"] = _placed(rows["founded"].combine_chunks(), place, len(firms))
    if "size_class" in wanted:
        held["size_class"] = _placed(rows["size"].combine_chunks(), place, len(firms))


def _industry(code: str) -> str | None:
    try:
        return industry_code(code)
    except NotAValueError:
        return None


def _placed(values: pa.Array, place: NDArray[np.int64], size: int) -> pa.Array:
    """Values in the rows of their enterprises; null where there is none."""
    where = np.full(size, -1, np.int64)
    where[place] = np.arange(len(place))
    return values.take(pa.array(where, mask=where < 0))


def _add_titles(
    held: dict[str, pa.Array],
    firms: NDArray[np.int64],
    wanted: Mapping[str, Wanted],
    catalogue: Catalogue,
    *,
    on: dt.date,
) -> None:
    """The register keeps titles, so that one it does not name is not held."""
    if not {"titles", "high_tech_until"} & set(wanted):
        return
    whose = Firms(firms)
    held_titles = whose.rows("one.label, one.granted_on, one.valid_until", "register_title", "true")
    rows, place = whose.copied(
        _TITLES.format(rows=held_titles),
        {"on": on},
        {"owner": pa.int64(), "label": pa.string(), "until": pa.date32(), "valid": pa.string()},
    )
    spec = catalogue["titles"]
    names = sorted(spec.values)
    words = {bare(spec.values[name]): place for place, name in enumerate(names)}
    labels = rows["label"].combine_chunks().dictionary_encode()
    of_label = [words.get(bare(each), -1) for each in labels.dictionary.to_pylist()]
    codes = np.array(of_label or [-1], np.int64)[labels.indices.to_numpy()]
    if "titles" in wanted:
        valid = pc.equal(rows["valid"], "t").to_numpy() & (codes >= 0)
        pairs = np.unique(place[valid] * len(names) + codes[valid])
        offsets = np.searchsorted(pairs, np.arange(len(firms) + 1) * len(names))
        entries = pa.array(names, pa.string()).take(pa.array(pairs % max(len(names), 1)))
        held["titles"] = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), entries)
    if "high_tech_until" in wanted:
        days = rows["until"].combine_chunks()
        of_high_tech = names.index("high_tech") if "high_tech" in names else -2
        told = (codes == of_high_tech) & ~days.is_null().to_numpy(zero_copy_only=False)
        latest = np.full(len(firms), np.iinfo(np.int32).min, np.int32)
        counted = days.cast(pa.int32()).fill_null(0).to_numpy()
        np.maximum.at(latest, place[told], counted[told])
        none = latest == np.iinfo(np.int32).min
        held["high_tech_until"] = pa.array(latest, pa.int32(), mask=none).cast(pa.date32())


@dataclass(frozen=True)
class _Figure:
    """A number that rules want, of one period."""

    slot: str
    spec: FactSpec
    period: str
    decimals: int


def _add_figures(
    held: dict[str, pa.Array],
    firms: NDArray[np.int64],
    wanted: Mapping[str, Wanted],
    catalogue: Catalogue,
) -> frozenset[int]:
    """The newest observation that stands of each figure and period, where rules may use it."""
    figures = list(_figures(wanted, catalogue))
    if not figures:
        return frozenset()
    whose = Firms(firms)
    standing = whose.rows(
        "one.key, one.period, one.value, one.unit, one.qualifier, one.observed_at, one.id",
        "register_fact",
        "one.key = ANY(%(names)s) AND one.withdrawn_at IS NULL",
    )
    rows, place = whose.copied(
        _NEWEST.format(rows=standing),
        numbered(figures, catalogue),
        {
            "owner": pa.int64(), "number": pa.int32(), "value": pa.decimal128(20, _KEPT),
            "unit": pa.string(), "qualifier": pa.string(),
        },
    )  # fmt: skip
    exact = pc.equal(rows["qualifier"], "exact").to_numpy()
    units = rows["unit"].combine_chunks().dictionary_encode()
    symbols, codes = units.dictionary.to_pylist(), units.indices.to_numpy()
    number, values = rows["number"].to_numpy(), _whole(rows["value"].combine_chunks())
    odd: set[int] = set()
    for each, figure in enumerate(figures):
        fens, known = np.zeros(len(firms), np.int64), np.zeros(len(firms), np.bool_)
        own = exact & (number == each)
        for code in np.unique(codes[own]):
            here = np.flatnonzero(own & (codes == code))
            kept, counted, great = _counted(figure, symbols[code], values[here])
            fens[place[here[kept]]], known[place[here[kept]]] = counted, True
            odd |= set(firms[place[here[great]]].tolist())
        held[figure.slot] = _decimals(fens, known, figure.decimals)
    return frozenset(odd)


def _figures(wanted: Mapping[str, Wanted], catalogue: Catalogue) -> Iterable[_Figure]:
    for name, each in wanted.items():
        key, _at, period = name.partition("@")
        spec = catalogue.specs.get(key)
        if each.kind is Kind.NUMBER and spec is not None and period and fits(spec.grain, period):
            yield _Figure(name, spec, period, each.decimals)


def _whole(values: pa.Array) -> NDArray[Any]:
    """Figures as whole numbers of their last digit: 64 bits, or Python's own where one is more."""
    words = np.frombuffer(values.buffers()[1], np.int64).reshape(-1, 2)
    words = words[values.offset : values.offset + len(values)]
    if ((words[:, 0] >> 63) == words[:, 1]).all():
        return words[:, 0].copy()
    return np.array([int(each.as_py().scaleb(_KEPT)) for each in values], object)


def _counted(
    figure: _Figure, symbol: str, values: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Which of the figures are used, what they come to in the fact's digits; which are great."""
    none = np.zeros(0, np.int64)
    unit = unit_of(symbol or "")
    if unit is None or unit.dims != figure.spec.unit.dims:
        return none, none, none
    factor = unit.scale * 10**figure.decimals / 10**_KEPT
    largest = max((abs(int(values.min())), abs(int(values.max()))), default=0) if len(values) else 0
    if values.dtype == object or largest * factor.numerator > _MOST:
        values = values.astype(object)
    scaled = values * factor.numerator
    used = scaled % factor.denominator == 0
    scaled = scaled // factor.denominator
    for bound, is_low in ((figure.spec.low, True), (figure.spec.high, False)):
        if bound is not None:
            edge = Fraction(bound) * 10**figure.decimals
            used = used & (scaled >= ceil(edge) if is_low else scaled <= floor(edge))
    used = np.asarray(used, np.bool_)
    small = np.asarray((scaled <= _MOST) & (scaled >= -_MOST), np.bool_)
    kept = np.flatnonzero(used & small)
    return kept, scaled[kept].astype(np.int64), np.flatnonzero(used & ~small)


def _decimals(values: NDArray[np.int64], known: NDArray[np.bool_], decimals: int) -> pa.Array:
    words = np.stack([values, values >> 63], axis=1)
    bitmap = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(
        pa.decimal128(_DIGITS, decimals), len(values), [bitmap, pa.py_buffer(words)]
    )
