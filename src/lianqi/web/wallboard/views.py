"""A screen for the hall of the service centre: what came in, what is open, what is late.

Everybody who passes can read it, so it names units and numbers, never an enterprise, a person or
what a demand is about.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.demands.models import Demand
from lianqi.demands.queries import figures
from lianqi.web.http import AuthedRequest
from lianqi.web.lights import is_light, light_counts
from lianqi.web.periods import year_of
from lianqi.web.steps import step_in_words
from lianqi.work.models import WorkItem, WorkItemQuerySet

MOST_UNITS = 12
MOST_LATE = 8


@dataclass(frozen=True, slots=True)
class UnitLine:
    """The open steps of one unit by light."""

    name: str
    open: int
    amber: int
    red: int


@dataclass(frozen=True, slots=True)
class LateLine:
    """A step that is overdue: whose, which, since when. The label's title stays out."""

    number: str
    step: str
    unit: str
    due_at: dt.datetime


@require_safe
@permission_required("demands.figures", raise_exception=True)
def board(request: AuthedRequest) -> HttpResponse:
    """The whole screen; it asks for itself every half minute and takes only the board."""
    at = timezone.now()
    today = timezone.localdate(at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    year = year_of(today)
    steps = WorkItem.objects.open().filter(subject_kind=Demand._meta.label_lower)
    context = {
        "today": figures(received_from=today, received_before=today + dt.timedelta(days=1)),
        "closed_today": Demand.objects.filter(closed_at__gte=midnight).count(),
        "year": year.first.year,
        "figures": figures(received_from=year.first, received_before=year.before),
        "counts": light_counts(steps, at=at),
        "units": _by_unit(steps, at=at),
        "late": _latest(steps, at=at),
    }
    return render(request, "wallboard/board.html", context)


def _by_unit(steps: WorkItemQuerySet, *, at: dt.datetime) -> list[UnitLine]:
    """The units with most overdue steps first; the dispatch desk is a line of its own."""
    rows = (
        steps.values("unit__name")
        .annotate(
            open=Count("pk"),
            amber=Count("pk", filter=is_light("amber", at=at)),
            red=Count("pk", filter=is_light("red", at=at)),
        )
        .order_by("-red", "-amber", "-open", "unit__name")[:MOST_UNITS]
    )
    return [
        UnitLine(row["unit__name"] or _("Service centre"), row["open"], row["amber"], row["red"])
        for row in rows
    ]


def _latest(steps: WorkItemQuerySet, *, at: dt.datetime) -> list[LateLine]:
    late = steps.overdue(at=at).for_list()[:MOST_LATE]
    return [
        LateLine(
            number=item.label.partition(" ")[0],
            step=step_in_words(item.step),
            unit=str(item.unit or _("Service centre")),
            due_at=item.due_at,
        )
        for item in late
        if item.due_at is not None
    ]
