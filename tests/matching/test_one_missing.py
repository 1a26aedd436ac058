"""差一项信息: exactly one answer is missing to know whether an enterprise qualifies."""

import pytest

from lianqi.engines.rules.rule import Status
from lianqi.matching.enums import Group
from lianqi.matching.models import Match
from lianqi.matching.queries import standings, verdicts_for
from lianqi.matching.queries.verdicts import Verdict
from lianqi.web.matching.words import missing_lines
from tests.matching.scene import ON, TEXT, Scene, fact, make_scene, title
from tests.matching.test_runs import run_all

pytestmark = pytest.mark.django_db

# The status asks for the revenue, the amount for two other figures.
MORE = TEXT.replace(
    "require: 研发费用 / 营业收入 ≥ 5%}", "require: 营业收入 ≥ 100万元}"
).replace(
    '"取小(研发费用 × 3%, 50万元)", ceiling: true', '"取小(研发费用 × 3% + 资产总额 × 1%, 50万元)"'
)  # fmt: skip
FIXED = """\
cases:
  - name: 有
    measure: rd
    on: 2026-03-01
    expect: {status: met}
    facts: {资质称号: [高新技术企业], "营业收入[上年]": 200万元}
  - name: 无
    like: 有
    facts: {"营业收入[上年]": 1万元}
    expect: {status: unmet}
"""


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture(params=[0, 50])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As columns, and one by one."""
    monkeypatch.setattr(standings, "FEW", request.param)


def of_rd(scene: Scene) -> Verdict:
    found = verdicts_for(scene.firm.pk, on=ON).verdicts
    return next(each for each in found if each.place.measure.key == "rd")


@pytest.mark.usefixtures("few")
def test_what_only_the_amount_needs_is_not_the_missing_answer(scene: Scene) -> None:
    scene.pack(MORE, FIXED)
    title(scene.firm)

    run_all(scene)

    match = Match.objects.get(enterprise=scene.firm, measure="rd")
    assert (match.group, match.slot) == (Group.ONE_MISSING, "revenue@2025")
    verdict = of_rd(scene)
    assert verdict.group is Group.ONE_MISSING
    assert [each.slot for each in verdict.missing] == ["revenue@2025"]
    amounts = [each.slot for each in verdict.missing_for_amount]
    assert sorted(amounts) == ["rd_expense@2025", "total_assets@2025"]
    texts = [text for _missing, text in missing_lines(verdict)]
    assert [text.endswith("（仅影响金额）") for text in texts] == [False, True, True]


@pytest.mark.usefixtures("few")
def test_who_qualifies_has_met_it_though_the_amount_is_open(scene: Scene) -> None:
    scene.pack(MORE, FIXED)
    title(scene.firm)
    fact(scene.firm, "revenue", 1_000_000)

    run_all(scene)

    match = Match.objects.get(enterprise=scene.firm, measure="rd")
    assert (match.group, match.slot, match.low, match.high) == ("met", "", 0, 50_000_000)
    verdict = of_rd(scene)
    assert verdict.missing == ()
    assert len(verdict.missing_for_amount) == 2


@pytest.mark.usefixtures("few")
def test_two_missing_answers_are_not_one(scene: Scene) -> None:
    scene.pack()
    title(scene.firm)

    run_all(scene)

    assert not Match.objects.filter(enterprise=scene.firm, measure="rd").exists()
    assert of_rd(scene).group is Group.OPEN


@pytest.mark.usefixtures("few")
def test_a_figure_that_is_zero_is_no_missing_answer(scene: Scene) -> None:
    """It is divided by and leaves the ratio without a value, but it was told."""
    scene.pack()
    title(scene.firm)
    fact(scene.firm, "revenue", 0)
    fact(scene.firm, "rd_expense", 1_000_000)

    run_all(scene)

    verdict = of_rd(scene)
    assert (verdict.status, verdict.group) == (Status.UNKNOWN, Group.OPEN)
    assert [each.slot for each in verdict.missing if each.is_zero] == ["revenue@2025"]
    assert not Match.objects.filter(enterprise=scene.firm, measure="rd").exists()
