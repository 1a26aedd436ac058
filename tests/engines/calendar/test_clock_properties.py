"""What holds for every clock, and agreement with a slow clock that ticks half hour by half hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.calendar import (
    ZONE,
    ClockKind,
    ClockSpec,
    Light,
    OutsideRule,
    Pause,
    Share,
    StartRule,
    due,
    instant_at,
    light,
    packaged_calendar,
    remaining,
    running_time,
)

CALENDAR = packaged_calendar()
TICK = timedelta(minutes=30)  # office hours begin and end on it
WORKING_KINDS = (ClockKind.WORKING_DAYS, ClockKind.WORKING_HOURS)
ON_WORKING_DAYS = (*WORKING_KINDS, ClockKind.CALENDAR_DAYS)
RULES = (StartRule(), StartRule(OutsideRule.NEXT_WORKING_TIME))

days = st.dates(date(2019, 6, 1), date(2028, 6, 1))
counts = st.integers(1, 400)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2027, 3, 1)).map(
    lambda moment: moment.replace(tzinfo=ZONE)
)
ticks = st.integers(0, 30 * 48).map(lambda number: number * TICK)
zones = st.sampled_from([UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")])


def specs(kinds: tuple[ClockKind, ...] = tuple(ClockKind)) -> st.SearchStrategy[ClockSpec]:
    return st.builds(ClockSpec, st.sampled_from(kinds), st.integers(1, 20), st.sampled_from(RULES))


@st.composite
def cases(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """A start and up to four pauses within the month after it, on the tick."""
    day = draw(st.dates(date(2020, 1, 1), date(2027, 3, 1)))
    started_at = CALENDAR.at(day, datetime.min.time()) + draw(st.integers(0, 47)) * TICK
    edges = draw(st.lists(st.tuples(ticks, ticks), max_size=4))
    pauses = [Pause(started_at + min(edge), started_at + max(edge)) for edge in edges]
    return started_at, pauses


def ticking(started_at: datetime, spec: ClockSpec, pauses: list[Pause]) -> datetime:
    """The slow clock: takes half an hour at a time and asks whether it counts."""
    now, left = started_at, int(spec.amount) * timedelta(hours=1)
    if spec.kind is ClockKind.WORKING_DAYS:
        now = CALENDAR.at(started_at.date() + timedelta(days=1), datetime.min.time())
        left = int(spec.amount) * CALENDAR.day_length
    while left:
        is_paused = any(p.start <= now and p.end is not None and now < p.end for p in pauses)
        if not is_paused and (spec.kind is ClockKind.FIXED_HOURS or is_office_open(now)):
            left -= TICK
        now += TICK
    return now


def is_office_open(now: datetime) -> bool:
    return CALENDAR.is_working(now.date()) and any(
        begin <= now.time() < end for begin, end in CALENDAR.windows
    )


# Days


@given(days, counts)
def test_adding_working_days_and_counting_back(day: date, count: int) -> None:
    later = CALENDAR.add_working_days(day, count)

    assert CALENDAR.is_working(later)
    assert CALENDAR.working_days_between(day, later) == count
    assert CALENDAR.working_days_between(later, day) == -count
    assert CALENDAR.subtract_working_days(later, count) == CALENDAR.subtract_working_days(
        CALENDAR.add_working_days(day, 1), 1
    )


@given(days, st.integers(0, 500))
def test_counting_agrees_with_asking_every_day(day: date, span: int) -> None:
    each = [day + timedelta(days=number) for number in range(1, span + 1)]

    counted = CALENDAR.working_days_between(day, day + timedelta(days=span))

    assert counted == sum(CALENDAR.is_working(one) for one in each)


@given(days)
def test_working_day_on_or_after_is_the_first_one(day: date) -> None:
    found = CALENDAR.working_day_on_or_after(day)
    skipped = [day + timedelta(days=number) for number in range((found - day).days)]

    assert CALENDAR.is_working(found)
    assert not any(CALENDAR.is_working(one) for one in skipped)


@given(instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=90)))
def test_working_time_added_lies_between(at: datetime, amount: timedelta) -> None:
    later = CALENDAR.add_working_time(at, amount)

    assert CALENDAR.working_time_between(at, later) == amount
    assert (
        CALENDAR.working_time_between(later, CALENDAR.add_working_time(later, -amount)) == -amount
    )
    assert CALENDAR.is_working(later.date())
    assert CALENDAR.next_working_instant(later) == later


# Clocks


@settings(deadline=None)
@given(
    cases(),
    st.sampled_from([ClockKind.WORKING_DAYS, ClockKind.WORKING_HOURS, ClockKind.FIXED_HOURS]),
    st.integers(1, 20),
)
def test_agrees_with_the_slow_clock(
    case: tuple[datetime, list[Pause]], kind: ClockKind, amount: int
) -> None:
    started_at, pauses = case
    spec = ClockSpec(kind, amount)

    answer = due(CALENDAR, spec, started_at=started_at, pauses=pauses)

    assert answer.at == ticking(started_at, spec, pauses)


@given(cases(), specs())
def test_never_runs_while_paused(case: tuple[datetime, list[Pause]], spec: ClockSpec) -> None:
    started_at, pauses = case
    due_at = due(CALENDAR, spec, started_at=started_at, pauses=pauses).at

    for pause in pauses:
        assert pause.end is not None
        run = [
            running_time(CALENDAR, spec, started_at=started_at, at=at, pauses=pauses)
            for at in (pause.start, pause.start + (pause.end - pause.start) / 2, pause.end)
        ]
        assert run[0] == run[1] == run[2]
        assert due_at is not None
        assert not pause.start < due_at < pause.end


@given(cases(), specs())
def test_nothing_left_is_lost_in_a_pause(
    case: tuple[datetime, list[Pause]], spec: ClockSpec
) -> None:
    started_at, pauses = case

    for pause in pauses:
        assert pause.end is not None
        before, after = (
            remaining(CALENDAR, spec, started_at=started_at, at=at, pauses=[pause])
            for at in (pause.start, pause.end)
        )
        if spec.kind is ClockKind.CALENDAR_DAYS and before > timedelta(0):
            assert after >= before  # it may win the free days its end now falls on
        elif before > timedelta(0):
            assert after == before


@given(cases(), specs(ON_WORKING_DAYS), st.lists(st.integers(1, 9), max_size=2))
def test_due_on_a_working_day(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, extensions: list[int]
) -> None:
    started_at, pauses = case

    due_at = due(CALENDAR, spec, started_at=started_at, pauses=pauses, extensions=extensions).at

    assert due_at is not None
    assert due_at > started_at
    assert CALENDAR.is_working(due_at.date())
    if spec.kind in WORKING_KINDS:
        assert CALENDAR.next_working_instant(due_at) == due_at


@given(cases(), specs(), st.floats(0, 1))
def test_a_pause_in_two_adjoining_parts_is_the_same_pause(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, share: float
) -> None:
    started_at, pauses = case
    parts = []
    for pause in pauses:
        assert pause.end is not None
        cut = pause.start + (pause.end - pause.start) * share
        parts += [Pause(cut, pause.end), Pause(pause.start, cut)]

    whole = due(CALENDAR, spec, started_at=started_at, pauses=pauses)

    assert due(CALENDAR, spec, started_at=started_at, pauses=parts) == whole


@given(cases(), specs(), st.integers(1, 20))
def test_more_time_is_never_due_earlier(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, more: int
) -> None:
    started_at, pauses = case
    longer = ClockSpec(spec.kind, spec.amount + more, spec.start_rule)

    sooner = due(CALENDAR, spec, started_at=started_at, pauses=pauses).at
    later = due(CALENDAR, longer, started_at=started_at, pauses=pauses).at

    assert sooner is not None
    assert later is not None
    assert sooner <= later
    assert later == due(CALENDAR, spec, started_at=started_at, pauses=pauses, extensions=[more]).at


@given(cases(), specs())
def test_pausing_is_never_due_earlier(case: tuple[datetime, list[Pause]], spec: ClockSpec) -> None:
    started_at, pauses = case

    without = due(CALENDAR, spec, started_at=started_at).at
    paused = due(CALENDAR, spec, started_at=started_at, pauses=pauses).at

    assert without is not None
    assert paused is not None
    assert without <= paused


@given(instants, instants, specs())
def test_filing_later_is_never_due_earlier(one: datetime, other: datetime, spec: ClockSpec) -> None:
    first, second = sorted((one, other))

    sooner = due(CALENDAR, spec, started_at=first).at
    later = due(CALENDAR, spec, started_at=second).at

    assert sooner is not None
    assert later is not None
    assert sooner <= later


@given(cases(), specs(), zones)
def test_zone_of_the_instants_is_irrelevant(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, zone: ZoneInfo
) -> None:
    started_at, pauses = case
    elsewhere = [
        Pause(pause.start.astimezone(zone), pause.end.astimezone(zone) if pause.end else None)
        for pause in pauses
    ]

    here = due(CALENDAR, spec, started_at=started_at, pauses=pauses)

    assert due(CALENDAR, spec, started_at=started_at.astimezone(zone), pauses=elsewhere) == here


@given(cases(), specs())
def test_whole_share_is_the_due_time(case: tuple[datetime, list[Pause]], spec: ClockSpec) -> None:
    started_at, pauses = case

    reached = instant_at(CALENDAR, spec, Share(1.0), started_at=started_at, pauses=pauses)

    assert reached == due(CALENDAR, spec, started_at=started_at, pauses=pauses).at


@given(cases(), specs())
def test_thresholds_come_in_their_order(
    case: tuple[datetime, list[Pause]], spec: ClockSpec
) -> None:
    started_at, pauses = case

    reached = [
        instant_at(CALENDAR, spec, Share(share), started_at=started_at, pauses=pauses)
        for share in (0.25, 0.5, 0.8, 1.0, 1.5, 3.0)
    ]

    moments = [moment for moment in reached if moment is not None]
    assert len(moments) == len(reached)
    assert moments == sorted(moments)


@given(cases(), specs(WORKING_KINDS), ticks)
def test_time_run_and_time_left_make_up_the_whole(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, later: timedelta
) -> None:
    started_at, pauses = case
    at = started_at + later
    unit = CALENDAR.day_length if spec.kind is ClockKind.WORKING_DAYS else timedelta(hours=1)

    left = remaining(CALENDAR, spec, started_at=started_at, at=at, pauses=pauses)

    if left > timedelta(0):
        run = running_time(CALENDAR, spec, started_at=started_at, at=at, pauses=pauses)
        assert run + left == int(spec.amount) * unit


@given(cases(), specs(), ticks)
def test_light_is_red_exactly_after_the_due_time(
    case: tuple[datetime, list[Pause]], spec: ClockSpec, later: timedelta
) -> None:
    started_at, pauses = case
    at = started_at + later
    due_at = due(CALENDAR, spec, started_at=started_at, pauses=pauses).at
    assert due_at is not None

    shown = light(CALENDAR, spec, started_at=started_at, at=at, pauses=pauses)

    assert (shown is Light.RED) is (at > due_at)
