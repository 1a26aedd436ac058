"""Merging demands over JSON."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from lianqi.api.demands import DemandOut, Text, demand_of
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands import actions
from lianqi.demands.models import Demand

router = Router(tags=["merging"])


class MergeIn(Schema):
    """`into_id` is the demand that stays: it waits for its answer, and its clock counts for all."""

    into_id: int
    reason: Text


class UnmergeIn(Schema):
    reason: Text


@router.post("/{demand_id}/merge", response={200: DemandOut, **PROBLEMS}, operation_id="merge")
def merge(request: ApiRequest, demand_id: int, body: MergeIn) -> Demand:
    """Let a demand ride with another one about the same matter; its enterprise is told."""
    into = get_object_or_404(Demand.objects.visible_to(request.user), pk=body.into_id)
    return actions.merge_demand(
        demand_of(request, demand_id).pk,
        into=into,
        reason=body.reason,
        by=request.user,
        at=timezone.now(),
    )


@router.post("/{demand_id}/unmerge", response={200: DemandOut, **PROBLEMS}, operation_id="unmerge")
def unmerge(request: ApiRequest, demand_id: int, body: UnmergeIn) -> Demand:
    """Handle a merged demand on its own again, as long as the answer has not come."""
    return actions.unmerge_demand(
        demand_of(request, demand_id).pk, reason=body.reason, by=request.user, at=timezone.now()
    )


@router.get(
    "/{demand_id}/merged", response={200: list[DemandOut], **PROBLEMS}, operation_id="list_merged"
)
def list_merged(request: ApiRequest, demand_id: int) -> list[Demand]:
    """What was merged into a demand, at most 100; only what you may see of it."""
    visible = Demand.objects.visible_to(request.user).for_list()
    return list(visible.filter(merged_into=demand_of(request, demand_id)).order_by("pk"))
