"""Merging and opening a class of cases from the page of a demand."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lianqi.demands.models import Demand
from tests.web.test_objections import offered, seen
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def merge(client: Client, zone: Zone, demand: Demand, into: Demand) -> None:
    client.force_login(zone.dispatcher)
    given = {"into": into.number.lower(), "reason": "同一事项"}
    assert client.post(reverse("demands:merge", args=[demand.pk]), given).status_code == 303
    demand.refresh_from_db()


def test_from_the_warning_to_the_answer(client: Client, zone: Zone) -> None:
    survivor, demand = zone.demand("accepted"), zone.demand()

    page = seen(client, zone.dispatcher, demand)
    (link,) = page.select("a[href*='into=']")
    merge(client, zone, demand, survivor)

    assert link["href"].endswith(f"?into={survivor.number}#act-merge")
    assert page.select_one("#act-merge input[name=into]")["value"] == survivor.number
    assert demand.status == "merged"
    answering = seen(client, zone.handler, survivor)
    assert "1 merged demand gets the same answer" in answering.select_one("#act-answer").text
    assert demand.number in answering.select_one("[aria-labelledby=riders-heading]").text
    client.post(reverse("demands:answer", args=[survivor.pk]), {"answer": "已增容。"})
    assert "已增容。" in seen(client, zone.boss, demand).text


def test_the_picked_one_is_filled_in(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    page = seen(client, zone.dispatcher, demand, query="?into=SQ20260009999")

    assert page.select_one("#act-merge input[name=into]")["value"] == "SQ20260009999"


def test_an_unknown_number_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    response = client.post(
        reverse("demands:merge", args=[demand.pk]), {"into": "SQ1", "reason": "同一事项"}
    )

    assert response.status_code == 422
    assert "There is no demand with the number SQ1" in response.content.decode()
    assert "同一事项" in response.content.decode()


def test_the_reporter_is_told_of_the_merge_and_not_of_the_other(client: Client, zone: Zone) -> None:
    survivor, demand = zone.demand("accepted"), zone.demand()
    Demand.objects.filter(pk=survivor.pk).update(enterprise=zone.other_firm, title="别家的事")
    merge(client, zone, demand, survivor)

    page = seen(client, zone.boss, demand)

    assert "handled together with a similar demand" in page.text
    assert survivor.number not in page.text
    assert "别家的事" not in page.text
    assert offered(page) == ["withdraw"]
    assert "unmerge" in offered(seen(client, zone.dispatcher, demand))


def test_a_class_of_cases_is_opened_from_a_demand(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")

    page = seen(client, zone.dispatcher, demand)

    (link,) = page.select("a[href*='classes/new']")
    assert link["href"].endswith(f"?demand={demand.pk}")
    assert not seen(client, zone.handler, demand).select("a[href*='classes/new']")
