"""Free tests over JSON: the whole way, refusals with their codes, what may be seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqi.freetests.models import LabOrder
from tests.conversions.scene import member
from tests.factories import AT
from tests.freetests.scene import DAY, ITEMS, make_institute, make_lab_force, place, state
from tests.web.zone import Zone, make_zone

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def test_the_whole_way(call: Call, zone: Zone) -> None:
    force, by = make_lab_force(zone), member(zone)
    given = {
        "name": "云岭纺织检测研究院", "contact_name": "方敏", "contact_phone": "0591-87650000",
        "free_items": 2, "free_from": "2020-01-01", "free_until": "2099-12-31",
    }  # fmt: skip
    added, institute = call("POST", "/institutes", given, by=by)
    path = f"/institutes/{institute['id']}"
    vouched = {"accreditor": "cma", "number": "1", "valid_until": "2099-12-31"}
    accredited = call("POST", f"{path}/accreditations", vouched, by=by)
    for item in ITEMS:
        line = {"standard": "GB", "item": item, "samples": "30 只", "days": 5, "price": "800.10"}
        offered, last = call("POST", f"{path}/offers", line, by=by)
        assert offered == 201
    body = {
        "enterprise_id": zone.firm.pk, "task_force_id": force.pk, "product": "口罩",
        "items": list(ITEMS),
    }  # fmt: skip
    stated, test = call("POST", "/free-tests", body, by=zone.boss)
    test_path = f"/free-tests/{test['id']}"
    matches = call("GET", f"{test_path}/matches", by=by)
    best = matches[1][0]
    wanted = {"institute_id": best["institute_id"], "offer_ids": best["offer_ids"]}
    placed, order = call("POST", f"{test_path}/orders", wanted, by=by)
    full, refusal = call("POST", f"{test_path}/orders", wanted, by=by)
    order_path = f"/free-tests/orders/{order['id']}"
    accepted = call("POST", f"{order_path}/accept", by=by)
    received = call("POST", f"{order_path}/receive", {"samples": "60 只"}, by=by)
    client = Client()
    client.force_login(by)
    filed = client.post(
        f"/api/v1{order_path}/result",
        {
            "report_number": "FZ1", "passed": [order["items"][0]["id"]],
            "failed": [order["items"][1]["id"]],
            "files": [SimpleUploadedFile("报告.txt", "见附表".encode(), "text/plain")],
        },
    )  # fmt: skip
    client.force_login(zone.boss)
    token = filed.json()["reports"][0]["token"]
    used = call("POST", f"{order_path}/use", by=by)
    whole = call("GET", test_path, by=zone.boss)[1]
    figures = call("GET", "/institutes/figures", by=zone.leader)[1]
    orders = call("GET", f"/free-tests/orders?institute_id={institute['id']}&status=done", by=by)

    assert [added, accredited[0], stated, matches[0], placed] == [201, 200, 201, 200, 201]
    assert best["is_orderable"] is True
    assert best["reasons"]
    assert (full, refusal["code"]) == (409, "free_test_item_not_wanted")
    assert [accepted[0], received[0], filed.status_code] == [200, 200, 200]
    assert client.get(f"/api/v1/files/{token}").status_code == 200
    assert (used[0], used[1]["code"]) == (409, "free_test_no_conversion")
    assert (whole["status"], whole["items_without_order"]) == ("tested", [ITEMS[1]])
    assert [each["verdict"] for each in whole["orders"][0]["items"]] == ["passed", "failed"]
    assert (figures[0]["used"], figures[0]["saved"]) == (2, "1600.20")
    assert [each["id"] for each in orders[1]["orders"]] == [order["id"]]
    assert last["price"] == "800.10"


def test_acts_and_refusals(call: Call, zone: Zone) -> None:
    force, by = make_lab_force(zone), member(zone)
    institute = make_institute(zone, free_until=AT.date() + 9999 * DAY)
    test = state(zone, force)
    path = f"/free-tests/{test.pk}"
    order = place(zone, test, institute)
    order_path = f"/free-tests/orders/{order.pk}"

    answers = [
        call("POST", f"{path}/specify", {"items": ["过滤效率"]}, by=by),
        call("POST", f"{order_path}/receive", {"samples": "60 只"}, by=by),
        call("POST", f"{order_path}/decline", {"reason": "设备检修"}, by=by),
        call("POST", f"{order_path}/cancel", {"reason": "x"}, by=by),
        call("POST", f"{path}/specify", {"items": ["过滤效率"], "standard": "GB"}, by=by),
        call("POST", f"{path}/withdraw", {"reason": "不再生产"}, by=zone.boss),
        call("POST", f"{path}/orders", {"institute_id": institute.pk, "offer_ids": []}, by=by),
    ]

    assert [(status, body.get("code", "")) for status, body in answers] == [
        (409, "free_test_move_not_possible"),
        (409, "free_test_move_not_possible"),
        (200, ""),
        (409, "free_test_move_not_possible"),
        (200, ""),
        (200, ""),
        (409, "free_test_move_not_possible"),
    ]
    assert LabOrder.objects.get().status == "declined"


def test_what_is_not_theirs_is_not_there(call: Call, zone: Zone) -> None:
    force = make_lab_force(zone)
    institute = make_institute(zone)
    order = place(zone, state(zone, force), institute)
    path = f"/free-tests/{order.test_id}"

    for address in (path, f"{path}/matches", f"/institutes/{institute.pk}"):
        assert call("GET", address, by=zone.other_boss)[0] == 404
    assert call("POST", f"/free-tests/orders/{order.pk}/accept", by=zone.other_boss)[0] == 404
    assert call("GET", f"{path}/matches", by=zone.boss)[0] == 403
    assert call("GET", "/free-tests", by=zone.other_boss)[1]["free_tests"] == []
    assert len(call("GET", "/free-tests?status=ordered", by=zone.boss)[1]["free_tests"]) == 1
    assert call("GET", "/institutes/figures", by=zone.boss)[0] == 403
    assert call("PUT", f"/institutes/{institute.pk}", {
        "name": "x", "contact_name": "x", "contact_phone": "1",
    }, by=zone.leader)[0] == 403  # fmt: skip
    body = {"enterprise_id": zone.firm.pk, "task_force_id": force.pk, "product": "口罩"}
    assert call("POST", "/free-tests", body, by=zone.leader)[0] == 403
