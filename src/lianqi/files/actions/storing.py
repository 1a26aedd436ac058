"""Taking an upload in: every check first, then the file, then the row."""

import datetime as dt
import hashlib
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.db.models import Model
from django.template.defaultfilters import filesizeformat

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.files.actions.contents import KINDS
from lianqi.files.actions.naming import extension_of, safe_name
from lianqi.files.enums import ScanState
from lianqi.files.errors import (
    FileContentMismatch,
    FileEmpty,
    FileInfected,
    FileTooLarge,
    FileTypeNotAllowed,
    ScannerUnavailable,
)
from lianqi.files.models import StoredFile
from lianqi.files.queries import INCOMING, files_root, orphan_files
from lianqi.files.scanner import ScanFailed, find_malware

if TYPE_CHECKING:  # the class takes a type argument for the type checker only
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic
def store_upload(
    uploaded: "UploadedFile[bytes]",
    *,
    subject: Model,
    max_bytes: int,
    daemon: str,
    by: User | None,
    at: dt.datetime,
) -> StoredFile:
    """Check an upload and keep it as a file of a record.

    The file is complete on the disk before the row is written; a transaction that does not commit
    leaves a file without a row, which `remove_orphans` finds. A refused file leaves nothing.

    Args:
        subject: The record; the caller asked whether `by` may add to it.
        max_bytes: The most that a file may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.

    Raises:
        FileTypeNotAllowed, FileEmpty, FileTooLarge, FileContentMismatch: The file is not taken.
        FileInfected: Malware was found.
        ScannerUnavailable: A daemon is configured and gave no clear answer.
    """
    name = safe_name(uploaded.name or "")
    kind = KINDS.get(extension_of(name))
    if kind is None:
        raise FileTypeNotAllowed(name=name, allowed=", ".join(KINDS))
    token = uuid.uuid4()
    path = f"{token.hex[:2]}/{token}"
    incoming = files_root() / INCOMING / str(token)
    try:
        size, digest = _take_in(uploaded, incoming, name, max_bytes=max_bytes, daemon=daemon)
        _put(incoming, files_root() / path)
    finally:
        incoming.unlink(missing_ok=True)
    stored = StoredFile.objects.create(
        token=token,
        name=name,
        content_type=kind.content_type,
        size_bytes=size,
        sha256=digest,
        path=path,
        scan_state=ScanState.CLEAN,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        uploaded_by=by,
        uploaded_at=at,
    )
    record(
        "files.stored",
        subject,
        by=by or Automat(),
        at=at,
        enterprise_id=getattr(subject, "enterprise_id", None),
        file=stored.pk,
        name=name,
        size_bytes=size,
        sha256=digest,
    )
    return stored


def _take_in(
    uploaded: "UploadedFile[bytes]",
    incoming: Path,
    name: str,
    *,
    max_bytes: int,
    daemon: str,
) -> tuple[int, str]:
    """Write the upload to `incoming`, check it there, and make sure it is on the disk."""
    incoming.parent.mkdir(parents=True, exist_ok=True)
    with incoming.open("x+b") as file:
        size, digest = _copy(uploaded, file, name, max_bytes)
        if not KINDS[extension_of(name)].matches(file):
            raise FileContentMismatch(name=name, extension=extension_of(name))
        _scan(file, name, daemon)
        os.fsync(file.fileno())
    return size, digest


def _copy(
    uploaded: "UploadedFile[bytes]", file: BinaryIO, name: str, limit: int
) -> tuple[int, str]:
    """Copy in chunks and stop at the limit, whatever size the client claimed."""
    size, digest = 0, hashlib.sha256()
    for chunk in uploaded.chunks():
        size += len(chunk)
        if size > limit:
            raise FileTooLarge(name=name, limit=filesizeformat(limit))
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise FileEmpty(name=name)
    file.flush()
    return size, digest.hexdigest()


def _scan(file: BinaryIO, name: str, daemon: str) -> None:
    try:
        signature = find_malware(file, daemon=daemon)
    except ScanFailed as error:
        raise ScannerUnavailable(name=name) from error
    if signature is not None:
        raise FileInfected(name=name, signature=signature)


def _put(incoming: Path, target: Path) -> None:
    """Move the file to its place in one step, and its name onto the disk."""
    target.parent.mkdir(exist_ok=True)
    incoming.rename(target)
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def hand_over(subject: Model, to: Model) -> int:
    """Make the files of one record those of another, which it became; return how many."""
    return StoredFile.objects.of(subject).update(
        subject_kind=to._meta.label_lower, subject_id=to.pk
    )


def share_files(subject: Model, with_: Model, *, by: User, at: dt.datetime) -> int:
    """Let another record have the files of one as well; return how many.

    Nothing is copied: both rows name the same content, and each record decides who may have it.
    """
    shared = StoredFile.objects.bulk_create(
        StoredFile(
            name=each.name,
            content_type=each.content_type,
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            path=each.path,
            scan_state=each.scan_state,
            subject_kind=with_._meta.label_lower,
            subject_id=with_.pk,
            uploaded_by=by,
            uploaded_at=at,
        )
        for each in StoredFile.objects.of(subject)
    )
    return len(shared)


def remove_orphans(*, before: dt.datetime) -> int:
    """Delete files older than `before` that no row names; return how many."""
    orphans = orphan_files(before=before)
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
