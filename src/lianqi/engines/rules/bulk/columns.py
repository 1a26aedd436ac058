"""Facts of many applicants as columns: Arrow in, narrow arrays and bit planes out.

Texts become codes into a sorted list of words, so that a prefix is a range of codes; sets become
bit masks; days are counted; money is whole fen. What is missing is a bit in the plane of what is
known, and a number that is no number (NaN) is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lianqi.engines.rules.bulk import exact
from lianqi.engines.rules.bulk.exact import Exact
from lianqi.engines.rules.bulk.planes import (
    Flags,
    Plane,
    Rows,
    full,
    packed,
    trimmed,
    unpacked,
)
from lianqi.engines.rules.nodes import Fact, Item, Kind

# Sets of more words than this have no mask and are looked through word by word.
_MASK_BITS = 63
_EPOCH = 719_163  # the ordinal of 1 January 1970
_MAX = 2**62
_DIGITS_OF_64_BITS = 18


class ColumnError(ValueError):
    """A column does not hold what its fact is.

    Attributes:
        slot: The column's name.
    """

    def __init__(self, slot: str, message: str) -> None:
        super().__init__(f"{slot}: {message}")
        self.slot = slot


@dataclass(frozen=True)
class Column:
    """What is known of one fact.

    Attributes:
        size: Rows.
        known: The rows in which it is known.
    """

    size: int
    known: Plane

    def take(self, rows: Rows) -> "Column":
        raise NotImplementedError

    def _known_at(self, rows: Rows) -> Plane:
        return packed(unpacked(self.known, self.size)[rows])


@dataclass(frozen=True)
class Numbers(Column):
    values: Exact

    def take(self, rows: Rows) -> "Numbers":
        values = self.values
        return Numbers(
            len(rows),
            self._known_at(rows),
            Exact(values.num[rows], values.den, values.low, values.high, values.most),
        )


@dataclass(frozen=True)
class Days(Column):
    """Days as ordinals, 1 being 1 January of the year 1."""

    values: NDArray[np.int32]

    def take(self, rows: Rows) -> "Days":
        return Days(len(rows), self._known_at(rows), self.values[rows])


@dataclass(frozen=True)
class Truths(Column):
    true: Plane

    def take(self, rows: Rows) -> "Truths":
        true = packed(unpacked(self.true, self.size)[rows])
        return Truths(len(rows), self._known_at(rows), true)


@dataclass(frozen=True)
class Texts(Column):
    """Texts as codes into `words`, which are sorted."""

    codes: NDArray[Any]
    words: tuple[str, ...]

    def take(self, rows: Rows) -> "Texts":
        return Texts(len(rows), self._known_at(rows), self.codes[rows], self.words)


@dataclass(frozen=True)
class Sets(Column):
    """Sets as bit masks over `words`."""

    masks: NDArray[Any]
    words: tuple[str, ...]

    def take(self, rows: Rows) -> "Sets":
        return Sets(len(rows), self._known_at(rows), self.masks[rows], self.words)


@dataclass(frozen=True)
class WideSets(Column):
    """Sets over more words than a mask has bits: codes from each offset to the next."""

    offsets: NDArray[np.int64]
    codes: NDArray[Any]
    words: tuple[str, ...]

    def take(self, rows: Rows) -> "WideSets":
        offsets, entries = _taken(self.offsets, rows)
        return WideSets(len(rows), self._known_at(rows), offsets, self.codes[entries], self.words)


@dataclass(frozen=True)
class Lists(Column):
    """Lists: entries from each offset to the next, their fields as columns of their own."""

    offsets: NDArray[np.int64]
    fields: Mapping[str, Column]

    def take(self, rows: Rows) -> "Lists":
        offsets, entries = _taken(self.offsets, rows)
        fields = {name: each.take(entries) for name, each in self.fields.items()}
        return Lists(len(rows), self._known_at(rows), offsets, fields)


def _taken(offsets: NDArray[np.int64], rows: Rows) -> tuple[NDArray[np.int64], Rows]:
    """Offsets of the chosen rows, and which entries they hold."""
    starts, lengths = offsets[rows], offsets[rows + 1] - offsets[rows]
    taken = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    entries = np.repeat(starts - taken[:-1], lengths) + np.arange(taken[-1])
    return taken, entries


class Chunk:
    """Some applicants with what is known of them; a fact without a column is unknown of all.

    Attributes:
        size: Rows.
        columns: By slot.
    """

    def __init__(self, size: int, columns: Mapping[str, Column]) -> None:
        self.size = size
        self._columns = columns

    def column(self, slot: str) -> Column | None:
        return self._columns.get(slot)

    def take(self, rows: Rows) -> "Chunk":
        return _Taken(self, rows)


class _Taken(Chunk):
    """Chosen rows of a chunk; a column is taken when it is asked for."""

    def __init__(self, whole: Chunk, rows: Rows) -> None:
        super().__init__(len(rows), {})
        self._whole, self._rows = whole, rows
        self._held: dict[str, Column | None] = {}

    def column(self, slot: str) -> Column | None:
        if slot not in self._held:
            column = self._whole.column(slot)
            self._held[slot] = None if column is None else column.take(self._rows)
        return self._held[slot]


class Entries(Chunk):
    """The entries of a list as rows; beside their fields they know the facts of their owners."""

    def __init__(self, owners: Chunk, slot: str, entries: Lists) -> None:
        super().__init__(int(entries.offsets[-1]), entries.fields)
        self.slot = slot
        self._owners = owners
        self._owner_rows: Rows = np.repeat(np.arange(owners.size), np.diff(entries.offsets))
        self._held: dict[str, Column | None] = {}

    def field(self, name: str) -> Column | None:
        return super().column(name)

    def column(self, slot: str) -> Column | None:
        if slot not in self._held:
            column = self._owners.column(slot)
            self._held[slot] = None if column is None else column.take(self._owner_rows)
        return self._held[slot]

    def take(self, rows: Rows) -> Chunk:
        return _TakenEntries(self, rows)


class _TakenEntries(Entries):
    def __init__(self, whole: Entries, rows: Rows) -> None:
        Chunk.__init__(self, len(rows), {})
        self.slot = whole.slot
        self._whole, self._rows = whole, rows
        self._held = {}

    def field(self, name: str) -> Column | None:
        column = self._whole.field(name)
        return None if column is None else column.take(self._rows)

    def column(self, slot: str) -> Column | None:
        if slot not in self._held:
            column = self._whole.column(slot)
            self._held[slot] = None if column is None else column.take(self._rows)
        return self._held[slot]


@dataclass(frozen=True)
class Wanted:
    """A column that rules ask for.

    Attributes:
        decimals: Digits after the point that are kept of a number.
        fields: Of a list: what its entries hold.
    """

    kind: Kind
    decimals: int = 0
    fields: Mapping[str, "Wanted"] | None = None


def chunk_of(batch: pa.RecordBatch, wanted: Mapping[str, Wanted]) -> Chunk:
    """A batch of Arrow as a chunk; columns that no rule asks for are left alone.

    Raises:
        ColumnError: A column cannot be what its fact is.
    """
    held = set(batch.schema.names)
    return Chunk(
        batch.num_rows,
        {
            slot: column_of(slot, batch.column(slot), each)
            for slot, each in wanted.items()
            if slot in held
        },
    )


def column_of(slot: str, array: pa.Array, wanted: Wanted) -> Column:
    if pa.types.is_null(array.type):
        array = pa.nulls(len(array), _EMPTY.get(wanted.kind, pa.list_(pa.struct([]))))
    match wanted.kind:
        case Kind.NUMBER:
            return _numbers(slot, array, wanted.decimals)
        case Kind.DATE:
            return _days(slot, array)
        case Kind.BOOL:
            return _truths(slot, array)
        case Kind.TEXT:
            return _texts(slot, array)
        case Kind.SET:
            return _sets(slot, array)
    return _lists(slot, array, wanted.fields or {})


_EMPTY = {
    Kind.NUMBER: pa.int64(), Kind.DATE: pa.date32(), Kind.BOOL: pa.bool_(), Kind.TEXT: pa.string(),
    Kind.SET: pa.list_(pa.string()),
}  # fmt: skip


def known_of(array: pa.Array) -> Plane:
    """The rows that are not null."""
    size = len(array)
    bitmap = array.buffers()[0] if array.null_count else None
    if bitmap is None:
        return full(size)
    if array.offset % 8:
        return packed(_flags(pc.is_valid(array)))
    start = array.offset // 8
    plane = np.frombuffer(bitmap, np.uint8)[start : start + (size + 7) // 8].copy()
    return trimmed(plane, size)


def _flags(array: pa.Array) -> Flags:
    return np.asarray(array.to_numpy(zero_copy_only=False), np.bool_)


def _filled(array: pa.Array, filler: Any) -> NDArray[Any]:
    """The values, nulls replaced, without a copy where there are none."""
    if array.null_count:
        array = pc.fill_null(array, pa.scalar(filler, array.type))
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _numbers(slot: str, array: pa.Array, decimals: int) -> Numbers:
    known, size = known_of(array), len(array)
    if pa.types.is_integer(array.type):
        if array.type == pa.uint64():
            array = array.cast(pa.int64())
        elif pa.types.is_unsigned_integer(array.type):
            array = array.cast(
                {8: pa.int16(), 16: pa.int32(), 32: pa.int64()}[array.type.bit_width]
            )
        return Numbers(size, known, exact.of_array(_filled(array, 0)))
    if pa.types.is_decimal(array.type):
        return Numbers(size, known, _decimals(slot, array, known))
    if not pa.types.is_floating(array.type):
        raise ColumnError(slot, f"holds {array.type} where a number is needed")
    values = _filled(array, 0).astype(np.float64, copy=False)
    odd = ~np.isfinite(values)
    if odd.any():
        known = known & ~packed(odd)
        values = np.where(odd, 0, values)
    scaled = np.rint(values * 10**decimals)
    if np.abs(scaled).max(initial=0) > _MAX:
        raise ColumnError(slot, "holds a number too great to be counted exactly")
    return Numbers(size, known, exact.of_array(scaled.astype(np.int64), 10**decimals))


def _decimals(slot: str, array: pa.Array, known: Plane) -> Exact:
    if array.type.scale < 0 or not pa.types.is_decimal128(array.type):
        raise ColumnError(slot, f"holds {array.type}; write decimal128 with a scale of 0 or more")
    words = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
    words = words[array.offset : array.offset + len(array)]
    # Whatever stands where nothing is known must not count among the bounds.
    low = np.where(unpacked(known, len(array)), words[:, 0], 0)
    if array.type.precision > _DIGITS_OF_64_BITS:
        too_great = (words[:, 1] != words[:, 0] >> 63) & unpacked(known, len(array))
        if too_great.any():
            raise ColumnError(slot, "holds a number too great to be counted exactly")
    return exact.of_array(low, 10**array.type.scale)


def _days(slot: str, array: pa.Array) -> Days:
    if not pa.types.is_date(array.type):
        if not pa.types.is_timestamp(array.type):
            raise ColumnError(slot, f"holds {array.type} where a day is needed")
        array = array.cast(pa.date32(), safe=False)
    if array.type != pa.date32():
        array = array.cast(pa.date32())
    days = _filled(array.cast(pa.int32()), 0) + np.int32(_EPOCH)
    return Days(len(array), known_of(array), days)


def _truths(slot: str, array: pa.Array) -> Truths:
    if not pa.types.is_boolean(array.type):
        raise ColumnError(slot, f"holds {array.type} where yes or no is needed")
    known, size = known_of(array), len(array)
    if array.offset % 8:
        return Truths(size, known, packed(_flags(pc.fill_null(array, fill_value=False))))
    start = array.offset // 8
    true = np.frombuffer(array.buffers()[1], np.uint8)[start : start + (size + 7) // 8]
    return Truths(size, known, true & known)


def _coded(slot: str, array: pa.Array) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Codes into the sorted distinct words."""
    if not pa.types.is_dictionary(array.type):
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            raise ColumnError(slot, f"holds {array.type} where a text is needed")
        array = array.dictionary_encode()
    held = array.dictionary.to_pylist()
    words = tuple(sorted({each for each in held if each is not None}))
    place = {word: code for code, word in enumerate(words)}
    recoded = np.array([place.get(word, 0) for word in held] or [0], _width(len(words)))
    return recoded[_filled(array.indices, 0)], words


