"""Task forces over JSON: formed, changed, staffed, closed; routing agreed and demands taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.taskforces.models import TaskForce
from tests.factories import grant, make_category, make_unit, make_user
from tests.web.zone import Zone, make_zone

Call = Callable[..., tuple[int, Any]]
BASE = "/task-forces"


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


def formed(call: Call, zone: Zone, **given: Any) -> dict[str, Any]:
    body = {
        "name": "口罩生产专班",
        "order": "云高管〔2026〕3号",
        "lead_unit_id": zone.economy.pk,
        "member_unit_ids": [zone.housing.pk],
        "categories": [zone.category.code],
        "person_ids": [zone.other_handler.pk],
    }
    status, force = call("POST", BASE, body | given, by=zone.leader)
    assert status == 201
    return dict(force)


def test_the_whole_life_of_a_force(call: Call, zone: Zone) -> None:
    tax, labour = make_unit("税务局"), make_category("labour")
    force = formed(call, zone)
    path, by = f"{BASE}/{force['id']}", zone.leader

    answers = [
        call("POST", f"{path}/join", {"person_id": zone.handler.pk}, by=by),
        call("POST", f"{path}/leave", {"person_id": zone.handler.pk}, by=by),
        call("POST", f"{path}/change-units", {"added_ids": [tax.pk], "order": "9号"}, by=by),
        call("POST", f"{path}/change-types", {"added": ["labour"], "order": "9号"}, by=by),
        call(
            "POST", f"{path}/change-lead", {"lead_unit_id": zone.housing.pk, "order": "9号"}, by=by
        ),
    ]
    present = call("GET", path, by=again(zone.other_handler))[1]
    closed = call("POST", f"{path}/close", {"reason": "问题已解除。"}, by=by)

    assert [status for status, _body in answers] == [200] * 5
    assert (force["name"], force["categories"]) == ("口罩生产专班", [zone.category.code])
    assert present["lead_unit_id"] == zone.housing.pk
    assert set(present["member_unit_ids"]) == {zone.economy.pk, tax.pk}
    assert present["categories"] == [zone.category.code, labour.code]
    assert present["person_ids"] == [zone.other_handler.pk]
    assert (closed[0], closed[1]["status"]) == (200, "closed")
    assert set(closed[1]["member_unit_ids"]) == {zone.economy.pk, tax.pk}


def test_a_refusal_has_a_code_and_changes_nothing(call: Call, zone: Zone) -> None:
    force = formed(call, zone)

    status, body = call(
        "POST", f"{BASE}/{force['id']}/change-types",
        {"removed": [zone.category.code], "order": "9号"}, by=zone.leader,
    )  # fmt: skip

    assert (status, body["code"]) == (409, "task_force_keeps_a_type")
    assert TaskForce.objects.get().categories.get() == zone.category


def test_the_list_is_paged_and_holds_what_may_be_seen(call: Call, zone: Zone) -> None:
    ids = [
        formed(call, zone, categories=[make_category(code).code], person_ids=[])["id"]
        for code in ("labour", "logistics", "housing")
    ]

    first = call("GET", f"{BASE}?limit=2", by=zone.dispatcher)[1]
    second = call("GET", f"{BASE}?limit=2&before={first['next_before']}", by=zone.dispatcher)[1]
    other = call("GET", BASE, by=zone.other_handler)[1]

    assert [each["id"] for each in first["task_forces"]] == [ids[2], ids[1]]
    assert [each["id"] for each in second["task_forces"]] == [ids[0]]
    assert second["next_before"] is None
    assert other["task_forces"] == []
    assert call("GET", f"{BASE}/{ids[0]}", by=zone.other_handler)[0] == 404


def test_routing_is_agreed_by_the_administrator_and_taken_back_by_the_centre(
    call: Call, zone: Zone
) -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    force = formed(call, zone)
    body = {"category": zone.category.code, "by_itself": True}

    refused = call("POST", f"{BASE}/routing", body, by=zone.leader)[0]
    agreed = call("POST", f"{BASE}/routing", body, by=admin)
    nowhere = call("POST", f"{BASE}/routing", body | {"category": "none"}, by=admin)[0]
    demand = zone.demand()
    seen = call("GET", f"/demands/{demand.pk}", by=zone.dispatcher)[1]
    recalled = call("POST", f"/demands/{demand.pk}/recall", {"note": "收回"}, by=zone.dispatcher)
    late = call("POST", f"/demands/{demand.pk}/recall", {"note": "收回"}, by=zone.dispatcher)

    assert (refused, agreed[0], nowhere) == (403, 200, 404)
    assert agreed[1]["unit_id"] == force["unit_id"]
    assert (seen["is_routed"], seen["unit_id"]) == (True, force["unit_id"])
    assert (recalled[0], recalled[1]["status"]) == (200, "submitted")
    assert (late[0], late[1]["code"]) == (409, "demand_move_not_possible")


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)
