"""What another version of a pack changes for whom, and until when to act."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role, Scope
from lianqi.matching import actions
from lianqi.matching.enums import Impact
from lianqi.matching.models import RulePack
from lianqi.matching.queries.radar import affected, comparable, radar
from tests.factories import AT, grant, make_enterprise, make_user
from tests.matching.scene import CASES, ON, TEXT, Scene, fact, make_scene, title

pytestmark = pytest.mark.django_db

# The rate is lower, so that some gain; the cap too, so that some get less; one measure goes.
LATER = (
    TEXT.replace("≥ 5%", "≥ 4%").replace("取小(研发费用 × 3%, 50万元)", "取小(研发费用 × 3%, 4万元)")
    .replace("最高50万元", "最高4万元")
)  # fmt: skip


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def packs(scene: Scene) -> tuple[RulePack, RulePack]:
    """Published and draft, both matched: of four firms one gains, one gets less."""
    for firm, expense in (
        (scene.firm, 1_000_000),
        (scene.other, 800_000),
        (make_enterprise(), 2_000_000),
        (make_enterprise(), 100_000),
    ):
        title(firm)
        fact(firm, "revenue", 20_000_000)
        fact(firm, "rd_expense", expense)
    earlier = scene.pack()
    later = actions.revise_pack(earlier.pk, by=scene.editor, at=AT)
    later = actions.change_pack(later.pk, LATER, CASES, by=scene.editor, at=AT)
    for row in (earlier, later):
        run = actions.start_pack_run(row.pk, on=ON, by=scene.editor, at=AT)
        actions.carry_out(run.pk, at=AT)
    return earlier, later


def test_the_radar_counts_what_changes(scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs

    found = radar(scene.editor, earlier, later, on=ON)

    line = next(each for each in found.lines if each.key == "rd")
    assert line.counts == {"gains": 1, "less": 1, "same": 1}
    assert (line.before, line.after) == (9_000_000, 2_400_000 + 3_000_000 + 4_000_000)
    assert line.act_by == dt.date(2026, 12, 31)
    assert not found.is_stale


def test_backwards_it_is_the_opposite(scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs

    found = radar(scene.editor, later, earlier, on=ON)

    line = next(each for each in found.lines if each.key == "rd")
    assert line.counts == {"loses": 1, "more": 1, "same": 1}


def test_whom_a_change_concerns_is_listed(scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs
    officer = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.firm.pk)

    rows, after = affected(scene.handler, earlier, later, "rd", Impact.GAINS)
    seen, _after = affected(officer, earlier, later, "rd", Impact.GAINS)
    first, rest = affected(scene.handler, earlier, later, "rd", Impact.SAME, size=1)

    assert [(each.enterprise, each.before, each.after) for each in rows] == [
        (scene.other, None, 2_400_000)
    ]
    assert after is None
    assert seen == []
    assert ([each.enterprise for each in first], rest) == ([scene.firm], None)


def test_what_was_not_matched_is_said(scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs
    actions.change_pack(later.pk, LATER + "# x\n", CASES, by=scene.editor, at=AT)
    later.refresh_from_db()

    found = radar(scene.editor, earlier, later, on=ON)

    assert found.to_match == [later]


def test_what_holds_is_compared_first(scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs

    assert comparable(scene.editor, later) == [earlier]
    assert comparable(scene.boss, earlier) == []


def test_the_page_shows_it(client: Client, scene: Scene, packs: tuple[RulePack, RulePack]) -> None:
    earlier, later = packs
    client.force_login(scene.handler)
    url = reverse("matching:radar", args=[later.pk])

    page = client.get(url)
    listed = client.get(url, {"against": earlier.pk, "measure": "rd", "impact": "gains"})
    nonsense = client.get(url, {"against": "x", "measure": "y", "impact": "z"})

    assert page.status_code == nonsense.status_code == 200
    assert scene.other.name in listed.content.decode()
    assert scene.other.name not in nonsense.content.decode()
    assert client.get(later.get_absolute_url()).status_code == 200


def test_a_pack_alone_has_nothing_to_compare_with(client: Client, scene: Scene) -> None:
    row = scene.pack()
    client.force_login(scene.handler)

    assert client.get(reverse("matching:radar", args=[row.pk])).status_code == 200
