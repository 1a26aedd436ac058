"""Deadline faults that were reported against other public systems, one test for each symptom.

Each docstring names the report. March 2026 has no official days, 2 March is a Monday.
"""

from datetime import UTC, datetime, timedelta, timezone
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from lianqi.engines.calendar import (
    ZONE,
    ClockKind,
    ClockSpec,
    Light,
    Offset,
    OutsideRule,
    Pause,
    Share,
    StartRule,
    as_amount,
    due,
    instant_at,
    light,
    local_day_bounds,
    packaged_calendar,
    remaining,
    running_time,
)

CALENDAR = packaged_calendar()
HOUR = timedelta(hours=1)
FIVE_DAYS = ClockSpec(ClockKind.WORKING_DAYS, 5)
EIGHT_HOURS = ClockSpec(ClockKind.WORKING_HOURS, 8)
NEXT_OPENING = StartRule(OutsideRule.NEXT_WORKING_TIME)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_pause_survives_a_change_of_priority() -> None:
    """glpi-project/glpi#15605: the new priority forgot the time already paused."""
    started_at = at("2026-03-02 09:00")
    pauses = [Pause(at("2026-03-03 09:00"), at("2026-03-05 09:00"))]
    urgent = ClockSpec(ClockKind.WORKING_DAYS, 3)

    before = due(CALENDAR, FIVE_DAYS, started_at=started_at, pauses=pauses)
    after = due(CALENDAR, urgent, started_at=started_at, pauses=pauses)

    assert before.at == at("2026-03-11 17:30")
    assert after.at == at("2026-03-09 17:30")


def test_time_already_run_survives_a_change_to_another_kind() -> None:
    """glpi-project/glpi#15605: days become hours, the start and the pause stay."""
    pauses = [Pause(at("2026-03-02 10:00"), at("2026-03-02 11:00"))]

    answer = due(CALENDAR, EIGHT_HOURS, started_at=at("2026-03-02 09:00"), pauses=pauses)

    assert answer.at == at("2026-03-03 11:00")


def test_clock_that_shows_paused_does_not_run() -> None:
    """frappe/helpdesk#1554, #1675: paused on the screen, running underneath."""
    started_at = at("2026-03-02 09:00")
    pauses = [Pause(at("2026-03-04 09:00"))]
    left = {
        remaining(CALENDAR, FIVE_DAYS, started_at=started_at, at=moment, pauses=pauses)
        for moment in (at("2026-03-04 09:00"), at("2026-03-04 16:00"), at("2027-03-04 16:00"))
    }
    lights = {
        light(CALENDAR, FIVE_DAYS, started_at=started_at, at=moment, pauses=pauses)
        for moment in (at("2026-03-04 09:00"), at("2027-03-04 16:00"))
    }

    assert left == {4 * CALENDAR.day_length}
    assert lights == {Light.PAUSED}
    assert due(CALENDAR, FIVE_DAYS, started_at=started_at, pauses=pauses).at is None


def test_resuming_moves_the_due_time() -> None:
    """frappe/helpdesk#1675: the due time stayed where it was after a pause."""
    pauses = [Pause(at("2026-03-04 09:00"), at("2026-03-05 09:00"))]

    answer = due(CALENDAR, FIVE_DAYS, started_at=at("2026-03-02 09:00"), pauses=pauses)

    assert answer.at == at("2026-03-10 17:30")


def test_hold_time_is_working_time_and_not_wall_time() -> None:
    """frappe/erpnext#47029, #47884: a hold over the night added sixteen hours."""
    night = [Pause(at("2026-03-02 17:30"), at("2026-03-03 09:00"))]
    evening_and_morning = [Pause(at("2026-03-02 16:30"), at("2026-03-03 10:00"))]
    started_at = at("2026-03-02 14:30")

    without = due(CALENDAR, EIGHT_HOURS, started_at=started_at)

    assert without.at == at("2026-03-03 15:30")
    assert due(CALENDAR, EIGHT_HOURS, started_at=started_at, pauses=night) == without
    assert due(CALENDAR, EIGHT_HOURS, started_at=started_at, pauses=evening_and_morning).at == at(
        "2026-03-03 17:30"
    )


