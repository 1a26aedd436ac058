"""Days of many rows, counted as `date.toordinal` does: 1 is 1 January of the year 1."""

from typing import Any

import numpy as np

_EPOCH = 719_163  # 1 January 1970

# Ordinals by row, or one for all rows.
Ordinals = Any


def _months_and_days(ordinals: Ordinals) -> tuple[Any, Any]:
    """Months since January 1970, and days since the first of the month."""
    days = (np.asarray(ordinals, np.int64) - _EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return months, (days - months.astype("datetime64[D]")).astype(np.int64)


def shifted(ordinals: Ordinals, *, years: int, months: int, days: int) -> Ordinals:
    """Days moved; where the month is shorter, its last day."""
    if not years and not months:
        return ordinals + days
    start, day = _months_and_days(ordinals)
    return _at(start + np.timedelta64(12 * years + months, "M"), day) + days


def _at(month: Any, day: Any) -> Any:
    first = month.astype("datetime64[D]").astype(np.int64)
    after = (month + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64)
    return np.minimum(first + day, after - 1) + _EPOCH


def months_between(start: Ordinals, end: Ordinals) -> Any:
    """Completed months; the 31st of a month is reached on the last day of a shorter one."""
    start_month, start_day = _months_and_days(start)
    end_month, _ = _months_and_days(end)
    months = (end_month - start_month).astype(np.int64)
    return months - (_at(end_month, start_day) > end)
