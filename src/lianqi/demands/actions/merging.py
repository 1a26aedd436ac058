"""Merging (并案) a demand into another about the same matter, and what the riders share with it.

A merged demand rides with its survivor: it is no unit's work of its own, follows the survivor from
unit to unit, and gets the survivor's answer, which its own enterprise confirms and rates. Nobody of
one enterprise learns who else reported. Where the survivor ends without an answer, its riders are
demands of their own again.

Locks: a survivor before its riders. Two demands that do not ride yet are locked by id, so that two
dispatchers who merge them crosswise wait for each other instead of blocking one another.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Actor, Automat, record
from lianqi.demands.actions.moving import (
    forbid_after_arbitration,
    locked,
    owe,
    tell,
    tell_the_enterprise,
)
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import DemandStatus, Step
from lianqi.demands.errors import (
    AcceptedAlready,
    MergedIntoItself,
    MergeReasonMissing,
    MoveNotPossible,
    SurvivorIsMerged,
    SurvivorNotOpen,
    TooManyMerged,
)
from lianqi.demands.flow import DEMAND_FLOW, UNANSWERED
from lianqi.demands.models import Demand
from lianqi.engines.flow import IllegalMove
from lianqi.work.actions import cancel_items
from lianqi.work.queries import people_on_the_desk

MOST_MERGED = 100


@transaction.atomic
def merge_demand(demand_id: int, *, into: Demand, reason: str, by: User, at: dt.datetime) -> Demand:
    """Let a demand that no unit has accepted ride with another one that waits for its answer.

    What rode with it rides with the new survivor: there are no chains. Its clocks end, neither late
    nor in time; the survivor's clock is the one that counts for all.

    Raises:
        MergedIntoItself, SurvivorIsMerged, SurvivorNotOpen, TooManyMerged: Not into this one.
        MergeReasonMissing: There is no reason.
        AcceptedAlready: A unit works on it, or did before a transfer; its answering clock runs.
        UnitIsFinal: The leader in charge named its unit.
        MoveNotPossible: It was merged or ended already.
        PermissionDenied: `by` does not dispatch.
    """
    if into.pk == demand_id:
        raise MergedIntoItself(number=into.number)
    demand, survivor = _locked_pair(demand_id, into.pk)
    try:
        target = DEMAND_FLOW.target("merge", status=DemandStatus(demand.status))
    except IllegalMove as error:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display()) from error
    if demand.accepted_at is not None:
        raise AcceptedAlready(number=demand.number)
    if not by.has_perm("demands.merge", demand):
        raise PermissionDenied
    forbid_after_arbitration(demand)
    if survivor.merged_into is not None and survivor.status == DemandStatus.MERGED:
        raise SurvivorIsMerged(number=survivor.number, survivor=survivor.merged_into.number)
    if survivor.status not in UNANSWERED:
        raise SurvivorNotOpen(number=survivor.number, status=survivor.get_status_display())
    if not reason.strip():
        raise MergeReasonMissing
    riders = Demand.objects.riding_with(demand)
    if Demand.objects.riding_with(survivor).count() + riders.count() >= MOST_MERGED:
        raise TooManyMerged(number=survivor.number, most=MOST_MERGED)
    before, earlier = contribution(demand), demand.unit
    demand.assistances.owed().update(removed_at=at)
    cancel_items(demand, by=by, at=at)
    riders.update(merged_into=survivor, unit=survivor.unit)
    demand.status, demand.merged_into, demand.assisting = target, survivor, []
    demand.unit, demand.handler, demand.is_routed = survivor.unit, None, False
    demand.save(
        update_fields=["status", "merged_into", "assisting", "unit", "handler", "is_routed"]
    )
    retally(before, contribution(demand))
    tell_the_enterprise(demand, "demand.merged", at=at)
    if earlier is not None:
        people = people_on_the_desk(earlier)
        tell(people, demand, "demand.merged_away", at=at, survivor=survivor.number)
    record(
        "demand.merged",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        survivor=survivor.pk,
        note=f"{survivor.number}：{reason.strip()}",
    )
    record(
        "demand.absorbed",
        survivor,
        by=by,
        at=at,
        enterprise_id=survivor.enterprise_id,
        merged=demand.pk,
        note=f"{demand.number}：{reason.strip()}",
        is_shared=False,
    )
    return demand


@transaction.atomic
def unmerge_demand(demand_id: int, *, reason: str, by: User, at: dt.datetime) -> Demand:
    """Make a merged demand one of its own again, as long as its survivor is not answered.

    It waits for dispatch with a new clock, whatever had become of it before the merge.

    Raises:
        MergeReasonMissing: There is no reason.
        MoveNotPossible: It is not merged, or the answer came meanwhile.
        PermissionDenied: `by` does not dispatch.
    """
    survivor = Demand.objects.values_list("merged_into", flat=True).get(pk=demand_id)
    if survivor is not None:
        Demand.objects.select_for_update().get(pk=survivor)
    demand, _target = locked(demand_id, "unmerge", by=by)
    if not reason.strip():
        raise MergeReasonMissing
    _release(demand, reason.strip(), by=by, at=at)
    return demand


def release_riders(survivor: Demand, *, at: dt.datetime) -> None:
    """The survivor ended without an answer: whoever rode with it waits for dispatch again.

    The trail of a rider names the platform, not who ended the survivor: that may be somebody of
    another enterprise.
    """
    for rider in _riders(survivor):
        _release(rider, "", by=Automat(), at=at)


def answer_riders(survivor: Demand, *, by: User, at: dt.datetime) -> None:
    """Give the answer to everybody who reported the matter; each confirms and rates it alone."""
    for rider in _riders(survivor):
        before = contribution(rider)
        rider.status = DEMAND_FLOW.target("answer_along", status=DemandStatus(rider.status))
        rider.unit, rider.handler = survivor.unit, survivor.handler
        rider.answer, rider.answered_at = survivor.answer, at
        rider.save(update_fields=["status", "unit", "handler", "answer", "answered_at"])
        retally(before, contribution(rider))
        tell_the_enterprise(rider, "demand.answered", at=at, unit=rider.unit)
        record(
            "demand.answered",
            rider,
            by=by,
            at=at,
            enterprise_id=rider.enterprise_id,
            unit_name=str(rider.unit),
            answer=rider.answer,
            survivor=survivor.pk,
        )


def _riders(survivor: Demand) -> list[Demand]:
    return list(Demand.objects.riding_with(survivor).order_by("pk").select_for_update())


def _release(demand: Demand, note: str, *, by: User | Automat, at: dt.datetime) -> None:
    before = contribution(demand)
    demand.status = DEMAND_FLOW.target("unmerge", status=DemandStatus(demand.status))
    demand.merged_into, demand.unit, demand.dispatched_at = None, None, None
    demand.save(update_fields=["status", "merged_into", "unit", "dispatched_at"])
    owe(demand, Step.DISPATCH, by=None, at=at, unit=None, desk=Role.DISPATCHER)
    retally(before, contribution(demand))
    tell_the_enterprise(demand, "demand.unmerged", at=at)
    actor: Actor = by
    record(
        "demand.unmerged", demand, by=actor, at=at, enterprise_id=demand.enterprise_id, note=note
    )


def _locked_pair(demand_id: int, survivor_id: int) -> tuple[Demand, Demand]:
    rows = Demand.objects.filter(pk__in=[demand_id, survivor_id]).order_by("pk")
    found = {each.pk: each for each in rows.select_for_update()}
    return found[demand_id], found[survivor_id]
