"""The outbox against a mail server that speaks SMTP."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.notices.actions import (
    MAX_ATTEMPTS,
    WAITS,
    notify,
    send_again,
    send_waiting,
    write_letter,
)
from lianqi.notices.channels import Away, MailGateway, Outgoing, SimulatedGateway
from lianqi.notices.enums import Channel
from lianqi.notices.errors import NotToBeSentAgain, ReaderIsGone, TextIsGone
from lianqi.notices.models import Delivery
from lianqi.notices.queries import OutboxState, outbox_state
from tests.factories import grant, make_user
from tests.notices.smtp_server import Mailbox, mail_server

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def post(*, at: dt.datetime, limit: int, site: str = "") -> int:
    return send_waiting(at=at, limit=limit, gateways={Channel.MAIL: MailGateway()}, site=site)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        yield mailbox


def waiting(*names: str, title: str = "路灯不亮") -> None:
    for name in names:
        user = User.objects.create(username=name, name=name, email=f"{name}@example.com")
        notify(
            [user],
            event="work.reassigned",
            names={"label": title, "name": "王敏"},
            url="/demands/1/",
            at=NOW,
            dedupe_key="demand.answered:1",
        )


def mail_of(name: str) -> Delivery:
    return Delivery.objects.get(address=f"{name}@example.com")


@pytest.mark.django_db
def test_waiting_mail_is_sent_once(mailbox: Mailbox) -> None:
    waiting("anna", "bert")

    first = post(at=NOW, limit=10, site="https://qy.example.gov.cn")
    second = post(at=NOW + 60 * MINUTE, limit=10)

    assert (first, second) == (2, 0)
    assert mailbox.recipients == ["anna@example.com", "bert@example.com"]
    message = mailbox.arrived[0]
    assert message["Subject"] == "已交给您：路灯不亮"
    assert message.get_content().splitlines() == [
        "王敏把这项工作交给了您。",
        "",
        "https://qy.example.gov.cn/demands/1/",
    ]
    assert outbox_state() == OutboxState(waiting=0, failed=0, oldest_at=None)


@pytest.mark.django_db
def test_without_an_address_of_the_platform_there_is_no_broken_link(mailbox: Mailbox) -> None:
    waiting("anna")

    post(at=NOW, limit=10)

    assert mailbox.arrived[0].get_content().splitlines() == ["王敏把这项工作交给了您。"]


@pytest.mark.django_db
def test_the_limit_and_the_time_are_kept(mailbox: Mailbox) -> None:
    waiting("anna", "bert", "carl")

    sent = [
        post(at=NOW - MINUTE, limit=10),
        post(at=NOW, limit=2),
        post(at=NOW, limit=2),
    ]

    assert sent == [0, 2, 1]


@pytest.mark.django_db
def test_a_line_break_in_a_title_cannot_add_a_header(mailbox: Mailbox) -> None:
    waiting("anna", title="您好\r\nBcc: everybody@example.com")

    post(at=NOW, limit=10)

    assert mailbox.arrived[0]["Bcc"] is None
    assert mailbox.arrived[0]["Subject"].strip() == "已交给您：您好 Bcc: everybody@example.com"


@pytest.mark.django_db
def test_a_refused_address_does_not_stop_the_others(mailbox: Mailbox) -> None:
    mailbox.refuse = {"anna@example.com"}
    waiting("anna", "bert")

    sent = post(at=NOW, limit=10)

    refused = mail_of("anna")
    assert (sent, mailbox.recipients) == (1, ["bert@example.com"])
    assert (refused.state, refused.attempts) == ("waiting", 1)
    assert refused.next_try_at == NOW + WAITS[0] * MINUTE
    assert "550" in refused.error


@pytest.mark.django_db
def test_after_eight_attempts_a_mail_is_given_up(mailbox: Mailbox) -> None:
    mailbox.refuse = {"anna@example.com"}
    waiting("anna")

    at, tries = NOW, 0
    while mail_of("anna").state == "waiting":
        post(at=at - MINUTE, limit=10)  # too early: not an attempt
        post(at=at, limit=10)
        at, tries = mail_of("anna").next_try_at, tries + 1

    failed = mail_of("anna")
    assert (tries, failed.attempts, failed.state) == (MAX_ATTEMPTS, 8, "failed")
    assert "550" in failed.error
    assert outbox_state() == OutboxState(waiting=0, failed=1, oldest_at=None)


@pytest.mark.django_db
def test_a_server_that_is_away_costs_one_mail_an_attempt(settings: Any) -> None:
    with mail_server() as gone:
        port = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    waiting("anna", "bert")

    sent = post(at=NOW, limit=10)

    assert sent == 0
    assert (mail_of("anna").attempts, mail_of("bert").attempts) == (1, 0)
    assert mail_of("anna").error.startswith("ConnectionRefusedError")
    assert outbox_state() == OutboxState(waiting=2, failed=0, oldest_at=NOW)


@pytest.mark.django_db
def test_a_server_that_hangs_up_in_the_middle_gets_the_mail_again(mailbox: Mailbox) -> None:
    waiting("anna")
    mailbox.hang_up = True
    lost = post(at=NOW, limit=10)
    mailbox.hang_up = False

    sent = post(at=NOW + MINUTE, limit=10)

    assert (lost, sent, mailbox.recipients) == (0, 1, ["anna@example.com"])


@pytest.mark.django_db
def test_the_same_mail_twice_has_the_same_message_id(mailbox: Mailbox) -> None:
    waiting("anna")
    post(at=NOW, limit=10)
    Delivery.objects.update(state="waiting")  # as after a crash between sending and noting it

    post(at=NOW + MINUTE, limit=10)

    first, second = mailbox.arrived
    assert first["Message-ID"] == second["Message-ID"]


class PowerCut(BaseException):
    """The process ends in the middle."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_sending_leaves_a_mail_that_is_tried_again(
    mailbox: Mailbox, settings: Any
) -> None:
    waiting("anna")
    settings.EMAIL_BACKEND = "tests.notices.test_outbox.DyingBackend"
    with pytest.raises(PowerCut):
        post(at=NOW, limit=10)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    claimed = mail_of("anna")

    at_once = post(at=NOW, limit=10)
    later = post(at=claimed.next_try_at, limit=10)

    assert (claimed.state, claimed.attempts) == ("waiting", 1)
    assert (at_once, later, mailbox.recipients) == (0, 1, ["anna@example.com"])


