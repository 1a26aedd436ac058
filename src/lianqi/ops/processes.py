"""Child processes that end with their parent, and finding those an earlier run left behind."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lianqi.ops.trouble import Trouble

_PR_SET_PDEATHSIG = 1
_LOG_KEEP_BYTES = 10 * 1024 * 1024
_ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if _ON_LINUX else None


def die_with_parent(signum: int) -> Callable[[], None]:
    """Return a function that asks the kernel to send `signum` when the parent ends.

    It is run in a child between fork and exec, so it does nothing but one system call. Elsewhere
    than on Linux it does nothing: `end_leftovers` at the next start is what cleans up there.
    """

    def ask() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signum)

    return ask


def start_mark(pid: int) -> str | None:
    """Return what tells this process from a later one of the same number; None if it has ended.

    A process that has ended but was not waited for (a zombie) counts as ended.
    """
    if not _ON_LINUX:
        lines = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True, text=True, check=False,
        ).stdout.split(maxsplit=1)  # fmt: skip
        return None if len(lines) < 2 or lines[0].startswith("Z") else lines[1].strip()  # noqa: PLR2004
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = state.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def command_line(pid: int) -> str:
    """Return the words a process was started with, separated by blanks; empty if it is gone."""
    if _ON_LINUX:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return words.replace(b"\0", b" ").decode(errors="replace").strip()
    return subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()


def wait_until(done: Callable[[], bool], seconds: float, *, every: float = 0.05) -> bool:
    """Ask `done` until it says yes; False when `seconds` have passed without."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def end_process(pid: int, *, signals: Sequence[tuple[int, float]], mark: str | None = None) -> bool:
    """End a process that need not be a child, with ever stronger signals.

    Args:
        pid: Its number.
        signals: Pairs of signal and the seconds to wait after it.
        mark: Its `start_mark` as written down earlier; a process with another one is left alone.
    """
    mark = mark or start_mark(pid)
    for signum, seconds in signals:
        if start_mark(pid) != mark or mark is None:
            return True
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signum)
        if wait_until(lambda: start_mark(pid) != mark, seconds):
            return True
    return start_mark(pid) != mark


@dataclass(slots=True)
class Child:
    """One program that a run keeps alive."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    run_dir: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)  # by the monotonic clock

    @property
    def pid_file(self) -> Path:
        return self.run_dir / f"{self.name}.pid"

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor only."""
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  # one thread, one system call
            )
        self.started_at = time.monotonic()
        write_pid_file(self.pid_file, self.process.pid)

    def ended(self) -> int | None:
        """The exit code once it has ended, None while it lives."""
        return None if self.process is None else self.process.poll()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_session(self) -> None:
        """End at once whatever is left of it, such as the workers of a killed web server."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, *, before: float) -> None:
        """Wait until it has ended; at the time `before` of the monotonic clock, end its session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, before - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.end_session()
            self.process.wait()
        self.pid_file.unlink(missing_ok=True)


def write_pid_file(path: Path, pid: int) -> None:
    """Write down which process to look for if this run does not get to clean up."""
    path.write_text(f"{pid} {start_mark(pid)}\n", encoding="ascii")


def end_leftovers(run_dir: Path) -> list[str]:
    """End what an earlier, killed run left alive; return the names.

    The kernel has usually ended them with their parent; what is waited for here is that they are
    really gone, for they hold the port and the database.
    """
    found = []
    for path in sorted(run_dir.glob("*.pid")):
        pid, _, mark = path.read_text(encoding="ascii", errors="replace").strip().partition(" ")
        if pid.isdigit() and start_mark(int(pid)) == mark:
            found.append(path.stem)
            steps = ((signal.SIGTERM, 6.0), (signal.SIGKILL, 3.0))
            if not end_process(int(pid), signals=steps, mark=mark):
                raise Trouble(
                    f"Process {pid} ({path.stem}) of an earlier run does not end; end it."
                )
        path.unlink(missing_ok=True)
    return found


@contextlib.contextmanager
def open_log(path: Path) -> Iterator[int]:
    """Open a log file for appending; one that has grown past 10 MB moves aside to `….1`."""
    if path.exists() and path.stat().st_size > _LOG_KEEP_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        yield number
    finally:
        os.close(number)


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive lock, waiting for it; the kernel releases it when the process ends."""
    number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
