"""Policy needs over JSON: the same actions as the pages."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Header, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.needs import actions
from lianqi.needs.enums import BatchStatus, NeedStatus, TriageReason, Verdict
from lianqi.needs.models import Need, NeedBatch, NeedQuerySet, Programme
from lianqi.needs.queries import daily
from lianqi.register.models import Enterprise

router = Router(tags=["needs"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class NeedOut(Schema):
    """A policy need. Days are those of the zone's own calendar; `status` and `reason` are codes."""

    id: int
    number: str
    enterprise_id: int
    batch_id: int
    unit_id: int
    text: str
    policy: str
    status: NeedStatus
    verdict: str
    reason: str
    note: str
    lead_id: int | None
    merged_into_id: int | None
    collected_on: dt.date
    progress: str
    progress_on: dt.date | None
    solution: str
    evidence: str
    solved_on: dt.date | None
    confirmed_on: dt.date | None


class NeedPage(Schema):
    """Needs, newest first. Pass `next_before` as `before` for the following page."""

    needs: list[NeedOut]
    next_before: int | None


class NeedIn(Schema):
    """`is_other_matter` answers the refusal `need_near_same`."""

    enterprise_id: int
    text: Text
    policy: Annotated[str, StringConstraints(max_length=200)] = ""
    is_other_matter: bool = False


class NeedFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: NeedStatus | None = None
    unit_id: int | None = None
    lead_id: int | None = None
    enterprise_id: int | None = None
    batch_id: int | None = None
    q: str = ""
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class TriageIn(Schema):
    """`lead_id` if valid, `other_ids` if to be coordinated, `into_id` if merged."""

    verdict: Verdict
    reason: TriageReason
    note: Note = ""
    lead_id: int | None = None
    other_ids: list[int] = []
    into_id: int | None = None


class ProgressIn(Schema):
    progress: Text


class SolutionIn(Schema):
    solution: Text
    evidence: Text


class WordIn(Schema):
    note: Note = ""


class ReportIn(Schema):
    nothing_collected: bool = False


class BatchOut(Schema):
    """A report of needs. `waiting` counts those that triage has not decided yet."""

    id: int
    unit_id: int
    from_on: dt.date
    status: BatchStatus
    reported_at: dt.datetime | None
    need_count: int
    waiting: int


class BatchPage(Schema):
    """Reports, newest first. Pass `next_before` as `before` for the following page."""

    batches: list[BatchOut]
    next_before: int | None


class CountsOut(Schema):
    """Needs until the end of the day, and on the day itself."""

    collected: int
    valid: int
    solved: int
    confirmed: int
    collected_today: int
    valid_today: int
    solved_today: int
    unsolved: int


class UnitOut(Schema):
    unit_id: int = Field(alias="unit.pk")
    counts: CountsOut
    enterprises: int = Field(alias="firms.collected")
    enterprises_in_charge: int = Field(alias="firms_in_charge")
    report_overdue_since: dt.datetime | None = Field(alias="late_since")


class LeadOut(Schema):
    unit_id: int = Field(alias="unit.pk")
    counts: CountsOut
    reports_overdue: int = Field(alias="late")


class CoverageOut(Schema):
    """`is_upper_bound`: there are more than `firms`, so the share is less than the quotient."""

    contacted: int
    firms: int
    is_upper_bound: bool


class DailyOut(Schema):
    """The daily table. `needs_per_day` is null where no target was set or no day is left."""

    programme: str = Field(alias="programme.name")
    on: dt.date
    total: CountsOut
    coverage: CoverageOut
    days_left: int | None
    needs_per_day: Decimal | None
    by_unit: list[UnitOut]
    by_lead: list[LeadOut]


@router.get("", response={200: NeedPage, **PROBLEMS}, operation_id="list_needs")
def list_needs(request: ApiRequest, query: Query[NeedFilter]) -> dict[str, Any]:
    """The policy needs you may see, newest first."""
    needs = _visible(request)
    if query.q:
        needs = needs.search(query.q)
    needs = needs.filter(**query.model_dump(exclude={"q", "before", "limit"}, exclude_none=True))
    if query.before is not None:
        needs = needs.filter(pk__lt=query.before)
    rows = list(needs.order_by("-pk")[: query.limit + 1])
    return {"needs": rows[: query.limit], "next_before": _next(rows, query.limit)}


