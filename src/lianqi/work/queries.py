"""Answers about work: the calendar in force, lights, counts, who is responsible up the line."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.accounts.queries import acting_for, heads_of
from lianqi.engines import calendar as engine
from lianqi.engines.calendar import ZONE, ClockKind, Light, OutsideRule, WorkCalendar
from lianqi.work.enums import Level
from lianqi.work.models import ClockRule, OfficialDay, OfficialYear, WorkItem

_Stamp = tuple[tuple[int, dt.datetime], ...]
_known: dict[str, tuple[_Stamp, WorkCalendar]] = {}


def local_date(at: dt.datetime) -> dt.date:
    """The zone's own date at an instant."""
    return at.astimezone(ZONE).date()


def local_minute(at: dt.datetime) -> str:
    """An instant as the zone's wall clock shows it: `2026-03-09 17:30`."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def current_calendar() -> WorkCalendar:
    """The official days as loaded, with the office hours of `engines.calendar`.

    Kept per process; one small query asks whether any year was loaded since.
    """
    stamp = tuple(OfficialYear.objects.order_by("year").values_list("year", "loaded_at"))
    known = _known.get("calendar")
    if known is None or known[0] != stamp:
        known = _known["calendar"] = (stamp, _read_calendar([year for year, _ in stamp]))
    return known[1]


def _read_calendar(years: Iterable[int]) -> WorkCalendar:
    days = {
        row.date: engine.OfficialDay(row.date, row.is_working, row.name, row.source)
        for row in OfficialDay.objects.order_by("date")
    }
    return WorkCalendar(days, frozenset(years))


@dataclass(frozen=True, slots=True)
class ItemClock:
    """The clock of one item with everything that happened to it, ready to be asked."""

    calendar: WorkCalendar
    spec: engine.ClockSpec
    started_at: dt.datetime
    pauses: tuple[engine.Pause, ...]
    extensions: tuple[int, ...]

    def due(self) -> engine.Due:
        return engine.due(
            self.calendar,
            self.spec,
            started_at=self.started_at,
            pauses=self.pauses,
            extensions=self.extensions,
        )

    def at_share(self, share: Decimal) -> dt.datetime | None:
        """When that share of the time has run; None if the clock stands before."""
        return engine.instant_at_share(
            self.calendar,
            self.spec,
            float(share),
            started_at=self.started_at,
            pauses=self.pauses,
            extensions=self.extensions,
        )


def clock_of(item: WorkItem, calendar: WorkCalendar) -> ItemClock:
    """The item's clock from its stored terms, its pauses and its extensions.

    Two queries; none where `pauses` and `extensions` are prefetched or the item is not saved yet.
    """
    rule = engine.StartRule(OutsideRule(item.outside_hours), item.cutoff)
    is_new = item.pk is None
    return ItemClock(
        calendar,
        engine.ClockSpec(ClockKind(item.clock_kind), item.clock_amount, rule),
        item.opened_at,
        ()
        if is_new
        else tuple(engine.Pause(row.started_at, row.ended_at) for row in item.pauses.all()),
        () if is_new else tuple(row.amount for row in item.extensions.all()),
    )


def light_of(item: WorkItem, *, at: dt.datetime) -> Light:
    """The traffic light of an item at `at`, from what is stored: no query.

    A finished item shows for good whether it was late.
    """
    if item.done_at is not None:
        return Light.RED if item.was_late else Light.GREEN
    if item.due_at is None:
        return Light.PAUSED
    if at > item.due_at:
        return Light.RED
    return Light.AMBER if item.amber_at is not None and at >= item.amber_at else Light.GREEN


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many open items wait for a person, by light. The four lights add up to `total`."""

    total: int
    green: int
    amber: int
    red: int
    paused: int


def inbox_counts(user: User, *, at: dt.datetime) -> InboxCounts:
    """Count the person's inbox by traffic light, in one query."""
    red = Q(due_at__lt=at)
    amber = Q(due_at__gte=at, amber_at__lte=at)
    found = WorkItem.objects.inbox_of(user).aggregate(
        total=Count("pk"),
        red=Count("pk", filter=red),
        amber=Count("pk", filter=amber),
        paused=Count("pk", filter=Q(due_at__isnull=True)),
    )
    green = found["total"] - found["red"] - found["amber"] - found["paused"]
    return InboxCounts(green=green, **found)


def people_on_the_desk(unit: Unit, *, on: dt.date | None = None) -> list[User]:
    """The handlers of a unit on that day; without a day, today by the database's clock."""
    held = RoleAssignment.objects.in_force(on) if on else RoleAssignment.objects.current()
    ids = held.filter(role=Role.HANDLER, scope=Scope.UNIT, scope_id=unit.pk).values("user_id")
    return list(User.people.filter(is_active=True, pk__in=ids).order_by("pk"))


