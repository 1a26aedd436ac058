"""A rule as text in either spelling; reading the text again gives the same rule."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from functools import singledispatchmethod

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.checking import is_share
from lianqi.engines.rules.lexicon import is_spellable
from lianqi.engines.rules.naming import is_taken
from lianqi.engines.rules.nodes import (
    Back,
    Choice,
    Const,
    Fact,
    Has,
    Node,
    Not,
    OneOf,
    Operation,
    Prefix,
    Sign,
)
from lianqi.engines.rules.reading import plain as digits_of
from lianqi.engines.rules.units import MONTHS, PLAIN_NAMES, SHARE, YUAN, Dims
from lianqi.engines.rules.words import CONSTANTS, FUNCTIONS, RECENT_YEARS
from lianqi.engines.rules.writing import ATOM, CHOICE, COMPARED, NOT, OR, PRODUCT, SUM, Writer

_PLAIN_UNITS = {symbol: name for name, symbol in PLAIN_NAMES.items()}
_CHINESE_SIGNS = {
    Sign.LESS: "<",
    Sign.AT_MOST: "≤",
    Sign.MORE: ">",
    Sign.AT_LEAST: "≥",
    Sign.EQUAL: "等于",
    Sign.UNEQUAL: "≠",
}
_CHINESE_OPERATIONS = {
    Operation.PLUS: "+",
    Operation.MINUS: "-",
    Operation.TIMES: "×",
    Operation.OVER: "÷",
}
_BACK_WORDS = {
    ("year", 0): "本年",
    ("year", 1): "上年",
    ("year", 2): "前年",
    ("half", 0): "本半年",
    ("quarter", 0): "本季度",
    ("month", 0): "本月",
}
_WAN, _YI = 10_000, 100_000_000


def render(node: Node, language: str = "plain", *, catalogue: Catalogue | None = None) -> str:
    """A rule as text.

    Args:
        node: As it was read, not bound to a day.
        language: "plain" or "zh".
        catalogue: Where Chinese names are looked up; without it, facts are written by their keys.
    """
    writer = _Chinese(catalogue) if language == "zh" else _Plain(catalogue)
    return writer.text(node)


class _Plain(Writer):
    def word(self, plain: str) -> str:
        return plain

    def label(self, _spec: FactSpec | None, key: str) -> str:
        return key

    def quoted(self, text: str) -> str:
        return _in_quotes(text, {"'": "'", '"': '"', "「": "」", "“": "”"})

    def value_of(self, _spec: FactSpec | None, value: str) -> str:
        return value

    def number(
        self, value: Fraction, dims: Dims, *, bare: bool = False, share: bool = False
    ) -> tuple[str, int]:
        if dims == SHARE and share and abs(value) > 1:
            return _percent(value, "/")
        written = _grouped(value)
        if bare or dims == SHARE:
            return written, PRODUCT if "/" in written else ATOM
        above = [_PLAIN_UNITS[base] for base, power in dims for _ in range(power)]
        below = [_PLAIN_UNITS[base] for base, power in dims for _ in range(-power)]
        parts = [written, *(f"* {each}" for each in above), *(f"/ {each}" for each in below)]
        return " ".join(parts), PRODUCT

    def day(self, value: dt.date) -> str:
        return f"date('{value.isoformat()}')"

    def period(self, fact: Fact) -> str:
        match fact.period:
            case None | Back(count=1):
                return ""
            case Back():
                return f"[{-fact.period.count}]"
        return f"[{fact.period}]" if fact.period.isdigit() else f"['{fact.period}']"

    def sign(self, sign: Sign) -> str:
        return str(sign)

    def operation(self, operation: Operation) -> str:
        return str(operation)

    def recent(self, function: str, count: int, body: str) -> str:
        return self.call(function, str(count), body)

    def write_not(self, item: Node) -> tuple[str, int]:
        if isinstance(item, OneOf):
            values = self.listed(item.item, item.values)
            name = self.text(item.item, SUM)
            if len(values) == 1:
                return f"{name} != {values[0]}", COMPARED
            return f"{name} not in {self.bracketed(*values)}", COMPARED
        return f"not {self.text(item, NOT)}", NOT

    @singledispatchmethod
    def write(self, node: Node) -> tuple[str, int]:
        return super().write(node)

    @write.register
    def _(self, node: Not) -> tuple[str, int]:
        return self.write_not(node.item)

    @write.register
    def _(self, node: OneOf) -> tuple[str, int]:
        values, name = self.listed(node.item, node.values), self.text(node.item, SUM)
        if len(values) == 1:
            return f"{name} == {values[0]}", COMPARED
        return f"{name} in {self.bracketed(*values)}", COMPARED

    @write.register
    def _(self, node: Prefix) -> tuple[str, int]:
        values = self.listed(node.item, node.prefixes)
        return self.call("startswith", self.text(node.item), *values), ATOM

    @write.register
    def _(self, node: Has) -> tuple[str, int]:
        values = self.listed(node.item, node.values)
        return self.call("has", self.text(node.item), *values), ATOM

    @write.register
    def _(self, node: Choice) -> tuple[str, int]:
        then = self.beside(node.then, OR, node.otherwise)
        otherwise = self.beside(node.otherwise, CHOICE, node.then)
        return f"{then} if {self.text(node.test, OR)} else {otherwise}", CHOICE


class _Chinese(Writer):
    opening, closing, comma = "（", "）", "，"
    _YEARS = {function: word for word, function in reversed(RECENT_YEARS.items())}
    _WORDS: Mapping[str, str] = FUNCTIONS | CONSTANTS | {"and": "且", "or": "或", "not": "非"}

    def word(self, plain: str) -> str:
        return self._WORDS[plain]

    def label(self, spec: FactSpec | None, key: str) -> str:
        if spec is None or not is_spellable(spec.label) or is_taken(spec.label):
            return key
        return spec.label

    def quoted(self, text: str) -> str:
        return _in_quotes(text, {"“": "”", "「": "」", "'": "'", '"': '"'})

    def value_of(self, spec: FactSpec | None, value: str) -> str:
        return spec.values.get(value, value) if spec else value

    def number(
        self, value: Fraction, dims: Dims, *, bare: bool = False, share: bool = False
    ) -> tuple[str, int]:
        if bare and not value:
            return "0", ATOM
        if dims == SHARE:
            if (share or abs(value) < 1) and value:
                return _percent(value, "÷")
            written = digits_of(value).replace("/", " ÷ ")
            return written, PRODUCT if "÷" in written else ATOM
        if not _has_digits(value):
            whole = "".join(_counted(Fraction(value.numerator), dims))
            return f"{whole} ÷ {value.denominator}", PRODUCT
        return "".join(_counted(value, dims)), ATOM

    def day(self, value: dt.date) -> str:
        return f"{value.year:04}年{value.month}月{value.day}日"

    def period(self, fact: Fact) -> str:
        match fact.period:
            case None | Back(count=1):
                return ""
            case Back(grain=grain, count=count):
                return f"[{_BACK_WORDS.get((grain, count), -count)}]"
        year, _, part = fact.period.partition("-")
        if not part:
            return f"[{year}年]"
        match part[0]:
            case "H":
                return f"[{year}年{'上' if part == 'H1' else '下'}半年]"
            case "Q":
                return f"[{year}年第{'一二三四'[int(part[1]) - 1]}季度]"
        return f"[{year}年{int(part)}月]"

    def sign(self, sign: Sign) -> str:
        return _CHINESE_SIGNS[sign]

    def operation(self, operation: Operation) -> str:
        return _CHINESE_OPERATIONS[operation]

    def recent(self, function: str, count: int, body: str) -> str:
        return (
            f"近{'一两三四五六七八九十'[count - 1]}年{self._YEARS[function]}{self.bracketed(body)}"
        )

    def listing(self, node: Node, values: tuple[str, ...]) -> str:
        written = self.listed(node, values)
        return written[0] if len(written) == 1 else f"（{'、'.join(written)}）"

    @singledispatchmethod
    def write(self, node: Node) -> tuple[str, int]:
        return super().write(node)

    @write.register
    def _(self, node: Not) -> tuple[str, int]:
        item = node.item
        if isinstance(item, OneOf):
            word = "不为" if len(item.values) == 1 else "不属于"
            name = self.text(item.item, SUM)
            return f"{name} {word} {self.listing(item.item, item.values)}", COMPARED
        if isinstance(item, Has):
            listing = self.listing(item.item, item.values)
            return f"{self.text(item.item, SUM)} 不含 {listing}", COMPARED
        if isinstance(item, Prefix):
            listing = self.listing(item.item, item.prefixes)
            return f"{self.text(item.item, SUM)} 不以 {listing} 开头", COMPARED
        return f"非 {self.text(item, ATOM)}", NOT

    @write.register
    def _(self, node: OneOf) -> tuple[str, int]:
        word = "为" if len(node.values) == 1 else "属于"
        name = self.text(node.item, SUM)
        return f"{name} {word} {self.listing(node.item, node.values)}", COMPARED

    @write.register
    def _(self, node: Prefix) -> tuple[str, int]:
        listing = self.listing(node.item, node.prefixes)
        return f"{self.text(node.item, SUM)} 以 {listing} 开头", COMPARED

    @write.register
    def _(self, node: Has) -> tuple[str, int]:
        listing = self.listing(node.item, node.values)
        return f"{self.text(node.item, SUM)} 含 {listing}", COMPARED

    @write.register
    def _(self, node: Choice) -> tuple[str, int]:
        then = self.beside(node.then, OR, node.otherwise)
        otherwise = self.beside(node.otherwise, CHOICE, node.then)
        return f"若 {self.text(node.test, OR)} 则 {then} 否则 {otherwise}", CHOICE


def _in_quotes(text: str, quotes: Mapping[str, str]) -> str:
    for opening, closing in quotes.items():
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    return f"『{text}』"


def _percent(value: Fraction, over: str) -> tuple[str, int]:
    if _has_digits(value):
        return f"{digits_of(value * 100)}%", ATOM
    return f"{value.numerator * 100}% {over} {value.denominator}", PRODUCT


def _has_digits(value: Fraction) -> bool:
    return "/" not in digits_of(value)


def _grouped(value: Fraction) -> str:
    """20_000_000: groups of three from five digits on."""
    written = digits_of(value)
    if "/" in written:
        return written.replace("/", " / ")
    whole, point, rest = written.partition(".")
    return (f"{int(whole):_}" if len(whole) > 4 else whole) + point + rest  # noqa: PLR2004


def _counted(value: Fraction, dims: Dims) -> tuple[str, str]:
    """2000万元, 300人, 600元/人: digits and the unit in which they are fewest."""
    unit = _symbol(dims)
    if dims == YUAN or unit.startswith("元/"):
        for size, name, decimals in ((_YI, "亿", 4), (_WAN, "万", 6)):
            written = digits_of(value / size)
            short = "/" not in written and len(written.partition(".")[2]) <= decimals
            if abs(value) >= size and short:
                return written, name + unit
    return digits_of(value), unit


def amount_and_unit(
    bound: Const, beside: Node, catalogue: Catalogue | None = None
) -> tuple[str, str] | None:
    """A number in digits and its unit as the Chinese spelling has them; None without digits."""
    assert isinstance(bound.value, Fraction)
    if not _has_digits(bound.value):
        return None
    if bound.dims != SHARE:
        return _counted(bound.value, bound.dims)
    if is_share(beside, catalogue or Catalogue([])) or 0 < abs(bound.value) < 1:
        return digits_of(bound.value * 100), "%"
    return digits_of(bound.value), ""


def _symbol(dims: Dims) -> str:
    """The unit as the parser reads it; a square is written as a product."""
    if dims == MONTHS:
        return "个月"  # 36月 could be taken for a month of the year
    above = "·".join(base for base, power in dims for _ in range(power))
    below = "·".join(base for base, power in dims for _ in range(-power))
    return f"{above}/{below}" if below else above
