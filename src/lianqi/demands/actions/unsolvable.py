"""“Cannot be solved”: proposed by the unit with grounds, signed by its head, some by a leader.

The answering clock runs on until it is signed: nobody wins time by proposing it.
"""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.demands.actions.assisting import end_assistances
from lianqi.demands.actions.beside import finish_beside
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.merging import release_riders
from lianqi.demands.actions.moving import locked_beside, owe, tell, tell_the_enterprise
from lianqi.demands.actions.transferring import close_transfer_request
from lianqi.demands.enums import Decision, DemandStatus, Step, TransferVerdict, UnsolvableState
from lianqi.demands.errors import (
    BasisMissing,
    DecisionNoteMissing,
    GroundNotInUse,
    NothingToDecide,
    OwnRequest,
    UnsolvableProposedAlready,
    UnsolvableTextMissing,
)
from lianqi.demands.flow import DEMAND_FLOW
from lianqi.demands.models import Ground, Unsolvable
from lianqi.demands.queries import handling_rule_of
from lianqi.work.actions import finish_items
from lianqi.work.queries import local_date

_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})


@transaction.atomic
def propose_unsolvable(
    demand_id: int, *, ground: Ground, basis: str, text: str, by: User, at: dt.datetime
) -> Unsolvable:
    """Propose to tell the enterprise that its demand cannot be solved.

    Args:
        demand_id: The demand.
        ground: One of the zone's list.
        basis: Law or policy it rests on, with number and article; the enterprise reads it.
        text: What the enterprise reads in place of an answer.
        by: Whoever proposes.
        at: Now.

    Raises:
        MoveNotPossible: The demand is not in progress.
        UnsolvableProposedAlready: One waits to be signed.
        GroundNotInUse, BasisMissing, UnsolvableTextMissing: Something it needs is missing.
        PermissionDenied: `by` does not handle the demand.
    """
    demand = locked_beside(demand_id, "demands.propose_unsolvable", statuses=_IN_PROGRESS, by=by)
    assert demand.unit is not None  # only before the dispatch is there none
    if Unsolvable.objects.of(demand).proposed().exists():
        raise UnsolvableProposedAlready
    if not ground.is_active:
        raise GroundNotInUse(ground=ground)
    if not basis.strip():
        raise BasisMissing
    if not text.strip():
        raise UnsolvableTextMissing
    rule = handling_rule_of(demand.category_id)
    heads = [head for head in heads_of(demand.unit, on=local_date(at)) if head.pk != by.pk]
    proposal = Unsolvable.objects.create(
        demand=demand,
        unit=demand.unit,
        ground=ground,
        basis=basis.strip(),
        text=text.strip(),
        needs_head=bool(heads),
        # A head who proposes does not sign: where no other is there, a leader does.
        needs_leader=rule.leader_signs or not heads,
        appeal_days=rule.appeal_days,
        proposed_by=by,
        proposed_at=at,
    )
    if heads:
        item = owe(demand, Step.SIGN, by=by, at=at, unit=None, person=heads[0])
        tell([item.person or heads[0]], demand, "demand.to_sign", at=at, unit=demand.unit)
    else:
        owe(demand, Step.SIGN, by=by, at=at, unit=None, desk=Role.LEADER)
    _record(proposal, "demand.unsolvable_proposed", proposal.text, by=by, at=at, is_shared=False)
    return proposal


@transaction.atomic
def sign_unsolvable(
    demand_id: int, *, decision: Decision, note: str, by: User, at: dt.datetime
) -> Unsolvable:
    """Sign the proposal or return it to the unit. The last signature answers the demand.

    Raises:
        MoveNotPossible: The demand is not in progress any more.
        NothingToDecide: Somebody signed or returned it meanwhile.
        OwnRequest: Whoever proposed it does not sign it.
        DecisionNoteMissing: Returned without a reason.
        PermissionDenied: It waits for somebody else.
    """
    demand = locked_beside(demand_id, "demands.declare", statuses=_IN_PROGRESS, by=by)
    proposals = Unsolvable.objects.of(demand).proposed()
    proposal = proposals.select_related("unit", "ground", "proposed_by").first()
    if proposal is None:
        raise NothingToDecide(number=demand.number)
    proposal.demand = demand
    if proposal.proposed_by_id == by.pk:
        raise OwnRequest
    finish_items(demand, step=Step.SIGN, by=by, at=at)
    if decision != Decision.GRANTED:
        return _return(proposal, note, by=by, at=at)
    if proposal.waits_for_the_head:
        proposal.head, proposal.head_at = by, at
    else:
        proposal.leader, proposal.leader_at = by, at
    if proposal.needs_leader and proposal.leader_id is None:
        proposal.save(update_fields=["head", "head_at"])
        owe(demand, Step.SIGN, by=by, at=at, unit=None, desk=Role.LEADER)
        _record(proposal, "demand.unsolvable_signed", "", by=by, at=at, is_shared=False)
        return proposal
    _declare(proposal, by=by, at=at)
    return proposal


def _return(proposal: Unsolvable, note: str, *, by: User, at: dt.datetime) -> Unsolvable:
    if not note.strip():
        raise DecisionNoteMissing
    proposal.state, proposal.note = UnsolvableState.RETURNED, note.strip()
    proposal.save(update_fields=["state", "note"])
    tell([proposal.proposed_by], proposal.demand, "demand.unsolvable_returned", at=at)
    _record(proposal, "demand.unsolvable_returned", proposal.note, by=by, at=at, is_shared=False)
    return proposal


def _declare(proposal: Unsolvable, *, by: User, at: dt.datetime) -> None:
    """Everybody has signed: the enterprise is told, and the window of appeal opens."""
    demand = proposal.demand
    proposal.state, proposal.signed_at = UnsolvableState.IN_FORCE, at
    proposal.appeal_until = at.astimezone(ZONE_TIME).date() + dt.timedelta(
        days=proposal.appeal_days
    )
    proposal.save(
        update_fields=[
            "state", "signed_at", "appeal_until", "head", "head_at", "leader", "leader_at",
        ]
    )  # fmt: skip
    demand.status = DEMAND_FLOW.target("declare", status=DemandStatus(demand.status))
    demand.answer, demand.answered_at = proposal.text, at
    demand.save(update_fields=["status", "answer", "answered_at"])
    finish_items(demand, step=Step.ANSWER, by=by, at=at)
    finish_beside(demand, by=by, at=at)
    end_assistances(demand, by=by, at=at)
    close_transfer_request(demand, TransferVerdict.LAPSED, "", by=by, at=at)
    release_riders(demand, at=at)
    tell_the_enterprise(demand, "demand.unsolvable", at=at, unit=demand.unit)
    _record(proposal, "demand.unsolvable", proposal.text, by=by, at=at, is_shared=True)


def _record(
    proposal: Unsolvable, verb: str, words: str, *, by: User, at: dt.datetime, is_shared: bool
) -> None:
    demand = proposal.demand
    record(
        verb,
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(proposal.unit),
        ground=proposal.ground.code,
        ground_zh=proposal.ground.name_zh,
        ground_en=proposal.ground.name_en,
        basis=proposal.basis,
        text=words,
        is_shared=is_shared,
    )
