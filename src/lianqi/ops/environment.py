"""What the environment variables say, completed for a run on one's own machine."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from lianqi.ops.places import default_data_dir
from lianqi.ops.trouble import Trouble

_DEFAULT_PORT = 8000
_LARGEST_PORT = 65_535


def settle_environment() -> Path:
    """Fix the data directory and the settings module for this process and its children.

    Returns:
        The data directory, which need not exist yet.
    """
    data_dir = default_data_dir()
    os.environ["LIANQI_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
    return data_dir


def settle_demo(data_dir: Path) -> None:
    """Choose a demo zone over plain HTTP, with a secret key made once and kept."""
    os.environ.setdefault("LIANQI_DEMO", "1")
    os.environ.setdefault("LIANQI_INSECURE_HTTP", "1")
    if not os.environ.get("LIANQI_SECRET_KEY"):
        os.environ["LIANQI_SECRET_KEY"] = _kept_secret(data_dir / "secret-key")


def port_from(environment: Mapping[str, str]) -> int:
    """Return LIANQI_PORT, 8000 by default.

    Raises:
        Trouble: It is not a port number.
    """
    text = environment.get("LIANQI_PORT") or str(_DEFAULT_PORT)
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST_PORT:
        raise Trouble(f"LIANQI_PORT must be a number from 1 to {_LARGEST_PORT}, not {text!r}.")
    return int(text)


def _kept_secret(file: Path) -> str:
    """The key in the file, written with the first call; only its owner may read it."""
    try:
        if not file.exists():
            number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(64))
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Trouble(f"Cannot read or write {file}: {error.strerror}.") from error
