"""Conversions in the browser: the force keeps the chain, the enterprise sees what is asked of it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.conversions.models import Conversion, ConversionTemplate
from lianqi.demands.actions import dispatch_demand
from tests.conversions.scene import begin, make_force, member, settle_until
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


def act(client: Client, user: User, conversion: Conversion, verb: str, **typed: object) -> Any:
    address = reverse("conversions:act", args=[conversion.pk, verb])
    return as_(client, user).post(address, typed)


def test_a_member_begins_one_and_finds_it_on_the_board(client: Client, zone: Zone) -> None:
    force, at = make_force(zone, at=timezone.now()), timezone.now()
    demand = zone.demand(at=at)
    dispatch_demand(demand.pk, unit=force.unit, by=zone.dispatcher, at=at)
    as_(client, member(zone))
    typed = {
        "code": zone.firm.code, "template": ConversionTemplate.objects.get(code="conversion").pk,
        "product": "医用口罩", "need": "日缺二十万只。", "demand": demand.number,
    }  # fmt: skip

    offered = soup(client.get(force.get_absolute_url()))
    unknown = client.post(reverse("conversions:begin", args=[force.pk]), typed | {"code": "x"})
    begun = client.post(reverse("conversions:begin", args=[force.pk]), typed)
    conversion = Conversion.objects.get()
    board = soup(client.get(force.get_absolute_url()))
    page = soup(client.get(conversion.get_absolute_url()))

    address = reverse("conversions:begin", args=[force.pk])
    assert offered.select_one(f'a[href="{address}"]') is not None
    assert (unknown.status_code, begun.status_code) == (422, 303)
    assert "医用口罩" in soup(unknown).select_one("input[name=product]")["value"]  # type: ignore[index]  # fails if missing
    card = board.select_one(f"#card-{conversion.pk}")
    assert card is not None
    assert zone.firm.name in card.text
    assert len(page.select("#steps > li")) == 10
    assert demand.number in page.text


def test_settling_asks_for_what_the_step_needs(client: Client, zone: Zone) -> None:
    at = timezone.now()
    conversion = begin(zone, make_force(zone, at=at), at=at)
    settle_until(zone, conversion, "lines", at=at)
    who = member(zone)

    page = soup(as_(client, who).get(conversion.get_absolute_url()))
    missing = act(client, who, conversion, "settle", position=4, evidence="合同")
    settled = act(client, who, conversion, "settle", position=4, evidence="合同", figure=4)
    late = act(client, who, conversion, "settle", position=4, evidence="合同", figure=4)

    assert page.select_one("#act-settle input[name=figure]") is not None
    assert [each.status_code for each in (missing, settled, late)] == [422, 303, 422]
    assert "合同" in soup(missing).select_one("#act-settle textarea").text  # type: ignore[union-attr]  # fails if missing
    assert "试样" in soup(late).select_one("#act-settle [role=alert]").text  # type: ignore[union-attr]  # as above
    assert Conversion.objects.get().lines == 4


def test_the_enterprise_sees_its_turn_and_reports(client: Client, zone: Zone) -> None:
    at = timezone.now()
    conversion = begin(zone, make_force(zone, at=at), at=at)
    as_(client, zone.boss)

    waiting = soup(client.get(conversion.get_absolute_url()))
    settle_until(zone, conversion, "intent", at=at)
    asked = soup(client.get(conversion.get_absolute_url()))
    reported = act(client, zone.boss, conversion, "report", position=3, text="同意转产。")
    after = soup(client.get(conversion.get_absolute_url()))
    listed = soup(client.get(reverse("conversions:list")))

    assert "目前无需您配合" in waiting.text
    assert "目前需要您配合" in asked.text
    assert [each["id"] for each in asked.select("details.lq-offer")] == ["act-report"]
    assert "赵磊" not in asked.select_one("main").text  # type: ignore[union-attr]  # who of the zone is not told
    assert reported.status_code == 303
    assert "同意转产。" in after.text
    assert len(listed.select("#rows tr")) == 1


@pytest.mark.parametrize(
    ("who", "listed", "opened"),
    [
        ("other_boss", 403, 404),
        ("handler", 200, 404),
        ("auditor", 200, 200),
    ],
)
def test_others_do_not_open_it(
    client: Client, zone: Zone, who: str, listed: int, opened: int
) -> None:
    conversion = begin(zone, make_force(zone))
    as_(client, getattr(zone, who))

    answers = [
        client.get(reverse("conversions:list")).status_code,
        client.get(conversion.get_absolute_url()).status_code,
    ]

    assert answers == [listed, opened]


def test_the_list_shows_the_figures_of_what_is_listed(client: Client, zone: Zone) -> None:
    conversion = begin(zone, make_force(zone))
    settle_until(zone, conversion, "stable")

    page = soup(as_(client, zone.leader).get(reverse("conversions:list"), {"status": "open"}))
    none = soup(client.get(reverse("conversions:list"), {"status": "ended"}))

    stats = [each.text for each in page.select(".lq-stat")]
    assert any("采购产线" in each and "4" in each for each in stats)
    assert any("日产能" in each and "200,000" in each for each in stats)
    assert none.select("#rows tr") == []


def test_the_chain_goes_back_in_the_browser(client: Client, zone: Zone) -> None:
    conversion = begin(zone, make_force(zone))
    settle_until(zone, conversion, "verdict")

    answer = act(client, member(zone), conversion, "go_back", position=5, reason="通气阻力不合格")
    page = soup(client.get(conversion.get_absolute_url()))

    assert answer.status_code == 303
    assert "第2次" in page.text
    assert "通气阻力不合格" in page.text


def test_evidence_is_handed_in_as_a_file_and_taken_by_whoever_sees_the_conversion(
    client: Client, zone: Zone
) -> None:
    conversion = begin(zone, make_force(zone, at=timezone.now()), at=timezone.now())
    who = member(zone)
    wrong = SimpleUploadedFile("清单.exe", b"MZ")
    right = SimpleUploadedFile("清单.txt", "缺口二十万只".encode())

    refused = act(client, who, conversion, "settle", position=1, evidence="见清单", papers=wrong)
    settled = act(client, who, conversion, "settle", position=1, evidence="见清单", papers=right)
    page = soup(client.get(conversion.get_absolute_url()))
    link = page.select_one("#steps a[href^='/files/']")
    assert link is not None
    answers = {
        name: as_(client, getattr(zone, name)).get(link["href"]).status_code
        for name in ("boss", "other_boss", "leader", "handler")
    }

    assert (refused.status_code, settled.status_code) == (422, 303)
    assert soup(refused).select_one("#act-settle .lq-alert.lq-tone-amber") is not None
    assert link.text.strip() == "清单.txt"
    assert answers == {"boss": 200, "other_boss": 404, "leader": 200, "handler": 404}
    assert Event.objects.filter(verb="conversions.file_downloaded").count() == 1


def test_a_file_for_an_earlier_step_is_attached_by_a_member(client: Client, zone: Zone) -> None:
    conversion = begin(zone, make_force(zone, at=timezone.now()), at=timezone.now())
    settle_until(zone, conversion, "intent")
    file = SimpleUploadedFile("补充.txt", "补充材料".encode())

    late = act(client, member(zone), conversion, "attach", position=1, papers=file)
    mine = soup(as_(client, zone.boss).get(conversion.get_absolute_url()))

    assert late.status_code == 303
    assert mine.select_one("#act-attach") is None
    assert mine.select_one("#act-report input[type=file]") is not None
    assert "补充.txt" in mine.text
