"""Pages about messages: how one wants to be told, the outbox, the words."""

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.notices.models import Delivery, MessageChoice, Notice, OwnWording, TopicChoice
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db

CHOICES = "/settings/messages/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin() -> User:
    return grant(make_user("admin", email="admin@example.com"), Role.PLATFORM_ADMIN)


@pytest.fixture
def client(admin: User) -> Client:
    return client_of(admin)


def delivery(person: User, key: str = "1", **fields: Any) -> Delivery:
    notice = Notice.objects.create(
        person=person, event="demand.filed", title="很机密的标题", body="正文", created_at=AT,
        dedupe_key=key,
    )  # fmt: skip
    known = {"address": "a@example.com", "next_try_at": AT}
    return Delivery.objects.create(notice=notice, person=person, **known | fields)


# --- One's own choices -----------------------------------------------------------------------
def test_the_page_shows_what_holds_without_a_choice(client: Client, settings: Any) -> None:
    settings.CHANNELS = ["mail", "sms"]

    answer: Any = client.get(CHOICES)

    form = answer.context["form"]
    assert form["channels_demands"].initial == ["mail"]
    assert form["quiet_from"].initial == dt.time(22)
    page = answer.content.decode()
    assert 'value="sms"' in page
    assert 'value="wecom"' not in page  # the zone has not set it up
    assert "admin@example.com" in page


def test_choices_are_saved_and_shown_again(client: Client, admin: User, settings: Any) -> None:
    settings.CHANNELS = ["mail", "sms", "wecom"]
    given = {
        "channels_demands": ["sms", "wecom"],
        "digest_demands": "on",
        "digest_at": "07:45",
        "quiet_from": "",
        "quiet_until": "",
    }

    answer = client.post(CHOICES, given)

    assert answer.status_code == 303
    chosen = TopicChoice.objects.get(person=admin, topic="demands")
    assert (chosen.channels, chosen.is_digest) == (["sms", "wecom"], True)
    hours = MessageChoice.objects.get(person=admin)
    assert (hours.quiet_from, hours.digest_at) == (None, dt.time(7, 45))
    again: Any = client.get(CHOICES)
    assert again.context["form"]["channels_demands"].initial == ["sms", "wecom"]


