"""What the telephone of the demo zone brings besides questions: a parked call, an appeal."""

import datetime as dt

from lianqi.demands.actions import (
    accept_demand,
    appeal_by_phone,
    dispatch_demand,
    file_demand,
    park_call,
    propose_unsolvable,
    sign_unsolvable,
)
from lianqi.demands.enums import Channel, Decision, ToldBy
from lianqi.demands.models import ContactGiven, DemandCategory, Ground
from lianqi.ops.demo.people import People

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
UNIT, CATEGORY, GROUND = "economy", "policy", "no_basis"


def play_telephone(people: People, *, now: dt.datetime) -> None:
    """A caller without an account appeals; another one was cut off half an hour ago."""
    _appeal(people, now=now)
    park_call(
        {
            "contact_phone": "13900000121",
            "contact_name": "郑女士",
            "firm": "云岭锦程汽车服务部",
            "category": str(DemandCategory.objects.get(code="logistics").pk),
            "title": "门口道路施工影响出入",
            "text": "施工围挡占了一半车道，货车进不来。问到工期时电话中断，需回拨。",
        },
        idempotency_key="demo-zone-parked-call",
        by=people.operator,
        at=now - HOUR / 2,
    )


def _appeal(people: People, *, now: dt.datetime) -> None:
    handler, head = people.handlers[UNIT][0], people.heads[UNIT]
    filed = now - 9 * DAY
    demand = file_demand(
        enterprise=None,
        firm_name="云岭望岳机电维修部",
        category=DemandCategory.objects.get(code=CATEGORY),
        title="申请二手数控机床购置补贴",
        text="去年底购入二手数控机床一台，已投入使用，申请设备购置补贴。",
        channel=Channel.PHONE,
        contacts=[ContactGiven(name="周先生", phone="13900000117", told_by=ToldBy.SMS)],
        idempotency_key="demo-zone-telephone-appeal",
        by=people.operator,
        at=filed,
    )
    dispatch_demand(demand.pk, unit=people.units[UNIT], by=people.dispatcher, at=filed + HOUR)
    accept_demand(demand.pk, by=handler, at=filed + 2 * HOUR)
    propose_unsolvable(
        demand.pk,
        ground=Ground.objects.get(code=GROUND),
        basis="《云岭高新区惠企政策汇编（2026 年版）》第三章：设备购置补贴限于新购设备。",
        text="经核对，设备购置补贴只支持新购设备，二手设备不在支持范围。",
        by=handler,
        at=filed + 3 * DAY,
    )
    sign_unsolvable(demand.pk, decision=Decision.GRANTED, note="", by=head, at=filed + 4 * DAY)
    appeal_by_phone(
        demand.pk,
        spoke_with="周先生",
        text="机床经厂家整机再制造，有再制造产品合格证，请复核是否视同新购设备。",
        by=people.operator,
        at=now - DAY,
    )
