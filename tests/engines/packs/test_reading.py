"""What a pack says, and what is said about a pack that is wrong."""

import datetime as dt
from fractions import Fraction

import pytest

from lianqi.engines.packs.errors import PackErrors
from lianqi.engines.packs.library import Library
from lianqi.engines.packs.pack import BenefitKind
from lianqi.engines.packs.reading import check, read
from lianqi.engines.rules.rule import RoundingMode, Status, assess

PACK = """\
pack: example
version: "2026"
document: {title: 研发奖励办法, issuer: 某高新区, source: 公告, level: zone}
in_force: {from: 2026-01-01, to: 2026-12-31}
parameters:
  门槛:
    - {value: 1000万元, article: 第三条}
    - {from: 2026-07-01, value: 2000万元, article: 修改决定}
definitions:
  研发强度: 研发费用 / 营业收入
scope: 注册在本区
measures:
  - key: award
    title: 研发奖励
    article: 第三条
    clauses:
      - {key: size, text: 收入达到门槛, require: 营业收入 ≥ 门槛}
      - {key: ratio, article: 第三条第二款, require: 研发强度 ≥ 5%}
      - {key: field, judge: 是否属于重点领域？}
    benefits:
      - key: rate
        kind: rate
        title: 按比例奖励
        amount: 研发费用 × 3%
        ceiling: 是
        rounding: {to: 100元, mode: down}
        instalments: [{key: now, share: 60%}, {key: later, share: 40%}]
    cap: 100万元
    evidence: [{name: 审计报告, source: enterprise, facts: [研发费用]}, 申请表]
    process: {application: declare, windows: [{from: 2026-03-01, to: 2026-03-31}], publicity_days: 5}
    budget: {amount: 500万元, when_short: proportional}
    clawback: [{when: 非 注册在本区, amount: 10万元, text: 迁出追回}]
    stacks_with: [other]
  - key: other
    title: 其他
    in_force: {to: 2026-06-30}
    benefits: [{key: flat, kind: fixed, title: 定额, amount: 5万元}]
open: [{point: 重点领域未列明, handled: 转人工, measure: award}]
"""
DAY = dt.date(2026, 3, 1)
FACTS = {
    "registered_here": True,
    "revenue@2025": Fraction(15_000_000),
    "rd_expense@2025": Fraction("1234567.89"),
    "judged:example/2026.award_field": True,
}


def test_a_pack_tells_what_it_holds() -> None:
    pack = read(PACK)
    award = pack.measure("award", DAY)

    assert (pack.key, pack.version, pack.title) == ("example", "2026", "研发奖励办法")
    assert [clause.article for clause in award.clauses] == ["第三条", "第三条第二款", "第三条"]
    assert award.benefits[0].kind is BenefitKind.RATE
    assert award.benefits[0].kind.label == "按比例补助"
    assert award.benefits[0].is_ceiling
    assert award.benefits[0].rounding.mode is RoundingMode.DOWN
    assert award.evidence[0].facts == ("rd_expense",)
    assert award.process.windows[0].holds(dt.date(2026, 3, 31))
    assert not award.process.windows[0].holds(dt.date(2026, 4, 1))
    assert award.process.publicity_days == 5
    assert pack.open[0].measure == "award"


def test_a_rule_is_assessed_with_scope_rounding_and_cap() -> None:
    rule = read(PACK).rules(DAY)[0]

    found = assess(rule, FACTS)

    assert rule.key == "example/award"
    assert found.status is Status.MET
    assert found.amount is not None
    assert found.amount.value == 37_000  # 37,037.04 in full hundreds
    assert assess(rule, {**FACTS, "registered_here": False}).status is Status.NOT_APPLICABLE


