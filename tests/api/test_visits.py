"""Visits by the API: as the pages, by the same actions."""

from typing import Any

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.demands.models import Demand
from lianqi.visits.models import Visit
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import grant, make_user


def officer(scene: Scene) -> User:
    person = make_user(unit=scene.unit)
    return grant(person, Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.enterprise.pk)


def body(scene: Scene, **fields: Any) -> dict[str, Any]:
    return {
        "enterprise_id": scene.enterprise.pk,
        "kind": "on_site",
        "on": "2026-03-04",
        "said": "谈用电。",
        "matters": [{"category": scene.category.code, "title": "用电增容"}],
    } | fields


def test_a_visit_is_recorded_once_and_listed(scene: Scene, call: Call) -> None:
    person = officer(scene)

    status, made = call("POST", "/visits", body(scene), by=person, key="key-0001")
    _again, same = call("POST", "/visits", body(scene), by=person, key="key-0001")
    _ok, page = call("GET", "/visits", by=scene.member)
    _fine, one = call("GET", f"/visits/{made['id']}", by=scene.member)

    assert (status, same) == (201, made)
    assert made["demand_ids"] == [Demand.objects.get().pk]
    assert page == {"visits": [made], "next_before": None}
    assert one == made


def test_a_draft_is_kept_and_shown_to_nobody_else(scene: Scene, call: Call) -> None:
    _status, made = call(
        "POST", "/visits", body(scene, said="", is_draft=True), by=officer(scene), key="key-0001"
    )

    unseen, _problem = call("GET", f"/visits/{made['id']}", by=scene.dispatcher)

    assert (made["status"], unseen) == ("draft", 404)


def test_a_refusal_has_a_code(scene: Scene, call: Call) -> None:
    status, problem = call(
        "POST", "/visits", body(scene, said=""), by=officer(scene), key="key-0001"
    )

    assert (status, problem["code"]) == (409, "visit_text_missing")
    assert not Visit.objects.exists()


def test_a_round_is_planned_held_and_followed(scene: Scene, call: Call) -> None:
    sent = {
        "title": "连线",
        "leader_id": scene.leader.pk,
        "starts_at": "2026-03-04T02:00:00Z",
        "enterprise_ids": [scene.enterprise.pk],
        "unit_ids": [scene.unit.pk],
    }
    asked = {
        "category": scene.category.code, "title": "通行", "unit_id": scene.unit.pk,
        "promise": "三日内", "until": "2099-01-01",
    }  # fmt: skip

    _status, held = call("POST", "/visits/rounds", sent, by=scene.leader, key="key-0001")
    _ok, page = call("GET", "/visits/rounds", by=scene.handler)
    _fine, whole = call("GET", f"/visits/rounds/{held['id']}", by=scene.handler)
    visit = whole["agenda"][0]["visit_id"]
    _made, promise = call(
        "POST", f"/visits/{visit}/matters", asked, by=scene.dispatcher, key="key-0002"
    )
    status, ended = call("POST", f"/visits/rounds/{held['id']}/hold", by=scene.dispatcher)

    assert page["rounds"] == [held]
    assert promise["state"] == "running"
    assert (status, ended["status"]) == (200, "held")
