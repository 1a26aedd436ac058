"""What the value of a statement may look like. What it means, the catalogue of facts says."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lianqi.register.enums import Shape

LONGEST_WORD = 200
MOST_WORDS = 200
MOST_ENTRIES = 1000
MOST_FIELDS = 40
_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,8})?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST_UNIT = 20


def shape_of(value: Any) -> Shape | None:  # noqa: PLR0911  # one line for each shape
    """Of which kind a value is; None if it has none of the shapes."""
    match value:
        case bool():
            return Shape.YES_NO
        case str() if 0 < len(value) <= LONGEST_WORD and value == value.strip():
            return Shape.WORD
        case {"number": str(number), "unit": str(unit)} if len(value) == 2:  # noqa: PLR2004
            fits = _NUMBER.fullmatch(number) and number.isascii() and len(unit) <= _LONGEST_UNIT
            return Shape.NUMBER if fits else None
        case {"day": str(day)} if len(value) == 1:
            return Shape.DAY if _is_day(day) else None
        case {"words": list(words)} if len(value) == 1:
            return Shape.WORDS if _are_words(words) else None
        case {"entries": list(entries)} if len(value) == 1:
            fits = len(entries) <= MOST_ENTRIES and all(_is_entry(each) for each in entries)
            return Shape.ENTRIES if fits else None
    return None


def _is_day(written: str) -> bool:
    try:
        return dt.date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _are_words(words: Sequence[Any]) -> bool:
    fits = all(shape_of(each) is Shape.WORD for each in words)
    return fits and len(words) <= MOST_WORDS and len(set(words)) == len(words)


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, Mapping)
        and len(entry) <= MOST_FIELDS
        and all(
            isinstance(name, str)
            and _NAME.fullmatch(name)
            and shape_of(each) not in (None, Shape.ENTRIES)
            for name, each in entry.items()
        )
    )
