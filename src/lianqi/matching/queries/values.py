"""What a statement of the register means as the value of a fact, or why it means nothing."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import checked, industry_code, word_for
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.units import unit_of
from lianqi.matching.enums import Unused
from lianqi.register.enums import Shape
from lianqi.register.models import shape_of

SHAPES: Mapping[Kind, Shape] = {
    Kind.BOOL: Shape.YES_NO,
    Kind.TEXT: Shape.WORD,
    Kind.NUMBER: Shape.NUMBER,
    Kind.DATE: Shape.DAY,
    Kind.SET: Shape.WORDS,
    Kind.LIST: Shape.ENTRIES,
}
KEPT = frozenset({"industry", "founded", "size_class", "titles", "high_tech_until"})
"""What the register keeps in places of its own; a statement about it is not used."""


class NotUsableError(ValueError):
    """A statement cannot be the value of its fact.

    Attributes:
        why: In which respect it does not fit.
        fact: The fact, or the field of an entry, that it does not fit.
        written: What was stated there.
    """

    def __init__(self, why: Unused, fact: FactSpec, written: object) -> None:
        super().__init__(f"{fact.key}: {why}")
        self.why, self.fact, self.written = why, fact, written


def value_of(spec: FactSpec, stated: Any) -> Any:
    """A value as rules read it, numbers in base units.

    Raises:
        NotUsableError: It is of another kind or unit, out of bounds, or an unknown word.
    """
    if shape_of(stated) is not SHAPES[spec.kind]:
        raise NotUsableError(Unused.KIND, spec, stated)
    match spec.kind:
        case Kind.NUMBER:
            return _number(spec, stated)
        case Kind.DATE:
            return dt.date.fromisoformat(stated["day"])
        case Kind.TEXT:
            return _word(spec, stated)
        case Kind.SET:
            return frozenset(_word(spec, each) for each in stated["words"])
        case Kind.LIST:
            return tuple(_entry(spec, each) for each in stated["entries"])
    return stated


def _number(spec: FactSpec, stated: Mapping[str, str]) -> Fraction:
    unit = unit_of(stated["unit"])
    if unit is None or unit.dims != spec.unit.dims:
        raise NotUsableError(Unused.UNIT, spec, stated)
    number = Fraction(stated["number"]) * unit.scale
    try:
        return checked(spec, number)
    except NotAValueError as error:
        raise NotUsableError(Unused.VALUE, spec, stated) from error


def _word(spec: FactSpec, stated: str) -> str:
    try:
        return industry_code(stated) if spec.coded == "gbt4754" else word_for(spec, stated)
    except NotAValueError as error:
        raise NotUsableError(Unused.WORD, spec, stated) from error


def _entry(spec: FactSpec, stated: Mapping[str, Any]) -> dict[str, Any]:
    entry = {}
    for name, each in stated.items():
        if name not in spec.fields:
            raise NotUsableError(Unused.FIELD, spec, name)
        entry[name] = value_of(spec.fields[name], each)
    return entry


def stated_as(spec: FactSpec, value: Any) -> Any:
    """The shape in which a value is stated: the other way round."""
    match spec.kind:
        case Kind.NUMBER:
            number = Fraction(value) / spec.unit.scale
            return {"number": decimal_text(number), "unit": spec.unit.symbol}
        case Kind.DATE:
            return {"day": value.isoformat()}
        case Kind.SET:
            return {"words": sorted(value)}
        case Kind.LIST:
            return {
                "entries": [
                    {name: stated_as(spec.fields[name], each) for name, each in entry.items()}
                    for entry in value
                ]
            }
    return value


def decimal_text(number: Fraction) -> str:
    """A decimal in full: 0.35. Eight digits after the point are enough for every fact."""
    scaled = round(number * 10**8)
    sign, digits = "-" if scaled < 0 else "", f"{abs(scaled):09}"
    return f"{sign}{digits[:-8]}.{digits[-8:]}".rstrip("0").rstrip(".")


def fits(grain: str, period: str) -> bool:
    """Whether a period, 2025, 2025-H1, 2025-Q1 or 2025-06, is of this length; "" if of none."""
    if not period:
        return not grain
    kind = {"H": "half", "Q": "quarter", "": "year"}.get(period[5:6], "month")
    return kind == grain


def spec_of(catalogue: Catalogue, slot: str) -> FactSpec | None:
    """The fact that a slot is about: of `ip_rights.transferred` the list it stands in."""
    return catalogue.find(slot.partition("@")[0].partition(".")[0])
