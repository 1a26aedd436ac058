"""Whose clock runs for a batch or a need, and what an enterprise said before."""

from collections.abc import Iterable

from lianqi.engines.text import similarity
from lianqi.needs.enums import NeedStep
from lianqi.needs.models import Need, NeedBatch
from lianqi.work.models import WorkItem

COMPARED = 50


def owed_items(things: Iterable[Need] | Iterable[NeedBatch], step: NeedStep) -> dict[int, WorkItem]:
    """The latest work item of a step for each need or batch, by its id, in one query."""
    rows = list(things)
    if not rows:
        return {}
    items = WorkItem.objects.filter(
        subject_kind=rows[0]._meta.label_lower, subject_id__in=[row.pk for row in rows], step=step
    )
    return {item.subject_id: item for item in items.order_by("pk")}


def similar_needs(need: Need) -> list[tuple[Need, float]]:
    """The standing needs of the same enterprise, the most alike first; merging asks for them."""
    others = (
        Need.objects.standing()
        .filter(enterprise_id=need.enterprise_id)
        .exclude(pk=need.pk)
        .select_related("lead")
        .order_by("-pk")[:COMPARED]
    )
    scored = [(other, similarity(other.text, need.text)) for other in others]
    return sorted(scored, key=lambda pair: -pair[1])
