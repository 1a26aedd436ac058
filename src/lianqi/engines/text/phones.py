"""Telephone numbers as they are typed, and the one form in which they are compared."""

import re

from lianqi.engines.text.normal import normalise

_SHORTEST_WITH_COUNTRY = 12


def phone_digits(text: str) -> str:
    """Only the digits of a number, without the prefix of China.

    Example:
        >>> phone_digits("+86 138-0013-8000"), phone_digits("（0551）6531 2345"), phone_digits("")
        ('13800138000', '055165312345', '')
    """
    digits = re.sub(r"\D", "", normalise(text))
    digits = digits.removeprefix("00")
    if digits.startswith("86") and len(digits) >= _SHORTEST_WITH_COUNTRY:
        return digits.removeprefix("86")
    return digits
