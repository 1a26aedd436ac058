"""Assisting units and transfers over JSON."""

import datetime as dt

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from lianqi.accounts.models import Unit
from lianqi.api.demands import DemandOut, Text, demand_of
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.models import Assistance, Demand

router = Router(tags=["assisting and transfer"])


class AssistanceOut(Schema):
    """A unit's part in a demand that another one leads. `is_late`: not there in its time."""

    unit_id: int
    request: str
    asked_at: dt.datetime
    text: str
    finished_at: dt.datetime | None
    is_late: bool


class AssistanceIn(Schema):
    unit_id: int
    request: Text


class UnitAndReasonIn(Schema):
    unit_id: int
    reason: Text


class ContributionIn(Schema):
    text: Text


class AskTransferIn(Schema):
    reason: Text
    proposed_unit_id: int | None = None


class RefuseTransferIn(Schema):
    decision: Text


@router.get(
    "/{demand_id}/assistances",
    response={200: list[AssistanceOut], **PROBLEMS},
    operation_id="list_assistances",
)
def list_assistances(request: ApiRequest, demand_id: int) -> list[Assistance]:
    """The parts of the assisting units; none for people of enterprises."""
    found = Assistance.objects.visible_to(request.user).standing()
    return list(found.filter(demand=demand_of(request, demand_id)).for_page())


@router.post(
    "/{demand_id}/add-assistance",
    response={200: AssistanceOut, **PROBLEMS},
    operation_id="add_assistance",
)
def add_assistance(request: ApiRequest, demand_id: int, body: AssistanceIn) -> Assistance:
    """Ask a unit to assist the one that leads."""
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.add_assistance(
        demand_of(request, demand_id).pk,
        unit=unit,
        request=body.request,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/remove-assistance",
    response={200: DemandOut, **PROBLEMS},
    operation_id="remove_assistance",
)
def remove_assistance(request: ApiRequest, demand_id: int, body: UnitAndReasonIn) -> Demand:
    """Take a request to assist back."""
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.remove_assistance(
        demand_of(request, demand_id).pk,
        unit=unit,
        reason=body.reason,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/contribute",
    response={200: AssistanceOut, **PROBLEMS},
    operation_id="contribute",
)
def contribute(request: ApiRequest, demand_id: int, body: ContributionIn) -> Assistance:
    """Contribute to a demand, as an assisting unit."""
    return actions.contribute(
        demand_of(request, demand_id).pk, text=body.text, by=request.user, at=timezone.now()
    )


@router.post(
    "/{demand_id}/ask-transfer", response={200: DemandOut, **PROBLEMS}, operation_id="ask_transfer"
)
def ask_transfer(request: ApiRequest, demand_id: int, body: AskTransferIn) -> Demand:
    """Ask the dispatcher to give an accepted demand to another unit; the clock runs on."""
    demand = demand_of(request, demand_id)
    proposed = body.proposed_unit_id and get_object_or_404(Unit, pk=body.proposed_unit_id)
    return actions.ask_transfer(
        demand.pk,
        reason=body.reason,
        proposed=proposed or None,
        by=request.user,
        at=timezone.now(),
    ).demand


@router.post(
    "/{demand_id}/transfer", response={200: DemandOut, **PROBLEMS}, operation_id="transfer_demand"
)
def transfer_demand(request: ApiRequest, demand_id: int, body: UnitAndReasonIn) -> Demand:
    """Give an accepted demand to another unit; its answering clock goes along."""
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.transfer_demand(
        demand_of(request, demand_id).pk,
        unit=unit,
        reason=body.reason,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/refuse-transfer",
    response={200: DemandOut, **PROBLEMS},
    operation_id="refuse_transfer",
)
def refuse_transfer(request: ApiRequest, demand_id: int, body: RefuseTransferIn) -> Demand:
    """Leave the demand with the unit that asked for a transfer."""
    return actions.refuse_transfer(
        demand_of(request, demand_id).pk, decision=body.decision, by=request.user, at=timezone.now()
    )
