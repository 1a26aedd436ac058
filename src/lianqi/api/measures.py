"""Measures of service plans over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit, User
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.plans import actions
from lianqi.plans.enums import EntryKind, MeasureKind, MeasureStatus, Verdict
from lianqi.plans.models import Measure, MeasureEntry, ServicePlan

router = Router(tags=["service plans"])
plan_router = Router(tags=["service plans"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
What = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Result = Literal["done", "partly", "not_possible"]


class MeasureOut(Schema):
    """A measure. `due_on` is its day now, `first_due_on` the day first agreed."""

    id: int
    plan_id: int
    position: int
    what: str
    kind: MeasureKind
    unit_id: int
    person_id: int | None
    due_on: dt.date
    first_due_on: dt.date
    status: MeasureStatus
    result: str
    settled_at: dt.datetime | None
    was_late: bool | None
    verdict: Verdict | Literal[""]
    doubts: int


class EntryOut(Schema):
    """A line of the story of a measure; the enterprise reads it as well."""

    kind: EntryKind
    text: str
    result: MeasureStatus | Literal[""]
    due_on: dt.date | None
    earlier_due_on: dt.date | None
    at: dt.datetime


class MeasureStoryOut(MeasureOut):
    entries: list[EntryOut]


class MeasurePage(Schema):
    """Measures, newest first. Pass `next_before` as `before` for the following page."""

    measures: list[MeasureOut]
    next_before: int | None


class MeasureIn(Schema):
    """`reason` is needed once the plan is agreed; the enterprise reads it."""

    what: What
    kind: MeasureKind
    unit_id: int
    person_id: int | None = None
    due_on: dt.date
    reason: Annotated[str, StringConstraints(max_length=1000)] = ""


class ChangeIn(Schema):
    """`due_on` counts in a draft only; an agreed day is postponed."""

    what: What
    kind: MeasureKind
    unit_id: int
    person_id: int | None = None
    due_on: dt.date | None = None
    reason: Annotated[str, StringConstraints(max_length=1000)] = ""


class PlaceIn(Schema):
    position: int


class DayIn(Schema):
    due_on: dt.date
    reason: Reason


class TextIn(Schema):
    text: Text


class ResultIn(Schema):
    result: Result
    text: Text


class VerdictIn(Schema):
    """`text` is needed for a doubt."""

    verdict: Verdict
    text: Annotated[str, StringConstraints(max_length=2000)] = ""


class MeasureFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: MeasureStatus | None = None
    counted: (
        Literal["due", "settled", "in_time", "done_late", "overdue", "not_possible", "doubted"]
        | None
    ) = None
    unit_id: int | None = None
    plan_id: int | None = None
    kind: MeasureKind | None = None
    due_from: dt.date | None = None
    due_until: dt.date | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: MeasurePage, **PROBLEMS}, operation_id="list_measures")
def list_measures(request: ApiRequest, query: Query[MeasureFilter]) -> dict[str, Any]:
    """The measures of the plans you may see, newest first."""
    found = Measure.objects.visible_to(request.user)
    for name in ("status", "unit_id", "plan_id", "kind"):
        if (value := getattr(query, name)) is not None:
            found = found.filter(**{name: value})
    if query.due_from is not None:
        found = found.filter(due_on__gte=query.due_from)
    if query.due_until is not None:
        found = found.filter(due_on__lte=query.due_until)
    if query.counted is not None:
        found = found.counted_as(query.counted, on=timezone.localdate())
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(found.for_list()[: query.limit + 1])
    more, rows = len(rows) > query.limit, rows[: query.limit]
    return {
        "measures": [measure_out(each) for each in rows],
        "next_before": rows[-1].pk if more else None,
    }


@router.get(
    "/{measure_id}", response={200: MeasureStoryOut, **PROBLEMS}, operation_id="get_measure"
)
def get_measure(request: ApiRequest, measure_id: int) -> dict[str, Any]:
    """One measure with its story."""
    measure = _measure(request, measure_id)
    actions.record_view(measure.plan, by=request.user, at=timezone.now())
    return _told(request, measure_id)


@plan_router.post(
    "/{plan_id}/measures",
    response={201: MeasureStoryOut, **PROBLEMS},
    operation_id="add_measure",
)
def add_measure(request: ApiRequest, plan_id: int, body: MeasureIn) -> Status[dict[str, Any]]:
    """Add a measure to a plan."""
    plan = get_object_or_404(ServicePlan.objects.visible_to(request.user), pk=plan_id)
    measure = actions.add_measure(
        plan.pk,
        what=body.what,
        kind=body.kind,
        unit=get_object_or_404(Unit, pk=body.unit_id),
        person=_person(body.person_id),
        due_on=body.due_on,
        reason=body.reason,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, _told(request, measure.pk))


@router.post(
    "/{measure_id}/change",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="change_measure",
)
def change_measure(request: ApiRequest, measure_id: int, body: ChangeIn) -> dict[str, Any]:
    """Change what is done or who does it."""
    return _act(
        request,
        measure_id,
        actions.change_measure,
        what=body.what,
        kind=body.kind,
        unit=get_object_or_404(Unit, pk=body.unit_id),
        person=_person(body.person_id),
        due_on=body.due_on,
        reason=body.reason,
    )


@router.post(
    "/{measure_id}/place",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="place_measure",
)
def place_measure(request: ApiRequest, measure_id: int, body: PlaceIn) -> dict[str, Any]:
    """Put the measure in another place of its plan."""
    return _act(request, measure_id, actions.place_measure, position=body.position)


@router.post("/{measure_id}/drop", response={204: None, **PROBLEMS}, operation_id="drop_measure")
def drop_measure(request: ApiRequest, measure_id: int) -> Status[None]:
    """Take the measure out of a draft."""
    measure = _measure(request, measure_id)
    actions.drop_measure(measure.pk, by=request.user, at=timezone.now())
    return Status(204, None)


@router.post(
    "/{measure_id}/postpone",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="postpone_measure",
)
def postpone_measure(request: ApiRequest, measure_id: int, body: DayIn) -> dict[str, Any]:
    """Move the day before it has passed, for a reason the enterprise reads."""
    return _act(request, measure_id, actions.postpone_measure, **body.dict())


@router.post(
    "/{measure_id}/progress",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="progress_measure",
)
def progress_measure(request: ApiRequest, measure_id: int, body: TextIn) -> dict[str, Any]:
    """Say how the measure stands; the enterprise reads it."""
    return _act(request, measure_id, actions.report_progress, text=body.text)


@router.post(
    "/{measure_id}/settle",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="settle_measure",
)
def settle_measure(request: ApiRequest, measure_id: int, body: ResultIn) -> dict[str, Any]:
    """State the result; the enterprise confirms or doubts it."""
    result = MeasureStatus(body.result)
    return _act(request, measure_id, actions.settle_measure, result=result, text=body.text)


@router.post(
    "/{measure_id}/restate",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="restate_measure",
)
def restate_measure(request: ApiRequest, measure_id: int, body: ResultIn) -> dict[str, Any]:
    """State the result once more, as an answer to a doubt."""
    result = MeasureStatus(body.result)
    return _act(request, measure_id, actions.restate_measure, result=result, text=body.text)


@router.post(
    "/{measure_id}/resume",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="resume_measure",
)
def resume_measure(request: ApiRequest, measure_id: int, body: DayIn) -> dict[str, Any]:
    """Take the measure up again, with a new day."""
    return _act(request, measure_id, actions.resume_measure, **body.dict())


@router.post(
    "/{measure_id}/judge",
    response={200: MeasureStoryOut, **PROBLEMS},
    operation_id="judge_measure",
)
def judge_measure(request: ApiRequest, measure_id: int, body: VerdictIn) -> dict[str, Any]:
    """As the enterprise, confirm the result or doubt it."""
    return _act(request, measure_id, actions.judge_measure, **body.dict())


def measure_out(measure: Measure) -> dict[str, Any]:
    """A measure as JSON tells it."""
    return {name: getattr(measure, name) for name in MeasureOut.model_fields}


def _act(request: ApiRequest, measure_id: int, action: Any, **values: Any) -> dict[str, Any]:
    action(_measure(request, measure_id).pk, by=request.user, at=timezone.now(), **values)
    return _told(request, measure_id)


def _measure(request: ApiRequest, measure_id: int) -> Measure:
    seen = Measure.objects.visible_to(request.user).select_related("plan")
    return get_object_or_404(seen, pk=measure_id)


def _person(person_id: int | None) -> User | None:
    return None if person_id is None else get_object_or_404(User, pk=person_id)


def _told(request: ApiRequest, measure_id: int) -> dict[str, Any]:
    measure = _measure(request, measure_id)
    entries = MeasureEntry.objects.filter(measure=measure).order_by("pk")
    return measure_out(measure) | {"entries": list(entries)}
