"""What a cell of a table can hold."""

import datetime as dt
from dataclasses import dataclass

from lianqi.engines.text.normal import tidy


@dataclass(frozen=True)
class Formula:
    """A cell that computes its value; the text starts with =.

    The file may hold a value computed long ago or none at all, so none is given: whoever made the
    file has to paste values instead.
    """

    text: str


@dataclass(frozen=True)
class Fault:
    """A cell in which the spreadsheet program shows an error, as #N/A or #REF!."""

    text: str


Cell = (
    str
    | int
    | float
    | bool
    | dt.datetime
    | dt.date
    | dt.time
    | dt.timedelta
    | Formula
    | Fault
    | None
)


@dataclass(frozen=True)
class Row:
    """One row that holds something.

    Attributes:
        number: Its number in the spreadsheet, from 1, as the program shows it. In a text file the
            number of the record, where a quoted line break does not count.
        cells: As many cells as the header has columns; nothing but white space is None.
        surplus: What stands to the right of the header's last column; not empty means that the
            row is shifted or that a column has no heading.
    """

    number: int
    cells: tuple[Cell, ...]
    surplus: tuple[Cell, ...] = ()


def cell_text(cell: Cell) -> str:
    """Return a cell as a person would read it out: whole numbers without .0, days as 2020-06-22.

    Text loses invisible characters and stray spaces; an empty cell is "".
    """
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, Formula | Fault):
        return cell.text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not tidy(cell))


def column_letters(column: int) -> str:
    """A column as spreadsheet programs name it: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
