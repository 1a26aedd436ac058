"""Clocks: when a piece of work is due, how much of its time has run, and what light it shows.

The rules follow the Civil Code of the PRC: the day of the filing is not counted, hours count from
the instant itself (民法典 第二百零一条); a period that would end on a free day ends on the next
working day, and it ends when business closes (第二百零三条).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from lianqi.engines.calendar.course import (
    Course,
    Line,
    Pause,
    Plan,
    WallLine,
    WorkingLine,
    as_of,
    consumed,
    follow,
    stretches,
)
from lianqi.engines.calendar.days import WorkCalendar

Amount = int | Decimal

DEFAULT_AMBER_SHARE = 0.8
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_NOTHING = timedelta(0)


class ClockKind(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"  # office hours only: nights, lunch and free days do not count
    FIXED_HOURS = "fixed_hours"  # round the clock: the only kind that may be due on a free day


_WHOLE_DAYS = (ClockKind.WORKING_DAYS, ClockKind.CALENDAR_DAYS)
_WORKING = (ClockKind.WORKING_DAYS, ClockKind.WORKING_HOURS)


class OutsideRule(StrEnum):
    """What a filing at night, at lunch or on a free day counts as."""

    AS_FILED = "as_filed"  # filed when it was filed
    NEXT_WORKING_TIME = "next_working_time"  # filed when the office next opens


@dataclass(frozen=True)
class StartRule:
    """When a clock starts for a filing.

    `cutoff` goes with NEXT_WORKING_TIME: what is filed on a working day later than this counts as
    filed at the next working day's opening. It is refused with AS_FILED, because a filing on
    Friday evening would then start later than one on Sunday.
    """

    outside: OutsideRule = OutsideRule.AS_FILED
    cutoff: time | None = None

    def __post_init__(self) -> None:
        if self.cutoff is not None and self.outside is OutsideRule.AS_FILED:
            raise ValueError("a cut-off needs the rule next_working_time")


@dataclass(frozen=True)
class ClockSpec:
    """How much time a step has: an amount above zero, whole for days, in the kind's own unit."""

    kind: ClockKind
    amount: Amount
    start_rule: StartRule = field(default_factory=StartRule)

    def __post_init__(self) -> None:
        _check_amount(self.kind, self.amount)


@dataclass(frozen=True)
class Due:
    """When a clock is due.

    `at` is None while the clock stands: nobody knows when it will be resumed. For "due on … if
    resumed now" ask with `closed_at(pauses, now)`.

    `provisional_years` are the years the computation touched whose official days are not
    announced yet; the due time may move when they are.
    """

    at: datetime | None
    provisional_years: tuple[int, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return bool(self.provisional_years)


@dataclass(frozen=True)
class Share:
    """A threshold at a share of the clock's time: 0.8 before the due time, 1.5 after it."""

    share: float

    def __post_init__(self) -> None:
        if self.share <= 0:
            raise ValueError(f"a share is above zero, not {self.share}")


@dataclass(frozen=True)
class Offset:
    """A threshold before (negative) or after (positive) the due time, in any kind's unit.

    One working day is the working time of one day. So four working hours before a due time on
    Monday at 10:00 lie on Friday.
    """

    kind: ClockKind
    amount: Amount

    def __post_init__(self) -> None:
        _check_whole(self.kind, self.amount)


Threshold = Share | Offset


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"


def due(
    calendar: WorkCalendar,
    spec: ClockSpec,
    *,
    started_at: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Amount] = (),
) -> Due:
    """When the work is due.

    Another priority is another spec with the same `started_at` and `pauses`: nothing is lost. A
    redo or a second visit to a step is a new clock with its own `started_at`. Each extension adds
    its amount in the clock's own kind. Arriving exactly at the due time is in time.
    """
    course = _course(calendar, spec, started_at, pauses, extensions)
    last = course.pauses[-1].begin if course.is_standing else course.due
    return Due(
        at=None if course.is_standing else course.line.instant(course.due),
        provisional_years=_provisional_years(
            calendar, spec, started_at=started_at, last=course.line.instant(last)
        ),
    )


def instant_at_share(
    calendar: WorkCalendar,
    spec: ClockSpec,
    share: float,
    *,
    started_at: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Amount] = (),
) -> datetime | None:
    """When a share of the clock's time has run: 0.5 is half, 1.0 due, 1.5 half as much again.

    None if the clock stands before it gets there. A share is measured on the clock's own line, so
    that 0.5 of a working-hours clock never falls into the night.
    """
    return instant_at(
        calendar,
        spec,
        Share(share),
        started_at=started_at,
        pauses=pauses,
        extensions=extensions,
    )


def instant_at(
    calendar: WorkCalendar,
    spec: ClockSpec,
    threshold: Threshold,
    *,
    started_at: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Amount] = (),
) -> datetime | None:
    """When a threshold is reached, or None if the clock stands before it.

    An offset longer than the clock itself lies before the start; the caller decides what to do.
    """
    course = _course(calendar, spec, started_at, pauses, extensions)
    if isinstance(threshold, Share):
        position = course.reached(course.budget * threshold.share)
        return None if position is None else course.line.instant(position)
    if course.is_standing:
        return None
    line = _line(calendar, threshold.kind)
    due_at = course.line.instant(course.due)
    offset = _length(calendar, threshold.kind, threshold.amount)
    return due_at if offset == _NOTHING else line.instant(line.position(due_at) + offset)


