"""Personal data as it is shown to those who need not know it.

Every function hides everything when a value is too short to show a part of it safely, and returns
"" for "".
"""

import re

STARS = "***"
_STREET = re.compile(r"^.*?(?:街道|大道|大街|路|街|巷|镇|乡)")
_DISTRICT = re.compile(r"^.*?(?:自治县|区|县|市)")


def mask_name(name: str) -> str:
    """Show the first character only; the number of stars does not tell the length: 张*."""
    name = name.strip()
    return name[:1] + "*" if len(name) > 1 else "*" * len(name)


def mask_mobile(number: str) -> str:
    """Show three digits and the last four: 138****1234; also of a landline number."""
    return _middle_hidden(_joined(number), first=3, last=4, stars=4)


def mask_identity_number(number: str) -> str:
    """Show three characters and the last four: 350***********1234."""
    joined = _joined(number)
    return _middle_hidden(joined, first=3, last=4, stars=len(joined) - 7)


def mask_bank_account(number: str) -> str:
    """Show the last four digits: ****1234."""
    return _middle_hidden(_joined(number), first=0, last=4, stars=4)


def mask_email(address: str) -> str:
    """Show the first character and the domain: z***@example.com."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return "*" * bool(domain) * 3
    return (local[:1] if len(local) > 1 else "") + STARS + at + domain


def mask_address(address: str) -> str:
    """Show an address down to its street, without number and floor: 鼓楼区五四路***.

    The first word that looks like a street ends what is shown; without one the district does.
    """
    address = address.strip()
    shown = _STREET.match(address) or _DISTRICT.match(address)
    if shown and shown.end() == len(address):
        return address
    return (shown[0] if shown else "") + STARS * bool(address)


def _joined(number: str) -> str:
    return re.sub(r"[\s\-]+", "", number)


def _middle_hidden(text: str, *, first: int, last: int, stars: int) -> str:
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * stars + text[-last:]
