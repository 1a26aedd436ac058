"""“Cannot be solved” and the appeal over JSON; the same actions as the pages."""

import datetime as dt
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.api.handling import visible
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.api.steering import DecisionIn
from lianqi.demands import actions
from lianqi.demands.enums import AppealVerdict, DemandStatus, UnsolvableState
from lianqi.demands.models import Appeal, Demand, Ground, Unsolvable

router = Router(tags=["handling"])
grounds_router = Router(tags=["handling"])

Basis = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class GroundOut(Schema):
    """Why a demand may be called not solvable, and where the enterprise can turn."""

    code: str
    name_zh: str
    name_en: str
    turn_zh: str
    turn_en: str


class UnsolvableIn(Schema):
    ground: Annotated[str, StringConstraints(max_length=30)] = Field(description="Its code.")
    basis: Basis = Field(description="Law or policy, with number and article.")
    text: LongText = Field(description="What the enterprise reads.")


class AppealIn(Schema):
    text: LongText


class AppealOut(Schema):
    text: str
    raised_at: dt.datetime
    verdict: str
    reasons: str
    decided_at: dt.datetime | None


class UnsolvableOut(Schema):
    id: int
    ground: GroundOut
    basis: str
    text: str
    state: UnsolvableState
    proposed_at: dt.datetime
    signed_at: dt.datetime | None
    appeal_until: dt.date | None
    appeal: AppealOut | None

    @staticmethod
    def resolve_appeal(finding: Unsolvable) -> Appeal | None:
        return getattr(finding, "appeal", None)


class VerdictIn(Schema):
    verdict: AppealVerdict
    reasons: LongText = Field(description="The enterprise reads them.")


class StatusOut(Schema):
    status: DemandStatus


@grounds_router.get("", response={200: list[GroundOut], **PROBLEMS}, operation_id="list_grounds")
def list_grounds(request: ApiRequest) -> list[Ground]:  # noqa: ARG001  # the framework hands it
    """The zone's list of grounds on which a demand may be called not solvable."""
    return list(Ground.objects.in_use())


@router.get(
    "/{demand_id}/unsolvable",
    response={200: list[UnsolvableOut], **PROBLEMS},
    operation_id="list_unsolvable_of_demand",
)
def list_unsolvable(request: ApiRequest, demand_id: int) -> list[Unsolvable]:
    """Whether and why a demand cannot be solved; an enterprise gets what was signed."""
    demand = visible(request, demand_id)
    rows = Unsolvable.objects.visible_to(request.user).of(demand)
    return list(rows.select_related("ground", "appeal"))


@router.post(
    "/{demand_id}/unsolvable",
    response={201: UnsolvableOut, **PROBLEMS},
    operation_id="propose_unsolvable",
)
def propose(request: ApiRequest, demand_id: int, body: UnsolvableIn) -> Status[Unsolvable]:
    """Propose, as the unit, that a demand cannot be solved."""
    demand, at = visible(request, demand_id), timezone.now()
    ground = get_object_or_404(Ground, code=body.ground)
    proposal = actions.propose_unsolvable(
        demand.pk, ground=ground, basis=body.basis, text=body.text, by=request.user, at=at
    )
    return Status(201, proposal)


@router.post(
    "/{demand_id}/unsolvable/decision",
    response={200: UnsolvableOut, **PROBLEMS},
    operation_id="sign_unsolvable",
)
def sign(request: ApiRequest, demand_id: int, body: DecisionIn) -> Unsolvable:
    """Sign the proposal, or return it to the unit."""
    demand, at = visible(request, demand_id), timezone.now()
    return actions.sign_unsolvable(demand.pk, **body.model_dump(), by=request.user, at=at)


@router.post(
    "/{demand_id}/appeal", response={201: AppealOut, **PROBLEMS}, operation_id="appeal_unsolvable"
)
def appeal(request: ApiRequest, demand_id: int, body: AppealIn) -> Status[Appeal]:
    """Appeal, as the enterprise, within the window."""
    demand, at = visible(request, demand_id), timezone.now()
    raised = actions.appeal_unsolvable(demand.pk, text=body.text, by=request.user, at=at)
    return Status(201, raised)


@router.post(
    "/{demand_id}/appeal/decision",
    response={200: StatusOut, **PROBLEMS},
    operation_id="decide_appeal",
)
def decide(request: ApiRequest, demand_id: int, body: VerdictIn) -> Demand:
    """Decide the appeal with reasons: it stands, or the unit handles it again."""
    demand, at = visible(request, demand_id), timezone.now()
    return actions.decide_appeal(demand.pk, **body.model_dump(), by=request.user, at=at)
