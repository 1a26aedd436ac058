"""Policies find enterprises: told once, with the reasons, whoever presses and how often."""

import datetime as dt
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.matching import actions
from lianqi.matching.errors import NobodyToTell
from lianqi.matching.models import Match, RulePack, Telling
from lianqi.notices.models import Notice
from lianqi.register.actions import state
from lianqi.register.enums import MembershipState
from lianqi.register.models import Enterprise, Membership
from tests.factories import AT, make_enterprise, make_member
from tests.matching.scene import CASES, ON, TEXT, Scene, fact, make_scene, title
from tests.policies.scene import make_library

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def pack(scene: Scene) -> RulePack:
    """The firm meets the measure; the other lacks an answer; a third has nobody here."""
    row = scene.pack()
    acts_for(scene.firm, scene.boss)
    acts_for(scene.other, scene.stranger)
    for firm in (scene.firm, scene.other, make_enterprise()):
        title(firm)
        fact(firm, "revenue", 20_000_000)
        if firm != scene.other:
            fact(firm, "rd_expense", 1_000_000)
    matched(scene)
    return row


def acts_for(firm: Enterprise, person: User) -> None:
    Membership.objects.create(
        enterprise=firm, user=person, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip


def matched(scene: Scene) -> None:
    run = actions.start_run(on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)


def tell(scene: Scene, **more: Any) -> int:
    return actions.tell_all(on=ON, by=scene.dispatcher, at=AT, **more)


def test_an_enterprise_is_told_what_it_gets_and_why(scene: Scene, pack: RulePack) -> None:
    assert tell(scene) == 1

    notice = Notice.objects.get()
    assert notice.person == scene.boss
    assert notice.title == f"有1项政策适合{scene.firm.name}"
    assert notice.url == f"/matching/enterprises/{scene.firm.pk}/"
    for told in (
        "研发投入奖励：最高3万元", "第四条", "有效期内的高新技术企业",
        "2025年研发费用100万元", "2025年营业收入2,000万元", "请申报",
    ):  # fmt: skip
        assert told in notice.body


def test_nobody_is_told_twice(scene: Scene, pack: RulePack) -> None:
    tell(scene)
    matched(scene)

    assert tell(scene) == 0

    assert (Telling.objects.count(), Notice.objects.count()) == (1, 1)
    with pytest.raises(NobodyToTell):
        actions.tell_matches(on=ON, by=scene.dispatcher, at=AT)


def test_who_lost_and_met_it_again_is_not_told_again(scene: Scene, pack: RulePack) -> None:
    tell(scene)
    Match.objects.all().delete()
    matched(scene)

    assert tell(scene) == 0


def test_a_mended_comma_is_no_news(scene: Scene, pack: RulePack) -> None:
    tell(scene)
    row = actions.revise_pack(pack.pk, by=scene.editor, at=AT)
    actions.change_pack(row.pk, TEXT + "# ,\n", CASES, by=scene.editor, at=AT)
    actions.publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")
    matched(scene)

    assert tell(scene) == 0


def test_one_missing_answer_is_told_if_asked_for(scene: Scene, pack: RulePack) -> None:
    assert tell(scene, with_missing=True) == 2

    body = Notice.objects.get(person=scene.stranger).body
    assert "尚缺：2025年研发费用" in body


def test_what_no_longer_holds_is_not_told(scene: Scene, pack: RulePack) -> None:
    """The match is a minute old, the fact newer."""
    fact(scene.firm, "rd_expense", 1, observed_at=AT + DAY)

    assert tell(scene) == 0


def test_several_measures_are_one_message(scene: Scene) -> None:
    two = TEXT.replace("  - key: plan", "  - key: more\n    title: 高企奖励\n    article: 第六条\n"
        "    clauses:\n      - {key: high-tech, require: \"has(资质称号, '高新技术企业')\"}\n"
        "    benefits:\n      - {key: grant, kind: fixed, amount: 2万元}\n  - key: plan")  # fmt: skip
    scene.pack(two)
    acts_for(scene.firm, scene.boss)
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)
    matched(scene)

    assert tell(scene) == 1

    assert Notice.objects.get().title.startswith("有2项")
    assert Telling.objects.count() == 2


def test_one_measure_alone_can_be_told(scene: Scene, pack: RulePack) -> None:
    assert tell(scene, pack_id=pack.pk, measure="plan") == 0
    assert tell(scene, pack_id=pack.pk, measure="rd") == 1


def test_who_may_tell(scene: Scene, pack: RulePack) -> None:
    for person in (scene.editor, scene.handler, scene.boss):
        with pytest.raises(PermissionDenied):
            actions.tell_matches(on=ON, by=person, at=AT)
        with pytest.raises(PermissionDenied):
            actions.set_telling(pack.pk, tells=True, by=person, at=AT)
    assert actions.tell_matches(on=ON, by=scene.dispatcher, at=AT) == 1


