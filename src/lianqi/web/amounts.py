"""Lengths of clocks in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from lianqi.engines.calendar import ClockKind

AMOUNTS: Mapping[str, Any] = {
    ClockKind.WORKING_DAYS: gettext_lazy("%(count)d working days"),
    ClockKind.CALENDAR_DAYS: gettext_lazy("%(count)d calendar days"),
    ClockKind.WORKING_HOURS: gettext_lazy("%(count)d working hours"),
    ClockKind.FIXED_HOURS: gettext_lazy("%(count)d hours"),
}


def amount_in_words(kind: str, count: int) -> str:
    """Such as “3 working days”, in the reader's language."""
    return str(AMOUNTS[kind] % {"count": count})
