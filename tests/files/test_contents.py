"""A file is what its content says."""

import io
import struct
import tempfile
import zipfile
from typing import BinaryIO

import pytest

from lianqi.files.actions.contents import KINDS
from lianqi.files.actions.naming import extension_of, safe_name
from tests.files.samples import INSTALLER, PROGRAM, SAMPLES, archive


def on_disk(content: bytes) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the test lets go of it
    file.write(content)
    file.flush()
    return file


def matches(extension: str, content: bytes) -> bool:
    return KINDS[extension].matches(on_disk(content))


@pytest.mark.parametrize("extension", sorted(KINDS))
def test_every_type_knows_its_own(extension: str) -> None:
    assert matches(extension, SAMPLES[extension]) is True


@pytest.mark.parametrize("extension", sorted(KINDS))
def test_no_type_takes_another_ones_content(extension: str) -> None:
    same = {"jpg": {"jpeg"}, "jpeg": {"jpg"}, "txt": {"csv"}, "csv": {"txt"}}
    # A PDF may be made of readable characters only; then it is a text as well.
    same["txt"] = same["txt"] | {"pdf"}
    same["csv"] = same["csv"] | {"pdf"}
    others = SAMPLES.keys() - same.get(extension, set()) - {extension}

    taken = {other for other in others if matches(extension, SAMPLES[other])}

    assert taken == set()


@pytest.mark.parametrize("extension", sorted(KINDS))
@pytest.mark.parametrize(
    "content",
    [
        PROGRAM,
        PROGRAM + b"%%EOF",
        INSTALLER,
        b"\x7fELF\x02\x01\x01" + bytes(60),
        archive("a.exe"),
        b"PK\x03\x04" + bytes(30),
        b"\x00",
    ],
    ids=["program", "program with a pdf's end", "installer", "elf", "zip", "half a zip", "zero"],
)
def test_no_type_takes_a_program_or_an_archive(extension: str, content: bytes) -> None:
    assert matches(extension, content) is False


def test_macros_do_not_pass_as_a_plain_document() -> None:
    assert matches("docx", archive("word/document.xml", "word/vbaProject.bin")) is False


def test_an_archive_with_a_huge_directory_is_not_read() -> None:
    content = bytearray(SAMPLES["xlsx"])
    end = content.rindex(b"PK\x05\x06")
    struct.pack_into("<L", content, end + 12, 5 * 1024 * 1024)

    assert matches("xlsx", bytes(content)) is False


def test_an_archive_in_the_64_bit_form_is_not_read() -> None:
    content = SAMPLES["xlsx"]
    end = content.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)

    assert matches("xlsx", content[:end] + locator + content[end:]) is False


def test_a_zip_bomb_is_told_by_its_directory_alone() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/other.xml", bytes(20_000_000))

    assert len(bomb.getvalue()) < 50_000
    assert matches("xlsx", bomb.getvalue()) is False


@pytest.mark.parametrize(
    ("content", "is_text"),
    [
        ("路灯".encode(), True),
        ("\ufeff路灯".encode(), True),
        ("路灯".encode("gb18030"), True),
        ("路灯\t1\n".encode("utf-16"), True),
        ("𠮷野家".encode("gb18030"), True),
        (b"a\x00b", False),
        (b"a\x1bb", False),
        ("路灯".encode("utf-16") + b"\x00\x00", False),
        ("路灯".encode("gb18030") + b"\xff\xff", False),
        (("灯" * 40_000).encode(), True),  # characters lie across the pieces it is read in
    ],
)
def test_text_is_utf8_gb18030_or_marked_utf16(content: bytes, *, is_text: bool) -> None:
    assert matches("txt", content) is is_text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\wang\\报告.docx", "报告.docx"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("  报告  终稿 .pdf. . ", "报告 终稿.pdf"),
        (".pdf", "file.pdf"),
        ("", "file"),
        ("...", "file"),
        ("龘𪚥.txt", "龘𪚥.txt"),
    ],
)
def test_names_are_made_safe_and_stay_readable(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("length", [196, 197, 5000])
def test_long_names_keep_their_extension(length: int) -> None:
    name = safe_name("长" * length + ".docx")

    assert len(name) == min(length + 5, 200)
    assert name.endswith(".docx")


def test_the_extension_is_the_last_one_in_small_letters() -> None:
    assert [extension_of(name) for name in ("a.PDF", "a.pdf.exe", "a")] == ["pdf", "exe", ""]
