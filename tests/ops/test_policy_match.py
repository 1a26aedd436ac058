"""`lianqi policy match`: three formats say the same, and what the reference says; mistakes by cell."""

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from lianqi.engines.packs import load
from lianqi.engines.rules.rule import Status, assess
from lianqi.ops.cli import main

DAY = dt.date(2026, 3, 1)
PACK = """\
pack: rd-award
version: "2026"
document: {title: 研发投入奖励办法, issuer: 某高新区管委会, source: 门户网站}
in_force: {from: 2026-01-01, to: 2028-12-31}
measures:
  - key: award
    title: 研发投入奖励
    article: 第三条
    clauses:
      - {key: above-scale, text: 规模以上企业, require: 四上企业}
      - {key: revenue, text: 上年度营业收入2000万元以上, require: 营业收入 ≥ 2000万元}
    benefits:
      - key: award
        kind: rate
        title: 研发费用的3%
        ceiling: 是
        amount: 取小(研发费用 × 3%, 100万元)
      - {key: desk, kind: in_kind, title: 专员服务, pays_in_kind: 专员, when: 资质称号 含 '高新技术企业'}
  - key: people
    title: 人才奖励
    clauses:
      - {key: field, text: 属于重点领域, judge: 是否属于重点领域？}
      - {key: founded, text: 成立满三年, require: "years_before(as_of, 3) >= 成立日期"}
    benefits: [{key: sum, kind: fixed, title: 定额, amount: 5万元}]
  - key: first
    title: 排名奖励
    rank: {by: 营业收入, levels: [{upto: 1, amount: 10万元}]}
"""
HEADER = [
    "统一社会信用代码", "企业名称", "四上企业", "营业收入@2025（万元）", "研发费用（2025年）（元）",
    "资质称号", "成立日期", "是否属于重点领域？", "联系人",
]  # fmt: skip
# In order: meets all; a fen short; revenue missing; nothing known; zero and no; the cap.
ROWS: list[list[Any]] = [
    ["A1", "甲公司", "是", 2000, 1000000, "高新技术企业、科技型中小企业", dt.date(2020, 1, 2), "是", "张"],
    ["A2", "乙公司", "true", 1999.999999, 1000000, "无", dt.date(2023, 3, 2), 1, "李"],
    ["A3", "丙公司", 1, None, 1000000, None, dt.date(2023, 3, 1), None, None],
    ["A4", "丁公司", None, None, None, None, None, None, None],
    ["A5", "戊公司", "否", 0, 0, "无", dt.date(2000, 1, 1), "否", None],
    ["A6", "己公司", True, "5亿元", "0.5亿元", '专精特新"小巨人"企业', "2001年2月3日", "未知", None],
]  # fmt: skip
FACTS: list[dict[str, Any]] = [
    {"above_scale": True, "revenue@2025": 20_000_000, "rd_expense@2025": 1_000_000,
     "titles": frozenset({"high_tech", "tech_sme"}), "founded": dt.date(2020, 1, 2),
     "judged:rd-award/2026.people_field": True},
    {"above_scale": True, "revenue@2025": Fraction("19999999.99"), "rd_expense@2025": 1_000_000,
     "titles": frozenset(), "founded": dt.date(2023, 3, 2), "judged:rd-award/2026.people_field": True},
    {"above_scale": True, "rd_expense@2025": 1_000_000, "founded": dt.date(2023, 3, 1)},
    {},
    {"above_scale": False, "revenue@2025": 0, "rd_expense@2025": 0, "titles": frozenset(),
     "founded": dt.date(2000, 1, 1), "judged:rd-award/2026.people_field": False},
    {"above_scale": True, "revenue@2025": 500_000_000, "rd_expense@2025": 50_000_000,
     "titles": frozenset({"little_giant"}), "founded": dt.date(2001, 2, 3)},
]  # fmt: skip

Told = set[tuple[str, str, str, int | None]]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "packs" / "rd-award.yaml"
    file.parent.mkdir()
    file.write_text(PACK, encoding="utf-8")
    return file


