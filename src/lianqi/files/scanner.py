"""Looking for malware: a client of the ClamAV daemon, and the one signature that is built in."""

import socket
import struct
from typing import BinaryIO

# The EICAR test file, in two halves so that this source file is not taken for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EICAR_NAME = "Eicar-Test-Signature"

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
_LONGEST_ANSWER = 4096


class ScanFailed(Exception):
    """The daemon could not be asked, or its answer says neither clean nor infected."""


def find_malware(file: BinaryIO, *, daemon: str) -> str | None:
    """Return the name of the malware in a file, or None if nothing was found.

    The built-in signature is always looked for; the daemon is asked as well if there is one.

    Args:
        file: Open for reading; it is read from its beginning.
        daemon: `host:port` of a ClamAV daemon, or empty.

    Raises:
        ScanFailed: A daemon is named and gave no clear answer. Such a file must not be kept.
    """
    file.seek(0)
    if _contains(file, EICAR):
        return EICAR_NAME
    if not daemon:
        return None
    file.seek(0)
    return _verdict(_ask(file, daemon))


def _contains(file: BinaryIO, needle: bytes) -> bool:
    tail = b""
    while chunk := file.read(_CHUNK):
        if needle in tail + chunk:
            return True
        tail = (
            chunk[-len(needle) + 1 :]
            if len(chunk) >= len(needle)
            else (tail + chunk)[-len(needle) + 1 :]
        )
    return False


def _ask(file: BinaryIO, daemon: str) -> str:
    """Send the file by INSTREAM: chunks with their length in front, an empty one at the end.

    https://docs.clamav.net/manual/Usage/ClamdProtocol.html
    """
    host, _, port = daemon.rpartition(":")
    try:
        with socket.create_connection(
            (host.strip("[]"), int(port)), _CONNECT_SECONDS
        ) as daemon_socket:
            daemon_socket.settimeout(_ANSWER_SECONDS)
            daemon_socket.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                daemon_socket.sendall(struct.pack("!L", len(chunk)) + chunk)
            daemon_socket.sendall(struct.pack("!L", 0))
            return _read_answer(daemon_socket)
    except (OSError, ValueError) as error:
        raise ScanFailed(f"{daemon}: {error}") from error


def _read_answer(daemon_socket: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        part = daemon_socket.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _verdict(answer: str) -> str | None:
    """Read `stream: OK` or `stream: Win.Test.EICAR_HDB-1 FOUND`; anything else is no answer."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScanFailed(f"the daemon answered {answer!r}")
