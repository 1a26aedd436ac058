"""What the worker makes of the wording of the demo's year, and one class of cases."""

import datetime as dt

from lianqi.demands.actions import (
    find_clusters,
    find_recurrences,
    fix_class,
    open_class,
    train_classifiers,
)
from lianqi.demands.models import Demand, DemandCluster
from lianqi.ops.demo.people import People
from lianqi.work.queries import local_date

ABOUT, UNIT = "停电", "build"
FIXED_BEFORE = dt.timedelta(days=40)


def learn(people: People, *, now: dt.datetime) -> None:
    """Learn from the closed demands, fix one cause six weeks ago, group what is open today."""
    train_classifiers(by=None, at=now)
    _fix_the_power_cuts(people, now=now)
    find_recurrences(at=now)
    find_clusters(at=now)
    largest = DemandCluster.objects.order_by("-size", "pk").first()
    if largest is None:
        return
    members = Demand.objects.filter(pk__in=largest.members.values("demand"))
    unit = members.exclude(unit=None).order_by("pk").first()
    open_class(
        title=largest.label[:100],
        note="请牵头查明共性原因，提出一次性解决办法。",
        unit=unit.unit if unit and unit.unit else people.units[UNIT],
        fix_on=local_date(now) + dt.timedelta(days=30),
        demand_ids=members.values_list("pk", flat=True),
        by=people.dispatcher,
        at=now,
    )


def _fix_the_power_cuts(people: People, *, now: dt.datetime) -> None:
    fixed_at = now - FIXED_BEFORE
    opened_at = fixed_at - dt.timedelta(days=20)
    reported = Demand.objects.filter(title__contains=ABOUT, filed_at__lt=opened_at).order_by("-pk")
    ids = list(reported.values_list("pk", flat=True)[:8])
    if not ids:
        return
    case = open_class(
        title="园区夜间停电",
        note="同一条线路上多家企业反映夜间停电，请更换老化线路并增设备用电源。",
        unit=people.units[UNIT],
        fix_on=local_date(opened_at) + dt.timedelta(days=25),
        demand_ids=ids,
        by=people.dispatcher,
        at=opened_at,
    )
    handler = people.handlers[UNIT][0]
    fix_class(case.pk, note="供电公司已更换老化线路并增设备用电源。", by=handler, at=fixed_at)
