"""More time, another urgency and another handler on the page and over JSON."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lianqi.accounts.models import User
from lianqi.demands.models import Demand, ExtensionRequest
from lianqi.work.models import WorkItem
from tests.factories import make_handler
from tests.web.test_demands import HTMX, offered, page_of
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture(autouse=True)
def in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def address(demand: Demand, act: str = "detail") -> str:
    return reverse(f"demands:{act}", args=[demand.pk])


def test_more_time_from_asking_to_what_the_enterprise_reads(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    form = page_of(client, zone.handler, address(demand)).select_one("#act-ask_extension")
    assert "At most 5 working days, 1 of 1 times left." in form.text

    client.post(address(demand, "ask_extension"), {"amount": "3", "reason": "需现场勘查"})
    asked = page_of(client, zone.head, address(demand))
    assert "王强 asks for 3 working days more: 需现场勘查" in asked.text
    assert "需现场勘查" not in page_of(client, zone.boss, address(demand)).text
    client.force_login(zone.head)
    client.post(address(demand, "decide_extension"), {"decision": "granted"})

    firm = page_of(client, zone.boss, address(demand)).select_one(".lq-timeline").text
    assert "The time limit was extended: 3 working days" in firm
    assert "需现场勘查" in firm
    assert "孙丽" not in firm
    assert "ask_extension" not in offered(page_of(client, zone.handler, address(demand)))


def test_the_decision_is_what_the_head_sees_first(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)
    client.post(address(demand, "ask_extension"), {"amount": "1", "reason": "勘查"})

    page = page_of(client, zone.head, address(demand))

    assert offered(page)[0] == "decide_extension"
    assert not {"decide_extension", "ask_extension"} & set(
        offered(page_of(client, zone.handler, address(demand)))
    )
    inbox = page_of(client, zone.head, reverse("inbox:list"))
    assert "Decide on more time" in inbox.text


def test_too_much_comes_back_as_it_was_typed(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.handler)

    response = client.post(
        address(demand, "ask_extension"), {"amount": "6", "reason": "勘查"}, headers=HTMX
    )

    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert "at most 5 long" in page.text
    assert page.select_one("#act-ask_extension textarea").text.strip() == "勘查"
    assert not ExtensionRequest.objects.exists()


def test_urgency_is_the_dispatchers_and_told_without_the_reason(client: Client, zone: Zone) -> None:
    demand = zone.demand("accepted")
    client.force_login(zone.dispatcher)

    client.post(address(demand, "change_urgency"), {"urgency": "critical", "reason": "停产隐患"})

    demand.refresh_from_db()
    assert demand.urgency == "critical"
    firm = page_of(client, zone.boss, address(demand)).text
    assert "Urgency changed from “Normal” to “Critical”" in firm
    assert "停产隐患" not in firm
    assert "change_urgency" not in offered(page_of(client, zone.handler, address(demand)))


def test_the_head_chooses_among_the_people_of_the_unit(client: Client, zone: Zone) -> None:
    demand, colleague = zone.demand("accepted"), make_handler(zone.economy, name="李娜")

    form = page_of(client, zone.head, address(demand)).select_one("#act-reassign")
    names = [option.text for option in form.select("option")]
    client.post(address(demand, "reassign"), {"person": str(colleague.pk)})

    assert "李娜" in names
    assert not {"王强", "赵磊"} & set(names)
    assert WorkItem.objects.about(demand).open().get().person == colleague
    firm = page_of(client, zone.boss, address(demand)).text
    assert "李娜" not in firm


def test_the_same_acts_over_json(client: Client, zone: Zone) -> None:
    demand, colleague = zone.demand("accepted"), make_handler(zone.economy, name="李娜")
    api = f"/api/v1/demands/{demand.pk}"

    def post(user: User, part: str, **body: object) -> int:
        client.force_login(user)
        return client.post(f"{api}/{part}", body, content_type="application/json").status_code

    statuses = [
        post(zone.handler, "extensions", amount=9, reason="勘查"),
        post(zone.handler, "extensions", amount=2, reason="勘查"),
        post(zone.handler, "extensions/decision", decision="granted"),
        post(zone.head, "extensions/decision", decision="granted"),
        post(zone.head, "extensions/decision", decision="granted"),
        post(zone.handler, "urgency", urgency="urgent", reason="急"),
        post(zone.dispatcher, "urgency", urgency="urgent", reason="急"),
        post(zone.head, "handler", username=colleague.username),
    ]

    assert statuses == [409, 201, 403, 200, 409, 403, 200, 200]
    client.force_login(zone.boss)
    assert client.get(f"{api}/extensions").json() == []
    client.force_login(zone.auditor)
    assert [each["decision"] for each in client.get(f"{api}/extensions").json()] == ["granted"]
