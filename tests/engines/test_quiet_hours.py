"""Quiet hours: over midnight, within a day, and their ends; the hour of the daily summary."""

import datetime as dt

import pytest

from lianqi.engines.quiet_hours import after_quiet, next_at

ZONE = dt.timezone(dt.timedelta(hours=8))


def at(day: int, time: str) -> dt.datetime:
    return dt.datetime.combine(dt.date(2026, 3, day), dt.time.fromisoformat(time), tzinfo=ZONE)


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        (at(4, "21:59"), at(4, "21:59")),
        (at(4, "22:00"), at(5, "07:00")),
        (at(4, "23:59:59"), at(5, "07:00")),
        (at(5, "00:00"), at(5, "07:00")),
        (at(5, "06:59:59"), at(5, "07:00")),
        (at(5, "07:00"), at(5, "07:00")),
    ],
)
def test_a_night_ends_in_the_morning(written: dt.datetime, leaves: dt.datetime) -> None:
    quiet = after_quiet(written, quiet_from=dt.time(22), quiet_until=dt.time(7))

    assert quiet == leaves


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        (at(4, "11:59"), at(4, "11:59")),
        (at(4, "12:00"), at(4, "14:00")),
        (at(4, "13:59"), at(4, "14:00")),
        (at(4, "14:00"), at(4, "14:00")),
    ],
)
def test_a_rest_at_noon_ends_the_same_day(written: dt.datetime, leaves: dt.datetime) -> None:
    quiet = after_quiet(written, quiet_from=dt.time(12), quiet_until=dt.time(14))

    assert quiet == leaves


@pytest.mark.parametrize(("begin", "end"), [(None, None), (dt.time(9), dt.time(9))])
def test_no_hours_and_equal_ends_are_never_quiet(
    begin: dt.time | None, end: dt.time | None
) -> None:
    assert after_quiet(at(4, "09:00"), quiet_from=begin, quiet_until=end) == at(4, "09:00")


def test_the_hour_of_the_summary_is_always_ahead() -> None:
    assert next_at(at(4, "08:29"), dt.time(8, 30)) == at(4, "08:30")
    assert next_at(at(4, "08:30"), dt.time(8, 30)) == at(5, "08:30")
