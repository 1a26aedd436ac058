"""Transfer (转办) of an accepted demand through the dispatcher; the answering clock runs on."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.demands.actions.beside import drop_decisions
from lianqi.demands.actions.handling import send
from lianqi.demands.actions.moving import (
    forbid_after_arbitration,
    locked,
    owe,
    tell,
)
from lianqi.demands.enums import Step, TransferVerdict
from lianqi.demands.errors import DecisionMissing, TransferAsked, TransferToItself
from lianqi.demands.models import Demand, TransferRequest
from lianqi.work.actions import finish_items
from lianqi.work.enums import Outcome
from lianqi.work.queries import people_on_the_desk


@transaction.atomic
def ask_transfer(
    demand_id: int, *, reason: str, by: User, at: dt.datetime, proposed: Unit | None = None
) -> TransferRequest:
    """The unit asks the dispatcher to give the demand to another one; its clock runs on.

    Raises:
        TransferAsked: A request waits already.
        UnitIsFinal: The leader in charge named the unit.
        DecisionMissing: There is no reason.
    """
    demand = _locked(demand_id, "demands.ask_transfer", by=by)
    forbid_after_arbitration(demand)
    if not reason.strip():
        raise DecisionMissing
    if demand.transfer_requests.pending().exists():
        raise TransferAsked(number=demand.number)
    assert demand.unit is not None  # a constraint of the database: whoever accepted has it
    asked = TransferRequest.objects.create(
        demand=demand,
        unit=demand.unit,
        proposed=proposed,
        reason=reason.strip(),
        asked_by=by,
        asked_at=at,
    )
    owe(demand, Step.TRANSFER, by=by, at=at, unit=None, desk=Role.DISPATCHER)
    _record(demand, "demand.transfer_asked", demand.unit, asked.reason, by=by, at=at)
    return asked


@transaction.atomic
def transfer_demand(
    demand_id: int, *, unit: Unit, reason: str, by: User, at: dt.datetime
) -> Demand:
    """Give an accepted demand to another unit, which has to accept it; asked for or not.

    The answering clock goes along as it stands, with its pauses and extensions.

    Raises:
        TransferToItself: The unit has it already.
        UnitIsFinal: The leader in charge named the unit.
        DecisionMissing: There is no reason.
        UnitNotInUse: The unit was closed.
    """
    demand, target = locked(demand_id, "transfer", by=by)
    forbid_after_arbitration(demand)
    if unit.pk == demand.unit_id:
        raise TransferToItself(unit=unit, number=demand.number)
    if not reason.strip():
        raise DecisionMissing
    earlier = demand.unit
    close_transfer_request(demand, TransferVerdict.TRANSFERRED, reason.strip(), by=by, at=at)
    drop_decisions(demand, by=by, at=at)
    send(demand, unit, target=target, by=by, at=at)
    if earlier is not None:
        tell(people_on_the_desk(earlier), demand, "demand.transferred", at=at, unit=unit)
    _record(demand, "demand.transferred", unit, reason.strip(), by=by, at=at)
    return demand


@transaction.atomic
def refuse_transfer(demand_id: int, *, decision: str, by: User, at: dt.datetime) -> Demand:
    """The demand stays with the unit that asked to be rid of it.

    Raises:
        DecisionMissing: There are no grounds.
        PermissionDenied: `by` does not dispatch, or nothing was asked.
    """
    demand = _locked(demand_id, "demands.refuse_transfer", by=by)
    if not decision.strip():
        raise DecisionMissing
    close_transfer_request(demand, TransferVerdict.REFUSED, decision.strip(), by=by, at=at)
    assert demand.unit is not None  # a constraint of the database: whoever accepted has it
    tell(people_on_the_desk(demand.unit), demand, "demand.transfer_refused", at=at)
    _record(demand, "demand.transfer_refused", demand.unit, decision.strip(), by=by, at=at)
    return demand


def close_transfer_request(
    demand: Demand, verdict: TransferVerdict, decision: str, *, by: User, at: dt.datetime
) -> None:
    """Decide the request that waits, if there is one; the caller locked the demand."""
    closed = demand.transfer_requests.pending().update(
        verdict=verdict, decision=decision, decided_by=by, decided_at=at
    )
    if closed:
        lapsed = verdict == TransferVerdict.LAPSED
        outcome = Outcome.CANCELLED if lapsed else Outcome.DONE
        finish_items(demand, step=Step.TRANSFER, by=by, at=at, outcome=outcome)


def _locked(demand_id: int, permission: str, *, by: User) -> Demand:
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    if not by.has_perm(permission, demand):
        raise PermissionDenied
    return demand


def _record(demand: Demand, verb: str, unit: Unit, note: str, *, by: User, at: dt.datetime) -> None:
    record(
        verb,
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=unit.pk,
        unit_name=unit.name,
        note=note,
    )
