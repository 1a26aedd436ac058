"""Values as people write them: 2000万元, 8.75%, 3年, 2024-H1; with the unit, or not at all."""

import datetime as dt
import re
from difflib import get_close_matches
from fractions import Fraction

from lianqi.engines.packs.errors import NotAValueError, Wrong
from lianqi.engines.rules.binding import period_of
from lianqi.engines.rules.catalogue import FactSpec
from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.nodes import Back, Kind, Period
from lianqi.engines.rules.units import UNITS, Unit, symbol_of, unit_of

_QUANTITY = re.compile(r"([+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?)\s*(.*)", re.DOTALL)
_MANY = {"万": 10_000, "亿": 100_000_000}
_LONGEST = 40
# How somebody says that a value is not known; a blank says it as well.
UNKNOWN = frozenset({"未知", "unknown", "?", "？"})
NONE_OF_THEM = frozenset({"无", "none"})


def quantity(written: str) -> tuple[Fraction, Unit]:
    """A number in base units, and the unit it was written with.

    Raises:
        NotAValueError: It is no number, or its unit is not known.
    """
    found = _QUANTITY.fullmatch(written.strip()) if len(written) <= _LONGEST else None
    if found is None:
        raise NotAValueError(Wrong.NOT_A_QUANTITY, written=written[:_LONGEST])
    number, symbol = Fraction(re.sub("[,，]", "", found[1])), found[2].strip()
    unit = unit_of(symbol)
    if unit is None and symbol[:1] in _MANY:
        number *= _MANY[symbol[0]]
        unit = unit_of(symbol[1:])
    if unit is None:
        known = " ".join(each for each in UNITS if each)
        raise NotAValueError(Wrong.NOT_A_UNIT, written=symbol, known=known)
    return number * unit.scale, unit


def number_for(spec: FactSpec, written: str) -> Fraction:
    """A number of a fact, in base units.

    Raises:
        NotAValueError: Another unit, no unit where there must be one, out of bounds, or more digits
            than the fact has.
    """
    number, unit = quantity(written)
    if unit.dims != spec.unit.dims:
        wanted = spec.unit.symbol or {"en": "a plain number or %", "zh": "纯数值或百分数"}
        if not unit.symbol:
            raise NotAValueError(
                Wrong.UNIT_MISSING,
                name=spec.label,
                unit=wanted,
                written=written,
                example=_with_unit(spec, written),
            )
        raise NotAValueError(
            Wrong.OTHER_UNIT,
            name=spec.label,
            unit=wanted,
            found=unit.symbol or symbol_of(unit.dims),
            example=_with_unit(spec, "2000"),
        )
    return checked(spec, number)


def checked(spec: FactSpec, number: Fraction) -> Fraction:
    """The number, if the fact can have it.

    Raises:
        NotAValueError: It is out of bounds, or has more digits than the fact keeps.
    """
    if (spec.low is not None and number < spec.low) or (
        spec.high is not None and number > spec.high
    ):
        raise NotAValueError(
            Wrong.OUT_OF_RANGE,
            name=spec.label,
            written=_shown(number),
            low=_shown(spec.low),
            high=_shown(spec.high),
        )
    if (number * 10**spec.decimals).denominator != 1:
        raise NotAValueError(
            Wrong.TOO_MANY_DIGITS,
            name=spec.label,
            digits=spec.decimals,
            unit=spec.unit.symbol,
        )
    return number


def _shown(number: Fraction | None) -> str | dict[str, str]:
    if number is None:
        return {"en": "any number", "zh": "任意数"}
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def _with_unit(spec: FactSpec, written: str) -> str | dict[str, str]:
    if spec.unit.dims == UNITS["元"].dims:
        return {"en": f"{written}元 or {written}万元", "zh": f"{written}元或{written}万元"}
    if spec.unit.symbol:
        return f"{written}{spec.unit.symbol}"
    return {"en": "5% or 0.05", "zh": "5%或0.05"}


_BACK = {
    "本": 0, "上": 1, "前": 2, "本年": 0, "今年": 0, "当年": 0, "上年": 1, "去年": 1, "前年": 2,
    "大前年": 3, "本月": 0, "上月": 1, "本季": 0, "本季度": 0, "上季": 1, "上季度": 1, "本半年": 0,
    "上半年期": 1,
}  # fmt: skip
_PERIODS = {
    "year": re.compile(r"[12]\d{3}"),
    "half": re.compile(r"[12]\d{3}-H[12]"),
    "quarter": re.compile(r"[12]\d{3}-Q[1-4]"),
    "month": re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])"),
}
_EXAMPLES = {"year": "2024年", "half": "2024-H1", "quarter": "2024-Q1", "month": "2024-06"}
GRAIN_WORDS = {
    "year": {"en": "year", "zh": "年度"},
    "half": {"en": "half", "zh": "半年"},
    "quarter": {"en": "quarter", "zh": "季度"},
    "month": {"en": "month", "zh": "月度"},
}
_CHINESE = re.compile(r"([12]\d{3})年(?:(上|下)半年|第?([一二三四1-4])季度|(\d{1,2})月)?")


