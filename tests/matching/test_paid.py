"""What is paid where measures exclude each other: exact for each enterprise, and so in sum."""

import random
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import Sum

from lianqi.matching import actions
from lianqi.matching.models import Match, MatchRun, RulePack
from lianqi.matching.queries import in_force, snapshots, standings
from lianqi.matching.queries.combining import combination_of
from lianqi.matching.queries.results import results
from lianqi.matching.queries.standings import in_bulk
from lianqi.matching.queries.verdicts import judged
from lianqi.register.models import Enterprise
from tests.factories import AT, make_enterprise
from tests.matching.scene import ON, Scene, fact, make_scene, title
from tests.matching.test_runs import linked, run_all

pytestmark = pytest.mark.django_db

PACK = """\
pack: {key}
version: "2026"
document: {{title: {key}, issuer: 管委会, number: {key}, level: zone, source: 公报}}
in_force: {{from: 2026-01-01, to: 2026-12-31}}
measures:
{measures}
"""
MEASURE = """\
  - key: {key}
    title: {key}
    article: 第四条
    {excludes}
    clauses:
      - {{key: one, require: {fact} ≥ 1万元}}
    benefits:
      - {{key: grant, kind: {kind}, amount: "{amount}"}}
"""
CASES = """\
cases:
  - {{name: 有, measure: {key}, on: 2026-03-01, expect: {{status: met}}, facts: {{"{fact}[上年]": 2万元}}}}
  - {{name: 无, measure: {key}, on: 2026-03-01, expect: {{status: unmet}}, facts: {{"{fact}[上年]": 0万元}}}}
"""
FACTS = ("营业收入", "研发费用", "资产总额")
KEYS = ("revenue", "rd_expense", "total_assets")


def pack(scene: Scene, key: str, measures: list[dict[str, Any]]) -> RulePack:
    told = "".join(MEASURE.format(**{"kind": "rate", "excludes": "", **each}) for each in measures)
    first = measures[0]
    cases = CASES.format(key=first["key"], fact=first["fact"])
    return scene.pack(PACK.format(key=key, measures=told), cases)


def excluding(*others: str) -> str:
    return "excludes: [" + ", ".join(f"{{measure: {each}, rule: higher}}" for each in others) + "]"


def chain(scene: Scene) -> RulePack:
    """The first excludes the second, the second the third; a fourth is free, a fifth a loan."""
    return pack(
        scene, "chain",
        [
            {"key": "a", "fact": "营业收入", "amount": "营业收入 × 1%", "excludes": excluding("b")},
            {"key": "b", "fact": "研发费用", "amount": "研发费用 × 3%", "excludes": excluding("c")},
            {"key": "c", "fact": "资产总额", "amount": "资产总额 × 2% + 研发费用 × 1%"},
            {"key": "d", "fact": "营业收入", "amount": "1万元", "kind": "fixed"},
            {"key": "e", "fact": "营业收入", "amount": "5万元", "kind": "loan",
             "excludes": excluding("d")},
        ],
    )  # fmt: skip


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def some_firms(seed: int) -> list[Enterprise]:
    chance = random.Random(seed)
    firms = [make_enterprise() for _ in range(12)]
    for firm in firms:
        for key in KEYS:
            if (amount := chance.choice([None, 0, 10_000, 20_000, 30_000, 777_777])) is not None:
                fact(firm, key, amount)
    return firms


def paid() -> dict[tuple[int, str], int | None]:
    rows = Match.objects.met().values_list("enterprise_id", "measure", "paid")
    return {(pk, measure): fen for pk, measure, fen in rows}


