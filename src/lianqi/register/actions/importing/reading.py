"""One row of a spreadsheet as values of the register, or the reason why not."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lianqi.engines.tables import Cell, Fault, Formula, Row, cell_text
from lianqi.engines.text import (
    AmountError,
    AmountProblem,
    CreditCodeError,
    DateError,
    DateProblem,
    check_credit_code,
    compact,
    parse_count,
    parse_date,
    parse_yuan,
)
from lianqi.register.actions.importing.vocabulary import (
    Directory,
    first_words,
    title_levels,
    words,
)
from lianqi.register.columns import YEARLY, Column
from lianqi.register.enums import ImportField as F
from lianqi.register.reasons import Reason, cell_reason, code_reason, reason

Values = dict[str, Any]
FEN = Decimal("0.01")
LARGEST = Decimal(10) ** 15
LIMITS = {
    F.NAME: 120, F.FORMER_NAME: 120, F.DISTRICT: 60, F.ADDRESS: 200, F.PARK: 80, F.CHAIN: 80,
    F.LAYER: 40, F.LEGAL_REPRESENTATIVE: 50, F.CONTACT_NAME: 50, F.CONTACT_POSITION: 50,
    F.TITLE: 60, F.TITLE_BATCH: 40, F.KEY_LIST: 80,
}  # fmt: skip
LONGEST_SHOWN = 40
_SEVERAL = re.compile(r"[、;；,，|\n]+")
_BLANKS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "暂无", "n/a", "null"})
_MOBILE = re.compile(r"1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,5})?|400\d{7}")
_LEVEL_PREFIX = re.compile(r"(国家级|省级|市级|区级)(.+)")


class RowRefused(Exception):
    """A row cannot be taken; `reason` says why."""

    def __init__(self, why: Reason) -> None:
        self.reason = why
        super().__init__(why["code"])


class RowReader:
    """Reads rows by a mapping; holds nothing of the rows it read."""

    def __init__(self, columns: Sequence[Column], directory: Directory, *, today: dt.date) -> None:
        self._columns = [(place, column) for place, column in enumerate(columns) if column["field"]]
        self._directory = directory
        self._today = today

    def read(self, row: Row) -> Values:
        """The values a row states; a blank cell states nothing.

        Returns:
            JSON-ready values: `code`, simple fields by name, `facts`, `titles`, `contact`,
            `chains`, `key_lists`, `former_names`. Amounts are text in yuan, days ISO text.

        Raises:
            RowRefused: The first thing that is wrong with the row.
        """
        if row.surplus and any(map(cell_text, row.surplus)):
            shown = next(filter(None, map(cell_text, row.surplus)))
            raise RowRefused(reason("row_shifted", found=shown[:40]))
        found: dict[str, Any] = {}
        facts: list[dict[str, str]] = []
        for place, column in self._columns:
            value = self._value(row.cells[place], column)
            if value is None:
                continue
            if column["field"] in YEARLY:
                unit = "人" if column["field"] == F.EMPLOYEES else "元"
                fact = {"key": column["field"], "period": column["period"]}
                facts.append(fact | {"value": value, "unit": unit})
            else:
                found[column["field"]] = value
        return _assembled(found, facts)

    def _value(self, cell: Cell, column: Column) -> Any:
        heading, text = column["heading"], cell_text(cell)
        if isinstance(cell, Formula) or text.startswith("="):
            raise RowRefused(reason("cell_formula", heading=heading, found=text[:40]))
        if isinstance(cell, Fault):
            raise RowRefused(reason("cell_fault", heading=heading, found=text))
        if not text or text.lower() in _BLANKS:
            return None
        read = _READERS.get(F(column["field"]), _plain_text)
        try:
            return read(_Found(cell, text, column, self._directory, self._today))
        except (AmountError, DateError) as error:
            if error.problem in {AmountProblem.EMPTY, DateProblem.EMPTY}:
                return None
            raise RowRefused(cell_reason(error, heading)) from error


@dataclass(frozen=True, slots=True)
class _Found:
    """One cell that holds something, with all that is needed to understand it."""

    cell: Cell
    text: str
    column: Column
    directory: Directory
    today: dt.date

    @property
    def field(self) -> F:
        return F(self.column["field"])

    @property
    def number(self) -> str | float:
        is_number = isinstance(self.cell, int | float) and not isinstance(self.cell, bool)
        return self.cell if is_number else self.text  # type: ignore[return-value]  # as tested

    def refusal(self, code: str, **params: str | int) -> RowRefused:
        """The reason with the heading and the text of the cell."""
        shown = self.text[:LONGEST_SHOWN]
        return RowRefused(reason(code, heading=self.column["heading"], found=shown, **params))


def _code(found: _Found) -> str:
    try:
        return check_credit_code(found.text).value
    except CreditCodeError as error:
        raise RowRefused(code_reason(error)) from error


def _employees(found: _Found) -> str:
    return str(parse_count(found.number))


def _amount(found: _Found) -> str:
    yuan = parse_yuan(
        found.number, header=found.column["heading"], default_unit=found.column["unit"] or None
    ).quantize(FEN, ROUND_HALF_UP)
    if yuan < 0 and found.field is not F.REVENUE:
        raise found.refusal("cell_negative")
    if abs(yuan) >= LARGEST:
        raise found.refusal("cell_number_too_large")
    return f"{yuan:f}"


def _day(found: _Found) -> str:
    cell = found.cell if isinstance(found.cell, dt.date) else found.number
    day = parse_date(cell, is_date_column=True)
    if found.field is F.ESTABLISHED and day > found.today:
        raise found.refusal("cell_date_in_future")
    return day.isoformat()


def _word(found: _Found) -> str:
    value = words().get((found.field, compact(found.text)))
    if value is None:
        raise found.refusal("cell_word", known=first_words(found.field))
    return value


def _industry(found: _Found) -> str:
    code = found.directory.industry(found.text)
    if code is None:
        raise found.refusal("cell_industry")
    return code


def _grid(found: _Found) -> int:
    grid_id = found.directory.grid(found.text)
    if grid_id is None:
        raise found.refusal("cell_grid")
    return grid_id


def _mobile(found: _Found) -> str:
    number = re.sub(r"[\s()（）]+", "", found.text).removeprefix("+86").replace("－", "-")
    if re.fullmatch(r"1[\d-]{10,}", number):
        number = number.replace("-", "")
    if not _MOBILE.fullmatch(number):
        raise found.refusal("cell_mobile")
    return number


def _email(found: _Found) -> str:
    try:
        validate_email(found.text)
    except ValidationError as error:
        raise found.refusal("cell_email") from error
    return found.text


def _several(found: _Found) -> list[str]:
    raw = found.cell if isinstance(found.cell, str) else found.text
    parts = [cell_text(part) for part in _SEVERAL.split(raw)]
    return [_short(found, part) for part in parts if part]


def _plain_text(found: _Found) -> str:
    return _short(found, found.text)


def _short(found: _Found, text: str) -> str:
    limit = LIMITS[found.field]
    if len(text) > limit:
        raise found.refusal("cell_too_long", limit=limit)
    return text


_READERS: dict[F, Callable[[_Found], Any]] = {
    F.CODE: _code,
    F.STATUS: _word,
    F.TYPE: _word,
    F.TITLE_LEVEL: _word,
    F.INDUSTRY: _industry,
    F.GRID: _grid,
    F.CAPITAL: _amount,
    F.REVENUE: _amount,
    F.TOTAL_ASSETS: _amount,
    F.EMPLOYEES: _employees,
    F.ESTABLISHED: _day,
    F.TITLE_VALID_UNTIL: _day,
    F.CONTACT_MOBILE: _mobile,
    F.CONTACT_EMAIL: _email,
    F.FORMER_NAME: _several,
    F.CHAIN: _several,
    F.TITLE: _several,
    F.KEY_LIST: _several,
}


def _assembled(found: dict[str, Any], facts: list[dict[str, str]]) -> Values:
    """Group what belongs together: a contact, a title with its level, a chain with its layer."""
    if F.CODE not in found:
        raise RowRefused(reason("code_missing"))
    simple = {
        name: found[name]
        for name in (
            F.CODE, F.NAME, F.STATUS, F.TYPE, F.INDUSTRY, F.DISTRICT, F.ADDRESS, F.GRID, F.PARK,
            F.CAPITAL, F.ESTABLISHED, F.LEGAL_REPRESENTATIVE,
        )
        if name in found
    }  # fmt: skip
    values: Values = {str(name): value for name, value in simple.items()}
    values["facts"] = facts
    values["former_names"] = found.get(F.FORMER_NAME, [])
    values["key_lists"] = found.get(F.KEY_LIST, [])
    values["chains"] = [[name, found.get(F.LAYER, "")] for name in found.get(F.CHAIN, [])]
    values["titles"] = [_title(label, found) for label in found.get(F.TITLE, [])]
    values["contact"] = _contact(found)
    return values


def _title(label: str, found: dict[str, Any]) -> list[str]:
    """Label, level, batch, last day of validity; "" where not stated."""
    level = found.get(F.TITLE_LEVEL) or title_levels().get(compact(label), "")
    if not level and (prefixed := _LEVEL_PREFIX.fullmatch(label)):
        level, label = words()[(F.TITLE_LEVEL, prefixed[1])], prefixed[2]
    if not level:
        raise RowRefused(reason("level_missing", found=label))
    return [label, level, found.get(F.TITLE_BATCH, ""), found.get(F.TITLE_VALID_UNTIL, "")]


def _contact(found: dict[str, Any]) -> list[str]:
    """Name, mobile, position, e-mail; empty when there is neither a name nor a way to reach it."""
    contact = [
        found.get(F.CONTACT_NAME, ""),
        found.get(F.CONTACT_MOBILE, ""),
        found.get(F.CONTACT_POSITION, ""),
        found.get(F.CONTACT_EMAIL, ""),
    ]
    return contact if any(contact) else []
