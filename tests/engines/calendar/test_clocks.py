"""What a clock does, case by case. March 2026 has no official days, 2 March is a Monday."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from lianqi.engines.calendar import (
    ZONE,
    Amount,
    ClockKind,
    ClockSpec,
    Due,
    Light,
    Offset,
    OutsideRule,
    Pause,
    Share,
    StartRule,
    as_amount,
    as_of,
    closed_at,
    due,
    effective_start,
    instant_at,
    instant_at_share,
    light,
    packaged_calendar,
    remaining,
    running_time,
    united,
)

CALENDAR = packaged_calendar()
HOUR = timedelta(hours=1)
DAY = CALENDAR.day_length
NEXT_OPENING = StartRule(OutsideRule.NEXT_WORKING_TIME)
FIVE_DAYS = ClockSpec(ClockKind.WORKING_DAYS, 5)
TEN_NATURAL_DAYS = ClockSpec(ClockKind.CALENDAR_DAYS, 10)
TWO_HOURS_ROUND_THE_CLOCK = ClockSpec(ClockKind.FIXED_HOURS, 2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


MONDAY = at("2026-03-02 10:00")


# When it is due


def test_accepted_before_the_dragon_boat_festival() -> None:
    """22 June 2020 and five working days: 25 to 27 June are free, Sunday 28 June is worked."""
    answer = due(CALENDAR, FIVE_DAYS, started_at=at("2020-06-22 09:00"))

    assert answer == Due(at=at("2020-06-30 17:30"))


@pytest.mark.parametrize("started", ["2026-03-02 00:00", "2026-03-02 10:00", "2026-03-02 23:59"])
def test_working_days_do_not_count_the_first_day(started: str) -> None:
    assert due(CALENDAR, FIVE_DAYS, started_at=at(started)).at == at("2026-03-09 17:30")


@pytest.mark.parametrize(
    ("started", "days", "answer"),
    [
        ("2026-03-02 10:00", 1, "2026-03-03 17:30"),
        ("2026-03-02 10:00", 10, "2026-03-12 17:30"),
        ("2026-03-04 10:00", 10, "2026-03-16 17:30"),  # the 14th is a Saturday
        ("2026-09-27 10:00", 7, "2026-10-08 17:30"),  # the 4th is in the holidays
        ("2025-12-25 10:00", 8, "2026-01-04 17:30"),  # the 2nd is free, Sunday the 4th is worked
    ],
)
def test_calendar_days_end_when_business_closes_on_a_working_day(
    started: str, days: int, answer: str
) -> None:
    spec = ClockSpec(ClockKind.CALENDAR_DAYS, days)

    assert due(CALENDAR, spec, started_at=at(started)).at == at(answer)


def test_working_hours_may_be_parts_of_an_hour() -> None:
    spec = ClockSpec(ClockKind.WORKING_HOURS, Decimal("0.5"))

    assert due(CALENDAR, spec, started_at=at("2026-03-02 11:45")).at == at("2026-03-02 13:45")


def test_fixed_hours_run_through_the_night_and_the_weekend() -> None:
    answer = due(CALENDAR, TWO_HOURS_ROUND_THE_CLOCK, started_at=at("2026-03-07 23:00"))

    assert answer.at == at("2026-03-08 01:00")


def test_extension_adds_in_the_same_kind() -> None:
    extended = due(CALENDAR, FIVE_DAYS, started_at=MONDAY, extensions=[3, 2])
    longer = due(CALENDAR, ClockSpec(ClockKind.WORKING_DAYS, 10), started_at=MONDAY)

    assert extended == longer
    assert extended.at == at("2026-03-16 17:30")


# When it starts


@pytest.mark.parametrize(
    ("filed", "counts_as"),
    [
        ("2026-03-02 07:00", "2026-03-02 09:00"),
        ("2026-03-02 12:30", "2026-03-02 13:30"),
        ("2026-03-02 16:00", "2026-03-02 16:00"),
        ("2026-03-02 16:01", "2026-03-03 09:00"),
        ("2026-03-06 16:01", "2026-03-09 09:00"),
        ("2026-03-07 10:00", "2026-03-09 09:00"),
        ("2026-03-08 20:00", "2026-03-09 09:00"),
    ],
)
def test_cutoff(filed: str, counts_as: str) -> None:
    rule = StartRule(OutsideRule.NEXT_WORKING_TIME, cutoff=time(16))

    assert effective_start(CALENDAR, rule, at(filed)) == at(counts_as)


def test_cutoff_without_the_rule_it_belongs_to_is_refused() -> None:
    with pytest.raises(ValueError, match="cut-off"):
        StartRule(OutsideRule.AS_FILED, cutoff=time(16))


def test_plain_rule_takes_the_filing_as_it_is() -> None:
    assert effective_start(CALENDAR, StartRule(), at("2026-03-07 10:00")) == at("2026-03-07 10:00")


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (ClockKind.WORKING_DAYS, 0),
        (ClockKind.WORKING_HOURS, -1),
        (ClockKind.WORKING_DAYS, Decimal("1.5")),
        (ClockKind.CALENDAR_DAYS, Decimal("0.5")),
    ],
)
def test_amount_that_is_none_is_refused(kind: ClockKind, amount: Amount) -> None:
    with pytest.raises(ValueError, match="not"):
        ClockSpec(kind, amount)
    with pytest.raises(ValueError, match="not"):
        due(CALENDAR, ClockSpec(kind, 1), started_at=MONDAY, extensions=[amount])


# Pauses


@pytest.mark.parametrize(
    ("begin", "end", "answer"),
    [
        ("2026-03-03 10:00", "2026-03-03 10:10", "2026-03-10 09:10"),  # ten minutes, not a day
        ("2026-03-03 11:30", "2026-03-03 14:00", "2026-03-10 10:00"),  # over lunch
        ("2026-03-03 18:00", "2026-03-04 08:00", "2026-03-09 17:30"),  # at night
        ("2026-03-07 00:00", "2026-03-09 00:00", "2026-03-09 17:30"),  # at the weekend
        ("2026-03-04 10:00", "2026-03-06 10:00", "2026-03-11 17:30"),  # two working days
        ("2026-03-02 11:00", "2026-03-02 16:00", "2026-03-09 17:30"),  # on the uncounted day
        ("2026-03-02 11:00", "2026-03-03 10:00", "2026-03-10 10:00"),  # from it into the first
        ("2026-02-27 10:00", "2026-03-03 10:00", "2026-03-10 10:00"),  # begun before the start
        ("2026-03-09 17:30", "2026-03-11 17:30", "2026-03-09 17:30"),  # begun when it was due
        ("2026-03-09 17:29", "2026-03-11 17:29", "2026-03-11 17:30"),  # begun a minute earlier
        ("2026-03-05 10:00", "2026-03-05 10:00", "2026-03-09 17:30"),  # of no length
    ],
)
def test_pause_moves_working_days_by_the_working_time_paused(
    begin: str, end: str, answer: str
) -> None:
    pauses = [Pause(at(begin), at(end))]

    assert due(CALENDAR, FIVE_DAYS, started_at=MONDAY, pauses=pauses).at == at(answer)


def test_pause_begun_after_the_old_and_before_the_moved_due_time_counts() -> None:
    pauses = [
        Pause(at("2026-03-09 09:00"), at("2026-03-10 09:00")),
        Pause(at("2026-03-10 10:00"), at("2026-03-10 11:00")),
    ]

    answer = due(CALENDAR, FIVE_DAYS, started_at=MONDAY, pauses=pauses)

    assert answer.at == at("2026-03-11 10:00")


@pytest.mark.parametrize(
    ("begin", "end", "answer"),
    [
        ("2026-03-04 10:00", "2026-03-04 10:10", "2026-03-12 17:40"),  # ten minutes, not a day
        ("2026-03-04 10:00", "2026-03-05 10:00", "2026-03-13 17:30"),  # a day
        ("2026-03-04 10:00", "2026-03-05 06:00", "2026-03-13 17:30"),  # into a day: its closing
        ("2026-03-04 10:00", "2026-03-06 10:00", "2026-03-16 17:30"),  # Saturday: Monday's closing
        ("2026-03-12 17:00", "2026-03-12 22:00", "2026-03-12 22:30"),  # never due while paused
        ("2026-03-12 17:31", "2026-03-20 17:31", "2026-03-12 17:30"),  # too late
    ],
)
def test_pause_moves_calendar_days_by_wall_time(begin: str, end: str, answer: str) -> None:
    pauses = [Pause(at(begin), at(end))]

    assert due(CALENDAR, TEN_NATURAL_DAYS, started_at=MONDAY, pauses=pauses).at == at(answer)


def test_pause_in_the_days_won_by_a_weekend_counts() -> None:
    """The 14th is a Saturday, so the work is due on Monday 16th; it pauses that morning."""
    pauses = [Pause(at("2026-03-16 10:00"), at("2026-03-20 10:00"))]

    answer = due(CALENDAR, TEN_NATURAL_DAYS, started_at=at("2026-03-04 10:00"), pauses=pauses)

    assert answer.at == at("2026-03-20 17:30")


def test_pause_moves_fixed_hours_by_wall_time() -> None:
    pauses = [Pause(at("2026-03-07 23:30"), at("2026-03-08 03:30"))]

    answer = due(
        CALENDAR, TWO_HOURS_ROUND_THE_CLOCK, started_at=at("2026-03-07 23:00"), pauses=pauses
    )

    assert answer.at == at("2026-03-08 05:00")


def test_standing_clock_has_no_due_time_but_one_if_resumed_now() -> None:
    pauses = [Pause(at("2026-03-03 10:00"))]
    now = at("2026-03-04 10:00")

    standing = due(CALENDAR, FIVE_DAYS, started_at=MONDAY, pauses=pauses)
    resumed = due(CALENDAR, FIVE_DAYS, started_at=MONDAY, pauses=closed_at(pauses, now))

    assert standing == Due(at=None)
    assert resumed.at == at("2026-03-10 17:30")


def test_open_pause_begun_after_the_due_time_stops_nothing() -> None:
    pauses = [Pause(at("2026-03-09 17:31"))]
    now = at("2026-03-10 10:00")

    assert due(CALENDAR, FIVE_DAYS, started_at=MONDAY, pauses=pauses).at == at("2026-03-09 17:30")
    assert light(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=now, pauses=pauses) is Light.RED
    assert remaining(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=now, pauses=pauses) == -HOUR


def test_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Pause(at("2026-03-03 10:00"), at("2026-03-03 09:59"))


def test_pause_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Pause(datetime(2026, 3, 3, 10))


def test_pauses_are_united() -> None:
    one, two, three, four = (at(f"2026-03-0{day} 10:00") for day in (2, 3, 4, 5))

    assert united([Pause(two, three), Pause(one, two)]) == (Pause(one, three),)
    assert united([Pause(one, four), Pause(two, three)]) == (Pause(one, four),)
    assert united([Pause(one, two), Pause(three, four)]) == (Pause(one, two), Pause(three, four))
    assert united([Pause(one), Pause(two, three)]) == (Pause(one),)
    assert united([Pause(one, three), Pause(two)]) == (Pause(one),)


def test_pauses_as_they_were_known() -> None:
    one, two, three = (at(f"2026-03-0{day} 10:00") for day in (2, 3, 4))
    pauses = [Pause(one, two), Pause(two, three)]

    assert as_of(pauses, one - HOUR) == ()
    assert as_of(pauses, one) == (Pause(one),)
    assert as_of(pauses, two) == (Pause(one, two), Pause(two))
    assert as_of(pauses, three) == tuple(pauses)


# Thresholds


@pytest.mark.parametrize(
    ("share", "answer"),
    [
        (0.2, "2026-03-03 17:30"),
        (0.5, "2026-03-05 14:00"),
        (0.8, "2026-03-06 17:30"),
        (1.0, "2026-03-09 17:30"),
        (1.4, "2026-03-11 17:30"),
    ],
)
def test_share_of_working_days(share: float, answer: str) -> None:
    assert instant_at_share(CALENDAR, FIVE_DAYS, share, started_at=MONDAY) == at(answer)


def test_share_waits_for_the_end_of_a_pause() -> None:
    pauses = [Pause(at("2026-03-04 09:00"), at("2026-03-06 09:00"))]

    before = instant_at_share(CALENDAR, FIVE_DAYS, 0.2, started_at=MONDAY, pauses=pauses)
    after = instant_at_share(CALENDAR, FIVE_DAYS, 0.4, started_at=MONDAY, pauses=pauses)

    assert before == at("2026-03-03 17:30")
    assert after == at("2026-03-06 17:30")


def test_threshold_before_an_open_pause_stands_and_later_ones_are_unknown() -> None:
    pauses = [Pause(at("2026-03-04 09:00"))]

    def reached(threshold: Share | Offset) -> datetime | None:
        return instant_at(CALENDAR, FIVE_DAYS, threshold, started_at=MONDAY, pauses=pauses)

    assert reached(Share(0.2)) == at("2026-03-03 17:30")
    assert reached(Share(0.4)) is None
    assert reached(Offset(ClockKind.WORKING_DAYS, -1)) is None


@pytest.mark.parametrize(
    ("offset", "answer"),
    [
        (Offset(ClockKind.WORKING_DAYS, -1), "2026-03-06 17:30"),
        (Offset(ClockKind.WORKING_DAYS, 2), "2026-03-11 17:30"),
        (Offset(ClockKind.WORKING_HOURS, -5), "2026-03-09 11:00"),
        (Offset(ClockKind.WORKING_HOURS, 0), "2026-03-09 17:30"),
        (Offset(ClockKind.CALENDAR_DAYS, -2), "2026-03-07 17:30"),
        (Offset(ClockKind.FIXED_HOURS, Decimal("0.5")), "2026-03-09 18:00"),
    ],
)
def test_offset_from_the_due_time(offset: Offset, answer: str) -> None:
    assert instant_at(CALENDAR, FIVE_DAYS, offset, started_at=MONDAY) == at(answer)


def test_share_of_a_period_that_a_weekend_made_longer() -> None:
    """Ten natural days from 4 March end on Saturday 14th, so the period lasts until Monday."""
    started_at = at("2026-03-04 10:00")

    reached = instant_at_share(CALENDAR, TEN_NATURAL_DAYS, 1.0, started_at=started_at)

    assert reached == due(CALENDAR, TEN_NATURAL_DAYS, started_at=started_at).at


@pytest.mark.parametrize("share", [0.0, -0.5])
def test_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Share(share)


def test_offset_of_half_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        Offset(ClockKind.WORKING_DAYS, Decimal("-0.5"))


# Light, time run, time left


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02 10:00", Light.GREEN),
        ("2026-03-06 17:29", Light.GREEN),
        ("2026-03-06 17:30", Light.AMBER),
        ("2026-03-09 17:30", Light.AMBER),  # exactly due is in time
        ("2026-03-09 17:31", Light.RED),
    ],
)
def test_light(now: str, expected: Light) -> None:
    assert light(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=at(now)) is expected


def test_light_with_another_share() -> None:
    now = at("2026-03-04 17:30")

    assert light(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=now, amber_share=0.4) is Light.AMBER
    assert light(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=now, amber_share=0.41) is Light.GREEN


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-03 08:59", Light.GREEN),
        ("2026-03-03 09:00", Light.PAUSED),
        ("2026-03-04 08:59", Light.PAUSED),
        ("2026-03-04 09:00", Light.GREEN),
    ],
)
def test_light_as_it_showed_then(now: str, expected: Light) -> None:
    pauses = [Pause(at("2026-03-03 09:00"), at("2026-03-04 09:00"))]

    shown = light(CALENDAR, FIVE_DAYS, started_at=MONDAY, at=at(now), pauses=pauses)

    assert shown is expected


@pytest.mark.parametrize(
    ("spec", "now", "run", "left"),
    [
        (FIVE_DAYS, "2026-03-02 16:00", 0 * HOUR, 5 * DAY),
        (FIVE_DAYS, "2026-03-03 10:00", HOUR, 5 * DAY - HOUR),
        (FIVE_DAYS, "2026-03-08 10:00", 4 * DAY, DAY),
        (FIVE_DAYS, "2026-03-10 10:00", 5 * DAY + HOUR, -HOUR),
        (ClockSpec(ClockKind.WORKING_HOURS, 8), "2026-03-02 14:00", 2.5 * HOUR, 5.5 * HOUR),
        (TEN_NATURAL_DAYS, "2026-03-03 10:00", 10 * HOUR, 9 * 24 * HOUR + 7.5 * HOUR),
        (TWO_HOURS_ROUND_THE_CLOCK, "2026-03-02 13:00", 3 * HOUR, -HOUR),
    ],
)
def test_time_run_and_time_left(spec: ClockSpec, now: str, run: timedelta, left: timedelta) -> None:
    assert running_time(CALENDAR, spec, started_at=MONDAY, at=at(now)) == run
    assert remaining(CALENDAR, spec, started_at=MONDAY, at=at(now)) == left


@pytest.mark.parametrize(
    ("kind", "elapsed", "amount"),
    [
        (ClockKind.WORKING_DAYS, 26.25 * HOUR, 3.75),
        (ClockKind.WORKING_HOURS, 26.25 * HOUR, 26.25),
        (ClockKind.CALENDAR_DAYS, 36 * HOUR, 1.5),
        (ClockKind.FIXED_HOURS, -HOUR, -1.0),
    ],
)
def test_as_amount(kind: ClockKind, elapsed: timedelta, amount: float) -> None:
    assert as_amount(CALENDAR, kind, elapsed) == amount


# Provisional years


@pytest.mark.parametrize(
    ("spec", "started", "answer"),
    [
        (FIVE_DAYS, "2026-12-24 10:00", Due(at("2026-12-31 17:30"))),
        (FIVE_DAYS, "2026-12-25 10:00", Due(at("2027-01-01 17:30"), (2027,))),
        (TEN_NATURAL_DAYS, "2026-12-28 10:00", Due(at("2027-01-07 17:30"), (2027,))),
        (TWO_HOURS_ROUND_THE_CLOCK, "2027-01-01 10:00", Due(at("2027-01-01 12:00"))),
        (
            ClockSpec(ClockKind.FIXED_HOURS, 2, NEXT_OPENING),
            "2027-01-01 10:00",
            Due(at("2027-01-01 12:00"), (2027,)),
        ),
        (
            ClockSpec(ClockKind.WORKING_DAYS, 300),
            "2026-12-25 10:00",
            Due(at("2028-02-18 17:30"), (2027, 2028)),
        ),
    ],
)
def test_due_time_in_a_year_without_a_notice_says_so(
    spec: ClockSpec, started: str, answer: Due
) -> None:
    computed = due(CALENDAR, spec, started_at=at(started))

    assert computed == answer
    assert computed.is_provisional is bool(answer.provisional_years)


def test_standing_clock_says_which_years_it_touched() -> None:
    pauses = [Pause(at("2027-01-05 10:00"))]

    answer = due(
        CALENDAR,
        ClockSpec(ClockKind.WORKING_DAYS, 20),
        started_at=at("2026-12-25 10:00"),
        pauses=pauses,
    )

    assert answer == Due(at=None, provisional_years=(2027,))
