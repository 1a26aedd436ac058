from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianqi.engines.calendar import (
    ZONE,
    Window,
    WorkCalendar,
    local_day_bounds,
    packaged_calendar,
)

CALENDAR = packaged_calendar()
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),  # Saturday
        (date(2020, 6, 28), True),  # Sunday, worked for the Dragon Boat Festival
        (date(2020, 1, 31), False),  # Friday, Spring Festival extended
        (date(2020, 2, 1), False),  # Saturday first announced as worked, then free
        (date(2024, 2, 9), True),  # New Year's Eve of 2024 was not free
        (date(2025, 1, 28), False),  # New Year's Eve of 2025 was
    ],
)
def test_is_working(day: date, is_working: bool) -> None:
    assert CALENDAR.is_working(day) is is_working


def test_five_working_days_over_the_dragon_boat_festival() -> None:
    assert CALENDAR.add_working_days(date(2020, 6, 22), 5) == date(2020, 6, 30)


def test_working_days_over_the_turn_of_the_year() -> None:
    day = CALENDAR.add_working_days(date(2025, 12, 31), 1)

    assert day == date(2026, 1, 4)  # a Sunday, worked; 1 to 3 January are free
    assert CALENDAR.subtract_working_days(day, 1) == date(2025, 12, 31)


@pytest.mark.parametrize("count", [0, -1])
def test_a_number_of_working_days_is_at_least_one(count: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        CALENDAR.add_working_days(date(2026, 3, 2), count)
    with pytest.raises(ValueError, match="at least 1"):
        CALENDAR.subtract_working_days(date(2026, 3, 2), count)


def test_working_days_between_counts_the_last_day_and_not_the_first() -> None:
    assert CALENDAR.working_days_between(date(2026, 3, 2), date(2026, 3, 2)) == 0
    assert CALENDAR.working_days_between(date(2026, 3, 2), date(2026, 3, 3)) == 1
    assert CALENDAR.working_days_between(date(2026, 3, 3), date(2026, 3, 2)) == -1
    assert CALENDAR.working_days_between(date(2026, 3, 6), date(2026, 3, 8)) == 0


def test_years_without_a_notice_are_provisional() -> None:
    assert CALENDAR.provisional_years(date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert CALENDAR.provisional_years(date(2026, 12, 31), date(2028, 1, 1)) == (2027, 2028)
    assert CALENDAR.provisional_years(date(2019, 12, 31), date(2020, 1, 1)) == (2019,)
    assert not CALENDAR.is_provisional(date(2026, 12, 1), date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 4), date(2027, 1, 4))


def test_a_provisional_year_knows_weekends_only() -> None:
    assert CALENDAR.is_working(date(2027, 1, 1))
    assert not CALENDAR.is_working(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2026-03-02 08:59", "2026-03-02 09:00"),
        ("2026-03-02 09:00", "2026-03-02 09:00"),
        ("2026-03-02 11:00", "2026-03-02 11:00"),
        ("2026-03-02 12:00", "2026-03-02 12:00"),  # the closing minute is in time
        ("2026-03-02 12:01", "2026-03-02 13:30"),
        ("2026-03-02 17:30", "2026-03-02 17:30"),
        ("2026-03-02 17:31", "2026-03-03 09:00"),
        ("2026-03-07 10:00", "2026-03-09 09:00"),
    ],
)
def test_next_working_instant(asked: str, answer: str) -> None:
    assert CALENDAR.next_working_instant(at(asked)) == at(answer)


@pytest.mark.parametrize(
    ("start", "hours", "answer"),
    [
        ("2026-03-02 11:00", 1, "2026-03-02 12:00"),
        ("2026-03-02 11:00", 2, "2026-03-02 14:30"),
        ("2026-03-02 12:30", 1, "2026-03-02 14:30"),
        ("2026-03-06 17:00", 1, "2026-03-09 09:30"),
        ("2026-03-07 10:00", 7, "2026-03-09 17:30"),
        ("2026-03-09 09:30", -1, "2026-03-06 17:00"),
        ("2026-03-09 14:00", -1, "2026-03-09 11:30"),
        ("2026-03-07 10:00", 0, "2026-03-07 10:00"),
    ],
)
def test_add_working_time(start: str, hours: int, answer: str) -> None:
    assert CALENDAR.add_working_time(at(start), hours * HOUR) == at(answer)


def test_working_time_between() -> None:
    assert CALENDAR.working_time_between(at("2026-03-06 16:30"), at("2026-03-09 10:00")) == 2 * HOUR
    assert CALENDAR.working_time_between(at("2026-03-09 10:00"), at("2026-03-06 16:30")) == (
        -2 * HOUR
    )
    assert CALENDAR.working_time_between(at("2026-03-02 12:00"), at("2026-03-02 13:30")) == 0 * HOUR


def test_opening_and_closing() -> None:
    assert CALENDAR.opening(date(2026, 3, 2)) == at("2026-03-02 09:00")
    assert CALENDAR.closing(date(2026, 3, 2)) == at("2026-03-02 17:30")
    with pytest.raises(ValueError, match="not a working day"):
        CALENDAR.closing(date(2026, 3, 7))
    with pytest.raises(ValueError, match="not a working day"):
        CALENDAR.opening(date(2026, 3, 7))


def test_other_office_hours() -> None:
    calendar = packaged_calendar(windows=((time(8, 30), time(11, 30)), (time(14), time(18))))

    assert calendar.day_length == 7 * HOUR
    assert calendar.closing(date(2026, 3, 2)) == at("2026-03-02 18:00")
    assert calendar.add_working_time(at("2026-03-02 11:00"), HOUR) == at("2026-03-02 14:30")


@pytest.mark.parametrize(
    "windows",
    [
        (),
        ((time(12), time(9)),),
        ((time(9), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(9), time(12))),
    ],
)
def test_windows_out_of_order_are_refused(windows: tuple[Window, ...]) -> None:
    with pytest.raises(ValueError, match="window"):
        packaged_calendar(windows=windows)


def test_instant_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2, 10)

    with pytest.raises(ValueError, match="no time zone"):
        CALENDAR.next_working_instant(naive)
    with pytest.raises(ValueError, match="no time zone"):
        local_day_bounds(naive)


def test_instants_of_any_zone_are_understood_locally() -> None:
    late_on_friday_in_utc = datetime(2026, 3, 6, 9, 31, tzinfo=UTC)  # 17:31 in Shanghai

    assert CALENDAR.next_working_instant(late_on_friday_in_utc) == at("2026-03-09 09:00")


def test_local_day_in_another_zone() -> None:
    begin, end = local_day_bounds(
        datetime(2026, 3, 8, 12, tzinfo=UTC), zone=ZoneInfo("America/New_York")
    )

    assert end.astimezone(UTC) - begin.astimezone(UTC) == 23 * HOUR  # clocks go forward that day


def test_a_calendar_without_official_days() -> None:
    calendar = WorkCalendar.of([])

    assert calendar.add_working_days(date(1949, 10, 1), 1) == date(1949, 10, 3)
    assert calendar.provisional_years(date(1949, 10, 1), date(1949, 10, 3)) == (1949,)
