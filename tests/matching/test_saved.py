"""Saved assessments: they hold the rule and the facts, and are told again byte for byte."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from lianqi.audit.models import Event
from lianqi.engines.rules.rule import Status
from lianqi.matching.actions import answer, publish_pack, review, revise_pack, save_assessment
from lianqi.matching.errors import MeasureNotInForce
from lianqi.matching.models import SavedAssessment
from lianqi.matching.queries import verdicts_for
from lianqi.matching.queries.saved import told_again
from tests.factories import AT, make_head, make_unit
from tests.matching.scene import ON, Scene, fact, make_scene, title

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def knows_all(scene: Scene) -> None:
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)
    fact(scene.firm, "employees", 35, "人")


def test_what_changes_afterwards_does_not_change_what_was_saved(scene: Scene) -> None:
    pack = scene.pack()
    knows_all(scene)
    row = save_assessment(scene.firm.pk, pack.pk, "rd", on=ON, by=scene.handler, at=AT)
    before = row.kept

    stated = {"number": "1", "unit": "元"}
    answer(scene.firm.pk, "rd_expense@2025", stated, by=scene.boss, at=AT + dt.timedelta(hours=1))
    publish_pack(
        revise_pack(pack.pk, by=scene.editor, at=AT).pk, by=scene.editor, at=AT, reason="已核对"
    )

    row.refresh_from_db()
    told = told_again(row)
    now = {each.place.measure.key: each for each in verdicts_for(scene.firm.pk, on=ON).verdicts}
    assert now["rd"].status is Status.UNMET
    assert (told.is_same, row.kept) == (True, before)
    assert told.assessment is not None
    assert (told.assessment.status, row.status) == (Status.MET, "met")
    assert [(each.label, each.period, each.origin and each.origin.source) for each in told.facts] == [
        ("研发费用", "2025", "2025年度报告"),
        ("营业收入", "2025", "2025年度报告"),
        ("资质称号", "", "register"),
    ]  # fmt: skip


def test_only_what_the_rule_reads_is_saved(scene: Scene) -> None:
    pack = scene.pack()
    knows_all(scene)

    row = save_assessment(scene.firm.pk, pack.pk, "rd", on=ON, by=scene.handler, at=AT)

    assert "employees" not in row.kept
    assert sorted(row.origins) == ["rd_expense@2025", "revenue@2025", "titles"]


def test_a_reviewers_answer_is_saved_with_it(scene: Scene) -> None:
    pack = scene.pack()
    question = "judged:growth/2026.plan_model"
    review(scene.firm.pk, question, is_so=True, reason="在名单内", by=scene.handler, at=AT)

    row = save_assessment(scene.firm.pk, pack.pk, "plan", on=ON, by=scene.handler, at=AT)

    (kept,) = told_again(row).facts
    assert (kept.label, kept.value) == ("项目是否具有示范作用？", True)


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.replace('"status":"met"', '"status":"unmet"'),
        lambda kept: kept.replace("1000000/1", "1000001/1"),
        lambda kept: kept[:-1],
        lambda _kept: "{}",
    ],
    ids=["another_result", "another_fact", "torn", "empty"],
)
def test_a_text_that_was_tampered_with_is_told_apart(scene: Scene, change: object) -> None:
    pack = scene.pack()
    knows_all(scene)
    row = save_assessment(scene.firm.pk, pack.pk, "rd", on=ON, by=scene.handler, at=AT)

    row.kept = change(row.kept)  # type: ignore[operator]  # a function of a text

    assert told_again(row).is_same is False


def test_who_saves_and_for_which_day(scene: Scene) -> None:
    pack = scene.pack()

    for by in (scene.boss, scene.editor, scene.stranger):
        with pytest.raises(PermissionDenied):
            save_assessment(scene.firm.pk, pack.pk, "rd", on=ON, by=by, at=AT)
    for key, day in (("rd", dt.date(2027, 1, 1)), ("none", ON), ("interest", ON)):
        with pytest.raises(MeasureNotInForce):
            save_assessment(scene.firm.pk, pack.pk, key, on=day, by=scene.handler, at=AT)
    for by in (scene.dispatcher, make_head(make_unit())):
        save_assessment(scene.firm.pk, pack.pk, "rd", on=ON, by=by, at=AT)

    assert SavedAssessment.objects.count() == 2
    assert Event.objects.filter(verb="matching.assessment_saved").count() == 2


def test_it_is_saved_and_read_in_the_browser(client: Client, scene: Scene) -> None:
    pack = scene.pack()
    knows_all(scene)
    save = reverse("matching:save_assessment", args=[scene.firm.pk, pack.pk, "rd"])

    client.force_login(scene.handler)
    saved = client.post(save, {"on": ON.isoformat()}, follow=True)
    refused = client.post(save, {"on": "2027-01-01"}, follow=True)
    row = SavedAssessment.objects.get()
    SavedAssessment.objects.filter(pk=row.pk).update(kept=row.kept.replace('"met"', '"unmet"'))
    torn = client.get(row.get_absolute_url())
    client.force_login(scene.boss)
    listed = client.get(reverse("matching:saved_list", args=[scene.firm.pk]))
    own = client.post(save, {"on": ON.isoformat()})
    client.force_login(scene.stranger)
    hidden = client.get(row.get_absolute_url())

    assert saved.redirect_chain == [(row.get_absolute_url(), 303)]
    assert "与当时一致" in saved.content.decode()
    assert "与当时不一致" in torn.content.decode()
    assert "请选择其他日期" in refused.content.decode()
    assert row.title in listed.content.decode()
    assert scene.handler.name not in listed.content.decode()
    assert (own.status_code, hidden.status_code) == (403, 404)
