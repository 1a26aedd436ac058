"""The database a command works with: the one named in the environment, or the embedded one.

Several commands may use the embedded server at once. Each holds a shared lock while it does; the
last one to leave stops the server, unless `lianqi db start` asked for it to stay.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from lianqi.ops import embedded
from lianqi.ops.places import make_data_dir
from lianqi.ops.trouble import Trouble

VARIABLE = "LIANQI_DATABASE_URL"
_CONNECT_SECONDS = 10


@contextlib.contextmanager
def usable_database(
    data_dir: Path, *, with_parent: bool = False
) -> Iterator[embedded.Server | None]:
    """Make sure that a database answers at `LIANQI_DATABASE_URL`, setting it if it is not.

    Args:
        data_dir: Where the embedded server keeps its data.
        with_parent: Whether an embedded server started here ends with this process even when the
            process is killed.

    Yields:
        The embedded server, or None where the environment names another one.

    Raises:
        Trouble: The named server cannot be reached or the embedded one cannot be started.
    """
    if named := os.environ.get(VARIABLE):
        require_answer(named)
        yield None
        return
    make_data_dir(data_dir)
    users = os.open(data_dir / "run" / "database.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = start_embedded(data_dir, with_parent=with_parent)
        os.environ[VARIABLE] = server.url
        try:
            yield server
        finally:
            del os.environ[VARIABLE]
            _stop_if_last(users, data_dir, server)
    finally:
        os.close(users)


def start_embedded(data_dir: Path, *, with_parent: bool) -> embedded.Server:
    """Start the embedded server of this data directory, or find it running."""
    log = data_dir / "log" / "postgres.log"
    return embedded.start(data_dir, with_parent=with_parent, log=log)


def require_answer(url: str) -> None:
    """Raise Trouble with one sentence unless a PostgreSQL answers at this address."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise Trouble(f"{VARIABLE} must begin with postgresql://")
    try:
        psycopg.connect(url, connect_timeout=_CONNECT_SECONDS).close()
    except psycopg.Error as error:
        lines = str(error).strip().splitlines() or ["no reason given"]
        raise Trouble(f"The database in {VARIABLE} does not answer: {lines[-1].strip()}") from error


def stays_up(data_dir: Path) -> Path:
    """The file whose existence says that the embedded server was asked to stay."""
    return data_dir / "run" / "database.stays"


def _stop_if_last(users: int, data_dir: Path, server: embedded.Server) -> None:
    if stays_up(data_dir).exists():
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    server.stop()
