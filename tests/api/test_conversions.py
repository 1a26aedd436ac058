"""Conversions over JSON: the whole chain, refusals with their codes, what may be seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqi.accounts.models import User
from tests.conversions.scene import begin, make_force, member
from tests.web.zone import Zone, make_zone

Call = Callable[..., tuple[int, Any]]
BASE = "/conversions"


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def test_the_whole_chain(call: Call, zone: Zone) -> None:
    force, by = make_force(zone), member(zone)
    body = {
        "task_force_id": force.pk, "enterprise_id": zone.firm.pk, "product": "医用口罩",
        "need": "日缺二十万只。",
    }  # fmt: skip
    status, found = call("POST", BASE, body, by=by)
    path = f"{BASE}/{found['id']}"
    report = call("POST", f"{path}/report", {"position": 1, "text": "已备料"}, by=zone.boss)
    owned = call("POST", f"{path}/own", {"position": 1, "owner_id": by.pk}, by=by)
    skipped = call("POST", f"{path}/skip", {"position": 1, "reason": "已确认"}, by=by)
    for position in range(2, 11):
        given = {"position": position, "evidence": "见附件", "figure": 4, "figure_unit": "只"}
        settled = call("POST", f"{path}/settle", given, by=by)
        assert settled[0] == 200

    last = settled[1]
    assert (status, found["position"], len(found["steps"])) == (201, 1, 10)
    assert [report[0], owned[0], skipped[0]] == [200] * 3
    assert (last["status"], last["position"], last["lines"]) == ("stable", None, 4)
    assert last["steps"][0]["status"] == "not_applicable"


def test_refusals_have_codes(call: Call, zone: Zone) -> None:
    conversion, by = begin(zone, make_force(zone)), member(zone)
    path = f"{BASE}/{conversion.pk}"

    answers = [
        call("POST", f"{path}/settle", {"position": 2, "evidence": "x"}, by=by),
        call("POST", f"{path}/go-back", {"position": 1, "reason": "x"}, by=by),
        call("POST", f"{path}/end", {"reason": "原料不足"}, by=by),
        call("POST", f"{path}/end", {"reason": "原料不足"}, by=by),
    ]

    assert [(status, body.get("code", "")) for status, body in answers] == [
        (409, "conversion_step_not_current"),
        (409, "conversion_nothing_to_go_back_to"),
        (200, ""),
        (409, "conversion_move_not_possible"),
    ]


def test_each_sees_what_may_be_seen(call: Call, zone: Zone) -> None:
    conversion = begin(zone, make_force(zone))
    demand = zone.demand("dispatched")

    seen = {
        who: call("GET", f"{BASE}/{conversion.pk}", by=getattr(zone, who))[0]
        for who in ("boss", "other_boss", "other_handler", "handler", "leader")
    }
    listed = call("GET", f"{BASE}?task_force_id={conversion.force_id}", by=zone.leader)[1]
    linked = call("POST", f"{BASE}/{conversion.pk}/link", {"number": demand.number}, by=zone.head)

    assert seen == {
        "boss": 200, "other_boss": 404, "other_handler": 200, "handler": 404, "leader": 200,
    }  # fmt: skip
    assert [each["id"] for each in listed["conversions"]] == [conversion.pk]
    assert linked[0] == 200


def test_files_are_handed_in_listed_and_taken(call: Call, zone: Zone) -> None:
    conversion, by = begin(zone, make_force(zone)), member(zone)
    path = f"/api/v1{BASE}/{conversion.pk}"

    def send(person: User, position: str = "1") -> Any:
        file = SimpleUploadedFile("清单.txt", "缺口二十万只".encode(), "text/plain")
        client = Client()
        client.force_login(person)
        return client.post(f"{path}/files", {"position": position, "files": [file]})

    sent = send(by)
    listed = call("GET", f"{BASE}/{conversion.pk}", by=zone.boss)[1]["steps"][0]["files"]
    token = call("GET", f"{BASE}/{conversion.pk}", by=by)[1]["steps"][0]["files"][0]["token"]
    client = Client()
    client.force_login(zone.boss)
    taken = client.get(f"/api/v1/files/{token}")
    client.force_login(zone.other_boss)

    assert (sent.status_code, [each["name"] for each in listed]) == (200, ["清单.txt"])
    assert listed[0]["is_current"] is True
    assert b"".join(taken.streaming_content).decode() == "缺口二十万只"  # type: ignore[attr-defined]  # of a file
    assert client.get(f"/api/v1/files/{token}").status_code == 404
    assert send(zone.handler).status_code == 404
    assert send(zone.leader).status_code == 403
    assert send(by, "2").json()["code"] == "conversion_step_not_begun"
