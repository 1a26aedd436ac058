"""Tables of compiled figures: every count leads to a list that agrees, and can be taken along."""

import io

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from lianqi.demands.actions import compile_statistics, withdraw_demand
from lianqi.demands.enums import Channel, Dimension, Measure
from lianqi.register.models import Chain, ChainPlace
from tests.web.zone import Zone, make_zone


@pytest.fixture
def zone(db: None) -> Zone:
    zone = make_zone()
    zone.firm.district = "云溪街道"
    zone.firm.save()
    ChainPlace.objects.create(enterprise=zone.firm, chain=Chain.objects.create(name="光电"))
    return zone


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def some_demands(zone: Zone) -> None:
    zone.demand("closed")
    zone.demand("closed", channel=Channel.PHONE)
    zone.demand("answered", enterprise=zone.other_firm, by=zone.other_boss)
    zone.demand("filed")
    withdrawn = zone.demand("filed")
    withdraw_demand(withdrawn.pk, reason="重复", by=zone.boss, at=timezone.now())


def page_of(client: Client, url: str, **query: object) -> BeautifulSoup:
    response = client.get(url, query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("url", ["leader:tables", "leader:export"])
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
def test_who_may_see_the_tables(
    client: Client, zone: Zone, url: str, person: str, status: int
) -> None:
    client.force_login(getattr(zone, person))

    assert client.get(reverse(url)).status_code == status


@pytest.mark.parametrize("dimension", list(Dimension))
def test_every_count_equals_the_list_behind_it(
    client: Client, zone: Zone, dimension: Dimension
) -> None:
    some_demands(zone)
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:tables"), dimension=dimension, measure="closing")

    links = page.select("#rows a, #total a, #left-out a")
    assert len(links) >= 5
    for link in links:
        listed = page_of(client, link["href"])
        assert len(listed.select("tbody#rows > tr")) == int(link.text), link["href"]


@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_says_what_it_leaves_out(
    client: Client, zone: Zone, measure: Measure
) -> None:
    some_demands(zone)
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:tables"), dimension="channel", measure=measure)

    for link in page.select("#total a, #left-out a"):
        listed = page_of(client, link["href"])
        assert len(listed.select("tbody#rows > tr")) == int(link.text), link["href"]
    assert page.select_one("#left-out li").text.startswith("Withdrawn: 1")


def test_all_rates_stand_below_with_lists_that_agree(client: Client, zone: Zone) -> None:
    some_demands(zone)
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    rows = page_of(client, reverse("leader:tables"), measure="bounce").select("#measures tr")

    assert [row.select_one("th").text for row in rows] == [str(each.label) for each in Measure]
    for link in [link for row in rows for link in row.select("td a")]:
        listed = page_of(client, link["href"])
        assert len(listed.select("tbody#rows > tr")) == int(link.text), link["href"]
    table = page_of(client, rows[0].select_one("th a")["href"])
    assert table.select_one("#table-heading").text.startswith("Closing rate")


def test_few_cases_stand_with_an_interval_and_without_a_rank(client: Client, zone: Zone) -> None:
    zone.demand("closed")
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:tables"), dimension="channel")

    rank, rate = (cell.text for cell in page.select("#rows td")[:2])
    assert (rank, rate) == ("–", "100.00%few cases: 21% to 100%")


@pytest.mark.parametrize("count", [1, 3])
def test_tables_need_the_same_queries_for_any_number_of_rows(
    client: Client, zone: Zone, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for channel in list(Channel)[:count]:
        zone.demand("closed", channel=channel)
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    # session, person, roles; spans, whole zone, rows; the two counts of the frame
    with django_assert_num_queries(8):
        client.get(reverse("leader:tables"), {"dimension": "channel"})


def test_the_spreadsheet_holds_the_same_rows(client: Client, zone: Zone) -> None:
    some_demands(zone)
    compile_statistics(at=timezone.now())
    client.force_login(zone.leader)

    answer = client.get(reverse("leader:export"), {"dimension": "channel", "measure": "closing"})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [row[:5] for row in sheet.iter_rows(values_only=True)]
    assert rows == [
        ("Channel", "Rank", "Closing rate", "numerator", "denominator"),
        ("Portal", None, 0.3333, 1, 3),
        ("Telephone", None, 1, 1, 1),
        ("Total", None, 0.5, 2, 4),
    ]


@pytest.mark.parametrize("query", [{}, {"span": "1999", "measure": "x", "dimension": "y"}])
def test_before_the_first_night_the_page_says_so(
    client: Client, zone: Zone, query: dict[str, str]
) -> None:
    zone.demand("filed")
    client.force_login(zone.leader)

    page = page_of(client, reverse("leader:tables"), **query)

    assert page.select_one(".lq-empty-what").text == "No figures have been compiled yet."


def test_the_filters_of_figures_are_not_for_firms(client: Client, zone: Zone) -> None:
    zone.demand("filed")
    client.force_login(zone.boss)

    page = page_of(client, reverse("demands:list"), case="closing.part", street="云溪街道")

    assert len(page.select("tbody#rows > tr")) == 1
    assert not page.select("[name=case], [name=street]")