def test_half_quiet_hours_are_refused_and_nothing_typed_is_lost(client: Client) -> None:
    answer: Any = client.post(
        CHOICES, {"quiet_from": "21:15", "digest_at": "07:45", "channels_work": ["mail"]}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="21:15"' in page
    assert not MessageChoice.objects.exists()


def test_an_obligatory_topic_says_so_and_has_no_summary(client: Client) -> None:
    answer: Any = client.get(CHOICES)

    form = answer.context["form"]
    assert "digest_deadlines" not in form.fields
    assert form["channels_deadlines"].help_text
    assert not form["channels_demands"].help_text


def test_a_channel_the_zone_does_not_have_cannot_be_chosen(client: Client, settings: Any) -> None:
    settings.CHANNELS = ["mail"]

    answer = client.post(CHOICES, {"digest_at": "08:30", "channels_work": ["sms"]})

    assert answer.status_code == 422


# --- The outbox ------------------------------------------------------------------------------
def test_what_was_really_sent_is_not_read_by_the_administrator(client: Client, admin: User) -> None:
    delivery(admin, state="sent", sent_at=AT)

    page = client.get(reverse("messages:outbox")).content.decode()

    assert "很机密的标题" not in page
    assert "诉求已收到" in page
    assert "a@example.com" in page


def test_what_was_only_played_is_shown(client: Client, admin: User) -> None:
    delivery(admin, state="sent", sent_at=AT, is_simulated=True)

    page = client.get(reverse("messages:outbox")).content.decode()

    assert "很机密的标题" in page
    assert "模拟发送" in page


def test_the_outbox_is_narrowed_by_channel_and_state(client: Client, admin: User) -> None:
    delivery(admin, "1", state="failed")
    delivery(admin, "2", state="sent", channel="sms")

    def shown(query: str) -> list[str]:
        answer: Any = client.get(f"{reverse('messages:outbox')}?{query}")
        return [row.delivery.channel for row in answer.context["rows"]]

    assert shown("state=failed") == ["mail"]
    assert shown("channel=sms") == ["sms"]
    assert shown("channel=sms&state=failed") == []
    assert shown("channel=pigeon") == []


def test_the_page_costs_the_same_however_many_rows(
    client: Client, admin: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        delivery(admin, str(number))

    with django_assert_max_num_queries(12):
        client.get(reverse("messages:outbox"))


def test_a_failed_message_is_sent_again_from_the_page(client: Client, admin: User) -> None:
    failed = delivery(admin, state="failed", attempts=8)

    client.post(reverse("messages:again", args=[failed.pk]))

    assert Delivery.objects.get(pk=failed.pk).state == "waiting"


def test_a_message_that_is_waiting_is_refused_in_words(client: Client, admin: User) -> None:
    waiting = delivery(admin)

    answer = client.post(reverse("messages:again", args=[waiting.pk]), follow=True)

    assert "只有发送失败的通知可以重新发送" in answer.content.decode()


def test_an_auditor_looks_and_has_no_button(admin: User) -> None:
    failed = delivery(admin, state="failed")
    auditor = client_of(grant(make_user(), Role.AUDITOR))

    page = auditor.get(reverse("messages:outbox"))
    act = auditor.post(reverse("messages:again", args=[failed.pk]))

    assert page.status_code == 200
    assert reverse("messages:again", args=[failed.pk]) not in page.content.decode()
    assert act.status_code == 403


# --- Words -----------------------------------------------------------------------------------
def wording_url(event: str = "demand.filed", language: str = "zh-hans") -> str:
    return reverse("messages:wording", args=[event, "any", "any", language])


def test_every_event_has_a_page_with_its_names(client: Client) -> None:
    listed = client.get(reverse("messages:wordings")).content.decode()
    page = client.get(reverse("messages:event", args=["membership.invited"])).content.decode()

    assert reverse("messages:event", args=["demand.filed"]) in listed
    assert "{link}" in page
    assert "必须使用" in page


def test_a_preview_shows_an_example_and_saves_nothing(client: Client) -> None:
    given = {"title": "已收到{number}", "body": "{title}", "preview": "1"}

    answer: Any = client.post(wording_url(), given)

    assert answer.context["preview"] == ("已收到SQ20260000123", "园区夜间停电")
    assert 'value="已收到{number}"' in answer.content.decode()
    assert not OwnWording.objects.exists()


def test_words_are_saved_and_taken_back(client: Client) -> None:
    saved = client.post(wording_url(), {"title": "已收到{number}", "body": "", "save": "1"})
    shown: Any = client.get(wording_url())
    client.post(wording_url(), {"reset": "1"})
    after: Any = client.get(wording_url())

    assert saved.status_code == 303
    assert shown.context["form"]["title"].value() == "已收到{number}"
    assert after.context["form"]["title"].value() == "您的诉求已收到"


@pytest.mark.parametrize("button", ["save", "preview"])
def test_an_unknown_name_is_refused_with_the_text_kept(client: Client, button: str) -> None:
    answer = client.post(wording_url(), {"title": "收到{phone}", "body": "", button: "1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "{phone}" in page
    assert "{number}, {title}" in page


def test_the_way_to_other_words_leads_to_their_page(client: Client) -> None:
    chosen = {"audience": "staff", "channel": "sms", "language": "en"}

    answer = client.get(reverse("messages:event", args=["demand.filed"]), chosen)

    assert answer.headers["Location"].endswith("/demand.filed/staff/sms/en/")


@pytest.mark.parametrize(
    "path", ["no.such/", "demand.filed/any/pigeon/en/", "demand.filed/any/any/fr/"]
)
def test_an_address_that_names_nothing_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/messages/wordings/{path}").status_code == 404


def test_only_the_platform_administrator_sees_the_words() -> None:
    dispatcher = client_of(grant(make_user(), Role.DISPATCHER))

    assert dispatcher.get(reverse("messages:wordings")).status_code == 403
    assert dispatcher.post(wording_url(), {"title": "x"}).status_code == 403
    assert dispatcher.get(CHOICES).status_code == 200


# --- What changes at the door of an account --------------------------------------------------
def test_a_changed_password_is_told_at_once_whatever_was_chosen(admin: User, settings: Any) -> None:
    settings.CHANNELS = ["mail"]
    TopicChoice.objects.create(person=admin, topic="access", channels=[])
    client = client_of(admin)
    new = "Another-2026-word"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": "Lianqi-2026", "password1": new, "password2": new},
    )

    notice = Notice.objects.get(person=admin)
    assert (notice.event, notice.title) == ("account.password_changed", "您的账号密码已修改")
    assert Delivery.objects.get().next_try_at == notice.created_at


def test_a_second_factor_that_comes_or_goes_is_told(admin: User, rf: Any) -> None:
    for signal in (authenticator_added, authenticator_removed):
        signal.send(Authenticator, request=rf.get("/"), user=admin, authenticator=None)

    events = Notice.objects.order_by("pk").values_list("event", flat=True)
    assert list(events) == ["account.second_factor_added", "account.second_factor_removed"]
    assert Delivery.objects.count() == 2
