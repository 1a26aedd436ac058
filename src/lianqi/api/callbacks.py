"""Call-backs over JSON: the next call, its number, its outcome, what they verified."""

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import CallbackReason, CallbackState, CallOutcome, Rating, Solved
from lianqi.demands.models import Callback, Demand
from lianqi.demands.queries import RepeatLink, Verified, repeats_of, verified

router = Router(tags=["call-backs"])


class CallbackOut(Schema):
    """A closed demand to ask about. Answers are empty until somebody was reached."""

    id: int
    demand_id: int
    reason: CallbackReason
    state: CallbackState
    attempts: int
    next_at: dt.datetime
    contacted: bool | None
    solved: str
    rating: str
    remarks: str
    done_at: dt.datetime | None
    has_reopened: bool


class CallbackPage(Schema):
    callbacks: list[CallbackOut]
    next_before: int | None


class CallbackFilter(Schema):
    state: CallbackState | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class PhoneOut(Schema):
    name: str
    phone: str


class CallIn(Schema):
    """How a call ended; the three questions are answered whenever somebody was reached."""

    outcome: CallOutcome
    contacted: bool | None = None
    solved: Solved | None = None
    rating: Rating | None = None
    remarks: Annotated[str, StringConstraints(max_length=1000)] = ""


class ReopenIn(Schema):
    note: Annotated[str, StringConstraints(max_length=1000)] = ""


class VerifiedOut(Schema):
    """What the calls verified about the demands closed in the period; no base is null."""

    drawn: int
    waiting: int
    unreached: int
    reached: int
    contacted: int
    solved: int
    satisfied: int
    claimed_solved: int
    falsely_closed: int
    satisfaction_rate: float | None
    solved_rate: float | None
    contacted_rate: float | None
    false_rate: float | None


class RepeatOut(Schema):
    """Another demand on the same matter; `is_earlier`: the one asked about repeats it."""

    demand_id: int
    number: str
    percent: int
    is_earlier: bool

    @staticmethod
    def resolve_demand_id(row: RepeatLink) -> int:
        return row.demand.pk

    @staticmethod
    def resolve_number(row: RepeatLink) -> str:
        return row.demand.number


@router.get("/callbacks", response={200: CallbackPage, **PROBLEMS}, operation_id="list_callbacks")
def list_callbacks(request: ApiRequest, query: Query[CallbackFilter]) -> dict[str, Any]:
    """Call-backs, newest first."""
    if not request.user.has_perm("demands.view_callbacks"):
        raise PermissionDenied
    rows = Callback.objects.visible_to(request.user)
    if query.state is not None:
        rows = rows.filter(state=query.state)
    if query.before is not None:
        rows = rows.filter(pk__lt=query.before)
    found = list(rows.order_by("-pk")[: query.limit + 1])
    more, found = len(found) > query.limit, found[: query.limit]
    return {"callbacks": found, "next_before": found[-1].pk if more else None}


@router.get(
    "/callbacks/figures",
    response={200: VerifiedOut, **PROBLEMS},
    operation_id="callback_figures",
)
def callback_figures(request: ApiRequest, closed_from: dt.date, closed_before: dt.date) -> Verified:
    """What the calls verified about the demands closed in a period."""
    if not request.user.has_perm("demands.view_callbacks"):
        raise PermissionDenied
    return verified(closed_from=closed_from, closed_before=closed_before)


@router.post(
    "/callbacks/next", response={200: CallbackOut, **PROBLEMS}, operation_id="take_next_call"
)
def take_next_call(request: ApiRequest) -> Callback:
    """Take the call that has waited longest; it is yours for half an hour."""
    return actions.take_next_call(by=request.user, at=timezone.now())


@router.post(
    "/callbacks/{int:callback_id}/phone",
    response={200: PhoneOut, **PROBLEMS},
    operation_id="reveal_callback_phone",
)
def reveal_callback_phone(request: ApiRequest, callback_id: int) -> dict[str, str]:
    """Whom to call; the enterprise can read that you saw it."""
    callback = _callback(request, callback_id)
    name, phone = actions.reveal_callback_phone(callback.pk, by=request.user, at=timezone.now())
    return {"name": name, "phone": phone}


@router.post(
    "/callbacks/{int:callback_id}/calls",
    response={200: CallbackOut, **PROBLEMS},
    operation_id="record_call",
)
def record_call(request: ApiRequest, callback_id: int, body: CallIn) -> Callback:
    """Note how a call ended."""
    callback = _callback(request, callback_id)
    return actions.record_call(callback.pk, by=request.user, at=timezone.now(), **body.model_dump())


@router.post(
    "/callbacks/{int:callback_id}/reopen",
    response={200: CallbackOut, **PROBLEMS},
    operation_id="reopen_after_call",
)
def reopen_after_call(request: ApiRequest, callback_id: int, body: ReopenIn) -> Callback:
    """Give a demand that proved not to be solved back to its unit."""
    callback = _callback(request, callback_id)
    actions.reopen_after_call(callback.pk, note=body.note, by=request.user, at=timezone.now())
    return _callback(request, callback_id)


@router.get(
    "/{int:demand_id}/repeats",
    response={200: list[RepeatOut], **PROBLEMS},
    operation_id="list_repeats",
)
def list_repeats(request: ApiRequest, demand_id: int) -> list[RepeatLink]:
    """Demands of the same enterprise on the same matter within 30 days."""
    visible = Demand.objects.visible_to(request.user)
    links = repeats_of(get_object_or_404(visible, pk=demand_id))
    seen = set(
        visible.filter(pk__in=[each.demand.pk for each in links]).values_list("pk", flat=True)
    )
    return [each for each in links if each.demand.pk in seen]


def _callback(request: ApiRequest, callback_id: int) -> Callback:
    return get_object_or_404(Callback.objects.visible_to(request.user), pk=callback_id)