def leader_of(unit: Unit) -> User | None:
    """The leader in charge of a unit, or of the nearest unit above that has one."""
    ids = [int(part) for part in unit.path.split("/") if part]
    led = Unit.objects.filter(pk__in=ids, leader__is_active=True).select_related("leader")
    by_unit = {each.pk: each.leader for each in led}
    return next((by_unit[pk] for pk in reversed(ids) if pk in by_unit), None)


def due_under(rule: ClockRule, *, started_at: dt.datetime) -> dt.datetime:
    """When the time of a rule ends that began at `started_at` and was never stopped."""
    start = engine.StartRule(OutsideRule(rule.outside_hours), rule.cutoff)
    spec = engine.ClockSpec(ClockKind(rule.kind), rule.amount, start)
    due = engine.due(current_calendar(), spec, started_at=started_at)
    assert due.at is not None  # only a pause leaves it open
    return due.at


def common_leader(units: Iterable[Unit], *, on: dt.date) -> User | None:
    """The nearest leader in charge whom these units share, if one holds the role that day.

    Nearest to the last of the units: its own leader first, then those of the units above.
    """
    paths = [[int(part) for part in unit.path.split("/") if part] for unit in units]
    ids = {pk for path in paths for pk in path}
    led = Unit.objects.filter(pk__in=ids, leader__isnull=False).values_list("pk", "leader_id")
    leader_by_unit = dict(led)
    lines = [
        [leader_by_unit[pk] for pk in reversed(path) if pk in leader_by_unit] for path in paths
    ]
    leaders = User.people.holding(Role.LEADER, on=on).in_bulk([pk for line in lines for pk in line])
    shared = (pk for pk in (lines[-1] if lines else []) if all(pk in line for line in lines))
    return next((leaders[pk] for pk in shared if pk in leaders), None)


@dataclass
class ReportingLine:
    """Whom to tell about an item on one day, by level.

    Whoever is away is replaced by the stand-in. Answers are kept, so that a batch of items asks
    once per unit and person.
    """

    on: dt.date
    _units: dict[tuple[int, int], list[User]] = field(default_factory=dict)
    _desks: dict[str, list[User]] = field(default_factory=dict)
    _acting: dict[int, User] = field(default_factory=dict)

    def people(self, item: WorkItem, level: int) -> list[User]:
        """The people of that level, present and active, each once."""
        return self._all_present(
            self._responsible(item) if level == Level.RESPONSIBLE else self._above(item, level)
        )

    def people_of(self, unit: Unit, level: int) -> list[User]:
        """The same for a unit: its desk, its head, the leader in charge of it."""
        return self._all_present(self._of_unit(unit, level))

    def _all_present(self, people: Iterable[User]) -> list[User]:
        present = {person.pk: person for person in map(self._present, people)}
        return [person for person in present.values() if person.is_active]

    def _responsible(self, item: WorkItem) -> list[User]:
        if item.person is not None:
            return [item.person]
        if item.unit is not None:
            return self._of_unit(item.unit, 0)
        return self._at_desk(item.desk)

    def _at_desk(self, role: str) -> list[User]:
        if role not in self._desks:
            holders = User.people.holding(Role(role), on=self.on).select_related("unit")
            self._desks[role] = list(holders.order_by("pk"))
        return self._desks[role]

    def _above(self, item: WorkItem, level: int) -> list[User]:
        """Up from the item's unit; from the people's own units where the item names none."""
        if level == Level.DISPATCH_DESK:
            return self._at_desk(Role.DISPATCHER)
        if item.unit is not None:
            return self._of_unit(item.unit, level)
        units = {person.unit.pk: person.unit for person in self._responsible(item) if person.unit}
        return [person for unit in units.values() for person in self._of_unit(unit, level)]

    def _of_unit(self, unit: Unit, level: int) -> list[User]:
        key = (unit.pk, level)
        if key not in self._units:
            self._units[key] = self._ask(unit, level)
        return self._units[key]

    def _ask(self, unit: Unit, level: int) -> list[User]:
        if level == Level.RESPONSIBLE:
            return people_on_the_desk(unit, on=self.on)
        if level == Level.HEAD:
            return heads_of(unit, on=self.on)
        leader = leader_of(unit)
        return [leader] if leader is not None else []

    def _present(self, person: User) -> User:
        if person.pk not in self._acting:
            self._acting[person.pk] = acting_for(person, on=self.on)
        return self._acting[person.pk]
