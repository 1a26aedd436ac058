"""What reaches the demo zone besides the portal: tips without a name, unregistered callers."""

import datetime as dt

from lianqi.demands.actions import (
    accept_demand,
    allow_tips,
    answer_at_once,
    answer_demand,
    dispatch_demand,
    file_demand,
    file_tip,
    reply_to_tip,
    write_to_tipster,
)
from lianqi.demands.enums import Channel, ToldBy
from lianqi.demands.models import ContactGiven, DemandCategory, Tip, secret_of
from lianqi.ops.demo.people import People
from lianqi.register.actions import create_service_point
from lianqi.register.models import Enterprise

TIPS_IN = "environment"
TIPS_UNIT = "safety"
CODE = "DEMO-DEMO-DEMO-{number:04d}"
# Of a program that sends tips for those who wrote to it; it makes such a key for each.
PROGRAM_KEY = "5b0c7f0e-6d1f-4c57-9f3a-2f8f4e1d7a90"
PROGRAM_TIP = (
    "雨水口有乳白色污水",
    "光电大道88号东侧雨水口，今晨七时起有乳白色水流出，无明显气味，仍在持续。",
)
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

QUESTIONS = (
    ("labour", "咨询社保补缴时间", "可在每月二十日前通过政务服务网补缴当年费用。"),
    ("policy", "咨询高新技术企业申报批次", "今年共三批，第二批受理截止到九月三十日。"),
    ("logistics", "咨询货车通行证办理地点", "可在科技园企业服务工作站一号窗口办理。"),
    ("finance", "咨询贴息贷款办理银行", "合作银行名单见官网政策专栏，可直接联系客户经理。"),
)
# Name, street, address, degrees north and east of the zone's middle.
POINTS = (
    ("科技园企业服务工作站", "云东街道", "云岭路1号", 0.002, 0.003),
    ("云东街道企业服务工作站", "云东街道", "东湖路18号", 0.011, 0.014),
    ("云西街道企业服务工作站", "云西街道", "西溪路6号", -0.004, -0.021),
    ("光电产业园服务点", "云东街道", "光电大道88号", 0.021, 0.018),
    ("生物医药园服务点", "云西街道", "药谷路9号", -0.016, -0.012),
    ("软件园服务点", "云东街道", "软件园三期A座", 0.015, -0.006),
    ("创业孵化园服务点", "云东街道", "孵化路2号", 0.006, 0.022),
    ("综合保税区服务点", "云西街道", "保税大道1号", -0.031, 0.027),
    ("智能制造园服务点", "云西街道", "智造路66号", -0.022, 0.008),
    ("新材料园服务点", "云西街道", "新材路12号", -0.035, -0.019),
    ("人才公寓服务点", "云东街道", "青年路5号", 0.028, -0.014),
    ("中央商务区服务点", "云东街道", "商务大厦一层", 0.001, -0.003),
    ("物流园服务点", "云西街道", "物流路20号", -0.041, 0.033),
    ("大学科技园服务点", "云东街道", "学府路100号", 0.037, 0.009),
)
MIDDLE = 30.55, 104.06


def play_channels(people: People, *, now: dt.datetime) -> None:
    """Let each of the other ways to the zone be used."""
    _tips(people, now=now)
    _unregistered_callers(people, now=now)
    _calls(people, now=now)
    _points(people, now=now)


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
    title, text = PROGRAM_TIP
    file_tip(
        category=category, title=title, text=text, secret=secret_of(PROGRAM_KEY),
        idempotency_key=PROGRAM_KEY, at=now - 3 * HOUR,
    )  # fmt: skip


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
            contacts=[ContactGiven(name="李女士", phone="13900000000", told_by=ToldBy.SMS)],
            idempotency_key=f"demo-zone-unregistered-{number}",
            by=people.dispatcher,
            at=now - (number + 1) * 2 * HOUR,
        )


def _calls(people: People, *, now: dt.datetime) -> None:
    firms = list(Enterprise.objects.living().order_by("pk")[:24])
    for number in range(24):
        code, question, answer = QUESTIONS[number % len(QUESTIONS)]
        answer_at_once(
            enterprise=firms[number % len(firms)],
            category=DemandCategory.objects.get(code=code),
            title=question,
            text="",
            answer=answer,
            contacts=[ContactGiven(name="王先生", phone=f"1390000{number:04d}")],
            idempotency_key=f"demo-zone-call-{number}",
            by=people.operator,
            at=now - (1 + number // 3) * DAY + (number % 3) * HOUR,
        )


def _points(people: People, *, now: dt.datetime) -> None:
    for number, (name, district, address, north, east) in enumerate(POINTS):
        create_service_point(
            name=name,
            district=district,
            address=address,
            latitude=round(MIDDLE[0] + north, 4),
            longitude=round(MIDDLE[1] + east, 4),
            hours="工作日 9:00–17:30",
            phone=f"010-0000 84{number:02d}",
            unit=people.units["point"] if number == 0 else None,
            by=people.admin,
            at=now - 200 * DAY,
        )
