import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import psutil
import pytest
import xlsxwriter

from lianqi.engines.tables import (
    Fault,
    Formula,
    Row,
    cell_text,
    header_key,
    read_table,
    write_table,
)
from lianqi.engines.text import parse_count, parse_date, parse_yuan

HEADINGS = [
    "企业名称",
    "统一社会信用代码",
    "注册资本",
    "成立日期",
    "从业人员",
    "联系人姓名",
    "联系人电话",
]
CODE = "91000000MA00000157"
MakeWorkbook = Callable[..., Path]


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Write rows into a workbook, with merged blocks, and return its path."""

    def make(
        rows: Iterable[Sequence[Any]], *, merges: Sequence[str] = (), name: str = "table.xlsx"
    ) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        for block in merges:
            sheet.merge_cells(block)
        path = tmp_path / name
        workbook.save(path)
        return path

    return make


def test_a_workbook_is_one_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "3f2a"
    with path.open("wb") as file, xlsxwriter.Workbook(file) as workbook:
        workbook.add_worksheet().write_column(0, 0, ["企业名称", "海纳科技"])

    with read_table(path) as table:
        assert table.header == ["企业名称"]
        assert [row.cells for row in table.rows] == [("海纳科技",)]


def test_a_plain_workbook(make_workbook: MakeWorkbook) -> None:
    path = make_workbook([["企业名称", "从业人员"], ["海纳科技", 12], ["百川", 3.5]])

    with read_table(path) as table:
        assert table.header == ["企业名称", "从业人员"]
        assert (table.sheet, table.encoding, table.expected_rows) == ("Sheet", "", 2)
        assert list(table.rows) == [Row(2, ("海纳科技", 12)), Row(3, ("百川", 3.5))]


def test_a_workbook_with_shared_strings_dates_and_percentages(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("企业")
        sheet.write_row(0, 0, ["名称", "成立日期", "占比"])
        sheet.write_string(1, 0, "海纳")
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime(1, 1, dt.datetime(2020, 6, 22), day)
        sheet.write_number(1, 2, 0.05, workbook.add_format({"num_format": "0%"}))

    with read_table(path) as table:
        assert table.sheet == "企业"
        assert [row.cells for row in table.rows] == [("海纳", dt.datetime(2020, 6, 22), 0.05)]


def test_full_width_digits_stray_spaces_dates_as_text_and_wan_columns(
    make_workbook: MakeWorkbook,
) -> None:
    path = make_workbook(
        [
            ["企业 名称", "注册资本（万元）", "成立日期", "从业人员"],
            [" 海纳 科技\u200b", "１，５００", "２０２０年６月２２日", "１２０人"],
        ]
    )

    with read_table(path, known_headings=HEADINGS) as table:
        (row,) = table.rows

    name, capital, day, employees = row.cells
    assert table.is_recognised
    assert cell_text(name) == "海纳科技"
    assert parse_yuan(cell_text(capital), header=table.header[1]) == Decimal(15_000_000)
    assert parse_date(cell_text(day)) == dt.date(2020, 6, 22)
    assert parse_count(cell_text(employees)) == 120


def test_formulas_are_reported_and_text_that_looks_like_one_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["名称", "数", "备注", "错误"])
    sheet.append(["海纳", "=1+1", "x", "#N/A"])
    sheet["C2"].value = '=HYPERLINK("http://example.com")'
    sheet["C2"].data_type = "s"
    workbook.save(path)

    with read_table(path) as table:
        (row,) = table.rows

    assert row.cells == (
        "海纳",
        Formula("=1+1"),
        '=HYPERLINK("http://example.com")',
        Fault("#N/A"),
    )


def test_escaped_control_characters_are_read_as_what_they_mean(make_workbook: MakeWorkbook) -> None:
    path = make_workbook([["名称", "备注"], ["海纳", "一_x000D_\n二"], ["百川", "_x005F_x0041_"]])

    with read_table(path) as table:
        assert [row.cells[1] for row in table.rows] == ["一\r\n二", "_x0041_"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_text_files_never_hold_formulas(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"名称,备注\n海纳,{text}\n", encoding="utf-8")

    with read_table(path) as table:
        assert [row.cells for row in table.rows] == [("海纳", text)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_text_files_in_any_encoding_with_any_separator(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = [["企业名称", "联系人", "备注"], ["海纳㐂科技", "张三", "a.b"], ["百川", "李四", "2,5"]]
    quoted = [[f'"{cell}"' for cell in line] for line in lines]
    text = "\r\n".join(delimiter.join(line) for line in quoted)
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))

    with read_table(path) as table:
        assert table.header == lines[0]
        assert table.encoding == encoding
        assert [list(row.cells) for row in table.rows] == lines[1:]


def test_a_character_cut_by_the_sample_does_not_hide_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(("名称,代码\n" + "海纳科技,1\n" * 20_000).encode("gb18030"))

    with read_table(path) as table:
        assert table.encoding == "gb18030"
        assert sum(1 for _ in table.rows) == 20_000


def test_quoted_line_breaks_and_blank_records_keep_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('名称,备注\n\n海纳,"一\n二"\n,\n百川,三\n', encoding="utf-8")

    with read_table(path) as table:
        assert list(table.rows) == [Row(3, ("海纳", "一\n二")), Row(5, ("百川", "三"))]


def test_cells_right_of_the_header_are_handed_over_apart(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("名称,备注\n海纳,一,二\n", encoding="utf-8")

    with read_table(path, known_headings=["名称", "备注"]) as table:
        assert list(table.rows) == [Row(2, ("海纳", "一"), ("二",))]


def test_blank_rows_and_blank_trailing_columns_are_left_out(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        [["名称", "代码", None, " "], [None, " "], ["海纳", None, "\u3000"], ["百川", "1"]]
    )

    with read_table(path) as table:
        assert table.header == ["名称", "代码"]
        assert list(table.rows) == [Row(3, ("海纳", None)), Row(4, ("百川", "1"))]


def test_title_rows_above_the_header(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        [
            ["高新区企业名录", None, None],
            ["填报单位：经发局", None, "2024年"],
            ["序号", "企业名称", "统一社会信用代码"],
            [1, "海纳", CODE],
        ],
        merges=["A1:C1"],
    )

    with read_table(path, known_headings=HEADINGS) as table:
        assert (table.header_rows, table.is_recognised) == ((3, 3), True)
        assert table.header == ["序号", "企业名称", "统一社会信用代码"]
        assert list(table.rows) == [Row(4, (1, "海纳", CODE))]


def test_merged_header_cells_of_two_rows_are_combined(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        [
            ["企业名录", None, None, None, None],
            ["企业名称", "统一社会信用代码", "联系人", None, "营业收入（万元）"],
            [None, None, "姓名", "电话", None],
            ["海纳", CODE, "张三", "13800001234", 5],
        ],
        merges=["A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"],
    )

    with read_table(path, known_headings=HEADINGS) as table:
        assert table.header == [
            "企业名称",
            "统一社会信用代码",
            "联系人/姓名",
            "联系人/电话",
            "营业收入（万元）",
        ]
        assert table.header_rows == (2, 3)
        assert [row.number for row in table.rows] == [4]


def test_a_group_header_with_years_below(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        [
            ["企业名称", "代码", "营业收入（万元）", None],
            [None, None, "2022年", "2023年"],
            ["海纳", "甲", 5, 6],
        ],
        merges=["A1:A2", "B1:B2", "C1:D1"],
    )

    with read_table(path) as table:
        assert table.header[2:] == ["营业收入（万元）/2022年", "营业收入（万元）/2023年"]
        assert [row.cells for row in table.rows] == [("海纳", "甲", 5, 6)]


def test_one_header_row_with_a_cell_merged_for_looks_takes_no_data(
    make_workbook: MakeWorkbook,
) -> None:
    path = make_workbook(
        [["企业名称", None, "从业人员"], ["海纳", "科技", "张三"]], merges=["A1:B1"]
    )

    with read_table(path, known_headings=HEADINGS) as table:
        assert table.header_rows == (1, 1)
        assert [row.cells for row in table.rows] == [("海纳", "科技", "张三")]


def test_two_header_rows_of_a_text_file_are_combined(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        f"企业名称,统一社会信用代码,联系人,\n,,联系人姓名,联系人电话\n海纳,{CODE},张三,1\n",
        encoding="utf-8",
    )

    with read_table(path, known_headings=HEADINGS) as table:
        assert table.header == ["企业名称", "统一社会信用代码", "联系人/联系人姓名", "联系人电话"]
        assert table.header_rows == (1, 2)


def test_a_header_with_unknown_headings_is_taken_but_not_called_recognised(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("甲,乙,丙\n一,二,3\n", encoding="utf-8")

    with read_table(path, known_headings=HEADINGS) as table:
        assert (table.header, table.is_recognised) == (["甲", "乙", "丙"], False)


def test_data_with_codes_is_not_taken_for_a_header(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"海纳,{CODE}\n名称,代码\n", encoding="utf-8")

    with read_table(path) as table:
        assert table.header == ["名称", "代码"]


def test_cells_merged_downwards_in_the_data_belong_to_each_row(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        [
            ["街道", "企业名称", "备注"],
            ["洪山", "海纳", None],
            [None, "百川", None],
            [None, None, None],
            ["鼓山", "千帆", None],
            [None, "万里", None],
        ],
        merges=["A2:A4", "A6:A9"],
    )

    with read_table(path) as table:
        assert [row.cells[:2] for row in table.rows] == [
            ("洪山", "海纳"),
            ("洪山", "百川"),
            ("鼓山", "千帆"),
            (None, "万里"),
        ]


def test_the_sheet_with_known_headings_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    workbook = openpyxl.Workbook()
    notes = workbook.active
    assert notes is not None
    notes.title = "填写说明"
    notes.append(["第一步", "填写名称"])
    hidden = workbook.create_sheet("字典")
    hidden.append(["企业名称", "统一社会信用代码", "成立日期"])
    hidden.sheet_state = "hidden"
    data = workbook.create_sheet("企业")
    data.append(["企业名称", "统一社会信用代码"])
    data.append(["海纳", CODE])
    workbook.save(path)

    with read_table(path, known_headings=HEADINGS) as table:
        assert table.sheet == "企业"
        assert [row.cells for row in table.rows] == [("海纳", CODE)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        ("  海纳 科技 ", "海纳科技"),
        (13800001234, "13800001234"),
        (3.0, "3"),
        (3.5, "3.5"),
        (True, "True"),
        (dt.datetime(2020, 6, 22), "2020-06-22"),
        (dt.datetime(2020, 6, 22, 8, 30), "2020-06-22 08:30:00"),
        (dt.date(2020, 6, 22), "2020-06-22"),
        (Formula("=1"), "=1"),
        (Fault("#REF!"), "#REF!"),
    ],
)
def test_cell_text(cell: object, expected: str) -> None:
    assert cell_text(cell) == expected  # type: ignore[arg-type]  # parameters are untyped


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (" *注册资本（万元）", "注册资本"),
        ("企业 名称", "企业名称"),
        ("（备注）", "备注"),
        ("联系人/电话", "联系人电话"),
        ("E-mail", "email"),
    ],
)
def test_header_key(heading: str, expected: str) -> None:
    assert header_key(heading) == expected


@pytest.mark.slow
def test_20000_rows_of_20_columns_stream_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    write_table(
        path,
        [f"列{'甲乙丙丁'[column % 4]}{column}" for column in range(20)],
        (
            [f"值{row}-{column}" if column % 2 else row for column in range(20)]
            for row in range(20_000)
        ),
    )

    process = psutil.Process()
    before = peak = process.memory_info().rss

    count = 0
    with read_table(path) as table:
        for count, _ in enumerate(table.rows, start=1):
            if count % 1000 == 0:
                peak = max(peak, process.memory_info().rss)

    assert count == 20_000
    assert peak - before < 150 * 1024 * 1024
