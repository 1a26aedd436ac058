"""A register of enterprises in a workbook or text file, turned into the columns that rules read.

One row is one enterprise; a column is a fact, as its heading says (`headings`). Whatever is wrong
is told by cell, and then nothing is matched.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lianqi.engines.packs.cells import value_of
from lianqi.engines.packs.errors import NotAValueError, Wrong, told
from lianqi.engines.packs.headings import Heading, HeadingError, heading_of, nearest
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.bulk.tables import array_of
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.errors import Told
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.tables import (
    Limits,
    Row,
    Table,
    cell_text,
    column_letters,
    header_key,
    read_table,
)

APPLICANT, NAME = "applicant", "name"
IDENTIFIERS = (
    "统一社会信用代码", "社会信用代码", "信用代码", "企业代码", "编号", "code", "id", APPLICANT,
)  # fmt: skip
NAMES = ("企业名称", "单位名称", "公司名称", "企业", "名称", NAME)
MOST_ERRORS = 100
_MIB = 1024 * 1024
LIMITS = Limits(
    max_bytes=500 * _MIB,
    max_rows=1_048_575,
    max_columns=1_000,
    max_unpacked_bytes=4096 * _MIB,
)
_CHUNK = 65_536
_MOST = 2**62


class NoApplicantError(ValueError):
    """The column that names the enterprises is not there.

    Attributes:
        problem, params: Whether one was asked for by name.
    """

    def __init__(self, applicant: str = "") -> None:
        self.problem = Wrong.NO_SUCH_COLUMN if applicant else Wrong.NO_APPLICANT_COLUMN
        self.params: Mapping[str, object] = {"written": applicant}
        super().__init__(self.told().message)

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)


@dataclass(frozen=True, order=True)
class CellError:
    """One mistake and where it stands.

    Attributes:
        sheet: "" in a text file.
        row: As the spreadsheet program shows it.
        column: From 1.
        problem, params: What is wrong, for programs.
        message: The same in English; `told("zh")` in Chinese.
        advice: What to write instead, in English.
    """

    sheet: str
    row: int
    column: int
    heading: str
    problem: Wrong = field(compare=False)
    params: Mapping[str, object] = field(default_factory=dict, compare=False)
    message: str = field(init=False)
    advice: str = field(init=False)

    def __post_init__(self) -> None:
        english = self.told()
        object.__setattr__(self, "message", english.message)
        object.__setattr__(self, "advice", english.advice)

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)

    def __str__(self) -> str:
        return self.line_in("en")

    def line_in(self, language: str) -> str:
        """Place, heading, sentence and advice in one line, for a terminal."""
        said, letter = self.told(language), column_letters(self.column)
        if language == "zh":
            where = (
                f"工作表“{self.sheet}”单元格{letter}{self.row}"
                if self.sheet
                else f"第{self.row}行{letter}列"
            )
            heading = f"（{self.heading}）" if self.heading else ""
            return f"{where}{heading}：{said.message}{said.advice}"
        where = (
            f"sheet {self.sheet}, cell {letter}{self.row}"
            if self.sheet
            else f"row {self.row}, column {letter}"
        )
        heading = f" ({self.heading})" if self.heading else ""
        advice = f" ({said.advice})" if said.advice else ""
        return f"{where}{heading}: {said.message}{advice}"


@dataclass
class Taken:
    """What came out of a register.

    Attributes:
        slots: The facts that were read, in the order of the columns.
        errors: At most `MOST_ERRORS`; `more_errors` is how many there are beyond.
        unread: Columns of facts that no rule of the day reads.
        ignored: Columns that are no facts; with the fact whose name is like theirs, if any.
    """

    rows: int = 0
    slots: list[str] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    more_errors: int = 0
    unread: list[str] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, error: CellError) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)
        else:
            self.more_errors += 1


def take(
    source: Path,
    target: Path,
    *,
    catalogue: Catalogue,
    wanted: Mapping[str, Wanted],
    answers: Mapping[str, str],
    day: dt.date,
    applicant: str = "",
    limits: Limits = LIMITS,
    on_rows: Callable[[int, int], None] = lambda _rows, _expected: None,
) -> Taken:
    """Turn a register into Parquet as rules read it, in bounded memory.

    Args:
        wanted: The columns that the rules read (`Program.wanted`).
        answers: Slots of answers to questions, by slot and by the question itself.
        applicant: The heading of the column that names the enterprises; the usual ones if "".
        on_rows: Told how many more rows are done, and about how many there are.

    Raises:
        TableError: The file cannot be read as a table.
        NoApplicantError: No column names the enterprises.
    """
    known = (*catalogue.names(), *IDENTIFIERS, *NAMES)
    with read_table(source, limits=limits, known_headings=known) as table:
        reading = _Reading(table, catalogue, wanted, answers, day, applicant)
        with pq.ParquetWriter(target, reading.schema, compression="zstd") as writer:
            for rows in _in_chunks(table.rows):
                writer.write_batch(reading.batch(rows))
                on_rows(len(rows), table.expected_rows)
    return reading.taken


def _in_chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Reading:
    def __init__(
        self,
        table: Table,
        catalogue: Catalogue,
        wanted: Mapping[str, Wanted],
        answers: Mapping[str, str],
        day: dt.date,
        applicant: str,
    ) -> None:
        self.table, self.catalogue, self.wanted, self.answers = table, catalogue, wanted, answers
        self.day = day
        self.taken = Taken()
        self.applicant, self.name = self._who(applicant)
        self.columns = dict(self._columns())
        self.taken.slots = [each.slot for each in self.columns.values()]
        self._rows_of: dict[str, int] = {}
        self.schema = self.batch([]).schema

    # --- headings --------------------------------------------------------------------------------

    def _who(self, applicant: str) -> tuple[int, int | None]:
        """The columns of the applicant's code and name."""
        header = [header_key(each) for each in self.table.header]
        name = next((header.index(key) for key in map(header_key, NAMES) if key in header), None)
        if applicant:
            if applicant not in self.table.header:
                raise NoApplicantError(applicant)
            return self.table.header.index(applicant), name
        code = next(
            (header.index(key) for key in map(header_key, IDENTIFIERS) if key in header), name
        )
        if code is None:
            raise NoApplicantError
        return code, name

    def _columns(self) -> Iterator[tuple[int, Heading]]:
        first: dict[str, int] = {}
        for place, written in enumerate(self.table.header):
            if not written or place in (self.applicant, self.name):
                continue
            heading = self._heading(place, written)
            if heading is None:
                continue
            other = first.setdefault(heading.slot, place)
            if other != place:
                same = column_letters(other + 1)
                self._wrong_heading(place, Wrong.HEADING_TWICE, {"column": same})
                continue
            yield place, heading

    def _heading(self, place: int, written: str) -> Heading | None:
        if written in self.answers:
            spec = FactSpec(key=self.answers[written], label=written, kind=Kind.BOOL)
            return Heading(spec)
        read = {slot.partition("@")[0] for slot in self.wanted}
        try:
            heading = self._named(written)
        except HeadingError as error:
            if not error.key or error.key in read:
                self._wrong_heading(place, error.problem, error.params)
            else:
                self.taken.unread.append(written)
            return None
        if heading is None:
            self.taken.ignored.append((written, nearest(written, self.catalogue)))
        elif heading.slot not in self.wanted:
            self.taken.unread.append(written)
        else:
            return heading
        return None

    def _named(self, written: str) -> Heading | None:
        """By the whole heading; by its last row where it has several."""
        found = heading_of(written, self.catalogue, self.day)
        if found is None and "/" in written:
            found = heading_of(written.rpartition("/")[2], self.catalogue, self.day)
        return found

    def _wrong_heading(self, place: int, problem: Wrong, params: Mapping[str, object]) -> None:
        row = self.table.header_rows[1]
        heading = self.table.header[place]
        self.taken.wrong(CellError(self.table.sheet, row, place + 1, heading, problem, params))

    # --- rows ------------------------------------------------------------------------------------

    def batch(self, rows: Sequence[Row]) -> pa.RecordBatch:
        """Rows as the columns that rules read; what is wrong is noted and counts as unknown."""
        arrays = {APPLICANT: pa.array([self._applicant(row) for row in rows], pa.string())}
        if self.name is not None:
            named = [cell_text(row.cells[self.name]) for row in rows]
            arrays[NAME] = pa.array(named, pa.string())
        for row in rows:
            if row.surplus:
                self._wrong(row, len(self.table.header), Wrong.CELL_WITHOUT_HEADING)
        for place, heading in self.columns.items():
            values = [self._value(row, place, heading) for row in rows]
            slot = heading.slot
            arrays[slot] = array_of(slot, values, self.wanted[slot])
        self.taken.rows += len(rows)
        return pa.RecordBatch.from_pydict(arrays)

    def _applicant(self, row: Row) -> str:
        code = cell_text(row.cells[self.applicant])
        if not code:
            self._wrong(row, self.applicant, Wrong.ROW_WITHOUT_APPLICANT)
            return code
        other = self._rows_of.setdefault(code, row.number)
        if other != row.number:
            self._wrong(row, self.applicant, Wrong.APPLICANT_TWICE, written=code, row=other)
        return code

    def _value(self, row: Row, place: int, heading: Heading) -> Any:
        try:
            value = value_of(heading, row.cells[place])
        except NotAValueError as error:
            self._wrong(row, place, error.problem, **error.params)
            return None
        if isinstance(value, Fraction) and abs(value) * 10**heading.spec.decimals > _MOST:
            self._wrong(row, place, Wrong.NUMBER_TOO_GREAT)
            return None
        return value

    def _wrong(self, line: Row, place: int, problem: Wrong, /, **params: object) -> None:
        header = self.table.header
        heading = header[place] if place < len(header) else ""
        self.taken.wrong(
            CellError(self.table.sheet, line.number, place + 1, heading, problem, params)
        )
