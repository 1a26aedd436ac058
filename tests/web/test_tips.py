"""Public pages for anonymous tips."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianqi.demands.actions import (
    MOST_TIPS,
    accept_demand,
    answer_demand,
    dispatch_demand,
    write_to_tipster,
)
from lianqi.demands.models import Demand, TipMessage
from tests.factories import AT
from tests.web.test_demands import in_english, page_of, zone  # noqa: F401  # fixtures
from tests.web.zone import Zone

pytestmark = pytest.mark.django_db
WRITE, FOLLOW, REPLY = reverse("tips:write"), reverse("tips:follow"), reverse("tips:reply")


@pytest.fixture(autouse=True)
def takes_tips(zone: Zone) -> None:  # noqa: F811  # the fixture
    cache.clear()
    zone.category.allows_anonymous = True
    zone.category.save()


def soup(answer: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def form(zone: Zone, **changes: object) -> dict[str, object]:  # noqa: F811
    return {
        "category": zone.category.pk,
        "title": "工地夜间施工",
        "text": "每晚十一点以后仍在施工。",
        "idempotency_key": str(uuid4()),
        "website": "",
    } | changes


def taken(client: Client, zone: Zone) -> dict[str, str]:  # noqa: F811
    page = soup(client.post(WRITE, form(zone), REMOTE_ADDR="203.0.113.7"))
    number, secret = (each.text for each in page.select("dl dd"))
    return {"number": number, "secret": secret, "website": ""}


def test_a_tip_from_writing_to_answer(client: Client, zone: Zone) -> None:  # noqa: F811
    code = taken(client, zone)
    demand = Demand.objects.get()
    dispatch_demand(demand.pk, unit=zone.economy, by=zone.dispatcher, at=AT)
    accept_demand(demand.pk, by=zone.handler, at=AT)
    write_to_tipster(demand.pk, text="请问是哪个工地？", by=zone.handler, at=AT)

    replied = client.post(REPLY, code | {"text": "云岭路三号。"})
    answer_demand(demand.pk, answer="已责令停工。", by=zone.handler, at=AT)
    followed = client.post(FOLLOW, code)

    assert "Your message was sent." in soup(replied).get_text()
    shown = soup(followed).get_text()
    for said in ("请问是哪个工地？", "云岭路三号。", "已责令停工。", zone.economy.name):
        assert said in shown
    assert zone.handler.name not in shown


def test_the_form_sent_twice_shows_the_same_code(client: Client, zone: Zone) -> None:  # noqa: F811
    given = form(zone)

    first, second = (soup(client.post(WRITE, given)).select("dl dd") for _ in range(2))

    assert [each.text for each in first] == [each.text for each in second]
    assert Demand.objects.count() == 1


def test_nothing_about_the_visitor_is_stored(client: Client, zone: Zone) -> None:  # noqa: F811
    client.force_login(zone.boss)

    taken(client, zone)

    assert Demand.objects.get().filed_by is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM lianqi_cache")
        assert "203.0.113.7" not in str(cursor.fetchall())


def test_what_was_typed_stays_when_refused(client: Client, zone: Zone) -> None:  # noqa: F811
    trapped = client.post(WRITE, form(zone, website="http://spam"))
    bare = client.post(WRITE, form(zone, category=""))

    assert (trapped.status_code, bare.status_code) == (422, 422)
    for answer in (trapped, bare):
        title = soup(answer).select_one("#id_title")
        assert title is not None
        assert title["value"] == "工地夜间施工"
    assert Demand.objects.count() == 0


def test_an_address_sends_a_few_in_an_hour(client: Client, zone: Zone) -> None:  # noqa: F811
    answers = [client.post(WRITE, form(zone)).status_code for _ in range(MOST_TIPS + 1)]
    elsewhere = client.post(WRITE, form(zone), REMOTE_ADDR="203.0.113.8").status_code

    assert answers == [200] * MOST_TIPS + [429]
    assert elsewhere == 200


def test_a_wrong_code_opens_nothing(client: Client, zone: Zone) -> None:  # noqa: F811
    code = taken(client, zone)

    looked = client.post(FOLLOW, code | {"secret": "AAAA-BBBB-CCCC-DDDD"})
    wrote = client.post(REPLY, code | {"secret": "AAAA-BBBB-CCCC-DDDD", "text": "有"})
    empty = client.post(REPLY, code | {"text": ""})

    assert (looked.status_code, wrote.status_code, empty.status_code) == (422, 422, 422)
    assert "No tip has this number and this code." in soup(looked).get_text()
    assert "工地夜间施工" not in soup(wrote).get_text()
    assert TipMessage.objects.count() == 0


def test_a_zone_that_takes_none_says_so(client: Client, zone: Zone) -> None:  # noqa: F811
    home = soup(client.get(reverse("home"))).select(f'a[href="{WRITE}"]')
    zone.category.allows_anonymous = False
    zone.category.save()

    assert "takes no anonymous tips" in soup(client.get(WRITE)).get_text()
    assert len(home) == 1
    assert soup(client.get(reverse("home"))).select(f'a[href="{WRITE}"]') == []


def test_the_handler_writes_from_the_page(client: Client, zone: Zone) -> None:  # noqa: F811
    taken(client, zone)
    demand = Demand.objects.get()
    dispatch_demand(demand.pk, unit=zone.economy, by=zone.dispatcher, at=AT)
    client.force_login(zone.handler)

    empty = client.post(reverse("demands:write_to_tipster", args=[demand.pk]), {"text": ""})
    sent = client.post(reverse("demands:write_to_tipster", args=[demand.pk]), {"text": "请补充"})

    assert (empty.status_code, sent.status_code) == (422, 303)
    page = page_of(client, zone.handler, demand.get_absolute_url()).get_text()
    assert "Message to the tipster" in page
    assert "Anonymous" in page
