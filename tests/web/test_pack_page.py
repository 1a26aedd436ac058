"""The page of a pack shows everything that the file says of a measure, in words."""

import pytest
from django.test import Client

from tests.matching.scene import make_scene
from tests.web.test_matching import as_, said

pytestmark = pytest.mark.django_db

TEXT = """\
pack: whole
version: "1"
document: {title: 全要素措施, issuer: 云岭高新区管委会, level: zone, source: 公报}
in_force: {from: 2020-01-01}
parameters:
  门槛: [{value: 1000万元}, {from: 2026-07-01, value: 2000万元, article: 修改决定}]
measures:
  - key: best
    title: 十强奖励
    article: 第二条
    clauses: [{key: revenue, text: 上年营业收入达到门槛, require: 营业收入 ≥ 门槛}]
    rank: {by: 营业收入, levels: [{upto: 3, amount: 30万元}]}
    budget: {amount: 80万元, when_short: rank}
    excludes: [{measure: desk, rule: higher, article: 第九条}]
    evidence: [{name: 审计报告, source: enterprise}, {name: 完税证明, source: tax}]
    process:
      application: declare
      windows: [{from: 2026-03-01, to: 2026-03-31}]
      publicity_days: 5
      steps: [受理, 评审, 公示]
    clawback: [{when: 非 注册在本区, amount: 30万元, text: 五年内迁出}]
  - key: desk
    title: 专员服务
    benefits: [{key: one, kind: in_kind, title: 专员, pays_in_kind: 一名服务专员}]
    stacks_with: [best]
cap_groups: [{key: all, article: 第十条, cap: 纳税额, measures: [best, desk], text: 不超过上年纳税额}]
"""


def test_nothing_of_a_measure_is_left_out(client: Client) -> None:
    scene = make_scene()
    row = scene.pack(TEXT, "", published=False)

    page = said(as_(client, scene.editor).get(row.get_absolute_url()))

    for told in (
        "门槛", "修改决定", "不超过上年纳税额", "第十条",
        "排名依据", "前3名", "30万元", "预算", "80万元", "按名次",
        "专员服务（取高者）", "第九条", "审计报告（企业）", "完税证明（税务部门）",
        "2026-03-01 — 2026-03-31", "5个工作日", "受理 → 评审 → 公示", "退回情形：五年内迁出",
        "一名服务专员", "十强奖励",
    ):  # fmt: skip
        assert told in page, told
