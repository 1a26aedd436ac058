"""Every code of what can be wrong is told in both languages, and there is a text that brings it."""

import datetime as dt
from collections.abc import Iterator, Mapping

import pytest

from lianqi.engines.packs.cases import check_cases
from lianqi.engines.packs.errors import NotAValueError, PackError, Wrong, told
from lianqi.engines.packs.library import Library
from lianqi.engines.packs.quantities import scalar_for
from lianqi.engines.packs.reading import check, read
from lianqi.engines.rules.catalogue import CatalogueError, national, spec_from
from lianqi.engines.rules.errors import Problem
from lianqi.engines.wording import places

PACK = """\
pack: example
version: "1"
document: {title: 研发奖励, issuer: 某区, source: 公告, published_on: 2026-01-01, checked_on: 2026-01-02}
in_force: {from: 2026-01-01, to: 2028-12-31}
facts:
  trial: {label: 试点, kind: bool}
parameters:
  门槛: [{value: 1000万元}, {from: 2026-07-01, value: 2000万元}]
definitions: {研发强度: 研发费用 / 营业收入}
measures:
  - key: award
    title: 研发奖励
    article: 第三条
    clauses:
      - {key: size, require: 营业收入 ≥ 门槛}
      - {key: ratio, require: 研发强度 ≥ 5%}
    benefits:
      - {key: rate, kind: rate, amount: 研发费用 × 3%, ceiling: 是, rounding: {to: 1元}}
    evidence: [{name: 审计报告, facts: [研发费用]}]
    process: {publicity_days: 5}
    rank: {by: 研发费用, levels: [{upto: 1, amount: 5万元}, {upto: 3, amount: 1万元}]}
    excludes: [other]
  - {key: other, title: 其他, article: 第四条, benefits: [{key: flat, kind: fixed, amount: 1万元}]}
"""
CASES = """\
cases:
  - name: 一
    measure: award
    on: 2026-03-01
    facts:
      营业收入[上年]: 2000万元
      研发费用[上年]: 100万元
    expect: {status: 符合, amount: 3万元, clauses: {size: 符合}, benefits: {rate: 3万元}}
  - name: 二
    like: 一
    expect: {amount: 3万元}
"""
# The code, what is replaced in the pack, and by what.
IN_PACKS: list[tuple[Wrong | Problem, str, str]] = [
    (Wrong.FILE_TOO_LONG, PACK, "a" * 1_000_001),
    (Wrong.FILE_TOO_DEEP, PACK, "[" * 100),
    (Wrong.NOT_YAML, PACK, "a: [1"),
    (Wrong.FILE_EMPTY, PACK, ""),
    (Wrong.ANCHOR, PACK, "a: &x 1\nb: *x"),
    (Wrong.TEXT_EXPECTED, 'version: "1"', "version: [1]"),
    (Wrong.ENTRIES_EXPECTED, PACK, "甲"),
    (Wrong.NAME_TWICE, 'version: "1"', 'version: "1"\nversion: "1"'),
    (Wrong.UNKNOWN_FIELD, 'version: "1"', 'version: "1"\n天气: 晴'),
    (Wrong.MISSPELT_FIELD, "    title: 研发奖励", "    titel: 研发奖励"),
    (Wrong.FIELD_MISSING, "issuer: 某区, ", ""),
    (Wrong.NOT_A_DAY, "from: 2026-01-01", "from: 2026-02-30"),
    (Wrong.NOT_A_FLAG, "ceiling: 是", "ceiling: 也许"),
    (Wrong.NOT_A_COUNT, "publicity_days: 5", "publicity_days: 五"),
    (Wrong.UNKNOWN_CHOICE, "kind: rate", "kind: gift"),
    (Wrong.NOT_A_PUBLICATION_DAY, "published_on: 2026-01-01", "published_on: 去年"),
    (Wrong.NOT_A_FACT_ENTRY, "trial: {label: 试点, kind: bool}", "trial: 试点"),
    (Wrong.NOT_A_FACT_ENTRY, "kind: bool}", "kind: set, values: 甲}"),
    (Wrong.UNSPELLABLE_LABEL, "label: 试点", "label: 2023年试点"),
    (Wrong.VALUES_OUT_OF_ORDER, "from: 2026-07-01, ", ""),
    (Wrong.VALUES_OF_DIFFERENT_UNITS, "value: 1000万元", "value: 1000人"),
    (Wrong.PARAMETER_ALREADY, "{研发强度:", "{门槛: 1, 研发强度:"),
    (Wrong.ENDS_TOO_EARLY, "to: 2028-12-31", "to: 2025-12-31"),
    (Wrong.NOT_A_KEY, "pack: example", "pack: Example"),
    (Wrong.MEASURE_TWICE, "key: other", "key: award"),
    (Wrong.UNKNOWN_MEASURE, "excludes: [other]", "excludes: [another]"),
    (Wrong.EMPTY_MEASURE, "benefits: [{key: flat", "notes: [{key: flat"),
    (Wrong.KEY_TWICE, "key: ratio", "key: size"),
    (Wrong.CLAUSE_ASKS_NOTHING, "{key: ratio, require: 研发强度 ≥ 5%}", "{key: ratio}"),
    (Wrong.BENEFIT_GIVES_NOTHING, "kind: fixed, amount: 1万元", "kind: fixed"),
    (Wrong.ROUNDING_WITHOUT_MONEY, "to: 1元", "to: 1人"),
    (Wrong.EXPRESSION_MISSING, "require: 研发强度 ≥ 5%", "require: ''"),
    (Wrong.NUMBER_EXPECTED, "{by: 研发费用", "{by: 四上企业"),
    (Wrong.UNKNOWN_FACT, "facts: [研发费用]", "facts: [研发费]"),
    (Wrong.LEVELS_NOT_RISING, "upto: 3", "upto: 1"),
    (Wrong.NOT_A_QUANTITY, "value: 1000万元", "value: 许多"),
    (Wrong.NOT_A_UNIT, "value: 1000万元", "value: 1000斤"),
    (Wrong.UNKNOWN_BENEFIT, "    excludes: [other]", "    alternatives: [rate, gift]"),
    (Wrong.ALONE_AMONG_ALTERNATIVES, "    excludes: [other]", "    alternatives: [rate]"),
    (Problem.FACT_TWICE, "trial: {label", "revenue: {label"),
    (Problem.FACT_NAME_TWICE, "label: 试点", "label: 营业收入"),
    (Problem.STRANGE_IN_FACT, "kind: bool}", "kind: bool, colour: red}"),
    (Problem.FACT_INCOMPLETE, "label: 试点, ", ""),
    (Problem.UNIT_OF_FACT, "kind: bool}", "kind: number, unit: 斤}"),
    (Problem.GRAIN_OF_FACT, "kind: bool}", "kind: number, grain: week}"),
    (Problem.ADVICE_OF_FACT, "kind: bool}", "kind: bool, advice: 多}"),
    (Problem.KIND_OF_FACT, "kind: bool}", "kind: maybe}"),
    (Problem.NUMBER_OF_FACT, "kind: bool}", "kind: number, low: 少}"),
    (Problem.UNKNOWN_NAME, "营业收入 ≥ 门槛", "营业收人 ≥ 门槛"),
    (Problem.TAKEN_NAME, "{研发强度:", "{营业收入: 1, 研发强度:"),
]
IN_CASES: list[tuple[Wrong, str, str]] = [
    (Wrong.UNIT_MISSING, "2000万元", "2000"),
    (Wrong.OTHER_UNIT, "2000万元", "2000人"),
    (Wrong.OUT_OF_RANGE, "研发费用[上年]: 100万元", "研发费用[上年]: -1元"),
    (Wrong.TOO_MANY_DIGITS, "研发费用[上年]: 100万元", "研发费用[上年]: 1.234元"),
    (Wrong.NO_PERIOD, "facts:\n", "facts:\n      四上企业[上年]: 是\n"),
    (Wrong.PERIOD_TO_COME, "研发费用[上年]", "研发费用[1]"),
    (Wrong.OTHER_PERIOD, "研发费用[上年]", "研发费用[2025-Q1]"),
    (Wrong.NOT_AN_INDUSTRY, "facts:\n", "facts:\n      行业代码: 光电\n"),
    (Wrong.UNLISTED_INDUSTRY, "facts:\n", "facts:\n      行业代码: 9900\n"),
    (Wrong.INDUSTRY_OF_OTHER_SECTION, "facts:\n", "facts:\n      行业代码: A3913\n"),
    (Wrong.YES_OR_NO, "facts:\n", "facts:\n      四上企业: 也许\n"),
    (Wrong.NOT_A_DAY, "facts:\n", "facts:\n      成立日期: 去年\n"),
    (Wrong.NOT_IN_VOCABULARY, "facts:\n", "facts:\n      企业规模: 巨型\n"),
    (Wrong.FACT_NOT_KNOWN, "facts:\n", "facts:\n      zzz: 1\n"),
    (Wrong.FACT_MISSPELT, "营业收入[上年]", "营业收人[上年]"),
    (Wrong.WHICH_YEAR, "研发费用[上年]", "研发费用"),
    (Wrong.STATED_TWICE, "facts:\n", "facts:\n      研发费用[2025年]: 1万元\n"),
    (Wrong.UNKNOWN_ENTRY_FIELD, "facts:\n", "facts:\n      知识产权: [{等级: 1}]\n"),
    (Wrong.CASE_TWICE, "name: 二", "name: 一"),
    (Wrong.NO_CASE_ABOVE, "like: 一", "like: 三"),
    (Wrong.CASE_INCOMPLETE, "    on: 2026-03-01\n", ""),
    (Wrong.NO_MEASURE_OF_CASE, "measure: award", "measure: gift"),
    (Wrong.NOT_IN_FORCE, "on: 2026-03-01", "on: 2025-03-01"),
    (Wrong.DIFFERS, "expect: {amount: 3万元}", "expect: {amount: 4万元}"),
    (Wrong.NOT_A_STATUS, "status: 符合", "status: 好"),
    (Wrong.NO_CLAUSE_TO_COMPARE, "clauses: {size", "clauses: {length"),
    (Wrong.NO_BENEFIT_TO_COMPARE, "benefits: {rate", "benefits: {gift"),
    (Wrong.NO_INSTALMENT_TO_COMPARE, "expect: {amount: 3万元}", "expect: {instalments: {now: 1元}}"),
    (Wrong.NOBODY_CALLED, "expect: {amount: 3万元}", "expect: {applicants: {甲: 符合}}"),
    (Wrong.NOT_MONEY, "expect: {amount: 3万元}", "expect: {amount: 3人}"),
]  # fmt: skip
# Brought by registers; each is told in test_registers.py.
OF_REGISTERS = {
    Wrong.NUMBER_TOO_GREAT,
    Wrong.CELL_WITHOUT_HEADING,
    Wrong.ROW_WITHOUT_APPLICANT,
    Wrong.APPLICANT_TWICE,
    Wrong.HEADING_MISSPELT,
    Wrong.HEADING_WITHOUT_PERIOD,
    Wrong.NEITHER_PERIOD_NOR_UNIT,
    Wrong.UNIT_OF_NO_NUMBER,
    Wrong.HEADING_OF_OTHER_UNIT,
    Wrong.HEADING_TWICE,
    Wrong.NO_SUCH_COLUMN,
    Wrong.NO_APPLICANT_COLUMN,
    Wrong.WORD_IN_COLUMN,
}
# Brought by no text of a pack with the facts of the program: tested below, and with registers.
ELSEWHERE = {
    Wrong.WHICH_PERIOD,
    Wrong.NOT_ONE_VALUE,
    Wrong.NO_CASES,
    Wrong.VERSION_TWICE,
    Wrong.VERSIONS_OVERLAP,
    Wrong.FORMULA_IN_CELL,
    Wrong.FAULT_IN_CELL,
    Wrong.CELL_WITHOUT_NUMBER,
    Wrong.CELL_WITHOUT_UNIT,
    Wrong.NOT_IN_AN_ENTRY,
    *OF_REGISTERS,
}