def lianqi(pack: Path, register: Path, out: Path, *more: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(
        main,
        ["policy", "match", "--packs", str(pack.parent), "--enterprises", str(register),
         "--on", DAY.isoformat(), "--out", str(out), *more],
    )  # fmt: skip
    return done.exit_code, done.stdout, done.stderr


def as_xlsx(folder: Path, rows: list[list[Any]], header: list[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "企业"
    for row in (header, *rows):
        sheet.append(row)
    book.save(folder / "register.xlsx")
    return folder / "register.xlsx"


def as_csv(folder: Path, rows: list[list[Any]], header: list[str] = HEADER) -> Path:
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return folder / "register.csv"


def as_parquet(folder: Path) -> Path:
    columns = {
        "applicant": pa.array([row[0] for row in ROWS]),
        "above_scale": pa.array([each.get("above_scale") for each in FACTS], pa.bool_()),
        **{
            slot: pa.array(
                [None if slot not in each else float(each[slot]) for each in FACTS], pa.float64()
            )
            for slot in ("revenue@2025", "rd_expense@2025")
        },
        "titles": pa.array(
            [None if "titles" not in each else sorted(each["titles"]) for each in FACTS],
            pa.list_(pa.string()),
        ),
        "founded": pa.array([each.get("founded") for each in FACTS], pa.date32()),
        "judged:rd-award/2026.people_field": pa.array(
            [each.get("judged:rd-award/2026.people_field") for each in FACTS], pa.bool_()
        ),
    }
    pq.write_table(pa.table(columns), folder / "register.parquet")
    return folder / "register.parquet"


FORMATS: dict[str, Callable[[Path], Path]] = {
    "xlsx": lambda folder: as_xlsx(folder, ROWS),
    "csv": lambda folder: as_csv(folder, ROWS),
    "parquet": as_parquet,
}


def by_the_reference(pack: Path) -> tuple[Told, Told]:
    """Who meets what for how much, and who is open."""
    met: Told = set()
    left: Told = set()
    for rule in load(pack).rules(DAY)[:2]:
        for row, facts in zip(ROWS, FACTS, strict=True):
            found = assess(rule, facts)
            if found.status is Status.MET:
                fen = (
                    int(found.amount.value * 100)
                    if found.amount and found.amount.is_known
                    else None
                )
                met.add((row[0], rule.key, "met", fen))
            elif found.status in (Status.UNKNOWN, Status.REVIEW):
                left.add((row[0], rule.key, str(found.status), None))
    return met, left


def of_parquet(out: Path) -> tuple[Told, Told]:
    pairs = pq.read_table(out).to_pylist()
    met: Told = {(each["applicant"], each["measure"], "met", each["fen"]) for each in pairs}
    left: Told = set()
    for row in pq.read_table(out.with_suffix(".open.parquet")).to_pylist():
        for name, is_open in row.items():
            if is_open is True:
                measure, _colon, status = name.rpartition(":")
                left.add((row["applicant"], measure, status, None))
    return met, left


def fen(amount: object) -> int | None:
    return None if amount in (None, "") else round(float(str(amount)) * 100)


_STATUSES = {"符合": "met", "待补充信息": "unknown", "需人工判断": "manual_review"}


def of_csv(out: Path) -> tuple[Told, Told]:
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["结果"] in _STATUSES]
    told: Told = {
        (row["企业代码"], row["项目代码"], _STATUSES[row["结果"]], fen(row["金额（元）"]))
        for row in rows
    }
    return {each for each in told if each[2] == "met"}, {each for each in told if each[2] != "met"}


def of_xlsx(out: Path) -> tuple[Told, Told]:
    book = openpyxl.load_workbook(out, read_only=True)
    met: Told = {(row[0], row[3], "met", fen(row[5])) for row in rows_of(book["符合"])}
    left: Told = {(row[0], row[3], _STATUSES[row[5]], None) for row in rows_of(book["待补"])}
    book.close()
    return met, left


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize("given", ["xlsx", "csv", "parquet"])
def test_every_format_says_what_the_reference_says(given: str, pack: Path, tmp_path: Path) -> None:
    register = FORMATS[given](tmp_path)
    wanted = by_the_reference(pack)

    found = []
    for name, of in (("r.parquet", of_parquet), ("r.csv", of_csv), ("r.xlsx", of_xlsx)):
        code, output, errors = lianqi(pack, register, tmp_path / name)
        assert code == 0, output + errors
        found.append(of(tmp_path / name))

    assert found == [wanted] * 3
    assert len(wanted[0]) == 3
    assert not list(tmp_path.glob("*.half"))


def test_the_workbook_tells_people_what_is_missing_and_who_nearly_gets_it(
    pack: Path, tmp_path: Path
) -> None:
    code, output, _errors = lianqi(pack, as_xlsx(tmp_path, ROWS), tmp_path / "r.xlsx")

    assert code == 0
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["概览", "符合", "待补", "差一步"]
    overview = rows_of(book["概览"])
    assert overview[0] == (
        "研发投入奖励办法", "rd-award/award", "研发投入奖励", 2, 1, 2, 0, 1, 2, 0, 1030000, 0,
    )  # fmt: skip
    assert overview[3][:2] == ("测算日期", "2026年3月1日")
    assert "未测算：研发投入奖励办法　排名奖励（按名次）" in [row[0] for row in overview]
    met = {row[0]: row for row in rows_of(book["符合"]) if row[3] == "rd-award/award"}
    assert met["A1"][1:] == (
        "甲公司", "研发投入奖励办法", "rd-award/award", "研发投入奖励", 30000,
        "最高研发费用的3%；专员服务：专员", None,
    )  # fmt: skip
    assert met["A6"][5:7] == (1000000, "最高研发费用的3%")
    missing = {(row[0], row[3]): row[5:] for row in rows_of(book["待补"])}
    assert missing["A3", "rd-award/award"] == ("待补充信息", 1, "营业收入2025年", "税务部门")
    assert missing["A6", "rd-award/people"] == ("需人工判断", 1, "是否属于重点领域？", "受理部门")
    nearly = {(row[0], row[3]): row[5:] for row in rows_of(book["差一步"])}
    assert nearly == {
        ("A2", "rd-award/award"): ("上年度营业收入2000万元以上", "第三条"),
        ("A2", "rd-award/people"): ("成立满三年", None),
        ("A5", "rd-award/people"): ("属于重点领域", None),
    }
    lines = output.splitlines()[1:]
    assert lines[0].split()[:7] == ["measure", "met", "open", "review", "unmet", "n/a", "sum"]
    assert lines[1].split() == [
        "研发投入奖励", "(rd-award/award)", "2", "2", "0", "2", "0", "1,030,000.00", "1", "1",
    ]  # fmt: skip
    assert "columns that are no facts are left out: 联系人" in output
    assert "1 measures are not told of one enterprise alone" in output


@pytest.mark.parametrize(
    ("header", "cell", "told"),
    [
        ("营业收入@2025", 2000,
         "B2 (营业收入@2025): 2000 has no unit (write 营业收入@2025（元） or 营业收入@2025（万元）"),
        ("营业收入@2025（人）", 2000, "B1 (营业收入@2025（人）): 营业收入 is measured in 元, not in 人"),
        ("营业收入", 2000, "B1 (营业收入): 营业收入 is stated by year: which one? (write 营业收入@2025)"),
        ("营业收入@2025-Q1", 2000, "B1 (营业收入@2025-Q1): 2025-Q1 is no year"),
        ("营业收人@2025（元）", 2000,
         "B1 (营业收人@2025（元）): 营业收人 is no fact (did you mean 营业收入? If not, leave the column out)"),
        ("营业收入@2025（元）", "两千万", "B2 (营业收入@2025（元）): 两千万 is no number"),
        ("营业收入@2025（元）", -1, "B2 (营业收入@2025（元）): 营业收入 cannot be -1"),
        ("营业收入@2025（元）", 0.001, "营业收入 has at most 2 digits after the point"),
        ("营业收入@2025（元）", True, "B2 (营业收入@2025（元）): True is no number"),
        ("营业收入@2025（元）", "=1+1", "B2 (营业收入@2025（元）): a formula stands here (paste its value"),
        ("营业收入@2025（元）", "#N/A", "B2 (营业收入@2025（元）): #N/A stands here"),
        ("营业收入@2025（元）", "300人", "营业收入 is measured in 元, not in 人"),
        ("营业收入@2025（元）", 10**17, "the number is too great to be counted exactly"),
        ("四上企业", "大概", "B2 (四上企业): 四上企业 is a yes or a no (write 是 or 否)"),
        ("资质称号", "高新技术企叶", "高新技术企叶 is no value of 资质称号 (did you mean 高新技术企业?"),
        ("成立日期", "2025-02-30", "B2 (成立日期): 2025-02-30 is no day (write it as 2026-04-01)"),
        ("成立日期", 45000, "B2 (成立日期): 45000 is no day"),
    ],
    ids=lambda value: str(value)[:12],
)  # fmt: skip
def test_mistakes_are_told_at_their_cell(
    header: str, cell: object, told: str, pack: Path, tmp_path: Path
) -> None:
    register = as_xlsx(tmp_path, [["A1", cell]], ["信用代码", header])

    code, output, _errors = lianqi(pack, register, tmp_path / "r.xlsx")

    assert code == 1
    assert f"{register}: sheet 企业, cell " in output
    assert told in output
    assert not (tmp_path / "r.xlsx").exists()


def test_in_a_text_file_the_row_is_told(pack: Path, tmp_path: Path) -> None:
    register = as_csv(tmp_path, [["A1", "是"], ["A2", "未必"]], ["信用代码", "四上企业"])

    code, output, _errors = lianqi(pack, register, tmp_path / "r.csv")

    assert code == 1
    assert f"{register}: row 3, column B (四上企业): 四上企业 is a yes or a no" in output


def test_enterprises_stand_once_and_have_a_code(pack: Path, tmp_path: Path) -> None:
    register = as_csv(tmp_path, [["A1", "是"], ["A1", "否"], ["", "是"]], ["信用代码", "四上企业"])

    code, output, _errors = lianqi(pack, register, tmp_path / "r.csv")

    assert code == 1
    assert "row 3, column A (信用代码): A1 stands in row 2 as well (keep one)" in output
    assert "row 4, column A (信用代码): the row does not say which enterprise" in output


def test_a_fact_stands_in_one_column(pack: Path, tmp_path: Path) -> None:
    header = ["信用代码", "营业收入@2025（元）", "2025年营业收入（万元）"]

    code, output, _errors = lianqi(
        pack, as_csv(tmp_path, [["A1", 1, 2]], header), tmp_path / "r.csv"
    )

    assert code == 1
    assert "row 1, column C (2025年营业收入（万元）): the same as column B" in output


def test_facts_of_other_years_are_named_and_left_out(pack: Path, tmp_path: Path) -> None:
    header = ["信用代码", "营业收入@2023（元）", "利润总额@2025（元）", "备注"]

    code, output, _errors = lianqi(
        pack, as_csv(tmp_path, [["A1", 1, 2, "x"]], header), tmp_path / "r.csv"
    )

    assert code == 0
    assert "facts that no rule in force reads: 营业收入@2023（元）" in output
    assert "columns that are no facts are left out: " in output
    assert "备注" in output
    assert "no column names a fact that a rule reads: all stays open" in output


def test_another_column_can_name_the_enterprises(pack: Path, tmp_path: Path) -> None:
    register = as_csv(tmp_path, [["甲", "是"]], ["户号", "四上企业"])

    code, _output, errors = lianqi(pack, register, tmp_path / "r.csv")
    assert code == 2
    assert (
        "no column says which enterprise a row is about; name the column with --applicant" in errors
    )
    code, _output, _errors = lianqi(pack, register, tmp_path / "r.csv", "--applicant", "户号")
    assert code == 0
    assert "甲" in (tmp_path / "r.csv").read_text("utf-8-sig")


def test_parquet_with_words_of_no_vocabulary_is_refused(pack: Path, tmp_path: Path) -> None:
    table = pa.table({"applicant": ["A1"], "titles": [["高新技术企业", "no_such"]]})
    pq.write_table(table, tmp_path / "register.parquet")

    code, output, _errors = lianqi(pack, tmp_path / "register.parquet", tmp_path / "r.csv")

    assert code == 1
    assert "column titles: 高新技术企业 is no value of 资质称号 (write high_tech)" in output


def test_parquet_columns_are_called_by_their_slots(pack: Path, tmp_path: Path) -> None:
    table = pa.table({"applicant": ["A1"], "营业收入@2025": [1.0], "above_scale": ["是"]})
    pq.write_table(table, tmp_path / "register.parquet")

    code, output, _errors = lianqi(pack, tmp_path / "register.parquet", tmp_path / "r.parquet")

    assert code == 1
    assert "column 营业收入@2025 is not read: in Parquet it is called revenue@2025" in output
    assert "column above_scale: holds string where yes or no is needed" in output


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--engine", "duckdb"), "There is no engine duckdb: the engine in this process took its"),
        (("--engine", "ray"), "There is no engine ray: it is one of local, spark"),
        (("--zone", "zone"), "--zone goes with --engine spark only"),
    ],
    ids=["duckdb", "ray", "zone"],
)
def test_engines_that_are_not_there(
    more: tuple[str, ...], told: str, pack: Path, tmp_path: Path
) -> None:
    code, _output, errors = lianqi(pack, as_csv(tmp_path, ROWS), tmp_path / "r.csv", *more)

    assert code == 2
    assert told in errors


