"""An empty database with all migrations applied, from which every test run takes its copy.

Applying some hundred migrations takes longer than most runs. The copy is looked over by `migrate`
all the same, and made anew when a migration or a library changes.
"""

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "lianqi_migrated_"
# Any number, as long as all runs on a server take the same: who comes second waits.
TURN = 7_204_112


def migrated_database() -> str:
    """The name of the migrated database, made now unless it is there."""
    name = PREFIX + _fingerprint()
    with _maintenance() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TURN])
        if not _exists(server, name):
            half = f"{name}_half"
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(half)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
            _migrate(half)
            _forget_earlier(server)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(half), sql.Identifier(name)
                )
            )
    return name


def _fingerprint() -> str:
    """Of everything that decides what migrating makes."""
    found = hashlib.sha256()
    for file in [ROOT / "uv.lock", *sorted(ROOT.glob("src/lianqi/*/migrations/*.py"))]:
        found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def _maintenance() -> "psycopg.Connection[Any]":
    told = connections["default"].get_connection_params() | {"dbname": "postgres"}
    known = {key: told[key] for key in ("host", "port", "user", "password") if told.get(key)}
    return psycopg.connect(**known, dbname="postgres", autocommit=True)


def _exists(server: "psycopg.Connection[Any]", name: str) -> bool:
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return found is not None


def _migrate(name: str) -> None:
    connection = connections["default"]
    connection.close()
    usual = connection.settings_dict["NAME"]
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = usual


def _forget_earlier(server: "psycopg.Connection[Any]") -> None:
    """Drop those of earlier migrations; waits for a run that is just taking its copy."""
    names = server.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{PREFIX}[0-9a-f]{{16}}$"]
    ).fetchall()
    for (name,) in names:
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
