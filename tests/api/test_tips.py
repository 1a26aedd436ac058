"""Anonymous tips by the API: open to everybody, with nothing kept about who sends them."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from lianqi.audit.models import Event
from lianqi.demands.actions import MOST_TIPS, dispatch_demand, write_to_tipster
from lianqi.demands.models import Demand, Tip
from tests.demands.scene import Scene
from tests.factories import AT

ADDRESS = "203.0.113.7"

KEY = "5ac554a5-d84b-493b-888b-eeaf88e8beb7"


@pytest.fixture(autouse=True)
def takes_tips(scene: Scene) -> None:
    cache.clear()
    scene.category.allows_anonymous = True
    scene.category.save()


def send(path: str, body: Any, *, client: Client | None = None, key: str = "") -> Any:
    headers = {"idempotency-key": key} if key else {}
    client = client or Client(enforce_csrf_checks=True)
    return client.post(
        f"/api/v1/tips{path}", json.dumps(body), content_type="application/json",
        headers=headers, REMOTE_ADDR=ADDRESS,
    )  # fmt: skip


def tip(scene: Scene, **fields: Any) -> dict[str, Any]:
    return {"category": scene.category.code, "title": "夜间异味", "text": "十点以后。"} | fields


def test_a_tip_from_sending_to_a_further_word(scene: Scene) -> None:
    categories = Client().get("/api/v1/tips/categories")
    taken = send("", tip(scene), key=str(uuid4()))
    demand = Demand.objects.get()
    dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    write_to_tipster(demand.pk, text="请问位置？", by=scene.handler, at=AT)
    further = send("/messages", taken.json() | {"text": "东门。"})
    shown = send("/look-up", taken.json())

    assert [each["code"] for each in categories.json()] == [scene.category.code]
    assert (taken.status_code, further.status_code, shown.status_code) == (201, 201, 200)
    assert shown.json()["status"] == "dispatched"
    said = [(each["text"], each["is_from_the_tipster"]) for each in shown.json()["messages"]]
    assert said == [("请问位置？", False), ("东门。", True)]


def test_nothing_about_the_sender_is_kept_even_if_signed_in(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.member)

    taken = send("", tip(scene), client=client, key=str(uuid4()))

    demand = Demand.objects.get()
    assert (demand.filed_by, demand.enterprise) == (None, None)
    event = Event.objects.get(verb="demand.filed")
    assert event.by_id is None
    assert ADDRESS not in str(event.detail)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM demands_demand t UNION ALL "
                       "SELECT row_to_json(t)::text FROM demands_tip t")  # fmt: skip
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert ADDRESS not in stored
    assert taken.json()["secret"] not in stored


def test_the_same_key_files_once_and_gives_the_same_code(scene: Scene) -> None:
    key = str(uuid4())

    first, again = send("", tip(scene), key=key), send("", tip(scene), key=key)

    assert first.json() == again.json()
    assert Tip.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "key", "status", "code"),
    [
        ({"title": ""}, KEY, 422, "malformed"),
        ({"category": "nothing"}, KEY, 404, "not_found"),
        ({}, "a-key-somebody-could-guess", 422, "malformed"),
    ],
)
def test_what_is_refused_says_why(
    scene: Scene, fields: dict[str, str], key: str, status: int, code: str
) -> None:
    answer = send("", tip(scene, **fields), key=key)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Demand.objects.exists()


def test_a_category_that_takes_none_refuses(scene: Scene) -> None:
    scene.category.allows_anonymous = False
    scene.category.save()

    answer = send("", tip(scene), key=str(uuid4()))

    assert (answer.status_code, answer.json()["code"]) == (409, "demand_tips_not_taken")


def test_without_the_code_there_is_nothing_to_see(scene: Scene) -> None:
    taken = send("", tip(scene), key=str(uuid4())).json()

    answer = send("/look-up", taken | {"secret": "AAAA-AAAA-AAAA-AAAA"})

    assert answer.status_code == 404


def test_too_many_from_one_address_wait(scene: Scene) -> None:
    answers = [send("", tip(scene), key=str(uuid4())) for _ in range(MOST_TIPS + 1)]

    assert [each.status_code for each in answers] == [201] * MOST_TIPS + [429]
    assert answers[-1].json()["code"] == "demand_tips_too_often"
    page = Client().post("/tips/", {}, REMOTE_ADDR=ADDRESS)
    assert page.status_code == 429
