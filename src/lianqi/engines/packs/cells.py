"""Cells of a register as values of facts; what does not fit is refused, and blank is unknown."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from lianqi.engines.packs.errors import NotAValueError, Wrong
from lianqi.engines.packs.headings import Heading, unit_columns, usual_unit
from lianqi.engines.packs.quantities import (
    NONE_OF_THEM,
    UNKNOWN,
    number_for,
    quantity,
    scalar_for,
    word_for,
)
from lianqi.engines.rules.catalogue import FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.tables import Cell, Fault, Formula, cell_text

_SEPARATORS = re.compile(r"[、，,；;\n]+")
_ENTRIES = re.compile(r"[；;\n]+")
_FIELDS = re.compile(r"[、，,]+")
_FIELD = re.compile(r"(.+?)\s*[:：=＝]\s*(.+)")
_DAY = re.compile(r"([12]\d{3})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?|([12]\d{3})(\d\d)(\d\d)")
_YES_NO = {"1": "是", "0": "否"}
# A cell is a binary float that spreadsheet programs show with so many digits.
_DIGITS_OF_A_CELL = 15


def value_of(heading: Heading, cell: Cell) -> Any:
    """The value of a cell below a heading, ready for a snapshot; None if it is unknown.

    Raises:
        NotAValueError: It is none of its fact.
    """
    if isinstance(cell, Formula):
        raise NotAValueError(Wrong.FORMULA_IN_CELL)
    if isinstance(cell, Fault):
        raise NotAValueError(Wrong.FAULT_IN_CELL, written=cell.text)
    text, spec = cell_text(cell), heading.spec
    if not text or text in UNKNOWN:
        return None
    if spec.kind is Kind.NUMBER:
        return _number(heading, cell, text)
    if spec.kind is Kind.SET:
        return frozenset(word_for(spec, each) for each in _several(_SEPARATORS, text))
    if spec.kind is Kind.LIST:
        return tuple(_entry(spec, each) for each in _several(_ENTRIES, text))
    return _single(spec, cell, text)


def _several(separators: re.Pattern[str], text: str) -> list[str]:
    if text in NONE_OF_THEM:
        return []
    return [each.strip() for each in separators.split(text) if each.strip()]


def _single(spec: FactSpec, cell: Cell, text: str) -> object:
    if spec.kind is Kind.BOOL:
        return scalar_for(spec, _YES_NO.get(text, text))
    if spec.kind is Kind.DATE:
        return _day(cell, text)
    return scalar_for(spec, text)


def _number(heading: Heading, cell: Cell, text: str) -> object:
    spec, unit = heading.spec, heading.unit
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise NotAValueError(Wrong.CELL_WITHOUT_NUMBER, written=text)
    if isinstance(cell, float):
        text = f"{Decimal(f'{cell:.{_DIGITS_OF_A_CELL}g}'):f}"
    _quantity, stated = quantity(text)
    if not stated.symbol and text[-1:] not in "万亿":
        if unit is None:
            raise NotAValueError(
                Wrong.CELL_WITHOUT_UNIT, written=text, columns=unit_columns(heading)
            )
        text += unit.symbol
    return number_for(spec, text)


def _day(cell: Cell, text: str) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = _DAY.fullmatch(text.partition(" ")[0])
    try:
        year, month, day = (int(each) for each in found.groups() if each) if found else (0, 0, 0)
        return dt.date(year, month, day)
    except ValueError:
        raise NotAValueError(Wrong.NOT_A_DAY, written=text[:20]) from None


def _entry(spec: FactSpec, text: str) -> dict[str, Any]:
    """One entry of a list, its fields by name: 类别：Ⅰ类，受让取得：否."""
    names = {name: key for key, each in spec.fields.items() for name in each.names}
    entry = {}
    for part in _several(_FIELDS, text):
        found = _FIELD.fullmatch(part)
        field = spec.fields.get(names.get(found[1], "")) if found else None
        if found is None or field is None:
            example = "，".join(f"{each.label}：…" for each in spec.fields.values())
            raise NotAValueError(Wrong.NOT_IN_AN_ENTRY, written=part[:30], example=example)
        if found[2] not in UNKNOWN:
            entry[field.key] = value_of(Heading(field, unit=usual_unit(field)), found[2])
    return entry
