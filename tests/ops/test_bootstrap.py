"""tools/bootstrap.py says in one sentence what is in the way."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the bootstrap reads, without an environment."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "bootstrap.py", tmp_path / "tools")
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_wrong_python_is_named(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(bootstrap.Trouble) as caught:
        bootstrap.require_python([])

    assert str(caught.value).startswith("Lianqi needs Python 3.11, 3.12 or 3.13; this is 3.9.2")


def test_folder_that_is_no_environment_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "letter.txt").write_text("dear diary")

    done = subprocess.run(
        [sys.executable, checkout / "tools" / "bootstrap.py"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr == (
        f"bootstrap: {checkout}/.venv exists and is not a Python environment; move it away.\n"
    )
    assert (checkout / ".venv" / "letter.txt").read_text() == "dear diary"


def test_missing_lock_is_named(checkout: Path) -> None:
    (checkout / "uv.lock").unlink()

    done = subprocess.run(
        [sys.executable, checkout / "tools" / "bootstrap.py"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr == (
        f"bootstrap: Cannot read or write {checkout}/uv.lock: No such file or directory.\n"
    )
