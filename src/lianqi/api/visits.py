"""Visits over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.models import DemandCategory
from lianqi.register.models import Enterprise
from lianqi.visits import actions
from lianqi.visits.enums import VisitKind, VisitStatus
from lianqi.visits.models import Matter, Note, Visit

router = Router(tags=["visits"])

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


class VisitOut(Schema):
    """A visit. `demand_ids` are the demands it raised, as far as you may see the visit."""

    id: int
    number: str
    enterprise_id: int
    kind: VisitKind
    status: VisitStatus
    on: dt.date
    theirs: str
    ours: str
    said: str
    next_on: dt.date | None
    filed_at: dt.datetime | None
    demand_ids: list[int]

    @staticmethod
    def resolve_demand_ids(visit: Visit) -> list[int]:
        return sorted(matter.demand_id for matter in visit.matters.all())


class VisitPage(Schema):
    """Visits, newest first. Pass `next_before` as `before` for the following page."""

    visits: list[VisitOut]
    next_before: int | None


class MatterIn(Schema):
    """`category` is the code of a category. With an `answer` it is received and closed at once."""

    category: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    text: Text = ""
    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)] = ""


class VisitIn(Schema):
    """`is_draft`: kept for you alone, to be sent again with the same key when it is complete."""

    enterprise_id: int
    kind: VisitKind
    on: dt.date
    theirs: Line = ""
    ours: Line = ""
    said: Text = ""
    internal: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    next_on: dt.date | None = None
    matters: Annotated[list[MatterIn], Field(max_length=actions.MOST_MATTERS)] = []
    is_draft: bool = False


class VisitFilter(Schema):
    """Filters of the list; all that are given must hold."""

    enterprise_id: int | None = None
    kind: VisitKind | None = None
    status: VisitStatus | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: VisitPage, **PROBLEMS}, operation_id="list_visits")
def list_visits(request: ApiRequest, query: Query[VisitFilter]) -> dict[str, Any]:
    """The visits you may see, newest first."""
    given = query.model_dump(exclude={"before", "limit"}, exclude_none=True)
    visits = Visit.objects.visible_to(request.user).filter(**given)
    if query.before is not None:
        visits = visits.filter(pk__lt=query.before)
    rows = list(visits.order_by("-pk").prefetch_related("matters")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"visits": rows, "next_before": rows[-1].pk if more else None}


@router.get("/{visit_id}", response={200: VisitOut, **PROBLEMS}, operation_id="get_visit")
def get_visit(request: ApiRequest, visit_id: int) -> Visit:
    """One visit."""
    visible = Visit.objects.visible_to(request.user).prefetch_related("matters")
    visit = get_object_or_404(visible, pk=visit_id)
    actions.record_visit_view(visit, by=request.user, at=timezone.now())
    return visit


@router.post("", response={201: VisitOut, **PROBLEMS}, operation_id="record_visit")
def record_visit(
    request: ApiRequest,
    body: VisitIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Visit]:
    """Record a visit with the demands it raises, all or nothing; the same key records it once."""
    firms = Enterprise.objects.visible_to(request.user)
    note = Note(
        enterprise=get_object_or_404(firms, pk=body.enterprise_id),
        kind=body.kind,
        on=body.on,
        theirs=body.theirs,
        ours=body.ours,
        said=body.said,
        internal=body.internal,
        next_on=body.next_on,
        matters=tuple(_matter(each) for each in body.matters),
    )
    act = actions.save_draft if body.is_draft else actions.file_visit
    visit = act(note, idempotency_key=idempotency_key, by=request.user, at=timezone.now())
    return Status(201, visit)


def _matter(given: MatterIn) -> Matter:
    category = get_object_or_404(DemandCategory, code=given.category)
    return Matter(category=category, title=given.title, text=given.text, answer=given.answer)
