"""Pages for callers whose enterprise is not in the register."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.demands.models import Demand
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db


def unregistered(zone: Zone, name: str = "云岭海纳光电") -> Demand:  # noqa: F811  # the fixture
    return zone.demand(enterprise=None, firm_name=name, by=zone.dispatcher, channel="phone")


def test_a_caller_who_is_not_in_the_register_is_filed_by_name(
    client: Client,
    zone: Zone,  # noqa: F811
) -> None:
    client.force_login(zone.dispatcher)
    typed = {
        "firm_name": "云岭新来贸易有限公司",
        "channel": "phone",
        "category": zone.category.pk,
        "title": "咨询落户",
        "text": "想落户。",
        "idempotency_key": str(uuid4()),
    }

    refused = client.post(reverse("demands:file"), typed | {"firm_name": ""})
    filed = client.post(reverse("demands:file"), typed)

    page = BeautifulSoup(refused.content, "html.parser")
    assert refused.status_code == 422
    assert "Choose the enterprise whose demand this is." in page.get_text()
    assert page.select_one("#id_title")["value"] == "咨询落户"  # type: ignore[index]  # it is there
    assert filed.status_code == 303
    assert Demand.objects.get().firm_name == "云岭新来贸易有限公司"


def test_list_and_page_name_the_caller(client: Client, zone: Zone) -> None:  # noqa: F811
    demand = unregistered(zone)

    listed = page_of(client, zone.dispatcher, reverse("demands:list")).get_text()
    page = page_of(client, zone.dispatcher, demand.get_absolute_url())
    exported = client.get(reverse("demands:export"))

    assert "云岭海纳光电" in listed
    assert page.select_one(f'a[href="{reverse("demands:attach_enterprise", args=[demand.pk])}"]')
    assert exported.status_code == 200


def test_the_callers_words_point_to_the_entry(client: Client, zone: Zone) -> None:  # noqa: F811
    demand = unregistered(zone)
    url = reverse("demands:attach_enterprise", args=[demand.pk])

    page = page_of(client, zone.dispatcher, url)
    searched = page_of(client, zone.dispatcher, url, firm="远山医药")
    part = client.get(url, {"firm": "远山医药"}, headers={"HX-Request": "true"})

    assert [each["value"] for each in page.select("#found [name=enterprise]")] == [
        str(zone.firm.pk)
    ]
    assert [each["value"] for each in searched.select("#found [name=enterprise]")] == [
        str(zone.other_firm.pk)
    ]
    swapped = BeautifulSoup(part.content, "html.parser").select("#found [name=enterprise]")
    assert swapped == searched.select("#found [name=enterprise]")


def test_choosing_gives_the_demand_to_its_enterprise_once(
    client: Client,
    zone: Zone,  # noqa: F811
) -> None:
    demand = unregistered(zone)
    url = reverse("demands:attach_enterprise", args=[demand.pk])
    client.force_login(zone.dispatcher)

    chosen = client.post(url, {"enterprise": zone.firm.pk})
    again = client.post(url, {"enterprise": zone.other_firm.pk})

    demand.refresh_from_db()
    assert (chosen.status_code, again.status_code) == (303, 422)
    assert "belongs to 云岭海纳光电科技有限公司 already" in again.content.decode()
    assert demand.enterprise == zone.firm
    page = page_of(client, zone.boss, demand.get_absolute_url())
    assert "Found in the register: 云岭海纳光电科技有限公司" in page.get_text()


def test_only_the_dispatcher_chooses(client: Client, zone: Zone) -> None:  # noqa: F811
    url = reverse("demands:attach_enterprise", args=[unregistered(zone).pk])
    answers = {}
    for who in ("dispatcher", "leader", "auditor", "boss"):
        client.force_login(getattr(zone, who))
        answers[who] = client.get(url).status_code

    assert answers == {"dispatcher": 200, "leader": 403, "auditor": 403, "boss": 404}
