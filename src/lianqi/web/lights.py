"""Traffic lights of work items as conditions of the database: to filter and to count by them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import pgettext_lazy

from lianqi.work.models import WorkItemQuerySet

LIGHTS = [
    ("red", pgettext_lazy("traffic light", "Overdue")),
    ("amber", pgettext_lazy("traffic light", "Due soon")),
    ("green", pgettext_lazy("traffic light", "On time")),
    ("paused", pgettext_lazy("traffic light", "Paused")),
]


@dataclass(frozen=True, slots=True)
class LightCounts:
    """How many open items show which light."""

    red: int
    amber: int
    green: int
    paused: int

    @property
    def total(self) -> int:
        return self.red + self.amber + self.green + self.paused


def is_light(light: str, *, at: dt.datetime) -> Q:
    """The condition of one light; the four exclude one another and leave no item out.

    The same as `lianqi.work.queries.light_of` for an open item: red strictly after the due time,
    and an item that was overdue before its clock was stopped stays red.
    """
    conditions = {
        "paused": Q(due_at__isnull=True),
        "red": Q(due_at__lt=at),
        "amber": Q(due_at__gte=at, amber_at__lte=at),
        "green": Q(due_at__gte=at) & (Q(amber_at__gt=at) | Q(amber_at__isnull=True)),
    }
    return conditions[light]


def light_counts(items: WorkItemQuerySet, *, at: dt.datetime) -> LightCounts:
    """Count these items by light, in one query."""
    counted = items.order_by().aggregate(
        **{light: Count("pk", filter=is_light(light, at=at)) for light, _label in LIGHTS}
    )
    return LightCounts(**counted)
