"""When a message may leave that must not come at night, or that waits for a daily summary.

Times of day are the zone's; an instant is told with the zone it is read in.
"""

import datetime as dt


def after_quiet(
    at: dt.datetime, *, quiet_from: dt.time | None, quiet_until: dt.time | None
) -> dt.datetime:
    """The end of the quiet hours if `at` lies in them, else `at` itself.

    The first minute is quiet, the last one not: from 22:00 until 07:00 a message of 07:00 leaves.
    Hours that end before they begin reach over midnight. Equal ends, or none, are no quiet hours.

    Args:
        at: An instant in the zone's time.

    Example:
        >>> zone = dt.timezone(dt.timedelta(hours=8))
        >>> night = dt.datetime(2026, 3, 4, 23, 30, tzinfo=zone)
        >>> after_quiet(night, quiet_from=dt.time(22), quiet_until=dt.time(7)).isoformat()
        '2026-03-05T07:00:00+08:00'
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    now = at.time()
    if quiet_from < quiet_until:
        is_quiet = quiet_from <= now < quiet_until
    else:
        is_quiet = now >= quiet_from or now < quiet_until
    return next_at(at, quiet_until) if is_quiet else at


def next_at(at: dt.datetime, time: dt.time) -> dt.datetime:
    """The next moment after `at` at which the clock of its zone shows `time`.

    Example:
        >>> zone = dt.timezone(dt.timedelta(hours=8))
        >>> next_at(dt.datetime(2026, 3, 4, 8, 30, tzinfo=zone), dt.time(8, 30)).isoformat()
        '2026-03-05T08:30:00+08:00'
    """
    today = dt.datetime.combine(at.date(), time, tzinfo=at.tzinfo)
    return today if today > at else today + dt.timedelta(days=1)
