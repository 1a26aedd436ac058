"""The mailbox of the zone, read over IMAP: each unread message once, then marked read."""

import imaplib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from lianqi.engines.mails import Mail, read_mail

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 50
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mailbox is. `is_plain` speaks without TLS, for a server on the same machine."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    is_plain: bool = False


def read_mailbox(box: Mailbox, take: Callable[[Mail], object]) -> int:
    """Hand every unread message to `take`, the oldest first; return how many were taken.

    A message is marked read only after `take` returned. If the worker dies in between, it comes
    again and is recognised by its Message-ID. One that cannot be taken stays unread for the next
    time and does not hold up the others.
    """
    open_box = imaplib.IMAP4 if box.is_plain else imaplib.IMAP4_SSL
    taken = 0
    with open_box(box.host, box.port, timeout=TIMEOUT_SECONDS) as server:
        server.login(box.user, box.password)
        server.select(box.folder)
        _answer, found = server.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST_AT_ONCE]:
            _answer, parts = server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is None:
                continue
            try:
                take(read_mail(raw))
            except Exception:
                logger.exception("Message %s of the mailbox could not be taken.", uid.decode())
                continue
            server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
            taken += 1
    return taken