def test_a_parameter_is_the_one_of_the_day() -> None:
    pack = read(PACK)

    before, after = (assess(pack.rules(day)[0], FACTS) for day in (DAY, dt.date(2026, 7, 1)))

    assert dict(before.clauses)["size"] is Status.MET
    assert dict(after.clauses)["size"] is Status.UNMET


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        ("2025-12-31", []),
        ("2026-01-01", ["award", "other"]),
        ("2026-06-30", ["award", "other"]),
        ("2026-07-01", ["award"]),
        ("2026-12-31", ["award"]),
        ("2027-01-01", []),
    ],
)
def test_any_day_can_be_asked(day: str, keys: list[str]) -> None:
    found = Library([read(PACK)]).on(dt.date.fromisoformat(day))

    assert [each.measure.key for each in found] == keys


def test_two_versions_in_force_on_one_day_are_told() -> None:
    newer = PACK.replace('version: "2026"', 'version: "2027"')

    assert Library([read(PACK), read(newer)]).clashes() == (
        "example/award: in force in 2026 and 2027 on one day",
        "example/other: in force in 2026 and 2027 on one day",
    )
    assert Library([read(PACK), read(PACK)]).clashes() == ("example: two files tell version 2026",)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("pack: example", "pack: Exämple", "Exämple", "is no key"),
        ("pack: example\n", "", "version", "pack is missing"),
        ("issuer: 某高新区, ", "", "{title: 研发奖励办法", "issuer is missing"),
        ("level: zone", "level: planet", "planet", "planet is not known here"),
        ("from: 2026-01-01", "from: 2026-02-30", "2026-02-30", "is no day"),
        ("to: 2026-12-31", "to: 2025-12-31", "2025-12-31", "ends before it begins"),
        ("value: 1000万元", "value: 许多", "许多", "is no number"),
        ("value: 1000万元", "value: 1000人", "门槛:", "different units"),
        ("from: 2026-07-01, ", "", "门槛:", "not in order of time"),
        ("研发费用 / 营业收入", "研发费用 + 从业人员", "从业人员\n", "人"),
        ("研发强度: ", "营业收入: ", "营业收入: ", "营业收入"),
        ("营业收入 ≥ 门槛", "营业收入 ≥ 门坎", "门坎", "门坎"),
        ("营业收入 ≥ 门槛", "营业收入 ≥ 2000", "2000}", "2000万元"),
        ("研发强度 ≥ 5%", "研发强度 ≥ 5", "5}", "5%"),
        ("营业收入 ≥ 门槛", "营业收入", "营业收入}", ""),
        ("judge: 是否属于重点领域？", "text: 无条件", "{key: field", "asks nothing"),
        ("key: ratio", "key: size", "{key: size, article", "stands in clauses twice"),
        ("kind: rate", "kind: gift", "gift", "gift is not known here"),
        ("amount: 研发费用 × 3%", "amount: 从业人员 × 3%", "从业人员", "元"),
        ("ceiling: 是", "ceiling: 也许", "也许", "neither yes nor no"),
        ("to: 100元", "to: 100人", "100人", "a sum of money"),
        ("mode: down", "mode: up", "up}", "up is not known here"),
        ("facts: [研发费用]", "facts: [研发费]", "研发费]", "is no fact"),
        ("application: declare", "application: beg", "beg", "beg is not known here"),
        ("publicity_days: 5", "publicity_days: five", "five", "no whole number"),
        ("stacks_with: [other]", "stacks_with: [another]", "key: award", "no measure another"),
        ("key: other", "key: award", "key: award\n    title: 其他", "two measures have the key"),
        ("measure: award}]", "measure: nothing}]", "{point", "there is no measure nothing"),
        ("title: 其他\n", "titel: 其他\n", "titel", "did you mean title?"),
        ("benefits: [{key: flat, ", "notes: [{key: flat, ", "key: other", "neither clauses nor"),
        (", amount: 5万元}", "}", "{key: flat", "gives nothing"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, at: str, said: str) -> None:
    assert old in PACK
    text = PACK.replace(old, new, 1)
    before = text[: text.index(at)]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))

    pack, errors = check(text, "example.yaml")

    assert pack is None
    told = [(each.line, each.column) for each in errors if said in f"{each.message} {each.advice}"]
    assert place in told, errors


