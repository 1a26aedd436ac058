"""Objections and their decisions over JSON."""

import datetime as dt

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from lianqi.accounts.models import Unit
from lianqi.api.demands import DemandOut, Text, demand_of
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.enums import ObjectionReason
from lianqi.demands.models import Demand, Objection

router = Router(tags=["objections"])


class ObjectionOut(Schema):
    """An objection to a dispatch. `round` 1 is decided by the dispatcher, 2 by the leader."""

    round: int
    unit_id: int
    reason: ObjectionReason
    note: str
    proposed_id: int | None
    raised_at: dt.datetime
    verdict: str
    decision: str
    decided_unit_id: int | None
    decided_at: dt.datetime | None


class ObjectionIn(Schema):
    reason: ObjectionReason
    note: Text
    proposed_unit_id: int | None = None


class NamingIn(Schema):
    unit_id: int
    decision: Text


class OverruleIn(Schema):
    decision: Text


@router.get(
    "/{demand_id}/objections",
    response={200: list[ObjectionOut], **PROBLEMS},
    operation_id="list_objections",
)
def list_objections(request: ApiRequest, demand_id: int) -> list[Objection]:
    """The objections to a demand, at most two; none for people of enterprises."""
    demand = demand_of(request, demand_id)
    return list(Objection.objects.visible_to(request.user).filter(demand=demand).for_page())


@router.post(
    "/{demand_id}/object", response={200: DemandOut, **PROBLEMS}, operation_id="object_to_dispatch"
)
def object_to_dispatch(request: ApiRequest, demand_id: int, body: ObjectionIn) -> Demand:
    """Say that a demand is not your unit's; once, within a working day of the dispatch."""
    demand = demand_of(request, demand_id)
    proposed = body.proposed_unit_id and get_object_or_404(Unit, pk=body.proposed_unit_id)
    return actions.object_to_dispatch(
        demand.pk,
        reason=body.reason,
        note=body.note,
        proposed=proposed or None,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{demand_id}/uphold", response={200: DemandOut, **PROBLEMS}, operation_id="uphold_objection"
)
def uphold_objection(request: ApiRequest, demand_id: int, body: NamingIn) -> Demand:
    """Agree with an objection and send the demand to another unit."""
    demand = demand_of(request, demand_id)
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.uphold_objection(
        demand.pk, unit=unit, decision=body.decision, by=request.user, at=timezone.now()
    )


@router.post(
    "/{demand_id}/overrule",
    response={200: DemandOut, **PROBLEMS},
    operation_id="overrule_objection",
)
def overrule_objection(request: ApiRequest, demand_id: int, body: OverruleIn) -> Demand:
    """Disagree with an objection; the unit has to accept."""
    demand = demand_of(request, demand_id)
    return actions.overrule_objection(
        demand.pk, decision=body.decision, by=request.user, at=timezone.now()
    )


@router.post(
    "/{demand_id}/arbitrate",
    response={200: DemandOut, **PROBLEMS},
    operation_id="arbitrate_objection",
)
def arbitrate_objection(request: ApiRequest, demand_id: int, body: NamingIn) -> Demand:
    """Name the unit for good, as the leader in charge."""
    demand = demand_of(request, demand_id)
    unit = get_object_or_404(Unit, pk=body.unit_id)
    return actions.arbitrate_objection(
        demand.pk, unit=unit, decision=body.decision, by=request.user, at=timezone.now()
    )