def running_time(
    calendar: WorkCalendar,
    spec: ClockSpec,
    *,
    started_at: datetime,
    at: datetime,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Time consumed until `at`: working time or wall time as the kind says, pauses left out.

    A case that waited a year for papers counts only the time somebody could work on it, before
    and after the due time alike. `as_amount` turns it into days or hours.
    """
    plan = _plan(calendar, spec, started_at, spec.amount)
    known = stretches(plan.line, plan.origin, as_of(pauses, at))
    return consumed(plan.line.position(at), origin=plan.origin, pauses=known)


def remaining(
    calendar: WorkCalendar,
    spec: ClockSpec,
    *,
    started_at: datetime,
    at: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Amount] = (),
) -> timedelta:
    """Time left at `at`, frozen while the clock stands, negative when overdue.

    Pausing after the due time stops nothing: overdue work stays overdue and grows older.
    """
    course = _course(calendar, spec, started_at, as_of(pauses, at), extensions)
    return course.budget - course.consumed(course.line.position(at))


def light(
    calendar: WorkCalendar,
    spec: ClockSpec,
    *,
    started_at: datetime,
    at: datetime,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Amount] = (),
    amber_share: float = DEFAULT_AMBER_SHARE,
) -> Light:
    """The traffic light as it showed at `at`, knowing only the pauses begun by then."""
    course = _course(calendar, spec, started_at, as_of(pauses, at), extensions)
    if course.is_standing:
        return Light.PAUSED
    if at > course.line.instant(course.due):
        return Light.RED
    amber = course.reached(course.budget * Share(amber_share).share)
    is_amber = amber is not None and at >= course.line.instant(amber)
    return Light.AMBER if is_amber else Light.GREEN


def as_amount(calendar: WorkCalendar, kind: ClockKind, elapsed: timedelta) -> float:
    """Elapsed time as a number of the kind's unit: 3.5 working days, 6.25 hours."""
    return elapsed / _length(calendar, kind, 1)


def effective_start(calendar: WorkCalendar, rule: StartRule, started_at: datetime) -> datetime:
    """When a filing counts as made."""
    local = calendar.local(started_at)
    if rule.outside is OutsideRule.AS_FILED:
        return local
    is_late = rule.cutoff is not None and local.time() > rule.cutoff
    if is_late and calendar.is_working(local.date()):
        return calendar.opening(calendar.add_working_days(local.date(), 1))
    return calendar.next_working_instant(local)


def _course(
    calendar: WorkCalendar,
    spec: ClockSpec,
    started_at: datetime,
    pauses: Sequence[Pause],
    extensions: Sequence[Amount],
) -> Course:
    for extension in extensions:
        _check_amount(spec.kind, extension)
    amount = sum(extensions, spec.amount)
    return follow(_plan(calendar, spec, started_at, amount), pauses)


def _plan(calendar: WorkCalendar, spec: ClockSpec, started_at: datetime, amount: Amount) -> Plan:
    """Origin and end of a clock that nothing has stopped."""
    start = effective_start(calendar, spec.start_rule, started_at)
    line = _line(calendar, spec.kind)
    next_day = start.date() + _DAY
    origin = line.position(calendar.at(next_day, time.min) if spec.kind in _WHOLE_DAYS else start)
    if spec.kind is not ClockKind.CALENDAR_DAYS:
        return Plan(line, origin, origin + _length(calendar, spec.kind, amount), _unmoved)
    last_day = calendar.working_day_on_or_after(start.date() + int(amount) * _DAY)
    end = line.position(calendar.closing(last_day))
    return Plan(line, origin, end, lambda position: _settled(calendar, line, position))


def _settled(calendar: WorkCalendar, line: Line, position: timedelta) -> timedelta:
    """Where a period of calendar days may end once a pause moved it, never earlier.

    On its last day it ends when business closes; a free last day gives way to the next working
    day. Past the closing of a working day it stays where it is, so that ten minutes of pause are
    worth ten minutes and not a day.
    """
    at = line.instant(position)
    last_day = calendar.working_day_on_or_after(at.date())
    return max(position, line.position(calendar.closing(last_day)))


def _unmoved(position: timedelta) -> timedelta:
    return position


def _line(calendar: WorkCalendar, kind: ClockKind) -> Line:
    return WorkingLine(calendar) if kind in _WORKING else WallLine(calendar.zone)


def _length(calendar: WorkCalendar, kind: ClockKind, amount: Amount) -> timedelta:
    if kind is ClockKind.WORKING_DAYS:
        return int(amount) * calendar.day_length
    if kind is ClockKind.CALENDAR_DAYS:
        return int(amount) * _DAY
    return timedelta(seconds=int(amount * 3600))


def _provisional_years(
    calendar: WorkCalendar, spec: ClockSpec, *, started_at: datetime, last: datetime
) -> tuple[int, ...]:
    """A clock of fixed hours asks the calendar at most for its start, every other one all along."""
    if spec.kind is ClockKind.FIXED_HOURS:
        if spec.start_rule.outside is OutsideRule.AS_FILED:
            return ()
        last = effective_start(calendar, spec.start_rule, started_at)
    return calendar.provisional_years(calendar.local(started_at).date(), last.date())


def _check_amount(kind: ClockKind, amount: Amount) -> None:
    if amount <= 0:
        raise ValueError(f"an amount of time is above zero, not {amount}")
    _check_whole(kind, amount)


def _check_whole(kind: ClockKind, amount: Amount) -> None:
    if kind in _WHOLE_DAYS and amount != int(amount):
        raise ValueError(f"days are counted whole, not {amount}")
