"""A task force that turned a shortage of masks into production: one done, two under way, one ended."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.accounts.models import User
from lianqi.conversions.actions import (
    Papers,
    begin_conversion,
    end_conversion,
    go_back,
    own_step,
    report_step,
    settle_step,
)
from lianqi.conversions.models import Conversion, ConversionTemplate
from lianqi.demands.models import DemandCategory
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise, Membership
from lianqi.taskforces.actions import form_force
from lianqi.taskforces.models import TaskForce

DAY = dt.timedelta(days=1)
FORMED = 62
"""Days ago."""

# Evidence of each step, in the order of the checklist; then the figures that two of them state.
EVIDENCE = (
    "走访记录三份，缺口清单一份，日缺口罩二十万只。",
    "摸排表：洁净车间八百平方米，可用工人三十二名。",
    "转产意向书已签署。",
    "平面口罩产线采购合同，四条。",
    "试样记录，留样六十片。",
    "检测申请单，过滤效率、通气阻力两项。",
    "检测报告〔2026〕第118号。",
    "两项指标均合格。",
    "投产报告，日产二十万只。",
    "连续二十个工作日产量台账。",
)
# Files brought with some of them: the name, and what the file says.
FILES = {
    4: ("产线采购合同.txt", "平面口罩产线采购合同（演示）：四条，分两批到货。"),
    7: ("检测报告.txt", "检测报告〔2026〕第118号（演示）：过滤效率、通气阻力。"),
}
FIGURES = {4: (4, ""), 9: (200_000, "只")}
FAILED = "通气阻力未达标，请调整熔喷布克重后重新试样。"


@dataclass(frozen=True, slots=True)
class Story:
    """How far one came: `settled` steps, one every `pace` days, begun so many days ago."""

    product: str
    begun: int
    settled: int
    pace: int


def play_conversions(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Form the force, let four enterprises begin, and leave each where its story ends."""
    makers = Membership.objects.filter(enterprise__in=firms, enterprise__industry__section="C")
    memberships = makers.select_related("user", "enterprise")
    converting = [(each.enterprise, each.user) for each in memberships.order_by("pk") if each.user]
    force = form_force(
        name="应急物资转产工作专班",
        purpose="组织有条件的企业转产口罩等应急物资，协调产线、原料和检测。",
        order=f"云高管办〔{now.year}〕19号",
        lead_unit=people.units["economy"],
        member_units=[people.units[key] for key in ("market", "science")],
        categories=[DemandCategory.objects.get(code="market")],
        people=[people.handlers[key][0] for key in ("economy", "market", "science")],
        by=people.leader,
        at=now - FORMED * DAY,
    )
    keeper = User.objects.get(pk=people.handlers["economy"][0].pk)
    stories = (
        Story("医用口罩", 60, len(EVIDENCE), 5),
        Story("平面口罩", 34, 7, 3),
        Story("防护面罩", 15, 2, 1),
        Story("消毒液", 40, 3, 4),
    )
    begun = [
        _play(story, force, enterprise, keeper, now=now)
        for story, (enterprise, _user) in zip(stories, reversed(converting[:4]), strict=False)
    ]
    _done, tested, _late, given_up = begun
    at = now - 8 * DAY
    go_back(tested.pk, position=5, reason=FAILED, by=keeper, at=at)
    own_step(tested.pk, position=5, owner=keeper, by=keeper, at=at + DAY / 24)
    reporter = next(user for firm, user in converting if firm.pk == tested.enterprise_id)
    report_step(
        tested.pk, position=5, text="已更换熔喷布，明日重新试样。", by=reporter, at=at + 2 * DAY
    )
    end_conversion(given_up.pk, reason="原料乙醇供应不足，企业不再转产。", by=keeper, at=at)


def _play(
    story: Story, force: TaskForce, enterprise: Enterprise, keeper: User, *, now: dt.datetime
) -> Conversion:
    at = now - story.begun * DAY
    conversion = begin_conversion(
        force=force,
        enterprise=enterprise,
        template=ConversionTemplate.objects.get(code="conversion"),
        product=story.product,
        need="园区复工企业防护物资存在缺口，现有渠道无法满足。",
        capability="有洁净车间和注塑、裁切设备，工人可在两周内完成培训。",
        by=keeper,
        at=at,
    )
    for position, evidence in enumerate(EVIDENCE[: story.settled], start=1):
        figure, unit = FIGURES.get(position, (None, ""))
        at += story.pace * DAY
        settle_step(
            conversion.pk,
            position=position,
            evidence=evidence,
            figure=figure,
            figure_unit=unit,
            papers=_papers(position),
            by=keeper,
            at=at,
        )
    return conversion


def _papers(position: int) -> Papers:
    if position not in FILES:
        return Papers()
    name, text = FILES[position]
    upload = SimpleUploadedFile(name, text.encode(), content_type="text/plain")
    return Papers([upload], max_bytes=1_000_000)
