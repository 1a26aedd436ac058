"""Parked calls by the API."""

from lianqi.accounts.enums import Role
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import grant, make_unit, make_user


def test_they_are_parked_listed_and_discarded(scene: Scene, call: Call) -> None:
    person = grant(make_user(unit=make_unit("企业服务中心")), Role.OPERATOR)
    body = {"contact_name": "陈静", "title": "停水"}

    status, parked = call("POST", "/parked-calls", body, by=person, key="a-key-of-one-call")
    empty, problem = call("POST", "/parked-calls", {}, by=person, key="another-key")
    _ok, listed = call("GET", "/parked-calls", by=person)
    _fine, none = call("GET", "/parked-calls", by=scene.leader)
    forbidden, _no = call("POST", "/parked-calls", body, by=scene.handler, key="a-third-key")

    assert (status, parked["words"]) == (201, "停水")
    assert (empty, problem["code"]) == (409, "demand_nothing_to_park")
    assert [each["id"] for each in listed] == [parked["id"]]
    assert none == []
    assert forbidden == 403
