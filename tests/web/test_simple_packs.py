"""A measure entered in rows, as the guide for policy officers tells it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.engines.packs import check, check_cases
from lianqi.engines.packs.simple import SimpleCase, SimpleClause, SimplePack, opened, written
from lianqi.matching.models import RulePack
from tests.matching.scene import CASES, TEXT, Scene, make_scene

pytestmark = pytest.mark.django_db

# The example of the guide, with a list and a question besides.
PACK = SimplePack(
    key="rd-award",
    version="2026",
    document={
        "title": "研发投入奖励办法", "issuer": "某高新区管委会", "level": "zone",
        "source": "高新区门户网站政策栏目", "source_kind": "O", "checked_on": "2026-01-05",
        "confidence": "confirmed",
    },
    starts="2026-01-01",
    ends="2028-12-31",
    definitions="研发强度: 研发费用 / 营业收入",
    measure="award",
    title="研发投入奖励",
    article="第三条",
    clauses=(
        SimpleClause("c1", "规模以上企业", fact="四上企业", word="是"),
        SimpleClause("c2", "2000万元以上", fact="营业收入", word="以上", value="2000", unit="万元"),
        SimpleClause("c3", "研发占比", expression="研发强度 ≥ 5%"),
        SimpleClause("c4", "规模", fact="企业规模", word="属于", value="小型、微型"),
        SimpleClause("c5", "领域", question="是否属于重点领域？"),
    ),
    benefit={"key": "award", "kind": "rate", "title": "3%", "amount": "取小(研发费用 × 3%, 100万元)"},
    evidence="年度审计报告",
    evidence_facts="营业收入、研发费用",
    window_from="2026-03-01",
    window_to="2026-03-31",
    cases=(
        SimpleCase(
            "恰好达标", "2026-03-01",
            "四上企业: 是\n营业收入[上年]: 2000万元\n研发费用[上年]: 100万元\n企业规模: 小型",
            "需人工判断", "3万元",
        ),
    ),
)  # fmt: skip


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def typed(**more: Any) -> dict[str, str]:
    """What a browser sends for the pack above."""
    gift = PACK.benefit
    told: dict[str, Any] = {
        **PACK.document, "key": PACK.key, "version": PACK.version, "starts": PACK.starts,
        "ends": PACK.ends, "definitions": PACK.definitions, "measure": PACK.measure,
        "measure_title": PACK.title, "article": PACK.article, "applicant": "enterprise",
        "kind": gift["kind"], "benefit": gift["title"], "amount": gift["amount"],
        "evidence": PACK.evidence, "evidence_facts": PACK.evidence_facts,
        "window_from": PACK.window_from, "window_to": PACK.window_to,
        "clauses-TOTAL_FORMS": len(PACK.clauses), "clauses-INITIAL_FORMS": 0,
        "cases-TOTAL_FORMS": 1, "cases-INITIAL_FORMS": 0,
    }  # fmt: skip
    for at, clause in enumerate(PACK.clauses):
        for name in ("text", "fact", "word", "value", "unit", "expression", "question"):
            told[f"clauses-{at}-{name}"] = getattr(clause, name)
    for name in ("name", "on", "facts", "status", "amount"):
        told[f"cases-0-{name}"] = getattr(PACK.cases[0], name)
    return {**told, **more}


def test_what_is_written_is_a_pack_and_opens_again() -> None:
    text, cases = written(PACK)

    pack, errors = check(text)

    assert pack is not None, errors
    assert check_cases(pack, cases, "cases.yaml") == (1, ())
    assert opened(text, cases) == PACK


@pytest.mark.parametrize(
    ("text", "cases"),
    [(TEXT, CASES), ("a: [", ""), ("- 1", ""), ("", ""), (f"{written(PACK)[0]}open: [甲]\n", "")],
    ids=["several measures", "no YAML", "a list", "nothing", "more than a form knows"],
)
def test_what_a_form_does_not_know_is_left_to_the_text(text: str, cases: str) -> None:
    assert opened(text, cases) is None


def test_a_measure_is_entered_in_rows_and_opened_again(client: Client, scene: Scene) -> None:
    client.force_login(scene.editor)

    saved = client.post(reverse("matching:add_simple"), typed())
    row = RulePack.objects.get()
    page = client.get(reverse("matching:change_simple", args=[row.pk]))

    assert saved.status_code == 303, saved.content.decode()[:3_000]
    assert (row.text, row.cases_text) == written(PACK)
    soup = BeautifulSoup(page.content, "html.parser")
    value = soup.select_one("#id_clauses-1-value")
    assert value is not None
    assert value["value"] == "2000"
    assert "研发强度 ≥ 5%" in soup.text


def test_a_row_more_is_given_without_script_and_keeps_what_was_typed(
    client: Client, scene: Scene
) -> None:
    client.force_login(scene.editor)

    page = client.post(reverse("matching:add_simple"), typed(add="clauses"))

    soup = BeautifulSoup(page.content, "html.parser")
    assert page.status_code == 200
    assert len(soup.select("#clauses fieldset")) == len(PACK.clauses) + 1
    assert soup.select_one("#id_clauses-1-fact")["value"] == "营业收入"  # type: ignore[index]
    assert not RulePack.objects.exists()


def test_a_mistake_is_told_at_its_row(client: Client, scene: Scene) -> None:
    client.force_login(scene.editor)

    page = client.post(reverse("matching:add_simple"), typed(**{"clauses-1-unit": "人"}))

    soup = BeautifulSoup(page.content, "html.parser")
    assert page.status_code == 422
    assert len(soup.select("#clauses fieldset:nth-of-type(2) .lq-invalid")) == 1
    assert not RulePack.objects.exists()


def test_a_preview_shows_both_spellings_and_the_text(client: Client, scene: Scene) -> None:
    client.force_login(scene.editor)

    page = client.post(reverse("matching:add_simple"), typed(preview="1")).content.decode()

    for part in ("营业收入 ≥ 2000万元", "revenue &gt;= 20_000_000", "pack: rd-award"):
        assert part in page, part
    assert not RulePack.objects.exists()


def test_a_pack_of_several_measures_leads_to_its_text(client: Client, scene: Scene) -> None:
    row = scene.pack(published=False)
    client.force_login(scene.editor)

    answer = client.get(reverse("matching:change_simple", args=[row.pk]))

    assert answer["Location"] == reverse("matching:change", args=[row.pk])
    client.force_login(scene.handler)
    assert client.get(reverse("matching:change_simple", args=[row.pk])).status_code == 403
    assert client.get(reverse("matching:add_simple")).status_code == 403


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({}, 422),
        ({"add": "clauses"}, 200),
        ({"add": "clauses", "clauses-TOTAL_FORMS": "9" * 5_000}, 200),
        ({"clauses-TOTAL_FORMS": "说明", "cases-TOTAL_FORMS": "-1"}, 422),
    ],
    ids=["nothing", "a row of none", "very many rows", "no counts"],
)
def test_strange_answers_of_a_browser_are_refused(
    client: Client, scene: Scene, posted: dict[str, str], status: int
) -> None:
    client.force_login(scene.editor)

    assert client.post(reverse("matching:add_simple"), posted).status_code == status
