"""Figures of conversions, and what a board shows."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from lianqi.conversions.enums import ConversionStatus, ConversionStep, Measure, StepStatus
from lianqi.conversions.models import ChainStep, Conversion, ConversionQuerySet, TemplateStep
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date


@dataclass(frozen=True, slots=True)
class ConversionFigures:
    """What came of a set of conversions. None is no data, which is not 0.

    `lines`, `capacity`: only what a step that is done has stated; capacities of one unit only are
    added. `days`: the median of calendar days from the beginning to the first production.
    """

    begun: int
    under_way: int
    producing: int
    stable: int
    ended: int
    lines: int | None
    capacity: tuple[tuple[str, int], ...]
    days: float | None
    late_steps: int
    settled_steps: int


def conversion_figures(conversions: ConversionQuerySet) -> ConversionFigures:
    """The figures of these conversions, computed from their steps."""
    statuses = list(conversions.values_list("status", flat=True))
    steps = ChainStep.objects.filter(conversion__in=conversions.values("pk"))
    settled = steps.filter(status__in=[StepStatus.DONE, StepStatus.NOT_APPLICABLE])
    produced = steps.filter(status=StepStatus.DONE, template_step__measure=Measure.CAPACITY)
    took = [
        (local_date(at) - local_date(begun)).days
        for begun, at in produced.values_list("conversion__opened_at", "settled_at")
        if at is not None
    ]
    capacity = (
        conversions.filter(capacity__isnull=False)
        .order_by("capacity_unit")
        .values_list("capacity_unit")
        .annotate(total=Sum("capacity"))
    )
    return ConversionFigures(
        begun=len(statuses),
        under_way=statuses.count(ConversionStatus.OPEN),
        producing=len(took),
        stable=statuses.count(ConversionStatus.STABLE),
        ended=statuses.count(ConversionStatus.ENDED),
        lines=conversions.aggregate(total=Sum("lines"))["total"],
        capacity=tuple((unit, int(total)) for unit, total in capacity),
        days=statistics.median(took) if took else None,
        late_steps=settled.filter(was_late=True).count(),
        settled_steps=settled.count(),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A step of a checklist with the conversions that stand there."""

    step: TemplateStep
    cards: tuple[tuple[Conversion, WorkItem | None], ...]


def board(conversions: Sequence[Conversion]) -> list[Column]:
    """Open conversions by the step under way, in the order of the checklist; empty steps left out.

    Each card comes with its clock, which says whether it is late.
    """
    items = clocks_of(conversions)
    found: dict[int, list[Conversion]] = {}
    steps: dict[int, TemplateStep] = {}
    for conversion in conversions:
        if conversion.step is not None:
            step = conversion.step.template_step
            steps[step.pk] = step
            found.setdefault(step.pk, []).append(conversion)
    ordered = sorted(steps.values(), key=lambda step: (step.template_id, step.position))
    return [
        Column(step, tuple((each, items.get(each.pk)) for each in found[step.pk]))
        for step in ordered
    ]


def clocks_of(conversions: Sequence[Conversion]) -> dict[int, WorkItem]:
    """The open work item of each, by the id of the conversion; one query."""
    owed = WorkItem.objects.open().filter(
        subject_kind=Conversion._meta.label_lower,
        subject_id__in=[each.pk for each in conversions],
        step=ConversionStep.CARRY,
    )
    return {item.subject_id: item for item in owed}
