"""Whether the content of a file is what its extension says."""

import codecs
import mmap
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

_CHUNK = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# The end of a zip archive: a record of 22 bytes and a comment; before it, perhaps, the locator of
# the 64-bit form.
_ZIP_END = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP_TAIL = 22 + 65535
_ZIP_DIRECTORY_MAX = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that is taken: what it is served as, and how its content is told."""

    content_type: str
    matches: Callable[[BinaryIO], bool]


def _begins_as(extension: str) -> Callable[[BinaryIO], bool]:
    """The first bytes are those of the type. What a file ends with proves nothing."""

    def matches(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            found = puremagic.magic_stream(file)
        except (puremagic.PureError, ValueError):
            return False
        return any(match.extension == extension and match.offset >= 0 for match in found)

    return matches


def _compound_with(*streams: str) -> Callable[[BinaryIO], bool]:
    """An OLE2 file (Office 97–2003) that has one of these streams: an installer is OLE2 as well."""
    is_compound = _begins_as(".doc")
    names = [f"{stream}\0".encode("utf-16-le") for stream in streams]

    def matches(file: BinaryIO) -> bool:
        if not is_compound(file):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(name) >= 0 for name in names)

    return matches


def _archive_with(member: str) -> Callable[[BinaryIO], bool]:
    """A zip archive with this member and without macros. Only its directory is read."""
    is_archive = _begins_as(".zip")

    def matches(file: BinaryIO) -> bool:
        if not is_archive(file) or not _has_small_directory(file):
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return member in names and not any(name.endswith("vbaProject.bin") for name in names)

    return matches


def _has_small_directory(file: BinaryIO) -> bool:
    """Whether the list of members fits in 4 MB, so that reading it costs little memory.

    A directory in the 64-bit form is that of an archive far larger than any upload.
    """
    end = file.seek(0, 2)
    file.seek(max(end - _ZIP_TAIL, 0))
    tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) < at + 22 or _ZIP64_LOCATOR in tail[max(at - 20, 0) : at]:
        return False
    (size,) = struct.unpack_from("<L", tail, at + 12)
    return int(size) <= _ZIP_DIRECTORY_MAX


def _is_text(file: BinaryIO) -> bool:
    """Text in UTF-8, GB18030, or UTF-16 with its mark, without control characters."""
    file.seek(0)
    marked = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    encodings = ("utf-16",) if marked else ("utf-8", "gb18030")
    return any(_reads_as(file, encoding) for encoding in encodings)


def _reads_as(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            if _CONTROL.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "pdf": Kind("application/pdf", _begins_as(".pdf")),
    "ofd": Kind("application/ofd", _archive_with("OFD.xml")),
    "doc": Kind("application/msword", _compound_with("WordDocument")),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _archive_with("word/document.xml")),
    "xls": Kind("application/vnd.ms-excel", _compound_with("Workbook", "Book")),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _archive_with("xl/workbook.xml")),
    "csv": Kind("text/csv", _is_text),
    "txt": Kind("text/plain", _is_text),
    "png": Kind("image/png", _begins_as(".png")),
    "jpg": Kind("image/jpeg", _begins_as(".jpg")),
    "jpeg": Kind("image/jpeg", _begins_as(".jpg")),
}
