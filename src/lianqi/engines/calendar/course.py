"""The course of one clock along a line of time: where it starts, where it is due, when it stands.

Every kind of clock becomes positions on a line. On the line of working time nights, lunch breaks
and free days have no length; on the line of wall time every second has. Pausing, sharing out and
counting back are then plain subtraction, the same for all kinds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

from lianqi.engines.calendar.days import WorkCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stands, from `start` (included) to `end` (excluded).

    `end` is None while nobody has resumed. A pause that ends before it starts is refused, and so
    is an instant without a time zone.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if any(at is not None and at.utcoffset() is None for at in (self.start, self.end)):
            raise ValueError(f"a pause needs instants with a time zone: {self}")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause cannot end ({self.end}) before it starts ({self.start})")


class Line(Protocol):
    """A way to lay instants on a line."""

    def position(self, at: datetime) -> timedelta: ...

    def instant(self, position: timedelta) -> datetime: ...


@dataclass(frozen=True)
class WorkingLine:
    calendar: WorkCalendar

    def position(self, at: datetime) -> timedelta:
        return self.calendar.working_position(at)

    def instant(self, position: timedelta) -> datetime:
        return self.calendar.instant_at(position)


@dataclass(frozen=True)
class WallLine:
    zone: ZoneInfo

    def position(self, at: datetime) -> timedelta:
        return at - _EPOCH

    def instant(self, position: timedelta) -> datetime:
        return (_EPOCH + position).astimezone(self.zone)


@dataclass(frozen=True)
class Stretch:
    """A pause as positions on the line; `end` is None while it is open."""

    begin: timedelta
    end: timedelta | None


@dataclass(frozen=True)
class Plan:
    """A clock before anything happened to it.

    `settle` moves a due position to where the law lets a period end: past a free day.
    """

    line: Line
    origin: timedelta
    end: timedelta
    settle: Callable[[timedelta], timedelta]


@dataclass(frozen=True)
class Course:
    """A clock with its pauses worked in.

    `pauses` are those that count: begun before the due time. While the last one is open the clock
    stands, and `due` is what it was when the clock stopped.
    """

    line: Line
    origin: timedelta
    due: timedelta
    pauses: tuple[Stretch, ...]

    @property
    def is_standing(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def budget(self) -> timedelta:
        """Running time from the origin to the due time."""
        paused = (pause.end - pause.begin for pause in self.pauses if pause.end is not None)
        return self.due - self.origin - sum(paused, _NOTHING)

    def consumed(self, position: timedelta) -> timedelta:
        return consumed(position, origin=self.origin, pauses=self.pauses)

    def reached(self, running: timedelta) -> timedelta | None:
        """The earliest position with that much running time; None if the clock stands before."""
        position = self.origin + running
        for pause in self.pauses:
            if pause.begin >= position:
                break
            if pause.end is None:
                return None
            position += pause.end - pause.begin
        return position


def follow(plan: Plan, pauses: Iterable[Pause]) -> Course:
    """Move the due time of a plan by its pauses, one after the other.

    Each pause that begins before the due time, as it stands by then, moves it by the pause's own
    length on the line: working time on the working line, never rounded. Later ones move nothing.
    """
    due = plan.end
    counted: list[Stretch] = []
    for stretch in stretches(plan.line, plan.origin, pauses):
        if stretch.begin >= due:
            break
        counted.append(stretch)
        if stretch.end is not None:
            due = plan.settle(due + (stretch.end - stretch.begin))
    return Course(plan.line, plan.origin, due, tuple(counted))


def consumed(position: timedelta, *, origin: timedelta, pauses: Iterable[Stretch]) -> timedelta:
    """Running time from the origin to a position, pauses left out; never negative."""
    begun = takewhile(lambda pause: pause.begin < position, pauses)
    paused = (
        (position if pause.end is None else min(pause.end, position)) - pause.begin
        for pause in begun
    )
    return max(position - origin, _NOTHING) - sum(paused, _NOTHING)


def stretches(line: Line, origin: timedelta, pauses: Iterable[Pause]) -> tuple[Stretch, ...]:
    """The pauses on the line after the origin, in order and apart.

    A stretch without length is left out, so a pause at night is nothing on the working line.
    """
    found = []
    for pause in united(pauses):
        begin = max(line.position(pause.start), origin)
        end = None if pause.end is None else line.position(pause.end)
        if end is None or end > begin:
            found.append(Stretch(begin, end))
    return tuple(found)


def united(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same pauses in order, overlapping and adjoining ones made one.

    Two reasons to pause at the same time stop the clock once.
    """
    apart: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = apart[-1] if apart else None
        if last is None or (last.end is not None and last.end < pause.start):
            apart.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            apart[-1] = Pause(last.start, pause.end)
    return tuple(apart)


def as_of(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as they were known at an instant: those begun, open unless ended by then."""
    return tuple(
        Pause(pause.start, pause.end if pause.end is not None and pause.end <= at else None)
        for pause in pauses
        if pause.start <= at
    )


def closed_at(pauses: Iterable[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses if the clock were resumed at an instant not before their starts."""
    return tuple(pause if pause.end is not None else Pause(pause.start, at) for pause in pauses)
