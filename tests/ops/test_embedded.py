"""The embedded PostgreSQL: starting, attaching, stale files, long paths."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from lianqi.config.database import database_from_url
from lianqi.ops import embedded
from lianqi.ops.places import can_reach, make_data_dir

pytestmark = pytest.mark.slow  # each starts a database server


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    return make_data_dir(tmp_path / "var")


def start(data_dir: Path) -> embedded.Server:
    return embedded.start(data_dir, durable=False, with_parent=True, log=data_dir / "log/pg.log")


def test_second_start_attaches(data_dir: Path) -> None:
    first = start(data_dir)

    second = start(data_dir)

    first.stop()
    assert (first.started, second.started, second.pid) == (True, False, first.pid)
    assert embedded.running_pid(first.place) is None


def test_stale_pid_file_of_another_program_is_ignored(data_dir: Path) -> None:
    server = start(data_dir)
    server.stop()
    (server.place.data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    again = start(data_dir)

    again.stop()
    assert again.started


def test_path_too_long_for_a_socket(data_dir: Path) -> None:
    deep = make_data_dir(data_dir / ("x" * 60) / ("y" * 60))

    server = start(deep)

    with psycopg.connect(server.url) as connection:
        row = connection.execute("SHOW server_encoding").fetchone()
    server.stop()
    assert row == ("UTF8",)
    assert server.place.sockets != server.place.data


def test_server_ends_with_the_process_that_started_it(data_dir: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from lianqi.ops import embedded; "
        "d = Path(sys.argv[1]); embedded.start(d, with_parent=True, log=d / 'log/pg.log'); "
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(data_dir)], check=False)

    server = start(data_dir)

    server.stop()
    assert server.started


def test_parallel_starts_share_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        servers = list(pool.map(lambda _: start(data_dir), range(3)))

    servers[0].stop()
    assert len({server.pid for server in servers}) == 1
    assert sum(server.started for server in servers) == 1


def test_address_is_what_the_settings_read() -> None:
    settings = database_from_url("postgresql://postgres@:5432/lianqi?host=/a%20b/pg")

    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("/a b/pg", "5432", "lianqi")


def test_closed_folder_is_out_of_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)

    assert can_reach(closed / "inside", uid=54321, gid=54321) is False
