"""Every pack in rows: opened, written, and the same rules again."""

from pathlib import Path
from typing import Any

import pytest

from lianqi.engines.packs import cases as cases_of_packs
from lianqi.engines.packs import cases_file, check, check_cases, measuring, pack_files, reading
from lianqi.engines.packs.cases import examples
from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.packs.rows import Draft, Names, opened, same_rules, written
from lianqi.engines.packs.rows.amounts import Amount
from lianqi.engines.packs.rows.clauses import Required
from lianqi.engines.packs.rows.drafts import rewritten
from lianqi.engines.packs.rows.lines import facts_shown, facts_told
from lianqi.engines.packs.rows.tables import BENEFIT, CASE, CLAUSE, HEAD, MEASURE
from lianqi.engines.packs.rows.texts import dumped, has_comments, path_at, read
from lianqi.engines.packs.wording import STATUS_WORDS, STATUSES
from tests.matching.scene import CASES, TEXT

DEMO = Path(__file__).parents[3] / "src" / "lianqi" / "ops" / "demo" / "data"
FILES = pack_files([SHIPPED / "national", SHIPPED / "regional", *sorted(DEMO.glob("*.yaml"))])
# Packs that rows would not keep whole, with the reason.
EXCEPTIONS: dict[str, str] = {}
NAMES = Names.of(
    {
        "facts": {"paid": {"label": "已获奖励", "kind": "number", "unit": "元"}},
        "parameters": {"比例": [{"value": "3%"}, {"from": "2026-07-01", "value": "4%"}]},
        "definitions": {"研发强度": "研发费用 / 营业收入", "误": "研发费用 ≥"},
    }
)


def files_of(file: Path) -> tuple[str, str]:
    return file.read_text("utf-8"), cases_file(file).read_text("utf-8")


def plain(text: str, cases: str) -> Draft:
    return Draft(read(text), tuple(read(cases)["cases"]))