@router.get("/batches", response={200: BatchPage, **PROBLEMS}, operation_id="list_need_batches")
def list_batches(
    request: ApiRequest,
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> dict[str, Any]:
    """The reports of needs you may see, newest first."""
    batches = NeedBatch.objects.visible_to(request.user)
    if before is not None:
        batches = batches.filter(pk__lt=before)
    rows = list(batches.order_by("-pk")[: limit + 1])
    return {"batches": rows[:limit], "next_before": _next(rows, limit)}


@router.post(
    "/batches/{batch_id}/report",
    response={200: BatchOut, **PROBLEMS},
    operation_id="report_need_batch",
)
def report_batch(request: ApiRequest, batch_id: int, body: ReportIn) -> NeedBatch:
    """Send what was collected to triage. An empty report is said to be one."""
    batch = get_object_or_404(NeedBatch.objects.visible_to(request.user), pk=batch_id)
    return actions.report_batch(
        batch.pk, nothing_collected=body.nothing_collected, by=request.user, at=timezone.now()
    )


@router.get("/daily", response={200: DailyOut, **PROBLEMS}, operation_id="daily_needs")
def daily_needs(request: ApiRequest, day: dt.date) -> Any:
    """What was collected, found valid and solved until the end of a day, by unit."""
    if not request.user.has_perm("needs.figures"):
        raise PermissionDenied
    programme = Programme.objects.of_day(day)
    if programme is None:
        raise Http404
    return daily(programme, on=day, at=timezone.now())


@router.get("/{need_id}", response={200: NeedOut, **PROBLEMS}, operation_id="get_need")
def get_need(request: ApiRequest, need_id: int) -> Need:
    """One policy need."""
    need = _need(request, need_id)
    actions.record_need_view(need, by=request.user, at=timezone.now())
    return need


@router.post("", response={201: NeedOut, **PROBLEMS}, operation_id="collect_need")
def collect_need(
    request: ApiRequest,
    body: NeedIn,
    idempotency_key: Annotated[str, Header(min_length=8, max_length=64)],
) -> Status[Need]:
    """Note a need. Repeating the call with the same `Idempotency-Key` notes nothing twice."""
    enterprise = get_object_or_404(
        Enterprise.objects.visible_to(request.user), pk=body.enterprise_id
    )
    need = actions.collect_need(
        enterprise=enterprise,
        text=body.text,
        policy=body.policy,
        is_other_matter=body.is_other_matter,
        idempotency_key=idempotency_key,
        by=request.user,
        at=timezone.now(),
    )
    return Status(201, need)


@router.post("/{need_id}/triage", response={200: NeedOut, **PROBLEMS}, operation_id="triage_need")
def triage_need(request: ApiRequest, need_id: int, body: TriageIn) -> Need:
    """Decide about a reported need."""
    need = _need(request, need_id)
    lead = get_object_or_404(Unit, pk=body.lead_id) if body.lead_id is not None else None
    into = _need(request, body.into_id) if body.into_id is not None else None
    return actions.triage_need(
        need.pk,
        verdict=body.verdict,
        reason=body.reason,
        note=body.note,
        lead=lead,
        others=list(Unit.objects.filter(pk__in=body.other_ids)),
        into=into,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{need_id}/progress", response={200: NeedOut, **PROBLEMS}, operation_id="progress_need"
)
def progress_need(request: ApiRequest, need_id: int, body: ProgressIn) -> Need:
    """Report progress for the responsible unit; the clock of the next report begins anew."""
    need = _need(request, need_id)
    return actions.report_progress(
        need.pk, progress=body.progress, by=request.user, at=timezone.now()
    )


@router.post("/{need_id}/solve", response={200: NeedOut, **PROBLEMS}, operation_id="solve_need")
def solve_need(request: ApiRequest, need_id: int, body: SolutionIn) -> Need:
    """Report a need as solved, with evidence; the enterprise is asked to confirm."""
    need = _need(request, need_id)
    return actions.solve_need(
        need.pk,
        solution=body.solution,
        evidence=body.evidence,
        by=request.user,
        at=timezone.now(),
    )


@router.post("/{need_id}/confirm", response={200: NeedOut, **PROBLEMS}, operation_id="confirm_need")
def confirm_need(request: ApiRequest, need_id: int, body: WordIn) -> Need:
    """Confirm for the enterprise that the need is solved."""
    need = _need(request, need_id)
    return actions.confirm_need(need.pk, note=body.note, by=request.user, at=timezone.now())


@router.post("/{need_id}/dispute", response={200: NeedOut, **PROBLEMS}, operation_id="dispute_need")
def dispute_need(request: ApiRequest, need_id: int, body: WordIn) -> Need:
    """Say for the enterprise that the need is not solved; it goes back to the unit."""
    need = _need(request, need_id)
    return actions.dispute_need(need.pk, note=body.note, by=request.user, at=timezone.now())


def _next(rows: list[Any], limit: int) -> int | None:
    return rows[limit - 1].pk if len(rows) > limit else None


def _visible(request: ApiRequest) -> NeedQuerySet:
    return Need.objects.visible_to(request.user)


def _need(request: ApiRequest, need_id: int) -> Need:
    return get_object_or_404(_visible(request), pk=need_id)
