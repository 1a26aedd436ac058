"""Dispatching and accepting."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for
from lianqi.audit.actions import record
from lianqi.demands.actions.assisting import drop_assistance, drop_assistances_of
from lianqi.demands.actions.beside import drop_decisions, owe_beside
from lianqi.demands.actions.moving import (
    forbid_after_arbitration,
    locked,
    owe,
    takes_work,
    tell,
    tell_the_enterprise,
)
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import DemandStatus, Step, Verdict
from lianqi.demands.errors import UnitNotInUse
from lianqi.demands.models import Demand
from lianqi.demands.queries import BY_RULE, suggestions
from lianqi.work.actions import finish_items, hand_over_items, take_over_items
from lianqi.work.enums import Outcome, Urgency
from lianqi.work.queries import local_date, people_on_the_desk


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

    What the rules suggested is recorded beside what was chosen, so that suggestions can be judged.

    Args:
        urgency: Judged anew; None leaves it as it was. The unit's clocks follow it.

    Raises:
        UnitNotInUse: The unit was closed.
        UnitIsFinal: The leader in charge named the unit.
    """
    demand, target = locked(demand_id, "dispatch", by=by)
    forbid_after_arbitration(demand)
    proposed = suggestions(demand, on=local_date(at), scorers=BY_RULE)
    earlier = demand.unit_id
    demand.urgency, demand.is_routed = urgency or demand.urgency, False
    send(demand, unit, target=target, by=by, at=at)
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
        suggested=proposed[0].unit.pk if proposed else None,
        also_suggested=[each.unit.pk for each in proposed[1:]],
    )
    return demand


def send(
    demand: Demand, unit: Unit, *, target: DemandStatus, by: User | None, at: dt.datetime
) -> None:
    """Give a locked demand to a unit, which has to accept it; the caller records why.

    Whatever the unit before owed the enterprise goes along with its clock. Nobody sends what was
    just filed and goes to a task force by itself: there is no step to finish then.

    Raises:
        UnitNotInUse: The unit was closed.
    """
    if not takes_work(unit):
        raise UnitNotInUse(unit=unit)
    before = contribution(demand)
    demand.status, demand.unit, demand.handler, demand.dispatched_at = target, unit, None, at
    demand.dispatches += 1
    if by is not None and unit.pk in demand.assisting:
        drop_assistance(demand, unit, by=by, at=at)
    demand.save(
        update_fields=[
            "status",
            "unit",
            "handler",
            "assisting",
            "urgency",
            "dispatched_at",
            "dispatches",
            "is_routed",
        ]
    )
    Demand.objects.riding_with(demand).update(unit=unit)
    if by is not None:
        finish_items(demand, step=Step.DISPATCH, by=by, at=at)
        finish_items(demand, step=Step.ACCEPT, by=by, at=at, outcome=Outcome.CANCELLED)
    hand_over_items(demand, unit=unit)
    owe(demand, Step.ACCEPT, by=by, at=at, unit=unit)
    retally(before, contribution(demand))
    tell(people_on_the_desk(unit), demand, "demand.dispatched", at=at, unit=unit)


def hand_over_demands(unit: Unit, *, to: Unit, by: User, at: dt.datetime) -> int:
    """Give every open demand of a unit to another one, each as it stands; return how many.

    On behalf of the action that closes the unit, which asked its own permission and tells people.
    Statuses and clocks stay: the enterprise waits no longer because the zone changed its house.
    Nobody of the new unit has a demand at first; whoever handled it did so for the old one.
    What the unit was asked to contribute to demands that others lead is not owed any more.
    """
    demands = Demand.objects.open().filter(unit=unit).order_by("pk").select_for_update()
    count = 0
    for demand in demands:
        before = contribution(demand)
        demand.unit, demand.handler = to, None
        if to.pk in demand.assisting:
            drop_assistance(demand, to, by=by, at=at)
        demand.save(update_fields=["unit", "handler", "assisting"])
        drop_decisions(demand, by=by, at=at)
        Demand.objects.riding_with(demand).update(unit=to)
        hand_over_items(demand, unit=to)
        retally(before, contribution(demand))
        record(
            "demand.handed_over",
            demand,
            by=by,
            at=at,
            enterprise_id=demand.enterprise_id,
            unit=to.pk,
            unit_name=to.name,
            earlier=unit.pk,
            earlier_name=unit.name,
        )
        count += 1
    drop_assistances_of(unit, by=by, at=at)
    return count


@transaction.atomic
def accept_demand(demand_id: int, *, by: User, at: dt.datetime) -> Demand:
    """The unit takes the demand; from now on the answering clock runs, unless it runs already.

    A demand taken over from another unit keeps its answering clock. A unit whose objection was not
    upheld answers as if it had accepted when it objected: it wins no time by objecting.
    Who accepts handles it, or the stand-in if that person is on record as away today.
    """
    demand, target = locked(demand_id, "accept", by=by)
    handler = acting_for(by, on=local_date(at))
    demand.status, demand.handler, demand.accepted_at = target, handler, at
    demand.save(update_fields=["status", "handler", "accepted_at"])
    finish_items(demand, step=Step.ACCEPT, by=by, at=at)
    if not take_over_items(demand, step=Step.ANSWER, person=handler):
        owe(demand, Step.ANSWER, by=by, at=at, unit=demand.unit, since=_answers_since(demand, at))
    owe_beside(demand, by=by, at=at)
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


def _answers_since(demand: Demand, at: dt.datetime) -> dt.datetime:
    overruled = demand.objections.filter(
        unit=demand.unit_id, verdict=Verdict.OVERRULED, raised_at__gte=demand.dispatched_at
    )
    return overruled.values_list("raised_at", flat=True).first() or at
