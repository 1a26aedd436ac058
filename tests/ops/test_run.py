"""`lianqi run` as a whole: start, kill without warning, start again, stop."""

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

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


def test_run_survives_a_kill_and_stops_clean(environment: dict[str, str], free_port: int) -> None:
    data_dir = Path(environment["LIANQI_DATA_DIR"])
    command = [str(PROGRAM), "run"]
    settings = environment | {"LIANQI_DEMO": "0"}  # the demo zone has a test of its own
    first = subprocess.Popen(command, env=settings)
    assert wait_until(lambda: is_ready(free_port), 90)
    first.kill()
    first.wait()

    second = subprocess.Popen(command, env=settings)
    started = time.monotonic()
    assert wait_until(lambda: is_ready(free_port) and len(pids(data_dir)) == 2, 30)
    seconds = time.monotonic() - started
    children = pids(data_dir)
    second.send_signal(signal.SIGINT)
    code = second.wait(timeout=20)

    assert code == 0
    assert seconds < 20  # 5 on an idle machine
    assert [start_mark(pid) for pid in children] == [None, None]
    assert not is_ready(free_port)
