"""A policy officer turns a paragraph of a real policy into rules, and an enterprise reads them.

The paragraph: 深圳市龙岗区科技企业研发投入扶持, as explained on 2022-11-04 (post_10217803), without the
surcharges for titles; its worked examples are the cases.
"""

import re

import pytest

from lianqi.matching.models import Match, RulePack
from lianqi.register.actions import state
from tests.browser.conftest import Visitor, work_off_jobs
from tests.factories import AT
from tests.matching.scene import fact, make_scene, title

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCUMENT = {
    "head-title": "科技企业研发投入扶持",
    "head-issuer": "深圳市龙岗区",
    "head-source": "龙岗政府在线 post_10217803",
    "head-key": "longgang-rd-base",
    "head-version": "2026",
    "head-starts": "2026-01-01",
    "head-boundary": "各档上限不含本数，“以上”含本数。",
    "measure-title": "研发投入扶持",
    "measure-key": "rd",
    "measure-article": "研发投入扶持",
}
BANDS = (
    "(研发费用 < 1000万元 且 研发强度 ≥ 9%)",
    "(1000万元 ≤ 研发费用 < 3000万元 且 研发强度 ≥ 7%)",
    "(3000万元 ≤ 研发费用 < 6000万元 且 研发强度 ≥ 5%)",
    "(研发费用 ≥ 6000万元 且 研发强度 ≥ 3%)",
)
DEFINITIONS = (("研发强度", "研发费用 / 营业收入"), ("达到本档占比", " 或 ".join(BANDS)))
STEPS = (
    ("0元", "10万元"),
    ("1000万元", "30万元"),
    ("3000万元", "50万元"),
    ("6000万元", "100万元"),
    ("1亿元", "200万元"),
)
CONDITIONS = (
    {"text": "国家高新技术企业", "fact": "资质称号", "word": "包含", "value": "高新技术企业"},
    {"text": "规模以上", "fact": "四上企业", "word": "是"},
    {
        "text": "上年营业收入2000万元以上",
        "fact": "营业收入",
        "word": "不低于",
        "value": "2000",
        "unit": "万元",
    },
    {"text": "加计扣除已申报", "fact": "研发加计扣除已申报", "word": "是"},
    {"text": "达到本档占比", "expression": "达到本档占比"},
)
KNOWN = "资质称号: 高新技术企业\n四上企业: 是\n研发加计扣除已申报: 是\n"
CASES = (
    ("1", KNOWN + "营业收入[上年]: 40000万元\n研发费用[上年]: 3500万元", "符合", "50万元"),
    ("2 恰为1000万元", KNOWN + "营业收入[上年]: 14000万元\n研发费用[上年]: 1000万元", "符合", "30万元"),
    ("2 少一百元", KNOWN + "营业收入[上年]: 14000万元\n研发费用[上年]: 999.99万元", "不符合", ""),
)  # fmt: skip


def test_a_paragraph_becomes_rules_and_finds_an_enterprise(visitor: Visitor) -> None:
    scene = make_scene()
    title(scene.firm)
    fact(scene.firm, "revenue", 400_000_000)
    fact(scene.firm, "rd_expense", 35_000_000)
    for key in ("above_scale", "rd_deduction_filed"):
        state(scene.firm.pk, key=key, value=True, source="税务部门名单", by=scene.dispatcher, at=AT)

    visitor.signs_in(scene.editor)
    _enter_the_measure(visitor)
    _publish_and_match(visitor)
    visitor.signs_in(scene.boss)
    _read_why(visitor, scene.firm.pk)

    assert Match.objects.get(enterprise=scene.firm, group="met").low == 50_000_000


