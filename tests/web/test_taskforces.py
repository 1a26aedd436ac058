"""Task forces in the browser: from the order to the closed force."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import accept_demand, dispatch_demand
from lianqi.demands.models import DutyRule
from lianqi.taskforces.models import TaskForce
from tests.factories import grant, make_category, make_unit, make_user
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


def test_units_and_types_are_changed_on_the_board_and_stay_in_its_history(
    client: Client, zone: Zone
) -> None:
    force = form(zone, at=timezone.now() - dt.timedelta(days=3))
    labour, tax = make_category("labour", name_zh="用工"), make_unit("税务局")

    units = act(client, zone.leader, force, "change_units", added=[tax.pk], order="9号")
    types = act(client, zone.leader, force, "change_types", added=[labour.pk], order="9号")
    lead = act(client, zone.leader, force, "change_lead", lead_unit=zone.housing.pk, order="9号")
    page = soup(client.get(force.get_absolute_url()))

    assert {each.status_code for each in (units, types, lead)} == {303}
    rows = [row.text for row in page.select("#history tr")]
    assert sum("牵头单位" in row for row in rows) == 2
    assert sum("成员单位" in row for row in rows) == 3
    assert sum("用工" in row and "9号" in row for row in rows) == 1


def test_a_change_that_changes_nothing_comes_back_as_it_was_typed(
    client: Client, zone: Zone
) -> None:
    force = form(zone, at=timezone.now())

    answer = act(client, zone.leader, force, "change_types", added=[zone.category.pk], order="9号")

    page = soup(answer)
    assert answer.status_code == 422
    assert force.number in page.select_one("#act-change_types [role=alert]").text  # type: ignore[union-attr]  # fails if missing
    assert page.select_one("#act-change_types input[name=order]")["value"] == "9号"  # type: ignore[index]  # as above


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


def test_the_service_centre_sees_what_went_by_itself_and_takes_it_back(
    client: Client, zone: Zone
) -> None:
    force = form(zone, at=timezone.now())
    admin, line = grant(make_user(), Role.PLATFORM_ADMIN), DutyRule.objects.get()
    routing = reverse("zone:routing", args=[line.pk])
    page = soup(as_(client, admin).get(reverse("zone:category", args=[zone.category.pk])))
    client.post(routing, {"routing": "agree"})
    after = soup(client.get(reverse("zone:category", args=[zone.category.pk])))
    demand = zone.demand()

    as_(client, zone.dispatcher)
    listed = soup(client.get(reverse("demands:list"), {"status": "routed"}))
    inbox = soup(client.get(reverse("inbox:list")))
    recalled = client.post(reverse("demands:recall", args=[demand.pk]), {"reason": "属于规划问题"})
    gone = soup(client.get(reverse("inbox:list")))

    assert page.select_one(f'form[action="{routing}"] button[value=agree]') is not None
    assert after.select_one(f'form[action="{routing}"] button[value=end]') is not None
    link = f'a[href="{reverse("demands:list")}?status=routed"]'
    assert len(listed.select("#rows tr")) == 1
    assert (inbox.select_one(link) is None, gone.select_one(link) is None) == (False, True)
    assert recalled.status_code == 303
    demand.refresh_from_db()
    assert (demand.status, demand.unit) == ("submitted", None)
    assert "属于规划问题" in client.get(demand.get_absolute_url()).text
    as_(client, zone.leader)
    facts = soup(client.get(force.get_absolute_url())).select_one("dl.lq-state")
    assert facts is not None
    assert "自动派发" in facts.text


def test_a_demand_somebody_dispatched_offers_no_taking_back(client: Client, zone: Zone) -> None:
    demand = zone.demand("dispatched")

    page = soup(as_(client, zone.dispatcher).get(demand.get_absolute_url()))

    assert page.select_one(f'form[action="{reverse("demands:recall", args=[demand.pk])}"]') is None
