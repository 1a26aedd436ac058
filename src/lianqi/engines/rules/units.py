"""Units of measurement: what may be compared with what, and how 2000万元 becomes yuan.

A unit is a product of powers of base measures with a scale: 万元 is 10 000 times 元, 元/平方米·月
is yuan by square metre and month. Everything is computed in base measures, exactly.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

# Powers of base measures, sorted by name: (("人", -1), ("元", 1)) is yuan per person.
Dims = tuple[tuple[str, int], ...]

SHARE: Dims = ()
YUAN: Dims = (("元", 1),)
PERSONS: Dims = (("人", 1),)
DAYS: Dims = (("天", 1),)
MONTHS: Dims = (("月", 1),)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    Attributes:
        symbol: As it is written: 万元, %, 平方米.
        dims: What it measures; () is a share or plain number.
        scale: How many base units it is worth.
    """

    symbol: str
    dims: Dims
    scale: Fraction = Fraction(1)


def _base(symbol: str, scale: int | Fraction = 1, of: str = "") -> Unit:
    return Unit(symbol, ((of or symbol, 1),), Fraction(scale))


UNITS = {
    each.symbol: each
    for each in (
        Unit("", SHARE),
        Unit("%", SHARE, Fraction(1, 100)),
        Unit("‰", SHARE, Fraction(1, 1000)),
        Unit("倍", SHARE),
        _base("元"),
        _base("分钱", Fraction(1, 100), of="元"),
        _base("万元", 10_000, of="元"),
        _base("亿元", 100_000_000, of="元"),
        _base("美元"),
        _base("万美元", 10_000, of="美元"),
        _base("亿美元", 100_000_000, of="美元"),
        _base("人"),
        _base("万人", 10_000, of="人"),
        _base("项"),
        _base("件", of="项"),
        _base("个", of="项"),
        _base("家", of="项"),
        _base("次", of="项"),
        _base("分"),
        _base("级"),
        _base("名次"),
        _base("平方米"),
        _base("万平方米", 10_000, of="平方米"),
        _base("亩"),
        _base("天"),
        _base("日", of="天"),
        _base("工作日"),
        _base("月"),
        _base("个月", of="月"),
        _base("年", 12, of="月"),
        _base("千瓦时"),
        _base("万千瓦时", 10_000, of="千瓦时"),
        _base("吨标准煤"),
        _base("纳米"),
    )
}
# The names that the plain spelling uses for them, as in 600 * yuan / person.
PLAIN_NAMES = {
    "yuan": "元",
    "usd": "美元",
    "person": "人",
    "item": "项",
    "point": "分",
    "level": "级",
    "rank": "名次",
    "sqm": "平方米",
    "mu": "亩",
    "day": "天",
    "workday": "工作日",
    "month": "月",
    "year": "年",
    "kwh": "千瓦时",
    "tce": "吨标准煤",
    "nm": "纳米",
}
_PARTS = re.compile(r"[/·*]|[^/·*\s]+")


def unit_of(written: str) -> Unit | None:
    """A unit as it is written, also a compound one as 元/平方米·月; None if it is not known.

    What follows the stroke divides, up to the end: 元/平方米·月 is yuan by square metre and month.
    """
    written = written.strip()
    if written in UNITS:
        return UNITS[written]
    dims, scale, sign = SHARE, Fraction(1), 1
    for part in _PARTS.findall(written):
        if part == "/":
            sign = -1
        elif part not in "·*":
            unit = UNITS.get(part)
            if unit is None:
                return None
            dims, scale = times(dims, power(unit.dims, sign)), scale * unit.scale**sign
    return Unit(written, dims, scale)


def times(left: Dims, right: Dims) -> Dims:
    """What the product of two quantities measures."""
    exponents = dict(left)
    for base, exponent in right:
        exponents[base] = exponents.get(base, 0) + exponent
    return tuple(sorted((base, each) for base, each in exponents.items() if each))


def power(dims: Dims, exponent: int) -> Dims:
    """What a power of a quantity measures."""
    return tuple((base, each * exponent) for base, each in dims)


def symbol_of(dims: Dims) -> str:
    """How a reader would name it: 元/人; a plain number has no name."""
    above = "·".join(base + ("" if each == 1 else f"^{each}") for base, each in dims if each > 0)
    below = "·".join(base + ("" if each == -1 else f"^{-each}") for base, each in dims if each < 0)
    return f"{above or '1'}/{below}" if below else above
