"""The reason for a size class as a sentence, in Chinese and in English."""

from dataclasses import dataclass
from decimal import Decimal

from lianqi.engines.sizes.bounds import DOCUMENT_NUMBER, Group, Indicator, Size
from lianqi.engines.sizes.readings import Reading

SIZE_ZH = {Size.MICRO: "微型", Size.SMALL: "小型", Size.MEDIUM: "中型", Size.LARGE: "大型"}
SIZE_EN = {Size.MICRO: "micro", Size.SMALL: "small", Size.MEDIUM: "medium", Size.LARGE: "large"}
INDICATOR_ZH = {
    Indicator.EMPLOYEES: "从业人员",
    Indicator.REVENUE: "营业收入",
    Indicator.ASSETS: "资产总额",
}
INDICATOR_EN = {
    Indicator.EMPLOYEES: "employees",
    Indicator.REVENUE: "revenue",
    Indicator.ASSETS: "total assets",
}
_ITEMS_ZH = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
]


@dataclass(frozen=True)
class Reason:
    """One statement in both languages."""

    zh: str
    en: str


def clause_of(group: Group) -> Reason:
    return Reason(
        f"{DOCUMENT_NUMBER}第四条第（{_ITEMS_ZH[group.number - 1]}）项",
        f"{DOCUMENT_NUMBER}, article 4 ({group.number})",
    )


def _amount_zh(indicator: Indicator, value: Decimal | int) -> str:
    return f"{_plain(value)}{'人' if indicator is Indicator.EMPLOYEES else '万元'}"


def _amount_en(indicator: Indicator, value: Decimal | int) -> str:
    return f"{_plain(value)}{'' if indicator is Indicator.EMPLOYEES else ' wan yuan'}"


def _plain(value: Decimal | int) -> str:
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _reading_zh(reading: Reading) -> str:
    name = INDICATOR_ZH[reading.indicator]
    if reading.value is None or reading.reaches is None:
        return f"{name}未知"
    if reading.bound is None:
        assert reading.next_bound is not None
        against = f"低于小型企业下限{_amount_zh(reading.indicator, reading.next_bound)}"
    else:
        against = (
            f"达到{SIZE_ZH[reading.reaches]}企业下限{_amount_zh(reading.indicator, reading.bound)}"
        )
    return f"{name}{_amount_zh(reading.indicator, reading.value)}，{against}"


def _reading_en(reading: Reading) -> str:
    name = INDICATOR_EN[reading.indicator]
    if reading.value is None or reading.reaches is None:
        return f"{name} not known"
    if reading.bound is None:
        assert reading.next_bound is not None
        bound = _amount_en(reading.indicator, reading.next_bound)
        against = f"below the lower bound of small enterprises, {bound}"
    else:
        bound = _amount_en(reading.indicator, reading.bound)
        against = f"reaching the lower bound of {SIZE_EN[reading.reaches]} enterprises, {bound}"
    return f"{name} {_amount_en(reading.indicator, reading.value)}, {against}"


def reason_for(
    group: Group, readings: tuple[Reading, ...], size: Size | None, at_most: Size
) -> Reason:
    """Say how the indicators lead to `size`, or why they do not."""
    facts_zh = "；".join(map(_reading_zh, readings))
    facts_en = "; ".join(map(_reading_en, readings))
    clause = clause_of(group)
    if size is None:
        end_zh = f"资料不全，暂不能划型（最高为{SIZE_ZH[at_most]}）"
        end_en = f"facts are missing, no class yet ({SIZE_EN[at_most]} at most)"
    elif size is Size.MICRO:
        end_zh, end_en = "一项低于小型企业下限即为微型企业", "one indicator below makes it micro"
    elif len(readings) == 1:
        end_zh, end_en = f"划为{SIZE_ZH[size]}企业", f"the class is {SIZE_EN[size]}"
    else:
        end_zh = f"须同时达到各项下限，划为{SIZE_ZH[size]}企业"
        end_en = f"all bounds must be reached, so the class is {SIZE_EN[size]}"
    return Reason(
        f"{group.name_zh}：{facts_zh}。{end_zh}（{clause.zh}）。",
        f"{group.name_en}: {facts_en}. Result: {end_en} ({clause.en}).",
    )


NO_CODE = Reason(
    "未填写行业代码，暂不能划型。",
    "The industry code is missing, no class yet.",
)
NOT_A_CODE = Reason(
    "行业代码{code}不是《国民经济行业分类》（GB/T 4754-2017）的代码，暂不能划型。",
    "{code} is no industry code of GB/T 4754-2017, no class yet.",
)
TOO_COARSE = Reason(
    f"行业代码{{code}}包含划型标准不同的行业，请填写更细的代码（{DOCUMENT_NUMBER}第四条）。",
    "Industry code {code} spans groups with different bounds; give a longer code"
    f" ({DOCUMENT_NUMBER}, article 4).",
)
NOT_COVERED = Reason(
    f"行业代码{{code}}不在{DOCUMENT_NUMBER}第四条所列行业之内，不适用该规定。",
    f"Industry code {{code}} is not among the industries of {DOCUMENT_NUMBER}, article 4.",
)
