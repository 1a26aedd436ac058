"""The screen of the telephone, and the public page of the service points."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.models import Demand
from lianqi.register.actions import create_service_point
from lianqi.register.models import Contact, ServicePoint
from tests.factories import AT, grant, make_user
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
CALL, POINTS = reverse("demands:call"), reverse("points:list")
PHONE = "13800138000"


@pytest.fixture
def operator(zone: Zone) -> User:  # noqa: F811
    Contact.objects.create(enterprise=zone.firm, name="陈静", mobile=PHONE)
    return grant(make_user(name="苏晴", unit=zone.economy), Role.OPERATOR)


def typed(zone: Zone, **changes: object) -> dict[str, object]:  # noqa: F811
    return {
        "contact_phone": "138 0013 8000",
        "contact_name": "陈静",
        "enterprise": zone.firm.pk,
        "firm": "",
        "category": zone.category.pk,
        "title": "咨询用电增容",
        "text": "",
        "answer": "",
        "idempotency_key": str(uuid4()),
    } | changes


def test_a_call_has_few_fields(client: Client, operator: User) -> None:
    page = page_of(client, operator, CALL)

    fields = {
        each["name"] for each in page.select("#filing input:not([type=hidden]), select, textarea")
        if each["name"] != "language" and each.find_parent("details") is None
    }  # fmt: skip
    assert len(fields | {"enterprise"}) == 8


def test_a_caller_is_told_by_text_message_or_mail(
    client: Client, zone: Zone, operator: User  # noqa: F811
) -> None:  # fmt: skip
    client.force_login(operator)
    mail = {"contact_told_by": "mail"}

    refused = client.post(CALL, typed(zone, **mail) | {"demand": "1"})
    client.post(CALL, typed(zone, **mail, contact_email="chen@example.org") | {"demand": "1"})
    client.post(CALL, typed(zone, contact_told_by="sms") | {"demand": "1"})

    page = BeautifulSoup(refused.content, "html.parser")
    shown = page.select_one("details:has([name=contact_told_by])")
    assert (refused.status_code, shown is not None and shown.has_attr("open")) == (422, True)
    told = [demand.contact_people.get() for demand in Demand.objects.order_by("pk")]
    assert [(each.told_by, each.phone, each.email) for each in told] == [
        ("mail", PHONE, "chen@example.org"),
        ("sms", PHONE, ""),
    ]


def test_the_number_finds_the_caller_without_script(
    client: Client,
    zone: Zone,  # noqa: F811
    operator: User,
) -> None:
    client.force_login(operator)
    given = typed(zone, enterprise="", contact_name="") | {"find": "1"}

    whole = client.post(CALL, given)
    part = client.post(CALL, given, headers={"HX-Request": "true"})

    for answer in (whole, part):
        page = BeautifulSoup(answer.content, "html.parser").select_one("#caller")
        assert page is not None
        chosen = page.select_one("[name=enterprise][checked]")
        assert chosen is not None
        assert chosen["value"] == str(zone.firm.pk)
        assert page.select_one("[name=contact_name]")["value"] == "陈静"  # type: ignore[index]
    title = BeautifulSoup(whole.content, "html.parser").select_one("#id_title")
    assert title is not None
    assert title["value"] == "咨询用电增容"
    assert Demand.objects.count() == 0


def test_answered_or_passed_on(client: Client, zone: Zone, operator: User) -> None:  # noqa: F811
    client.force_login(operator)

    closed = client.post(CALL, typed(zone, answer="五个工作日。") | {"answered": "1"})
    passed = client.post(CALL, typed(zone, answer="稍后回复。") | {"demand": "1"})

    assert (closed.status_code, passed.status_code) == (303, 303)
    first, second = Demand.objects.order_by("pk")
    assert (first.status, first.contact_people.get().phone) == ("closed", PHONE)
    assert (second.status, second.text) == ("submitted", "Said on the telephone: 稍后回复。")
    recent = client.post(CALL, typed(zone) | {"find": "1"})
    assert first.number in recent.content.decode()


def test_a_refusal_loses_nothing(client: Client, zone: Zone, operator: User) -> None:  # noqa: F811
    client.force_login(operator)

    answer = client.post(CALL, typed(zone, text="第二次来电") | {"answered": "1"})

    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert page.select_one("#id_text").text.strip() == "第二次来电"  # type: ignore[union-attr]
    assert page.select_one("[name=enterprise][checked]")
    assert Demand.objects.count() == 0


def test_an_unknown_firm_stays_as_typed(client: Client, zone: Zone, operator: User) -> None:  # noqa: F811
    client.force_login(operator)

    client.post(CALL, typed(zone, enterprise="", firm="新来贸易") | {"demand": "1"})

    assert Demand.objects.get().firm_name == "新来贸易"


def test_who_takes_and_counts_calls(client: Client, zone: Zone, operator: User) -> None:  # noqa: F811
    seen = {}
    for who in (operator, zone.dispatcher, zone.leader, zone.auditor, zone.handler, zone.boss):
        client.force_login(who)
        counted = client.get(reverse("demands:calls")).status_code
        seen[who.name] = (client.get(CALL).status_code, counted)

    assert seen == {
        "苏晴": (200, 200), "陈敏": (200, 200), "郑华": (403, 200), "何静": (403, 200),
        "王强": (403, 403), "林晓燕": (403, 403),
    }  # fmt: skip


def points() -> list[ServicePoint]:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    return [
        create_service_point(
            name=name, district=district, address="一号", latitude=latitude, longitude=104.0,
            by=admin, at=AT,
        )
        for name, district, latitude in (("甲站", "云东街道", 30.5), ("乙站", "云西街道", 30.6))
    ]  # fmt: skip


def shown(answer: object) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")  # type: ignore[attr-defined]  # a response
    return [each.text for each in page.select("#points h2")]


def test_anybody_finds_the_nearest_point(client: Client) -> None:
    points()

    assert shown(client.get(POINTS)) == ["甲站", "乙站"]
    assert shown(client.get(POINTS, {"near": "云西街道三路"})) == ["乙站", "甲站"]
    assert shown(client.post(POINTS, {"latitude": "30.61", "longitude": "104"})) == ["乙站", "甲站"]
    for nonsense in ("", "nan", "inf", "91", "abc"):
        assert shown(client.post(POINTS, {"latitude": nonsense, "longitude": "1"})) == [
            "甲站", "乙站",
        ]  # fmt: skip


def test_any_point_takes_the_demand_of_any_firm(
    client: Client,
    zone: Zone,  # noqa: F811
    operator: User,
) -> None:
    point = points()[1]
    page = page_of(client, operator, reverse("demands:file"), point=point.pk)
    given = typed(zone) | {"channel": "counter", "service_point": point.pk, "text": "内容"}

    client.post(reverse("demands:file"), given)

    chosen = page.select_one("#id_service_point [selected]")
    assert chosen is not None
    assert chosen["value"] == str(point.pk)
    assert Demand.objects.get().service_point == point
