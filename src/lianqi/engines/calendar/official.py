"""Official days: rest days and make-up working days announced by the State Council General Office.

Each year the General Office announces which weekdays are free and which weekend days are worked
instead (调休). The announcements cannot be computed, so they are a table, each row with the
notice it comes from.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

COLUMNS = ("date", "is_working", "name_zh", "source")
_MEANING = {"1": True, "0": False}


@dataclass(frozen=True)
class OfficialDay:
    """One day named by a notice: a rest day, or a day worked in exchange."""

    date: date
    is_working: bool
    name: str  # the festival, in Chinese: 春节
    source: str  # the notice: 国办发明电〔2025〕7号


def parse_official_days(text: str) -> tuple[OfficialDay, ...]:
    r"""Official days of a CSV text with the columns date, is_working (1 or 0), name_zh, source.

    Raises ValueError naming the line for a wrong header, an unreadable row, or a day listed twice.

    >>> parse_official_days(
    ...     "date,is_working,name_zh,source\n2020-06-28,1,端午节,国办发明电〔2019〕16号\n"
    ... )[0].is_working
    True
    """
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"expected the columns {', '.join(COLUMNS)}, found {reader.fieldnames}")
    days: dict[date, OfficialDay] = {}
    for row in reader:
        official = _parse_row(row, line=reader.line_num)
        if official.date in days:
            raise ValueError(f"line {reader.line_num}: {official.date} is listed twice")
        days[official.date] = official
    return tuple(days.values())


def _parse_row(row: dict[str, str], *, line: int) -> OfficialDay:
    try:
        day = date.fromisoformat(row["date"])
        is_working = _MEANING[row["is_working"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"line {line}: cannot read {row}") from error
    if not row["name_zh"] or not row["source"]:
        raise ValueError(f"line {line}: {day} needs a name and a source")
    return OfficialDay(date=day, is_working=is_working, name=row["name_zh"], source=row["source"])


def announced_years(days: Iterable[OfficialDay]) -> frozenset[int]:
    """Years whose own notice is among the days.

    Every notice opens with 1 January, while the last days of December may come from the notice
    of the following year. A year counts as announced when its 1 January is there.
    """
    return frozenset(day.date.year for day in days if (day.date.month, day.date.day) == (1, 1))


@cache
def packaged_official_days() -> tuple[OfficialDay, ...]:
    """The official days that come with the program (data/official_days.csv): 2020 to 2026."""
    table = resources.files("lianqi.engines.calendar") / "data" / "official_days.csv"
    return parse_official_days(table.read_text(encoding="utf-8"))
