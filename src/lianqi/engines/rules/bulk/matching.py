"""Matching: every measure against every applicant, in chunks on all cores, in bounded memory.

What comes out are the pairs that are met, with their amounts, and for every measure one plane of
the applicants for whom it is still open: unknown, or waiting for a person's review.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lianqi.engines.rules.bulk.columns import Chunk, ColumnError, chunk_of
from lianqi.engines.rules.bulk.evaluation import Planes
from lianqi.engines.rules.bulk.planes import Plane, count, rows_of
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.verdicts import Verdict, amount_wants, verdict, wants
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.rule import Status

# Applicants a chunk: enough to make each step long, few enough to stay near the processor. A
# multiple of 8, so that planes of neighbouring chunks can be put behind each other.
CHUNK = 262_144
MEASURE, STATUS, FEN = "measure", "status", "fen"
UNKNOWN, REVIEW = "unknown", "manual_review"

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Tally:
    """How many applicants a measure is what for, and what it costs.

    Attributes:
        fen: The sum of the settled amounts of those who meet it.
        unsettled: How many of them have an amount that is still open.
    """

    met: int = 0
    unmet: int = 0
    unknown: int = 0
    review: int = 0
    inapplicable: int = 0
    fen: int = 0
    unsettled: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.met + other.met, self.unmet + other.unmet, self.unknown + other.unknown,
            self.review + other.review, self.inapplicable + other.inapplicable,
            self.fen + other.fen, self.unsettled + other.unsettled,
        )  # fmt: skip


class Matched:
    """The verdicts on one chunk, by measure."""

    def __init__(self, chunk: Chunk, program: Program) -> None:
        planes = Planes(chunk, program)
        self.size = chunk.size
        self._chunk = chunk
        self._program = program
        self.verdicts = tuple(verdict(planes, each) for each in program.measures)

    def tallies(self) -> list[Tally]:
        return [self._tally(each) for each in self.verdicts]

    def _tally(self, found: Verdict) -> Tally:
        met, unknown, review = len(found.rows), count(found.unknown), count(found.review)
        inapplicable = count(found.inapplicable)
        fen, unsettled = 0, 0
        if found.fen is not None:
            given = found.fen if found.settled is None else found.fen[found.settled]
            fen, unsettled = int(given.sum()), met - len(given)
        unmet = self.size - met - unknown - review - inapplicable
        return Tally(met, unmet, unknown, review, inapplicable, fen, unsettled)

    def pairs(self, applicants: pa.Array) -> pa.RecordBatch:
        """Applicant, measure and fen of all that is met; no fen where the amount is open or none.

        Args:
            applicants: What names the rows of the chunk.
        """
        rows = [each.rows for each in self.verdicts]
        codes = np.repeat(np.arange(len(rows), dtype=np.int32), [len(each) for each in rows])
        fens = [_fens(each) for each in self.verdicts]
        keys = pa.array([each.key for each in self._program.measures], pa.string())
        return pa.RecordBatch.from_arrays(
            [
                applicants.take(pa.array(_joined(rows, np.int64))),
                pa.DictionaryArray.from_arrays(pa.array(codes), keys),
                pa.array(
                    _joined([fen for fen, _ in fens], np.int64),
                    mask=~_joined([settled for _, settled in fens], np.bool_),
                ),
            ],
            names=["applicant", MEASURE, FEN],
        )

    def rows(self, beside: Mapping[str, pa.Array]) -> pa.RecordBatch:
        """Applicant, measure, status and fen of all that is met or open.

        Args:
            beside: Columns of the applicants that are told with them.
        """
        keys, statuses, rows, fens = [], [], [], []
        for measure, each in zip(self._program.measures, self.verdicts, strict=True):
            for status, these, given in (
                (Status.MET, each.rows, _fens(each)),
                (Status.UNKNOWN, rows_of(each.unknown, self.size), None),
                (Status.REVIEW, rows_of(each.review, self.size), None),
            ):
                keys.append(_repeated(measure.key, len(these)))
                statuses.append(_repeated(str(status), len(these)))
                rows.append(these)
                fens.append(
                    pa.nulls(len(these), pa.int64())
                    if given is None
                    else pa.array(given[0], mask=~given[1])
                )
        taken = pa.array(_joined(rows, np.int64))
        told = [pa.concat_arrays(each) for each in (keys, statuses, fens)]
        arrays = [*(column.take(taken) for column in beside.values()), *told]
        return pa.RecordBatch.from_arrays(arrays, names=[*beside, MEASURE, STATUS, FEN])

    def open(self, applicants: pa.Array) -> pa.RecordBatch:
        """For every applicant and measure one bit: not known yet; and one: for a review."""
        names, arrays = ["applicant"], [applicants]
        for measure, found in zip(self._program.measures, self.verdicts, strict=True):
            names.append(f"{measure.key}:{UNKNOWN}")
            arrays.append(_bits(found.unknown, self.size))
            if measure.asks_people:
                names.append(f"{measure.key}:{REVIEW}")
                arrays.append(_bits(found.review, self.size))
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def wants(self, measure: int) -> dict[str, Plane]:
        """For every slot the applicants for whom the status of a measure depends on it."""
        return dict(wants(self._planes, self._program.measures[measure]))

    def amount_wants(self, measure: int) -> dict[str, Plane]:
        """For every slot the applicants who meet a measure and whose amount depends on it."""
        found = self.verdicts[measure]
        return dict(amount_wants(self._planes, self._program.measures[measure], found))

    @cached_property
    def _planes(self) -> Planes:
        return Planes(self._chunk, self._program)


def _repeated(text: str, times: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), times)


def _joined(arrays: Sequence[Any], kind: type) -> Any:
    return np.concatenate([np.zeros(0, kind), *arrays])


def _fens(found: Verdict) -> tuple[Any, Any]:
    """Fen by met row, and where they are settled."""
    size = len(found.rows)
    if found.fen is None:
        return np.zeros(size, np.int64), np.zeros(size, np.bool_)
    settled = np.ones(size, np.bool_) if found.settled is None else found.settled
    return found.fen, settled


def _bits(plane: Plane, size: int) -> pa.Array:
    return pa.Array.from_buffers(pa.bool_(), size, [None, pa.py_buffer(plane)])


def match(
    program: Program, chunks: Iterable[Chunk], *, workers: int | None = None
) -> Iterator[Matched]:
    """The verdicts on chunks, in order; only a few chunks are looked at, and held, at a time."""
    return in_turn(lambda chunk: Matched(chunk, program), chunks, workers=workers)


def in_turn(
    of: Callable[[_Given], _Made], given: Iterable[_Given], *, workers: int | None = None
) -> Iterator[_Made]:
    """What a function makes of each, in order, on threads; it runs at most a few ahead."""
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        yield from map(of, given)
        return
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[_Made]] = deque()
        for each in given:
            ahead.append(pool.submit(of, each))
            if len(ahead) > workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def chunks_of(table: pa.Table, program: Program, *, rows: int = CHUNK) -> list[Chunk]:
    """A table in memory as chunks.

    Raises:
        ColumnError: A column cannot be what its fact is.
    """
    held = [name for name in table.schema.names if name in program.wanted]
    batches = table.select(held).combine_chunks().to_batches(max_chunksize=rows)
    return list(in_turn(lambda batch: chunk_of(batch, program.wanted), batches))


def match_file(
    program: Program,
    source: Path,
    target: Path,
    *,
    applicant: str,
    workers: int | None = None,
    rows: int = CHUNK,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> list[Tally]:
    """Match a Parquet file; pairs go to the target, what is open to `<target>.open.parquet`.

    Args:
        applicant: The column that names an applicant.
        on_rows: Told how many more applicants are done.

    Returns:
        A tally a measure.

    Raises:
        ColumnError: A column cannot be what its fact is.
    """
    file = pq.ParquetFile(source, read_dictionary=_texts(source, program))
    schema = file.schema_arrow
    if applicant not in schema.names:
        raise ColumnError(applicant, "is no column of the file, and applicants are named by it")
    columns = [applicant, *(slot for slot in program.wanted if slot in schema.names)]

    def matched(batch: pa.RecordBatch) -> tuple[list[Tally], pa.RecordBatch, pa.RecordBatch]:
        found = Matched(chunk_of(batch, program.wanted), program)
        applicants = batch.column(applicant)
        return found.tallies(), found.pairs(applicants), found.open(applicants)

    fields = [schema.field(name) for name in columns]
    totals, *nothing = matched(pa.RecordBatch.from_pylist([], schema=pa.schema(fields)))
    with ExitStack() as stack:
        pairs_to, open_to = (
            stack.enter_context(_written(path, batch.schema))
            for path, batch in zip((target, open_file(target)), nothing, strict=True)
        )
        batches = batches_of(file, columns, rows=rows)
        for tallies, pairs, left in in_turn(matched, batches, workers=workers):
            pairs_to.write_batch(pairs)
            open_to.write_batch(left)
            totals = [one + other for one, other in zip(totals, tallies, strict=True)]
            on_rows(left.num_rows)
    return totals


def batches_of(
    file: pq.ParquetFile, columns: Sequence[str], *, rows: int = CHUNK
) -> Iterator[pa.RecordBatch]:
    """A Parquet file batch by batch, in the same memory however long it is.

    A reader keeps what it has read of a column until it ends, so there is a new one for every few
    row groups.
    """
    groups: list[int] = []
    held = 0
    for group in range(file.num_row_groups):
        groups.append(group)
        held += file.metadata.row_group(group).num_rows
        if held >= rows or group == file.num_row_groups - 1:
            yield from file.iter_batches(batch_size=rows, row_groups=groups, columns=columns)
            groups, held = [], 0


@contextmanager
def _written(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A file that stands under its name only when it is whole."""
    half = path.with_name(f"{path.name}.half")
    try:
        # Applicants, amounts and bits hardly repeat: to look for repetitions would only take time.
        with pq.ParquetWriter(
            half, schema, compression="zstd", use_dictionary=[MEASURE],
            write_statistics=["applicant"],
        ) as writer:  # fmt: skip
            yield writer
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def open_file(target: Path) -> Path:
    """Where the planes of what is open stand, beside the pairs."""
    return target.with_suffix(".open.parquet")


def _texts(source: Path, program: Program) -> list[str]:
    """Columns of texts are read as the file holds them: once each word, and codes."""
    held = set(pq.read_schema(source).names)
    kinds = {slot: each.kind for slot, each in program.wanted.items() if slot in held}
    return [slot for slot, kind in kinds.items() if kind is Kind.TEXT]
