"""`lianqi run`: everything a zone needs, on one machine, until Ctrl-C."""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from lianqi.ops import embedded
from lianqi.ops.database import start_embedded, usable_database
from lianqi.ops.environment import port_from, settle_demo, settle_environment
from lianqi.ops.places import make_data_dir
from lianqi.ops.processes import Child, die_with_parent, end_leftovers, wait_until
from lianqi.ops.trouble import Trouble

_MB = 1024 * 1024
_NEEDED_BYTES = 500 * _MB
_READY_SECONDS = 120.0
_STOP_SECONDS = 7.0
_STEADY_SECONDS, _SHORTEST_PAUSE, _LONGEST_PAUSE = 60.0, 1.0, 30.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(BaseException):
    """Somebody asked the run to end."""


def run(*, stop_with_parent: bool = False) -> None:
    """Start everything, say where it is, keep it alive, and stop it when asked.

    Args:
        stop_with_parent: End when the process that started this one ends, as `make` needs: a killed
            `make` cannot pass anything on.

    Raises:
        Trouble: Something on this machine is in the way; the sentence says what.
    """
    if stop_with_parent:
        die_with_parent(signal.SIGTERM)()
    data_dir = make_data_dir(settle_environment())
    port = port_from(os.environ)
    with _only_run(data_dir / "run" / "lianqi.lock") as state, _stop_on_signals():
        try:
            end_leftovers(data_dir / "run")
            require_free_port(port)
            require_room(data_dir)
            settle_demo(data_dir)
            with usable_database(data_dir, with_parent=True) as server:
                parent = os.getppid() if stop_with_parent else None
                _serve(data_dir, port, server, state, parent=parent)
            _say_stopped(data_dir)
        except _Stop:
            _say_stopped(data_dir)


def require_free_port(port: int) -> None:
    """Raise Trouble if the web server could not listen on this port of 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as error:
            reason = "is in use" if error.errno != errno.EACCES else "may not be used by this user"
            raise Trouble(
                f"Port {port} of 127.0.0.1 {reason}; choose another one: LIANQI_PORT=8123 make run"
            ) from error


def require_room(data_dir: Path) -> None:
    """Raise Trouble if the disk is nearly full: a database that cannot write stops in mid-work."""
    free = shutil.disk_usage(data_dir).free
    if free < _NEEDED_BYTES:
        raise Trouble(
            f"{free // _MB} MB are free in {data_dir}, {_NEEDED_BYTES // _MB} MB are needed; make "
            "room or set LIANQI_DATA_DIR to a folder on another disk."
        )


def _serve(
    data_dir: Path,
    port: int,
    server: embedded.Server | None,
    state: "_State",
    *,
    parent: int | None,
) -> None:
    # Django is slow to import: only once everything that is quick to check has been checked.
    from lianqi.ops import prepare

    if server is not None and server.place.note:
        _say(server.place.note)
    prepare.set_up_django()
    prepare.migrate(_say)
    if server is not None:
        prepare.forget_workers()
    crew = _Crew(data_dir, port, server, parent)
    try:
        crew.web.start()
        prepare.load_reference()
        if os.environ["LIANQI_DEMO"] == "1":
            prepare.fill_demo(_say)
        prepare.close_connections()
        crew.worker.start()
        crew.wait_until_ready()
        _print_welcome(port)
        crew.keep_alive()
    finally:
        state("stopping")  # a run started from now on waits instead of giving up
        crew.stop()


@dataclass(slots=True)
class _Crew:
    """The processes of one run."""

    data_dir: Path
    port: int
    server: embedded.Server | None
    parent: int | None
    web: Child = field(init=False)
    worker: Child = field(init=False)
    parent_caught_interrupt: bool = field(init=False)
    pauses: dict[str, float] = field(default_factory=dict, init=False)
    retry_at: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.parent_caught_interrupt = self.parent is not None and _catches_interrupt(self.parent)
        python = [sys.executable, "-P", "-m"]
        web = ["gunicorn", "--config", "python:lianqi.config.gunicorn", "lianqi.config.wsgi"]
        worker = ["django", "procrastinate", "worker", "--shutdown-graceful-timeout", "4"]
        self.web = self._child("web", [*python, *web])
        self.worker = self._child("worker", [*python, *worker])

    def _child(self, name: str, argv: list[str]) -> Child:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        log = self.data_dir / "log" / f"{name}.log"
        return Child(name=name, argv=argv, env=env, log=log, run_dir=self.data_dir / "run")

    @property
    def children(self) -> tuple[Child, Child]:
        return self.web, self.worker

    def wait_until_ready(self) -> None:
        """Wait for `/healthz`; whatever ends before has something wrong with it."""
        deadline = time.monotonic() + _READY_SECONDS
        while (missing := _what_is_missing(self.port)) is not None:
            for child in self.children:
                if (code := child.ended()) is not None:
                    raise Trouble(
                        f"The {child.name} process ended with code {code} instead of starting: "
                        f"{_last_line(child.log)} (more in {child.log})"
                    )
            if self._database_ended():
                log = self.data_dir / "log" / "postgres.log"
                raise Trouble(f"The database ended while Lianqi was starting; see {log}.")
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Not ready after {_READY_SECONDS:.0f} seconds: {missing}; see "
                    f"{self.data_dir / 'log'}."
                )
            time.sleep(0.1)

    def keep_alive(self) -> None:
        """Start again what dies, until this process is asked to stop."""
        while self.parent is None or self._parent_waits(self.parent):
            if self._database_ended():
                _say("The database ended; starting it again.")
                start_embedded(self.data_dir, with_parent=True)
            for child in self.children:
                self._revive(child)
            time.sleep(0.5)

    def _database_ended(self) -> bool:
        """Whether the embedded server is gone; one that others look after is none of ours."""
        return self.server is not None and embedded.running_pid(self.server.place) is None

    def _parent_waits(self, parent: int) -> bool:
        """Whether the `make` that started this run is there and was not interrupted.

        A make that alone gets SIGINT, not from a terminal, tells nobody and waits for its child.
        What shows is that it no longer catches the signal.
        """
        interrupted = self.parent_caught_interrupt and not _catches_interrupt(parent)
        return os.getppid() == parent and not interrupted

    def _revive(self, child: Child) -> None:
        """Start a child that ended, waiting longer each time it does not live long."""
        code = child.ended()
        if code is None:
            return
        now = time.monotonic()
        if child.name not in self.retry_at:
            lived = now - child.started_at
            doubled = max(_SHORTEST_PAUSE, 2 * self.pauses.get(child.name, 0.0))
            pause = 0.0 if lived > _STEADY_SECONDS else min(_LONGEST_PAUSE, doubled)
            self.pauses[child.name], self.retry_at[child.name] = pause, now + pause
            _say(f"The {child.name} process ended with code {code}; starting it again.")
        if now >= self.retry_at[child.name]:
            del self.retry_at[child.name]
            child.end_session()
            child.start()

    def stop(self) -> None:
        """Stop the children together; the database follows when nobody uses it any more."""
        for child in self.children:
            child.ask_to_stop()
        before = time.monotonic() + _STOP_SECONDS
        for child in self.children:
            child.stop(before=before)


def _catches_interrupt(pid: int) -> bool:
    """Whether a process has a handler for SIGINT; True where that cannot be seen."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    masks = dict(line.split(":\t") for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(masks["SigCgt"], 16) >> (signal.SIGINT - 1) & 1)


