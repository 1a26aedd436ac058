"""Whose clock runs, and which clocks there are."""

from collections.abc import Iterable

from lianqi.demands.models import Demand
from lianqi.work.enums import Part
from lianqi.work.models import WorkItem


def open_items(demands: Iterable[Demand]) -> dict[int, WorkItem]:
    """The open leading work item of each demand, by the demand's id: whose clock runs now."""
    items = WorkItem.objects.open().filter(
        subject_kind=Demand._meta.label_lower,
        subject_id__in=[demand.pk for demand in demands],
        part=Part.LEAD,
    )
    return {item.subject_id: item for item in items.order_by("pk")}
