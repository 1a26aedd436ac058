"""Assisting and transferring on the page of a demand."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lianqi.demands.models import Assistance
from tests.web.test_objections import offered, seen
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def test_from_the_request_to_the_contribution(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.dispatcher)
    given = {"unit": zone.housing.pk, "request": "请提供规划意见"}

    client.post(reverse("demands:add_assistance", args=[demand.pk]), given)
    page = seen(client, zone.other_handler, demand)
    client.post(reverse("demands:contribute", args=[demand.pk]), {"text": "规划上可行"})

    assert offered(page) == ["contribute"]
    assert "请提供规划意见" in page.select_one("#act-contribute").text
    assert Assistance.objects.get().text == "规划上可行"
    assert "规划上可行" in seen(client, zone.handler, demand).text
    assert "规划上可行" not in seen(client, zone.boss, demand).text


def test_only_units_that_owe_can_be_taken_back(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.dispatcher)
    client.post(
        reverse("demands:add_assistance", args=[demand.pk]),
        {"unit": zone.housing.pk, "request": "请提供规划意见"},
    )

    page = seen(client, zone.dispatcher, demand)

    options = page.select("#act-remove_assistance option")
    assert [each["value"] for each in options] == ["", str(zone.housing.pk)]


def test_asking_for_a_transfer_and_transferring(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)
    given = {"reason": "职责不符", "proposed": zone.housing.pk}

    client.post(reverse("demands:ask_transfer", args=[demand.pk]), given)
    page = seen(client, zone.dispatcher, demand)
    client.post(
        reverse("demands:transfer", args=[demand.pk]), {"unit": zone.housing.pk, "reason": "同意"}
    )

    assert page.select_one("#act-transfer option[selected]")["value"] == str(zone.housing.pk)
    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("dispatched", zone.housing)
    assert "refuse_transfer" in offered(page)
