"""Sheets of an .xlsx workbook, row by row."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from lianqi.engines.tables.cells import Cell, Fault, Formula
from lianqi.engines.tables.errors import Limits, TableError, TableProblem
from lianqi.engines.tables.merges import Merge, read_merges
from lianqi.engines.tables.packages import check_package

LAST_ROW = 1_048_576
# What openpyxl raises when the parts of a workbook do not fit together.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    OverflowError,
)


@contextmanager
def _as_broken() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise TableError(TableProblem.BROKEN, detail=f"{type(error).__name__}: {error}") from error


class Sheet:
    """One worksheet; `rows` may be read more than once."""

    def __init__(self, worksheet: ReadOnlyWorksheet) -> None:
        self._worksheet = worksheet
        self.name = worksheet.title
        # The size a file declares is a hint for progress bars; reading does not rely on it.
        self.declared_rows = min(worksheet.max_row or 0, LAST_ROW)
        worksheet.reset_dimensions()

    def merges(self) -> list[Merge]:
        with _as_broken(), self._worksheet._get_source() as source:  # type: ignore[attr-defined]  # noqa: SLF001 - openpyxl offers no merged cells when it streams
            return read_merges(source)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield number and cells of every row, empty ones included.

        Raises:
            TableError: The sheet is broken or claims more rows than a sheet can have.
        """
        with _as_broken():
            for number, cells in enumerate(self._worksheet.rows, start=1):
                if number > LAST_ROW:
                    raise TableError(
                        TableProblem.TOO_LARGE, what="rows", limit=LAST_ROW, found=number
                    )
                yield number, [_value(cell) for cell in cells]


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else str(getattr(value, "text", "=")))
    if cell.data_type == "e":
        return Fault(str(value))
    if isinstance(value, str):
        # The format writes control characters as _x000D_, and the library leaves them so.
        return unescape(value) if "_x" in value else value
    # The library gives text, numbers, booleans and times; anything else is not worth guessing.
    return value if isinstance(value, Cell) else str(value)


@contextmanager
def open_workbook(path: Path, limits: Limits) -> Iterator[list[Sheet]]:
    """Open a workbook and give its visible sheets in order.

    Raises:
        TableError: The archive is dangerous, encrypted, broken or no workbook.
    """
    check_package(path, limits)
    # Opened here: the library refuses a path by its ending, and what counts is the content.
    with path.open("rb") as file:
        with _as_broken():
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            with _as_broken():
                sheets = [
                    Sheet(worksheet)
                    for worksheet in book.worksheets
                    if isinstance(worksheet, ReadOnlyWorksheet)
                    and worksheet.sheet_state == "visible"
                ]
            yield sheets
        finally:
            book.close()
