"""Working days and working time: one line of numbered working days under every calculation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from lianqi.engines.calendar.official import (
    OfficialDay,
    announced_years,
    packaged_official_days,
)

ZONE = ZoneInfo("Asia/Shanghai")
Window = tuple[time, time]
OFFICE_HOURS: tuple[Window, ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))

_DAYS_A_WEEK = 7
_WEEKDAYS = 5
_NOTHING = timedelta(0)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Which days are worked, and between which hours.

    A day is worked if the official table says so; a day the table does not name is worked from
    Monday to Friday. Years outside `official_years` have no announcement yet: results that touch
    them are provisional, see `provisional_years`.

    `windows` are the office hours of every working day, in order, without overlap, within one
    day. Both ends count as office hours: a filing at the closing minute is in time.

    Instants may come in any time zone and are understood in `zone`; results are in `zone`.
    An instant without a time zone is a programming error and raises ValueError.
    """

    official: Mapping[date, OfficialDay]
    official_years: frozenset[int]
    windows: tuple[Window, ...] = OFFICE_HOURS
    zone: ZoneInfo = ZONE
    day_length: timedelta = field(init=False)  # working time of one working day
    _spans: tuple[tuple[timedelta, timedelta], ...] = field(init=False, repr=False)
    _worked_weekends: tuple[int, ...] = field(init=False, repr=False)
    _free_weekdays: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _check_windows(self.windows)
        days = sorted(self.official.values(), key=lambda day: day.date)
        worked = tuple(
            day.date.toordinal() for day in days if day.is_working and _is_weekend(day.date)
        )
        free = tuple(
            day.date.toordinal() for day in days if not day.is_working and not _is_weekend(day.date)
        )
        spans = tuple(
            (_since_midnight(begin), _since_midnight(end) - _since_midnight(begin))
            for begin, end in self.windows
        )
        object.__setattr__(self, "_spans", spans)
        object.__setattr__(self, "day_length", sum((length for _, length in spans), _NOTHING))
        object.__setattr__(self, "_worked_weekends", worked)
        object.__setattr__(self, "_free_weekdays", free)

    @classmethod
    def of(
        cls,
        days: Iterable[OfficialDay],
        *,
        windows: tuple[Window, ...] = OFFICE_HOURS,
        zone: ZoneInfo = ZONE,
    ) -> Self:
        """Calendar of a list of official days; raises ValueError if a day is listed twice."""
        days = tuple(days)
        official = {day.date: day for day in days}
        if len(official) != len(days):
            raise ValueError("an official day is listed twice")
        return cls(official, announced_years(days), windows, zone)

    # Days

    def is_working(self, day: date) -> bool:
        official = self.official.get(day)
        return official.is_working if official else not _is_weekend(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted.

        >>> packaged_calendar().add_working_days(date(2020, 6, 22), 5)
        datetime.date(2020, 6, 30)
        """
        _check_count(count)
        return self._nth(self._number(day.toordinal() + 1) + count - 1)

    def subtract_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`; `day` itself is not counted."""
        _check_count(count)
        return self._nth(self._number(day.toordinal()) - count)

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative if `last` is earlier."""
        return self._number(last.toordinal() + 1) - self._number(first.toordinal() + 1)

    def working_day_on_or_after(self, day: date) -> date:
        return self._nth(self._number(day.toordinal()))

    def provisional_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years from `first` to `last` whose official days are not announced, in order."""
        years = range(first.year, last.year + 1)
        return tuple(year for year in years if year not in self.official_years)

    def is_provisional(self, first: date, last: date) -> bool:
        return bool(self.provisional_years(first, last))

    # Times

    def local(self, at: datetime) -> datetime:
        """The instant as the wall clock of the office shows it."""
        if at.utcoffset() is None:
            raise ValueError(f"{at!r} has no time zone")
        return at.astimezone(self.zone)

    def at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=self.zone)

    def opening(self, day: date) -> datetime:
        """When the office opens on a working day; ValueError for any other day."""
        self._check_working(day)
        return self.at(day, self.windows[0][0])

    def closing(self, day: date) -> datetime:
        """When the office closes on a working day; ValueError for any other day."""
        self._check_working(day)
        return self.at(day, self.windows[-1][1])

    def next_working_instant(self, at: datetime) -> datetime:
        """`at` itself if the office is open, else the next moment it opens."""
        local = self.local(at)
        if self.is_working(local.date()):
            for begin, end in self.windows:
                if local.time() <= end:
                    return max(local, self.at(local.date(), begin))
        return self.opening(self.add_working_days(local.date(), 1))

    def add_working_time(self, at: datetime, amount: timedelta) -> datetime:
        """The earliest instant with `amount` of working time between it and `at`.

        A negative amount counts back. Nothing added leaves `at` as it is, even at night.
        """
        if amount == _NOTHING:
            return self.local(at)
        return self.instant_at(self.working_position(at) + amount)

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Working time from `begin` to `end`; negative if `end` is earlier."""
        return self.working_position(end) - self.working_position(begin)

    # The line of working time: every working day laid end to end

    def working_position(self, at: datetime) -> timedelta:
        """Working time from the beginning of the line to `at`. Only differences have meaning."""
        local = self.local(at)
        position = self._number(local.toordinal()) * self.day_length
        if not self.is_working(local.date()):
            return position
        moment = _since_midnight(local.time())
        for opened, length in self._spans:
            position += min(max(moment - opened, _NOTHING), length)
        return position

    def instant_at(self, position: timedelta) -> datetime:
        """The earliest instant at a position: a closing rather than the opening after it."""
        number, rest = divmod(position, self.day_length)
        if rest == _NOTHING:
            number, rest = number - 1, self.day_length
        opened = _NOTHING
        for opened, length in self._spans:  # noqa: B007 - the window it stops in is used below
            if rest <= length:
                break
            rest -= length
        return self.at(self._nth(number), time.min) + opened + rest

    def _number(self, ordinal: int) -> int:
        """How many working days lie before a day: its number on the line if it is one itself."""
        weeks, rest = divmod(ordinal - 1, _DAYS_A_WEEK)  # ordinal 1 was a Monday
        return (
            weeks * _WEEKDAYS
            + min(rest, _WEEKDAYS)
            + bisect_left(self._worked_weekends, ordinal)
            - bisect_left(self._free_weekdays, ordinal)
        )

    def _nth(self, number: int) -> date:
        """The working day with this number.

        Counting weekdays alone misses it by at most two days for every official day and a week;
        a bisection over that stretch finds it.
        """
        weeks, rest = divmod(number, _WEEKDAYS)
        guess = weeks * _DAYS_A_WEEK + rest + 1
        doubt = 2 * (len(self._worked_weekends) + len(self._free_weekdays)) + _DAYS_A_WEEK
        stretch = range(max(guess - doubt, 1), guess + doubt)
        return date.fromordinal(stretch.start + bisect_right(stretch, number, key=self._number) - 1)

    def _check_working(self, day: date) -> None:
        if not self.is_working(day):
            raise ValueError(f"{day} is not a working day")


def packaged_calendar(*, windows: tuple[Window, ...] = OFFICE_HOURS) -> WorkCalendar:
    """The calendar of the official days that come with the program."""
    return WorkCalendar.of(packaged_official_days(), windows=windows)


def local_day_bounds(at: datetime, *, zone: ZoneInfo = ZONE) -> tuple[datetime, datetime]:
    """Begin (included) and end (excluded) of the local calendar day of `at`.

    "Today" in every figure is this day, never the last 24 hours.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone")
    day = at.astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    return (
        datetime.combine(day, time.min, tzinfo=zone),
        datetime.combine(tomorrow, time.min, tzinfo=zone),
    )


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _WEEKDAYS


def _since_midnight(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )


def _check_count(count: int) -> None:
    if count < 1:
        raise ValueError(f"a number of working days is at least 1, not {count}")


def _check_windows(windows: tuple[Window, ...]) -> None:
    if not windows:
        raise ValueError("a working day needs at least one window")
    edges = [edge for window in windows for edge in window]
    if any(earlier >= later for earlier, later in pairwise(edges)):
        raise ValueError(f"windows must be in order and must not overlap: {windows}")
