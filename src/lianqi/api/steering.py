"""More time, another urgency, another handler over JSON; the same actions as the pages."""

import datetime as dt
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints

from lianqi.accounts.models import User
from lianqi.api.handling import visible
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import Decider, Decision
from lianqi.demands.models import ExtensionRequest
from lianqi.work.enums import Urgency

router = Router(tags=["handling"])

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class ExtensionIn(Schema):
    amount: int = Field(gt=0, le=999, description="In the unit of the answering clock.")
    reason: Reason = Field(description="The enterprise reads it if the time is given.")


class ExtensionOut(Schema):
    """A request for more time; `decision` is empty until somebody decides."""

    id: int
    amount: int
    clock_kind: str = Field(alias="item.clock_kind")
    reason: str
    decider: Decider
    counts_late: bool = Field(description="Whether a decision after the due time still counts.")
    asked_at: dt.datetime
    decision: str
    decision_note: str
    decided_at: dt.datetime | None


def _chosen(decision: Decision) -> Decision:
    """A request lapses by itself; nobody chooses that."""
    if decision == Decision.LAPSED:
        raise ValueError("not a decision to choose")
    return decision


class DecisionIn(Schema):
    decision: Annotated[Decision, AfterValidator(_chosen)]
    note: Remark = Field("", description="Needed for a refusal.")


class UrgencyIn(Schema):
    urgency: Urgency
    reason: Reason


class UrgencyOut(Schema):
    urgency: Urgency


class HandlerIn(Schema):
    username: Annotated[str, StringConstraints(min_length=1, max_length=150)]


class HandlerOut(Schema):
    username: str


@router.get(
    "/{demand_id}/extensions",
    response={200: list[ExtensionOut], **PROBLEMS},
    operation_id="list_extensions_of_demand",
)
def list_extensions(request: ApiRequest, demand_id: int) -> list[ExtensionRequest]:
    """The requests for more time, oldest first: for people of the zone."""
    demand = visible(request, demand_id)
    requests = ExtensionRequest.objects.visible_to(request.user).of(demand)
    return list(requests.select_related("item"))


@router.post(
    "/{demand_id}/extensions",
    response={201: ExtensionOut, **PROBLEMS},
    operation_id="ask_extension",
)
def ask_extension(
    request: ApiRequest, demand_id: int, body: ExtensionIn
) -> Status[ExtensionRequest]:
    """Ask for more time, before the time has run out."""
    demand, at = visible(request, demand_id), timezone.now()
    asked = actions.ask_extension(demand.pk, **body.model_dump(), by=request.user, at=at)
    return Status(201, asked)


@router.post(
    "/{demand_id}/extensions/decision",
    response={200: ExtensionOut, **PROBLEMS},
    operation_id="decide_extension",
)
def decide_extension(request: ApiRequest, demand_id: int, body: DecisionIn) -> ExtensionRequest:
    """Give the time that was asked for, or refuse it."""
    demand, at = visible(request, demand_id), timezone.now()
    return actions.decide_extension(demand.pk, **body.model_dump(), by=request.user, at=at)


@router.post(
    "/{demand_id}/urgency",
    response={200: UrgencyOut, **PROBLEMS},
    operation_id="change_urgency_of_demand",
)
def change_urgency(request: ApiRequest, demand_id: int, body: UrgencyIn) -> UrgencyOut:
    """Judge a demand more or less pressing; its open clocks are counted anew."""
    demand, at = visible(request, demand_id), timezone.now()
    changed = actions.change_urgency(demand.pk, **body.model_dump(), by=request.user, at=at)
    return UrgencyOut(urgency=Urgency(changed.urgency))


@router.post(
    "/{demand_id}/handler",
    response={200: HandlerOut, **PROBLEMS},
    operation_id="reassign_demand",
)
def reassign(request: ApiRequest, demand_id: int, body: HandlerIn) -> HandlerOut:
    """Give a demand to another handler of your unit; the clocks run on."""
    demand, at = visible(request, demand_id), timezone.now()
    person = get_object_or_404(User, username=body.username, is_active=True)
    changed = actions.reassign_handler(demand.pk, person=person, by=request.user, at=at)
    return HandlerOut(username=changed.handler.username if changed.handler else "")
