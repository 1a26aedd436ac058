"""The outbox against a mail server that speaks SMTP."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from lianqi.accounts.models import User
from lianqi.notices.actions import (
    MAX_ATTEMPTS,
    WAITS,
    notify,
    send_waiting_mail,
    write_letter,
)
from lianqi.notices.models import Mail
from lianqi.notices.queries import OutboxState, outbox_state
from tests.notices.smtp_server import Mailbox, mail_server

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


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


def mail_of(name: str) -> Mail:
    return Mail.objects.get(address=f"{name}@example.com")


@pytest.mark.django_db
def test_waiting_mail_is_sent_once(mailbox: Mailbox) -> None:
    waiting("anna", "bert")

    first = send_waiting_mail(at=NOW, limit=10, site="https://qy.example.gov.cn")
    second = send_waiting_mail(at=NOW + 60 * MINUTE, limit=10)

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

    send_waiting_mail(at=NOW, limit=10)

    assert mailbox.arrived[0].get_content().splitlines() == ["王敏把这项工作交给了您。"]


@pytest.mark.django_db
def test_the_limit_and_the_time_are_kept(mailbox: Mailbox) -> None:
    waiting("anna", "bert", "carl")

    sent = [
        send_waiting_mail(at=NOW - MINUTE, limit=10),
        send_waiting_mail(at=NOW, limit=2),
        send_waiting_mail(at=NOW, limit=2),
    ]

    assert sent == [0, 2, 1]


@pytest.mark.django_db
def test_a_line_break_in_a_title_cannot_add_a_header(mailbox: Mailbox) -> None:
    waiting("anna", title="您好\r\nBcc: everybody@example.com")

    send_waiting_mail(at=NOW, limit=10)

    assert mailbox.arrived[0]["Bcc"] is None
    assert mailbox.arrived[0]["Subject"].strip() == "已交给您：您好 Bcc: everybody@example.com"


@pytest.mark.django_db
def test_a_refused_address_does_not_stop_the_others(mailbox: Mailbox) -> None:
    mailbox.refuse = {"anna@example.com"}
    waiting("anna", "bert")

    sent = send_waiting_mail(at=NOW, limit=10)

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
        send_waiting_mail(at=at - MINUTE, limit=10)  # too early: not an attempt
        send_waiting_mail(at=at, limit=10)
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

    sent = send_waiting_mail(at=NOW, limit=10)

    assert sent == 0
    assert (mail_of("anna").attempts, mail_of("bert").attempts) == (1, 0)
    assert mail_of("anna").error.startswith("ConnectionRefusedError")
    assert outbox_state() == OutboxState(waiting=2, failed=0, oldest_at=NOW)


@pytest.mark.django_db
def test_a_server_that_hangs_up_in_the_middle_gets_the_mail_again(mailbox: Mailbox) -> None:
    waiting("anna")
    mailbox.hang_up = True
    lost = send_waiting_mail(at=NOW, limit=10)
    mailbox.hang_up = False

    sent = send_waiting_mail(at=NOW + MINUTE, limit=10)

    assert (lost, sent, mailbox.recipients) == (0, 1, ["anna@example.com"])


@pytest.mark.django_db
def test_the_same_mail_twice_has_the_same_message_id(mailbox: Mailbox) -> None:
    waiting("anna")
    send_waiting_mail(at=NOW, limit=10)
    Mail.objects.update(state="waiting")  # as after a crash between sending and noting it

    send_waiting_mail(at=NOW + MINUTE, limit=10)

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
        send_waiting_mail(at=NOW, limit=10)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    claimed = mail_of("anna")

    at_once = send_waiting_mail(at=NOW, limit=10)
    later = send_waiting_mail(at=claimed.next_try_at, limit=10)

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
        sent.append(send_waiting_mail(at=NOW, limit=50))
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

    sent = send_waiting_mail(at=NOW, limit=10, site="https://qy.example.gov.cn")

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
        send_waiting_mail(at=at, limit=1)
        bodies.append(bool(mail_of("guest").body))
        at += minutes * MINUTE

    assert bodies == [True] * (MAX_ATTEMPTS - 1) + [False]
