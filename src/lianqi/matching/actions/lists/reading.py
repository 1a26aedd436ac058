"""One row of a department's list as what it states of which enterprise, or the reason why not."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from lianqi.engines.packs.cells import value_of
from lianqi.engines.packs.errors import NotAValueError, Wrong
from lianqi.engines.packs.headings import Heading, usual_unit
from lianqi.engines.rules.units import unit_of
from lianqi.engines.tables import Cell, Fault, Formula, Row, cell_text, column_letters
from lianqi.engines.text import (
    CreditCodeError,
    DateError,
    DateProblem,
    check_credit_code,
    compact,
    parse_date,
)
from lianqi.matching.actions.answers import KEPT_DIGITS
from lianqi.matching.columns import Listed, ListKind
from lianqi.matching.models import FactList
from lianqi.matching.queries.values import decimal_text, stated_as
from lianqi.matching.reasons import reason, value_reason
from lianqi.register.actions.importing.vocabulary import first_words, title_levels, words
from lianqi.register.columns import Column
from lianqi.register.enums import ImportField
from lianqi.register.reasons import cell_reason, code_reason
from lianqi.register.reasons import reason as of_the_register

Values = dict[str, Any]
LONGEST = {"name": 120, "label": 60, "batch": 40}
_SHOWN = 40
_LARGEST = 10**16  # the register keeps sixteen digits before the point


class RowRefused(Exception):
    """A row cannot be taken; `reason` says why."""

    def __init__(self, why: Mapping[str, Any]) -> None:
        self.reason = dict(why)
        super().__init__(why["code"])


class RowReader:
    """Reads the rows of a list; holds nothing of the rows it read.

    A row becomes `{"code", "name", "value", "since", "until"}`: the value of a statement in its
    shape, that of a figure as a decimal in the unit of the fact, of a title its label, level and
    batch; days as ISO text, "" where none is stated.
    """

    def __init__(self, run: FactList, listed: Listed) -> None:
        columns: Sequence[Column] = run.mapping
        self._run, self._listed = run, listed
        self._columns = {
            column["field"]: (place, column)
            for place, column in enumerate(columns)
            if column["field"]
        }
        unit = self._columns["value"][1]["unit"] if "value" in self._columns else ""
        bare = unit_of(unit) if unit else usual_unit(listed.spec)
        self._heading = Heading(listed.spec, listed.period, bare)

    def read(self, row: Row) -> Values:
        """What a row states.

        Raises:
            RowRefused: The first thing that is wrong with the row.
        """
        if row.surplus and any(map(cell_text, row.surplus)):
            shown = next(filter(None, map(cell_text, row.surplus)))
            raise RowRefused(of_the_register("row_shifted", found=shown[:_SHOWN]))
        code, name = self._code(row), self._text(row, "name")
        if not code and not name:
            raise RowRefused(reason("firm_missing"))
        is_title = self._listed.kind is ListKind.TITLE
        since = self._day(row, "granted_on" if is_title else "since") or _iso(self._run.since)
        until = self._day(row, "valid_until" if is_title else "until") or _iso(self._run.until)
        if since and until and until < since:
            raise RowRefused(reason("days_reversed"))
        value = self._title(row) if is_title else self._value(row)
        return {"code": code, "name": name, "value": value, "since": since, "until": until}

    # --- cells -----------------------------------------------------------------------------------

    def _cell(self, row: Row, field: str) -> Cell:
        if field not in self._columns:
            return None
        place, column = self._columns[field]
        cell = row.cells[place]
        if isinstance(cell, Formula):
            shown = cell.text[:_SHOWN]
            raise RowRefused(
                of_the_register("cell_formula", heading=column["heading"], found=shown)
            )
        if isinstance(cell, Fault):
            raise RowRefused(
                of_the_register("cell_fault", heading=column["heading"], found=cell.text)
            )
        return cell

    def _place(self, row: Row, field: str) -> str:
        return f"{column_letters(self._columns[field][0] + 1)}{row.number}"

    def _text(self, row: Row, field: str) -> str:
        text = cell_text(self._cell(row, field))
        if len(text) > LONGEST[field]:
            cell = self._place(row, field)
            raise RowRefused(reason("label_too_long", cell=cell, limit=LONGEST[field]))
        return text

    def _code(self, row: Row) -> str:
        text = cell_text(self._cell(row, "code"))
        if not text:
            return ""
        try:
            return check_credit_code(text).value
        except CreditCodeError as error:
            raise RowRefused(code_reason(error)) from error

    def _day(self, row: Row, field: str) -> str:
        cell = self._cell(row, field)
        if not cell_text(cell):
            return ""
        heading = self._columns[field][1]["heading"]
        is_plain = isinstance(cell, dt.date | int | float) and not isinstance(cell, bool)
        try:
            return parse_date(
                cell if is_plain else cell_text(cell),  # type: ignore[arg-type]  # as tested
                is_date_column=True,
            ).isoformat()
        except DateError as error:
            if error.problem is DateProblem.EMPTY:
                return ""
            raise RowRefused(cell_reason(error, heading)) from error

    def _value(self, row: Row) -> Any:
        if "value" not in self._columns:
            return self._run.preset
        place = self._place(row, "value")
        try:
            found = value_of(self._heading, self._cell(row, "value"))
        except NotAValueError as error:
            raise RowRefused(value_reason(error, place)) from error
        if found is None:
            raise RowRefused(reason("value_missing", cell=place))
        if self._listed.kind is ListKind.STATEMENT:
            return stated_as(self._listed.spec, found)
        number = found / self._listed.spec.unit.scale
        if (number * 10**KEPT_DIGITS).denominator != 1:
            raise RowRefused(reason("too_exact", cell=place, digits=KEPT_DIGITS))
        if abs(number) >= _LARGEST:
            raise RowRefused(value_reason(NotAValueError(Wrong.NUMBER_TOO_GREAT), place))
        return decimal_text(number)

    def _title(self, row: Row) -> dict[str, str]:
        preset = self._run.preset or {}
        label = self._text(row, "label") or preset.get("label", "")
        if not label:
            raise RowRefused(reason("value_missing", cell=self._place(row, "label")))
        batch = self._text(row, "batch") or preset.get("batch", "")
        return {"label": label, "level": self._level(row, label), "batch": batch}

    def _level(self, row: Row, label: str) -> str:
        """As the row says, as the title alone tells, or as was chosen for the whole list."""
        text = cell_text(self._cell(row, "level"))
        if not text:
            chosen = (self._run.preset or {}).get("level", "")
            level = title_levels().get(compact(label)) or chosen
            if not level:
                raise RowRefused(of_the_register("level_missing", found=label))
            return str(level)
        found = words().get((ImportField.TITLE_LEVEL, compact(text)))
        if found is None:
            cell, known = self._place(row, "level"), first_words(ImportField.TITLE_LEVEL)
            raise RowRefused(reason("level_unknown", cell=cell, found=text[:_SHOWN], known=known))
        return found


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
