"""Unified social credit codes (统一社会信用代码), GB 32100-2015, with both check digits."""

import re
from dataclasses import dataclass
from enum import StrEnum

from lianqi.engines.text.normal import normalise

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_LENGTH = 18
OLD_NUMBER_LENGTH = 15
FIRST_REGION_DIGIT, LAST_REGION_DIGIT = 3, 8
INNER_CHECK_POSITION = 17
_OUTER_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SEPARATORS = re.compile(r"[\s\-_.·]+")
# The letters GB 32100 leaves out, with the digit people mean; V resembles no digit.
_MISTAKEN_FOR = {"I": "1", "O": "0", "S": "5", "Z": "2"}


class CodeProblem(StrEnum):
    LENGTH = "length"
    CHARACTER = "character"
    INNER_CHECK = "inner_check"
    OUTER_CHECK = "outer_check"
    OLD_REGISTRATION_NUMBER = "old_registration_number"


class CreditCodeError(ValueError):
    """A text is not a unified social credit code.

    Attributes:
        problem: What is wrong; the first of length, character, inner check, outer check.
        position: The character at fault, counted from 1; None when the length is at fault.
        found: The character at `position`, or the number of characters as text.
        expected: What belongs there: one character, or the permitted ones, or the length as text.
    """

    def __init__(
        self, problem: CodeProblem, *, position: int | None, found: str, expected: str
    ) -> None:
        self.problem = problem
        self.position = position
        self.found = found
        self.expected = expected
        place = f" at position {position}" if position else ""
        super().__init__(f"{problem.value}{place}: found {found!r}, expected {expected!r}")


@dataclass(frozen=True)
class CreditCode:
    """A verified code; the parts are slices of `value`.

    Attributes:
        value: All 18 characters in upper case.
    """

    value: str

    def __str__(self) -> str:
        return self.value

    @property
    def registrar(self) -> str:
        """Registering authority, 1 character: 9 is market regulation, 5 civil affairs."""
        return self.value[0]

    @property
    def kind(self) -> str:
        """Kind of organisation within the registrar's, 1 character."""
        return self.value[1]

    @property
    def region(self) -> str:
        """Administrative division of registration, 6 digits (GB/T 2260)."""
        return self.value[2:8]

    @property
    def organisation(self) -> str:
        """Organisation code, 9 characters with its own check character (GB 11714)."""
        return self.value[8:17]


def _outer_check(first17: str) -> str:
    weighted = zip(first17, _OUTER_WEIGHTS, strict=True)
    total = sum(ALPHABET.index(character) * weight for character, weight in weighted)
    return ALPHABET[-total % 31]


def _inner_check(organisation8: str) -> str:
    weighted = zip(organisation8, _INNER_WEIGHTS, strict=True)
    # In GB 11714 letters count from A = 10 without gaps, as in base 36.
    total = sum(int(character, 36) * weight for character, weight in weighted)
    return "0123456789X"[-total % 11]


def _check_shape(code: str) -> None:
    if len(code) == OLD_NUMBER_LENGTH and code.isdecimal():
        raise CreditCodeError(
            CodeProblem.OLD_REGISTRATION_NUMBER,
            position=None,
            found=str(OLD_NUMBER_LENGTH),
            expected=str(CODE_LENGTH),
        )
    if len(code) != CODE_LENGTH:
        raise CreditCodeError(
            CodeProblem.LENGTH, position=None, found=str(len(code)), expected=str(CODE_LENGTH)
        )
    for position, character in enumerate(code, start=1):
        in_region = FIRST_REGION_DIGIT <= position <= LAST_REGION_DIGIT
        permitted = ALPHABET[:10] if in_region else ALPHABET
        if character not in permitted:
            raise CreditCodeError(
                CodeProblem.CHARACTER,
                position=position,
                found=character,
                expected=_MISTAKEN_FOR.get(character, permitted),
            )


def check_credit_code(text: str) -> CreditCode:
    """Return the code that `text` holds, checked by GB 32100-2015 and GB 11714.

    Full-width characters, lower case, spaces, hyphens and dots are put right first.

    Raises:
        CreditCodeError: `text` is no such code; says which character and what was expected. A
            15-digit business licence number from before 2015 has its own problem. One wrong
            character in the organisation code upsets both checks; the inner one is reported.

    Example:
        >>> check_credit_code("9111 0000 6000 3734 1l").organisation
        '600037341'
    """
    code = _SEPARATORS.sub("", normalise(text)).upper()
    _check_shape(code)
    inner = _inner_check(code[8:16])
    if code[16] != inner:
        raise CreditCodeError(
            CodeProblem.INNER_CHECK,
            position=INNER_CHECK_POSITION,
            found=code[16],
            expected=inner,
        )
    outer = _outer_check(code[:17])
    if code[17] != outer:
        raise CreditCodeError(
            CodeProblem.OUTER_CHECK, position=CODE_LENGTH, found=code[17], expected=outer
        )
    return CreditCode(code)


def make_credit_code(organisation8: str, region: str = "000000", prefix: str = "91") -> str:
    """Return a code with both check characters computed, for demonstration and tests.

    The default region 000000 is assigned to nobody, so the code cannot be a real enterprise's.

    Args:
        organisation8: The organisation code without its check character, 8 characters.
        region: 6 digits.
        prefix: Registrar and kind, 2 characters; 91 is an enterprise.

    Raises:
        ValueError: A part has the wrong length or a character outside the alphabet.
    """
    if (len(prefix), len(region), len(organisation8)) != (2, 6, 8):
        raise ValueError(
            f"expected 2 + 6 + 8 characters, got {prefix!r} {region!r} {organisation8!r}"
        )
    if wrong := set(prefix + organisation8) - set(ALPHABET):
        raise ValueError(f"not in the alphabet of GB 32100: {sorted(wrong)}")
    if not (region.isascii() and region.isdigit()):
        raise ValueError(f"a region is 6 digits, got {region!r}")
    first17 = prefix + region + organisation8 + _inner_check(organisation8)
    return first17 + _outer_check(first17)