def test_overlapping_holds_are_not_counted_twice() -> None:
    """frappe/erpnext#47029, #47884: two reasons to wait at once stop the clock once."""
    overlapping = [
        Pause(at("2026-03-03 10:00"), at("2026-03-03 12:00")),
        Pause(at("2026-03-03 09:00"), at("2026-03-03 11:00")),
        Pause(at("2026-03-03 10:30"), at("2026-03-03 10:45")),
    ]

    answer = due(CALENDAR, FIVE_DAYS, started_at=at("2026-03-02 09:00"), pauses=overlapping)

    assert answer.at == at("2026-03-10 12:00")


@pytest.mark.parametrize(
    ("filed", "as_filed", "next_opening"),
    [
        ("2026-03-06 10:00", "2026-03-09 17:30", "2026-03-09 17:30"),  # Friday
        ("2026-03-06 18:00", "2026-03-09 17:30", "2026-03-10 17:30"),  # Friday evening
        ("2026-03-07 10:00", "2026-03-09 17:30", "2026-03-10 17:30"),  # Saturday
        ("2020-06-28 10:00", "2020-06-29 17:30", "2020-06-29 17:30"),  # Sunday that is worked
        ("2026-10-01 10:00", "2026-10-08 17:30", "2026-10-09 17:30"),  # National Day
    ],
)
def test_filed_on_a_day_off(filed: str, as_filed: str, next_opening: str) -> None:
    """frappe/helpdesk#2075, osTicket/osTicket#1168: the rule is data, and free days never count."""
    plain = ClockSpec(ClockKind.WORKING_DAYS, 1)
    strict = ClockSpec(ClockKind.WORKING_DAYS, 1, NEXT_OPENING)

    assert due(CALENDAR, plain, started_at=at(filed)).at == at(as_filed)
    assert due(CALENDAR, strict, started_at=at(filed)).at == at(next_opening)


def test_hours_stop_for_lunch() -> None:
    """frappe/helpdesk#2212, glpi-project/glpi#22678: two windows a day."""
    two_hours = ClockSpec(ClockKind.WORKING_HOURS, 2)

    assert due(CALENDAR, two_hours, started_at=at("2026-03-02 11:00")).at == at("2026-03-02 14:30")
    assert due(CALENDAR, two_hours, started_at=at("2026-03-02 12:30")).at == at("2026-03-02 15:30")
    assert due(CALENDAR, two_hours, started_at=at("2026-03-02 10:00")).at == at("2026-03-02 12:00")


def test_escalation_before_the_due_time_counts_back_over_a_weekend() -> None:
    """glpi-project/glpi#15357, #22678: "four hours before" fell into Sunday night."""
    started_at = at("2026-03-05 10:00")  # Thursday
    twelve_hours = ClockSpec(ClockKind.WORKING_HOURS, 12)

    due_at = due(CALENDAR, twelve_hours, started_at=started_at).at
    warned_at = instant_at(
        CALENDAR, twelve_hours, Offset(ClockKind.WORKING_HOURS, -4), started_at=started_at
    )

    assert due_at == at("2026-03-06 16:30")
    assert warned_at == at("2026-03-06 11:00")
    friday = at("2026-03-06 11:00")
    assert due(CALENDAR, EIGHT_HOURS, started_at=friday).at == at("2026-03-09 12:00")
    assert instant_at(
        CALENDAR, EIGHT_HOURS, Offset(ClockKind.WORKING_HOURS, -4), started_at=friday
    ) == at("2026-03-06 16:30")


def test_escalation_after_the_due_time_skips_a_weekend() -> None:
    """glpi-project/glpi#15357: the leader was called on Saturday."""
    started_at = at("2026-02-28 10:00")  # a Saturday that is worked
    spec = ClockSpec(ClockKind.WORKING_DAYS, 5)

    assert due(CALENDAR, spec, started_at=started_at).at == at("2026-03-06 17:30")
    assert instant_at(
        CALENDAR, spec, Offset(ClockKind.WORKING_HOURS, 2), started_at=started_at
    ) == at("2026-03-09 11:00")
    assert instant_at(CALENDAR, spec, Share(1.2), started_at=started_at) == at("2026-03-09 17:30")


def test_escalation_shares_fall_into_working_time() -> None:
    """glpi-project/glpi#22678: shares are shares of working time."""
    started_at = at("2026-03-05 15:30")

    moments = [
        instant_at(CALENDAR, EIGHT_HOURS, Share(share), started_at=started_at)
        for share in (0.25, 0.5, 0.75, 1.0, 1.5)
    ]

    assert moments == [
        at("2026-03-05 17:30"),
        at("2026-03-06 11:00"),
        at("2026-03-06 14:30"),
        at("2026-03-06 16:30"),
        at("2026-03-09 12:00"),
    ]


