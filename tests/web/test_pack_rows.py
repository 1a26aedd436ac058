"""Packs entered and changed in rows, as the guide for policy officers tells it."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianqi.engines.packs import cases_file, check, check_cases, pack_files
from lianqi.engines.packs.library import SHIPPED
from lianqi.engines.packs.rows import same_rules
from lianqi.matching.actions import change_pack
from lianqi.matching.models import RulePack
from tests.factories import AT
from tests.matching.scene import CASES, TEXT, Scene, make_scene

pytestmark = pytest.mark.django_db

FILES = {file.stem: file for file in pack_files([SHIPPED])}
# What a browser sends for the example of the guide, with a list, a question and a table besides.
TYPED: dict[str, Any] = {
    "head-title": "研发投入奖励办法", "head-issuer": "某高新区管委会", "head-level": "zone",
    "head-source": "高新区门户网站政策栏目", "head-source_kind": "O", "head-checked_on": "2026-01-05",
    "head-confidence": "confirmed", "head-key": "rd-award", "head-version": "2026",
    "head-starts": "2026-01-01", "head-ends": "2028-12-31",
    "head-definitions-count": "1",
    "head-definitions-0-name": "研发强度", "head-definitions-0-expression": "研发费用 / 营业收入",
    "head-parameters-count": "2",
    "head-parameters-0-name": "门槛", "head-parameters-0-value": "2000万元",
    "head-parameters-1-name": "门槛", "head-parameters-1-value": "3000万元",
    "head-parameters-1-from": "2027-01-01",
    "measure-key": "award", "measure-title": "研发投入奖励", "measure-article": "第三条",
    "measure-applicant": "enterprise",
    "measure-clauses-count": "6",
    "measure-clauses-0-text": "规模以上企业", "measure-clauses-0-fact": "四上企业",
    "measure-clauses-0-word": "是",
    "measure-clauses-1-fact": "营业收入", "measure-clauses-1-word": "以上",
    "measure-clauses-1-value": "门槛",
    "measure-clauses-2-expression": "研发强度 ≥ 5%",
    "measure-clauses-3-fact": "企业规模", "measure-clauses-3-word": "属于",
    "measure-clauses-3-value": "小型、微型",
    "measure-clauses-4-judge": "是否属于重点领域？",
    "measure-benefits-count": "2",
    "measure-benefits-0-kind": "rate", "measure-benefits-0-title": "研发费用的3%",
    "measure-benefits-0-way": "rate", "measure-benefits-0-of": "研发费用",
    "measure-benefits-0-rate": "3%", "measure-benefits-0-most": "100万元",
    "measure-benefits-0-ceiling": "on",
    "measure-benefits-1-kind": "tiers", "measure-benefits-1-title": "按研发投入分档",
    "measure-benefits-1-way": "tiers", "measure-benefits-1-of": "研发费用",
    "measure-benefits-1-steps-count": "2",
    "measure-benefits-1-steps-0-bound": "50万元", "measure-benefits-1-steps-0-value": "1万元",
    "measure-benefits-1-steps-1-word": "超过", "measure-benefits-1-steps-1-bound": "100万元",
    "measure-benefits-1-steps-1-value": "2万元",
    "measure-evidence-count": "2",
    "measure-evidence-0-name": "年度审计报告", "measure-evidence-0-source": "enterprise",
    "measure-evidence-0-facts": "营业收入、研发费用",
    "measure-evidence-1-name": "营业执照",
    "measure-application": "declare",
    "measure-windows-count": "2",
    "measure-windows-0-from": "2026-03-01", "measure-windows-0-to": "2026-03-31",
    "measure-windows-1-from": "2026-09-01",
    "cases-count": "1",
    "cases-0-name": "恰好达标", "cases-0-on": "2026-03-01",
    "cases-0-facts": "四上企业: 是\n营业收入[上年]: 2000万元\n研发费用[上年]: 100万元\n企业规模: 小型",
    "cases-0-status": "需人工判断", "cases-0-amount": "4万元",
}  # fmt: skip
WRITTEN = """\
pack: rd-award
version: 2026
document:
  title: 研发投入奖励办法
  issuer: 某高新区管委会
  level: zone
  source: 高新区门户网站政策栏目
  source_kind: O
  checked_on: 2026-01-05
  confidence: confirmed
