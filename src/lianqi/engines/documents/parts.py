"""What documents are made of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """In small print: how something was counted."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences one below the other; at least one."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Text throughout: whoever makes the table decides how numbers are written.

    Attributes:
        widths: Relative widths of the columns, as many as there are headings.
        text_columns: So many columns, from the first, hold words; the others hold numbers.
    """

    caption: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    text_columns: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: one value for each label, None where there is no data.

    Attributes:
        shown: What stands at each bar, in words.
        most: The value that fills the height; None: the largest one.
        is_lying: The bars lie, for long labels.
    """

    caption: str
    labels: Sequence[str]
    values: Sequence[float | None]
    shown: Sequence[str]
    most: float | None = None
    is_lying: bool = False


Part = Heading | Text | Note | Points | Table | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Attributes:
        language: As in web pages: zh-hans or en.
        made_at: Stands in the properties of the file.
    """

    title: str
    subtitle: str
    author: str
    language: str
    made_at: dt.datetime
    parts: Sequence[Part]