def test_time_zone_of_the_server_does_not_matter() -> None:
    """glpi-project/glpi#15429: right only with a calendar round the clock."""
    started_at = at("2026-03-02 07:30")
    zones = (UTC, ZoneInfo("America/Los_Angeles"), timezone(timedelta(hours=5, minutes=45)))

    answers = {
        due(CALENDAR, FIVE_DAYS, started_at=started_at.astimezone(zone)).at for zone in zones
    }

    assert started_at.astimezone(UTC).day == 1  # still Sunday there
    assert answers == {at("2026-03-09 17:30")}


def test_second_visit_to_a_step_has_its_own_clock() -> None:
    """YunaiV/ruoyi-vue-pro#1018: no timer on the second visit."""
    first_visit, second_visit = at("2026-03-02 09:00"), at("2026-03-12 09:00")
    first_pauses = [Pause(at("2026-03-03 09:00"), at("2026-03-04 09:00"))]

    first = due(CALENDAR, FIVE_DAYS, started_at=first_visit, pauses=first_pauses)
    second = due(CALENDAR, FIVE_DAYS, started_at=second_visit)

    assert first.at == at("2026-03-10 17:30")
    assert second.at == at("2026-03-19 17:30")
    assert (
        light(CALENDAR, FIVE_DAYS, started_at=second_visit, at=at("2026-03-19 17:31")) is Light.RED
    )


def test_redo_gets_a_new_deadline() -> None:
    """projectcaluma/caluma#1863: the redone work kept the old deadline."""
    redone_at = at("2026-03-20 09:00")

    answer = due(CALENDAR, FIVE_DAYS, started_at=redone_at)

    assert answer.at == at("2026-03-27 17:30")
    assert light(CALENDAR, FIVE_DAYS, started_at=redone_at, at=redone_at) is Light.GREEN


def test_old_waiting_case_does_not_distort_the_average() -> None:
    """demarche-numerique/demarche.numerique.gouv.fr#4690: one case that waited a year."""
    started_at = at("2025-03-03 09:00")
    waited_a_year = [Pause(at("2025-03-05 09:00"), at("2026-03-05 09:00"))]
    ordinary = running_time(
        CALENDAR, FIVE_DAYS, started_at=at("2026-03-02 09:00"), at=at("2026-03-04 17:30")
    )

    odd = running_time(
        CALENDAR,
        FIVE_DAYS,
        started_at=started_at,
        at=at("2026-03-05 17:30"),
        pauses=waited_a_year,
    )

    days = [as_amount(CALENDAR, ClockKind.WORKING_DAYS, spent) for spent in (ordinary, odd)]
    assert days == [2.0, 2.0]
    assert mean(days) == 2.0


def test_reopen_window_is_counted_from_the_answer() -> None:
    """DIGIT complaints, "reopen window": a comment restarted it.

    A clock has one start, the answer. Whatever is written later is no argument of it.
    """
    window = ClockSpec(ClockKind.WORKING_DAYS, 5)
    answered_at, commented_at = at("2026-03-02 10:00"), at("2026-03-06 10:00")

    on_comment = remaining(CALENDAR, window, started_at=answered_at, at=commented_at)

    assert due(CALENDAR, window, started_at=answered_at).at == at("2026-03-09 17:30")
    assert on_comment == CALENDAR.working_time_between(commented_at, at("2026-03-09 17:30"))
    assert light(CALENDAR, window, started_at=answered_at, at=at("2026-03-09 17:30")) is Light.AMBER
    assert light(CALENDAR, window, started_at=answered_at, at=at("2026-03-09 17:31")) is Light.RED


def test_today_is_the_local_day() -> None:
    """CCRS of eGovernments #1462, #1483: "today" showed the last 24 hours."""
    just_after_midnight = datetime(2026, 3, 1, 16, 5, tzinfo=UTC)  # 2 March, 00:05 in Shanghai

    begin, end = local_day_bounds(just_after_midnight)

    assert begin == at("2026-03-02 00:00")
    assert end == at("2026-03-03 00:00")
    yesterday_evening = at("2026-03-01 23:00")
    assert not begin <= yesterday_evening < end
