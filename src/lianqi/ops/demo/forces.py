"""Two task forces: one at work on a shortage of staff, one that cleared blocked roads and closed."""

import datetime as dt
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    confirm_demand,
    consent_to_routing,
    dispatch_demand,
    file_demand,
)
from lianqi.demands.enums import Channel, Rating
from lianqi.demands.models import Demand, DemandCategory
from lianqi.engines.calendar import ZONE
from lianqi.ops.demo.people import People
from lianqi.register.models import Enterprise, Membership
from lianqi.taskforces.actions import change_types, change_units, close_force, form_force
from lianqi.taskforces.models import TaskForce

HOUR = dt.timedelta(hours=1)
TAKEN_ON = "logistics"
"""The problem type that the force at work takes on later."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A demand to a force: how many days ago it was filed, and the answer where there is one."""

    days: int
    title: str
    text: str
    answer: str = ""


AT_WORK = (
    Matter(
        16, "春节后返岗率低，急缺数控操作工", "返岗率不足六成，两条产线缺数控操作工十二人，订单交期临近。",
        "已组织两地劳务对接，首批八人到岗；其余四人由职业学院实习生补充，下周一报到。",
    ),
    Matter(9, "新产线投产缺检验员", "新产线月底投产，缺检验员六人，请协助对接院校。"),
    Matter(4, "员工宿舍不足，新招人员无法安置", "新招四十人，园区宿舍已满，请协调周边房源。"),
    Matter(1, "外地员工集中返岗车辆难以落实", "外省员工五十五人拟集中返岗，请协助联系包车。"),
)  # fmt: skip
CLEARED = (
    Matter(
        148, "原料车辆在路口被劝返", "三辆原料车在高速出口被劝返，库存只够两天。",
        "已办理通行证并在出口设专用通道，车辆当日到厂。",
    ),
    Matter(
        139, "成品发货车辆排队时间过长", "出园成品车每日排队三小时以上，影响交货。",
        "北门增开货运通道，平均等候时间降至二十分钟。",
    ),
)  # fmt: skip
"""The second is still open when the force is closed, and goes to the lead unit."""


def _morning_before(moment: dt.datetime) -> dt.datetime:
    morning = moment.astimezone(ZONE).replace(hour=9, minute=40, second=0, microsecond=0)
    return morning if morning + 2 * HOUR < moment else morning - dt.timedelta(days=1)


def play_forces(people: People, firms: list[Enterprise], *, now: dt.datetime) -> None:
    """Form both, send them their matters, close one. Everybody acts by day."""
    now = _morning_before(now)
    memberships = Membership.objects.filter(enterprise__in=firms).select_related(
        "user", "enterprise"
    )
    filers = [(each.enterprise, each.user) for each in memberships.order_by("pk") if each.user]
    cleared = _form(
        people, "物流保畅工作专班", "打通货运堵点，保障原料进得来、产品出得去。",
        11, "economy", ("safety", "market"), "logistics",
        at=now - dt.timedelta(days=150),
    )  # fmt: skip
    _play(cleared, CLEARED[:1], people, filers, now=now)
    (left,) = _play(cleared, CLEARED[1:], people, filers[1:], now=now, most="accepted")
    closing = now - dt.timedelta(days=136)
    close_force(
        cleared.pk,
        reason="各路口已恢复通行，连续十日无新增堵点，专项任务完成。",
        by=people.leader,
        at=closing,
    )
    handler = people.handlers["economy"][0]
    answer_demand(left.pk, answer=CLEARED[1].answer, by=handler, at=closing + 5 * HOUR)
    confirm_demand(
        left.pk, rating=Rating.SATISFIED, note="", by=filers[1][1], at=closing + 9 * HOUR
    )
    at_work = _form(
        people, "企业用工保障工作专班", "解决企业节后返岗和招工困难，一企一策对接劳务。",
        27, "people", ("economy", "build"), "labour",
        at=now - dt.timedelta(days=20),
    )  # fmt: skip
    _play(at_work, AT_WORK[:2], people, filers, now=now)
    _change(at_work, people, now=now)
    _play(at_work, AT_WORK[2:], people, filers, now=now)


def _change(force: TaskForce, people: People, *, now: dt.datetime) -> None:
    """Another unit joins, one more problem type is taken, and the first one goes by itself."""
    at = now - dt.timedelta(days=7)
    order = f"云高管办〔{at.year}〕31号"
    change_units(
        force.pk, added=[people.units["finance"]], removed=[], order=order, by=people.leader, at=at
    )
    category = DemandCategory.objects.get(code=TAKEN_ON)
    change_types(
        force.pk, added=[category], removed=[], order=order, by=people.leader, at=at + HOUR
    )
    line = force.duties.exclude(category=category).get()
    consent_to_routing(line.pk, by=people.admin, at=at + 2 * HOUR)


def _form(
    people: People,
    name: str,
    purpose: str,
    number: int,
    lead: str,
    members: tuple[str, ...],
    category: str,
    *,
    at: dt.datetime,
) -> TaskForce:
    return form_force(
        name=name,
        purpose=purpose,
        order=f"云高管办〔{at.year}〕{number}号",
        lead_unit=people.units[lead],
        member_units=[people.units[key] for key in members],
        categories=[DemandCategory.objects.get(code=category)],
        people=[people.handlers[key][0] for key in (lead, *members)],
        by=people.leader,
        at=at,
    )


def _play(
    force: TaskForce,
    matters: tuple[Matter, ...],
    people: People,
    filers: list[tuple[Enterprise, User]],
    *,
    now: dt.datetime,
    most: str = "",
) -> list[Demand]:
    """File, send and accept each; answer and confirm those with an answer, unless told not to."""
    member = User.objects.get(pk=force.members.earliest("pk").person_id)
    category, filed = force.duties[0].category, []
    for position, matter in enumerate(matters):
        firm, filer = filers[position % len(filers)]
        at = now - dt.timedelta(days=matter.days)
        demand = file_demand(
            enterprise=firm,
            category=category,
            title=matter.title,
            text=matter.text,
            channel=Channel.PORTAL,
            idempotency_key=f"demo-force-{force.pk}-{matter.days}",
            by=filer,
            at=at,
        )
        filed.append(demand)
        if not demand.is_routed:
            dispatch_demand(demand.pk, unit=force.unit, by=people.dispatcher, at=at + HOUR)
        if matter is AT_WORK[-1]:
            continue  # just sent, and not accepted yet
        accept_demand(demand.pk, by=member, at=at + 2 * HOUR)
        if matter.answer and most != "accepted":
            answer_demand(demand.pk, answer=matter.answer, by=member, at=at + 26 * HOUR)
            confirm_demand(
                demand.pk, rating=Rating.VERY_SATISFIED, note="", by=filer, at=at + 30 * HOUR
            )
    return filed
