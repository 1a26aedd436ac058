"""The bounds of 中小企业划型标准规定 (工信部联企业〔2011〕300号, 18 June 2011), article 4.

"及以上" includes the bound and "以下" excludes it: every bound is the lowest value of its class.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

DOCUMENT_NUMBER = "工信部联企业〔2011〕300号"


class Size(IntEnum):
    """Size classes in ascending order; all but LARGE together are called 中小企业."""

    MICRO = 1
    SMALL = 2
    MEDIUM = 3
    LARGE = 4


class Indicator(StrEnum):
    """What is measured; money in 万元 in this table, in yuan everywhere else."""

    EMPLOYEES = "employees"
    REVENUE = "revenue"
    ASSETS = "assets"


@dataclass(frozen=True)
class Group:
    """One industry group of article 4.

    Attributes:
        number: Its item in article 4, from 1 to 16.
        slug: Stable name for programs.
        bounds: For each indicator the lowest values of small, medium and large enterprises;
            people, or 万元.
    """

    number: int
    slug: str
    name_zh: str
    name_en: str
    bounds: dict[Indicator, tuple[int, int, int]]


_X, _Y, _Z = Indicator.EMPLOYEES, Indicator.REVENUE, Indicator.ASSETS

GROUPS: dict[str, Group] = {
    group.slug: group
    for group in (
        Group(
            1,
            "agriculture",
            "农、林、牧、渔业",
            "Agriculture, forestry, animal husbandry and fishery",
            {_Y: (50, 500, 20_000)},
        ),
        Group(
            2,
            "industry",
            "工业",
            "Industry",
            {_X: (20, 300, 1_000), _Y: (300, 2_000, 40_000)},
        ),
        Group(
            3,
            "construction",
            "建筑业",
            "Construction",
            {_Y: (300, 6_000, 80_000), _Z: (300, 5_000, 80_000)},
        ),
        Group(
            4,
            "wholesale",
            "批发业",
            "Wholesale trade",
            {_X: (5, 20, 200), _Y: (1_000, 5_000, 40_000)},
        ),
        Group(
            5,
            "retail",
            "零售业",
            "Retail trade",
            {_X: (10, 50, 300), _Y: (100, 500, 20_000)},
        ),
        Group(
            6,
            "transport",
            "交通运输业",
            "Transport (without railways)",
            {_X: (20, 300, 1_000), _Y: (200, 3_000, 30_000)},
        ),
        Group(
            7,
            "storage",
            "仓储业",
            "Storage",
            {_X: (20, 100, 200), _Y: (100, 1_000, 30_000)},
        ),
        Group(
            8,
            "post",
            "邮政业",
            "Postal services",
            {_X: (20, 300, 1_000), _Y: (100, 2_000, 30_000)},
        ),
        Group(
            9,
            "lodging",
            "住宿业",
            "Accommodation",
            {_X: (10, 100, 300), _Y: (100, 2_000, 10_000)},
        ),
        Group(
            10,
            "catering",
            "餐饮业",
            "Catering",
            {_X: (10, 100, 300), _Y: (100, 2_000, 10_000)},
        ),
        Group(
            11,
            "information_transmission",
            "信息传输业",
            "Information transmission",
            {_X: (10, 100, 2_000), _Y: (100, 1_000, 100_000)},
        ),
        Group(
            12,
            "software",
            "软件和信息技术服务业",
            "Software and information technology services",
            {_X: (10, 100, 300), _Y: (50, 1_000, 10_000)},
        ),
        Group(
            13,
            "real_estate_development",
            "房地产开发经营",
            "Real estate development",
            {_Y: (100, 1_000, 200_000), _Z: (2_000, 5_000, 10_000)},
        ),
        Group(
            14,
            "property_management",
            "物业管理",
            "Property management",
            {_X: (100, 300, 1_000), _Y: (500, 1_000, 5_000)},
        ),
        Group(
            15,
            "leasing_and_business_services",
            "租赁和商务服务业",
            "Leasing and business services",
            {_X: (10, 100, 300), _Z: (100, 8_000, 120_000)},
        ),
        Group(
            16,
            "other",
            "其他未列明行业",
            "Other industries not listed",
            {_X: (10, 100, 300)},
        ),
    )
}
