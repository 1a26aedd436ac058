"""Sums as people write and read them: 500亿元, and 约231万元 where a figure is not exact."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.rates import rounded
from lianqi.engines.rules.units import YUAN
from lianqi.web.templatetags.lianqi_ui import wan

MOST = 10**18
DIGITS = 3
"""Of a figure that is only about so; more would pretend to know more than was told."""
Known = Fraction | Decimal | None


class MoneyField(forms.Field):
    """Yuan, written with the unit: 500亿元, 9000万元, 300000元."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        known = {"help_text": gettext_lazy("With its unit: 500亿元, 20万元.")}
        super().__init__(**known | kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        written = str(value or "").strip()
        if not written:
            return None
        try:
            number, unit = quantity(written)
        except NotAValueError:
            number, unit = Fraction(0), None
        if unit is None or unit.dims != YUAN:
            raise ValidationError(_("Write a sum with its unit, as 500亿元 or 20万元."))
        if (number * 100).denominator != 1 or not 0 <= number < MOST:
            raise ValidationError(_("Write a sum of whole cents, from 0 on, below 100亿亿元."))
        return Decimal(int(number * 100)) / 100


def written(yuan: Decimal | None) -> str:
    """A sum as `MoneyField` takes it back, nothing rounded."""
    if yuan is None:
        return ""
    for size, unit in ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元")):
        if yuan >= size and yuan % (size / 10**4) == 0:
            return f"{(yuan / size).normalize():f}{unit}"
    return f"{yuan.normalize():f}元"


def money(yuan: Known, *, is_about: bool = False) -> str:
    """Yuan in words; three digits with 约 where a figure behind it is only about so."""
    if yuan is None:
        return ""
    return _about(wan(_short(yuan))) if is_about else wan(rounded(yuan, 2))


def share(part: Known, *, is_about: bool = False) -> str:
    """A share in percent, with one decimal."""
    return "" if part is None else _said(f"{rounded(part * 100, 1)}%", is_about=is_about)


def factor(times: Known, *, is_about: bool = False) -> str:
    """How many times, with two decimals."""
    if times is None:
        return ""
    return _said(_("%(times)s times") % {"times": rounded(times, 2)}, is_about=is_about)


def count(of: Known, *, is_about: bool = False) -> str:
    """A number of things, or an average of one decimal."""
    return "" if of is None else _said(f"{rounded(of, 1).normalize():,f}", is_about=is_about)


def _said(words: str, *, is_about: bool) -> str:
    return _about(words) if is_about else words


def _about(words: str) -> str:
    return _("about %(figure)s") % {"figure": words}


def _short(value: Fraction | Decimal) -> Decimal:
    """Three digits, halves up."""
    number = rounded(value, 2)
    if not number:
        return number
    step = Decimal(1).scaleb(max(number.adjusted() - DIGITS + 1, -2))
    return number.quantize(step, ROUND_HALF_UP)