def test_who_asked_to_tell_everybody_is_noted(scene: Scene, pack: RulePack) -> None:
    actions.tell_matches(on=ON, by=scene.dispatcher, at=AT)
    actions.tell_matches(on=ON, by=scene.dispatcher, at=AT, pack_id=pack.pk, measure="rd")

    verbs = ("matching.telling_everybody_asked", "matching.telling_asked")
    everybody, one = Event.objects.filter(verb__in=verbs).order_by("pk")
    assert (everybody.verb, everybody.by_id) == (verbs[0], scene.dispatcher.pk)
    assert everybody.detail == {"with_missing": False, "matches": 1}
    assert (one.verb, one.subject_id, one.detail["measure"]) == (verbs[1], pack.pk, "rd")


def test_new_matches_are_told_only_if_the_pack_is_set_so(scene: Scene, pack: RulePack) -> None:
    assert actions.tell_newly(on=ON, at=AT) == 0

    actions.set_telling(pack.pk, tells=True, by=scene.dispatcher, at=AT)

    assert actions.tell_newly(on=ON, at=AT) == 1
    assert Telling.objects.get().told_by is None


def test_many_are_told_batch_by_batch(
    scene: Scene, pack: RulePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianqi.matching.actions import telling

    for _ in range(3):
        firm = make_enterprise()
        acts_for(firm, make_member(firm))
        title(firm)
        fact(firm, "revenue", 20_000_000)
        fact(firm, "rd_expense", 1_000_000)
    matched(scene)
    monkeypatch.setattr(telling, "BATCH", 2)

    assert tell(scene) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_presses_at_the_same_moment_tell_once(scene: Scene, pack: RulePack) -> None:
    together = Barrier(3)
    told: list[int] = []

    def press() -> None:
        together.wait()
        try:
            told.append(tell(scene))
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(told) == [0, 0, 1]
    assert (Telling.objects.count(), Notice.objects.count()) == (1, 1)


LETTER = """\
pack: letter
version: "1"
document: {title: 稳产办法, issuer: 管委会, source: 公报}
in_force: {from: 2026-01-01}
measures:
  - key: share
    title: 单项冠军奖励
    article: 第一条
    excludes: [{measure: staff, article: 第三条}]
    clauses:
      - {key: share, text: 市场占有率8%以上, require: 主导产品国内市场占有率 ≥ 8%}
    benefits: [{key: grant, kind: fixed, title: 奖励, amount: 9999.996万元}]
    evidence:
      - {name: 市场占有率证明, source: enterprise}
      - {name: 完税证明, source: tax}
  - key: staff
    title: 用工服务
    article: 第二条
    clauses:
      - {key: staff, text: 用工多, require: 从业人员 ≥ 1人}
    benefits: [{key: help, kind: in_kind, title: 服务, pays_in_kind: 优先推荐招聘会}]
    process: {application: none}
"""
LETTER_CASES = """\
cases:
  - name: 用工
    measure: staff
    on: 2026-03-01
    facts:
      从业人员[上年]: 1人
    expect: {status: met}
  - name: 没有
    like: 用工
    facts:
      从业人员[上年]: 0人
    expect: {status: unmet}
"""


def test_the_letter_says_what_is_given_by_whom_with_which_papers(scene: Scene) -> None:
    policy = make_library().policy(title="稳产办法")
    row = actions.adopt_pack(LETTER, LETTER_CASES, by=scene.editor, at=AT, document=policy)
    scene.publish(row)
    acts_for(scene.firm, scene.boss)
    state(
        scene.firm.pk, key="market_share", value={"number": "8.5", "unit": "%"}, source="协会",
        by=scene.dispatcher, at=AT,
    )  # fmt: skip
    fact(scene.firm, "employees", 1_234_567, unit="人")
    matched(scene)

    tell(scene)

    first, second = Notice.objects.get(person=scene.boss).body.partition("■ ")[2].split("■ ")
    assert first.splitlines() == [
        "单项冠军奖励：1亿元（《稳产办法》第一条）",
        "符合：市场占有率8%以上（主导产品国内市场占有率8.5%）",
        "择高享受：与“用工服务”不重复享受，按合计较高的给予",
        "办理：请申报，时间以受理部门通知为准",
        "材料：市场占有率证明",
        "受理：经济发展局",
        "",
    ]
    assert "2025年从业人员1,234,567人" in second
    assert "内容：优先推荐招聘会" in second
    assert "办理：免申即享，无需申请" in second
