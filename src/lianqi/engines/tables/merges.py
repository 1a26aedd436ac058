"""Merged cells: only the first cell of a merged block holds its value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from openpyxl.utils.cell import coordinate_to_tuple

from lianqi.engines.tables.cells import Cell, is_blank
from lianqi.engines.tables.packages import CHUNK

_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']"
)
_LONGEST_TAG = 256
MOST_MERGES = 50_000


@dataclass(frozen=True)
class Merge:
    """A merged block; rows and columns count from 1, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def is_across(self) -> bool:
        return self.last_column > self.first_column

    @property
    def is_down(self) -> bool:
        return self.last_row > self.first_row


def _bounds(reference: str) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of a reference like A1:C2."""
    first, last = map(coordinate_to_tuple, reference.split(":"))
    return first[1], first[0], last[1], last[0]


def read_merges(sheet: IO[bytes]) -> list[Merge]:
    """Return the merged blocks of a worksheet's XML, at most `MOST_MERGES` of them.

    They stand behind the rows, where a reader that streams rows meets them too late.
    """
    merges: list[Merge] = []
    rest = b""
    while (chunk := sheet.read(CHUNK)) and len(merges) < MOST_MERGES:
        text = rest + chunk
        end = 0
        for found in _MERGE.finditer(text):
            first_column, first_row, last_column, last_row = _bounds(found[1].decode())
            merges.append(Merge(first_row, last_row, first_column, last_column))
            end = found.end()
        rest = text[max(end, len(text) - _LONGEST_TAG) :]
    return merges


class DownFiller:
    """Gives the rows below the first of a merged block its value, while rows stream past.

    Only downwards: a value that spans columns belongs to the first of them. Rows without anything
    of their own are left out by the caller, so a block never makes rows.
    """

    def __init__(self, merges: Iterable[Merge], *, after_row: int, columns: int) -> None:
        self._waiting = sorted(
            (each for each in merges if each.is_down and each.first_row > after_row),
            key=lambda each: each.first_row,
            reverse=True,
        )
        self._columns = columns
        self._active: dict[int, tuple[int, Cell]] = {}

    def fill(self, number: int, cells: list[Cell]) -> None:
        """Fill the blanks of row `number`; rows must come in ascending order."""
        for column, (last_row, value) in list(self._active.items()):
            if number > last_row:
                del self._active[column]
            elif is_blank(cells[column]):
                cells[column] = value
        while self._waiting and self._waiting[-1].first_row <= number:
            merge = self._waiting.pop()
            column = merge.first_column - 1
            if merge.first_row == number and column < self._columns:
                self._active[column] = (merge.last_row, cells[column])