def _enter_the_measure(visitor: Visitor) -> None:
    page = visitor.page
    visitor.opens("/matching/packs/")
    page.get_by_role("link", name="按表格录入措施").click()
    page.wait_for_url("**/packs/new/rows/")
    for name, value in DOCUMENT.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=head-level]").select_option("district")
    page.locator("summary", has_text="常用表达式的名称").click()
    for at, (name, expression) in enumerate(DEFINITIONS):
        _adds_a_row(visitor, "head-definitions", at)
        page.locator(f"[name=head-definitions-{at}-name]").fill(name)
        page.locator(f"[name=head-definitions-{at}-expression]").fill(expression)
    for at, condition in enumerate(CONDITIONS):
        if at:
            _adds_a_row(visitor, "measure-clauses", at)
        if "expression" in condition:
            page.locator(f"#measure-clauses-{at} summary").click()
        for name, value in condition.items():
            place = page.locator(f"[name=measure-clauses-{at}-{name}]")
            place.select_option(value) if name == "word" else place.fill(value)
    _enter_what_is_given(visitor)
    for at, (name, facts, status, amount) in enumerate(CASES):
        if at:
            _adds_a_row(visitor, "cases", at)
        page.locator(f"[name=cases-{at}-name]").fill(name)
        page.locator(f"[name=cases-{at}-on]").fill("2026-03-01")
        page.locator(f"[name=cases-{at}-facts]").fill(facts)
        page.locator(f"[name=cases-{at}-status]").select_option(status)
        page.locator(f"[name=cases-{at}-amount]").fill(amount)
    page.get_by_role("button", name="试算").click()
    page.locator("#preview").wait_for()
    assert "研发费用 / 营业收入" in page.locator("#preview").inner_text()
    assert page.locator(".lq-case-result", has_text="与预期一致").count() == len(CASES)
    visitor.sees_a_good_page("rule-rows")
    page.get_by_role("button", name="校验并保存").click()
    page.wait_for_url(re.compile(r"/matching/packs/\d+/$"))
    assert "3 个案例，结果全部一致" in page.locator("main").inner_text()
    visitor.sees_a_good_page("rule-draft")
    page.get_by_role("link", name="按表格修改").click()
    page.wait_for_url("**/rows/")
    visitor.sees_a_good_page("rule-overview")
    page.get_by_role("link", name="编辑文件信息").click()
    page.wait_for_url("**/rows/head/")
    visitor.sees_a_good_page("rule-head")
    page.go_back()
    page.locator("#measures").get_by_role("link", name="研发投入扶持").click()
    page.wait_for_url("**/rows/measures/rd/")
    visitor.sees_a_good_page("rule-measure")
    page.get_by_role("button", name="校验并保存").click()
    page.wait_for_url("**/rows/")
    page.get_by_role("link", name="科技企业研发投入扶持").click()
    page.wait_for_url(re.compile(r"/matching/packs/\d+/$"))


def _enter_what_is_given(visitor: Visitor) -> None:
    page, first = visitor.page, "measure-benefits-0"
    page.locator(f"[name={first}-kind]").select_option("tiers")
    page.locator(f"[name={first}-title]").fill("按上年研发投入分档")
    page.locator(f"[name={first}-way]").select_option("tiers")
    page.locator(f"[name={first}-of]").fill("研发费用")
    for at, (bound, value) in enumerate(STEPS):
        _adds_a_row(visitor, f"{first}-steps", at)
        page.locator(f"[name={first}-steps-{at}-bound]").fill(bound)
        page.locator(f"[name={first}-steps-{at}-value]").fill(value)
    page.locator("summary", has_text="材料、受理期与程序").click()
    _adds_a_row(visitor, "measure-evidence", 0)
    page.locator("[name=measure-evidence-0-name]").fill("研发投入专项审计报告")
    page.locator("[name=measure-evidence-0-facts]").fill("研发费用、营业收入")


def _adds_a_row(visitor: Visitor, rows: str, at: int) -> None:
    visitor.page.locator(f"button[name=add][value={rows}]").click()
    visitor.page.locator(f"#{rows}-{at}").wait_for()


def _publish_and_match(visitor: Visitor) -> None:
    page = visitor.page
    reason = page.locator("#id_reason")
    if reason.count():
        reason.fill("原文未载明止期，已与主管部门核对。")
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布").first.wait_for()
    assert RulePack.objects.get().is_published
    page.get_by_role("button", name="立即匹配").click()
    page.wait_for_url("**/matching/runs/*/")
    work_off_jobs()
    visitor.opens("/matching/results/")
    assert "研发投入扶持" in page.locator("main").inner_text()
    visitor.sees_a_good_page("rule-results")


def _read_why(visitor: Visitor, enterprise: int) -> None:
    page = visitor.page
    visitor.opens(f"/matching/enterprises/{enterprise}/")
    assert "50 万元" in page.locator("main").inner_text()
    visitor.sees_a_good_page("rule-verdicts")
    page.get_by_role("link", name="研发投入扶持").first.click()
    page.wait_for_load_state()
    told = page.locator("main").inner_text()
    assert "3,500 万元" in told
    assert "40,000 万元" in told or "4 亿元" in told
    visitor.sees_a_good_page("rule-explained")
