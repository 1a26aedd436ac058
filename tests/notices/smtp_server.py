"""A mail server that speaks SMTP on a local socket and keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What arrived; `refuse` holds addresses that get a 550, `hang_up` ends the line at DATA."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    hang_up: bool = False

    @property
    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.arrived]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mailbox = mailbox


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 local ESMTP")
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words[:4].upper()
            if command == "QUIT":
                self._say("221 bye")
                return
            if command == "DATA":
                if self.server.mailbox.hang_up:
                    return
                self._take()
            elif command == "RCPT" and any(each in words for each in self.server.mailbox.refuse):
                self._say("550 no such mailbox")
            else:
                self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.mailbox.arrived.append(message)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with _Server(mailbox) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield mailbox
        server.shutdown()
        thread.join()
