"""Numbers as people type them into spreadsheets, read exactly or refused with a reason."""

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

YUAN_PER_WAN = Decimal(10_000)
MOST_DIGITS = 18  # all arithmetic below stays exact within the 28 digits of the context
_MULTIPLES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "十亿": 1_000_000_000,
    "百亿": 10_000_000_000,
    "万亿": 1_000_000_000_000,
}
_MULTIPLE = "十万|百万|千万|十亿|百亿|万亿|亿|万|千|百|十"
_PLAIN = r"[+-]?\d+(?:\.\d+)?|[+-]?\.\d+"
_GROUPED = r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d+)?"
_NUMBER = re.compile(f"{_GROUPED}|{_PLAIN}")
_CELL = re.compile(rf"(.*?)\s*((?:{_MULTIPLE})?)\s*([元圆]?)\s*(?:整|正)?")
_HEADER_MULTIPLE = re.compile(rf"({_MULTIPLE})(?:[元圆]|人民币)")
_HEADER_BRACKETED = re.compile(rf"[(\[/_:]\s*(?:人民币)?({_MULTIPLE})\s*(?:[)\]]|$)")
_HEADER_YUAN = re.compile(r"[(\[/_:]\s*(?:人民币)?[元圆]\s*(?:人民币)?\s*(?:[)\]]|$)|单位:?[元圆]")
_FOREIGN = re.compile(
    r"[美港欧日澳加韩新][元币]|英镑|美金|法郎|卢布|台币|usd|hkd|eur|jpy|gbp|[$€£]"
)
_YUAN_MARKS = re.compile(r"人民币|rmb|cny|[¥\uffe5]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_APPROXIMATE = re.compile(
    r"约|近|余|多|超|逾|以上|以下|左右|不足|至少|最[高多低]|[<>≥≤~≈+]$|^[<>≥≤~≈]"
)
_RANGE = re.compile(r"\d\s*(?:-|~|至|到|—|–)\s*\d")
_SCIENTIFIC = re.compile(r"\d\s*e\s*[+-]?\d", re.IGNORECASE)
_BLANKS = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "n/a", "na", "null", "暂无"})
_PERSONS = re.compile(r"[人名个家户]$")


class AmountProblem(StrEnum):
    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    GROUPING = "grouping"
    SCIENTIFIC = "scientific"
    RANGE = "range"
    APPROXIMATE = "approximate"
    BRACKETS = "brackets"
    UNIT_MISSING = "unit_missing"
    UNIT_CONFLICT = "unit_conflict"
    FOREIGN_CURRENCY = "foreign_currency"
    PERCENT = "percent"
    NOT_WHOLE = "not_whole"
    TOO_LONG = "too_long"


_EXPLANATIONS = {
    AmountProblem.EMPTY: "the cell holds no value",
    AmountProblem.NOT_A_NUMBER: "this is not a number",
    AmountProblem.GROUPING: "the commas do not separate thousands, so the number is unclear",
    AmountProblem.SCIENTIFIC: "scientific notation may have lost digits; write the number in full",
    AmountProblem.RANGE: "this is a range; write one number",
    AmountProblem.APPROXIMATE: "this is an approximate number; write the exact one",
    AmountProblem.BRACKETS: "brackets around a number may mean minus; write the sign",
    AmountProblem.UNIT_MISSING: "neither the cell nor the column heading names a unit",
    AmountProblem.UNIT_CONFLICT: "the units named in cell and column heading differ",
    AmountProblem.FOREIGN_CURRENCY: "this is not in yuan; convert it first",
    AmountProblem.PERCENT: "it is unclear whether this is a share or a percentage; write a % sign",
    AmountProblem.NOT_WHOLE: "this must be a whole number that is not negative",
    AmountProblem.TOO_LONG: "this has too many digits to be an amount; is it a code?",
}


class AmountError(ValueError):
    """A cell does not hold one exact number.

    Attributes:
        problem: What is wrong with it.
        found: The cell as it was.
    """

    def __init__(self, problem: AmountProblem, found: object) -> None:
        self.problem = problem
        self.found = str(found)
        super().__init__(f"{_EXPLANATIONS[problem]}: {found}")


def _prepared(text: str) -> str:
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    return re.sub(r"\s+", " ", folded.replace("\u2212", "-")).strip()


def _exact(value: float | Decimal) -> Decimal:
    if isinstance(value, bool) or not math.isfinite(value):
        raise AmountError(AmountProblem.NOT_A_NUMBER, value)
    # A spreadsheet shows the shortest decimal that means this float; that is what was typed.
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _exact_text(text: str, found: str) -> Decimal:
    if _NUMBER.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    for problem, holds in (
        (AmountProblem.EMPTY, text in _BLANKS),
        (AmountProblem.SCIENTIFIC, _SCIENTIFIC.search(text)),
        (AmountProblem.RANGE, _RANGE.search(text)),
        (AmountProblem.APPROXIMATE, _APPROXIMATE.search(text) and re.search(r"\d", text)),
        (AmountProblem.BRACKETS, re.fullmatch(r"\([\d,. ]+\)", text)),
        (AmountProblem.GROUPING, re.fullmatch(r"[+-]?[\d,. ]+", text)),
    ):
        if holds:
            raise AmountError(problem, found)
    raise AmountError(AmountProblem.NOT_A_NUMBER, found)


