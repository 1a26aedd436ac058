"""Answering what a rule asks in the browser: every kind of fact, by role, and back to the why."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lianqi.matching.actions import review
from lianqi.matching.models import ReviewAnswer
from lianqi.register.actions import state
from lianqi.register.models import Fact, Statement
from tests.factories import AT
from tests.matching.scene import Scene, fact, make_scene, title
from tests.web.test_matching import ALWAYS, FIXED, as_, said

pytestmark = pytest.mark.django_db

QUESTION = "judged:growth/2026.plan_model"


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def page(scene: Scene, slot: str, query: str = "") -> str:
    return f"{reverse('matching:answer', args=[scene.firm.pk])}?slot={slot}{query}"


def facts(scene: Scene) -> str:
    return reverse("matching:facts", args=[scene.firm.pk])


def filled(**more: Any) -> dict[str, Any]:
    return {"source": "名单", "observed_on": timezone.localdate().isoformat()} | more


def test_a_figure_is_answered_and_the_verdict_is_told(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    why = reverse("matching:explanation", args=[scene.firm.pk, pack.pk, "rd"])
    client = as_(client, scene.boss)

    offered = BeautifulSoup(client.get(why).content, "html.parser").select_one("a.lq-answer")
    assert offered is not None
    form = client.get(str(offered["href"]))
    saved = client.post(str(offered["href"]), filled(value="100", unit="万元"), follow=True)

    assert "研发费用 2025" in said(form)
    assert "亿元" in said(form)
    assert saved.redirect_chain == [(why, 303)]
    assert "已保存。判定结果发生变化：待补充信息" in said(saved)
    assert "→ 符合 最高" in said(saved)
    assert Fact.objects.get(key="研发费用").source == "enterprise"


@pytest.mark.parametrize(
    ("slot", "typed", "kept"),
    [
        ("tax_here", {"value": "no"}, False),
        ("rd_body", {"value": "national"}, "national"),
        ("region", {"value": "340100"}, "340100"),
        ("market_share", {"value": "35", "unit": "%"}, {"number": "35", "unit": "%"}),
        ("segment_years", {"value": "3", "unit": "年"}, {"number": "3", "unit": "年"}),
    ],
)
def test_every_kind_has_its_control(
    client: Client, scene: Scene, slot: str, typed: dict[str, str], kept: Any
) -> None:
    client = as_(client, scene.dispatcher)

    form = client.get(page(scene, slot))
    saved = client.post(
        page(scene, slot), filled(since="2026-01-01", until="2026-12-31", **typed), follow=True
    )

    found = Statement.objects.get()
    assert form.status_code == 200
    assert saved.redirect_chain == [(facts(scene), 303)]
    assert (found.key, found.value, found.source) == (slot, kept, "名单")
    assert (found.since.isoformat(), found.until.isoformat()) == ("2026-01-01", "2026-12-31")  # type: ignore[union-attr]  # both were given


def test_a_list_is_filled_in_rows_that_can_be_added_without_script(
    client: Client, scene: Scene
) -> None:
    client = as_(client, scene.dispatcher)
    rows = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-f_class": "one",
        "form-0-f_transferred": "no",
        "form-2-f_class": "two",
        "form-2-f_holder_rank": "1",
    }

    first = client.get(page(scene, "ip_rights.transferred"))
    more = client.post(page(scene, "ip_rights"), filled(more="1", **rows))
    client.post(page(scene, "ip_rights"), filled(**rows))
    again = BeautifulSoup(client.get(page(scene, "ip_rights")).content, "html.parser")

    assert len(BeautifulSoup(first.content, "html.parser").select("fieldset.lq-entry")) == 3
    assert more.status_code == 200
    assert len(BeautifulSoup(more.content, "html.parser").select("fieldset.lq-entry")) == 6
    assert "form-2-f_class" in more.content.decode()
    assert Statement.objects.get().value == {
        "entries": [
            {"class": "one", "transferred": False},
            {"class": "two", "holder_rank": {"number": "1", "unit": "名次"}},
        ]
    }
    assert len(again.select("fieldset.lq-entry")) == 5


def test_what_is_refused_stays_in_the_form(client: Client, scene: Scene) -> None:
    client = as_(client, scene.dispatcher)

    answer = client.post(page(scene, "market_share"), filled(value="101", unit="%"))
    empty = client.post(page(scene, "tax_here"), filled())
    rows = client.post(
        page(scene, "ip_rights"),
        filled(**{"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-f_holder_rank": "0"}),
    )

    assert [each.status_code for each in (answer, empty, rows)] == [422, 422, 422]
    assert "“主导产品国内市场占有率”应在0至1之间" in said(answer)
    assert 'value="101"' in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_reviewer_answers_the_question_of_a_rule(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    why = reverse("matching:explanation", args=[scene.firm.pk, pack.pk, "plan"])
    client = as_(client, scene.handler)

    offered = BeautifulSoup(client.get(why).content, "html.parser").select_one("a.lq-answer")
    assert offered is not None
    without = client.post(str(offered["href"]), {"answer": "yes", "reason": " "})
    saved = client.post(
        str(offered["href"]), {"answer": "yes", "reason": "已列入示范名单"}, follow=True
    )

    assert without.status_code == 422
    assert saved.redirect_chain == [(why, 303)]
    assert "需人工判断 → 符合" in said(saved)
    assert ReviewAnswer.objects.get().reason == "已列入示范名单"
    again = said(client.get(str(offered["href"])))
    for told in ("示范项目奖励", "条件： 项目具有示范作用", "现有答复 是 已列入示范名单", "第五条"):
        assert told in again


def test_who_is_offered_what_and_who_is_turned_away(client: Client, scene: Scene) -> None:
    scene.pack(ALWAYS, FIXED)
    slots = ("rd_expense@2025", "tax_here", QUESTION)

    def statuses(user: Any) -> list[int]:
        return [as_(client, user).get(page(scene, slot)).status_code for slot in slots]

    assert statuses(scene.boss) == [200, 403, 403]
    assert statuses(scene.dispatcher) == [200, 200, 403]
    assert statuses(scene.handler) == [403, 403, 200]
    assert statuses(scene.stranger) == [404, 404, 404]
    assert statuses(scene.editor) == [404, 404, 404]


@pytest.mark.parametrize("slot", ["", "colour", "revenue", "titles", "judged:none/x", "judged:"])
def test_what_no_rule_asks_has_no_page(client: Client, scene: Scene, slot: str) -> None:
    found = as_(client, scene.dispatcher).get(page(scene, slot, "&pack=x&measure=y"))

    assert found.status_code == 404


def test_all_that_rules_read_stands_on_one_page(client: Client, scene: Scene) -> None:
    scene.pack(ALWAYS, FIXED)
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    state(scene.firm.pk, key="tax_here", value=False, source="旧名单", by=scene.dispatcher, at=AT)
    later = state(
        scene.firm.pk, key="tax_here", value=True, source="税务局", by=scene.dispatcher, at=AT
    )
    state(scene.firm.pk, key="rd_body", value="部级", source="科技局", by=scene.dispatcher, at=AT)
    given = review(scene.firm.pk, QUESTION, is_so=True, reason="在名单内", by=scene.handler, at=AT)

    own = said(as_(client, scene.boss).get(facts(scene)))
    staff = as_(client, scene.dispatcher).get(facts(scene))

    withdraw = reverse("matching:withdraw_statement", args=[scene.firm.pk, later.pk])
    assert "税务关系在本区 是 税务局" in own
    assert "另有1条记录 否 旧名单" in own
    assert "研发费用 · 2025 · 元" in own
    assert "项目是否具有示范作用？ 是 在名单内" in own
    assert "不在该数据项的可选范围内" in own
    assert scene.dispatcher.name not in own
    assert scene.dispatcher.name in said(staff)
    assert withdraw in staff.content.decode()
    assert withdraw not in as_(client, scene.boss).get(facts(scene)).content.decode()
    back = reverse("matching:withdraw_answer", args=[scene.firm.pk, given.pk])
    assert as_(client, scene.boss).post(back).status_code == 403
    assert as_(client, scene.boss).post(withdraw).status_code == 403
    as_(client, scene.handler).post(back)
    as_(client, scene.dispatcher).post(withdraw)
    assert "税务关系在本区 否 旧名单" in said(client.get(facts(scene)))
    assert not ReviewAnswer.objects.standing().exists()


def test_the_page_takes_as_many_queries_for_many_statements_as_for_one(
    client: Client, scene: Scene
) -> None:
    client = as_(client, scene.dispatcher)

    def taken() -> int:
        client.get(facts(scene))
        with CaptureQueriesContext(connection) as queries:
            client.get(facts(scene))
        return len(queries)

    def stated(key: str) -> None:
        state(scene.firm.pk, key=key, value=True, source="名单", by=scene.dispatcher, at=AT)

    stated("tax_here")
    with_one = taken()
    for key in ("registered_here", "stats_here", "independent"):
        stated(key)
        stated(key)

    assert taken() == with_one
