"""Where measurements happen: a database of their own on the embedded server, or on a named one."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from lianqi.ops import embedded

ROOT = Path(__file__).resolve().parent.parent


def server_url() -> str:
    """The server named in LIANQI_DATABASE_URL, else an embedded one in var/bench, started if need be.

    The embedded one is durable, as in production: a commit waits for the disk.
    """
    if named := os.environ.get("LIANQI_DATABASE_URL"):
        return named
    data_dir = ROOT / "var" / "bench"
    data_dir.mkdir(parents=True, exist_ok=True)
    return embedded.start(data_dir, with_parent=False, log=data_dir / "postgres.log").url


def stop_server() -> None:
    """Stop the embedded server; its data stays for the next measurement."""
    if "LIANQI_DATABASE_URL" in os.environ:
        return
    data_dir = ROOT / "var" / "bench"
    embedded.start(data_dir, with_parent=False, log=data_dir / "postgres.log").stop()


def database(server: str, name: str) -> tuple[str, bool]:
    """The address of the database `name` on that server, and whether it had to be created."""
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        is_new = known.fetchone() is None
        if is_new:
            connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}")), is_new


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def environment(url: str, port: int = 8000) -> dict[str, str]:
    """The environment of production but for plain HTTP on this machine."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "lianqi.config.settings",
        "LIANQI_DATABASE_URL": url,
        "LIANQI_DATA_DIR": str(ROOT / "var" / "bench"),
        "LIANQI_SECRET_KEY": "only-for-measurements-" + "x" * 40,
        "LIANQI_INSECURE_HTTP": "1",
        "LIANQI_COLLECTED_STATIC": "0",
        "LIANQI_LOG_LEVEL": "WARNING",
        "LIANQI_PORT": str(port),
    }
