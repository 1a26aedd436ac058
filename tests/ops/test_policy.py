"""`lianqi policy`: without a database, with clear errors."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.packs.saving import replayed
from lianqi.ops.cli import main

RD = SHIPPED / "regional" / "rm01-longgang-rd-2022.yaml"
FACTS = """\
facts:
  资质称号: {value: [高新技术企业], source: 证书}
  广东专精特新: 否
  四上企业: 是
  研发加计扣除已申报: 是
  营业收入[上年]: {value: 40000, unit: 万元, source: 审计报告}
  研发费用[上年]: 3500万元
"""


def lianqi(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner(env={"LC_ALL": "C"}).invoke(main, ["policy", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "one.yaml"
    file.write_text(FACTS, encoding="utf-8")
    return file


def test_check_reads_packs_and_their_cases() -> None:
    code, output = lianqi("check", RD, SHIPPED / "regional" / "rm02-huangpu-rent.yaml")

    assert code == 0
    assert "✓ longgang-rd 2022" in output
    assert output.endswith("2 of 2 packs read, 2 measures, 12 cases: all is well.\n")


def test_check_tells_what_to_look_at_before_publication() -> None:
    code, output = lianqi(
        "check", "--remarks", SHIPPED / "regional" / "rm22-bazhou-investment.yaml"
    )

    assert code == 0
    assert "  ! reward Tied to local tax: for the fair competition review: contribution\n" in output


def test_check_tells_mistakes_with_file_line_and_column(tmp_path: Path) -> None:
    pack = tmp_path / "mine.yaml"
    pack.write_text(RD.read_text("utf-8").replace("≥ 2000万元", "≥ 2000人"), encoding="utf-8")

    code, output = lianqi("check", tmp_path)

    assert code == 1
    assert f"{pack}:29:63: 2000人" in output
    assert "0 of 1 packs read" in output


def test_check_tells_cases_that_come_out_differently(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(RD.read_text("utf-8"), encoding="utf-8")
    cases = RD.with_name("rm01-longgang-rd-2022.cases.yaml").read_text("utf-8")
    (tmp_path / "mine.cases.yaml").write_text(
        cases.replace("amount: 50万元", "amount: 60万元"), encoding="utf-8"
    )

    code, output = lianqi("check", tmp_path / "mine.yaml")

    assert code == 1
    assert "mine.cases.yaml:11:35: 1: the amount is 500,000, not 60万元" in output


def test_a_pack_without_cases_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(RD.read_text("utf-8"), encoding="utf-8")

    code, output = lianqi("check", tmp_path)

    assert code == 1
    assert "the pack has no cases (write mine.cases.yaml)" in output


def test_explain_tells_every_clause_with_value_source_period_and_article(facts: Path) -> None:
    code, output = lianqi("explain", RD, "--facts", facts, "--on", "2022-11-04")

    assert code == 0
    assert "✓ 科技企业研发投入扶持：符合" in output
    assert "营业收入2021年：400,000,000元，审计报告" in output
    assert "合计：500,000元" in output
    assert "未决：同时有两个称号（取高者，不连乘）" in output


def test_explain_names_what_is_missing_and_who_has_it(facts: Path) -> None:
    facts.write_text(FACTS.replace("3500万元", "未知"), encoding="utf-8")

    _code, output = lianqi("explain", RD, "--facts", facts, "--on", "2022-11-04")

    assert "? 科技企业研发投入扶持：待补充信息" in output
    assert "缺少：研发费用2021年（由企业提供）" in output


def test_explain_as_json_can_be_replayed(facts: Path) -> None:
    code, output = lianqi("explain", RD, "--facts", facts, "--on", "2022-11-04", "--json")

    assert code == 0
    kept = json.dumps(
        json.loads(output)[0], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert replayed(kept) == kept


def test_explain_refuses_facts_of_another_unit(facts: Path) -> None:
    facts.write_text(FACTS.replace("3500万元", "3500人"), encoding="utf-8")

    code, output = lianqi("explain", RD, "--facts", facts, "--on", "2022-11-04")

    assert code == 1
    assert f"{facts}:7:13: 研发费用 is measured in 元, not in 人" in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nowhere.yaml"), "There is no file or folder nowhere.yaml"),
        (("explain", RD, "--facts", "nowhere.yaml"), "There is no file or folder nowhere.yaml"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    code, output = lianqi(*arguments)

    assert code == 2
    assert said in output


def test_a_day_without_measures_is_told(facts: Path) -> None:
    code, output = lianqi("explain", RD, "--facts", facts, "--on", "2026-01-01")

    assert code == 2
    assert "No measure of longgang-rd is in force on 2026-01-01; the pack has rd." in output


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes("政策".encode("gb18030"))

    code, output = lianqi("check", tmp_path)

    assert code == 2
    assert "is not in UTF-8" in output


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({"LC_ALL": "C"}, ("--lang", "zh")),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, ()),
    ],
)
def test_mistakes_are_told_in_chinese(
    tmp_path: Path, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    (tmp_path / "mine.yaml").write_text("pack: Mine\n", encoding="utf-8")

    done = CliRunner(env=environment).invoke(main, ["policy", "check", str(tmp_path), *arguments])

    assert "mine.yaml:1:7: Mine不能作为标识。标识只用小写英文字母" in done.output
    assert done.output.endswith("读取规则包0/1个，措施0项，案例0个：共5处错误。\n")
