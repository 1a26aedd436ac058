"""Objecting and deciding on the page of a demand."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.accounts.models import User
from lianqi.demands.actions import object_to_dispatch, uphold_objection
from lianqi.demands.enums import ObjectionReason
from lianqi.demands.models import Demand
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def object_(demand: Demand, by: User) -> Demand:
    return object_to_dispatch(
        demand.pk, reason=ObjectionReason.WRONG_UNIT, note="属住建职责", by=by, at=timezone.now()
    )


def seen(client: Client, user: User, demand: Demand, *, query: str = "") -> Any:
    client.force_login(user)
    page = client.get(reverse("demands:detail", args=[demand.pk]) + query)
    return BeautifulSoup(page.content, "html.parser")


def offered(page: Any) -> list[str]:
    return [each["id"].removeprefix("act-") for each in page.select(".lq-offer")]


def test_the_unit_objects_and_names_another(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")
    client.force_login(zone.handler)
    given = {"reason": "wrong_unit", "note": "属住建职责", "proposed": zone.housing.pk}

    client.post(reverse("demands:object", args=[demand.pk]), given)

    page = seen(client, zone.dispatcher, demand)
    assert offered(page) == ["uphold", "overrule", "move_category", "note", "change_urgency"]
    assert page.select_one("#act-uphold option[selected]")["value"] == str(zone.housing.pk)
    assert "属住建职责" in page.select_one("#objections-heading").find_parent("section").text


def test_upholding_sends_it_on(client: Client, zone: Zone) -> None:
    demand = object_(zone.demand("dispatched"), zone.handler)
    client.force_login(zone.dispatcher)

    client.post(
        reverse("demands:uphold", args=[demand.pk]), {"unit": zone.housing.pk, "decision": "属实"}
    )

    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("dispatched", zone.housing)


def test_not_upheld_leaves_only_accepting(client: Client, zone: Zone) -> None:
    demand = object_(zone.demand("dispatched"), zone.handler)
    client.force_login(zone.dispatcher)

    client.post(reverse("demands:overrule", args=[demand.pk]), {"decision": "属你局职责"})

    assert offered(seen(client, zone.handler, demand)) == ["accept", "contact", "note"]


def test_the_leader_arbitrates_the_second(client: Client, zone: Zone) -> None:
    demand = object_(zone.demand("dispatched"), zone.handler)
    uphold_objection(
        demand.pk, unit=zone.housing, decision="属实", by=zone.dispatcher, at=timezone.now()
    )
    object_(demand, zone.other_handler)
    given = {"unit": zone.housing.pk, "decision": "由住建局办理"}

    page = seen(client, zone.leader, demand)
    client.post(reverse("demands:arbitrate", args=[demand.pk]), given)

    assert offered(page) == ["arbitrate", "note"]
    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("dispatched", zone.housing)
    assert offered(seen(client, zone.other_handler, demand)) == ["accept", "contact", "note"]


def test_the_enterprise_sees_that_not_what_units_write(client: Client, zone: Zone) -> None:
    demand = object_(zone.demand("dispatched"), zone.handler)

    text = seen(client, zone.boss, demand).find(id="demand").text

    assert "The clock stands still: The responsibility is being decided" in text
    assert "属住建职责" not in text


def test_the_list_counts_the_bounces_and_finds_them(client: Client, zone: Zone) -> None:
    object_(zone.demand("dispatched"), zone.handler)
    zone.demand("dispatched")
    client.force_login(zone.dispatcher)

    page = client.get(reverse("demands:list"), {"status": "bounced"})

    rows = BeautifulSoup(page.content, "html.parser").select("#rows tr")
    assert len(rows) == 1
    assert "objected to once" in rows[0].text
