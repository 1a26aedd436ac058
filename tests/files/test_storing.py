"""Taking uploads in: what is kept, what is refused, what is left behind."""

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.files.actions import remove_orphans, store_upload
from lianqi.files.models import StoredFile
from lianqi.files.queries import open_file, orphan_files
from lianqi.files.scanner import EICAR
from lianqi.shared.errors import Refusal
from tests.files.clamd_server import Daemon, clamav_daemon
from tests.files.samples import PROGRAM, SAMPLES, archive

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def by() -> User:
    return User.objects.create(username="wang", name="王工")


@pytest.fixture
def daemon() -> Iterator[Daemon]:
    with clamav_daemon() as daemon:
        yield daemon


def upload(by: User, name: str, content: bytes, **limits: Any) -> StoredFile:
    uploaded = SimpleUploadedFile(name, content)
    limits = {"max_bytes": 1_000_000, "daemon": ""} | limits
    return store_upload(uploaded, subject=by, by=by, at=NOW, **limits)


def refusal_of(by: User, name: str, content: bytes, **limits: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        upload(by, name, content, **limits)
    assert not StoredFile.objects.exists()
    return refused.value


def on_disk(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("extension", sorted(SAMPLES))
def test_every_type_is_kept_as_it_came(by: User, folder: Path, extension: str) -> None:
    content = SAMPLES[extension]

    stored = upload(by, f"附件.{extension}", content)

    with open_file(stored) as file:
        assert file.read() == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (stored.name, stored.size_bytes) == (f"附件.{extension}", len(content))
    assert stored.path == f"{stored.token.hex[:2]}/{stored.token}"
    assert on_disk(folder) == [stored.path]
    assert list(StoredFile.objects.of(by)) == [stored]


def test_the_event_names_the_file_and_its_checksum(by: User) -> None:
    stored = upload(by, "说明.txt", SAMPLES["txt"])

    event = Event.objects.get(verb="files.stored")
    assert (event.subject_kind, event.subject_id) == ("accounts.user", by.pk)
    assert event.detail == {
        "file": stored.pk,
        "name": "说明.txt",
        "size_bytes": stored.size_bytes,
        "sha256": stored.sha256,
    }


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.txt", b"", "file_empty"),
        ("安装.exe", PROGRAM, "file_type_not_allowed"),
        ("压缩.zip", archive("a.txt"), "file_type_not_allowed"),
        ("页面.html", b"<html>", "file_type_not_allowed"),
        ("无扩展名", b"text", "file_type_not_allowed"),
        ("照片\u202egpj.exe", PROGRAM, "file_type_not_allowed"),
        ("改名.pdf", PROGRAM, "file_content_mismatch"),
        ("改名.docx", archive("a.txt"), "file_content_mismatch"),
        ("改名.xlsx", SAMPLES["docx"], "file_content_mismatch"),
        ("测试.txt", EICAR, "file_infected"),
        ("测试.pdf", SAMPLES["pdf"] + EICAR, "file_infected"),
    ],
)
def test_what_is_refused_leaves_nothing(
    by: User, folder: Path, name: str, content: bytes, code: str
) -> None:
    refusal = refusal_of(by, name, content)

    assert refusal.code == code
    assert str(refusal)
    assert on_disk(folder) == []


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(by: User, folder: Path) -> None:
    refusal = refusal_of(by, "大.txt", b"x" * 1001, max_bytes=1000)

    assert refusal.code == "file_too_large"
    assert on_disk(folder) == []
    assert upload(by, "大.txt", b"x" * 1000, max_bytes=1000).size_bytes == 1000


def test_the_limit_counts_what_arrives_and_not_what_was_claimed(by: User) -> None:
    uploaded = SimpleUploadedFile("大.txt", b"x" * 1001)
    uploaded.size = 10

    with pytest.raises(Refusal) as refused:
        store_upload(uploaded, subject=by, max_bytes=1000, daemon="", by=by, at=NOW)

    assert refused.value.code == "file_too_large"


def test_a_configured_daemon_is_asked(by: User, daemon: Daemon) -> None:
    stored = upload(by, "说明.txt", b"all well", daemon=daemon.address)
    StoredFile.objects.all().delete()

    refusal = refusal_of(by, "说明.txt", b"simulated-virus", daemon=daemon.address)

    assert stored.size_bytes == 8
    assert daemon.received == [b"all well", b"simulated-virus"]
    assert refusal.code == "file_infected"
    assert "Win.Test.Simulated-1" in str(refusal)


def test_no_file_is_taken_unchecked_when_the_daemon_is_silent(
    by: User, daemon: Daemon, folder: Path
) -> None:
    daemon.answer = None

    refusal = refusal_of(by, "说明.txt", b"all well", daemon=daemon.address)

    assert refusal.code == "scanner_unavailable"
    assert on_disk(folder) == []


def test_a_transaction_that_fails_leaves_an_orphan_that_can_be_removed(
    by: User, folder: Path
) -> None:
    kept = upload(by, "留.txt", b"kept")
    with transaction.atomic():
        lost = upload(by, "丢.txt", b"lost")
        transaction.set_rollback(True)
    begun = folder / "incoming" / "killed-in-the-middle"
    begun.write_bytes(b"half")
    spreadsheet = folder / "imports" / "register.xlsx"
    spreadsheet.parent.mkdir()
    spreadsheet.write_bytes(b"named by a run")
    for path in (folder / kept.path, folder / lost.path, begun, spreadsheet):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    too_young = orphan_files(before=NOW)
    removed = remove_orphans(before=NOW + dt.timedelta(days=1))

    assert (too_young, removed) == ([], 2)
    assert on_disk(folder) == sorted([kept.path, "imports/register.xlsx"])


def test_a_row_that_outlived_its_file_is_an_error(by: User, folder: Path) -> None:
    stored = upload(by, "说明.txt", b"text")
    (folder / stored.path).unlink()

    with pytest.raises(FileNotFoundError):
        open_file(stored)
