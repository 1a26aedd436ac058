"""The size class of one enterprise, with the reason.

An enterprise is in a class only if every indicator of its industry group reaches the lower bound
of that class; one indicator below the bound of small enterprises makes it a micro enterprise.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lianqi.engines.sizes.bounds import Group, Indicator, Size
from lianqi.engines.sizes.industries import Coverage, placement_of
from lianqi.engines.sizes.readings import Reading, read_indicators
from lianqi.engines.sizes.wording import (
    NO_CODE,
    NOT_A_CODE,
    NOT_COVERED,
    TOO_COARSE,
    Reason,
    clause_of,
    reason_for,
)

YUAN_PER_WAN = 10_000
INDUSTRY_CODE = "industry_code"


class Outcome(StrEnum):
    DETERMINED = "determined"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class SizeVerdict:
    """What the regulation says about one enterprise.

    Attributes:
        size: The class; set if and only if the outcome is determined.
        at_most: The highest class still possible; equals `size` when determined, None when the
            group is not known or the regulation does not apply.
        group: The industry group; None when not known or not covered.
        readings: The group's indicators against their bounds, in the order of the regulation.
        missing: What would have to be known: names of indicators, or "industry_code".
        clause: Document, article and item in Chinese; "" without a group.
        reason_zh: The reason as a sentence, amounts in 万元.
        reason_en: The same in English.
    """

    outcome: Outcome
    size: Size | None
    at_most: Size | None
    group: Group | None
    readings: tuple[Reading, ...]
    missing: tuple[str, ...]
    clause: str
    reason_zh: str
    reason_en: str


def _without_group(outcome: Outcome, reason: Reason, code: str | None) -> SizeVerdict:
    return SizeVerdict(
        outcome=outcome,
        size=None,
        at_most=None,
        group=None,
        readings=(),
        missing=(INDUSTRY_CODE,) if outcome is Outcome.UNKNOWN else (),
        clause="",
        reason_zh=reason.zh.format(code=code),
        reason_en=reason.en.format(code=code),
    )


def _within(group: Group, values: dict[Indicator, Decimal | None]) -> SizeVerdict:
    readings = read_indicators(group, values)
    missing = tuple(each.indicator.value for each in readings if each.reaches is None)
    at_most = min((each.reaches for each in readings if each.reaches), default=Size.LARGE)
    # A fact that is missing could only lower the class, and nothing is lower than micro.
    is_determined = not missing or at_most is Size.MICRO
    size = at_most if is_determined else None
    reason = reason_for(group, readings, size, at_most)
    return SizeVerdict(
        outcome=Outcome.DETERMINED if is_determined else Outcome.UNKNOWN,
        size=size,
        at_most=at_most,
        group=group,
        readings=readings,
        missing=() if is_determined else missing,
        clause=clause_of(group).zh,
        reason_zh=reason.zh,
        reason_en=reason.en,
    )


def size_class(
    industry_code: str | None,
    *,
    employees: int | None,
    revenue_yuan: Decimal | None,
    assets_yuan: Decimal | None,
) -> SizeVerdict:
    """Return the size class by 工信部联企业〔2011〕300号, or what is missing to tell it.

    Args:
        industry_code: GB/T 4754-2017, a section letter or two to four digits.
        employees: Persons employed (从业人员).
        revenue_yuan: Revenue of the year (营业收入); may be negative after returns.
        assets_yuan: Total assets (资产总额).

    Raises:
        ValueError: A negative number of employees or negative total assets.
    """
    if (employees is not None and employees < 0) or (assets_yuan is not None and assets_yuan < 0):
        raise ValueError(f"cannot be negative: employees {employees}, assets {assets_yuan} yuan")
    if industry_code is None or not industry_code.strip():
        return _without_group(Outcome.UNKNOWN, NO_CODE, None)
    placement = placement_of(industry_code)
    if placement.group is not None:
        values = {
            Indicator.EMPLOYEES: None if employees is None else Decimal(employees),
            Indicator.REVENUE: None if revenue_yuan is None else revenue_yuan / YUAN_PER_WAN,
            Indicator.ASSETS: None if assets_yuan is None else assets_yuan / YUAN_PER_WAN,
        }
        return _within(placement.group, values)
    if placement.coverage is Coverage.NOT_COVERED:
        return _without_group(Outcome.NOT_APPLICABLE, NOT_COVERED, industry_code)
    reason = TOO_COARSE if placement.coverage is Coverage.TOO_COARSE else NOT_A_CODE
    return _without_group(Outcome.UNKNOWN, reason, industry_code)
