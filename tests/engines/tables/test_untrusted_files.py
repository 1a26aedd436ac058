"""Every file that must be refused, with the code it is refused with."""

import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.tables import Limits, TableError, TableProblem, read_table

MIB = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_workbooks_are_read_by_the_parser_of_python() -> None:
    assert openpyxl.LXML is False


def refusal(path: Path, limits: Limits | None = None) -> TableError:
    with pytest.raises(TableError) as caught, read_table(path, limits=limits) as table:
        list(table.rows)
    return caught.value


def package(path: Path, parts: dict[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_200_mb_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(200 * MIB)

    error = refusal(path)

    assert error.code is TableProblem.TOO_LARGE
    assert error.params == {"what": "bytes", "limit": 50 * MIB, "found": 200 * MIB}


def test_the_size_limit_itself_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("名称,代码\n海纳,1\n", encoding="utf-8")
    size = path.stat().st_size

    with read_table(path, limits=Limits(max_bytes=size)) as table:
        assert table.header == ["名称", "代码"]
    assert refusal(path, Limits(max_bytes=size - 1)).code is TableProblem.TOO_LARGE


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "bomb.xml": bytes(60 * MIB)}

    error = refusal(package(tmp_path / "bomb.xlsx", parts))

    assert (error.code, error.params) == (TableProblem.ZIP_BOMB, {"what": "ratio", "limit": 200})


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "bomb.xml": bytes(3 * MIB)}

    error = refusal(package(tmp_path / "bomb.xlsx", parts), Limits(max_unpacked_bytes=2 * MIB))

    assert error.code is TableProblem.ZIP_BOMB
    assert error.params == {"what": "unpacked_bytes", "limit": 2 * MIB}


def test_a_zip_bomb_that_declares_a_small_size_is_refused_by_its_actual_size(
    tmp_path: Path,
) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "bomb.xml": bytes(3 * MIB)}
    path = package(tmp_path / "bomb.xlsx", parts)
    honest, lie = struct.pack("<L", 3 * MIB), struct.pack("<L", 100)
    path.write_bytes(path.read_bytes().replace(honest, lie))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("bomb.xml").file_size == 100

    error = refusal(path, Limits(max_unpacked_bytes=2 * MIB))

    assert error.code is TableProblem.ZIP_BOMB
    assert error.params == {"what": "unpacked_bytes", "limit": 2 * MIB}


def test_parts_that_share_the_same_bytes_count_each_time(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "bomb.xml": bytes(MIB)}
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.filelist.extend([archive.getinfo("bomb.xml")] * 5)

    assert refusal(path, Limits(max_unpacked_bytes=4 * MIB)).code is TableProblem.ZIP_BOMB


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"Rar!\x1a\x07", "archive"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>", "web page"),
        (b"MZ\x00\x00\x90\x00", "unknown"),
        (b"\xff\xff\xff\xff", "unknown"),
    ],
)
def test_other_files_are_no_spreadsheets_whatever_their_name(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)

    error = refusal(path)

    assert (error.code, error.params) == (TableProblem.NOT_A_SPREADSHEET, {"kind": kind})


@pytest.mark.parametrize(
    ("names", "kind"),
    [(["word/document.xml", "[Content_Types].xml"], "document"), (["a.txt"], "archive")],
)
def test_other_archives_are_no_spreadsheets(tmp_path: Path, names: list[str], kind: str) -> None:
    error = refusal(package(tmp_path / "table.xlsx", dict.fromkeys(names, b"x")))

    assert (error.code, error.params) == (TableProblem.NOT_A_SPREADSHEET, {"kind": kind})


def test_an_old_workbook_is_told_apart_from_one_with_a_password(tmp_path: Path) -> None:
    old, locked = tmp_path / "old.xls", tmp_path / "locked.xlsx"
    old.write_bytes(OLE + bytes(2000))
    locked.write_bytes(OLE + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(100))

    assert refusal(old).code is TableProblem.OLD_XLS
    assert refusal(locked).code is TableProblem.ENCRYPTED


