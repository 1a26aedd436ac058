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
    "title": "科技企业研发投入扶持",
    "issuer": "深圳市龙岗区",
    "source": "龙岗政府在线 post_10217803",
    "key": "longgang-rd-base",
    "version": "2026",
    "starts": "2026-01-01",
    "boundary": "各档上限不含本数，“以上”含本数。",
    "measure_title": "研发投入扶持",
    "measure": "rd",
    "article": "研发投入扶持",
    "definitions": "研发强度: 研发费用 / 营业收入\n"
    "达到本档占比: (研发费用 < 1000万元 且 研发强度 ≥ 9%) 或 (1000万元 ≤ 研发费用 < 3000万元 且 研发强度 ≥ 7%)"
    " 或 (3000万元 ≤ 研发费用 < 6000万元 且 研发强度 ≥ 5%) 或 (研发费用 ≥ 6000万元 且 研发强度 ≥ 3%)",
    "benefit": "按上年研发投入分档",
    "amount": "分档(研发费用, (0元, 10万元), (1000万元, 30万元), (3000万元, 50万元), (6000万元, 100万元), (1亿元, 200万元))",
    "evidence": "研发投入专项审计报告",
    "evidence_facts": "研发费用、营业收入",
}
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
    page.locator("[name=level]").select_option("district")
    for at, condition in enumerate(CONDITIONS):
        if at:
            page.get_by_role("button", name="增加条件").click()
            page.locator(f"[name=clauses-{at}-text]").wait_for()
        for name, value in condition.items():
            place = page.locator(f"[name=clauses-{at}-{name}]")
            place.select_option(value) if name == "word" else place.fill(value)
    for at, (name, facts, status, amount) in enumerate(CASES):
        if at:
            page.get_by_role("button", name="增加案例").click()
            page.locator(f"[name=cases-{at}-name]").wait_for()
        page.locator(f"[name=cases-{at}-name]").fill(name)
        page.locator(f"[name=cases-{at}-on]").fill("2026-03-01")
        page.locator(f"[name=cases-{at}-facts]").fill(facts)
        page.locator(f"[name=cases-{at}-status]").select_option(status)
        page.locator(f"[name=cases-{at}-amount]").fill(amount)
    page.get_by_role("button", name="查看文本").click()
    page.locator("#preview").wait_for()
    assert "研发费用 / 营业收入" in page.locator("#preview").inner_text()
    visitor.sees_a_good_page("rule-rows")
    page.get_by_role("button", name="校验并保存").click()
    page.wait_for_url(re.compile(r"/matching/packs/\d+/$"))
    assert "3 个案例，结果全部一致" in page.locator("main").inner_text()
    visitor.sees_a_good_page("rule-draft")


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
