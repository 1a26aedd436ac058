"""Supervision orders in the browser: from what is late to the settled order."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.supervision.actions import load_order_clocks
from lianqi.supervision.models import SupervisionOrder
from lianqi.work.models import EscalationRule, WorkItem
from tests.factories import grant, make_user
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    load_order_clocks(at=timezone.now())
    return make_zone()


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def item_of(zone: Zone) -> WorkItem:
    return WorkItem.objects.about(zone.demand("accepted")).get(step="answer")


def issue(client: Client, zone: Zone, item: WorkItem, **changes: object) -> Any:
    typed = {"unit": zone.economy.pk, "text": "请尽快办理。", "urgency": "urgent"} | changes
    return as_(client, zone.leader).post(reverse("supervision:issue", args=[item.pk]), typed)


def act(client: Client, user: User, order: SupervisionOrder, verb: str, **typed: object) -> Any:
    return as_(client, user).post(reverse("supervision:act", args=[order.pk, verb]), typed)


def test_the_way_from_the_demand_to_the_settled_order(client: Client, zone: Zone) -> None:
    item = item_of(zone)
    way = reverse("supervision:issue", args=[item.pk])

    demand_page = soup(as_(client, zone.leader).get(item.url))
    form = soup(client.get(way))
    answer = issue(client, zone, item)
    order = SupervisionOrder.objects.get()
    act(client, zone.handler, order, "answer", answer="明日送电。")
    act(client, zone.leader, order, "send_back", remark="写明责任人。")
    act(client, zone.handler, order, "answer", answer="王强负责，明日送电。")
    done = act(client, zone.leader, order, "settle", remark="")
    page = soup(client.get(order.get_absolute_url()))

    order.refresh_from_db()
    chosen = form.select_one("[name=unit] [selected]")
    assert demand_page.select_one(f'main a[href="{way}"]') is not None
    assert chosen is not None
    assert chosen["value"] == str(zone.economy.pk)
    assert (answer.status_code, answer["Location"]) == (303, order.get_absolute_url())
    assert (done.status_code, order.status, order.rounds) == (303, "closed", 1)
    assert [entry.text for entry in page.select(".lq-event-head strong")] == [
        "下达督办单", "反馈督办", "退回督办反馈", "反馈督办", "督办办结",
    ]  # fmt: skip
    assert page.select("main form") == []


def test_a_refusal_keeps_what_was_typed(client: Client, zone: Zone) -> None:
    item = item_of(zone)
    issue(client, zone, item)

    answer = issue(client, zone, item, text="再催一次。")

    page = soup(answer)
    area = page.select_one("textarea[name=text]")
    assert (answer.status_code, area and area.text.strip()) == (422, "再催一次。")
    assert "督办单" in page.select_one("main [role=alert]").text  # type: ignore[union-attr]  # fails if missing


def test_who_sees_orders_on_the_page_of_a_demand(client: Client, zone: Zone) -> None:
    item = item_of(zone)
    issue(client, zone, item)
    number = SupervisionOrder.objects.get().number

    shown = {
        user.name: number in as_(client, user).get(item.url).text
        for user in (zone.leader, zone.dispatcher, zone.handler, zone.boss, zone.officer)
    }

    assert shown == {"郑华": True, "陈敏": True, "王强": True, "林晓燕": False, "吴涛": False}


def test_the_list_can_be_narrowed(client: Client, zone: Zone) -> None:
    issue(client, zone, item_of(zone))
    issue(client, zone, item_of(zone), unit=zone.housing.pk)
    url = reverse("supervision:list")

    def rows(**query: object) -> int:
        return len(soup(client.get(url, query)).select("#rows tr"))

    assert (rows(), rows(unit=zone.housing.pk), rows(status="closed"), rows(unit="x")) == (
        2,
        1,
        0,
        2,
    )
    assert len(soup(as_(client, zone.handler).get(url)).select("#rows tr")) == 1


@pytest.mark.parametrize("who", ["boss", "officer"])
def test_others_find_no_orders(client: Client, zone: Zone, who: str) -> None:
    issue(client, zone, item_of(zone))
    order = SupervisionOrder.objects.get()
    as_(client, getattr(zone, who))

    assert client.get(reverse("supervision:list")).status_code == 403
    assert client.get(order.get_absolute_url()).status_code == 403


def test_the_leader_issues_from_the_list_of_what_is_overdue(client: Client, zone: Zone) -> None:
    item = item_of(zone)
    WorkItem.objects.filter(pk=item.pk).update(due_at=item.opened_at)
    way = reverse("supervision:issue", args=[item.pk])

    leader = soup(as_(client, zone.leader).get(reverse("leader:figures")))
    auditor = soup(as_(client, zone.auditor).get(reverse("leader:figures")))

    assert leader.select_one(f'#overdue a[href="{way}"]') is not None
    assert auditor.select_one("#overdue li a") is not None
    assert auditor.select_one(f'#overdue a[href="{way}"]') is None


def test_the_ladder_is_kept_on_a_page(client: Client) -> None:
    as_(client, grant(make_user(), Role.PLATFORM_ADMIN))
    typed = {"place": "demands.demand:answer", "share": "50", "level": "3"}

    added = client.post(reverse("zone:add", args=["ladder"]), typed)
    twice = client.post(reverse("zone:add", args=["ladder"]), typed)
    rung = EscalationRule.objects.get()
    shown = client.get(reverse("zone:rows", args=["ladder"])).text
    page = soup(client.get(reverse("zone:change", args=["ladder", rung.pk])))
    client.post(reverse("zone:change", args=["ladder", rung.pk]), {"share": "60", "level": "1"})
    rung.refresh_from_db()
    removed = client.post(reverse("zone:remove", args=["ladder", rung.pk]))

    assert (added.status_code, twice.status_code, removed.status_code) == (303, 422, 303)
    assert "诉求 · 答复" in shown
    assert "企业服务中心" in shown
    assert (page.select_one("[name=share]") or {}).get("value") == "50"
    assert (str(rung.share), rung.level) == ("0.60", 1)
    assert not EscalationRule.objects.exists()


def test_other_zone_data_cannot_be_removed(client: Client) -> None:
    as_(client, grant(make_user(), Role.PLATFORM_ADMIN))

    assert client.post(reverse("zone:remove", args=["grids", 1])).status_code == 404
