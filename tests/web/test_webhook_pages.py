"""Pages of webhooks: connecting a system, its log, its secret shown once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.web.audit.words import VERBS
from lianqi.web.messages.webhooks import WebhookForm
from lianqi.webhooks.enums import HookEvent
from lianqi.webhooks.models import HookAttempt, HookMessage, Webhook
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(settings: Any) -> Client:
    settings.WEBHOOK_INTERNAL_HOSTS = ["localhost"]
    return client_of(grant(make_user("admin"), Role.PLATFORM_ADMIN))


def add(client: Client, **fields: Any) -> Any:
    given = {"name": "市平台", "url": "http://localhost/hook", "events": ["demand.filed"]}
    return client.post(reverse("messages:add_webhook"), given | fields)


def test_the_secret_is_shown_once(client: Client) -> None:
    made = add(client).content.decode()
    page = client.get(reverse("messages:webhook", args=[Webhook.objects.get().pk])).content.decode()

    assert len(SECRET.findall(made)) == 1
    assert not SECRET.search(page)


def test_a_new_secret_is_another_one(client: Client) -> None:
    first = SECRET.search(add(client).content.decode())
    webhook = Webhook.objects.get()

    answer = client.post(reverse("messages:renew_secret", args=[webhook.pk]))

    second = SECRET.search(answer.content.decode())
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    assert "一天之内" in answer.content.decode()


def test_a_private_address_is_refused_with_the_form_as_it_was(client: Client) -> None:
    answer = add(client, url="https://10.0.0.7/hook")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="https://10.0.0.7/hook"' in page
    assert "10.0.0.7 指向内部网络地址" in page
    assert not Webhook.objects.exists()


def test_what_it_is_told_is_changed_and_switched_off(client: Client) -> None:
    add(client)
    webhook = Webhook.objects.get()
    given = {"name": "省平台", "url": "http://localhost/2", "events": ["demand.answered"]}

    answer = client.post(reverse("messages:webhook", args=[webhook.pk]), given)

    changed = Webhook.objects.get()
    assert answer.status_code == 303
    assert (changed.name, changed.url, changed.events, changed.is_active) == (
        "省平台", "http://localhost/2", ["demand.answered"], False,
    )  # fmt: skip


def test_the_log_shows_answer_and_duration(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    add(client)
    webhook = Webhook.objects.get()
    for number in range(15):
        message = HookMessage.objects.create(
            webhook=webhook, type="demand.filed", payload="{}", next_try_at=AT, created_at=AT,
            state="failed", event_id=number,
        )  # fmt: skip
        HookAttempt.objects.create(message=message, at=AT, status=503, milliseconds=412)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("messages:webhook", args=[webhook.pk])).content.decode()

    assert "503 · 412 ms" in page


def test_a_test_is_put_on_its_way_and_sent_again(client: Client) -> None:
    add(client)
    webhook = Webhook.objects.get()
    client.post(reverse("messages:test_webhook", args=[webhook.pk]))
    HookMessage.objects.update(state="failed", attempts=9)
    message = HookMessage.objects.get()

    client.post(reverse("messages:hook_again", args=[webhook.pk, message.pk]))

    assert (HookMessage.objects.get().state, message.type) == ("waiting", "webhook.test")


def test_a_message_of_another_system_is_not_found(client: Client) -> None:
    add(client)
    add(client, name="二")
    one, two = Webhook.objects.order_by("pk")
    client.post(reverse("messages:test_webhook", args=[one.pk]))
    message = HookMessage.objects.get()

    answer = client.post(reverse("messages:hook_again", args=[two.pk, message.pk]))

    assert answer.status_code == 404


def test_an_auditor_looks_and_changes_nothing(client: Client) -> None:
    add(client)
    webhook = Webhook.objects.get()
    auditor = client_of(grant(make_user(), Role.AUDITOR))
    page = reverse("messages:webhook", args=[webhook.pk])

    looked = auditor.get(page)
    acts = [
        auditor.post(page, {"name": "x"}).status_code,
        auditor.get(reverse("messages:add_webhook")).status_code,
        auditor.post(reverse("messages:renew_secret", args=[webhook.pk])).status_code,
        auditor.post(reverse("messages:test_webhook", args=[webhook.pk])).status_code,
    ]

    assert looked.status_code == 200
    assert reverse("messages:renew_secret", args=[webhook.pk]) not in looked.content.decode()
    assert acts == [403, 403, 403, 403]


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.LEADER, Role.DEPARTMENT_HEAD])
def test_others_see_none_of_it(role: Role) -> None:
    assert client_of(grant(make_user(), role)).get(reverse("messages:webhooks")).status_code == 403


def test_every_event_to_choose_from_is_a_verb_of_the_trail() -> None:
    assert set(HookEvent.values) - set(VERBS) == set()
    offered = [name for _, group in WebhookForm().fields["events"].choices for name, _ in group]
    assert sorted(offered) == sorted(HookEvent.values)


def test_every_event_is_in_the_document() -> None:
    written = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    assert [name for name in HookEvent.values if f"`{name}`" not in written] == []
