"""The real web server for measurements: gunicorn with two workers on a free port."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

START_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(environment: Mapping[str, str], *, log: Path) -> "subprocess.Popen[bytes]":
    """Start gunicorn in a process group of its own and wait until it takes connections.

    Args:
        environment: Must name LIANQI_PORT.
        log: Where it writes.

    Raises:
        RuntimeError: It did not start; the message holds the log.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("gunicorn")), "lianqi.config.wsgi",
                "--config", "python:lianqi.config.gunicorn",
            ],
            env=dict(environment), stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    address, deadline = ("127.0.0.1", int(environment["LIANQI_PORT"])), time.monotonic()
    while process.poll() is None and time.monotonic() < deadline + START_SECONDS:
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=1):
            return process
        time.sleep(0.05)
    kill_group(process)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL for the server and all its workers, as a machine out of memory would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def running_server(environment: Mapping[str, str], *, log: Path) -> Iterator[str]:
    """The address of a server that ends with the block."""
    process = start_server(environment, log=log)
    try:
        yield f"http://127.0.0.1:{environment['LIANQI_PORT']}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_group(process)