def _width(words: int) -> type[np.unsignedinteger[Any]]:
    if words <= 1 << 8:
        return np.uint8
    return np.uint16 if words <= 1 << 16 else np.uint32


def _texts(slot: str, array: pa.Array) -> Texts:
    codes, words = _coded(slot, array)
    known = known_of(array.indices) if pa.types.is_dictionary(array.type) else known_of(array)
    return Texts(len(array), known, codes, words)


def _offsets(array: pa.Array) -> tuple[NDArray[np.int64], pa.Array]:
    """Offsets from zero and the entries, those of nulls left out."""
    lengths = np.asarray(pc.fill_null(pc.list_value_length(array), 0).to_numpy(), np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]), array.flatten()


def _sets(slot: str, array: pa.Array) -> Sets | WideSets:
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise ColumnError(slot, f"holds {array.type} where a list of texts is needed")
    offsets, entries = _offsets(array)
    if entries.null_count:
        raise ColumnError(slot, "holds a set with an entry that has no name")
    codes, words = _coded(slot, entries)
    known = known_of(array)
    if len(words) > _MASK_BITS:
        return WideSets(len(array), known, offsets, codes, words)
    masks = np.zeros(len(array), _mask_width(len(words)))
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        bits = np.left_shift(masks.dtype.type(1), codes.astype(masks.dtype))
        masks[filled] = np.bitwise_or.reduceat(bits, offsets[filled])
    return Sets(len(array), known, masks, words)


