"""Task forces in the browser: from the order to the closed force."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.demands.actions import accept_demand, dispatch_demand
from lianqi.taskforces.models import TaskForce
from tests.taskforces.scene import form
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def act(client: Client, user: User, force: TaskForce, verb: str, **typed: object) -> Any:
    return as_(client, user).post(reverse("taskforces:act", args=[force.pk, verb]), typed)


def test_from_the_order_to_the_closed_force(client: Client, zone: Zone) -> None:
    typed = {
        "name": "口罩生产专班", "order": "云高管〔2026〕3号", "purpose": "协调转产企业。",
        "lead_unit": zone.economy.pk, "member_units": [zone.housing.pk],
        "categories": [zone.category.pk],
    }  # fmt: skip

    empty = soup(as_(client, zone.leader).get(reverse("taskforces:list")))
    formed = client.post(reverse("taskforces:form"), typed)
    force = TaskForce.objects.get()
    joined = act(client, zone.head, force, "join", person=zone.other_handler.pk)
    board = soup(as_(client, zone.other_handler).get(force.get_absolute_url()))
    closed = act(client, zone.leader, force, "close", reason="问题已解除。")
    after = soup(client.get(force.get_absolute_url()))

    assert empty.select_one(f'main a[href="{reverse("taskforces:form")}"]') is not None
    assert (formed.status_code, formed["Location"]) == (303, force.get_absolute_url())
    assert joined.status_code == 303
    assert "赵磊" in board.select_one("#members").text  # type: ignore[union-attr]  # fails if missing
    assert board.select("main form") == []
    assert closed.status_code == 303
    assert "问题已解除。" in after.text
    assert after.select("main form") == []


def test_the_board_shows_open_matters_and_last_acts(client: Client, zone: Zone) -> None:
    force = form(zone, at=timezone.now())
    demand = zone.demand()
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=timezone.now())
    member = User.objects.get(pk=zone.other_handler.pk)
    accept_demand(demand.pk, by=member, at=timezone.now())

    page = soup(as_(client, member).get(force.get_absolute_url()))

    matters = page.select("#matters tr")
    assert len(matters) == 1
    assert demand.number in matters[0].text
    assert f"受理 {demand.number}" in page.text or demand.number in page.text
    assert soup(client.get(demand.get_absolute_url())).select_one("h1") is not None


def test_a_refusal_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    form(zone, at=timezone.now())
    typed = {
        "name": "用工保障小组", "order": "4号", "purpose": "",
        "lead_unit": zone.housing.pk, "categories": [zone.category.pk],
    }  # fmt: skip

    answer = as_(client, zone.dispatcher).post(reverse("taskforces:form"), typed)

    page = soup(answer)
    name = page.select_one("input[name=name]")
    assert (answer.status_code, name and name["value"]) == (422, "用工保障小组")
    assert "口罩生产专班" in page.select_one("main [role=alert]").text  # type: ignore[union-attr]  # fails if missing
    assert TaskForce.objects.count() == 1


def test_who_comes_late_is_told_so_on_the_board(client: Client, zone: Zone) -> None:
    force = form(zone, at=timezone.now())
    act(client, zone.leader, force, "close", reason="问题已解除。")

    late = act(client, zone.dispatcher, force, "close", reason="问题已解除。")

    assert late.status_code == 422
    assert force.number in soup(late).select_one("main [role=alert]").text  # type: ignore[union-attr]  # fails if missing


def test_what_a_closing_did_stands_on_the_page_of_the_demand(client: Client, zone: Zone) -> None:
    force = form(zone, at=timezone.now())
    demand = zone.demand()
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=timezone.now())

    act(client, zone.leader, force, "close", reason="问题已解除。")

    page = as_(client, zone.boss).get(demand.get_absolute_url())
    assert "口罩生产专班" in page.text


@pytest.mark.parametrize(("who", "status"), [("boss", 403), ("officer", 403), ("handler", 404)])
def test_others_do_not_open_the_board(client: Client, zone: Zone, who: str, status: int) -> None:
    force = form(zone, at=timezone.now())

    answer = as_(client, getattr(zone, who)).get(force.get_absolute_url())

    assert answer.status_code == status


def test_the_list_can_be_narrowed(client: Client, zone: Zone) -> None:
    form(zone, at=timezone.now())
    as_(client, zone.auditor)

    def rows(**query: str) -> int:
        return len(soup(client.get(reverse("taskforces:list"), query)).select("#rows tr"))

    assert (rows(), rows(status="open"), rows(status="closed"), rows(status="x")) == (1, 1, 0, 1)
