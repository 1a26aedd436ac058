"""Which group of 工信部联企业〔2011〕300号 an industry code of GB/T 4754-2017 belongs to."""

from dataclasses import dataclass
from enum import StrEnum

from lianqi.engines.sizes.bounds import GROUPS, Group


class Coverage(StrEnum):
    """How an industry code stands to the regulation."""

    COVERED = "covered"
    TOO_COARSE = "too_coarse"
    NOT_COVERED = "not_covered"
    NOT_A_CODE = "not_a_code"


@dataclass(frozen=True)
class Placement:
    """Where an industry code belongs; `group` is set if and only if it is covered."""

    coverage: Coverage
    group: Group | None = None


# Codes by group. A code stands for everything below it unless a longer code is listed as well.
_CODES = {
    "agriculture": "A 01 02 03 04 05",
    "industry": (
        "B C D 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33"
        " 34 35 36 37 38 39 40 41 42 43 44 45 46"
    ),
    "construction": "E 47 48 49 50",
    "wholesale": "51",
    "retail": "52",
    "transport": "54 55 56 57 58 591",
    "storage": "592 593 594 595 596 599",
    "post": "60",
    "lodging": "61",
    "catering": "62",
    "information_transmission": "63 64",
    "software": "65",
    "real_estate_development": "701",
    "property_management": "702",
    "leasing_and_business_services": "L 71 72",
    "other": "M N O R 703 704 709 73 74 75 76 77 78 79 80 81 82 85 86 87 88 89 90",
}
# Railways are excepted by article 4 (6); finance, education, health, public administration and
# international organisations are not named there. Finance has its own rule: 银发〔2015〕309号.
_NOT_COVERED = "J P S T 53 66 67 68 69 83 84 91 92 93 94 95 96 97"
_SEVERAL_GROUPS = "F G H I K Q 59 70"

_PLACEMENTS = (
    {
        code: Placement(Coverage.COVERED, GROUPS[slug])
        for slug, codes in _CODES.items()
        for code in codes.split()
    }
    | {code: Placement(Coverage.NOT_COVERED) for code in _NOT_COVERED.split()}
    | {code: Placement(Coverage.TOO_COARSE) for code in _SEVERAL_GROUPS.split()}
)
_LONGEST_CODE = 4


def placement_of(industry_code: str) -> Placement:
    """Return where a code of GB/T 4754-2017 belongs: a section letter or two to four digits.

    A section letter before digits is ignored (C3911 is 3911). Whether the digits exist in the
    standard is not checked beyond the division: 0199 is agriculture like all of 01.
    """
    code = industry_code.strip().upper()
    if len(code) > 1 and code[0].isalpha():
        code = code[1:]
    if len(code) > _LONGEST_CODE or not code.isascii():
        return Placement(Coverage.NOT_A_CODE)
    if not code.isdigit():
        return _PLACEMENTS.get(code, Placement(Coverage.NOT_A_CODE))
    listed = (code[:length] for length in range(len(code), 1, -1))
    return next(
        (_PLACEMENTS[prefix] for prefix in listed if prefix in _PLACEMENTS),
        Placement(Coverage.NOT_A_CODE),
    )
