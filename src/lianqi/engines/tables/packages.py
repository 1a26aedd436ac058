"""What kind of file this is by its content, and whether a zip archive is safe to unpack."""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from lianqi.engines.tables.errors import MIB, Limits, TableError, TableProblem

CHUNK = 64 * 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
    b"PK\x05\x06": "archive",
    b"{\\rtf": "document",
}
_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta)", re.IGNORECASE
)
_RATIO_MATTERS_FROM = 10 * MIB
_ENCRYPTED_FLAG = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def is_workbook(path: Path) -> bool:
    """Tell an .xlsx workbook from a text file, by content.

    Raises:
        TableError: The file is neither; old .xls files and encrypted workbooks have their codes.
    """
    with path.open("rb") as file:
        start = file.read(512)
        if start.startswith(_OLE):
            raise TableError(_kind_of_ole(file, start))
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise TableError(TableProblem.NOT_A_SPREADSHEET, kind=kind)
    if _MARKUP.match(start):
        # Some systems export a web page under the name .xls.
        raise TableError(TableProblem.NOT_A_SPREADSHEET, kind="web page")
    return start.startswith(_ZIP)


def _kind_of_ole(file: BinaryIO, start: bytes) -> TableProblem:
    """A workbook with a password is an old-style container around the encrypted package."""
    tail = start
    while chunk := file.read(MIB):
        if _ENCRYPTED_STREAM in tail + chunk:
            return TableProblem.ENCRYPTED
        tail = chunk[-len(_ENCRYPTED_STREAM) :]
    return TableProblem.OLD_XLS


def check_package(path: Path, limits: Limits) -> None:
    """Refuse an archive that is no .xlsx workbook or is dangerous to unpack.

    The sizes an archive declares can lie, so every part is unpacked once, piece by piece, and
    counted; only declared sizes within the limits get that far.

    Raises:
        TableError: Zip bomb, encrypted, broken, or another kind of archive.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                kind = "document" if "word/document.xml" in names else "archive"
                raise TableError(TableProblem.NOT_A_SPREADSHEET, kind=kind)
            if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
                raise TableError(TableProblem.ENCRYPTED)
            _Budget(path, limits).spend(sum(part.file_size for part in parts))
            budget = _Budget(path, limits)
            for part in parts:
                _count_unpacked(file, part, budget)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, NotImplementedError) as error:
        raise TableError(TableProblem.BROKEN, detail=str(error)) from error


class _Budget:
    """What may still be unpacked from one file."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._packed = path.stat().st_size
        self._limits = limits
        self._spent = 0

    def spend(self, size: int) -> None:
        self._spent += size
        if self._spent > self._limits.max_unpacked_bytes:
            limit = self._limits.max_unpacked_bytes
            raise TableError(TableProblem.ZIP_BOMB, what="unpacked_bytes", limit=limit)
        allowed = max(self._packed * self._limits.max_ratio, _RATIO_MATTERS_FROM)
        if self._spent > allowed:
            raise TableError(TableProblem.ZIP_BOMB, what="ratio", limit=self._limits.max_ratio)


def _count_unpacked(file: BinaryIO, part: zipfile.ZipInfo, budget: _Budget) -> None:
    file.seek(part.header_offset)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _ZIP:
        raise zipfile.BadZipFile(f"no local header for {part.filename}")
    file.seek(name_length + extra_length, 1)
    if part.compress_type == zipfile.ZIP_STORED:
        budget.spend(part.compress_size)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(f"compression {part.compress_type} of {part.filename}")
    _count_inflated(file, part.compress_size, budget)


def _count_inflated(file: BinaryIO, packed: int, budget: _Budget) -> None:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0 and not inflater.eof:
        chunk = file.read(min(packed, CHUNK))
        if not chunk:
            raise zipfile.BadZipFile("the file ends too early")
        packed -= len(chunk)
        while chunk:
            budget.spend(len(inflater.decompress(chunk, MIB)))
            chunk = inflater.unconsumed_tail