def period_for(spec: FactSpec, written: str, day: dt.date) -> Period:
    """A period of the fact's grain, counted from a day where it is counted.

    Raises:
        NotAValueError: The fact has no periods, or periods of another length.
    """
    written = written.strip()
    if not spec.grain:
        raise NotAValueError(Wrong.NO_PERIOD, name=spec.label)
    if written in _BACK or re.fullmatch(r"-?\d{1,2}", written):
        back = _BACK[written] if written in _BACK else -int(written)
        if back < 0:
            raise NotAValueError(Wrong.PERIOD_TO_COME, written=written)
        return period_of(Back(spec.grain, back), day)
    period = _in_letters(written)
    if not _PERIODS[spec.grain].fullmatch(period):
        raise NotAValueError(
            Wrong.OTHER_PERIOD,
            written=written,
            name=spec.label,
            grain=GRAIN_WORDS[spec.grain],
            example=_EXAMPLES[spec.grain],
        )
    return period


def _in_letters(written: str) -> str:
    found = _CHINESE.fullmatch(written)
    if found is None:
        return written
    year, half, quarter, month = found.groups()
    if half:
        return f"{year}-H{1 if half == '上' else 2}"
    if quarter:
        return f"{year}-Q{'一二三四'.find(quarter) + 1 or quarter}"
    return f"{year}-{int(month):02}" if month else year


# Divisions of GB/T 4754-2017 by section: the last division of each.
_SECTIONS = (
    (5, "A"), (12, "B"), (43, "C"), (46, "D"), (50, "E"), (52, "F"), (60, "G"), (62, "H"),
    (65, "I"), (69, "J"), (70, "K"), (72, "L"), (75, "M"), (79, "N"), (82, "O"), (83, "P"),
    (85, "Q"), (90, "R"), (96, "S"), (97, "T"),
)  # fmt: skip
_INDUSTRY = re.compile(r"[A-T]?\d{2,4}|[A-T]")


def industry_code(written: str) -> str:
    """A code of GB/T 4754-2017 with its section: C3913 for 3913.

    Raises:
        NotAValueError: It is none.
    """
    code = written.strip().upper()
    if not _INDUSTRY.fullmatch(code) or not code.isascii():
        raise NotAValueError(Wrong.NOT_AN_INDUSTRY, written=written[:20])
    if not code[0].isdigit() and len(code) == 1:
        return code
    digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
    division = int(digits[:2])
    section = next((letter for last, letter in _SECTIONS if division <= last), "")
    if not division or not section:
        raise NotAValueError(Wrong.UNLISTED_INDUSTRY, written=written)
    if code not in (digits, section + digits):
        raise NotAValueError(
            Wrong.INDUSTRY_OF_OTHER_SECTION,
            written=written,
            division=digits[:2],
            section=section,
        )
    return section + digits


_YES = frozenset({"true", "yes", "是", "有"})
_NO = frozenset({"false", "no", "否", "无"})


def scalar_for(spec: FactSpec, written: str) -> object:
    """A single value of a fact.

    Raises:
        NotAValueError: It is none.
    """
    match spec.kind:
        case Kind.NUMBER:
            return number_for(spec, written)
        case Kind.BOOL:
            if written.lower() not in _YES | _NO:
                raise NotAValueError(Wrong.YES_OR_NO, name=spec.label)
            return written.lower() in _YES
        case Kind.DATE:
            try:
                return dt.date.fromisoformat(written)
            except ValueError as error:
                raise NotAValueError(Wrong.NOT_A_DAY, written=written[:20]) from error
        case Kind.TEXT:
            return industry_code(written) if spec.coded == "gbt4754" else word_for(spec, written)
    raise NotAValueError(Wrong.NOT_ONE_VALUE, name=spec.label, kind=KIND_WORDS[spec.kind])


def word_for(spec: FactSpec, written: str) -> str:
    """A word of a fact's vocabulary by itself or by its Chinese name; any word if it is open.

    Which quotation marks a name is written with does not matter.

    Raises:
        NotAValueError: It is not in the vocabulary.
    """
    if not spec.values or written in spec.values:
        return written
    bare = _without_quotes(written)
    for value, label in spec.values.items():
        if _without_quotes(label) == bare:
            return value
    labels = list(spec.values.values())
    near = get_close_matches(written, labels, n=1)
    meant = {"en": f"did you mean {near[0]}? ", "zh": f"是否应为{near[0]}？"} if near else ""
    raise NotAValueError(
        Wrong.NOT_IN_VOCABULARY,
        written=written[:30],
        name=spec.label,
        meant=meant,
        known="、".join(labels),
    )


_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")


def _without_quotes(name: str) -> str:
    return name.translate(_QUOTES)
