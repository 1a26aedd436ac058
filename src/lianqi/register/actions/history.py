"""Keeping the industry and the size class that enterprises had before they changed."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Max

from lianqi.register.models import Enterprise, FormerClass

ZONE_TIME = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
# Industry and size class.
Classes = tuple[str | None, str]


def classes_of(enterprise: Enterprise) -> Classes:
    return enterprise.industry_id, enterprise.size_class


def keep_former(before: Iterable[tuple[Enterprise, Classes]], *, at: dt.datetime) -> None:
    """Keep what changed until the day before; two statements, however many enterprises.

    What held for a part of a day only is not kept, nor what was entered wrongly on the first day.

    Args:
        before: Enterprises as they are now, each with what it had before.
    """
    today = at.astimezone(ZONE_TIME).date()
    changed = {
        enterprise.pk: former
        for enterprise, former in before
        if former != classes_of(enterprise)
        and enterprise.created_at.astimezone(ZONE_TIME).date() < today
    }
    if not changed:
        return
    earlier = FormerClass.objects.filter(enterprise__in=changed).order_by()
    last = dict(earlier.values_list("enterprise").annotate(last=Max("until")))
    yesterday = today - DAY
    FormerClass.objects.bulk_create(
        [
            FormerClass(
                enterprise_id=pk, industry_id=industry, size_class=size,
                since=last[pk] + DAY if pk in last else None, until=yesterday,
            )
            for pk, (industry, size) in sorted(changed.items())
            if last.get(pk, dt.date.min) < yesterday
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )  # fmt: skip
