"""The public pages: home and figures."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.accounts.models import User
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def page_of(client: Client, url: str, user: User | None = None, **query: object) -> BeautifulSoup:
    if user is not None:
        client.force_login(user)
    response = client.get(url, query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_everybody_may_read_the_home_page_and_the_figures(client: Client) -> None:
    home = page_of(client, reverse("home"))
    figures = page_of(client, reverse("public_figures"))

    assert [stat.text for stat in home.select(".lq-stat-value")] == ["no data", "no data"]
    assert home.select_one(".lq-invite a")["href"] == (
        f"{reverse('account_login')}?next={reverse('demands:file')}"
    )
    assert figures.select_one(".lq-empty-what").text == "No data for this year."


def test_home_shows_numerator_and_denominator_of_the_year(client: Client, zone: Zone) -> None:
    zone.demand("closed")
    zone.demand("filed")
    zone.demand("closed", at=timezone.now() - dt.timedelta(days=400))

    page = page_of(client, reverse("home"))

    shown = [
        (stat.select_one(".lq-stat-value").text, stat.select_one(".lq-stat-of").text)
        for stat in page.select(".lq-stat")
    ]
    assert shown == [("50.00%", "1 / 2"), ("100.00%", "1 / 1")]


@pytest.mark.parametrize("count", [1, 3])
def test_home_of_an_enterprise_needs_the_same_queries_for_any_number_of_demands(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    demands = [zone.demand("dispatched") for _ in range(count)]
    client.force_login(zone.boss)

    # session, person, roles; figures; demands, those filed for others, and their clocks; notices and
    # conversions of the frame
    with django_assert_num_queries(9):
        response = client.get(reverse("home"))

    page = BeautifulSoup(response.content, "html.parser")
    shown = [row["id"] for row in page.select(".lq-open > li")]
    assert shown == [f"demand-{demand.pk}" for demand in reversed(demands)]


def test_home_of_the_zone_counts_the_inbox_by_light(client: Client, zone: Zone) -> None:
    zone.demand("dispatched")
    zone.demand("dispatched", at=timezone.now() - dt.timedelta(days=30))

    page = page_of(client, reverse("home"), zone.handler)

    values = [stat.text for stat in page.select("[aria-labelledby=inbox-heading] .lq-stat-value")]
    assert values == ["1", "0", "1", "0"]


def test_who_waits_for_confirmation_is_told_so(client: Client, zone: Zone) -> None:
    page = page_of(client, reverse("home"), zone.newcomer)

    assert page.select_one(".lq-alert-title").text == "Your account is not confirmed yet"


def test_figures_show_each_month_beside_its_bar_and_no_bar_for_nothing(
    client: Client, zone: Zone
) -> None:
    zone.demand("closed", at=dt.datetime(2025, 3, 4, 2, tzinfo=dt.UTC))
    zone.demand("filed", at=dt.datetime(2025, 3, 5, 2, tzinfo=dt.UTC))
    zone.demand("filed", at=dt.datetime(2025, 4, 4, 2, tzinfo=dt.UTC))

    page = page_of(client, reverse("public_figures"), year="2025")

    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.select("#rows tr")]
    assert rows == [
        ["2025-03", "50.00%", "1 / 2", "100.00%", "1 / 1"],
        ["2025-04", "0.00%", "0 / 1", "no data", "0 / 0"],
    ]
    closing, satisfaction = page.select("svg[role=img]")
    assert [bar["height"] for bar in closing.find_all("rect")] == ["64.0", "0.0"]
    assert [text.text for text in satisfaction.select(".lq-chart-value")] == ["100%", "–"]


@pytest.mark.parametrize("year", ["1999", "9999", "x", "", "²"])
def test_figures_of_a_year_that_cannot_be_are_those_of_this_year(client: Client, year: str) -> None:
    page = page_of(client, reverse("public_figures"), year=year)

    assert page.h1.text == f"Demands of enterprises in {timezone.localdate().year}"
