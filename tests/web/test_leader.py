"""The leader's page: every rate with what it is made of, and lists that agree with it."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.models import User
from lianqi.demands.actions import withdraw_demand
from lianqi.demands.enums import Channel
from lianqi.web.periods import EARLIEST, Period, period_of
from tests.web.zone import Zone, make_zone

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def page_of(client: Client, user: User, url: str = "", **query: object) -> BeautifulSoup:
    client.force_login(user)
    response = client.get(url or reverse("leader:figures"), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize(
    ("choice", "first", "last"),
    [
        ("month", (2026, 11, 1), (2026, 11, 30)),
        ("quarter", (2026, 10, 1), (2026, 12, 31)),
        ("year", (2026, 1, 1), (2026, 12, 31)),
        ("last_year", (2025, 1, 1), (2025, 12, 31)),
        ("nonsense", (2026, 1, 1), (2026, 12, 31)),
    ],
)
def test_periods_end_with_their_last_day(
    choice: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    period = period_of(choice, today=TODAY)

    assert (period.first, period.last) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, Period(EARLIEST, dt.date(2026, 11, 22))),
        (
            dt.date(2026, 3, 1),
            dt.date(2026, 3, 1),
            Period(dt.date(2026, 3, 1), dt.date(2026, 3, 2)),
        ),
    ],
)
def test_custom_periods_include_both_days(
    first: dt.date | None, last: dt.date | None, expected: Period
) -> None:
    assert period_of("custom", today=TODAY, first=first, last=last) == expected


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("leader", 200),
        ("dispatcher", 200),
        ("auditor", 200),
        ("head", 200),
        ("handler", 403),
        ("officer", 403),
        ("boss", 403),
    ],
)
def test_who_may_see_the_figures(client: Client, zone: Zone, person: str, status: int) -> None:
    client.force_login(getattr(zone, person))

    assert client.get(reverse("leader:figures")).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_figures_need_the_same_queries_for_any_number_of_groups(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for channel in list(Channel)[:count]:
        zone.demand("closed", channel=channel)
    client.force_login(zone.leader)

    # session, person, roles; figures, names of the units; lights, overdue;
    # the two counts of the frame
    with django_assert_num_queries(9):
        response = client.get(reverse("leader:figures"))

    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.select("#by-channel tr")) == count


def test_every_count_equals_the_list_behind_it(client: Client, zone: Zone) -> None:
    zone.demand("closed")
    zone.demand("closed", channel=Channel.PHONE)
    zone.demand("answered")
    zone.demand("filed")
    withdrawn = zone.demand("filed")
    withdraw_demand(withdrawn.pk, reason="重复", by=zone.boss, at=timezone.now())

    page = page_of(client, zone.leader)

    counted = page.select("#by-unit a, #by-channel a, #by-month a")
    assert len(counted) == 4 * 4 + 1  # undispatched: received only
    for link in counted:
        listed = page_of(client, zone.leader, link["href"])
        assert len(listed.select("tbody#rows > tr")) == int(link.text), link["href"]
    assert page.select_one(".lq-stat-of").text == "2 / 4"


def test_a_change_moves_the_figure(client: Client, zone: Zone) -> None:
    demand = zone.demand("answered")
    before = page_of(client, zone.leader).select_one(".lq-stat-value").text

    client.force_login(zone.boss)
    client.post(reverse("demands:confirm", args=[demand.pk]), {"rating": "5", "solved": "yes"})

    after = page_of(client, zone.leader).select_one(".lq-stat-value").text
    assert (before, after) == ("0.00%", "100.00%")


def test_what_is_longest_overdue_comes_first(client: Client, zone: Zone) -> None:
    now = timezone.now()
    late = zone.demand("accepted", at=now - dt.timedelta(days=30))
    later = zone.demand("dispatched", at=now - dt.timedelta(days=60))
    zone.demand("accepted", at=now)

    page = page_of(client, zone.leader, period="all")

    shown = [link["href"] for link in page.select("#overdue a[href^='/demands/']")]
    assert shown == [later.get_absolute_url(), late.get_absolute_url()]


def test_a_period_that_ends_before_it_begins_is_refused(client: Client, zone: Zone) -> None:
    page = page_of(client, zone.leader, period="custom", first="2026-03-02", last="2026-03-01")

    assert page.select_one("#id_last_error").text.strip() == "The last day lies before the first."


def test_a_period_without_demands_says_what_to_do(client: Client, zone: Zone) -> None:
    page = page_of(client, zone.leader, period="last_year")

    assert page.select_one(".lq-empty-what").text == "No demand was received in this period."


def test_the_tables_of_the_page_can_be_taken_along(client: Client, zone: Zone) -> None:
    zone.demand("closed")
    zone.demand("filed")
    client.force_login(zone.leader)

    answer = client.get(reverse("leader:figures_export"))

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [row[:5] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ("Table", "Name", "Closing rate", "closed", "received")
    assert rows[1][0] == "By unit"
    assert ("By channel", "Portal", 0.5, 1, 2) in rows
    assert rows[-1] == ("Total", "Total", 0.5, 1, 2)
    client.force_login(zone.handler)
    assert client.get(reverse("leader:figures_export")).status_code == 403
