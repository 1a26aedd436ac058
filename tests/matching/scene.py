"""A rule pack of the small zone, whoever has a part in it, and what the register knows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.matching.actions import adopt_pack, publish_pack
from lianqi.matching.models import RulePack
from lianqi.register.enums import TitleLevel
from lianqi.register.models import Enterprise, Fact, Industry, Title
from tests.factories import (
    AT,
    grant,
    make_dispatcher,
    make_enterprise,
    make_handler,
    make_member,
    make_unit,
    make_user,
)

ON = dt.date(2026, 3, 4)

TEXT = """\
pack: growth
version: "2026"
document:
  title: 云岭高新区稳产增效若干措施
  issuer: 云岭高新区管委会
  number: 云高管〔2026〕1号
  level: zone
  source: 云岭高新区管委会公报
in_force: {from: 2026-01-01, to: 2026-12-31}
boundary: “以上”含本数。
measures:
  - key: rd
    title: 研发投入奖励
    article: 第四条
    clauses:
      - {key: high-tech, article: 第四条第一款, text: 有效期内的高新技术企业, require: "has(资质称号, '高新技术企业')"}
      - {key: rate, article: 第四条第二款, text: 上年研发费用占营业收入5%以上, require: 研发费用 / 营业收入 ≥ 5%}
    benefits:
      - {key: grant, kind: rate, title: 研发费用的3%，最高50万元, amount: "取小(研发费用 × 3%, 50万元)", ceiling: true}
    evidence: [{name: 审计报告, source: enterprise}]
  - key: plan
    title: 示范项目奖励
    article: 第五条
    clauses:
      - {key: model, text: 项目具有示范作用, judge: 项目是否具有示范作用？}
    benefits:
      - {key: title, kind: status, title: 示范项目}
  - key: interest
    title: 贷款贴息
    applicant: loan
    article: 第三条
    clauses:
      - {key: revenue, require: 营业收入 ≥ 1万元}
    benefits:
      - {key: grant, kind: fixed, amount: 1万元}
open:
  - {point: 研发费用以何者为准, handled: 以审计报告为准, measure: rd}
"""

CASES = """\
cases:
  - name: 恰为5%
    measure: rd
    on: 2026-03-01
    expect: {status: met, amount: 3万元}
    facts:
      资质称号: [高新技术企业]
      研发费用[上年]: 100万元
      营业收入[上年]: 2000万元
  - name: 少一元
    like: 恰为5%
    facts:
      研发费用[上年]: 99.9999万元
    expect: {status: unmet, clauses: {rate: unmet}}
"""


@dataclass(frozen=True)
class Scene:
    editor: User
    dispatcher: User
    handler: User
    boss: User
    stranger: User
    firm: Enterprise
    other: Enterprise

    def pack(self, text: str = TEXT, cases: str = CASES, *, published: bool = True) -> RulePack:
        row = adopt_pack(text, cases, by=self.editor, at=AT)
        return self.publish(row) if published else row

    def publish(self, row: RulePack) -> RulePack:
        return publish_pack(row.pk, by=self.editor, at=AT, reason="已核对")


def make_scene() -> Scene:
    firm, other = make_enterprise(established_on=dt.date(2018, 5, 1)), make_enterprise()
    boss, stranger = make_member(firm), make_member(other)
    return Scene(
        editor=grant(make_user(name="江书云"), Role.RULE_EDITOR),
        dispatcher=make_dispatcher(),
        handler=make_handler(make_unit()),
        boss=boss,
        stranger=stranger,
        firm=firm,
        other=other,
    )


def fact(
    firm: Enterprise, key: str, value: int | str, unit: str = "元", period: str = "2025",
    **more: Any,
) -> Fact:  # fmt: skip
    known = {"source": "2025年度报告", "observed_at": AT}
    return Fact.objects.create(
        enterprise=firm, key=key, value=Decimal(value), unit=unit, period=period, **known | more
    )


def title(firm: Enterprise, label: str = "高新技术企业", **more: Any) -> Title:
    return Title.objects.create(enterprise=firm, label=label, level=TitleLevel.NATIONAL, **more)


def industry(code: str = "3976", section: str = "C") -> Industry:
    return Industry.objects.get_or_create(
        code=code, defaults={"section": section, "name": "光电子器件制造", "level": 4}
    )[0]