in_force: {from: 2026-01-01, to: 2028-12-31}
parameters:
  门槛:
  - {value: 2000万元}
  - {value: 3000万元, from: 2027-01-01}
definitions: {研发强度: 研发费用 / 营业收入}
measures:
- key: award
  title: 研发投入奖励
  applicant: enterprise
  article: 第三条
  clauses:
  - key: c1
    text: 规模以上企业
    require: {fact: 四上企业, word: 是}
  - key: c2
    require: {fact: 营业收入, word: 以上, value: 门槛}
  - {key: c3, require: 研发强度 ≥ 5%}
  - key: c4
    require:
      fact: 企业规模
      word: 属于
      value: [小型, 微型]
  - {key: c5, judge: 是否属于重点领域？}
  benefits:
  - {key: b1, kind: rate, title: 研发费用的3%, amount: '取小(研发费用 × 3%, 100万元)', ceiling: 是}
  - {key: b2, kind: tiers, title: 按研发投入分档, amount: '分档(研发费用, (50万元, 1万元), (> 100万元, 2万元))'}
  evidence:
  - name: 年度审计报告
    source: enterprise
    facts: [营业收入, 研发费用]
  - {name: 营业执照}
  process:
    application: declare
    windows:
    - {from: 2026-03-01, to: 2026-03-31}
    - {from: 2026-09-01}
