"""Periods of the zone's calendar that figures are asked for."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

EARLIEST = dt.date(2000, 1, 1)

PERIODS = [
    ("month", _("This month")),
    ("quarter", _("This quarter")),
    ("year", _("This year")),
    ("last_year", _("Last year")),
    ("all", _("All")),
    ("custom", _("From … until …")),
]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` up to, excluding, `before`."""

    first: dt.date
    before: dt.date

    @property
    def last(self) -> dt.date:
        return self.before - dt.timedelta(days=1)

    def query(self, **more: object) -> str:
        """The query of the list of demands filed in this period, narrowed by `more`."""
        return urlencode({"filed_from": self.first, "filed_until": self.last, **more})


def year_of(day: dt.date) -> Period:
    return Period(dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1))


def period_of(
    choice: str, *, today: dt.date, first: dt.date | None = None, last: dt.date | None = None
) -> Period:
    """The period that a choice of `PERIODS` names on the day `today`; unknown ones mean the year.

    Args:
        choice: A key of `PERIODS`.
        today: The day on which it is asked.
        first: First day of a custom period; none given means the earliest day.
        last: Last day of a custom period, included; none given means today.
    """
    if choice == "month":
        return _months(today.replace(day=1), 1)
    if choice == "quarter":
        return _months(dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), 3)
    if choice == "last_year":
        return Period(dt.date(today.year - 1, 1, 1), dt.date(today.year, 1, 1))
    if choice == "all":
        return Period(EARLIEST, today + dt.timedelta(days=1))
    if choice == "custom":
        return Period(first or EARLIEST, (last or today) + dt.timedelta(days=1))
    return year_of(today)


def _months(first: dt.date, count: int) -> Period:
    years, month = divmod(first.month - 1 + count, 12)
    return Period(first, dt.date(first.year + years, month + 1, 1))