def _mask_width(words: int) -> type[np.unsignedinteger[Any]]:
    for bits, width in ((8, np.uint8), (16, np.uint16), (32, np.uint32)):
        if words <= bits:
            return width
    return np.uint64


def _lists(slot: str, array: pa.Array, fields: Mapping[str, Wanted]) -> Lists:
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise ColumnError(slot, f"holds {array.type} where a list of entries is needed")
    offsets, entries = _offsets(array)
    if not pa.types.is_struct(entries.type):
        raise ColumnError(slot, f"holds entries of {entries.type} where fields are needed")
    names = {entries.type.field(i).name for i in range(entries.type.num_fields)}
    columns = {
        name: column_of(f"{slot}.{name}", pc.struct_field(entries, name), wanted)
        for name, wanted in fields.items()
        if name in names
    }
    return Lists(len(array), known_of(array), offsets, columns)


def column_at(node: Fact | Item, chunk: Chunk) -> Column | None:
    """The column of a fact, or of a field of the entries that the chunk holds."""
    if isinstance(node, Item):
        assert isinstance(chunk, Entries), "a field of an entry outside a list"
        return chunk.field(node.name)
    return chunk.column(node.slot)


def slot_at(node: Fact | Item, chunk: Chunk) -> str:
    """What is asked for where it is missing."""
    if isinstance(node, Item):
        assert isinstance(chunk, Entries), "a field of an entry outside a list"
        return f"{chunk.slot}.{node.name}"
    return node.slot


def has_of(column: Sets | WideSets, values: Sequence[str]) -> Flags:
    """The rows whose set holds one of the values."""
    if isinstance(column, Sets):
        place = {word: bit for bit, word in enumerate(column.words)}
        mask = sum(1 << place[each] for each in values if each in place)
        held: Flags = (column.masks & column.masks.dtype.type(mask)) != 0
        return held
    wanted = np.array([word in values for word in column.words], np.int64)
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(wanted[column.codes])])
    found: Flags = running[column.offsets[1:]] > running[column.offsets[:-1]]
    return found
