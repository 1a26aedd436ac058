import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.tables import Cell, Fault, Formula, cell_text, read_table, write_table
from lianqi.engines.tables import writing as writing_module


def test_values_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    written: list[list[Cell | Decimal]] = [
        ["海纳", 12, 0.5, True, dt.date(2020, 6, 22), dt.datetime(2020, 6, 22, 8, 30), None],
        ["百川", Decimal("1500.25"), None, False, None, None, "x"],
    ]

    write_table(path, ["名称", "数", "比", "是", "日", "时", "备注"], written, sheet="拒绝")

    with read_table(path) as table:
        assert table.sheet == "拒绝"
        assert [row.cells for row in table.rows] == [
            (
                "海纳",
                12,
                0.5,
                True,
                dt.datetime(2020, 6, 22),
                dt.datetime(2020, 6, 22, 8, 30),
                None,
            ),
            ("百川", 1500.25, None, False, None, None, "x"),
        ]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://example.com", "mailto:a@example.com", "00123"],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "out.xlsx"

    write_table(path, [text, "备注"], [[text, Formula(text)], [Fault("#N/A"), ""]])

    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for cell in (sheet["A1"], sheet["A2"], sheet["B2"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "number", [10**15, Decimal("1234567890123456.78"), float("nan"), Decimal("Infinity")]
)
def test_numbers_that_a_cell_cannot_hold_become_text(tmp_path: Path, number: Decimal) -> None:
    path = tmp_path / "out.xlsx"

    write_table(path, ["数", "备注"], [[number, "x"]])

    with read_table(path) as table:
        assert [row.cells for row in table.rows] == [(str(number), "x")]


def test_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    write_table(path, ["一", "二"], [["字" * 32_767, "字" * 32_768]])

    with read_table(path) as table:
        (row,) = table.rows
    assert row.cells == ("字" * 32_767, "字" * 32_766 + "…")


def test_more_rows_than_a_sheet_has_are_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_module, "LAST_ROW", 3)

    write_table(tmp_path / "two.xlsx", ["一"], [["a"], ["b"]])
    with pytest.raises(ValueError, match="split the table"):
        write_table(tmp_path / "three.xlsx", ["一"], [["a"], ["b"], ["c"]])


texts = st.text(min_size=1, max_size=20).filter(lambda text: cell_text(text) != "")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(texts, st.integers(-(10**14), 10**14)), min_size=1, max_size=5))
def test_any_text_and_number_survive_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("round") / "out.xlsx"

    write_table(path, ["名称", "数"], rows)

    with read_table(path, known_headings=["名称", "数"]) as table:
        read = [(cell_text(row.cells[0]), row.cells[1]) for row in table.rows]
    assert read == [(cell_text(text), number) for text, number in rows]
