"""The word of a caller without an account, on the page of the demand and among the calls."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.accounts.enums import Role
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    dispatch_demand,
    file_demand,
    propose_unsolvable,
    sign_unsolvable,
)
from lianqi.demands.enums import Channel, Decision
from lianqi.demands.models import ContactGiven, Demand
from tests.factories import grant, make_ground, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def answered(zone: Zone) -> Demand:
    now = timezone.now()
    demand = file_demand(
        enterprise=None, firm_name="云岭启航供应链有限公司", category=zone.category, title="咨询落户",
        text="租厂房。", channel=Channel.PHONE, contacts=[ContactGiven(name="李晓梅", phone="13912345678")],
        idempotency_key="call-1", by=zone.dispatcher, at=now,
    )  # fmt: skip
    dispatch_demand(demand.pk, unit=zone.economy, by=zone.dispatcher, at=now)
    accept_demand(demand.pk, by=zone.handler, at=now)
    return answer_demand(demand.pk, answer="已告知。", by=zone.handler, at=now)


def test_an_operator_writes_down_what_the_caller_says(client: Client, zone: Zone) -> None:
    demand = answered(zone)
    client.force_login(grant(make_user(), Role.OPERATOR))
    page = BeautifulSoup(client.get(demand.get_absolute_url()).content, "html.parser")
    assert page.select_one("#act-confirm_by_phone")
    assert page.select_one("#act-dispute_by_phone")

    refused = client.post(
        reverse("demands:confirm_by_phone", args=[demand.pk]), {"note": "说得清楚"}
    )
    client.post(
        reverse("demands:confirm_by_phone", args=[demand.pk]),
        {"spoke_with": "李晓梅", "solved": "yes", "rating": "", "note": "说得清楚"},
    )
    told = client.get(demand.get_absolute_url()).content.decode()
    counted = client.get(reverse("demands:calls")).content.decode()

    assert refused.status_code == 422
    assert "说得清楚" in refused.content.decode()
    demand.refresh_from_db()
    assert demand.status == "closed"
    assert "李晓梅 said on the telephone: “Solved”, not rated" in told
    assert "Confirmed by telephone" in counted


def test_who_handles_it_is_not_offered_to_write_the_word(client: Client, zone: Zone) -> None:
    demand = answered(zone)
    client.force_login(zone.handler)

    assert "act-confirm_by_phone" not in client.get(demand.get_absolute_url()).content.decode()


def test_callers_are_found_in_the_list(client: Client, zone: Zone) -> None:
    demand = answered(zone)
    zone.demand()
    client.force_login(zone.dispatcher)

    for wanted in ("李晓梅", "启航", "13912345678"):
        page = client.get(reverse("demands:list"), {"firm": wanted})
        rows = BeautifulSoup(page.content, "html.parser").select("#rows > tr")
        assert [row["id"] for row in rows] == [f"demand-{demand.pk}"], wanted


def test_an_operator_writes_down_an_appeal(client: Client, zone: Zone) -> None:
    at = timezone.now()
    demand = file_demand(
        enterprise=None, firm_name="云岭启航供应链有限公司", category=zone.category, title="咨询落户",
        text="租厂房。", channel=Channel.PHONE, idempotency_key="call-2", by=zone.dispatcher, at=at,
    )  # fmt: skip
    dispatch_demand(demand.pk, unit=zone.economy, by=zone.dispatcher, at=at)
    accept_demand(demand.pk, by=zone.handler, at=at)
    propose_unsolvable(
        demand.pk, ground=make_ground(), basis="某条例", text="不予支持。", by=zone.handler, at=at
    )
    sign_unsolvable(demand.pk, decision=Decision.GRANTED, note="", by=zone.head, at=at)
    client.force_login(grant(make_user(), Role.OPERATOR))
    page = BeautifulSoup(client.get(demand.get_absolute_url()).content, "html.parser")

    url = reverse("demands:appeal_by_phone", args=[demand.pk])
    refused = client.post(url, {"text": "请复核。"})
    client.post(url, {"spoke_with": "李晓梅", "text": "请复核。"})
    told = client.get(demand.get_absolute_url()).content.decode()

    assert page.select_one("#act-appeal_by_phone")
    assert not page.select_one("#act-dispute_by_phone")
    assert refused.status_code == 422
    assert "李晓梅：请复核。" in told
    demand.refresh_from_db()
    assert demand.status == "appealed"
