"""The page that dispatches many demands at once, and its report."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lianqi.demands.models import BulkDispatch, Demand
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def soup(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


def test_those_that_wait_are_listed_with_their_suggestion(client: Client, zone: Zone) -> None:
    zone.demand("dispatched")
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    page = soup(client.get(reverse("demands:bulk")))

    (row,) = page.select("#rows tr")
    assert row.find("input")["value"] == str(demand.pk)
    assert zone.economy.name in row.text


def test_the_ticked_ones_are_sent_and_reported(client: Client, zone: Zone) -> None:
    first, second, left = (zone.demand() for _ in range(3))
    client.force_login(zone.dispatcher)
    given = {"reach": "chosen", "unit": zone.housing.pk, "demand": [first.pk, second.pk]}

    response = client.post(reverse("demands:bulk"), given)

    report = BulkDispatch.objects.get()
    assert response["Location"] == reverse("demands:bulk_report", args=[report.pk])
    assert len(soup(client.get(response["Location"])).select("#rows tr")) == 2
    left.refresh_from_db()
    assert left.status == "submitted"
    assert Demand.objects.filter(unit=zone.housing).count() == 2


def test_all_of_a_list_are_sent_by_filter(client: Client, zone: Zone) -> None:
    zone.demand(title="园区道路照明")
    other = zone.demand(title="宿舍申请")
    client.force_login(zone.dispatcher)
    url = reverse("demands:bulk") + "?q=道路照明"

    client.post(url, {"reach": "all", "unit": ""})

    other.refresh_from_db()
    assert other.status == "submitted"
    assert Demand.objects.get(status="dispatched").unit == zone.economy


def test_the_report_is_a_spreadsheet_too(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.dispatcher)
    client.post(reverse("demands:bulk"), {"reach": "chosen", "unit": "", "demand": [demand.pk]})

    response: Any = client.get(reverse("demands:bulk_export", args=[BulkDispatch.objects.get().pk]))

    sheet: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert lines[0][0::3] == (demand.number, "Not dispatched")
    assert lines[0][4] == "demand_not_waiting"
    assert "did not wait for dispatch" in lines[0][5]


def test_the_report_is_narrowed_by_result_and_unit(client: Client, zone: Zone) -> None:
    sent, refused = zone.demand(), zone.demand("dispatched")
    client.force_login(zone.dispatcher)
    given = {"reach": "chosen", "unit": zone.housing.pk, "demand": [sent.pk, refused.pk]}
    url = client.post(reverse("demands:bulk"), given)["Location"]

    def shown(query: str) -> list[str]:
        return [each.text for each in soup(client.get(url + query)).select("#rows .lq-number")]

    assert sorted(shown("")) == sorted([sent.number, refused.number])
    assert shown("?result=sent") == [sent.number]
    assert shown("?result=refused") == [refused.number]
    assert len(shown(f"?unit={zone.housing.pk}")) == 2
    assert shown("?result=refused&unit=nonsense") == [refused.number]


def test_nothing_ticked_is_said(client: Client, zone: Zone) -> None:
    zone.demand()
    client.force_login(zone.dispatcher)

    response = client.post(reverse("demands:bulk"), {"reach": "chosen", "unit": ""})

    assert response.status_code == 422
    assert "Tick at least one" in soup(response).text
    assert not BulkDispatch.objects.exists()


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_of_the_page_do_not_grow(
    client: Client, zone: Zone, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        zone.demand()
    client.force_login(zone.dispatcher)

    with django_assert_num_queries(16):
        client.get(reverse("demands:bulk"))


@pytest.mark.parametrize("person", ["handler", "leader", "auditor", "boss"])
def test_it_is_for_dispatchers(client: Client, zone: Zone, person: str) -> None:
    demand = zone.demand()
    client.force_login(getattr(zone, person))
    given = {"reach": "chosen", "unit": zone.economy.pk, "demand": [demand.pk]}

    response = client.post(reverse("demands:bulk"), given)

    assert response.status_code == 403
    assert Demand.objects.get().status == "submitted"
