"""Connecting systems over JSON, and the log of what they were told."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.webhooks.actions import send_hooks
from lianqi.webhooks.models import Webhook
from tests.api.conftest import Call
from tests.factories import AT, grant, make_user
from tests.notices.http_server import Said, provider

BODY = {"name": "OA", "url": "http://127.0.0.1:9/hook", "events": ["demand.filed"]}


@pytest.fixture(autouse=True)
def _internal(settings: Any) -> None:
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]


@pytest.fixture
def administrator(db: None) -> User:
    return grant(make_user("connector"), Role.PLATFORM_ADMIN)


def test_a_system_is_connected_changed_and_given_another_secret(
    call: Call, administrator: User
) -> None:
    status, made = call("POST", "/webhooks", BODY, by=administrator)
    assert (status, made["secret"][:6]) == (201, "whsec_")
    path = f"/webhooks/{made['webhook']['id']}"
    changed = BODY | {"events": ["demand.closed_silent", "demand.filed"], "is_active": False}
    status, said = call("PUT", path, changed, by=administrator)
    assert (status, said["is_active"], len(said["events"])) == (200, False, 2)
    status, again = call("POST", f"{path}/secret", by=administrator)
    assert status == 200
    assert again["secret"] != made["secret"]
    status, listed = call("GET", "/webhooks", by=administrator)
    assert (status, [each["name"] for each in listed]) == (200, ["OA"])
    assert "secret" not in str(listed)
    assert call("GET", path, by=administrator)[1]["version"] == "1"


def test_a_test_message_is_logged_with_its_attempts_and_sent_again(
    call: Call, administrator: User
) -> None:
    with provider() as there:
        there.answer = lambda _asked: Said(500 if len(there.asked) == 1 else 200)
        made = call("POST", "/webhooks", BODY | {"url": f"{there.url}/hook"}, by=administrator)[1]
        path = f"/webhooks/{made['webhook']['id']}"
        status, sent = call("POST", f"{path}/test", by=administrator)
        assert (status, sent["state"], sent["attempts"]) == (201, "waiting", [])
        later = dt.datetime.now(dt.UTC)
        for minutes in (0, 5):
            at = later + dt.timedelta(minutes=minutes)
            send_hooks(at=at, limit=5, key="key", internal=["127.0.0.1"])
    _, page = call("GET", f"{path}/messages?state=sent&limit=1", by=administrator)
    (message,) = page["messages"]
    assert [each["status"] for each in message["attempts"]] == [500, 200]
    assert page["next_before"] is None
    status, again = call("POST", f"{path}/messages/{message['id']}/send", by=administrator)
    assert (status, again["state"], again["key"]) == (200, "waiting", message["key"])
    status, refused = call("POST", f"{path}/messages/{message['id']}/send", by=administrator)
    assert (status, refused["code"]) == (409, "webhook_not_to_be_sent_again")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"url": "http://example.com/hook"}, 409, "webhook_address_not_allowed"),
        ({"url": "https://10.0.0.8/hook"}, 409, "webhook_address_not_public"),
        ({"events": []}, 409, "webhook_nothing_chosen"),
        ({"events": ["demand.noted"]}, 422, "malformed"),
    ],
)
def test_bad_input_is_refused_with_a_code(
    call: Call, administrator: User, change: dict[str, object], status: int, code: str
) -> None:
    answer = call("POST", "/webhooks", BODY | change, by=administrator)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("role", "list_status", "get_status"),
    [(Role.AUDITOR, 200, 200), (Role.LEADER, 403, 404), (Role.DISPATCHER, 403, 404)],
)
def test_only_administrators_connect_and_auditors_look(
    call: Call, administrator: User, role: Role, list_status: int, get_status: int
) -> None:
    made = call("POST", "/webhooks", BODY, by=administrator)[1]
    path = f"/webhooks/{made['webhook']['id']}"
    other = grant(make_user(), role)
    assert call("GET", "/webhooks", by=other)[0] == list_status
    assert call("GET", path, by=other)[0] == get_status
    assert call("GET", f"{path}/messages", by=other)[0] == get_status
    assert call("POST", "/webhooks", BODY, by=other)[0] == 403
    for step in ("secret", "test"):
        assert call("POST", f"{path}/{step}", by=other)[0] in {403, 404}
    assert Webhook.objects.get().created_at > AT
