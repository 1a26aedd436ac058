"""A trial settlement in the browser: who applies, which sum, what is left to each."""

from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role
from lianqi.audit.models import Event
from lianqi.matching import actions
from lianqi.matching.models import RulePack
from tests.factories import AT, grant, make_enterprise, make_user
from tests.matching.scene import Scene, fact, make_scene
from tests.web.test_matching import as_

pytestmark = pytest.mark.django_db

TEXT = """\
pack: round
version: "1"
document: {title: 增产奖励办法, issuer: 云岭高新区管委会, level: zone, source: 公报}
in_force: {from: 2020-01-01}
measures:
  - key: more
    title: 增产奖励
    article: 第一条
    clauses: [{key: revenue, text: 上年营业收入1000万元以上, require: 营业收入 ≥ 1000万元}]
    benefits: [{key: sum, kind: fixed, title: 定额, amount: 40万元}]
    budget: {amount: 100万元}
  - key: best
    title: 十强奖励
    article: 第二条
    clauses: [{key: revenue, text: 上年营业收入1000万元以上, require: 营业收入 ≥ 1000万元}]
    rank: {by: 营业收入, levels: [{upto: 1, amount: 30万元}, {upto: 2, amount: 10万元}]}
  - key: growth
    title: 增量奖励
    article: 第三条
    benefits: [{key: sum, kind: increment, title: 增量的1%, amount: "(营业收入 - 营业收入[前年]) × 1%"}]
  - key: person
    title: 人才奖励
    applicant: person
    benefits: [{key: sum, kind: fixed, title: 定额, amount: 1万元}]
"""
CASES = """\
cases:
  - {name: 收入足够, measure: more, on: 2026-03-01, facts: {"营业收入[上年]": 1000万元}, expect: {status: met, amount: 40万元}}
"""


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def pack(scene: Scene) -> RulePack:
    """Published; three enterprises meet it, another has no figure; matched today."""
    row = scene.pack(TEXT, CASES)
    year = str(timezone.localdate().year - 1)
    third = make_enterprise(name="第三家有限公司")
    make_enterprise(name="未报数有限公司")
    for firm, revenue in ((scene.firm, 30), (scene.other, 20), (third, 10)):
        fact(firm, "revenue", revenue * 1_000_000, period=year)
    run = actions.start_run(on=timezone.localdate(), by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    return row


def page(pack: RulePack, measure: str = "more") -> str:
    return reverse("matching:settlement", args=[pack.pk, measure])


def rows(answer: object) -> list[list[str]]:
    tree = BeautifulSoup(answer.content, "html.parser")  # type: ignore[attr-defined]
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in tree.select("#rows tr")
    ]


def test_a_short_sum_is_shared_among_all_that_meet(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    answer = as_(client, scene.handler).post(page(pack), {"calculate": "yes"})

    found = rows(answer)
    assert len(found) == 3
    assert all(row[3].startswith("33.33") for row in found)
    assert "120 万元" in answer.content.decode() or "40 万元" in found[0][3]


def test_first_come_goes_by_the_written_order(client: Client, scene: Scene, pack: RulePack) -> None:
    written = f"第三家有限公司\n{scene.other.code}\n\n没有这家公司\n{scene.firm.name}"

    answer = as_(client, scene.handler).post(
        page(pack), {"applicants": written, "budget": "90万元", "when_short": "first_come"}
    )

    found = rows(answer)
    assert [row[1].split()[0] for row in found] == [
        "第三家有限公司", scene.other.name, scene.firm.name,
    ]  # fmt: skip
    assert [row[3].split(" 万元")[0] for row in found] == ["40", "40", "10"]
    assert "没有这家公司" in answer.content.decode()


def test_ranks_are_told_of_whom_is_named(client: Client, scene: Scene, pack: RulePack) -> None:
    written = f"第三家有限公司\n未报数有限公司\n{scene.other.name}\n{scene.firm.name}"

    answer = as_(client, scene.handler).post(page(pack, "best"), {"applicants": written})

    found = {row[1].split()[0]: (row[0], row[3]) for row in rows(answer)}
    assert found[scene.firm.name] == ("1–2", "10 万元 至 30 万元")
    assert found["第三家有限公司"][0] == "3–4"
    assert found["未报数有限公司"][0] == "1–4"


def test_the_spreadsheet_is_noted(client: Client, scene: Scene, pack: RulePack) -> None:
    answer = as_(client, scene.handler).post(page(pack), {"export": "yes"})

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert sheet.max_row == 4
    event = Event.objects.get(verb="matching.settlement_exported")
    assert (event.by_id, event.detail["rows"]) == (scene.handler.pk, 3)


def test_a_sum_without_unit_is_refused(client: Client, scene: Scene, pack: RulePack) -> None:
    answer = as_(client, scene.handler).post(page(pack), {"budget": "500"})

    assert answer.status_code == 422
    assert rows(answer) == []


def test_measures_for_persons_are_not_in_the_register(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    assert as_(client, scene.handler).get(page(pack, "person")).status_code == 404


def test_enterprises_see_no_settlement(client: Client, scene: Scene, pack: RulePack) -> None:
    assert as_(client, scene.boss).get(page(pack)).status_code == 403


def test_nothing_is_kept(client: Client, scene: Scene, pack: RulePack) -> None:
    before = Event.objects.count()

    assert (
        as_(client, grant(make_user(), Role.AUDITOR))
        .post(page(pack), {"calculate": "yes"})
        .status_code
        == 200
    )

    assert Event.objects.count() == before


def test_an_increment_nobody_knows_is_open_and_never_negative(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    answer = as_(client, scene.handler).post(
        page(pack, "growth"), {"applicants": f"未报数有限公司\n{scene.firm.name}"}
    )

    found = rows(answer)
    assert [row[3] for row in found] == ["金额待定", "0 元 至 30 万元"]
    assert "营业收入" in found[0][4]
