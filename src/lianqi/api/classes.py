"""Classes of cases over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import ClassStatus
from lianqi.demands.models import CaseClass, DemandCluster
from lianqi.demands.queries import recurrence

router = Router(tags=["classes of cases"])

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ClusterOut(Schema):
    """Open demands of similar wording, as last night found them."""

    id: int
    label: str
    size: int
    enterprises: int
    demand_ids: list[int]


class ClustersOut(Schema):
    clusters: list[ClusterOut]


class StretchOut(Schema):
    """Demands within so many days; `per_30_days` is null while it is too early to tell."""

    demands: int
    days: int
    per_30_days: float | None


class ClassOut(Schema):
    id: int
    number: str
    title: str
    note: str
    status: ClassStatus
    unit_id: int
    fix_on: dt.date
    opened_at: dt.datetime
    fixed_at: dt.datetime | None
    fix_note: str


class ClassDetail(ClassOut):
    """A class with how often it came before the fix (or so far) and after."""

    demands: int
    before: StretchOut
    after: StretchOut | None


class ClassPage(Schema):
    """Classes, newest first. Pass `next_before` as `before` for the following page."""

    classes: list[ClassOut]
    next_before: int | None


class ClassIn(Schema):
    title: Line
    note: Text
    unit_id: int
    fix_on: dt.date
    demand_ids: Annotated[list[int], Field(min_length=1, max_length=500)]


class ClassFilter(Schema):
    status: ClassStatus | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class FixIn(Schema):
    note: Text


@router.get("", response={200: ClassPage, **PROBLEMS}, operation_id="list_classes")
def list_classes(request: ApiRequest, query: Query[ClassFilter]) -> dict[str, Any]:
    """The classes you may see, newest first."""
    cases = _visible(request)
    if query.status is not None:
        cases = cases.filter(status=query.status)
    if query.before is not None:
        cases = cases.filter(pk__lt=query.before)
    rows = list(cases.order_by("-pk")[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    return {"classes": rows, "next_before": rows[-1].pk if more else None}


@router.get("/clusters", response={200: ClustersOut, **PROBLEMS}, operation_id="list_clusters")
def clusters(request: ApiRequest) -> dict[str, Any]:
    """Groups of similar open demands, the largest first; at most a hundred."""
    if not request.user.has_perm("demands.view_clusters"):
        raise PermissionDenied
    found = DemandCluster.objects.prefetch_related("members").order_by("-size", "pk")[:100]
    return {
        "clusters": [
            {
                "id": each.pk,
                "label": each.label,
                "size": each.size,
                "enterprises": each.enterprises,
                "demand_ids": sorted(member.demand_id for member in each.members.all()),
            }
            for each in found
        ]
    }


@router.get("/{int:class_id}", response={200: ClassDetail, **PROBLEMS}, operation_id="get_class")
def get_class(request: ApiRequest, class_id: int) -> dict[str, Any]:
    """One class and how often the matter comes."""
    case = get_object_or_404(_visible(request), pk=class_id)
    counted = recurrence(case, on=timezone.localdate())
    return {
        **ClassOut.from_orm(case).dict(),
        "demands": case.links.count(),
        "before": counted.before,
        "after": counted.after,
    }


@router.post("", response={201: ClassOut, **PROBLEMS}, operation_id="open_class")
def open_class(request: ApiRequest, body: ClassIn) -> Status[CaseClass]:
    """Make a class of demands, with an owner and a day by which the cause is fixed."""
    case = actions.open_class(
        title=body.title,
        note=body.note,
        unit=get_object_or_404(Unit, pk=body.unit_id),
        fix_on=body.fix_on,
        demand_ids=body.demand_ids,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, case)


@router.post("/{int:class_id}/fix", response={200: ClassOut, **PROBLEMS}, operation_id="fix_class")
def fix_class(request: ApiRequest, class_id: int, body: FixIn) -> CaseClass:
    """Say that the cause is fixed; the enterprises that reported it are told."""
    case = get_object_or_404(_visible(request), pk=class_id)
    return actions.fix_class(case.pk, note=body.note, by=request.user, at=timezone.now())


def _visible(request: ApiRequest) -> Any:
    if not request.user.has_perm("demands.list_classes"):
        raise PermissionDenied
    return CaseClass.objects.visible_to(request.user)
