"""A ClamAV daemon that speaks INSTREAM on a local socket, for what a test wants to see."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lianqi.files.scanner import EICAR


@dataclass
class Daemon:
    """What it was sent. `answer` replaces the honest one; None hangs up without a word."""

    address: str = ""
    received: list[bytes] = field(default_factory=list)
    answer: bytes | None = b"honest"
    most: int = 1024 * 1024


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.daemon = daemon


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.daemon.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.daemon.received.append(content)
        if self.server.daemon.answer is not None:
            self.wfile.write(self._verdict(content) + b"\0")

    def _verdict(self, content: bytes) -> bytes:
        if self.server.daemon.answer != b"honest":
            return self.server.daemon.answer or b""
        found = EICAR in content or b"simulated-virus" in content
        return b"stream: Win.Test.Simulated-1 FOUND" if found else b"stream: OK"


@contextmanager
def clamav_daemon() -> Iterator[Daemon]:
    daemon = Daemon()
    with _Server(daemon) as server:
        daemon.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield daemon
        server.shutdown()
        thread.join()
