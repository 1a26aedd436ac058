"""Values as a pack's cases write them: the other way round than `given` reads them."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.units import SHARE, YUAN

_WAN = 10_000


def stated(spec: FactSpec, value: Any) -> str:
    """One value: 2000万元, 8.75%, 是, 高新技术企业、瞪羚企业."""
    match value:
        case bool():
            return "是" if value else "否"
        case int() | Fraction():
            return quantity_of(spec, Fraction(value))
        case dt.date():
            return value.isoformat()
        case frozenset():
            return "、".join(spec.values.get(each, each) for each in sorted(value)) or "无"
        case tuple():
            return f"{len(value)}条"
    return spec.values.get(str(value), str(value)) or "其他"


def quantity_of(spec: FactSpec, number: Fraction) -> str:
    """A number with its unit, money in 万元 where that is round."""
    if spec.unit.dims == YUAN:
        in_wan = number / _WAN
        is_round = abs(in_wan) >= 1 and (in_wan * 100).denominator == 1
        return f"{_decimal(in_wan)}万元" if is_round else f"{_decimal(number)}元"
    if spec.unit.dims == SHARE and not spec.unit.symbol:
        return f"{_decimal(number * 100)}%"
    return f"{_decimal(number)}{spec.unit.symbol}"


def _decimal(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.6f}".rstrip("0").rstrip(".")


def facts_stated(facts: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Facts by slot as lines of a case: 营业收入[2025]: 2000万元."""
    lines = []
    for slot, value in sorted(facts.items()):
        key, _at, period = slot.partition("@")
        spec = catalogue.find(key)
        if spec is None:
            lines.append(f"{slot}: {'是' if value else '否'}")
            continue
        name = f"{spec.label}[{period}]" if period else spec.label
        lines.append(f"{name}: {stated(spec, value)}")
    return lines