def _what_is_missing(port: int) -> str | None:
    """Ask `/healthz`; None when everything is ready."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return None
    except urllib.error.HTTPError as error:
        try:
            checks: dict[str, str] = json.loads(error.read())["checks"]
        except (ValueError, KeyError):
            return f"the web server answers {error.code}"
        return "; ".join(f"{name}: {reason}" for name, reason in checks.items() if reason != "ok")
    except OSError:
        return "the web server does not answer"


@contextlib.contextmanager
def _only_run(path: Path) -> Iterator["_State"]:
    """Hold the lock of this data directory; wait for a run that is just stopping."""
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not wait_until(lambda: _locked(number, path), 20.0, every=0.2):
            raise Trouble(f"An earlier run of Lianqi ({path}) does not end; end it.")
        state = _State(number)
        state("running")
        yield state
    finally:
        os.close(number)


def _locked(number: int, path: Path) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said, _, pid = path.read_text(encoding="ascii").strip().partition(" ")
        if said == "running":
            raise Trouble(
                f"Lianqi already runs from this folder as process {pid}; stop it first, or set "
                "LIANQI_DATA_DIR and LIANQI_PORT for a second one."
            ) from None
        return False
    return True


@dataclass(frozen=True, slots=True)
class _State:
    """What other runs read in the lock file while this one holds it."""

    number: int

    def __call__(self, word: str) -> None:
        os.ftruncate(self.number, 0)
        os.pwrite(self.number, f"{word} {os.getpid()}\n".encode(), 0)


@contextlib.contextmanager
def _stop_on_signals() -> Iterator[None]:
    """Turn the first stop signal into an exception and ignore the ones after it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number in _STOP_SIGNALS:
        # A run started with nohup outlives its terminal.
        if not (number == signal.SIGHUP and before[number] == signal.SIG_IGN):
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_welcome(port: int) -> None:
    print(f"\nLianqi 联企 is ready: http://127.0.0.1:{port}/\n")
    if os.environ["LIANQI_DEMO"] == "1":
        from lianqi.ops.demo import ACCOUNTS

        print("Demo accounts:")
        for role, username, password in ACCOUNTS:
            print(f"  {_padded(role, 34)} {username:<16} {password}")
    print("\nCtrl-C stops it.", flush=True)


def _padded(text: str, width: int) -> str:
    """Pad to a width on the screen, where a Chinese character takes two places."""
    wide = sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")
    return text + " " * max(0, width - len(text) - wide)


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def _say_stopped(data_dir: Path) -> None:
    _say(f"\nStopped. The data stays in {data_dir}.")


def _say(text: str) -> None:
    print(text, flush=True)
