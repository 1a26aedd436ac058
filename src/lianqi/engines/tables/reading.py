"""Reading one table from an untrusted .xlsx or text file."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from lianqi.engines.tables.cells import Cell, Row, is_blank
from lianqi.engines.tables.delimited import detect_dialect, read_records
from lianqi.engines.tables.errors import Limits, TableError, TableProblem
from lianqi.engines.tables.headers import ROWS_LOOKED_AT, Header, find_header
from lianqi.engines.tables.merges import DownFiller, Merge
from lianqi.engines.tables.packages import is_workbook
from lianqi.engines.tables.workbooks import Sheet, open_workbook

NumberedCells = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it.

    Attributes:
        header: One heading per column; "" for a column without one.
        header_rows: Numbers of the first and the last row of the header.
        is_recognised: Whether the header was found by headings the caller knows; otherwise it is
            the first row that looks like one and a person should look at it.
        rows: Rows that hold something, once and in order; reading on may raise `TableError`.
        expected_rows: About how many rows there are, for a progress bar; 0 when not known.
        sheet: Name of the sheet; "" for a text file.
        encoding: Encoding of a text file; "" for a workbook.
    """

    header: list[str]
    header_rows: tuple[int, int]
    is_recognised: bool
    rows: Iterator[Row]
    expected_rows: int
    sheet: str
    encoding: str


def _trimmed(cells: list[Cell]) -> list[Cell]:
    """The cells up to the last that holds something, white space as None."""
    kept = [None if is_blank(cell) else cell for cell in cells]
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _filled_rows(rows: Iterator[NumberedCells], limits: Limits) -> Iterator[NumberedCells]:
    for number, cells in rows:
        kept = _trimmed(cells)
        if len(kept) > limits.max_columns:
            raise TableError(
                TableProblem.TOO_LARGE, what="columns", limit=limits.max_columns, found=len(kept)
            )
        if kept:
            yield number, kept


def _data_rows(
    rows: Iterator[NumberedCells], header: Header, merges: list[Merge], limits: Limits
) -> Iterator[Row]:
    width = len(header.names)
    filler = DownFiller(merges, after_row=header.last_row, columns=width)
    below = (row for row in rows if row[0] > header.last_row)
    for count, (number, found) in enumerate(below, start=1):
        if count > limits.max_rows:
            raise TableError(
                TableProblem.TOO_LARGE, what="rows", limit=limits.max_rows, found=count
            )
        cells = [*found[:width], *[None] * (width - len(found))]
        filler.fill(number, cells)
        yield Row(number, tuple(cells), tuple(found[width:]))


@dataclass(frozen=True)
class _Candidate:
    """A sheet that holds something, with the header found in it."""

    header: Header | None
    head: list[NumberedCells]
    rows: Iterator[NumberedCells]
    merges: list[Merge]
    declared_rows: int
    sheet: str
    encoding: str

    def table(self, limits: Limits) -> Table:
        if self.header is None:
            raise TableError(TableProblem.NO_HEADER, sheet=self.sheet)
        rows = chain(self.head, self.rows)
        return Table(
            header=list(self.header.names),
            header_rows=(self.header.first_row, self.header.last_row),
            is_recognised=self.header.matches > 0,
            rows=_data_rows(rows, self.header, self.merges, limits),
            expected_rows=max(self.declared_rows - self.header.last_row, 0),
            sheet=self.sheet,
            encoding=self.encoding,
        )


def _first(rows: Iterator[NumberedCells], count: int) -> list[NumberedCells]:
    return [row for _, row in zip(range(count), rows, strict=False)]


def _candidate_of(sheet: Sheet, limits: Limits, known: Collection[str]) -> _Candidate | None:
    rows = _filled_rows(sheet.rows(), limits)
    head = _first(rows, ROWS_LOOKED_AT)
    if not head:
        return None
    merges = sheet.merges()
    header = find_header(head, merges, known)
    return _Candidate(header, head, rows, merges, sheet.declared_rows, sheet.name, "")


def _workbook_table(sheets: list[Sheet], limits: Limits, known: Collection[str]) -> Table:
    """The first sheet with known headings, else the first with any, else the first that is filled.

    Filling instructions often stand on a sheet of their own before the table.
    """
    candidates = [each for each in (_candidate_of(s, limits, known) for s in sheets) if each]
    if not candidates:
        raise TableError(TableProblem.EMPTY_SHEET)
    preferences: tuple[Callable[[_Candidate], bool], ...] = (
        lambda each: each.header is not None and each.header.matches > 0,
        lambda each: each.header is not None,
        lambda _: True,
    )
    chosen = next(each for prefers in preferences for each in candidates if prefers(each))
    return chosen.table(limits)


def _text_table(path: Path, limits: Limits, known: Collection[str]) -> Table:
    dialect = detect_dialect(path)
    rows = _filled_rows(read_records(path, dialect), limits)
    head = _first(rows, ROWS_LOOKED_AT)
    if not head:
        raise TableError(TableProblem.EMPTY_SHEET)
    header = find_header(head, [], known)
    candidate = _Candidate(header, head, rows, [], dialect.lines, "", dialect.encoding)
    return candidate.table(limits)


@contextmanager
def read_table(
    path: Path, *, limits: Limits | None = None, known_headings: Collection[str] = ()
) -> Iterator[Table]:
    """Open the table in a file that may be wrong in any way; rows stream while it is open.

    The kind of file is told by its content, not by its name. No formula is computed, no macro
    run, no link followed. `with read_table(path) as table: for row in table.rows: …`

    Args:
        path: An .xlsx or .xlsm workbook, or separated text in UTF-8, UTF-16 or GB 18030.
        limits: The most the file may hold; the defaults of `Limits` if None.
        known_headings: Headings the caller understands, to find the header among titles.

    Raises:
        TableError: The file cannot be read as a table; see `TableProblem`.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise TableError(TableProblem.TOO_LARGE, what="bytes", limit=limits.max_bytes, found=size)
    if not size:
        raise TableError(TableProblem.EMPTY_SHEET)
    if is_workbook(path):
        with open_workbook(path, limits) as sheets:
            yield _workbook_table(sheets, limits, known_headings)
    else:
        yield _text_table(path, limits, known_headings)
