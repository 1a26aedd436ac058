"""Values that stand in a rule: numbers with units, days, periods, texts in quotes."""

import datetime as dt
import re
from fractions import Fraction
from functools import lru_cache

from lianqi.engines.rules.errors import Problem, RuleError
from lianqi.engines.rules.lexicon import FULL_WIDTH_DIGITS, UNIT, WORDS, first_of
from lianqi.engines.rules.nodes import Const
from lianqi.engines.rules.spelled import Stated, Text
from lianqi.engines.rules.strange import check_quoted
from lianqi.engines.rules.units import SHARE, unit_of
from lianqi.engines.rules.words import MULTIPLIERS, NUMERALS, PERIOD_WORDS, QUOTES, SHARES

MAX_NUMBER = 10**18
_MAX_DIGITS = 31


def number(text: str, digits: str, start: int) -> tuple[Const, int]:
    """The number that begins at a place, with its unit, and where it ends.

    Raises:
        RuleError: It is too large, a unit is not known, or a word is glued to it.
    """
    at = start + len(digits)
    plain = digits.translate(FULL_WIDTH_DIGITS).replace("_", "")
    whole = plain.partition(".")[0]
    if len(whole) > 1 and whole.startswith("0"):
        raise RuleError.at(text, start, at, Problem.LEADING_ZERO, word=digits)
    if len(plain) > _MAX_DIGITS:
        raise RuleError.at(text, start, at, Problem.NUMBER_TOO_LARGE)
    found = UNIT.match(text, at)
    if found is None:
        raise _glued(text, digits, start)
    if found[0].strip():
        at = found.end()
    value = _quantity(plain, *found.group("share", "many", "unit"))
    if value is None:
        raise RuleError.at(text, start, at, Problem.NUMBER_TOO_LARGE)
    return value, at


@lru_cache(maxsize=4096)
def _quantity(digits: str, share: str | None, many: str | None, unit: str | None) -> Const | None:
    """2000, 万 and 元 as a number, None if it is too large; the same ones stand in many rules."""
    value = Fraction(digits) * SHARES.get(share or "", MULTIPLIERS.get(many or "", 1))
    if value > MAX_NUMBER:
        return None
    known = unit_of(unit) if unit else None
    if known is None:
        return Const(value, SHARE, bare=not share)
    return Const(value * known.scale, known.dims)


def _glued(text: str, digits: str, start: int) -> RuleError:
    at = start + len(digits)
    run = WORDS.match(text, at)
    end = run.end() if run else at + 1
    written = text[at:end]
    if written.isascii():
        return RuleError.at(text, start, end, Problem.GLUED, number=digits, word=written)
    unit = first_of(written, lambda _: False)
    return RuleError.at(text, at, at + len(unit), Problem.UNKNOWN_UNIT, word=unit)


def day(text: str, found: re.Match[str]) -> Const:
    """2025年6月30日.

    Raises:
        RuleError: There is no such day.
    """
    try:
        return Const(dt.date(int(found["year"]), int(found["month"]), int(found["date"])))
    except ValueError:
        raise RuleError.at(text, *found.span(), Problem.NO_SUCH_DAY, word=found["day"]) from None


def period(found: re.Match[str]) -> Stated:
    """上年, 2024年, 2024年上半年, 2024年第三季度, 2024年6月."""
    if words := found["words"]:
        return Stated(*PERIOD_WORDS[words])
    year = found["year"]
    if half := found["half"]:
        return Stated("half", period=f"{year}-H{1 if half == '上半年' else 2}")
    if quarter := found["quarter"]:
        return Stated("quarter", period=f"{year}-Q{NUMERALS.get(quarter) or quarter}")
    if month := found["month"]:
        return Stated("month", period=f"{year}-{int(month):02}")
    return Stated("year", period=year)


def quoted(text: str, opening: str, start: int) -> tuple[Text, int]:
    """The text in quotes that begins at a place, and where it ends.

    Raises:
        RuleError: It is not closed, empty, or holds what cannot be seen.
    """
    end = _closing(text, opening, start)
    value = text[start + 1 : end]
    check_quoted(text, value, start + 1)
    if not value.strip():
        raise RuleError.at(text, start, end + 1, Problem.EMPTY_TEXT)
    return Text(value), end + 1


def _closing(text: str, opening: str, start: int) -> int:
    closing, depth = QUOTES[opening], 0
    for at in range(start + 1, len(text)):
        if text[at] == closing:
            if not depth:
                return at
            depth -= 1
        elif text[at] == opening:
            depth += 1
    raise RuleError.at(text, start, start + 1, Problem.QUOTE_NOT_CLOSED, closing=closing)
