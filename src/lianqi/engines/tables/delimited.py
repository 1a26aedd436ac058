"""Text files with separated values: which encoding, which separator."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianqi.engines.tables.cells import Cell
from lianqi.engines.tables.errors import MIB, TableError, TableProblem
from lianqi.engines.tables.packages import CHUNK

_DELIMITERS = (",", "\t", ";", "|", "，")
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAMPLE_RECORDS = 20


@dataclass(frozen=True)
class Dialect:
    """How a text file is written.

    Attributes:
        encoding: Python's name: utf-8, utf-8-sig, utf-16 or gb18030.
        delimiter: The character between values.
        lines: Line ends in the file, an upper bound of its records less one.
    """

    encoding: str
    delimiter: str
    lines: int


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(MIB):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_of(path: Path, start: bytes) -> str:
    """A mark decides; else UTF-8 if all of it is valid, as Chinese in GB 18030 hardly ever is."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if start.startswith(mark)), "")
    if not marked and b"\0" in start:
        raise TableError(TableProblem.NOT_A_SPREADSHEET, kind="unknown")
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        if _decodes(path, encoding):
            return encoding
    if marked:
        raise TableError(TableProblem.BROKEN, detail=f"not valid {marked}")
    raise TableError(TableProblem.NOT_A_SPREADSHEET, kind="unknown")


def _delimiter_of(sample: str) -> str:
    """The separator that gives most records the same number of columns, the more the better."""

    def regularity(delimiter: str) -> int:
        records = list(_sample_records(sample, delimiter))
        widths = Counter(len(record) for record in records if len(record) > 1)
        return max((width * count for width, count in widths.items()), default=0)

    return max(_DELIMITERS, key=regularity)


def _sample_records(sample: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for _, record in zip(range(_SAMPLE_RECORDS), reader, strict=False):
            yield record
    except csv.Error:
        return


def detect_dialect(path: Path) -> Dialect:
    """Return how a text file is written.

    Raises:
        TableError: The file is no text, or no text in a known encoding.
    """
    lines = 0
    with path.open("rb") as file:
        start = file.read(CHUNK)
        chunk = start
        while chunk:
            lines += chunk.count(b"\n")
            chunk = file.read(MIB)
    encoding = _encoding_of(path, start)
    sample = codecs.getincrementaldecoder(encoding)().decode(start)
    return Dialect(encoding, _delimiter_of(sample), lines)


def read_records(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[Cell]]]:
    """Yield number and cells of every record, empty ones included. A cell stays text, even =1+1.

    Raises:
        TableError: A quoted value never ends.
    """
    with path.open(encoding=dialect.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter)
        try:
            for number, record in enumerate(reader, start=1):
                yield number, [value or None for value in record]
        except csv.Error as error:
            raise TableError(TableProblem.BROKEN, detail=str(error)) from error
