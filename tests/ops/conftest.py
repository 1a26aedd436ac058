"""A copy of nothing: these tests start real processes in folders of their own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("lianqi")
Lianqi = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def environment(tmp_path: Path, free_port: int) -> dict[str, str]:
    """The environment without what the test run itself has set for Lianqi."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("LIANQI_", "DJANGO_", "PYTEST_"))
    }
    return kept | {"LIANQI_DATA_DIR": str(tmp_path / "var"), "LIANQI_PORT": str(free_port)}


@pytest.fixture
def lianqi(environment: dict[str, str]) -> Lianqi:
    """Run the program and return what it said."""

    def call(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PROGRAM, *arguments], env=environment | more, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    return call
