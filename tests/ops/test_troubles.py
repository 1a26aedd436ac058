"""Expected failures: one sentence on standard error, exit code 2, no traceback."""

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Lianqi = Callable[..., "subprocess.CompletedProcess[str]"]

as_ordinary_user = pytest.mark.skipif(
    os.geteuid() == 0, reason="root may read and write everything"
)


def test_help_lists_every_group(lianqi: Lianqi) -> None:
    done = lianqi("--help")

    commands = done.stdout.split("Commands:\n")[1]
    assert [line.split()[0] for line in commands.splitlines() if line.strip()] == [
        "audit",
        "categories",
        "db",
        "demo",
        "manage",
        "people",
        "policy",
        "reference",
        "run",
    ]


def test_busy_port_is_named(lianqi: Lianqi, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        done = lianqi("run")

    assert done.returncode == 2
    assert done.stderr == (
        f"lianqi: Port {free_port} of 127.0.0.1 is in use; choose another one: "
        "LIANQI_PORT=8123 make run\n"
    )


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000 "])
def test_port_out_of_range_is_refused(lianqi: Lianqi, port: str) -> None:
    done = lianqi("run", LIANQI_PORT=port)

    assert done.returncode == 2
    assert done.stderr == f"lianqi: LIANQI_PORT must be a number from 1 to 65535, not {port!r}.\n"


def test_data_directory_that_is_a_file_is_refused(lianqi: Lianqi, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")

    done = lianqi("run")

    assert done.returncode == 2
    assert done.stderr == f"lianqi: Cannot create the folder {tmp_path}/var: File exists.\n"


def test_foreign_address_is_refused(lianqi: Lianqi) -> None:
    done = lianqi("run", LIANQI_DATABASE_URL="mysql://localhost/lianqi")

    assert done.returncode == 2
    assert done.stderr == "lianqi: LIANQI_DATABASE_URL must begin with postgresql://\n"


def test_unreachable_database_is_one_sentence(lianqi: Lianqi) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        done = lianqi("run", LIANQI_DATABASE_URL=f"postgresql://a@127.0.0.1:{port}/lianqi")

    assert done.returncode == 2
    assert done.stderr.startswith("lianqi: The database in LIANQI_DATABASE_URL does not answer: ")
    assert done.stderr.count("\n") == 1


@as_ordinary_user
def test_unreadable_data_directory_is_refused(lianqi: Lianqi, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o000)

    done = lianqi("run")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
