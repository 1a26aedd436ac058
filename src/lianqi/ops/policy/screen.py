"""The summary of a match on a screen: one line a measure, columns aligned, Chinese counted wide."""

import unicodedata
from collections.abc import Iterator, Sequence

from lianqi.engines.packs.screening import Count, Screen
from lianqi.ops.policy.results import Words, yuan
from lianqi.ops.policy.said import HEADS, MORE_HEADS

_LONGEST = 36


def summary(
    words: Words, counts: Sequence[Count], screen: Screen | None, language: str = "en"
) -> Iterator[str]:
    """The lines of a table; how many miss one answer, or one condition, only where it was asked."""
    heads = HEADS[language]
    rows = [(*heads, *MORE_HEADS[language]) if screen else heads]
    for place, each in enumerate(counts):
        tally = each.tally
        _title, key, name = words.measure(place)
        pays = words.found[place].measure.pays
        total = f"{yuan(tally.fen):,}" if pays else "—"
        cells = (
            cut(f"{name} ({key})"), str(tally.met), str(tally.unknown), str(tally.review),
            str(tally.unmet), str(tally.inapplicable), total,
        )  # fmt: skip
        rows.append((*cells, str(each.one_missing), str(each.nearly)) if screen else cells)
    return aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table whose first column is text and whose others are numbers."""
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *others = row
        numbers = (_padded(each, width) for each, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first + " " * (widths[0] - wide(first)), *numbers)).rstrip()


def wide(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _padded(text: str, width: int) -> str:
    return " " * (width - wide(text)) + text


def cut(text: str) -> str:
    """A text that leaves room for numbers beside it."""
    if wide(text) <= 2 * _LONGEST:
        return text
    kept = ""
    for each in text:
        if wide(kept + each) > 2 * _LONGEST - 1:
            break
        kept += each
    return f"{kept}…"