def codes(errors: tuple[PackError, ...]) -> set[Wrong | Problem]:
    return {each.problem for each in errors}


def test_nothing_is_wrong_with_the_texts_that_are_broken_below() -> None:
    pack, errors = check(PACK)

    assert pack is not None, errors
    assert check_cases(pack, CASES, "cases.yaml") == (2, ())


@pytest.mark.parametrize(
    ("code", "old", "new"), IN_PACKS, ids=[f"{each[0]}-{n}" for n, each in enumerate(IN_PACKS)]
)
def test_a_text_of_a_pack_brings_the_code(code: Wrong | Problem, old: str, new: str) -> None:
    assert old in PACK

    pack, errors = check(PACK.replace(old, new, 1))

    assert pack is None
    assert code in codes(errors), errors


@pytest.mark.parametrize(("code", "old", "new"), IN_CASES, ids=[each[0] for each in IN_CASES])
def test_a_text_of_cases_brings_the_code(code: Wrong, old: str, new: str) -> None:
    assert old in CASES

    _count, errors = check_cases(read(PACK), CASES.replace(old, new, 1), "cases.yaml")

    assert code in codes(errors), errors


def test_a_quarterly_fact_asks_which_quarter() -> None:
    own = PACK.replace("{label: 试点, kind: bool}", "{label: 用电, kind: number, grain: quarter}")
    cases = CASES.replace("facts:\n", "facts:\n      用电: 1\n")

    assert codes(check_cases(read(own), cases, "cases.yaml")[1]) == {Wrong.WHICH_PERIOD}


