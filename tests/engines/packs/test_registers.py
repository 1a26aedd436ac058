"""What is wrong with a register is told by place, with a code, in both languages."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lianqi.engines.packs.columnar import columns_of
from lianqi.engines.packs.errors import Wrong
from lianqi.engines.packs.headings import HeadingError, heading_of
from lianqi.engines.packs.registers import CellError, NoApplicantError, Taken, take
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.nodes import Kind

ON = dt.date(2026, 3, 1)
WANTED = {
    "revenue@2025": Wanted(Kind.NUMBER, 2),
    "employees@2025": Wanted(Kind.NUMBER, 0),
    "above_scale": Wanted(Kind.BOOL),
    "titles": Wanted(Kind.SET),
}


def taken(folder: Path, text: str, applicant: str = "") -> Taken:
    source = folder / "register.csv"
    source.write_text(text, "utf-8")
    return take(
        source, folder / "register.parquet",
        catalogue=national(), wanted=WANTED, answers={}, day=ON, applicant=applicant,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "problem", "english", "chinese"),
    [
        (
            "营业收人@2025（万元）", Wrong.HEADING_MISSPELT,
            "营业收人 is no fact (did you mean 营业收入? If not, leave the column out)",
            "没有名为“营业收人”的事实。是否应为“营业收入”？如不是，请删去该列。",
        ),
        (
            "营业收入（万元）", Wrong.HEADING_WITHOUT_PERIOD,
            "营业收入 is stated by year: which one? (write 营业收入@2025)",
            "营业收入按年度填报，请写明是哪一期。请写成营业收入@2025。",
        ),
        (
            "营业收入@2025-H1", Wrong.OTHER_PERIOD,
            None, None,
        ),
        (
            "营业收入@2025（块）", Wrong.NEITHER_PERIOD_NOR_UNIT,
            "块 is neither a period nor a unit (write 营业收入（万元）)",
            "“块”既不是期间，也不是单位。请写成营业收入（万元）。",
        ),
        (
            "四上企业（家）", Wrong.UNIT_OF_NO_NUMBER,
            "四上企业 is a condition and has no unit (leave the unit out)",
            "四上企业是一项条件，没有单位。请删去单位。",
        ),
        (
            "营业收入@2025（人）", Wrong.HEADING_OF_OTHER_UNIT,
            "营业收入 is measured in 元, not in 人 (write 营业收入（万元）)",
            "营业收入的单位是元，不是人。请写成营业收入（万元）。",
        ),
    ],
)  # fmt: skip
def test_a_heading_that_does_not_do(
    written: str, problem: Wrong, english: str | None, chinese: str | None
) -> None:
    with pytest.raises(HeadingError) as refused:
        heading_of(written, national(), ON)

    error = refused.value
    assert error.problem is problem
    if english and chinese:
        said, zh = error.told("en"), error.told("zh")
        assert f"{said.message} ({said.advice})" == english
        assert zh.message + zh.advice == chinese


@pytest.mark.parametrize(
    ("text", "problem", "english", "chinese"),
    [
        (
            "企业名称,四上企业\n甲,是\n甲,否\n", Wrong.APPLICANT_TWICE,
            "row 3, column A (企业名称): 甲 stands in row 2 as well (keep one)",
            "第3行A列（企业名称）：甲在第2行已出现。请只保留一行。",
        ),
        (
            "企业名称,四上企业\n,是\n", Wrong.ROW_WITHOUT_APPLICANT,
            "row 2, column A (企业名称): the row does not say which enterprise it is about",
            "第2行A列（企业名称）：该行没有写明是哪家企业。",
        ),
        (
            "企业名称,四上企业\n甲,是,多\n", Wrong.CELL_WITHOUT_HEADING,
            ("row 2, column C: there is no heading above this cell (check whether the row is "
            "shifted)"),
            "第2行C列：此单元格上方没有列标题。请检查该行是否错位。",
        ),
        (
            "企业名称,四上企业,四上企业\n甲,是,是\n", Wrong.HEADING_TWICE,
            "row 1, column C (四上企业): the same as column B (leave one of them out)",
            "第1行C列（四上企业）：与B列相同。请删去其中一列。",
        ),
        (
            "企业名称,营业收入@2025（亿元）\n甲,9999999999999\n", Wrong.NUMBER_TOO_GREAT,
            ("row 2, column B (营业收入@2025（亿元）): the number is too great to be counted exactly "
            "(check the unit)"),
            "第2行B列（营业收入@2025（亿元））：数值过大，无法精确计算。请核对单位。",
        ),
        (
            "企业名称,营业收入（万元）\n甲,1\n", Wrong.HEADING_WITHOUT_PERIOD,
            ("row 1, column B (营业收入（万元）): 营业收入 is stated by year: which one? (write "
            "营业收入@2025)"),
            "第1行B列（营业收入（万元））：营业收入按年度填报，请写明是哪一期。请写成营业收入@2025。",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_do(
    tmp_path: Path, text: str, problem: Wrong, english: str, chinese: str
) -> None:
    (error,) = taken(tmp_path, text).errors

    assert error.problem is problem
    assert str(error) == error.line_in("en") == english
    assert error.line_in("zh") == chinese


def test_in_a_workbook_the_cell_is_named() -> None:
    error = CellError("名册", 3, 2, "四上企业", Wrong.YES_OR_NO, {"name": "四上企业"})

    assert str(error).startswith("sheet 名册, cell B3 (四上企业): 四上企业 is a yes or a no")
    assert error.line_in("zh").startswith("工作表“名册”单元格B3（四上企业）：")


@pytest.mark.parametrize(
    ("applicant", "problem", "english", "chinese"),
    [
        ("", Wrong.NO_APPLICANT_COLUMN, "no column says which enterprise a row is about",
         "没有写明企业的列。"),
        ("税号", Wrong.NO_SUCH_COLUMN, "there is no column 税号", "没有名为“税号”的列。"),
    ],
)  # fmt: skip
def test_nobody_is_named(
    tmp_path: Path, applicant: str, problem: Wrong, english: str, chinese: str
) -> None:
    with pytest.raises(NoApplicantError) as refused:
        taken(tmp_path, "四上企业,营业收入@2025（万元）\n是,1\n", applicant)

    assert refused.value.problem is problem
    assert (str(refused.value), refused.value.told("zh").message) == (english, chinese)


def test_a_word_in_parquet_that_its_fact_does_not_know(tmp_path: Path) -> None:
    source = tmp_path / "register.parquet"
    titles = pa.array([["高新技术企业"], ["nobody"]])
    pq.write_table(pa.table({"applicant": ["甲", "乙"], "titles": titles}), source)

    first, second = columns_of(source, catalogue=national(), wanted=WANTED).errors

    assert second.line_in("en") == (
        "column titles: 高新技术企业 is no value of 资质称号 (write high_tech)"
    )
    assert second.line_in("zh") == "列titles：“高新技术企业”不是资质称号的可用值。请写成high_tech。"
    assert first.told("zh").advice.startswith("可用的有：")
