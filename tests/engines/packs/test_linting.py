"""Every fault that was planted in a pack is found, and nothing in a sound one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from lianqi.engines.packs import cases_file, load, shipped
from lianqi.engines.packs.cases import examples
from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.packs.linting import SENTENCES, Fault, Remark, Severity, remarks
from lianqi.engines.packs.reading import read
from lianqi.engines.packs.stating import facts_stated
from lianqi.engines.rules.lint import Problem

TODAY = dt.date(2026, 6, 1)
SOUND = """\
pack: sound
version: "1"
document: {title: 研发奖励, issuer: 某区, source: 公告, checked_on: 2026-01-01}
in_force: {from: 2026-01-01, to: 2028-12-31}
measures:
  - key: a
    title: 研发奖励
    article: 第三条
    clauses:
      - {key: revenue, require: 营业收入 ≥ 2000万元}
      - {key: rd, require: 研发费用 ≥ 100万元}
    benefits: [{key: x, kind: rate, amount: "取小(研发费用 × 3%, 100万元)"}]
    evidence: [{name: 审计报告, source: enterprise, facts: [研发费用]}]
  - {key: b, title: 定额, article: 第四条, benefits: [{key: y, kind: fixed, amount: 1万元}]}
"""


def found(text: str) -> set[tuple[Fault | Problem, str, tuple[str, ...]]]:
    return {
        (each.problem or each.fault, each.measure, each.where)
        for each in remarks(read(text), TODAY)
    }


def test_a_sound_pack_gets_no_remark() -> None:
    assert found(SOUND) == set()


@pytest.mark.parametrize(
    ("old", "new", "fault", "measure", "where"),
    [
        ("facts: [研发费用]", "facts: [营业收入]", Fault.NO_EVIDENCE, "a", ("rd_expense",)),
        ("研发费用 ≥ 100万元", "研发费用 ≥ 100万元 且 注册在本区", Fault.MUST_BE_HERE, "a", ("registered_here",)),
        ("{key: rd, require", "{key: rd, text: 采购本地品牌设备, require", Fault.LOCAL_BRAND, "a", ("rd",)),
        ('"取小(研发费用 × 3%, 100万元)"', '"取小(研发费用 × 3%, 纳税额)"', Fault.TIED_TO_LOCAL_TAX, "a", ("tax_paid",)),
        ("to: 2028-12-31", "to: 2026-05-31", Fault.EXPIRED, "a", ()),
        ("to: 2028-12-31", "to: 2026-06-30", Fault.EXPIRES_SOON, "a", ()),
        (", to: 2028-12-31", "", Fault.NO_END, "", ()),
        (", checked_on: 2026-01-01", "", Fault.NOT_CHECKED, "", ()),
        ("    article: 第三条\n", "", Fault.NO_ARTICLE, "a", ("revenue", "rd", "x")),
        ("    evidence:", "    excludes: [b]\n    stacks_with: [b]\n    evidence:", Fault.STACKING, "a", ("b",)),
        ("    evidence:", "    excludes: [a]\n    evidence:", Fault.STACKING, "a", ("a",)),
        ("研发费用 ≥ 100万元", "营业收入 < 1000万元", Problem.CONTRADICTION, "a", ("revenue", "rd")),
        ("研发费用 ≥ 100万元", "研发费用 ≥ 0元", Problem.ALWAYS_TRUE, "a", ("rd",)),
        ("研发费用 ≥ 100万元", "研发费用 < 0元", Problem.NEVER_TRUE, "a", ("rd",)),
        ("研发费用 ≥ 100万元", "营业收入 ≥ 1000万元", Problem.IMPLIED, "a", ("rd",)),
        ('"取小(研发费用 × 3%, 100万元)"', '"研发费用 - 200万元"', Problem.NEGATIVE_AMOUNT, "a", ("x",)),
        ('"取小(研发费用 × 3%, 100万元)"', '"研发费用 / 负债总额 × 1万元"', Problem.MAY_DIVIDE_BY_ZERO, "a", ("x",)),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(
    old: str, new: str, fault: Fault | Problem, measure: str, where: tuple[str, ...]
) -> None:
    assert old in SOUND

    assert (fault, measure, where) in found(SOUND.replace(old, new, 1))


def test_the_reward_tied_to_local_tax_is_flagged_in_the_real_measures() -> None:
    said = [
        each
        for pack in shipped()
        if pack.key == "bazhou-investment"
        for each in remarks(pack, TODAY)
    ]

    assert Remark(Fault.TIED_TO_LOCAL_TAX, "reward", ("contribution",)) in said


def test_every_remark_has_words_in_both_languages() -> None:
    assert set(SENTENCES) == {*Fault, *Problem} - {Fault.LOGIC}
    assert all(english and chinese for english, chinese in SENTENCES.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "national/small-profit-2023",
        "regional/rm03-baoan-interest",
        "regional/rm22-bazhou-investment",
    ],
)
def test_an_example_in_the_cases_refutes_what_the_search_did_not_find(name: str) -> None:
    file = SHIPPED / f"{name}.yaml"
    pack = load(file)

    said = remarks(pack, TODAY, examples(pack, cases_file(file).read_text("utf-8")))

    assert {each.problem for each in said}.isdisjoint({Problem.CONTRADICTION, Problem.NEVER_TRUE})


TIERS = SOUND.replace(
    '    benefits: [{key: x, kind: rate, amount: "取小(研发费用 × 3%, 100万元)"}]',
    """    benefits:
      - {key: low, kind: fixed, when: 研发费用 < 500万元, amount: 5万元}
      - {key: high, kind: fixed, when: 研发费用 ≥ 500万元, amount: 10万元}
    alternatives: [low, high]""",
)


def test_tiers_that_meet_are_sound() -> None:
    assert found(TIERS) == set()


@pytest.mark.parametrize(
    ("old", "new", "problem", "edge"),
    [
        ("< 500万元", "≤ 500万元", Problem.OVERLAP, lambda rd: rd == 5_000_000),
        ("< 500万元", "< 400万元", Problem.GAP, lambda rd: 4_000_000 <= rd < 5_000_000),
    ],
    ids=["overlap", "gap"],
)
def test_tiers_that_overlap_or_leave_a_gap_are_shown_by_facts(
    old: str, new: str, problem: Problem, edge: Callable[[Any], bool]
) -> None:
    (remark,) = remarks(read(TIERS.replace(old, new)), TODAY)

    assert (remark.problem, remark.where) == (problem, ("low", "high"))
    assert edge(remark.example["rd_expense@2025"])
    assert remark.severity is Severity.WARNS


def test_a_gap_may_be_meant() -> None:
    open_below = TIERS.replace("< 500万元", "< 400万元").replace(
        "alternatives: [low, high]", "alternatives: [{of: [low, high], or_none: 是}]"
    )

    assert found(open_below) == set()


def test_measures_can_be_tiers_of_one_thing() -> None:
    few = "clauses: [{key: few, require: 营业收入 < 2500万元}], benefits"
    both = SOUND.replace("article: 第四条, benefits", f"article: 第四条, {few}")

    remark = next(
        each for each in remarks(read(f"{both}alternatives: [a, b]\n"), TODAY) if each.problem
    )

    assert (remark.measure, remark.where) == ("", ("a", "b"))
    assert remark.problem is Problem.OVERLAP


def test_contradictions_stop_a_publication_and_time_runs_out_honestly() -> None:
    pack = read(SOUND.replace("研发费用 ≥ 100万元", "研发费用 < 0元"))

    assert {each.severity for each in remarks(pack, TODAY)} == {Severity.STOPS}
    late = remarks(pack, TODAY, seconds=-1)
    assert [(each.fault, each.measure) for each in late] == [
        (Fault.NOT_LOOKED_AT, "a"), (Fault.NOT_LOOKED_AT, "b")
    ]  # fmt: skip
    assert late[0].said("zh") == "在限定时间内没有检查完其逻辑"


def test_an_example_is_written_as_a_case_would_be() -> None:
    (remark,) = remarks(read(TIERS.replace("< 500万元", "≤ 500万元")), TODAY)

    assert "研发费用[2025]: 500万元" in facts_stated(remark.example, read(TIERS).catalogue)
