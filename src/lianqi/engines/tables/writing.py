"""Writing spreadsheets that do nothing when they are opened."""

import datetime as dt
from collections.abc import Iterable, Sequence
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


def write_table(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell | Decimal]],
    *,
    sheet: str = "Sheet1",
) -> None:
    """Write an .xlsx workbook of one sheet, row by row in little memory.

    Text stays text: =1+1 is shown, not computed, and an address is no link. Numbers of more than
    15 digits become text; text beyond 32,767 characters is cut and ends in "…".

    Raises:
        ValueError: More rows than a sheet can have.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        worksheet = workbook.add_worksheet(sheet)
        worksheet.freeze_panes(1, 0)
        writer = _Writer(workbook, worksheet)
        for column, heading in enumerate(header):
            writer.heading(column, heading)
        for number, cells in enumerate(rows, start=1):
            if number >= LAST_ROW:
                raise ValueError(f"a sheet has {LAST_ROW} rows; split the table")
            for column, value in enumerate(cells):
                writer.cell(number, column, value)
