"""Answers to questions belong to the pack that puts them, also where keys are the same."""

import datetime as dt

from lianqi.engines.packs import check_cases, read
from lianqi.engines.rules.bulk.matching import chunks_of, match
from lianqi.engines.rules.bulk.program import Program
from lianqi.engines.rules.bulk.tables import table_of
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.compiled import Compiled
from lianqi.engines.rules.rule import Status, assess

DAY = dt.date(2026, 3, 1)
PACK = """\
pack: {key}
version: "1"
document: {{title: 办法, issuer: 管委会, source: 门户网站}}
in_force: {{from: 2026-01-01}}
measures:
  - key: award
    title: 奖励
    clauses:
      - {{key: field, text: 属于重点领域, judge: 是否属于重点领域？}}
      - {{key: also, text: 或者首创, require: "注册在本区 或 judge('novel', '是否首创？')"}}
    benefits:
      - key: award
        kind: fixed
        amount: 若 judge('large', '是否重大？') 则 10万元 否则 5万元
"""
CASES = """\
cases:
  - name: 都答了
    on: 2026-03-01
    facts: {注册在本区: 否}
    answers: {award_field: 是, novel: 是, large: 否}
    expect: {status: 符合, amount: 5万元}
  - name: 都没有答
    on: 2026-03-01
    facts: {注册在本区: 否}
    expect: {status: 需人工判断, asks: [judged:award_field, judged:novel]}
"""
ONE, OTHER = (read(PACK.format(key=key)) for key in ("one", "other"))


def test_an_answer_counts_for_its_own_pack_only() -> None:
    rules = [pack.measure("award", DAY).rule(pack.key).on(DAY) for pack in (ONE, OTHER)]
    answered = {
        "registered_here": True,
        "judged:one/1.award_field": True,
        "judged:one/1.large": True,
        "judged:other/1.large": False,
    }

    found = [assess(rule, answered) for rule in rules]

    assert [each.status for each in found] == [Status.MET, Status.REVIEW]
    assert found[0].amount is not None
    assert found[0].amount.value == 100_000
    assert found[1].asks == {"judged:other/1.award_field"}
    assert Compiled(rules, national()).assess(answered) == found
    program = Program(rules, national())
    (matched,) = match(program, chunks_of(table_of([1], [answered], program.wanted), program))
    assert [(each.met, each.review) for each in matched.tallies()] == [(1, 0), (0, 1)]


def test_cases_name_questions_without_their_pack() -> None:
    assert check_cases(ONE, CASES, "cases") == (2, ())
