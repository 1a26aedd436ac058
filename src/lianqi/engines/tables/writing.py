"""Writing spreadsheets that do nothing when they are opened."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from lianqi.engines.tables.cells import Cell, Fault, Formula

LONGEST_TEXT = 32_767
EXACT_DIGITS = 15
LAST_ROW = 1_048_576
_CUT = "…"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Writer:
    def __init__(self, workbook: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._quoted = workbook.add_format({"quote_prefix": True})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def heading(self, column: int, text: str) -> None:
        self._sheet.write_string(0, column, text[:LONGEST_TEXT], self._heading)

    def cell(self, row: int, column: int, value: Cell | Decimal) -> None:
        match value:
            case None:
                return
            case bool():
                self._sheet.write_boolean(row, column, value)
            case int() | float() | Decimal():
                self._number(row, column, value)
            case dt.datetime():
                self._sheet.write_datetime(row, column, value.replace(tzinfo=None), self._instant)
            case dt.date():
                self._sheet.write_datetime(row, column, value, self._day)
            case Formula() | Fault():
                self._text(row, column, value.text)
            case _:
                self._text(row, column, str(value))

    def _number(self, row: int, column: int, value: float | Decimal) -> None:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        # A cell is a binary float: codes and large amounts keep all digits only as text.
        if not exact.is_finite() or len(exact.as_tuple().digits) > EXACT_DIGITS:
            self._text(row, column, str(value))
        else:
            self._sheet.write_number(row, column, value)

    def _text(self, row: int, column: int, text: str) -> None:
        shown = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + _CUT
        # The mark of a leading apostrophe keeps text that looks like a formula text, also after
        # somebody edits the cell.
        style = self._quoted if text.startswith(_STARTS_FORMULA) else None
        self._sheet.write_string(row, column, shown, style)


class SheetWriter:
    """One sheet of a workbook, written row by row."""

    def __init__(self, workbook: Any, name: str, header: Sequence[str]) -> None:
        self._sheet = workbook.add_worksheet(name)
        self._writer = _Writer(workbook, self._sheet)
        self._next = 1
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(header):
            self._writer.heading(column, heading)

    @property
    def is_full(self) -> bool:
        """Whether the sheet has no room for another row."""
        return self._next >= LAST_ROW

    def row(self, cells: Sequence[Cell | Decimal]) -> None:
        """Write the next row.

        Raises:
            ValueError: More rows than a sheet can have.
        """
        if self.is_full:
            raise ValueError(f"a sheet has {LAST_ROW} rows; split the table")
        for column, value in enumerate(cells):
            self._writer.cell(self._next, column, value)
        self._next += 1

    def widths(self, *characters: int) -> None:
        """How wide the columns are, before the first row."""
        for column, width in enumerate(characters):
            self._sheet.set_column(column, column, width)


@contextmanager
def new_workbook(path: Path) -> Iterator[Callable[[str, Sequence[str]], SheetWriter]]:
    """Write an .xlsx workbook of several sheets in little memory; call with name and header.

    Text stays text: =1+1 is shown, not computed, and an address is no link. Numbers of more than
    15 digits become text; text beyond 32,767 characters is cut and ends in "…".
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        yield lambda name, header: SheetWriter(workbook, name, header)


def write_table(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell | Decimal]],
    *,
    sheet: str = "Sheet1",
) -> None:
    """Write an .xlsx workbook of one sheet, as `new_workbook` does.

    Raises:
        ValueError: More rows than a sheet can have.
    """
    with new_workbook(path) as new_sheet:
        writer = new_sheet(sheet, header)
        for cells in rows:
            writer.row(cells)
