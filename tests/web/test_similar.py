"""Similar demands while one types, at submitting without script, and at dispatch."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.demands.models import Demand
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
URL, FILE = "/demands/new/similar/", "/demands/new/"
TITLE, TEXT = "园区夜间停电", "本月三次停电，生产线停工。"  # as make_zone files them


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def filing(zone: Zone, **changes: object) -> dict[str, object]:
    return {
        "enterprise": zone.firm.pk, "category": zone.category.pk, "title": TITLE, "text": TEXT,
        "contact0-name": "林晓燕", "contact0-phone": "13800001234", "idempotency_key": str(uuid4()),
    } | changes  # fmt: skip


def test_typing_shows_the_own_earlier_demand(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.boss)

    answer = client.post(URL, filing(zone))

    assert demand.number in answer.content.decode()
    assert f'name="seen" value="{demand.pk}"' in answer.content.decode()
    assert Demand.objects.count() == 1


def test_an_enterprise_never_sees_the_demands_of_others(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.other_boss)

    for firm in (zone.other_firm, zone.firm):
        answer = client.post(URL, filing(zone, enterprise=firm.pk))
        assert demand.number not in answer.content.decode()


def test_staff_see_the_same_matter_of_another_enterprise(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    client.force_login(zone.dispatcher)

    page = client.post(URL, filing(zone, enterprise=zone.other_firm.pk)).content.decode()

    assert demand.number in page
    assert zone.firm.name in page


def test_too_few_characters_ask_nothing(client: Client, zone: Zone) -> None:
    zone.demand()
    client.force_login(zone.boss)

    assert "seen" not in client.post(URL, filing(zone, title="停电")).content.decode()


@pytest.mark.parametrize("person", ["handler", "leader", "auditor"])
def test_who_files_for_nobody_asks_nothing(client: Client, zone: Zone, person: str) -> None:
    client.force_login(getattr(zone, person))

    assert client.post(URL, filing(zone)).status_code == 403


def test_without_script_filing_stops_once_and_keeps_what_was_typed(
    client: Client, zone: Zone
) -> None:
    demand = zone.demand()
    client.force_login(zone.boss)
    given = filing(zone)

    stopped = client.post(FILE, given)
    shown = stopped.content.decode()
    filed = client.post(FILE, given | {"seen": str(demand.pk)})

    assert stopped.status_code == 422
    assert demand.number in shown
    assert TEXT in shown
    assert filed.status_code == 303
    assert Demand.objects.count() == 2


def test_another_matter_is_filed_at_once(client: Client, zone: Zone) -> None:
    zone.demand()
    client.force_login(zone.boss)

    answer = client.post(FILE, filing(zone, title="贷款到期续贷", text="银行要求先还后贷。"))

    assert answer.status_code == 303


def test_the_dispatcher_sees_similar_demands_and_the_enterprise_does_not(
    client: Client, zone: Zone
) -> None:
    earlier = zone.demand()
    demand = zone.demand(enterprise=zone.other_firm, by=zone.other_boss)
    url = reverse("demands:detail", args=[demand.pk])

    client.force_login(zone.dispatcher)
    at_the_desk = client.get(url).content.decode()
    client.force_login(zone.other_boss)
    at_the_firm = client.get(url).content.decode()

    assert earlier.number in at_the_desk
    assert zone.firm.name in at_the_desk
    assert earlier.number not in at_the_firm


def test_once_accepted_the_page_asks_no_more(client: Client, zone: Zone) -> None:
    earlier = zone.demand(enterprise=zone.other_firm, by=zone.other_boss)
    demand = zone.demand("accepted")
    client.force_login(zone.dispatcher)

    page = client.get(reverse("demands:detail", args=[demand.pk])).content.decode()

    assert earlier.number not in page


def test_a_program_asks_for_similar_demands_with_the_same_reach(client: Client, zone: Zone) -> None:
    demand = zone.demand()
    asked = {"title": TITLE, "text": TEXT, "enterprise_id": zone.other_firm.pk}
    url, found = "/api/v1/similar-demands", {}
    for person in ("dispatcher", "other_boss", "auditor"):
        client.force_login(getattr(zone, person))
        answer = client.post(url, asked, content_type="application/json")
        found[person] = (
            answer.status_code,
            [each["id"] for each in answer.json().get("similar", [])],
        )

    assert found == {
        "dispatcher": (200, [demand.pk]), "other_boss": (200, []), "auditor": (403, []),
    }  # fmt: skip
