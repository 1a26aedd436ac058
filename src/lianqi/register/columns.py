"""What the columns of a spreadsheet mean: known headings, remembered ones, years in headings."""

import csv
import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from lianqi.engines.tables import header_key
from lianqi.engines.text import normalise
from lianqi.register.enums import ImportField
from lianqi.register.errors import MappingIncomplete, MappingTwice, PeriodMissing
from lianqi.register.models import ColumnMemory

DATA = Path(__file__).parent / "data"
YEARLY = frozenset({ImportField.EMPLOYEES, ImportField.REVENUE, ImportField.TOTAL_ASSETS})
PERIOD = re.compile(r"(?:19|20)\d{2}(?:-(?:H[12]|Q[1-4]|0[1-9]|1[0-2]))?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_YEAR_IN_KEY = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)年?度?")


class Column(TypedDict):
    """One column: its heading, the `ImportField` it holds ("" leaves it out), year, unit."""

    heading: str
    field: str
    period: str
    unit: str


@lru_cache
def known_fields() -> dict[str, str]:
    """Key of a heading → field, from the table of synonyms."""
    with (DATA / "columns.csv").open(encoding="utf-8", newline="") as file:
        return {header_key(row["heading"]): row["field"] for row in csv.DictReader(file)}


def known_headings(earlier: Collection[str] = ()) -> list[str]:
    """All headings by which the header of a table is found; `earlier` are those of this file."""
    remembered = ColumnMemory.objects.values_list("heading", flat=True)
    return [*known_fields(), *remembered, *filter(None, earlier)]


def suggest_columns(header: Sequence[str]) -> list[Column]:
    """Guess the meaning of each column. What was remembered comes before the synonyms.

    A field that a column to the left holds already is not given a second time.
    """
    remembered = dict(ColumnMemory.objects.values_list("heading", "field"))
    taken: set[tuple[str, str]] = set()
    columns = []
    for heading in header:
        field, period = _field_of(heading, remembered), _period_of(heading)
        if field not in YEARLY:
            period = ""
        if (field, period) in taken:
            field = period = ""
        taken.add((field, period))
        columns.append(Column(heading=heading, field=field, period=period, unit=""))
    return columns


def memory_key(heading: str) -> str:
    """Under which key a heading is remembered: without year, unit, punctuation."""
    return _YEAR_IN_KEY.sub("", header_key(heading)) or header_key(heading)


def _field_of(heading: str, remembered: dict[str, str]) -> str:
    for text in (heading, heading.rpartition("/")[2]):
        key = memory_key(text)
        if field := remembered.get(key) or known_fields().get(key, ""):
            return field
    return ""


def _period_of(heading: str) -> str:
    found = _YEAR.search(normalise(heading))
    return found[1] if found else ""


def check_columns(columns: Sequence[Column]) -> None:
    """Refuse a mapping with which no row could be read.

    Raises:
        MappingIncomplete, MappingTwice, PeriodMissing: What is wrong with it.
    """
    fields = [ImportField(column["field"]) for column in columns if column["field"]]
    if ImportField.CODE not in fields:
        raise MappingIncomplete(field=ImportField.CODE.label)
    seen: set[tuple[str, str]] = set()
    for column in columns:
        if not column["field"]:
            continue
        field = ImportField(column["field"])
        if field in YEARLY and not PERIOD.fullmatch(column["period"]):
            raise PeriodMissing(heading=column["heading"])
        if (field, column["period"]) in seen:
            raise MappingTwice(field=field.label)
        seen.add((field, column["period"]))
