"""Policy needs over JSON: the whole way, refusals with their codes, the daily table."""

from typing import Any

import pytest
from django.test import Client

from lianqi.accounts.models import User
from lianqi.needs.enums import NeedStatus
from lianqi.needs.models import Need
from tests.needs.scene import Scene, make_scene

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "a-key-of-one-call"}


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def call(client: Client, user: User, path: str, **body: Any) -> Any:
    client.force_login(user)
    return client.post(f"/api/v1/needs{path}", body, content_type="application/json", headers=KEY)


def test_the_whole_way_of_a_need(client: Client, scene: Scene) -> None:
    noted = call(client, scene.collector, "", enterprise_id=scene.firm.pk, text="减免房租")
    need = noted.json()["id"]
    batch = noted.json()["batch_id"]
    steps = [
        call(client, scene.collector, f"/batches/{batch}/report"),
        call(
            client, scene.sorter, f"/{need}/triage",
            verdict="valid", reason="policy_in_force", lead_id=scene.lead.pk,
        ),
        call(client, scene.handler, f"/{need}/progress", progress="已对接。"),
        call(client, scene.handler, f"/{need}/solve", solution="已减免。", evidence="协议"),
        call(client, scene.member, f"/{need}/confirm"),
    ]  # fmt: skip

    assert noted.status_code == 201
    assert [step.status_code for step in steps] == [200] * 5
    assert Need.objects.get().status == NeedStatus.CONFIRMED


def test_the_same_key_notes_once(client: Client, scene: Scene) -> None:
    for _ in range(2):
        call(client, scene.collector, "", enterprise_id=scene.firm.pk, text="减免房租")

    assert Need.objects.count() == 1


def test_a_refusal_has_a_code(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.REPORTED)

    refused = call(
        client, scene.sorter, f"/{need.pk}/triage", verdict="valid", reason="policy_in_force"
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "need_lead_unit_missing")


def test_others_are_turned_away(client: Client, scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED)

    assert call(client, scene.leader, f"/{need.pk}/progress", progress="？").status_code == 403
    client.force_login(scene.admin)
    assert client.get(f"/api/v1/needs/{need.pk}").status_code == 404
    assert client.get("/api/v1/needs/daily?day=2020-02-21").status_code == 403


def test_pages_follow_one_another(client: Client, scene: Scene) -> None:
    needs = [scene.collect().pk for _ in range(3)]
    client.force_login(scene.leader)

    first = client.get("/api/v1/needs?limit=2").json()
    second = client.get(f"/api/v1/needs?limit=2&before={first['next_before']}").json()

    ids = [row["id"] for page in (first, second) for row in page["needs"]]
    assert ids == needs[::-1]
    assert second["next_before"] is None
    assert len(client.get("/api/v1/needs/batches").json()["batches"]) == 1


def test_the_daily_table(client: Client, scene: Scene) -> None:
    scene.need_in(NeedStatus.SOLVED)
    scene.need_in(NeedStatus.ASSIGNED)
    client.force_login(scene.leader)

    found = client.get("/api/v1/needs/daily?day=2020-02-21").json()

    assert (found["total"]["valid"], found["total"]["solved"]) == (2, 1)
    assert found["days_left"] == 39
    assert float(found["needs_per_day"]) == pytest.approx(1 / 39)
    assert found["by_unit"][0]["unit_id"] == scene.guard.pk
    assert found["by_lead"][0]["counts"]["unsolved"] == 1
    assert client.get("/api/v1/needs/daily?day=2019-02-21").status_code == 404
