"""Where things lie on this machine, and who owns the database's files.

PostgreSQL refuses to run as root. For root the server runs as the system user `pgserver`, which
must be able to reach its programs and its data. Below a closed folder such as /root it cannot, and
we do not open other people's folders: then both live in /var/lib instead.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from lianqi.ops.trouble import Trouble

_SERVER_USER = "pgserver"
_SYSTEM_DIR = Path("/var/lib")
# A socket's whole path has room for 108 bytes on Linux and 104 on macOS, the last one a zero.
_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
_SOCKET_NAME = ".s.PGSQL.5432.lock"
_AWKWARD = set(",'\"\\")


class Owner(TypedDict, total=False):
    """The arguments of `subprocess` that start a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A system user as far as starting a program as that user needs it."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one embedded server has its data, sockets and programs.

    `account` is the system user it runs as, None for the caller. `note` tells the user when the
    data is not where one would look for it.
    """

    data: Path
    sockets: Path
    programs: Path
    account: Account | None
    note: str = ""

    def as_owner(self) -> Owner:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def make_anew(self, folder: Path) -> None:
        """Make an empty folder of the server's own, in place of what a killed start left."""
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            if self.account is not None:
                os.chown(folder, self.account.uid, self.account.gid)
        except OSError as error:
            raise Trouble(f"Cannot create the folder {folder}: {error.strerror}.") from error


def default_data_dir() -> Path:
    """`LIANQI_DATA_DIR`, or `var` in the checkout, or `var` where the program was started."""
    if named := os.environ.get("LIANQI_DATA_DIR"):
        return Path(named).expanduser().absolute()
    checkout = Path(__file__).resolve().parents[3]
    home = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return home / "var"


def make_data_dir(path: Path) -> Path:
    """Create the data directory with its folders for logs and process numbers.

    Raises:
        Trouble: It cannot be created, read or written.
    """
    for folder in (path, path / "log", path / "run"):
        try:
            # Others may pass through, as the database's own user must, but not look around.
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(f"Cannot create the folder {folder}: {error.strerror}.") from error
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise Trouble(
                f"The folder {folder} cannot be read and written by user {_me()}; change its owner "
                "or set LIANQI_DATA_DIR to another folder."
            )
    return path


def database_place(data_dir: Path, *, name: str, programs: Path) -> Place:
    """Decide where the embedded server `name` keeps its data and with which programs it runs."""
    data = data_dir.resolve() / name
    if os.geteuid() != 0:
        _require_own(data)
        return Place(data, _sockets(data, None), programs, None)
    account = _owner(data) or _server_account()
    _let_pass(data.parent)
    note = ""
    if not can_reach(data.parent, account.uid, account.gid):
        data = _system_dir(data.parent) / name
        note = (
            f"The database lies in {data}, because user {account.name} may not enter "
            f"{data_dir.resolve()}."
        )
    if not _can_use(programs, account):
        programs = _copy_programs(programs)
    return Place(data, _sockets(data, account), programs, account, note)


def _require_own(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise Trouble(
            f"The database in {data} belongs to another user than {_me()}; run as its owner or set "
            "LIANQI_DATA_DIR to another folder."
        )


def _owner(data: Path) -> Account | None:
    """The owner of data that exists already, unless that is root."""
    if not data.exists() or data.stat().st_uid == 0:
        return None
    found = data.stat()
    return Account(found.st_uid, found.st_gid, _name_of(found.st_uid))


def can_reach(folder: Path, uid: int, gid: int) -> bool:
    """Whether a user may pass through this folder and every folder above it."""
    return all(_has(path, uid, gid, stat.S_IXOTH) for path in (folder, *folder.parents))


def _has(path: Path, uid: int, gid: int, right: int) -> bool:
    """Whether a user has a right, given as the bit for others."""
    found = path.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & (right << 6))
    if found.st_gid == gid:
        return bool(found.st_mode & (right << 3))
    return bool(found.st_mode & right)


def _can_use(programs: Path, account: Account) -> bool:
    ids = account.uid, account.gid
    rights = stat.S_IXOTH | stat.S_IROTH
    return (
        can_reach(programs, *ids)
        and all(_has(programs / tool, *ids, rights) for tool in ("postgres", "initdb"))
        and _has(programs.parent / "share", *ids, rights)
    )


def _let_pass(folder: Path) -> None:
    """Open our own data directory for passing through, if it was made under a strict umask."""
    mode = folder.stat().st_mode
    if folder.stat().st_uid == os.geteuid() and not mode & stat.S_IXOTH:
        folder.chmod(stat.S_IMODE(mode) | stat.S_IXGRP | stat.S_IXOTH)


def _server_account() -> Account:
    """The system user of the server, created on the first start as root."""
    if known := _account_named(_SERVER_USER):
        return known
    adder = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if adder is not None:
        options = ["--system", "--shell", "/usr/sbin/nologin", "--no-create-home"]
        subprocess.run([adder, *options, _SERVER_USER], capture_output=True, check=False)
    if made := _account_named(_SERVER_USER) or _account_named("nobody"):
        return made
    raise Trouble("PostgreSQL does not run as root and no other user exists; run as somebody else.")


def _account_named(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(found.pw_uid, found.pw_gid, name)


def _system_dir(wanted: Path) -> Path:
    """A folder of root's under /var/lib that belongs to this data directory alone."""
    folder = _SYSTEM_DIR / f"lianqi-{_short_hash(wanted)}"
    try:
        folder.mkdir(mode=0o711, exist_ok=True)
    except OSError as error:
        raise Trouble(
            f"The database's user may not enter {wanted} and {folder} cannot be created: "
            f"{error.strerror}; set LIANQI_DATA_DIR to a folder that others may pass through."
        ) from error
    folder.chmod(0o711)
    return folder


def _copy_programs(programs: Path) -> Path:
    """Copy the wheel's programs to where the server's user can run them; return their folder."""
    package = programs.parents[1]
    target = _system_dir(package) / package.name
    copied = target / programs.relative_to(package)
    if (copied / "postgres").exists():
        return copied
    half_made = target.with_name("copying")
    shutil.rmtree(half_made, ignore_errors=True)
    shutil.copytree(programs.parent, half_made / programs.parent.relative_to(package))
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, target.with_name(libraries.name), dirs_exist_ok=True)
    for path in (*half_made.rglob("*"), *target.parent.glob("*.libs/*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    for folder in (half_made, *target.parent.glob("*.libs")):
        folder.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    half_made.rename(target)
    return copied


def _sockets(data: Path, account: Account | None) -> Path:
    """The folder for the socket: the data folder, or a short one where its path is too long."""
    room = len(os.fsencode(data / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES
    if room and not _AWKWARD & set(str(data)):
        return data
    folder = _short_temporary_dir() / f"lianqi-{os.geteuid()}-{_short_hash(data)}"
    uid = os.geteuid() if account is None else account.uid
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    if folder.is_symlink() or folder.stat().st_uid != uid:
        raise Trouble(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    return folder


def _short_temporary_dir() -> Path:
    folder = Path(tempfile.gettempdir())
    short = len(os.fsencode(folder)) < _SOCKET_PATH_BYTES - 60
    return folder if short and not _AWKWARD & set(str(folder)) else Path("/tmp")  # noqa: S108


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _me() -> str:
    return _name_of(os.geteuid())


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
