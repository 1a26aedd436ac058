"""`lianqi run` as a whole: start, kill without warning, start again, lose the database, stop."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from lianqi.ops.embedded import programs, running_pid
from lianqi.ops.places import database_place
from lianqi.ops.processes import start_mark, wait_until

pytestmark = pytest.mark.slow  # starts the whole product twice
PROGRAM = Path(sys.executable).with_name("lianqi")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_ready(port: int) -> bool:
    try:
        with OPENER.open(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False


def pids(data_dir: Path) -> list[int]:
    return [int(path.read_text().split()[0]) for path in (data_dir / "run").glob("*.pid")]


def worker_of(data_dir: Path) -> int:
    return int((data_dir / "run" / "worker.pid").read_text().split()[0])


def kill_database(data_dir: Path) -> None:
    pid = running_pid(database_place(data_dir, name="pg", programs=programs()))
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_run_survives_kills_of_itself_and_of_the_database_and_stops_clean(
    environment: dict[str, str], free_port: int
) -> None:
    data_dir = Path(environment["LIANQI_DATA_DIR"])
    command = [str(PROGRAM), "run"]
    settings = environment | {"LIANQI_DEMO": "0"}  # the demo zone has a test of its own
    first = subprocess.Popen(command, env=settings)
    assert wait_until(lambda: is_ready(free_port), 240)
    first.kill()
    first.wait()

    second = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)
    assert wait_until(lambda: is_ready(free_port) and len(pids(data_dir)) == 2, 240)
    said = second.stdout
    assert said is not None
    assert any("Ctrl-C stops it" in line for line in said)
    worker = worker_of(data_dir)
    kill_database(data_dir)
    # A worker ends when its database goes away, and is started again like the database.
    has_new_worker = wait_until(lambda: worker_of(data_dir) != worker, 20)
    is_back = wait_until(lambda: is_ready(free_port), 30)
    children = pids(data_dir)
    second.send_signal(signal.SIGINT)
    last_words = said.read()
    code = second.wait(timeout=20)

    assert code == 0
    assert (has_new_worker, is_back) == (True, True)
    assert "The database ended; starting it again." in last_words
    assert [start_mark(pid) for pid in children] == [None, None]
    assert not is_ready(free_port)
