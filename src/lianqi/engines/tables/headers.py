"""Finding the header of a table: below titles, in one row or several, with merged cells."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lianqi.engines.tables.cells import Cell, cell_text
from lianqi.engines.tables.merges import Merge
from lianqi.engines.text.normal import compact, normalise

ROWS_LOOKED_AT = 30
MOST_HEADER_ROWS = 3
LONGEST_HEADING = 60
SURE_MATCHES = 2
MOST_MERGES = 2_000  # a real header has dozens
_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_NUMBER_LIKE = re.compile(r"[+-]?[\d,.]+%?")
_LONG_NUMBER = re.compile(r"\d{6,}")
_JOINT = "/"


@dataclass(frozen=True)
class Header:
    """The headings of a table.

    Attributes:
        names: One heading per column, "" where a column has none. Headings of several rows are
            joined by "/": 联系人/电话.
        first_row: Number of the first row of the header.
        last_row: Number of its last row; the data begins below it.
        matches: How many columns carry a known heading.
    """

    names: tuple[str, ...]
    first_row: int
    last_row: int
    matches: int


def header_key(heading: str) -> str:
    """Return what identifies a heading: no brackets, stars, punctuation, spaces or case.

    Example:
        >>> header_key(" *注册资本（万元）")
        '注册资本'
    """
    text = normalise(heading)
    return compact(_BRACKETED.sub("", text)) or compact(text)


@dataclass(frozen=True)
class _Line:
    """One of the first rows as text, merged cells filled in."""

    number: int
    texts: tuple[str, ...]
    is_plausible: bool

    @property
    def distinct(self) -> int:
        return len({text for text in self.texts if text})

    @property
    def filled(self) -> int:
        return sum(1 for text in self.texts if text)


def _looks_like_heading(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return cell is None
    text = cell_text(cell)
    return (
        len(text) <= LONGEST_HEADING
        and not _NUMBER_LIKE.fullmatch(text)
        and not _LONG_NUMBER.search(text)
    )


def _lines(rows: Sequence[tuple[int, Sequence[Cell]]], merges: Sequence[Merge]) -> list[_Line]:
    width = max((len(cells) for _, cells in rows), default=0)
    by_number = {number: [*cells, *[None] * (width - len(cells))] for number, cells in rows}
    plausible = {
        number: all(map(_looks_like_heading, cells)) for number, cells in by_number.items()
    }
    for merge in merges:
        if merge.first_row in by_number and merge.first_column <= width:
            value = by_number[merge.first_row][merge.first_column - 1]
            columns = range(merge.first_column - 1, min(merge.last_column, width))
            for number, cells in by_number.items():
                if merge.first_row <= number <= merge.last_row:
                    cells[columns.start : columns.stop] = [
                        value if cells[column] is None else cells[column] for column in columns
                    ]
    return [
        _Line(number, tuple(map(cell_text, cells)), plausible[number])
        for number, cells in by_number.items()
    ]


class _Finder:
    def __init__(self, lines: list[_Line], merges: Sequence[Merge], known: frozenset[str]) -> None:
        self._lines = lines
        self._merges = merges
        self._known = known
        self._widest = max((line.filled for line in lines), default=0)

    def best(self) -> Header | None:
        headers = [
            self._header_from(start)
            for start, line in enumerate(self._lines)
            if line.distinct >= min(2, self._widest)
        ]
        sure = [each for each in headers if each.matches >= self._enough(each)]
        if sure:
            return max(sure, key=lambda each: each.matches)
        return self._plausible()

    def _enough(self, header: Header) -> int:
        return min(SURE_MATCHES, sum(1 for name in header.names if name))

    def _plausible(self) -> Header | None:
        """The first row that could be headings nobody has seen before."""
        for start, line in enumerate(self._lines):
            is_wide = line.filled * 5 >= self._widest * 3 and line.distinct >= min(2, self._widest)
            if is_wide and line.is_plausible:
                return self._header_from(start)
        return None

    def _header_from(self, start: int) -> Header:
        block = [self._lines[start]]
        for line in self._lines[start + 1 : start + MOST_HEADER_ROWS]:
            if not self._belongs(block[-1], line):
                break
            block.append(line)
        columns = list(zip(*(line.texts for line in block), strict=True))
        parts = [list(dict.fromkeys(text for text in column if text)) for column in columns]
        matches = sum(1 for each in parts if each and self._is_known(each))
        names = [_JOINT.join(each) for each in parts]
        while names and not names[-1]:
            names.pop()
        return Header(tuple(names), block[0].number, block[-1].number, matches)

    def _is_known(self, parts: list[str]) -> bool:
        return any(header_key(text) in self._known for text in ("".join(parts), parts[-1]))

    def _belongs(self, above: _Line, below: _Line) -> bool:
        """Whether `below` continues a header that has a row `above`."""
        if below.number != above.number + 1 or not below.is_plausible:
            return False
        if any(
            merge.first_row <= above.number and merge.last_row >= below.number
            for merge in self._merges
        ):
            return True
        has_known = any(header_key(text) in self._known for text in below.texts if text)
        if any(merge.is_across and merge.first_row == above.number for merge in self._merges):
            return has_known or not self._known
        pairs = list(zip(above.texts, below.texts, strict=True))
        # Text files have no merged cells; a second row of headings then fills just the gaps.
        return (
            has_known
            and any(upper and not lower for upper, lower in pairs)
            and any(lower and not upper for upper, lower in pairs)
        )


def find_header(
    rows: Sequence[tuple[int, Sequence[Cell]]],
    merges: Sequence[Merge],
    known_headings: Collection[str],
) -> Header | None:
    """Return the header among the first rows of a sheet, None when nothing looks like one.

    The row that carries most of the known headings wins, and at least two of them unless it has
    only one. If there is none, the first row that is wide enough and could be headings is taken:
    no numbers, no codes. Rows above are titles; a row below belongs to the header when merged
    cells tie them together or, in a text file, when it fills its gaps.

    Args:
        rows: Row number and cells of the first rows that hold something.
        merges: Merged blocks of the sheet.
        known_headings: Headings the caller understands, in any spelling.
    """
    known = frozenset(map(header_key, known_headings))
    near = [merge for merge in merges if rows and merge.first_row <= rows[-1][0]][:MOST_MERGES]
    return _Finder(_lines(rows, near), near, known).best()