@pytest.mark.parametrize("seed", range(3))
def test_the_sum_of_what_is_paid_is_what_each_enterprise_reads(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = chain(scene)
    firms = some_firms(seed)
    monkeypatch.setattr(standings, "FEW", 0)

    run_all(scene)

    force, in_all = in_force(ON), Fraction(0)
    for firm in firms:
        known = snapshots([firm.pk], force.catalogue, on=ON)[firm.pk]
        alone = combination_of(judged(force, known))
        own = Match.objects.met().filter(enterprise=firm).aggregate(sum=Sum("paid"))["sum"] or 0
        assert Fraction(own, 100) == alone.low
        in_all += alone.low
    assert results(scene.editor, on=ON).paid == {row.pk: int(in_all * 100)}


@pytest.mark.parametrize("seed", range(4))
def test_few_are_told_what_many_are(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = chain(scene)
    ids = [each.pk for each in some_firms(seed)]
    force = in_bulk([row], ON)

    singly = standings.standings(force, ids).to_pylist()
    monkeypatch.setattr(standings, "FEW", 0)
    together = standings.standings(force, ids).to_pylist()

    assert singly
    assert sorted(map(repr, together)) == sorted(map(repr, singly))


@pytest.mark.parametrize("seed", range(3))
def test_a_change_writes_what_a_run_writes(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain(scene)
    ids = [each.pk for each in (scene.firm, scene.other, *some_firms(seed))]

    actions.match_firms(ids, on=ON, at=AT)
    kept = sorted(map(repr, Match.objects.values()))
    monkeypatch.setattr(standings, "FEW", 0)
    run = run_all(scene)

    assert kept
    assert sorted(map(repr, Match.objects.values())) == kept
    assert (run.gained, run.lost, run.changes) == (0, 0, {})


def test_in_a_chain_the_third_is_paid_beside_the_first(scene: Scene) -> None:
    row = chain(scene)
    fact(scene.firm, "revenue", 10_000_000)  # a: 10 万元
    fact(scene.firm, "rd_expense", 4_000_000)  # b: 12 万元
    fact(scene.firm, "total_assets", 1_000_000)  # c: 2 万元 and 4 万元

    run_all(scene)

    firm = scene.firm.pk
    assert paid() == {
        (firm, "a"): 10_000_000, (firm, "b"): 0, (firm, "c"): 6_000_000, (firm, "d"): 1_000_000,
        (firm, "e"): None,
    }  # fmt: skip
    assert results(scene.editor, on=ON).paid == {row.pk: 17_000_000}


def test_a_measure_of_another_pack_is_settled_as_well(scene: Scene) -> None:
    one = pack(scene, "one", [{"key": "a", "fact": "营业收入", "amount": "2万元", "kind": "fixed"}])
    fact(scene.firm, "revenue", 100_000)
    run_all(scene)
    assert paid() == {(scene.firm.pk, "a"): 2_000_000}
    two = pack(
        scene, "two",
        [{"key": "b", "fact": "营业收入", "amount": "3万元", "kind": "fixed",
          "excludes": excluding("one/a")}],
    )  # fmt: skip

    run = actions.start_pack_run(two.pk, on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)

    assert paid() == {(scene.firm.pk, "a"): 0, (scene.firm.pk, "b"): 3_000_000}
    assert results(scene.editor, on=ON).paid == {two.pk: 3_000_000}
    run = actions.start_pack_run(one.pk, on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    assert paid() == {(scene.firm.pk, "a"): 0, (scene.firm.pk, "b"): 3_000_000}


def test_what_a_withdrawn_pack_excluded_is_paid_again(scene: Scene) -> None:
    one = pack(scene, "one", [{"key": "a", "fact": "营业收入", "amount": "2万元", "kind": "fixed"}])
    two = pack(
        scene, "two",
        [{"key": "b", "fact": "营业收入", "amount": "3万元", "kind": "fixed",
          "excludes": excluding("one/a")}],
    )  # fmt: skip
    pack(scene, "three", [{"key": "c", "fact": "营业收入", "amount": "1万元", "kind": "fixed"}])
    fact(scene.firm, "revenue", 100_000)
    run_all(scene)
    linked()
    actions.follow(on=ON, at=AT, limit=100)
    assert paid()[scene.firm.pk, "a"] == 0

    actions.withdraw_pack(two.pk, reason="x", by=scene.editor, at=AT)
    linked()
    actions.follow(on=ON, at=AT, limit=100)

    run = MatchRun.objects.under_way().get()
    assert run.pack_id == one.pk
    actions.carry_out(run.pk, at=AT)
    assert paid()[scene.firm.pk, "a"] == 2_000_000


def test_what_is_not_met_is_not_paid(scene: Scene) -> None:
    chain(scene)
    title(scene.firm)
    fact(scene.firm, "revenue", 0)

    run_all(scene)

    assert paid() == {}
    assert not Match.objects.exclude(paid=None).exists()
