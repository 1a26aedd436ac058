"""Polling a mailbox: each message once, read only when it was taken."""

from lianqi.engines.mails import Mail
from lianqi.ops.mailbox import Mailbox, read_mailbox
from tests.ops.imap_server import Imap, mailbox


def raw(number: int) -> bytes:
    return f"From: a@b.cn\r\nMessage-ID: <{number}@b.cn>\r\nSubject: {number}\r\n\r\nx\r\n".encode()


def box(server: Imap) -> Mailbox:
    return Mailbox("127.0.0.1", server.port, "zone", "secret", is_plain=True)


def test_every_unread_message_is_taken_once() -> None:
    taken: list[Mail] = []
    with mailbox(raw(1), raw(2)) as server:
        first = read_mailbox(box(server), taken.append)
        again = read_mailbox(box(server), taken.append)

    assert (first, again) == (2, 0)
    assert [each.message_id for each in taken] == ["1@b.cn", "2@b.cn"]


def test_what_cannot_be_taken_stays_unread_and_holds_up_nothing() -> None:
    taken: list[str] = []

    def take(mail: Mail) -> None:
        if mail.subject == "1" and not taken:
            raise RuntimeError("the database is away")
        taken.append(mail.subject)

    with mailbox(raw(1), raw(2)) as server:
        counts = [read_mailbox(box(server), take) for _ in range(2)]

    assert (counts, taken) == ([1, 1], ["2", "1"])
