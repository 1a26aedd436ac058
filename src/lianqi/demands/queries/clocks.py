"""Whose clock runs, and which clocks there are."""

from collections.abc import Iterable

from lianqi.demands.enums import BESIDE, Step
from lianqi.demands.models import Demand
from lianqi.work.enums import Part
from lianqi.work.models import ClockRule, WorkItem


def open_items(demands: Iterable[Demand]) -> dict[int, WorkItem]:
    """The open leading work item of each demand, by the demand's id: whose clock runs now."""
    items = WorkItem.objects.open().filter(
        subject_kind=Demand._meta.label_lower,
        subject_id__in=[demand.pk for demand in demands],
        part=Part.LEAD,
    )
    found: dict[int, list[WorkItem]] = {}
    for item in items.order_by("pk"):
        found.setdefault(item.subject_id, []).append(item)
    return {pk: chosen for pk, rows in found.items() if (chosen := leading(rows))}


def leading(items: Iterable[WorkItem]) -> WorkItem | None:
    """Of a demand's items, in the order of their opening, the one whose clock matters most.

    The answer is what the enterprise waits for; otherwise it is what was opened last.
    """
    owed = [each for each in items if each.done_at is None and each.part == Part.LEAD]
    answers = [each for each in owed if each.step == Step.ANSWER]
    return next(iter([*answers, *reversed(owed)]), None)


def asked_beside(demand: Demand) -> list[Step]:
    """What the category asks for beside the answer: contact, interim answer, reports.

    It asks by having clocks of its own for them; the zone's general clocks say how long such a step
    takes, not that anybody owes it.
    """
    if demand.category_version is None:
        return []
    own = ClockRule.objects.filter(
        subject_kind=Demand._meta.label_lower, rule_set=demand.category_version.pk, step__in=BESIDE
    )
    steps = set(own.values_list("step", flat=True))
    if demand.category_version.progress_every_days is None:
        steps.discard(Step.PROGRESS)
    return [step for step in Step if step in steps]