def test_results_never_overwrite_the_register(pack: Path, tmp_path: Path) -> None:
    register = as_csv(tmp_path, ROWS)

    assert lianqi(pack, register, register)[0] == 2
    assert lianqi(pack, register, tmp_path / "none" / "r.csv")[0] == 2
    assert lianqi(pack, register, tmp_path / "r.txt")[0] == 2
    assert lianqi(pack, tmp_path / "none.csv", tmp_path / "r.csv")[0] == 2


def test_packs_with_mistakes_are_told_first(pack: Path, tmp_path: Path) -> None:
    pack.write_text(PACK.replace('2000万元"', '2000人"'), encoding="utf-8")
    pack.write_text(PACK.replace("营业收入 ≥ 2000万元", "营业收入 ≥ 2000人"), encoding="utf-8")

    code, output, _errors = lianqi(pack, as_csv(tmp_path, ROWS), tmp_path / "r.csv")

    assert code == 1
    assert f"{pack}:11:" in output


def test_two_packs_may_not_mean_different_things_by_one_fact(pack: Path, tmp_path: Path) -> None:
    own = "facts: {{lab: {{label: 实验室, kind: {0}}}}}\nmeasures:"
    pack.write_text(PACK.replace("measures:", own.format("bool"), 1), encoding="utf-8")
    other = PACK.replace("pack: rd-award", "pack: other")
    pack.with_name("other.yaml").write_text(
        other.replace("measures:", own.format("date"), 1), encoding="utf-8"
    )

    code, output, _errors = lianqi(pack, as_csv(tmp_path, ROWS), tmp_path / "r.csv")

    assert code == 1
    assert "state the fact lab differently: rename it in one" in output


