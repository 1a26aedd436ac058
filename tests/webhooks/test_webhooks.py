"""Webhooks against a server that speaks HTTP: what is sent, how it is signed, what goes wrong."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.audit.models import Event
from lianqi.demands.actions import merge_demand, open_class
from lianqi.needs.enums import NeedStatus
from lianqi.notices.models import Notice
from lianqi.supervision.actions import issue_order, load_order_clocks
from lianqi.visits.actions import hold_round, plan_round, raise_matter
from lianqi.visits.models import Matter
from lianqi.webhooks.actions import (
    GIVE_UP_AFTER,
    WAITS,
    change_webhook,
    create_webhook,
    feed,
    forget_messages,
    renew_secret,
    send_again,
    send_hooks,
    send_test,
)
from lianqi.webhooks.errors import (
    AddressNotAllowed,
    AddressNotKnown,
    AddressNotPublic,
    NothingChosen,
    NotToBeSentAgain,
    SwitchedOff,
)
from lianqi.webhooks.models import HookAttempt, HookMessage, Webhook
from lianqi.webhooks.queries import payloads, without_telephones
from lianqi.work.enums import Urgency
from lianqi.work.models import WorkItem
from tests.factories import AT, grant, make_enterprise, make_user
from tests.needs.scene import make_scene
from tests.notices.http_server import Asked, Provider, Said, provider
from tests.taskforces.scene import form
from tests.web.zone import Zone, make_zone

KEY = "the secret key of an installation"
HERE = ["127.0.0.1"]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as known:
        yield known


def administrator() -> User:
    return grant(make_user(), Role.PLATFORM_ADMIN)


def connect(there: Provider, *events: str, at: dt.datetime = AT) -> tuple[Webhook, str]:
    return create_webhook(
        name="市平台",
        url=f"{there.url}/hook?zone=yl",
        events=events or ["demand.filed", "demand.answered"],
        internal=HERE,
        key=KEY,
        by=administrator(),
        at=at,
    )


def message_for(webhook: Webhook, at: dt.datetime = AT) -> HookMessage:
    return HookMessage.objects.create(
        webhook=webhook,
        type="demand.filed",
        payload='{"a": 1}',
        next_try_at=at,
        created_at=at,
    )


def send(at: dt.datetime = AT, internal: list[str] = HERE, limit: int = 10) -> int:
    return send_hooks(at=at, limit=limit, key=KEY, internal=internal)


def is_signed(asked: Asked, secret: str) -> bool:
    """What a receiver does: one of the signatures must be ours."""
    signed = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}.".encode()
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(raw, signed + asked.body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}" in asked.headers["webhook-signature"].split()


# --- From an event to the other system -------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_what_happens_reaches_the_other_system_once_and_without_secrets(there: Provider) -> None:
    zone = make_zone()
    feed(at=AT)
    webhook, secret = connect(there)
    after = AT + MINUTE
    demand = zone.demand("accepted", at=after, title="请回电13800138000或0591-87654321")

    told = feed(at=after)
    again = feed(at=after)
    sent = send(after)

    assert told >= 3
    assert (again, sent) == (0, 1)
    asked = there.asked[0]
    body = json.loads(asked.body)
    assert asked.path == "/hook?zone=yl"
    assert is_signed(asked, secret)
    assert asked.headers["webhook-timestamp"] == str(int(after.timestamp()))
    assert (body["type"], body["version"], list(body["data"])) == ("demand.filed", "1", ["demand"])
    data = body["data"]["demand"]
    assert (data["number"], data["status"]) == (demand.number, "in_progress")
    assert data["title"] == "请回电138****8000或059****4321"
    assert data["enterprise"]["code"] == zone.firm.code
    assert data["unit"]["name"] == "经济发展局"
    for private in ("本月三次停电", "林晓燕", "13800001234", "note", "text", "contact", "handler"):
        assert private not in asked.body.decode()
    assert webhook.messages.get().event_id == Event.objects.get(verb="demand.filed").pk


@pytest.mark.django_db(transaction=True)
def test_only_chosen_events_after_the_connection_are_told(there: Provider) -> None:
    zone = make_zone()
    feed(at=AT)
    zone.demand(at=AT)  # before the connection, not fed yet
    connect(there, "demand.dispatched", at=AT + MINUTE)
    zone.demand("dispatched", at=AT + 2 * MINUTE)

    feed(at=AT + 2 * MINUTE)

    assert list(HookMessage.objects.values_list("type", flat=True)) == ["demand.dispatched"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_told(there: Provider) -> None:
    zone = make_zone()
    feed(at=AT)
    connect(there)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        zone.demand(at=AT + MINUTE)
        raise ZeroDivisionError

    feed(at=AT + MINUTE)

    assert not HookMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_feeder_that_dies_loses_and_doubles_nothing(there: Provider, monkeypatch: Any) -> None:
    zone = make_zone()
    feed(at=AT)
    connect(there)
    zone.demand(at=AT + MINUTE)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        feed(at=AT + MINUTE)
        raise KeyboardInterrupt

    feed(at=AT + MINUTE)
    feed(at=AT + MINUTE)

    assert HookMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_long_trails_are_read_in_portions(there: Provider) -> None:
    zone = make_zone()
    feed(at=AT)
    connect(there, "demand.dispatched")
    zone.demand("closed", at=AT + MINUTE)

    portions = []
    while (told := feed(at=AT + MINUTE, limit=2)) == 2:
        portions.append(told)

    assert len(portions) >= 3
    assert HookMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_policy_need_is_told_without_what_people_wrote() -> None:
    scene = make_scene()
    need = scene.need_in(NeedStatus.SOLVED)

    told = payloads(Event.objects.about("needs.need", need.pk).filter(verb="need.solved"))

    (payload,) = told.values()
    data = payload["data"]["need"]
    assert (payload["type"], data["number"], data["status"]) == (
        "need.solved", need.number, "solved",
    )  # fmt: skip
    assert data["enterprise"]["id"] == scene.firm.pk
    assert not {"text", "note", "progress", "solution", "evidence", "grounds"} & set(data)
    for written in (need.text, "已对接", "已兑现", "拨付单"):
        assert written not in json.dumps(payload, ensure_ascii=False)


@pytest.mark.django_db
def test_orders_classes_and_task_forces_are_told_without_what_people_wrote() -> None:
    zone = make_zone()
    load_order_clocks(at=AT)
    demand = zone.demand("accepted", at=AT)
    item = WorkItem.objects.about(demand).get(step="answer")
    order = issue_order(
        item, unit=zone.economy, text="请三日内答复企业。", urgency=Urgency.NORMAL,
        by=zone.leader, at=AT,
    )  # fmt: skip
    case = open_class(
        title="夜间停电，电13800138000", note="更换老化线路。", unit=zone.economy,
        fix_on=AT.date() + 30 * dt.timedelta(days=1), demand_ids=[demand.pk],
        by=zone.dispatcher, at=AT,
    )  # fmt: skip
    force = form(zone, at=AT)
    wanted = {"supervision.issued", "demands.class_opened", "taskforces.formed"}

    told = {
        each["type"]: each["data"]
        for each in payloads(Event.objects.filter(verb__in=wanted)).values()
    }

    assert told["supervision.issued"]["order"]["about"] == {
        "kind": "demands.demand", "id": demand.pk,
    }  # fmt: skip
    assert told["supervision.issued"]["order"]["number"] == order.number
    assert told["demands.class_opened"]["class"]["demands"] == 1
    assert told["demands.class_opened"]["class"]["number"] == case.number
    assert told["taskforces.formed"]["task_force"]["unit"]["id"] == force.unit_id
    everything = json.dumps(told, ensure_ascii=False)
    for written in (order.text, case.note, force.purpose, "13800138000"):
        assert written not in everything


@pytest.mark.django_db
def test_visits_rounds_and_merged_demands_are_told_by_their_numbers() -> None:
    zone = make_zone()
    held = plan_round(
        title="复工复产连线", leader=zone.leader, starts_at=AT + 60 * MINUTE, place="三楼会议室",
        enterprises=[zone.firm], units=[zone.economy], idempotency_key="round-1",
        by=zone.leader, at=AT,
    )  # fmt: skip
    visit = held.agenda.get()
    raised = raise_matter(
        visit.pk, Matter(category=zone.category, title="夜间停电", text="昨夜停电两次。"),
        idempotency_key="matter-1", by=zone.dispatcher, at=AT + 61 * MINUTE,
    )  # fmt: skip
    hold_round(held.pk, by=zone.dispatcher, at=AT + 90 * MINUTE)
    survivor, merged = zone.demand(), zone.demand()
    merge_demand(merged.pk, into=survivor, reason="同一事项", by=zone.dispatcher, at=AT)
    wanted = {"visit.round_held", "demand.merged"}

    told = {
        each["type"]: each["data"]
        for each in payloads(Event.objects.filter(verb__in=wanted)).values()
    }
    noted = record("visit.filed", visit, by=zone.leader, at=AT)

    assert told["visit.round_held"]["round"]["units"] == [
        {"id": zone.economy.pk, "name": zone.economy.name}
    ]
    assert told["demand.merged"]["demand"]["merged_into"] == survivor.number
    told_of = payloads([noted])[noted.pk]["data"]["visit"]
    assert (told_of["round"], told_of["demands"]) == (held.number, [raised.number])
    assert "三楼会议室" not in json.dumps([told, told_of], ensure_ascii=False)


@pytest.mark.django_db
def test_an_enterprise_is_told_without_its_contacts() -> None:
    firm = make_enterprise("云岭海纳光电科技有限公司")
    by = make_user()
    event = record("register.changed", firm, by=by, at=AT, contact="13800138000")

    told = payloads([event])[event.pk]["data"]["enterprise"]

    assert set(told) == {"id", "code", "name", "status", "industry", "size", "merged_into"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("请联系138 0013 8000", "请联系138****8000"),
        ("编号SQ20260000123", "编号SQ20260000123"),
        ("注册资本13800000000000元", "注册资本13800000000000元"),
        ("0591-87654321", "059****4321"),
    ],
)
def test_a_telephone_number_in_a_title_is_masked(typed: str, told: str) -> None:
    assert without_telephones(typed) == told


# --- Secrets ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_two_secrets_sign_for_a_day_after_a_change(there: Provider) -> None:
    webhook, old = connect(there)
    for _each in range(3):
        message_for(webhook)
    send(AT, limit=1)

    _webhook, new = renew_secret(webhook.pk, key=KEY, by=administrator(), at=AT)
    day = dt.timedelta(days=1)
    send(AT + day - MINUTE, limit=1)
    send(AT + day, limit=1)

    signed = [(is_signed(each, old), is_signed(each, new)) for each in there.asked]
    assert signed == [(True, False), (True, True), (False, True)]


@pytest.mark.django_db
def test_the_secret_is_neither_in_the_database_nor_in_the_trail(there: Provider) -> None:
    webhook, secret = connect(there)

    stored = json.dumps(list(Webhook.objects.values()), default=str)
    stored += json.dumps(list(Event.objects.values("detail")))
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in stored
    assert webhook.salt not in json.dumps(list(Event.objects.values("detail")))


# --- Where it may go -------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("http://223.5.5.5/", AddressNotAllowed),
        ("ftp://223.5.5.5/", AddressNotAllowed),
        ("https://", AddressNotAllowed),
        ("https://user:pw@223.5.5.5/", AddressNotAllowed),
        ("https://223.5.5.5/#x", AddressNotAllowed),
        ("https://223.5.5.5:port/", AddressNotAllowed),
        ("https://223.5.5.5/a b", AddressNotAllowed),
        ("https://223.5.5.5/\r\nHost: x", AddressNotAllowed),
        ("https://127.0.0.1/", AddressNotPublic),
        ("https://127.1/", AddressNotPublic),
        ("https://2130706433/", AddressNotPublic),
        ("https://localhost/", AddressNotPublic),
        ("https://[::1]/", AddressNotPublic),
        ("https://[::ffff:10.0.0.1]/", AddressNotPublic),
        ("https://169.254.169.254/latest/meta-data/", AddressNotPublic),
        ("https://no-such-host.invalid/", AddressNotKnown),
    ],
)
def test_only_the_public_network_is_told(url: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        create_webhook(
            name="x", url=url, events=["demand.filed"], internal=[], key=KEY,
            by=administrator(), at=AT,
        )  # fmt: skip

    assert not Webhook.objects.exists()


@pytest.mark.django_db
def test_a_name_that_moved_inside_later_is_not_connected_to(there: Provider) -> None:
    webhook, _secret = connect(there)
    message_for(webhook)

    sent = send(internal=[])  # as if the name had been public when it was entered

    assert (sent, there.asked) == (0, [])
    assert HookAttempt.objects.get().error == "webhook_address_not_allowed"


@pytest.mark.django_db
def test_a_redirect_leads_nowhere(there: Provider) -> None:
    with provider() as inside:
        there.answer = lambda _: Said(307, headers={"Location": f"{inside.url}/secret"})
        message_for(connect(there)[0])

        sent = send()

        assert (sent, inside.asked) == (0, [])
    assert HookAttempt.objects.get().status == 307


@pytest.mark.django_db
def test_no_event_is_no_webhook(there: Provider) -> None:
    with pytest.raises(NothingChosen):
        connect(there, "no.such")


# --- Trouble ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_failure_is_logged_and_tried_again_under_the_same_id(there: Provider) -> None:
    there.answer = lambda _: Said(500 if len(there.asked) == 1 else 204)
    message = message_for(connect(there)[0])

    first = send()
    early = send(AT + MINUTE * WAITS[0] - dt.timedelta(seconds=1))
    second = send(AT + MINUTE * WAITS[0])

    assert (first, early, second) == (0, 0, 1)
    ids = {asked.headers["webhook-id"] for asked in there.asked}
    assert ids == {f"msg_{message.key}"}
    log = HookAttempt.objects.order_by("pk").values_list("status", "at")
    assert list(log) == [(500, AT), (204, AT + MINUTE)]
    assert all(each.milliseconds is not None for each in HookAttempt.objects.all())
    assert HookMessage.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_system_that_asks_for_time_gets_it(there: Provider) -> None:
    there.answer = lambda _: Said(503, headers={"Retry-After": "7200"})
    message_for(connect(there)[0])

    send()

    assert HookMessage.objects.get().next_try_at == AT + dt.timedelta(hours=2)


@pytest.mark.django_db
def test_a_system_that_is_away_holds_up_nobody_else(there: Provider) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away, _secret = connect(there)
        port = nobody.getsockname()[1]
    Webhook.objects.filter(pk=away.pk).update(url=f"http://127.0.0.1:{port}/")
    for _each in range(3):
        message_for(away)
    message_for(connect(there)[0])

    sent = send()

    assert (sent, len(there.asked)) == (1, 1)
    tried = away.messages.order_by("pk").values_list("attempts", flat=True)
    assert list(tried) == [1, 0, 0]
    assert HookAttempt.objects.earliest("pk").error == "connection refused"


@pytest.mark.django_db
def test_after_nine_attempts_a_message_is_given_up(there: Provider) -> None:
    there.answer = lambda _: Said(500)
    message = message_for(connect(there)[0])

    at = AT
    while HookMessage.objects.get().state == "waiting":
        send(at)
        at = HookMessage.objects.get().next_try_at

    assert message.log.count() == len(WAITS) + 1
    assert Webhook.objects.get().is_active  # a day is not enough to switch it off


@pytest.mark.django_db
def test_days_of_failure_switch_a_system_off_with_notice(there: Provider) -> None:
    there.answer = lambda _: Said(500)
    webhook, _secret = connect(there)
    admin = User.objects.get(pk=webhook.created_by_id)
    message_for(webhook)
    message_for(webhook, AT + GIVE_UP_AFTER - MINUTE)
    last = message_for(webhook, AT + GIVE_UP_AFTER)
    send(AT, limit=1)

    send(AT + GIVE_UP_AFTER - MINUTE)
    before = Webhook.objects.get().is_active
    HookMessage.objects.exclude(pk=last.pk).update(state="failed")
    send(AT + GIVE_UP_AFTER)

    after = Webhook.objects.get()
    assert (before, after.is_active, after.given_up_at) == (True, False, AT + GIVE_UP_AFTER)
    notice = Notice.objects.get(person=admin)
    assert "市平台" in notice.title
    assert Event.objects.filter(verb="webhooks.given_up").count() == 1
    assert set(HookMessage.objects.values_list("state", flat=True)) == {"failed"}


@pytest.mark.django_db
def test_one_success_forgives_earlier_failures(there: Provider) -> None:
    there.answer = lambda _: Said(500 if len(there.asked) == 1 else 200)
    message_for(connect(there)[0])

    send()
    failing = Webhook.objects.get().failing_since
    send(AT + MINUTE)

    assert (failing, Webhook.objects.get().failing_since) == (AT, None)


@pytest.mark.django_db
def test_a_system_that_is_gone_for_good_is_switched_off_at_once(there: Provider) -> None:
    there.answer = lambda _: Said(410)
    message_for(connect(there)[0])

    send()

    assert not Webhook.objects.get().is_active


# --- By hand ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_message_is_sent_again_by_hand(there: Provider) -> None:
    message = message_for(connect(there)[0])
    admin = administrator()
    send()

    send_again(message.pk, by=admin, at=AT + MINUTE)
    with pytest.raises(NotToBeSentAgain):
        send_again(message.pk, by=admin, at=AT + MINUTE)
    send(AT + MINUTE)

    first, second = there.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


@pytest.mark.django_db
def test_a_test_arrives_and_carries_no_record(there: Provider) -> None:
    webhook, secret = connect(there)

    send_test(webhook.pk, by=administrator(), at=AT)
    send()

    body = json.loads(there.asked[0].body)
    assert (body["type"], body["data"]) == ("webhook.test", {})
    assert is_signed(there.asked[0], secret)


@pytest.mark.django_db
def test_what_is_switched_off_sends_nothing_and_begins_anew(there: Provider) -> None:
    webhook, _secret = connect(there)
    old = message_for(webhook)
    admin = administrator()

    def switch(*, is_active: bool) -> None:
        change_webhook(
            webhook.pk, name=webhook.name, url=webhook.url, events=webhook.events,
            is_active=is_active, internal=HERE, by=admin, at=AT,
        )  # fmt: skip

    switch(is_active=False)
    off = send()
    with pytest.raises(SwitchedOff):
        send_test(webhook.pk, by=admin, at=AT)
    with pytest.raises(SwitchedOff):
        send_again(old.pk, by=admin, at=AT)
    switch(is_active=True)
    on = send()

    assert (off, on, HookMessage.objects.get().state) == (0, 0, "failed")


@pytest.mark.django_db
def test_nobody_else_connects_systems(there: Provider) -> None:
    webhook, _secret = connect(there)
    message = message_for(webhook)
    for who in (make_user(), grant(make_user(), Role.AUDITOR), grant(make_user(), Role.LEADER)):
        with pytest.raises(PermissionDenied):
            create_webhook(
                name="x", url=there.url, events=["demand.filed"], internal=HERE, key=KEY,
                by=who, at=AT,
            )  # fmt: skip
        with pytest.raises(PermissionDenied):
            renew_secret(webhook.pk, key=KEY, by=who, at=AT)
        with pytest.raises(PermissionDenied):
            send_test(webhook.pk, by=who, at=AT)
        with pytest.raises(PermissionDenied):
            send_again(message.pk, by=who, at=AT)


@pytest.mark.django_db(transaction=True)
def test_looks_are_never_told(there: Provider) -> None:
    zone: Zone = make_zone()
    feed(at=AT)
    connect(there)
    demand = zone.demand(at=AT + MINUTE)
    record("demand.answered", demand, by=zone.leader, at=AT + MINUTE, is_read=True)

    feed(at=AT + MINUTE)

    assert list(HookMessage.objects.values_list("type", flat=True)) == ["demand.filed"]


@pytest.mark.django_db
def test_ended_messages_are_forgotten_when_old_and_waiting_ones_stay(there: Provider) -> None:
    webhook, _secret = connect(there)
    old, later = AT, AT + 10 * dt.timedelta(days=1)
    for at, state in ((old, "sent"), (old, "failed"), (old, "waiting"), (later, "sent")):
        message = HookMessage.objects.create(
            webhook=webhook, type="demand.filed", payload="{}", state=state,
            next_try_at=at, created_at=at,
        )  # fmt: skip
        HookAttempt.objects.create(message=message, at=at, status=200)

    assert forget_messages(before=later) == 2
    assert forget_messages(before=later) == 0

    left = HookMessage.objects.order_by("pk").values_list("created_at", "state")
    assert list(left) == [(old, "waiting"), (later, "sent")]
    assert HookAttempt.objects.count() == 2