def test_a_list_is_no_single_value() -> None:
    with pytest.raises(NotAValueError) as caught:
        scalar_for(national()["ip_rights"], "3")

    assert caught.value.problem is Wrong.NOT_ONE_VALUE


def test_packs_that_contradict_each_other_are_told_in_both_languages() -> None:
    newer = read(PACK.replace('version: "1"', 'version: "2"'))

    assert Library([read(PACK), read(PACK)]).clashes("zh") == ("example：有两个文件同为版本1。",)
    assert Library([read(PACK), newer]).clashes("zh")[0] == (
        "example/award：版本1与2在同一天均有效。"
    )


def test_every_code_is_brought_by_something() -> None:
    brought = {code for code, _old, _new in (*IN_PACKS, *IN_CASES)}

    assert set(Wrong) - brought == ELSEWHERE


def _all() -> Iterator[PackError]:
    for _code, old, new in IN_PACKS:
        yield from check(PACK.replace(old, new, 1))[1]
    for _code, old, new in IN_CASES:
        yield from check_cases(read(PACK), CASES.replace(old, new, 1), "c.yaml")[1]


def test_both_languages_say_it_and_keep_to_themselves() -> None:
    for error in _all():
        english, chinese = error.told("en"), error.told("zh")
        for said in (english, chinese):
            assert said.message, error.problem
            assert not places(said.message + said.advice), error.problem
            assert "{'" not in said.message + said.advice, error.problem
        assert bool(english.advice) == bool(chinese.advice), error.problem
        assert chinese.message.endswith(("。", "？")), chinese
        assert error.line_in("zh").startswith(f"{error.file}:{error.line}:{error.column}: ")


@pytest.mark.parametrize("params", [{"written": "甲"}])
def test_a_sentence_is_found_by_its_code(params: Mapping[str, object]) -> None:
    assert told(Wrong.NOT_A_KEY, params).message == "甲 is no key"
    assert told(Wrong.NOT_A_KEY, params, "zh").message == "甲不能作为标识。"
    assert told(Problem.EMPTY, {}, "zh").message == "表达式为空。"


def test_a_hint_of_a_catalogue_is_an_error_with_a_code() -> None:
    with pytest.raises(CatalogueError) as caught:
        spec_from("a", {"label": "甲", "kind": "number", "decimals": "1.5"})

    assert caught.value.problem is Problem.NUMBER_OF_FACT


def test_a_case_that_differs_is_told_in_chinese() -> None:
    cases = CASES.replace("status: 符合", "status: 不符合")

    _count, errors = check_cases(read(PACK), cases, "cases.yaml")

    assert errors[0].told("zh").message == "案例“一”：结论为符合，而不是不符合。"
    assert errors[0].told("en").message == "一: the status is met, not unmet"
    assert dt.date(2026, 3, 1) not in errors[0].params.values()
