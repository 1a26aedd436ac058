"""What a column of a register means: 营业收入@2024（万元）, 营业收入（2024年）, revenue@2024."""

import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches

from lianqi.engines.packs.errors import NotAValueError, Wrong, told
from lianqi.engines.packs.quantities import GRAIN_WORDS, period_for
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.checking import KIND_WORDS
from lianqi.engines.rules.errors import Told
from lianqi.engines.rules.nodes import Kind, slot
from lianqi.engines.rules.units import SHARE, UNITS, Unit, symbol_of, unit_of
from lianqi.engines.text import tidy

_YEAR = r"(?:[12]\d{3}年?度?|上年度?|去年|前年|本年度?)"
_PART_OF_YEAR = r"(?:(?:上|下)半年|第?[一二三四1-4]季度|\d{1,2}月)?"
_BEGINS_WITH_YEAR = re.compile(rf"({_YEAR}{_PART_OF_YEAR})的?(.+)")
_ENDS_WITH_YEAR = re.compile(rf"(.+?)({_YEAR}{_PART_OF_YEAR})")
_NAME = re.compile(r"([^@＠\[【(（]+)(.*)", re.DOTALL)
_PIECES = re.compile(r"[@＠\[\]【】()（）,，、;；\s]+")
_PERIOD_LIKE = re.compile(r"-?\d|本|上|前|去年")
# A number of these may be meant in units a thousandfold apart, so that one has to be named.
_AMBIGUOUS = {UNITS[each].dims for each in ("元", "美元", "平方米", "千瓦时")}
_LIKE = 0.7


@dataclass(frozen=True)
class Heading:
    """A column of one fact.

    Attributes:
        period: As values state it; "" for what holds on a day.
        unit: In which bare numbers are stated; None where every value bears its own.
    """

    spec: FactSpec
    period: str = ""
    unit: Unit | None = None

    @property
    def slot(self) -> str:
        return slot(self.spec.key, self.period or None)


class HeadingError(ValueError):
    """A column that names a fact does not say what is needed.

    Attributes:
        problem, params: What is wrong, for programs.
        advice: What to write instead, in English.
        key: Of the fact; "" if it is none.
    """

    def __init__(self, problem: Wrong, key: str = "", **params: object) -> None:
        self.problem, self.params, self.key = problem, params, key
        english = told(problem, params)
        super().__init__(english.message)
        self.advice = english.advice

    def told(self, language: str = "en") -> Told:
        return told(self.problem, self.params, language)


def heading_of(written: str, catalogue: Catalogue, day: dt.date) -> Heading | None:
    """The fact of a column; None if the column names none.

    Raises:
        HeadingError: It names a fact without its period, or with a period or unit that the fact
            does not have; or it is written like a fact and is nearly the name of one.
    """
    text = tidy(written)
    spec = catalogue.find(text)
    if spec is not None:
        return _settled(spec, [], text, day)
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    name, rest = found[1].strip(), [each for each in _PIECES.split(found[2]) if each]
    for called, pieces in _readings(name, rest):
        spec = catalogue.find(called)
        if spec is not None:
            return _settled(spec, pieces, called, day)
    if any(_is_period(each) or unit_of(each) for each in rest):
        near = nearest(name, catalogue)
        if near:
            raise HeadingError(Wrong.HEADING_MISSPELT, written=name, near=near)
    return None


def nearest(name: str, catalogue: Catalogue) -> str:
    """The fact whose name is likest to that of a column; "" if none is like it."""
    plain = _PIECES.split(tidy(name))[0]
    near = get_close_matches(plain, catalogue.names(), n=1, cutoff=_LIKE)
    return near[0] if near else ""


def _readings(name: str, rest: list[str]) -> list[tuple[str, list[str]]]:
    """A name with what stands behind it; a year may also stand in front, or right behind."""
    found = [(name, rest)]
    for pattern, called, year in ((_BEGINS_WITH_YEAR, 2, 1), (_ENDS_WITH_YEAR, 1, 2)):
        parts = pattern.fullmatch(name)
        if parts:
            found.append((parts[called], [parts[year], *rest]))
    return found


def _is_period(piece: str) -> bool:
    return _PERIOD_LIKE.match(piece) is not None


def _settled(spec: FactSpec, pieces: list[str], called: str, day: dt.date) -> Heading:
    period, unit = "", None
    for piece in pieces:
        if _is_period(piece) and unit_of(piece) is None:
            period = _period(spec, piece, day)
        else:
            unit = _unit(spec, piece)
    if spec.grain and not period:
        raise HeadingError(
            Wrong.HEADING_WITHOUT_PERIOD,
            spec.key,
            name=spec.label,
            grain=GRAIN_WORDS[spec.grain],
            example=period_for(spec, "上", day),
        )
    if unit is None:
        unit = usual_unit(spec, called)
    return Heading(spec, period, unit)


def _period(spec: FactSpec, piece: str, day: dt.date) -> str:
    try:
        return period_for(spec, piece.replace("年度", "年"), day)
    except NotAValueError as error:
        raise HeadingError(error.problem, spec.key, **error.params) from None


def _unit(spec: FactSpec, piece: str) -> Unit:
    unit = unit_of(piece)
    if unit is None:
        raise HeadingError(
            Wrong.NEITHER_PERIOD_NOR_UNIT, spec.key, written=piece, example=_example(spec)
        )
    if spec.kind is not Kind.NUMBER:
        raise HeadingError(
            Wrong.UNIT_OF_NO_NUMBER, spec.key, name=spec.label, kind=KIND_WORDS[spec.kind]
        )
    if unit.dims != spec.unit.dims:
        raise HeadingError(
            Wrong.HEADING_OF_OTHER_UNIT,
            spec.key,
            name=spec.label,
            unit=spec.unit.symbol or {"en": "a plain number or %", "zh": "纯数值或百分数"},
            found=unit.symbol or symbol_of(unit.dims),
            example=_example(spec),
        )
    return unit


def usual_unit(spec: FactSpec, called: str = "") -> Unit | None:
    """The unit of bare numbers where none is named; None if one has to be.

    A column named by the key of a fact is in the unit of the catalogue, as in Parquet.
    """
    if spec.kind is not Kind.NUMBER:
        return None
    if spec.unit.dims == SHARE:
        return UNITS[""]  # 0.05, which is what a cell holds that shows 5%
    return spec.unit if called == spec.key or spec.unit.dims not in _AMBIGUOUS else None


def _example(spec: FactSpec) -> str:
    unit = "万元" if spec.unit.dims == UNITS["元"].dims else spec.unit.symbol or "%"
    return f"{spec.label}（{unit}）" if spec.kind is Kind.NUMBER else spec.label


def unit_columns(heading: Heading) -> dict[str, str]:
    """How the column could name its unit."""
    period = f"@{heading.period}" if heading.period else ""
    name, symbol = f"{heading.spec.label}{period}", heading.spec.unit.symbol
    one, other = f"{name}（{symbol}）", f"{name}（万{symbol}）"
    return {"en": f"{one} or {other}", "zh": f"{one}或{other}"}