def expectations(text: str) -> list[Any]:
    """What cases expect, however they spell it."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        if isinstance(value, list):
            return value
        return STATUS_WORDS[STATUSES[value]]["zh"] if value in STATUSES else value

    kept = ("name", "like", "measure", "on", "note", "answers", "expect")
    return [
        {name: plain(each[name]) for name in kept if name in each} for each in read(text)["cases"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_pack_opens_in_rows_and_loses_nothing(file: Path) -> None:
    assert file.stem not in EXCEPTIONS
    text, cases = files_of(file)
    before, _errors = check(text)

    draft = opened(text, cases)
    assert draft is not None
    assert before is not None
    once = written(rewritten(draft))
    twice = written(rewritten(plain(*once)))

    after, errors = check(once[0])
    assert after is not None, errors
    assert same_rules(before, after)
    assert check_cases(after, once[1], "cases") == check_cases(before, cases, "cases")
    assert examples(after, once[1]) == examples(before, cases)
    assert expectations(once[1]) == expectations(cases)
    assert twice == once


def test_more_than_half_of_all_conditions_are_rows_of_fact_word_value_and_unit() -> None:
    rows, expressions = 0, 0
    for file in FILES:
        draft = plain(*files_of(file))
        for each in draft.measures:
            clauses = draft.measure(each["key"])["clauses"]
            rows += sum(bool(clause["fact"]) for clause in clauses)
            expressions += sum(bool(clause["expression"]) for clause in clauses)

    assert rows > expressions


@pytest.mark.parametrize(
    ("table", "known"),
    [
        (HEAD, {*reading._PACK} - {"measures"}),
        (MEASURE, {*measuring._MEASURE}),
        (BENEFIT, {*measuring._BENEFIT}),
        (CLAUSE, {"key", "article", "text", "require", "judge"}),
        (CASE, {*cases_of_packs._CASE}),
    ],
    ids=["head", "measure", "benefit", "clause", "case"],
)
def test_every_name_of_a_file_has_a_cell(table: Any, known: set[str]) -> None:
    """So that no new name of the language is forgotten: it would be lost on saving."""
    places = set()
    for part in table.parts:
        if isinstance(part, Amount):
            places.add("amount")
        elif isinstance(part, Required):
            places.add("require")
        else:
            places.add(part.path[0] if hasattr(part, "path") else getattr(part, "name", "expect"))

    assert places == known


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("5万元", {"amount": "5万元"}),
        ("研发费用 × 3%", {"way": "rate", "of": "研发费用", "rate": "3%"}),
        ("研发费用 * 比例", {"way": "rate", "of": "研发费用", "rate": "比例"}),
        ("从业人员 × 600元/人", {"way": "rate", "of": "从业人员", "rate": "600元/人"}),
        ("研发费用 × 120%", {"way": "rate", "of": "研发费用", "rate": "120%"}),
        (
            "取小((营业收入 - 营业收入[前年]) × 1%, 100万元)",
            {"way": "rate", "of": "营业收入 - 营业收入[前年]", "rate": "1%", "most": "100万元"},
        ),
        (
            "分档(研发费用, (300万元, 5万元), (> 1000万元, 10万元))",
            {
                "way": "tiers", "of": "研发费用",
                "steps": [
                    {"word": "不低于", "bound": "300万元", "value": "5万元"},
                    {"word": "超过", "bound": "1000万元", "value": "10万元"},
                ],
            },
        ),
        (
            "取大(分档(营业收入, (500万元, 50万元), 1万元) - 已获奖励, 0元)",
            {
                "way": "tiers", "of": "营业收入", "below": "1万元", "less": "已获奖励",
                "steps": [{"word": "不低于", "bound": "500万元", "value": "50万元"}],
            },
        ),
        (
            "取小(超额累进(营业收入, (10万元, 1%), (100万元, 0.5%), 0.1%), 5万元)",
            {
                "way": "slices", "of": "营业收入", "below": "0.1%", "most": "5万元",
                "steps": [
                    {"word": "", "bound": "10万元", "value": "1%"},
                    {"word": "", "bound": "100万元", "value": "0.5%"},
                ],
            },
        ),
        ("若 四上企业 则 30万元 否则 20万元", {"amount": "若 四上企业 则 30万元 否则 20万元"}),
        ("研发费用 ×", {"amount": "研发费用 ×"}),
    ],
)  # fmt: skip
def test_an_amount_is_a_row_where_it_has_a_shape(text: str, cells: dict[str, Any]) -> None:
    row = Amount().shown({"amount": text}, NAMES)
    told = Amount().told(row)["amount"]

    assert {name: each for name, each in row.items() if each} == cells
    assert told == text or NAMES.node(told) == NAMES.node(text)


@pytest.mark.parametrize(
    ("require", "cells"),
    [
        ("营业收入 ≥ 2000万元", ("营业收入", "不低于", "2000", "万元", "")),
        ({"fact": "营业收入", "word": "以上", "value": "2000", "unit": "万元"}, ("营业收入", "以上", "2000", "万元", "")),
        ({"fact": "营业收入", "word": "≥", "value": "2000", "unit": "万元"}, ("营业收入", "不低于", "2000", "万元", "")),
        ({"fact": "企业规模", "word": "属于", "value": ["小型", "微型"]}, ("企业规模", "属于", "小型、微型", "", "")),
        ("研发强度 > 5%", ("研发强度", "超过", "5", "%", "")),
        ("四上企业 或 研发强度 > 5%", ("", "", "", "", "四上企业 或 研发强度 > 5%")),
        ("营业收入 ≥", ("", "", "", "", "营业收入 ≥")),
        ("", ("", "", "", "", "")),
    ],
    ids=["sentence", "row", "sign", "list", "definition", "two", "faulty", "nothing"],
)  # fmt: skip
def test_a_condition_is_a_row_where_it_says_no_more(require: Any, cells: tuple[str, ...]) -> None:
    row = Required().shown({"require": require}, NAMES)

    assert tuple(row.values()) == cells
    told = Required().told(row)
    assert NAMES.as_text(told.get("require", "")) == NAMES.as_text(require) or told == {
        "require": require
    }


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({"营业收入[上年]": "2000万元"}, "营业收入[上年]: 2000万元"),
        ({"营业收入": {"2023年": "1万元", "2024年": "2万元"}}, "营业收入[2023年]: 1万元\n营业收入[2024年]: 2万元"),
        ({"资质称号": ["甲", "乙"]}, "资质称号: 甲、乙"),
        ({"资质称号": []}, "资质称号: 无"),
        (
            {"知识产权": [{"类别": "Ⅰ类", "受让取得": "否"}, {"类别": "Ⅱ类"}]},
            "知识产权: 类别：Ⅰ类，受让取得：否；类别：Ⅱ类",
        ),
        ({"营业收入": {"value": "4", "unit": "元"}}, "营业收入: {value: '4', unit: 元}"),
        ({"资质称号": ["甲、乙", "丙"]}, "资质称号: [甲、乙, 丙]"),
        ({"主导产品": "甲：乙"}, '主导产品: "甲：乙"'),
    ],
    ids=["one", "periods", "several", "none", "entries", "told", "brackets", "quotes"],
)  # fmt: skip
def test_facts_of_a_case_stand_in_lines(facts: dict[str, Any], lines: str) -> None:
    shown = facts_shown(facts)

    assert shown == lines
    assert facts_shown(facts_told(shown)) == shown


def test_a_place_of_the_text_is_found_in_its_row() -> None:
    draft = opened(TEXT, CASES)
    assert draft is not None
    text = written(draft)[0]
    lines = text.split("\n")
    line = next(at for at, each in enumerate(lines) if "研发费用 / 营业收入" in each)

    path, offset = path_at(text, line + 1, lines[line].index("营业收入 ≥") + 1)

    assert path == ("measures", 0, "clauses", 1, "require")
    assert offset == len("研发费用 / ")
    row = draft.measure("rd")
    assert MEASURE.cell(path[2:], row, offset) == ("clauses", 1, "expression")
    capped = {"amount": "取小(研发费用 × 3%, 50元人)"}
    row = BENEFIT.row({"key": "a", **capped}, NAMES) | {
        "way": "rate",
        "of": "研发费用",
        "rate": "3%",
        "most": "50元人",
    }
    assert BENEFIT.cell(("amount",), row, len("取小(研发")) == ("of",)
    assert BENEFIT.cell(("amount",), row, len("取小(研发费用 × 3%, 5")) == ("most",)


def draft() -> Draft:
    found = opened(TEXT, CASES)
    assert found is not None
    return found


def keys(found: Draft) -> list[str]:
    return [each["key"] for each in found.measures]


def test_measures_are_added_doubled_moved_and_taken_away() -> None:
    doubled = draft().doubled("rd")

    assert keys(doubled) == ["rd", "rd-2", "plan", "interest"]
    assert keys(doubled.doubled("rd")) == ["rd", "rd-3", "rd-2", "plan", "interest"]
    assert keys(draft().moved("plan", -1)) == ["plan", "rd", "interest"]
    assert keys(draft().moved("rd", -1)) == ["rd", "plan", "interest"]
    assert keys(draft().moved("interest", 1)) == ["rd", "plan", "interest"]
    assert keys(draft().without("rd")) == ["plan", "interest"]
    assert draft().without("rd").cases == ()
    assert keys(draft().with_measure({"key": "more", "title": "更多"})) == [
        "rd", "plan", "interest", "more",
    ]  # fmt: skip
    assert list(draft().with_measure({"key": "more", "title": "更多"}).whole)[-2:] == [
        "measures",
        "open",
    ]
    with pytest.raises(KeyError):
        draft().measure("none")


def test_what_names_a_measure_follows_its_new_key() -> None:
    whole = read(TEXT) | {"alternatives": [["rd", "plan"]]}
    whole["measures"][1]["excludes"] = [{"measure": "rd"}]
    found = Draft(whole, draft().cases)

    renamed = found.with_measure(found.measure("rd") | {"key": "research"}, "rd")

    assert keys(renamed) == ["research", "plan", "interest"]
    assert renamed.whole["open"][0]["measure"] == "research"
    assert renamed.whole["alternatives"] == [["research", "plan"]]
    assert renamed.measures[1]["excludes"] == [{"measure": "research"}]
    assert len(renamed.cases_of("research")) == 2
    assert check(written(renamed)[0])[0] is not None


def test_cases_of_one_measure_leave_those_of_others_alone() -> None:
    rows = draft().cases_of("rd")
    more = {"name": "示范", "on": "2026-03-01", "facts": "", "status": "需人工判断"}

    found = draft().with_cases("plan", [more]).with_cases("rd", rows[:1])

    assert [each["name"] for each in found.cases] == ["恰为5%", "示范"]
    assert found.cases[1]["measure"] == "plan"


def test_the_only_measure_names_its_cases_once_there_are_two() -> None:
    whole = read(TEXT)
    whole["measures"] = whole["measures"][:1]
    cases = tuple(
        {name: each[name] for name in each if name != "measure"} for each in draft().cases
    )
    only = Draft(whole, cases)

    found = only.with_measure({"key": "more", "title": "更多"})

    assert len(only.cases_of("rd")) == len(found.cases_of("rd")) == 2
    assert found.cases[0]["measure"] == "rd"
    assert "measure" not in found.cases[1]


@pytest.mark.parametrize(
    ("text", "cases"),
    [("a: [", ""), ("- 1", ""), ("", ""), (TEXT + "facts: [甲]\n", CASES), (TEXT, "cases: {a: b}")],
    ids=["no YAML", "a list", "nothing", "no facts", "no cases"],
)
def test_what_is_no_pack_is_left_to_the_text(text: str, cases: str) -> None:
    assert opened(text, cases) is None


def test_a_file_reads_as_somebody_would_write_it() -> None:
    data = {
        "version": "2026",
        "on": "2026-01-01",
        "none": "null",
        "list": [{"a": "是", "b": "x: y"}],
    }

    text = dumped(data)

    assert text == "version: 2026\non: 2026-01-01\nnone: 'null'\nlist:\n- {a: 是, b: 'x: y'}\n"
    assert read(text) == data


def test_comments_are_seen_before_they_are_lost() -> None:
    assert has_comments("# 说明\na: 1\n")
    assert has_comments("a: 1  # 说明\n")
    assert not has_comments("a: A#1\n")
