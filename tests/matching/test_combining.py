"""Measures of two documents that are not paid side by side: one is paid, and it is said why."""

import pytest

from lianqi.matching.queries import verdicts_for
from lianqi.matching.queries.combining import combination_of
from tests.matching.scene import ON, Scene, fact, make_scene

pytestmark = pytest.mark.django_db

ONE = """\
pack: one
version: "1"
document: {title: 稳产办法, issuer: 管委会, source: 公报}
in_force: {from: 2026-01-01}
measures:
  - key: output
    title: 稳产奖励
    excludes: [{measure: two/talent, article: 第七条}]
    clauses:
      - {key: revenue, require: 营业收入 ≥ 1万元}
    benefits: [{key: grant, kind: rate, title: 奖励, amount: 营业收入 × 1%}]
"""
TWO = (
    ONE.replace("pack: one", "pack: two")
    .replace("稳产办法", "人才办法")
    .replace("key: output", "key: talent")
    .replace("    excludes: [{measure: two/talent, article: 第七条}]\n", "")
    .replace("营业收入 × 1%", "5万元")
)
CASES = """\
cases:
  - name: 一
    on: 2026-03-01
    facts:
      营业收入[上年]: 100万元
    expect: {status: met}
  - name: 差
    like: 一
    facts:
      营业收入[上年]: 0.5万元
    expect: {status: unmet}
"""


@pytest.fixture
def scene() -> Scene:
    found = make_scene()
    for text in (ONE, TWO):
        found.pack(text, CASES)
    return found


@pytest.mark.parametrize(
    ("revenue", "paid", "left_out", "yuan"),
    [(5_000_001, "output", "talent", 50_000), (4_999_999, "talent", "output", 50_000)],
)
def test_the_higher_of_two_documents_is_paid(
    scene: Scene, revenue: int, paid: str, left_out: str, yuan: int
) -> None:
    fact(scene.firm, "revenue", revenue)

    found = verdicts_for(scene.firm.pk, on=ON).verdicts
    together = combination_of(found)

    by_key = {each.place.measure.key: together.of(each.place) for each in found}
    winner, loser = by_key[paid], by_key[left_out]
    assert winner is not None
    assert loser is not None
    assert [each.key for each in winner.over] == [left_out]
    assert [each.key for each in loser.instead] == [paid]
    assert winner.articles == loser.articles == ("《稳产办法》第七条",)
    assert int(together.low) == yuan
    assert together.low == together.high


def test_what_excludes_a_measure_that_is_not_met_is_paid(scene: Scene) -> None:
    fact(scene.firm, "revenue", 5_000)

    assert not combination_of(verdicts_for(scene.firm.pk, on=ON).verdicts).leaves_out