class DyingBackend:
    """A mail backend in a process that is killed while it talks to the server."""

    def __init__(self, **options: Any) -> None:
        """Take the options that every backend gets."""

    def open(self) -> None:
        raise PowerCut

    def close(self) -> None:
        """Nothing was opened."""


@pytest.mark.slow  # real threads and real locks
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_every_mail_once(mailbox: Mailbox) -> None:
    waiting(*(f"p{n}" for n in range(20)))
    together = threading.Barrier(2)
    sent: list[int] = []

    def work() -> None:
        together.wait()
        sent.append(post(at=NOW, limit=50))
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(sent) == 20
    assert len(set(mailbox.recipients)) == len(mailbox.recipients) == 20


def letter(key: str = "membership.invited:1") -> None:
    write_letter(
        "guest@example.com",
        event="membership.invited",
        names={
            "enterprise": "云岭精密",
            "role": "经办人",
            "by": "林晓",
            "days": 14,
            "link": "https://qy.example.gov.cn/people/invitations/secret/",
        },
        at=NOW,
        key=key,
    )


@pytest.mark.django_db
def test_a_letter_leaves_once_and_its_secret_does_not_stay(mailbox: Mailbox) -> None:
    letter()
    letter()
    waiting_state = outbox_state()

    sent = post(at=NOW, limit=10, site="https://qy.example.gov.cn")

    assert (sent, waiting_state) == (1, OutboxState(waiting=1, failed=0, oldest_at=NOW))
    assert "invitations/secret/" in mailbox.arrived[0].get_content()
    assert mail_of("guest").body == ""


@pytest.mark.django_db
def test_a_letter_that_was_given_up_keeps_no_secret_either(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    letter()
    at, bodies = NOW, []

    for minutes in (*WAITS, 0):
        post(at=at, limit=1)
        bodies.append(bool(mail_of("guest").body))
        at += minutes * MINUTE

    assert bodies == [True] * (MAX_ATTEMPTS - 1) + [False]


# --- Given up and sent again -----------------------------------------------------------------
def given_up(name: str = "anna") -> Delivery:
    waiting(name)
    Delivery.objects.update(state="failed", attempts=MAX_ATTEMPTS, error="550")
    return mail_of(name)


def administrator() -> User:
    return grant(make_user("admin"), Role.PLATFORM_ADMIN)


@pytest.mark.django_db
def test_what_was_given_up_can_be_sent_again(mailbox: Mailbox) -> None:
    failed = given_up()

    send_again(failed.pk, by=administrator(), at=NOW)
    sent = post(at=NOW, limit=10)

    again = mail_of("anna")
    assert (sent, again.state, again.attempts, again.sent_at) == (1, "sent", 1, NOW)
    assert Event.objects.get().verb == "notices.sent_again"


@pytest.mark.django_db
def test_only_what_was_given_up_is_sent_again() -> None:
    failed, admin = given_up(), administrator()
    send_again(failed.pk, by=admin, at=NOW)

    with pytest.raises(NotToBeSentAgain):
        send_again(failed.pk, by=admin, at=NOW)


@pytest.mark.django_db
def test_nothing_is_sent_again_to_somebody_who_left() -> None:
    failed, admin = given_up(), administrator()
    User.objects.filter(username="anna").update(is_active=False)

    with pytest.raises(ReaderIsGone):
        send_again(failed.pk, by=admin, at=NOW)


@pytest.mark.django_db
def test_a_letter_whose_text_is_gone_is_written_anew_instead() -> None:
    letter()
    Delivery.objects.update(state="failed", body="")

    with pytest.raises(TextIsGone):
        send_again(Delivery.objects.get().pk, by=administrator(), at=NOW)


@pytest.mark.django_db
def test_an_auditor_sends_nothing_again() -> None:
    failed = given_up()

    with pytest.raises(PermissionDenied):
        send_again(failed.pk, by=grant(make_user(), Role.AUDITOR), at=NOW)


@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_not_waited_for(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        waiting("anna", "bert")

        sent = send_waiting(at=NOW, limit=10, gateways={Channel.MAIL: MailGateway(seconds=0.2)})

    assert (sent, mail_of("anna").attempts, mail_of("bert").attempts) == (0, 1, 0)
    assert mail_of("anna").error.endswith("timed out")


@pytest.mark.django_db
def test_a_provider_that_asks_for_time_gets_it() -> None:
    waiting("anna")

    send_waiting(at=NOW, limit=10, gateways={Channel.MAIL: Overloaded()})

    assert mail_of("anna").next_try_at == NOW + dt.timedelta(minutes=10)


class Overloaded(SimulatedGateway):
    def send(self, message: Outgoing, *, at: dt.datetime) -> str:  # noqa: ARG002  # as every gateway
        raise Away("too many", wait=dt.timedelta(minutes=10))
