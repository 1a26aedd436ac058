"""A mailbox on this machine that speaks enough of IMAP4rev1 (RFC 3501) to be polled."""

import contextlib
import re
import socketserver
import threading
from collections.abc import Iterator


class Imap(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *messages: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages = list(messages)
        self.seen: set[int] = set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: Imap

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            self._answer(command)
            self._say(f"{tag} OK done")
            if command.upper() == "LOGOUT":
                return

    def _answer(self, command: str) -> None:
        words = command.upper().split()
        if words[0] == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif words[0] == "SELECT":
            self._say(f"* {len(self.server.messages)} EXISTS")
        elif words[:2] == ["UID", "SEARCH"]:
            unseen = [
                n for n in range(1, len(self.server.messages) + 1) if n not in self.server.seen
            ]
            self._say("* SEARCH " + " ".join(map(str, unseen)))
        elif words[:2] == ["UID", "FETCH"]:
            raw = self.server.messages[int(words[2]) - 1]
            self._say(f"* {words[2]} FETCH (UID {words[2]} BODY[] {{{len(raw)}}}")
            self.wfile.write(raw)
            self._say(")")
        elif words[:2] == ["UID", "STORE"] and re.search(r"\\SEEN", command.upper()):
            self.server.seen.add(int(words[2]))
        elif words[0] == "LOGOUT":
            self._say("* BYE")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextlib.contextmanager
def mailbox(*messages: bytes) -> Iterator[Imap]:
    with Imap(*messages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