def test_an_archive_that_unpacks_to_far_more_is_not_opened(pack: Path, tmp_path: Path) -> None:
    import zipfile

    bomb = tmp_path / "register.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * 30_000_000)

    code, _output, errors = lianqi(pack, bomb, tmp_path / "r.csv")

    assert code == 2
    assert "it unpacks to far more than it should; it is not opened" in errors


def test_a_million_columns_are_refused(pack: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("信用代码," + "x," * 1_000_000 + "x\n", encoding="utf-8")

    code, _output, errors = lianqi(pack, register, tmp_path / "r.csv")

    assert code == 2
    assert "it holds more columns than the 1000 that can be read" in errors


def test_merged_cells_count_for_the_rows_they_span(pack: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2026年企业名册"], ["信用代码", "四上企业"], ["A1", "否"], ["A2"], ["A3", "是"]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "register.xlsx")

    code, output, _errors = lianqi(pack, tmp_path / "register.xlsx", tmp_path / "r.csv")

    assert code == 0
    assert output.splitlines()[1].split()[2:6] == ["0", "1", "0", "2"]


def test_lists_are_written_entry_by_entry(pack: Path, tmp_path: Path) -> None:
    counted = PACK.replace(
        "require: 四上企业", "require: \"计数(知识产权, 类别 属于 ('Ⅰ类')) ≥ 2项\""
    )
    pack.write_text(counted, encoding="utf-8")
    rows = [
        ["A1", "类别：Ⅰ类，受让取得：否；类别：Ⅰ类", 3000],
        ["A2", "无", 3000],
        ["A3", "", 3000],
    ]
    header = ["信用代码", "知识产权", "营业收入@2025（万元）"]

    code, output, _errors = lianqi(pack, as_csv(tmp_path, rows, header), tmp_path / "r.csv")

    assert code == 0, output
    assert output.splitlines()[1].split()[2:6] == ["1", "1", "0", "1"]


def test_text_that_looks_like_a_formula_stays_text(pack: Path, tmp_path: Path) -> None:
    register = as_csv(tmp_path, [["A1", "=1+1", "是"]], ["信用代码", "企业名称", "四上企业"])

    code, _output, _errors = lianqi(pack, register, tmp_path / "r.csv")

    assert code == 0
    assert ",'=1+1," in (tmp_path / "r.csv").read_text("utf-8-sig")


@pytest.mark.spark
@pytest.mark.slow
def test_spark_says_what_the_reference_says(pack: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")

    done = lianqi(pack, as_parquet(tmp_path), tmp_path / "result", "--engine", "spark")

    assert done[0] == 0, done
    rows = pq.read_table(tmp_path / "result").to_pylist()
    told = {(each["applicant"], each["measure"], each["status"], each["fen"]) for each in rows}
    met, left = by_the_reference(pack)
    assert told == met | left


def test_the_summary_and_mistakes_are_told_in_chinese(pack: Path, tmp_path: Path) -> None:
    register, out = tmp_path / "register.csv", tmp_path / "out.csv"
    register.write_text(
        "企业名称,营业收入@2025（万元）,营业收入@2023（元）,联系人,营业收人\n甲,2000,1,乙,3\n",
        "utf-8",
    )

    code, output, _errors = lianqi(pack, register, out, "--lang", "zh")

    assert code == 0, output
    head = next(line for line in output.splitlines() if line.startswith("措施"))
    assert head.split()[1:] == [
        "符合", "待补充", "需判断", "不符合", "不适用", "金额合计（元）", "只缺一项", "差一步",
    ]  # fmt: skip
    assert f"{register}：现行规则未用到的列：营业收入@2023（元）" in output
    assert f"{register}：不是事实的列已略去：联系人、营业收人（是否应为营业收入？）" in output
    assert "企业1家，措施" in output
    assert not any(word in output for word in ("enterprises", "measures", "left out"))


def test_mistakes_of_the_register_are_told_in_chinese(pack: Path, tmp_path: Path) -> None:
    register, out = tmp_path / "register.csv", tmp_path / "out.csv"
    register.write_text("企业名称,四上企业\n甲,也许\n", "utf-8")
    nobody = tmp_path / "nobody.csv"
    nobody.write_text("四上企业,联系人\n是,乙\n", "utf-8")

    code, output, _errors = lianqi(pack, register, out, "--lang", "zh")
    _code, _output, without = lianqi(pack, nobody, out, "--lang", "zh")

    assert code == 1
    assert f"{register}: 第2行B列（四上企业）：" in output
    assert f"{nobody}：没有写明企业的列。请用--applicant指明该列。" in without
