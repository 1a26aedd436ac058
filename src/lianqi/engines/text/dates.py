"""Dates as people type them, read or refused with a reason."""

import datetime as dt
import math
import re
import unicodedata
from enum import StrEnum

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_MIDNIGHT_OR_TIME = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_SEPARATED = re.compile(
    rf"(\d{{4}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})\.?{_MIDNIGHT_OR_TIME}"
)
_CHINESE = re.compile(
    rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]{_MIDNIGHT_OR_TIME}"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MISSING = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{4}\s*年?")
_TWO_DIGIT_YEAR = re.compile(r"'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_DAY_FIRST = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}")
_BLANKS = frozenset({"", "-", "--", "—", "——", "/", "无", "n/a", "null", "暂无"})
_DAY_ZERO = dt.date(1899, 12, 30)
# Spreadsheets believe in 29 February 1900, so serial numbers are reliable from 1 March 1900 on.
_FIRST_SERIAL = 61
_LAST_SERIAL = (dt.date.max - _DAY_ZERO).days
_COMPACT_NUMBERS = range(1000_01_01, 9999_12_32)


class DateProblem(StrEnum):
    EMPTY = "empty"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    DAY_MISSING = "day_missing"
    TWO_DIGIT_YEAR = "two_digit_year"
    DAY_FIRST = "day_first"
    SERIAL = "serial"


_EXPLANATIONS = {
    DateProblem.EMPTY: "the cell holds no value",
    DateProblem.NOT_A_DATE: "this is not a date; write it like 2020-06-22",
    DateProblem.NO_SUCH_DAY: "the calendar has no such day",
    DateProblem.DAY_MISSING: "the month or the day is missing",
    DateProblem.TWO_DIGIT_YEAR: "write the year with four digits",
    DateProblem.DAY_FIRST: "day and month could be exchanged; write the year first",
    DateProblem.SERIAL: "this number is a date only in a column of dates, and from 61 on",
}


class DateError(ValueError):
    """A cell does not hold one certain day.

    Attributes:
        problem: What is wrong with it.
        found: The cell as it was.
    """

    def __init__(self, problem: DateProblem, found: object) -> None:
        self.problem = problem
        self.found = str(found)
        super().__init__(f"{_EXPLANATIONS[problem]}: {found}")


def parse_date(value: str | float | dt.date, *, is_date_column: bool = False) -> dt.date:
    """Return the day in a cell; a time of day is dropped.

    Reads 2020年6月22日, 2020/6/22, 2020.06.22, 2020-6-22 and 20200622 with half- or full-width
    digits, and date cells.

    Args:
        value: The cell.
        is_date_column: Whether a number is a spreadsheet's serial number of a day (1900 system):
            44004 is 2020-06-22. A number of eight digits is read as year, month, day either way.

    Raises:
        DateError: The cell is empty, no date, not a whole date, or could mean two days.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        return _parse_text(value, is_date_column=is_date_column)
    return _parse_number(value, is_date_column=is_date_column)


def _day(year: str, month: str, day: str, found: object) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise DateError(DateProblem.NO_SUCH_DAY, found) from error


def _parse_text(value: str, *, is_date_column: bool) -> dt.date:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", value)).strip().lower()
    if found := _SEPARATED.fullmatch(text):
        return _day(found[1], found[3], found[4], value)
    if found := _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3], value)
    if is_date_column and re.fullmatch(r"\d{5,7}(?:\.\d+)?", text):
        return _parse_number(float(text), is_date_column=True)
    for problem, holds in (
        (DateProblem.EMPTY, text in _BLANKS),
        (DateProblem.DAY_MISSING, _DAY_MISSING.fullmatch(text)),
        (DateProblem.TWO_DIGIT_YEAR, _TWO_DIGIT_YEAR.fullmatch(text)),
        (DateProblem.DAY_FIRST, _DAY_FIRST.fullmatch(text)),
        (DateProblem.SERIAL, re.fullmatch(r"\d+(?:\.\d+)?", text)),
    ):
        if holds:
            raise DateError(problem, value)
    raise DateError(DateProblem.NOT_A_DATE, value)


def _parse_number(value: float, *, is_date_column: bool) -> dt.date:
    if isinstance(value, bool) or not math.isfinite(value):
        raise DateError(DateProblem.NOT_A_DATE, value)
    if value == int(value) and int(value) in _COMPACT_NUMBERS:
        digits = str(int(value))
        return _day(digits[:4], digits[4:6], digits[6:], value)
    if not is_date_column or not _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        raise DateError(DateProblem.SERIAL, value)
    return _DAY_ZERO + dt.timedelta(days=int(value))