def test_an_archive_with_a_password_is_encrypted(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": b"", "xl/workbook.xml": b""}
    path = package(tmp_path / "table.xlsx", parts)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert refusal(path).code is TableProblem.ENCRYPTED


def test_a_truncated_workbook_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    openpyxl.Workbook().save(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    assert refusal(path).code is TableProblem.BROKEN


@pytest.mark.parametrize(
    "parts",
    [
        {"[Content_Types].xml": b"", "xl/workbook.xml": b""},
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook"},
    ],
)
def test_a_workbook_without_its_parts_is_broken(tmp_path: Path, parts: dict[str, bytes]) -> None:
    assert refusal(package(tmp_path / "table.xlsx", parts)).code is TableProblem.BROKEN


def test_a_sheet_that_breaks_off_is_broken_at_the_row_where_it_does(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.xlsx", tmp_path / "broken.xlsx"
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for number in range(100):
        workbook.active.append([f"名称{number}", "代码"])
    workbook.save(whole)
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:4000]

    assert refusal(package(broken, parts)).code is TableProblem.BROKEN


def test_entities_that_multiply_are_broken_before_they_fill_the_memory(tmp_path: Path) -> None:
    whole, bomb = tmp_path / "whole.xlsx", tmp_path / "bomb.xlsx"
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["名称", "代码"])
    workbook.save(whole)
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode()
    parts[name] = (
        f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 100}">{entities}]>'
        + sheet[sheet.index("<worksheet") :].replace("名称", "&e11;")
    ).encode()
    assert b"&e11;" in parts[name]

    assert refusal(package(bomb, parts)).code is TableProblem.BROKEN


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
def test_an_empty_file_is_an_empty_sheet(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()

    assert refusal(path).code is TableProblem.EMPTY_SHEET


def test_a_sheet_without_content_is_an_empty_sheet(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active["C5"] = "  \u200b "
    workbook.save(path)

    assert refusal(path).code is TableProblem.EMPTY_SHEET


def test_a_text_file_of_blank_lines_is_an_empty_sheet(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xef\xbb\xbf,,,\r\n , ,\r\n\r\n")

    assert refusal(path).code is TableProblem.EMPTY_SHEET


def test_a_sheet_of_numbers_has_no_header(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("1,2\n3,4\n", encoding="utf-8")

    error = refusal(path)

    assert (error.code, error.params) == (TableProblem.NO_HEADER, {"sheet": ""})


def test_rows_up_to_the_limit_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("名称,代码\n" + "海纳,1\n" * 3, encoding="utf-8")

    with read_table(path, limits=Limits(max_rows=3)) as table:
        assert len(list(table.rows)) == 3
    error = refusal(path, Limits(max_rows=2))
    assert error.params == {"what": "rows", "limit": 2, "found": 3}


def test_columns_up_to_the_limit_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("甲,乙,丙,,,\n一,二,三,,,\n", encoding="utf-8")

    with read_table(path, limits=Limits(max_columns=3)) as table:
        assert table.header == ["甲", "乙", "丙"]
    error = refusal(path, Limits(max_columns=2))
    assert error.params == {"what": "columns", "limit": 2, "found": 3}


def test_a_quote_that_never_ends_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('名称,代码\n海纳,"1\n' + "百川,2\n" * 50_000, encoding="utf-8")

    assert refusal(path).code is TableProblem.BROKEN


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode())))
def test_whatever_bytes_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)

    widths: set[int] = set()
    with suppress(TableError), read_table(path, known_headings=["名称"]) as table:
        widths = {len(table.header), *(len(row.cells) for row in table.rows)}

    assert len(widths) <= 1


def test_one_stray_cell_far_below_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["名称", "代码"])
    sheet["A1048576"] = "海纳"
    workbook.save(path)

    with read_table(path) as table:
        rows = list(table.rows)

    assert [(row.number, row.cells) for row in rows] == [(1_048_576, ("海纳", None))]
