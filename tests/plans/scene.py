"""A service plan of the zone's firm, and everybody who has a part in it."""

import datetime as dt
from typing import Any

from lianqi.plans.actions import (
    add_measure,
    agree_to_plan,
    begin_plan,
    load_plan_clocks,
    propose_plan,
    start_plan,
)
from lianqi.plans.enums import MeasureKind
from lianqi.plans.models import Measure, ServicePlan
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from tests.factories import AT
from tests.web.zone import Zone

DAY = dt.timedelta(days=1)
DUE = dt.date(2026, 3, 20)
"""A Friday, sixteen days after `AT`."""


def prepare(zone: Zone, *, at: dt.datetime = AT) -> None:
    """Load the clocks; the enterprise's people are told by way of their membership."""
    load_plan_clocks(at=at)
    Membership.objects.get_or_create(
        user=zone.boss,
        enterprise=zone.firm,
        defaults={
            "role": "enterprise_admin",
            "state": MembershipState.CONFIRMED,
            "asked_at": at,
        },
    )


def begin(zone: Zone, *, at: dt.datetime = AT, **given: Any) -> ServicePlan:
    prepare(zone, at=at)
    known = {
        "enterprise": zone.firm,
        "title": "扩产用电与人才保障方案",
        "aim": "年内二期产线达产。",
        "diagnosis": "二期产线用电不足，熟练技工缺口四十人。",
        "unit": zone.economy,
        "officer": zone.handler,
        "by": zone.handler,
    }
    return begin_plan(at=at, **known | given)


def add(zone: Zone, plan: ServicePlan, *, at: dt.datetime = AT, **given: Any) -> Measure:
    known = {
        "what": "增设一路十千伏电源",
        "kind": MeasureKind.SPACE,
        "unit": zone.housing,
        "due_on": DUE,
        "by": zone.handler,
    }
    return add_measure(plan.pk, at=at, **known | given)


def propose(zone: Zone, *, at: dt.datetime = AT, **given: Any) -> ServicePlan:
    """A plan with two measures, the first of another unit, as it lies before the enterprise."""
    due_on = given.pop("due_on", DUE)
    plan = begin(zone, at=at, **given)
    add(zone, plan, at=at, due_on=due_on)
    add(
        zone, plan, at=at, what="组织专场招聘会两场", kind=MeasureKind.TALENT,
        unit=zone.economy, person=zone.handler, due_on=due_on,
    )  # fmt: skip
    propose_plan(plan.pk, by=zone.handler, at=at)
    return again(plan)


def agree(zone: Zone, *, at: dt.datetime = AT) -> ServicePlan:
    plan = propose(zone, at=at)
    agree_to_plan(plan.pk, round_number=1, by=zone.boss, at=at)
    return again(plan)


def start(zone: Zone, *, at: dt.datetime = AT) -> ServicePlan:
    plan = agree(zone, at=at)
    start_plan(plan.pk, by=zone.handler, at=at)
    return again(plan)


def again(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)
