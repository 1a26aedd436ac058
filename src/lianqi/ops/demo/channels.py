"""What reaches the demo zone besides the portal: tips without a name, unregistered callers."""

import datetime as dt

from lianqi.demands.actions import (
    accept_demand,
    allow_tips,
    answer_demand,
    dispatch_demand,
    file_demand,
    file_tip,
    reply_to_tip,
    write_to_tipster,
)
from lianqi.demands.enums import Channel
from lianqi.demands.models import DemandCategory, Tip
from lianqi.ops.demo.people import People

TIPS_IN = "environment"
TIPS_UNIT = "safety"
CODE = "DEMO-DEMO-DEMO-{number:04d}"
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

TIPS = (
    (
        "夜间有刺鼻气味",
        "每晚十点以后，云岭路南段有刺鼻气味，持续约两小时，已有一周。",
        "经夜间巡查，系一家企业废气处理设施检修未报备，已责令整改并恢复运行。",
    ),
    (
        "园区东门占道堆放",
        "园区东门消防通道堆放货箱，车辆无法通行。",
        "已会同园区运营方清理，并设置禁停标识。",
    ),
    ("施工噪声扰民", "二期工地夜间十一点后仍在打桩。", ""),
)
CALLERS = (
    ("云岭启航供应链有限公司", "", "咨询落户优惠政策", "拟在园区租用厂房两千平方米。"),
    ("云岭拾光文化传媒工作室", "", "咨询工作室注册流程", "三人团队，希望了解集群注册。"),
)


def play_channels(people: People, *, now: dt.datetime) -> None:
    """Let each of the other ways to the zone be used."""
    _tips(people, now=now)
    _unregistered_callers(people, now=now)


def _tips(people: People, *, now: dt.datetime) -> None:
    category = DemandCategory.objects.get(code=TIPS_IN)
    category = allow_tips(category.pk, allows_anonymous=True, by=people.admin, at=now - 90 * DAY)
    handler = people.handlers[TIPS_UNIT][0]
    for number, (title, text, answer) in enumerate(TIPS):
        at = now - (20 - 8 * number) * DAY
        key = f"demo-zone-anonymous-tip-{number}"
        secret = CODE.format(number=number)
        demand = file_tip(
            category=category, title=title, text=text, secret=secret, idempotency_key=key, at=at
        )
        unit = people.units[TIPS_UNIT]
        dispatch_demand(demand.pk, unit=unit, by=people.dispatcher, at=at + HOUR)
        accept_demand(demand.pk, by=handler, at=at + 2 * HOUR)
        write_to_tipster(demand.pk, text="请问具体位置和时间？", by=handler, at=at + 3 * HOUR)
        if answer:
            reply_to_tip(Tip.objects.get(demand=demand), text="多在周一和周四。", at=at + DAY)
            answer_demand(demand.pk, answer=answer, by=handler, at=at + 3 * DAY)


def _unregistered_callers(people: People, *, now: dt.datetime) -> None:
    category = DemandCategory.objects.get(code="policy")
    for number, (name, code, title, text) in enumerate(CALLERS):
        file_demand(
            enterprise=None,
            firm_name=name,
            firm_code=code,
            category=category,
            title=title,
            text=text,
            channel=Channel.PHONE,
            contact_name="李女士",
            contact_phone="13900000000",
            idempotency_key=f"demo-zone-unregistered-{number}",
            by=people.dispatcher,
            at=now - (number + 1) * 2 * HOUR,
        )