ROWS = [
    ("{fact: 营业收入, word: 不低于, value: 2000, unit: 万元}", "营业收入 ≥ 2000万元"),
    ("{fact: 研发强度, word: 超过, value: 5%}", "研发强度 > 5%"),
    ("{fact: 企业规模, word: 属于, value: [小型, 微型]}", "企业规模 属于 ('小型', '微型')"),
    ("{fact: 四上企业, word: 是}", "四上企业"),
]


@pytest.mark.parametrize(("row", "text"), ROWS)
def test_a_row_of_a_table_is_the_same_as_its_text(row: str, text: str) -> None:
    by_row, by_text = (
        read(PACK.replace("require: 营业收入 ≥ 门槛", f"require: {each}"))
        for each in (row, f'"{text}"')
    )

    assert by_row.rules(DAY)[0].clauses == by_text.rules(DAY)[0].clauses


@pytest.mark.parametrize(
    ("row", "at"),
    [
        ("{fact: 营业收人, word: 不低于, value: 2000, unit: 万元}", "营业收人"),
        ("{fact: 营业收入, word: 包含, value: 2000, unit: 万元}", "包含"),
        ("{fact: 营业收入, word: 不低于, value: 许多, unit: 万元}", "许多"),
        ("{fact: 营业收入, word: 不低于, value: 2000, unit: 人}", "2000"),
        ("{fact: 营业收入, value: 2000, unit: 万元}", "{fact"),
    ],
)
def test_a_mistake_in_a_row_is_told_at_its_cell(row: str, at: str) -> None:
    text = PACK.replace("require: 营业收入 ≥ 门槛", f"require: {row}")
    line = text.split("\n")[16]

    _pack, errors = check(text, "example.yaml")

    assert (17, line.index(at, 20) + 1) in [(each.line, each.column) for each in errors], errors


def test_all_mistakes_are_told_at_once() -> None:
    broken = PACK.replace("≥ 门槛", "≥ 门坎").replace("kind: rate", "kind: gift").replace("5%", "5")

    with pytest.raises(PackErrors) as caught:
        read(broken, "example.yaml")

    assert len(caught.value.errors) == 3
    assert [each.line for each in caught.value.errors] == [17, 18, 22]


def test_a_mistake_in_a_definition_is_told_once() -> None:
    _pack, errors = check(PACK.replace("研发费用 / 营业收入", "研发费 / 营业收入"), "example.yaml")

    assert [each.line for each in errors] == [10]


def test_a_fact_of_ones_own_is_known_in_that_pack_alone() -> None:
    own = PACK.replace(
        "scope: 注册在本区", "facts:\n  trial: {label: 试点企业, kind: bool}\nscope: 试点企业"
    )

    assert [each.key for each in read(own).own_facts] == ["trial"]
    assert check(PACK.replace("scope: 注册在本区", "scope: 试点企业"))[0] is None


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("trial: {kind: bool}", "label"),
        ("trial: {label: 试点, kind: maybe}", "kind"),
        ("trial: {label: 试点, kind: number, unit: 斤}", "unit"),
        ("trial: {label: 营业收入, kind: bool}", "营业收入"),
        ("revenue: {label: 收入, kind: bool}", "revenue"),
        ("trial: {label: 2023年名单, kind: bool}", "cannot be written in a rule"),
        ("trial: {label: 研发（税务）, kind: bool}", "cannot be written in a rule"),
        ("trial: 试点", "is no fact"),
        ("trial: {label: 试点, kind: bool, colour: red}", "colour"),
    ],
)
def test_a_wrong_fact_of_ones_own_is_told(entry: str, said: str) -> None:
    pack, errors = check(PACK.replace("scope:", f"facts:\n  {entry}\nscope:"), "example.yaml")

    assert pack is None
    assert any(each.line == 12 and said in each.message for each in errors), errors
