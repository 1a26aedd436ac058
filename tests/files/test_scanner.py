"""The ClamAV client against a daemon that speaks the protocol, and the built-in signature."""

import io
import socket
from collections.abc import Iterator

import pytest

from lianqi.files.scanner import EICAR, EICAR_NAME, ScanFailed, find_malware
from tests.files.clamd_server import Daemon, clamav_daemon


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with clamav_daemon() as daemon:
        yield daemon


def scan(content: bytes, daemon: str = "") -> str | None:
    return find_malware(io.BytesIO(content), daemon=daemon)


def test_the_eicar_string_is_the_published_one() -> None:
    assert len(EICAR) == 68


@pytest.mark.parametrize("before", [0, 1, 65_535 - 30, 65_536 - 1, 65_536 * 2 - 67])
def test_without_a_daemon_the_eicar_string_is_found_anywhere(before: int) -> None:
    assert scan(b"x" * before + EICAR + b"y") == EICAR_NAME


def test_without_a_daemon_other_content_passes() -> None:
    assert scan(EICAR[:-1] + b"?" + EICAR[1:]) is None


def test_the_daemon_gets_the_whole_file_and_finds_nothing(daemon: Daemon) -> None:
    content = b"0123456789" * 20_000

    assert scan(content, daemon.address) is None
    assert daemon.received == [content]


def test_the_daemon_names_what_it_found(daemon: Daemon) -> None:
    assert scan(b"some simulated-virus here", daemon.address) == "Win.Test.Simulated-1"


@pytest.mark.parametrize(
    "answer", [None, b"", b"stream: ", b"UNKNOWN COMMAND", b"stream: OK maybe", b"x" * 9000]
)
def test_an_unclear_answer_is_no_answer(daemon: Daemon, answer: bytes | None) -> None:
    daemon.answer = answer

    with pytest.raises(ScanFailed):
        scan(b"content", daemon.address)


def test_a_file_too_large_for_the_daemon_is_not_called_clean(daemon: Daemon) -> None:
    daemon.most = 1000

    with pytest.raises(ScanFailed):
        scan(b"x" * 300_000, daemon.address)


def test_a_daemon_that_is_away_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(ScanFailed):
        scan(b"content", f"127.0.0.1:{port}")


def test_a_daemon_that_never_answers_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqi.files.scanner._ANSWER_SECONDS", 0.1)

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScanFailed):
        scan(b"content", f"127.0.0.1:{silent.getsockname()[1]}")


@pytest.mark.parametrize("address", ["nowhere", "host:port", "127.0.0.1:99999999"])
def test_an_address_that_is_none_is_a_failure(address: str) -> None:
    with pytest.raises(ScanFailed):
        scan(b"content", address)
