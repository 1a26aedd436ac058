"""`lianqi audit verify`: what it says and its exit code, against a database of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from bench.place import database, drop, environment
from lianqi.audit.queries import GENESIS

pytestmark = pytest.mark.slow
PROGRAM = Path(sys.executable).with_name("lianqi")


@pytest.fixture
def url() -> Iterator[str]:
    server, name = os.environ["LIANQI_DATABASE_URL"], f"verify_{os.getpid()}"
    address, _ = database(server, name)
    run(address, "db", "migrate")
    yield address
    connections.close_all()
    drop(server, name)


def run(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], env=environment(url), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


EVENT = (
    "INSERT INTO audit_event (at, by_name, verb, subject_kind, subject_id, is_read, detail)"
    " VALUES (now(), 'Lianqi', 'test.done', 'accounts.user', 1, false, '{}') RETURNING id"
)


def test_exit_code_and_sentence(url: str) -> None:
    empty = run(url, "audit", "verify")
    with psycopg.connect(url, autocommit=True) as session:
        first, second = (session.execute(EVENT).fetchone()[0] for _ in range(2))  # type: ignore[index]  # RETURNING
    intact = run(url, "audit", "verify")
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        session.execute("UPDATE audit_event SET verb = 'test.undone' WHERE id = %s", (second,))
    broken = run(url, "audit", "verify")

    assert (empty.returncode, GENESIS in empty.stdout) == (0, True)
    assert (intact.returncode, intact.stdout.startswith("2 events, the chain holds.")) == (0, True)
    assert broken.returncode == 1
    assert f"Broken at event {second}: " in broken.stdout
    assert "The 1 events before it hold." in broken.stdout
    assert first < second
