"""Filing for another enterprise by the API."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from lianqi.demands.models import Representation
from tests.api.conftest import Call
from tests.demands.scene import Scene
from tests.factories import AT, make_enterprise, make_member


def test_it_is_filed_read_and_objected_to(
    scene: Scene, call: Call, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    park = make_enterprise("云岭园区运营有限公司")
    clerk = make_member(park)
    body = {
        "code": scene.enterprise.code, "agent_id": park.pk, "category": scene.category.code,
        "title": "停电", "text": "三次。", "consent_by": "沈工", "consent_position": "主管",
        "consent_way": "letter", "consent_on": AT.date().isoformat(), "covers": "follow",
    }  # fmt: skip
    client = Client(enforce_csrf_checks=False)
    client.force_login(clerk)
    headers = {"idempotency-key": "a-key-of-one-call"}

    sent = {"demand": json.dumps(body)}
    refused = client.post("/api/v1/demands/on-behalf", sent, headers=headers)
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4\ntrailer\n<<>>\n%%EOF\n")
    filed = client.post("/api/v1/demands/on-behalf", sent | {"letter": letter}, headers=headers)
    pk = filed.json()["demand_id"]
    _ok, page = call("GET", "/demands/on-behalf", by=clerk)
    unseen, _no = call("GET", f"/demands/{pk}/representation", by=make_member(make_enterprise()))
    ended, held = call(
        "POST", f"/demands/{pk}/end-representation", {"goes_on": True}, by=scene.member
    )
    gone, _nothing = call("GET", f"/demands/{pk}", by=clerk)

    assert (refused.status_code, refused.json()["code"]) == (409, "demand_consent_letter_missing")
    assert (filed.status_code, filed.json()["status"]) == (201, "submitted")
    assert [each["demand_id"] for each in page["filed"]] == [pk]
    assert unseen == 404
    assert (ended, held["status"]) == (200, None)
    assert gone == 404
    assert Representation.objects.get().letter is not None
