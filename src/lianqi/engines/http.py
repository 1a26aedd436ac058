"""One request to another server: bounded in time and size, redirects never followed.

The address to connect to may be given apart from the name, so that what was checked is what is
talked to: a name that points elsewhere a moment later changes nothing.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_BYTES = 64 * 1024


class Unreachable(Exception):
    """No answer came: refused, timed out, not to be understood. Never says the address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other server said; `body` is cut at 64 KiB."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    seconds: float


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    seconds: float = 10,
    address: str = "",
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Ask once and wait for the answer, `seconds` in all.

    Args:
        url: `https://…` or `http://…`.
        address: IP address to connect to; the certificate is still checked for the name.
        context: How certificates are checked; the system's authorities by default.

    Raises:
        Unreachable: There was no answer in time, or no HTTP.
    """
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    began = time.monotonic()
    link = _link(parts.scheme, host, parts.port, seconds, address, context)
    watch: threading.Timer | None = None
    try:
        link.connect()
        # Each byte that drips in would start the time-out of the socket anew.
        watch = threading.Timer(seconds, _cut, [link.sock])
        watch.daemon = True
        watch.start()
        link.request(method, target, body or None, dict(headers or {}))
        answer = link.getresponse()
        said = answer.read(MOST_BYTES)
        return Answer(
            status=answer.status,
            body=said,
            headers={name.lower(): value for name, value in answer.getheaders()},
            seconds=time.monotonic() - began,
        )
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        raise Unreachable(_in_words(trouble)) from None
    finally:
        if watch is not None:
            watch.cancel()
        link.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to a given address, whatever the name says."""

    address = ""

    def connect(self) -> None:
        where = (self.address or self.host, self.port)
        self.sock = socket.create_connection(where, self.timeout)


class _PinnedSecurely(_Pinned):
    default_port = http.client.HTTPS_PORT
    context: ssl.SSLContext

    def connect(self) -> None:
        super().connect()
        self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)


def _link(
    scheme: str,
    host: str,
    port: int | None,
    seconds: float,
    address: str,
    context: ssl.SSLContext | None,
) -> _Pinned:
    link: _Pinned
    if scheme == "https":
        link = _PinnedSecurely(host, port, timeout=seconds)
        link.context = context or ssl.create_default_context()
    else:
        link = _Pinned(host, port, timeout=seconds)
    link.address = address
    return link


def _cut(line: socket.socket) -> None:
    """End a conversation that takes too long; the reader wakes up with an error."""
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _in_words(trouble: Exception) -> str:
    """What went wrong; the text of the error may name the address, its kind does not."""
    if isinstance(trouble, TimeoutError):
        return "no answer in time"
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return f"certificate not valid: {trouble.verify_message}"
    if isinstance(trouble, ConnectionRefusedError):
        return "connection refused"
    if isinstance(trouble, socket.gaierror):
        return "name not known"
    return type(trouble).__name__
