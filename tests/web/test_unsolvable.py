"""“Cannot be solved” on the page and over JSON, from the proposal to the decided appeal."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from lianqi.accounts.models import User
from lianqi.demands.actions import propose_unsolvable, sign_unsolvable
from lianqi.demands.enums import Decision
from lianqi.demands.models import Appeal, Demand
from tests.factories import make_ground
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


def declared(zone: Zone) -> Demand:
    demand, at = zone.demand("accepted"), timezone.now()
    propose_unsolvable(
        demand.pk, ground=make_ground(), basis="某条例第八条", text="不予支持。", by=zone.handler,
        at=at,
    )  # fmt: skip
    sign_unsolvable(demand.pk, decision=Decision.GRANTED, note="", by=zone.head, at=at)
    return demand


def test_from_the_proposal_to_what_the_enterprise_reads(client: Client, zone: Zone) -> None:
    demand, ground = zone.demand("accepted"), make_ground()
    client.force_login(zone.handler)
    client.post(
        address(demand, "propose_unsolvable"),
        {"ground": str(ground.pk), "basis": "某条例第八条", "text": "不予支持。"},
    )
    assert "某条例第八条" not in page_of(client, zone.boss, address(demand)).text
    head = page_of(client, zone.head, address(demand))
    assert offered(head)[0] == "sign_unsolvable"
    assert "某条例第八条" in head.text

    client.post(address(demand, "sign_unsolvable"), {"decision": "granted"})

    page = page_of(client, zone.boss, address(demand))
    text = page.select_one("[aria-labelledby=unsolvable-heading]").text
    assert "No ground in policy" in text
    assert "某条例第八条" in text
    assert "You may put a proposal to the authority" in text
    assert "孙丽" not in page.text
    assert set(offered(page)) == {"confirm", "appeal"}  # the appeal is the only way back


def test_an_appeal_is_decided_by_a_leader_with_reasons(client: Client, zone: Zone) -> None:
    demand = declared(zone)
    client.force_login(zone.boss)
    client.post(address(demand, "appeal"), {"text": "依据已修订"})
    assert "decide_appeal" not in offered(page_of(client, zone.head, address(demand)))
    leader = page_of(client, zone.leader, address(demand))
    assert offered(leader)[0] == "decide_appeal"
    assert "依据已修订" in leader.text

    client.force_login(zone.leader)
    empty = client.post(
        address(demand, "decide_appeal"), {"verdict": "stands", "reasons": ""}, headers=HTMX
    )
    client.post(address(demand, "decide_appeal"), {"verdict": "stands", "reasons": "修订不溯及"})

    assert empty.status_code == 422
    firm = page_of(client, zone.boss, address(demand))
    assert "修订不溯及" in firm.text
    assert "郑华" not in firm.text
    assert not {"appeal", "reopen"} & set(offered(firm))


def test_what_was_typed_comes_back_with_the_refusal(client: Client, zone: Zone) -> None:
    demand = zone.demand("answered")
    client.force_login(zone.boss)

    response = client.post(address(demand, "appeal"), {"text": "不服"}, headers=HTMX)

    assert response.status_code == 422
    page = BeautifulSoup(response.content, "html.parser")
    assert "There is nothing to appeal against" in page.text


def test_the_same_over_json(client: Client, zone: Zone) -> None:
    make_ground()
    demand = zone.demand("accepted")
    api = f"/api/v1/demands/{demand.pk}"

    def post(user: User, part: str, **body: object) -> int:
        client.force_login(user)
        return client.post(f"{api}/{part}", body, content_type="application/json").status_code

    statuses = [
        post(zone.handler, "unsolvable", ground="none", basis="依据", text="不予支持"),
        post(zone.handler, "unsolvable", ground="no_basis", basis="依据", text="不予支持"),
        post(zone.handler, "unsolvable/decision", decision="granted"),
        post(zone.head, "unsolvable/decision", decision="granted"),
        post(zone.boss, "dispute", note="不服"),
        post(zone.boss, "appeal", text="不服"),
        post(zone.head, "appeal/decision", verdict="stands", reasons="充分"),
        post(zone.leader, "appeal/decision", verdict="reopened", reasons="依据已修订"),
    ]

    assert statuses == [404, 201, 403, 200, 409, 201, 403, 200]
    assert Appeal.objects.get().verdict == "reopened"
    client.force_login(zone.boss)
    finding = client.get(f"{api}/unsolvable").json()[0]
    assert (finding["state"], finding["appeal"]["verdict"]) == ("overturned", "reopened")
    assert [each["code"] for each in client.get("/api/v1/grounds").json()] == ["no_basis"]
