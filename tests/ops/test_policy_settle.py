"""`lianqi policy settle`: ranks, exclusions and budgets over a table of applicants."""

import csv
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from lianqi.ops.cli import main

DAY = "2026-03-01"
PACK = """\
pack: talent
version: "2026"
document: {title: 人才奖励办法, issuer: 某高新区管委会, source: 门户网站}
in_force: {from: 2026-01-01, to: 2028-12-31}
facts:
  output: {label: 专利成果数, kind: number, unit: 项, low: 0, subject: person}
measures:
  - key: first
    title: 成果排名奖励
    applicant: person
    clauses: [{key: field, text: 属于重点领域, judge: 是否属于重点领域？}]
    rank: {by: 专利成果数, levels: [{upto: 1, amount: 10万元}, {upto: 2, amount: 5万元}]}
  - key: living
    title: 生活补贴
    applicant: person
    clauses: [{key: some, text: 有专利成果, require: 专利成果数 ≥ 1项}]
    benefits: [{key: sum, kind: fixed, title: 定额, amount: 3万元}]
    budget: {when_short: first_come}
    excludes: [{measure: first}]
  - key: firm
    title: 企业奖励
    benefits: [{key: sum, kind: fixed, title: 定额, amount: 1万元}]
"""
HEADER = ["编号", "名称", "专利成果数（项）", "是否属于重点领域？"]
ROWS = [
    ["P1", "甲", "3", "是"],
    ["P2", "乙", "9", "是"],
    ["P3", "丙", "5", "是"],
    ["P4", "丁", "2", "否"],
    ["P5", "戊", "1", "否"],
]
ALL = ("--measure", "first", "--measure", "talent/living", "--budget", "living=7万元")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "talent.yaml"
    file.write_text(PACK, encoding="utf-8")
    return file


def table(folder: Path, rows: list[list[str]]) -> Path:
    with (folder / "applicants.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return folder / "applicants.csv"


def settle(pack: Path, applicants: Path, out: Path, *more: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(
        main,
        ["policy", "settle", str(pack), "--applicants", str(applicants), "--on", DAY,
         "--out", str(out), *more],
    )  # fmt: skip
    return done.exit_code, done.stdout, done.stderr


def results(out: Path) -> dict[tuple[str, str], dict[str, str]]:
    with out.open(encoding="utf-8-sig", newline="") as file:
        return {(row["项目代码"], row["申请人编号"]): row for row in csv.DictReader(file)}


def test_ranks_exclusions_and_a_pot(pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.csv"

    code, said, _ = settle(pack, table(tmp_path, ROWS), out, *ALL)

    found = results(out)
    ranked = {key: (row["结果"], row["名次"], row["金额（元）"]) for (name, key), row in found.items()
              if name == "talent/first"}  # fmt: skip
    assert ranked == {
        "P2": ("符合", "1", "100000.00"),
        "P3": ("符合", "2", "50000.00"),
        "P1": ("名次未进入支持范围", "3", ""),
        "P4": ("不符合", "", ""),
        "P5": ("不符合", "", ""),
    }
    # Whoever is paid by rank leaves the pot to the others; it ends with who came last.
    assert {key: (row["结果"], row["金额（元）"]) for (name, key), row in found.items()
            if name == "talent/living"} == {
        "P1": ("符合", "30000.00"),
        "P2": ("择高享受其他项目", ""),
        "P3": ("择高享受其他项目", ""),
        "P4": ("符合", "30000.00"),
        "P5": ("额度不足，部分给予", "10000.00"),
    }  # fmt: skip
    assert found["talent/living", "P2"]["改为享受"] == "成果排名奖励"
    assert found["talent/living", "P5"]["额度不足前应付（元）"] == "30000.00"
    assert code == 0
    assert "5 applicants, 2 measures on 2026-03-01" in said
    assert "70,000.00" in said


def test_what_is_missing_keeps_places_open(pack: Path, tmp_path: Path) -> None:
    rows = [*ROWS[:2], ["P3", "丙", "", "是"]]
    out = tmp_path / "result.csv"

    settle(pack, table(tmp_path, rows), out, "--measure", "first")

    found = results(out)
    assert found["talent/first", "P3"]["名次"] == "1—3"
    assert (found["talent/first", "P3"]["缺少"], found["talent/first", "P3"]["结果"]) == (
        "专利成果数", "待补充信息",
    )  # fmt: skip
    assert found["talent/first", "P2"]["还取决于"] == "丙：专利成果数"
    assert (found["talent/first", "P2"]["至少（元）"], found["talent/first", "P2"]["至多（元）"]) == (
        "50000.00", "100000.00",
    )  # fmt: skip


def test_a_workbook_has_an_overview(pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.xlsx"

    settle(pack, table(tmp_path, ROWS), out, *ALL)

    book = openpyxl.load_workbook(out)
    assert [cell.value for cell in book["概览"][2]][1:] == [
        "成果排名奖励", 5, 2, 0, 150000, 150000,
    ]  # fmt: skip
    assert book["逐个结果"].max_row == 11


def test_parquet_says_the_same(pack: Path, tmp_path: Path) -> None:
    slot = "judged:talent/2026.first_field"
    register = tmp_path / "applicants.parquet"
    pq.write_table(
        pa.table(
            {
                "applicant": [row[0] for row in ROWS],
                "output": pa.array([float(row[2]) for row in ROWS]),
                slot: [row[3] == "是" for row in ROWS],
            }
        ),
        register,
    )
    settle(pack, table(tmp_path, ROWS), tmp_path / "one.csv", *ALL)

    settle(pack, register, tmp_path / "other.csv", *ALL)

    one, other = results(tmp_path / "one.csv"), results(tmp_path / "other.csv")
    assert {key: row["金额（元）"] for key, row in one.items()} == {
        key: row["金额（元）"] for key, row in other.items()
    }


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ((), "These measures are for enterprise, person: choose with --measure"),
        (("--measure", "third"), "third is none of the measures in force"),
        (("--measure", "living"), "name the sum, as --budget MEASURE=100万元"),
        (("--measure", "living", "--budget", "living=7项"), "write MEASURE=500万元"),
        (("--measure", "living", "--budget", "七"), "write MEASURE=500万元"),
        (("--measure", "first", "--budget", "living=7万元"), "living is none of the measures"),
        (("--applicant", "身份证", "--measure", "first"), "there is no column 身份证"),
    ],
)
def test_what_cannot_be_done_is_told(
    pack: Path, tmp_path: Path, more: tuple[str, ...], why: str
) -> None:
    code, _, said = settle(pack, table(tmp_path, ROWS), tmp_path / "result.csv", *more)

    assert (code, why in said) == (2, True), said
    assert not (tmp_path / "result.csv").exists()


def test_mistakes_in_the_table_are_told_by_cell(pack: Path, tmp_path: Path) -> None:
    rows = [*ROWS, ["P1", "己", "三", "是"]]

    code, said, _ = settle(pack, table(tmp_path, rows), tmp_path / "result.csv", *ALL)

    assert code == 1
    assert "row 7, column A" in said
    assert "row 7, column C" in said