"""


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def editor(client: Client, scene: Scene) -> Client:
    client.force_login(scene.editor)
    return client


def soup_of(page: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(page.content, "html.parser")


def form_of(page: HttpResponse) -> dict[str, str]:
    """What a browser would send of the form of a page, nothing changed."""
    form = soup_of(page).select_one("main form.lq-form")
    assert isinstance(form, Tag)
    sent = {}
    for each in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(each["name"]), each.get("type", "")
        if each.name == "textarea":
            sent[name] = each.text.removeprefix("\n")
        elif each.name == "select":
            chosen = each.select_one("option[selected]") or each.select_one("option")
            sent[name] = str(chosen["value"]) if chosen else ""
        elif kind != "checkbox" or each.has_attr("checked"):
            sent[name] = str(each.get("value", "on" if kind == "checkbox" else ""))
    return sent


def draft(scene: Scene) -> RulePack:
    return scene.pack(published=False)


def address(row: RulePack, key: str = "rd") -> str:
    return reverse("matching:rows_measure", args=[row.pk, key])


def test_a_pack_is_entered_on_one_page(editor: Client) -> None:
    saved = editor.post(reverse("matching:add_rows"), TYPED)

    assert saved.status_code == 303, saved.content.decode()[:3_000]
    row = RulePack.objects.get()
    assert row.text == WRITTEN
    pack, errors = check(row.text)
    assert pack is not None, errors
    assert check_cases(pack, row.cases_text, "cases") == (1, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "stem", ["gradient-2026", "rm06-yinzhou-buildings", "rm10-ningbo-3511", "rm17-huangpu-blockchain"]
)  # fmt: skip
def test_a_pack_is_saved_as_it_is_shown(editor: Client, scene: Scene, stem: str) -> None:
    """Every page of it, as a browser sends it, changes nothing of the rules and the cases."""
    file = FILES[stem]
    text, cases = file.read_text("utf-8"), cases_file(file).read_text("utf-8")
    row = scene.pack(text, cases, published=False)
    before, _errors = check(text)
    assert before is not None
    keys = [each.key for each in before.readings[0][1].measures]
    paths = [reverse("matching:rows_head", args=[row.pk]), *(address(row, key) for key in keys)]

    for path in paths:
        saved = editor.post(path, form_of(editor.get(path)))
        assert saved.status_code == 303, soup_of(saved).select_one(".lq-alert")

    row.refresh_from_db()
    after, errors = check(row.text)
    assert after is not None, errors
    assert same_rules(before, after)
    assert check_cases(after, row.cases_text, "c") == check_cases(before, cases, "c")


def test_the_overview_names_the_measures_and_how_their_cases_come_out(
    editor: Client, scene: Scene
) -> None:
    row = draft(scene)

    page = soup_of(editor.get(reverse("matching:rows", args=[row.pk])))

    titles = [each.text for each in page.select("#measures h3")]
    assert titles == ["研发投入奖励", "示范项目奖励", "贷款贴息"]
    assert [each.text.strip() for each in page.select("#measures .lq-verdict-head .lq-badge")] == [
        "案例均一致", "尚无案例", "尚无案例",
    ]  # fmt: skip


def test_one_measure_is_changed_and_the_others_stay(editor: Client, scene: Scene) -> None:
    row = draft(scene)
    sent = form_of(editor.get(address(row)))
    assert sent["measure-clauses-0-word"] == "包含"

    saved = editor.post(address(row), sent | {"measure-benefits-0-most": "60万元"})

    row.refresh_from_db()
    assert saved["Location"] == reverse("matching:rows", args=[row.pk])
    before, after = check(TEXT)[0], check(row.text)[0]
    assert before is not None
    assert after is not None
    assert "取小(研发费用 × 3%, 60万元)" in row.text
    old, new = before.readings[0][1].measures, after.readings[0][1].measures
    assert (new[0].clauses, new[1:]) == (old[0].clauses, old[1:])
    assert new[0].benefits != old[0].benefits


def test_a_measure_is_added_with_its_case(editor: Client, scene: Scene) -> None:
    row = draft(scene)
    path = reverse("matching:rows_add", args=[row.pk])
    sent = form_of(editor.get(path)) | {
        "measure-title": "规上奖励", "measure-key": "above",
        "measure-clauses-0-fact": "四上企业", "measure-clauses-0-word": "是",
        "measure-benefits-0-kind": "fixed", "measure-benefits-0-amount": "5万元",
        "cases-0-name": "规上", "cases-0-on": "2026-03-01", "cases-0-facts": "四上企业: 是",
        "cases-0-status": "符合", "cases-0-amount": "5万元",
    }  # fmt: skip

    saved = editor.post(path, sent)

    assert saved.status_code == 303
    row.refresh_from_db()
    pack, _errors = check(row.text)
    assert pack is not None
    assert [each.key for each in pack.readings[0][1].measures] == [
        "rd",
        "plan",
        "interest",
        "above",
    ]
    assert check_cases(pack, row.cases_text, "c") == (3, ())


@pytest.mark.parametrize(
    ("verb", "key", "keys"),
    [
        ("up", "plan", ["plan", "rd", "interest"]),
        ("down", "rd", ["plan", "rd", "interest"]),
        ("double", "rd", ["rd", "rd-2", "plan", "interest"]),
        ("remove", "plan", ["rd", "interest"]),
        ("remove", "rd", ["rd", "plan", "interest"]),
    ],
    ids=["up", "down", "double", "remove", "remove what is named elsewhere"],
)
def test_measures_are_put_in_order_copied_and_removed(
    editor: Client, scene: Scene, verb: str, key: str, keys: list[str]
) -> None:
    row = draft(scene)

    moved = editor.post(reverse("matching:rows_move", args=[row.pk, key, verb]))

    row.refresh_from_db()
    assert moved.status_code == 303
    assert re.findall("^- key: (.+)$|^  - key: ([a-z0-9-]+)$", row.text, re.MULTILINE) != []
    pack, _errors = check(row.text)
    assert pack is not None
    assert [each.key for each in pack.readings[0][1].measures] == keys


def test_a_row_more_is_given_without_script_and_keeps_what_was_typed(editor: Client) -> None:
    more = TYPED | {"add": "measure-benefits-1-steps"}

    page = editor.post(reverse("matching:add_rows"), more)

    soup = soup_of(page)
    assert page.status_code == 200
    assert len(soup.select("#measure-benefits-1-steps > fieldset")) == 3
    assert len(soup.select("#measure-clauses > fieldset")) == 6
    assert soup.select_one("#id_measure-clauses-1-fact")["value"] == "营业收入"  # type: ignore[index]
    assert not RulePack.objects.exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"measure-clauses-1-value": "2000", "measure-clauses-1-unit": "人"}, "measure-clauses-1-value"),
        ({"measure-clauses-1-word": ""}, "measure-clauses-1-word"),
        ({"measure-clauses-2-expression": "研发强度 ≥"}, "measure-clauses-2-expression"),
        ({"measure-benefits-0-most": "100人"}, "measure-benefits-0-most"),
        ({"measure-benefits-0-rate": ""}, "measure-benefits-0-rate"),
        ({"measure-benefits-1-steps-1-value": "两万"}, "measure-benefits-1-steps-1-value"),
        ({"measure-benefits-1-kind": ""}, "measure-benefits-1-kind"),
        ({"measure-evidence-0-facts": "营业收人"}, "measure-evidence-0-facts"),
        ({"head-definitions-0-expression": "研发费用 / 营业收人"}, "head-definitions-0-expression"),
        ({"head-definitions-0-name": "营业收入"}, "head-definitions-0-name"),
        ({"head-parameters-1-value": "三千"}, "head-parameters-1-value"),
        ({"head-parameters-1-from": ""}, "head-parameters-0-name"),
        ({"head-title": ""}, "head-title"),
        ({"measure-key": "第一"}, "measure-key"),
        ({"cases-0-facts": "营业收人[上年]: 1元"}, "cases-0-facts"),
        ({"cases-0-on": ""}, "cases-0-name"),
        ({"cases-0-amount": "四万"}, "cases-0-amount"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_mistake_is_told_at_its_row_and_cell(
    editor: Client, change: dict[str, str], where: str
) -> None:
    page = editor.post(reverse("matching:add_rows"), TYPED | change)

    soup = soup_of(page)
    assert page.status_code == 422
    wrong = {str(each["id"]).removeprefix("id_") for each in soup.select("[aria-invalid=true]")}
    assert where in wrong, (wrong, soup.select_one(".lq-alert"), soup.select_one("#problems"))
    assert soup.select_one(f".lq-alert a[href='#id_{where}']")
    assert not RulePack.objects.exists()


def test_two_names_alike_are_refused_as_a_file_would_keep_one(editor: Client) -> None:
    twice = {
        "head-definitions-count": "2", "head-definitions-1-name": "研发强度",
        "head-definitions-1-expression": "研发费用 / 资产总额",
    }  # fmt: skip

    page = editor.post(reverse("matching:add_rows"), TYPED | twice)

    assert page.status_code == 422
    assert soup_of(page).select_one("#id_head-definitions-1-name[aria-invalid=true]")


def test_a_try_shows_both_spellings_the_text_and_what_the_rules_say(editor: Client) -> None:
    page = editor.post(
        reverse("matching:add_rows"), TYPED | {"preview": "1", "cases-0-amount": "5万元"}
    )

    soup = soup_of(page)
    for part in ("revenue >= 门槛", "pack: rd-award", "取小(研发费用 × 3%, 100万元)"):
        assert part in soup.text, part
    result = soup.select_one(".lq-case-result")
    assert result is not None
    assert "需人工判断" in result.text
    assert "4 万元" in result.text
    assert result.select_one(".lq-case-differs") is not None
    assert not RulePack.objects.exists()


def test_results_stand_beside_the_cases_when_the_page_is_opened(
    editor: Client, scene: Scene
) -> None:
    soup = soup_of(editor.get(address(draft(scene))))

    told = [each.text for each in soup.select(".lq-case-result")]
    assert len(told) == 2
    assert "3 万元" in told[0]
    assert "与预期一致。" in told[0]
    assert "不符合" in told[1]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
    editor: Client, scene: Scene
) -> None:
    row = draft(scene)
    mine = form_of(editor.get(address(row)))
    other = form_of(editor.get(address(row, "plan")))
    changed = TEXT.replace("研发费用的3%，最高50万元", "研发费用的3%")
    change_pack(row.pk, changed, CASES, by=scene.editor, at=AT)

    refused = editor.post(address(row), mine | {"measure-title": "另"})
    saved = editor.post(address(row, "plan"), other | {"measure-title": "示范"})

    row.refresh_from_db()
    assert refused.status_code == 422
    assert "已有他人保存" in refused.content.decode()
    assert saved.status_code == 303
    assert "title: 示范" in row.text
    assert "最高50万元" not in row.text


def test_comments_are_told_of_before_they_are_lost(editor: Client, scene: Scene) -> None:
    row = scene.pack(f"# 说明\n{TEXT}", published=False)
    first = editor.get(address(row, "plan"))

    saved = editor.post(address(row, "plan"), form_of(first))
    then = editor.get(address(row, "plan"))

    assert saved.status_code == 303
    assert "有注释" in first.content.decode()
    assert "有注释" not in then.content.decode()


def test_what_rows_cannot_show_leads_to_the_text(editor: Client, scene: Scene) -> None:
    row = draft(scene)
    RulePack.objects.filter(pk=row.pk).update(text=TEXT + "later: [甲]\n")

    for name in ("rows", "rows_head", "rows_add"):
        answer = editor.get(reverse(f"matching:{name}", args=[row.pk]))
        assert answer["Location"] == reverse("matching:change", args=[row.pk])


def test_rows_are_for_rule_editors(client: Client, scene: Scene) -> None:
    row = draft(scene)
    client.force_login(scene.handler)

    for name in ("rows", "rows_head", "rows_add"):
        assert client.get(reverse(f"matching:{name}", args=[row.pk])).status_code == 403
    assert client.get(address(row)).status_code == 403
    assert client.get(reverse("matching:add_rows")).status_code == 403
    moved = client.post(reverse("matching:rows_move", args=[row.pk, "rd", "remove"]))
    assert moved.status_code == 403


def test_a_measure_that_is_not_there_is_not_found(editor: Client, scene: Scene) -> None:
    row = draft(scene)

    assert editor.get(address(row, "none")).status_code == 404
    for key, verb in (("none", "up"), ("rd", "sideways")):
        path = reverse("matching:rows_move", args=[row.pk, key, verb])
        assert editor.post(path).status_code == 404


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({}, 422),
        ({"add": "measure-clauses"}, 200),
        ({"add": "measure-clauses", "measure-clauses-count": "9" * 5_000}, 200),
        ({"measure-clauses-count": "说明", "cases-count": "-1"}, 422),
        ({"add": "nothing"}, 200),
        (TYPED | {"measure-benefits-0-kind": "x" * 100}, 422),
        (TYPED | {"measure-clauses-2-expression": "(" * 3_000}, 422),
        (TYPED | {"cases-0-facts": "四上企业: [是"}, 422),
    ],
    ids=["nothing", "a row of none", "very many rows", "no counts", "no row", "long word", "deep",
         "no brackets"],
)  # fmt: skip
def test_strange_answers_of_a_browser_are_refused(
    editor: Client, posted: dict[str, str], status: int
) -> None:
    assert editor.post(reverse("matching:add_rows"), posted).status_code == status


def test_every_cell_of_a_file_has_a_field() -> None:
    """So that no name of the language is forgotten on the pages: it would be lost on saving."""
    from lianqi.engines.packs.rows import Names, tables
    from lianqi.web.matching.rows.case_forms import CaseForm
    from lianqi.web.matching.rows.head_forms import HeadForm
    from lianqi.web.matching.rows.measure_forms import MeasureForm

    def names(form: Any) -> dict[str, Any]:
        cells = {name: None for name in form.fields if name != "gone"}
        return cells | {name: names(rows.forms[0]) for name, rows in form.sets.items()}

    def cells(table: tables.Table) -> dict[str, Any]:
        row = table.row({}, Names.of({}))
        inner = {part.name: part.table for part in table.parts if isinstance(part, tables.Rows)}
        found = {name: None for name in row if name not in inner}
        found |= {name: cells(each) for name, each in inner.items()}
        if "steps" in found and "way" in found:
            found["steps"] = dict.fromkeys(("word", "bound", "value"))
        return found

    def full(form: Any, table: tables.Table) -> Any:
        def one(each: tables.Table) -> dict[str, Any]:
            inner = {
                part.name: [one(part.table)] for part in each.parts if isinstance(part, tables.Rows)
            }
            return inner | ({"steps": [{}]} if each is tables.BENEFIT else {})

        return form(None, prefix="x", row=one(table))

    for form, table in (
        (HeadForm, tables.HEAD), (MeasureForm, tables.MEASURE), (CaseForm, tables.CASE),
    ):  # fmt: skip
        assert names(full(form, table)) == cells(table)


def test_the_result_of_a_run_is_told_of_each_applicant(editor: Client, scene: Scene) -> None:
    cases = f"""{CASES}
  - name: 两家
    measure: rd
    on: 2026-03-01
    applicants:
      甲: {{资质称号: [高新技术企业], "研发费用[上年]": 100万元, "营业收入[上年]": 1000万元}}
      乙: {{资质称号: [高新技术企业]}}
    expect: {{applicants: {{甲: 3万元}}}}
"""
    row = scene.pack(cases=cases, published=False)

    page = soup_of(editor.get(address(row)))

    told = page.select(".lq-case-result")[-1].get_text(" ", strip=True)
    assert "甲 符合 3 万元" in told
    assert "乙 信息不全" in told or "乙 待补充信息" in told