def parse_number(value: str | float | Decimal) -> Decimal:
    """Return the number in a cell without unit, exactly.

    Text may have full-width digits and thousands apart by commas or single spaces.

    Raises:
        AmountError: The cell is empty, no number, approximate, a range, or ambiguous.

    Example:
        >>> parse_number("１,２３４．５０")
        Decimal('1234.50')
    """
    exact = _exact_text(_prepared(value), value) if isinstance(value, str) else _exact(value)
    if exact and (len(exact.as_tuple().digits) > MOST_DIGITS or exact.adjusted() >= MOST_DIGITS):
        raise AmountError(AmountProblem.TOO_LONG, value)
    return exact


def parse_count(value: str | float | Decimal) -> int:
    """Return a number of people or things: a whole number from 0, as 120, "120人", "1,200 名".

    Raises:
        AmountError: As `parse_number`, or the number is negative or not whole.
    """
    bare = _PERSONS.sub("", _prepared(value)).strip() if isinstance(value, str) else value
    try:
        number = parse_number(bare)
    except AmountError as error:
        raise AmountError(error.problem, value) from error
    if number < 0 or number != number.to_integral_value():
        raise AmountError(AmountProblem.NOT_WHOLE, value)
    return int(number)


def _header_multiple(header: str) -> int | None:
    """The yuan that one unit of the heading stands for; None when it names no unit."""
    text = _prepared(header)
    if _FOREIGN.search(text):
        raise AmountError(AmountProblem.FOREIGN_CURRENCY, header)
    named = set(_HEADER_MULTIPLE.findall(text)) | set(_HEADER_BRACKETED.findall(text))
    if not named and _HEADER_YUAN.search(text):
        named = {""}
    if len(named) > 1:
        raise AmountError(AmountProblem.UNIT_CONFLICT, header)
    return _MULTIPLES[named.pop()] if named else None


def _split_cell(text: str, found: str) -> tuple[str, int | None]:
    """The cell's number and the yuan that one of its units stands for, None when it names none."""
    if _FOREIGN.search(text):
        raise AmountError(AmountProblem.FOREIGN_CURRENCY, found)
    matched = _CELL.fullmatch(_YUAN_MARKS.sub("", text).strip())
    if matched is None:  # a line break inside, which the preparation removes
        raise AmountError(AmountProblem.NOT_A_NUMBER, found)
    number, multiple, yuan = matched.groups()
    return number, _MULTIPLES[multiple] if multiple or yuan else None


def parse_yuan(
    value: str | float | Decimal, *, header: str = "", default_unit: str | None = None
) -> Decimal:
    """Return an amount of money in yuan, exactly.

    The unit stands in the cell ("1.2亿元"), in the heading of its column ("注册资本（万元）"), or
    in both when they agree.

    Args:
        value: The cell.
        header: The heading of the cell's column.
        default_unit: The unit when neither names one, as 元 or 万元; None refuses such a cell.

    Raises:
        AmountError: No exact number, no unit, two units that differ, or a foreign currency.

    Example:
        >>> parse_yuan("１,５００", header="注册资本（万元）")
        Decimal('15000000')
    """
    by_header = _header_multiple(header)
    number, by_cell = value, None
    if isinstance(value, str):
        number, by_cell = _split_cell(_prepared(value), value)
    try:
        exact = parse_number(number)
    except AmountError as error:
        raise AmountError(error.problem, value) from error
    if by_cell and by_header and by_cell != by_header:
        raise AmountError(AmountProblem.UNIT_CONFLICT, f"{value} / {header}")
    multiple = (
        by_cell or by_header or (_MULTIPLES[default_unit.rstrip("元")] if default_unit else 0)
    )
    if not multiple:
        raise AmountError(AmountProblem.UNIT_MISSING, value)
    return exact * multiple


def parse_share(value: str | float | Decimal, *, header: str = "") -> Decimal:
    """Return a share from a cell, 5% as Decimal("0.05"); shares above 1 need a % sign.

    A bare number counts by its column: under a heading with % a text "5" is 5 %, elsewhere 0.05 is
    a share. A numeric cell from 0 to 1 under a heading with % is refused, as spreadsheets hold 5 %
    as 0.05; so is a number above 1 where nothing says percent.

    Raises:
        AmountError: No exact number, or it is unclear whether it is a percentage.
    """
    text = _prepared(value) if isinstance(value, str) else None
    if text is not None and text.endswith("%"):
        return parse_number(text.removesuffix("%").strip()) / 100
    number = parse_number(value)
    in_percent = "%" in _prepared(header)
    unclear = 0 < abs(number) <= 1 and text is None if in_percent else abs(number) > 1
    if unclear:
        raise AmountError(AmountProblem.PERCENT, value)
    return number / 100 if in_percent else number


def format_wan(yuan: Decimal, *, places: int | None = None) -> str:
    """Return an amount as a number of 万元 with separators and without the unit: 1,234.5.

    Args:
        yuan: The amount.
        places: Decimal places, rounded half up; None shows the exact amount.
    """
    wan = yuan / YUAN_PER_WAN
    if places is not None:
        wan = wan.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return f"{wan:,f}"
    text = f"{wan:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
