"""Dispatching, accepting and handing back."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for
from lianqi.audit.actions import record
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.moving import locked, owe, tell, tell_the_enterprise
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import ReturnReason, Step
from lianqi.demands.errors import UnitNotInUse
from lianqi.demands.models import Demand
from lianqi.demands.queries import suggest_unit
from lianqi.work.actions import cancel_items, finish_items
from lianqi.work.enums import Outcome, Urgency
from lianqi.work.queries import people_on_the_desk


@transaction.atomic
def dispatch_demand(
    demand_id: int,
    *,
    unit: Unit,
    by: User,
    at: dt.datetime,
    note: str = "",
    urgency: Urgency | None = None,
) -> Demand:
    """Send a demand to the unit that shall handle it; again before acceptance sends it elsewhere.

    What was suggested is recorded beside what was chosen, so that suggestions can be judged.

    Args:
        urgency: Judged anew; None leaves it as it was. The unit's clocks follow it.

    Raises:
        UnitNotInUse: The unit was closed.
    """
    demand, target = locked(demand_id, "dispatch", by=by)
    if not unit.is_active:
        raise UnitNotInUse(unit=unit)
    suggestion = suggest_unit(demand.category, demand.enterprise)
    before = contribution(demand)
    earlier = demand.unit_id
    demand.status, demand.unit, demand.dispatched_at = target, unit, at
    demand.urgency = urgency or demand.urgency
    demand.return_reason, demand.return_note = "", ""
    demand.save(
        update_fields=[
            "status",
            "unit",
            "dispatched_at",
            "urgency",
            "return_reason",
            "return_note",
        ]
    )
    finish_items(demand, step=Step.DISPATCH, by=by, at=at)
    cancel_items(demand, by=by, at=at)
    owe(demand, Step.ACCEPT, by=by, at=at, unit=unit)
    retally(before, contribution(demand))
    tell(people_on_the_desk(unit), demand, "demand.dispatched", at=at, unit=unit)
    record(
        "demand.dispatched",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=unit.pk,
        unit_name=unit.name,
        earlier=earlier,
        note=note,
        urgency=demand.urgency,
        suggested=suggestion.unit.pk if suggestion else None,
    )
    return demand


@transaction.atomic
def accept_demand(demand_id: int, *, by: User, at: dt.datetime) -> Demand:
    """The unit takes the demand; from now on the answering clock runs.

    Who accepts handles it, or the stand-in if that person is on record as away today.
    """
    demand, target = locked(demand_id, "accept", by=by)
    handler = acting_for(by, on=at.astimezone(ZONE_TIME).date())
    demand.status, demand.handler, demand.accepted_at = target, handler, at
    demand.save(update_fields=["status", "handler", "accepted_at"])
    finish_items(demand, step=Step.ACCEPT, by=by, at=at)
    owe(demand, Step.ANSWER, by=by, at=at, unit=demand.unit)
    tell_the_enterprise(demand, "demand.accepted", at=at, unit=demand.unit)
    record(
        "demand.accepted",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        handler=handler.pk,
    )
    return demand


@transaction.atomic
def return_demand(
    demand_id: int, *, reason: ReturnReason, note: str, by: User, at: dt.datetime
) -> Demand:
    """The unit hands a demand back to the dispatcher, with a listed reason and a note."""
    demand, target = locked(demand_id, "return", by=by)
    before = contribution(demand)
    unit = demand.unit
    demand.status, demand.unit = target, None
    demand.return_reason, demand.return_note = reason, note
    demand.bounces += 1
    demand.save(update_fields=["status", "unit", "return_reason", "return_note", "bounces"])
    finish_items(demand, step=Step.ACCEPT, by=by, at=at, outcome=Outcome.HANDED_BACK)
    owe(demand, Step.DISPATCH, by=by, at=at, unit=None, desk=Role.DISPATCHER)
    retally(before, contribution(demand))
    record(
        "demand.returned",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=unit.pk if unit else None,
        unit_name=str(unit),
        reason=reason,
        note=note,
    )
    return demand
