"""Contact persons by the API."""

from tests.api.conftest import Call
from tests.demands.scene import Scene


def test_they_are_given_read_and_changed(scene: Scene, call: Call) -> None:
    body = {
        "enterprise_id": scene.enterprise.pk, "category": scene.category.code, "title": "停电",
        "text": "三次。",
        "contacts": [{"name": "沈工", "phone": "139 1234 5678", "told_by": "sms"}],
    }  # fmt: skip

    filed, demand = call("POST", "/demands", body, by=scene.member, key="a-key-of-one-call")
    path = f"/demands/{demand['id']}/contact-people"
    _ok, plain = call("GET", path, by=scene.member)
    _fine, masked = call("GET", path, by=scene.leader)
    changed, listed = call(
        "PUT", path, {"contacts": [{"name": "贺经理", "email": "he@example.com"}]}, by=scene.member
    )
    refused, problem = call("PUT", path, {"contacts": [{"role": "经理"}]}, by=scene.member)
    forbidden, _no = call("PUT", path, {"contacts": []}, by=scene.leader)
    unseen, _nothing = call("GET", path, by=scene.other_handler)

    assert filed == 201
    assert [(each["phone"], each["is_preferred"]) for each in plain] == [("13912345678", True)]
    assert masked[0]["phone"] == "139****5678"
    assert (changed, listed[0]["name"]) == (200, "贺经理")
    assert (refused, problem["code"]) == (409, "demand_contact_unnamed")
    assert (forbidden, unseen) == (403, 404)
