"""Objections to a dispatch: raised by the unit, decided by the dispatcher, then by the leader.

While one is being decided the unit's accepting clock stands and the decider's own runs. An
answering clock that already runs, after a transfer, runs on. Why: docs/adr/0015.
"""

import datetime as dt

from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import acting_for
from lianqi.audit.actions import record
from lianqi.demands.actions.duties import record_precedent
from lianqi.demands.actions.handling import send
from lianqi.demands.actions.moving import (
    forbid_after_arbitration,
    locked,
    owe,
    tell,
)
from lianqi.demands.enums import DemandStatus, ObjectionReason, Step, Verdict
from lianqi.demands.errors import (
    DecisionMissing,
    ObjectedAlready,
    ObjectionNoteMissing,
    ObjectionTooLate,
    UpheldForItself,
)
from lianqi.demands.flow import DEMAND_FLOW
from lianqi.demands.models import ARBITRATED, Demand, Objection
from lianqi.work.actions import finish_items, hold_items, release_items
from lianqi.work.actions.reckoning import clock_rule
from lianqi.work.enums import Outcome, PauseReason
from lianqi.work.queries import (
    common_leader,
    due_under,
    local_date,
    local_minute,
    people_on_the_desk,
)


@transaction.atomic
def object_to_dispatch(
    demand_id: int,
    *,
    reason: ObjectionReason,
    note: str,
    by: User,
    at: dt.datetime,
    proposed: Unit | None = None,
) -> Demand:
    """The unit says that the demand is not its own; once, and in time.

    The first objection to a demand goes to the dispatcher, the second to the leader in charge.

    Raises:
        UnitIsFinal: The leader in charge named this unit.
        ObjectedAlready: The unit did so before.
        ObjectionTooLate: The time has run out; its last moment is still in time.
        ObjectionNoteMissing: There is no explanation.
    """
    demand, target = locked(demand_id, "object", by=by)
    forbid_after_arbitration(demand)
    earlier = list(demand.objections.order_by("round"))
    _forbid_twice(demand, earlier)
    until = objection_until(demand)
    if at > until:
        raise ObjectionTooLate(
            number=demand.number,
            dispatched_at=local_minute(demand.dispatched_at or at),
            until=local_minute(until),
        )
    if not note.strip():
        raise ObjectionNoteMissing
    assert demand.unit is not None  # a constraint of the database: whoever objects has it
    objection = Objection(
        demand=demand,
        round=len(earlier) + 1,
        unit=demand.unit,
        reason=reason,
        note=note.strip(),
        proposed=proposed,
        raised_by=by,
        raised_at=at,
    )
    hold_items(
        demand,
        step=Step.ACCEPT,
        reason=PauseReason.OBJECTION,
        evidence=objection.note,
        by=by,
        at=at,
    )
    if objection.round == ARBITRATED:
        target = DEMAND_FLOW.target("refer", status=target)
        _refer(demand, objection, [*(each.unit for each in earlier), demand.unit], by=by, at=at)
    else:
        owe(demand, Step.DECIDE, by=by, at=at, unit=None, desk=Role.DISPATCHER)
    objection.save(force_insert=True)
    demand.status = target
    demand.bounces += 1
    demand.save(update_fields=["status", "bounces"])
    record(
        "demand.objected",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        round=objection.round,
        unit=demand.unit_id,
        unit_name=str(demand.unit),
        reason=reason,
        note=objection.note,
        proposed=proposed.pk if proposed else None,
        proposed_name=str(proposed or ""),
        arbiter=objection.arbiter_id,
    )
    return demand


@transaction.atomic
def uphold_objection(
    demand_id: int, *, unit: Unit, decision: str, by: User, at: dt.datetime
) -> Demand:
    """The dispatcher agrees: another unit gets the demand, with an accepting clock of its own.

    Raises:
        UpheldForItself: The unit chosen is the one that objected.
        DecisionMissing: There are no grounds.
        UnitNotInUse: The unit was closed.
    """
    demand, target = locked(demand_id, "uphold", by=by)
    objection = _decide(demand, Verdict.UPHELD, unit, decision, by=by, at=at)
    if unit.pk == objection.unit_id:
        raise UpheldForItself(unit=unit)
    finish_items(demand, step=Step.DECIDE, by=by, at=at)
    _move_on(demand, objection, unit, target, by=by, at=at)
    return demand


@transaction.atomic
def overrule_objection(demand_id: int, *, decision: str, by: User, at: dt.datetime) -> Demand:
    """The dispatcher disagrees: the unit has to accept, in the time that it had left.

    Raises:
        DecisionMissing: There are no grounds.
    """
    demand, target = locked(demand_id, "overrule", by=by)
    assert demand.unit is not None  # a constraint of the database: an objection has a unit
    objection = _decide(demand, Verdict.OVERRULED, demand.unit, decision, by=by, at=at)
    finish_items(demand, step=Step.DECIDE, by=by, at=at)
    _move_on(demand, objection, demand.unit, target, by=by, at=at)
    return demand


@transaction.atomic
def arbitrate_objection(
    demand_id: int, *, unit: Unit, decision: str, by: User, at: dt.datetime
) -> Demand:
    """The leader in charge names the unit, for good; the duty catalogue remembers it.

    Raises:
        DecisionMissing: There are no grounds.
        UnitNotInUse: The unit was closed.
    """
    demand, target = locked(demand_id, "arbitrate", by=by)
    verdict = Verdict.OVERRULED if unit.pk == demand.unit_id else Verdict.UPHELD
    objection = _decide(demand, verdict, unit, decision, by=by, at=at)
    finish_items(demand, step=Step.ARBITRATE, by=by, at=at)
    _move_on(demand, objection, unit, target, by=by, at=at)
    record_precedent(demand, unit=unit, reason=objection.decision, by=by, at=at)
    return demand


def objection_until(demand: Demand) -> dt.datetime:
    """The last moment at which the unit that has the demand may object to the dispatch.

    Raises:
        LookupError: The zone's data know no such clock.
    """
    assert demand.dispatched_at is not None  # asked of dispatched demands only
    rule = clock_rule(Demand._meta.label_lower, Step.OBJECT, demand.urgency)
    return due_under(rule, started_at=demand.dispatched_at)


def _forbid_twice(demand: Demand, earlier: list[Objection]) -> None:
    own = next((each for each in earlier if each.unit_id == demand.unit_id), None)
    if own is not None:
        raise ObjectedAlready(
            unit=demand.unit, number=demand.number, raised_at=local_minute(own.raised_at)
        )


def _refer(
    demand: Demand, objection: Objection, units: list[Unit], *, by: User, at: dt.datetime
) -> None:
    """Lay the second objection before the nearest leader whom the units share, or all leaders.

    A stand-in who is no leader cannot decide: then every leader may.
    """
    on = local_date(at)
    objection.arbiter = common_leader(units, on=on)
    present = objection.arbiter and acting_for(objection.arbiter, on=on)
    leaders = User.people.holding(Role.LEADER, on=on)
    person = leaders.filter(pk=present.pk).first() if present else None
    owe(demand, Step.ARBITRATE, by=by, at=at, unit=None, desk=Role.LEADER, person=person)
    tell([person] if person else leaders, demand, "demand.objected", at=at, unit=objection.unit)


def _decide(
    demand: Demand, verdict: Verdict, unit: Unit, decision: str, *, by: User, at: dt.datetime
) -> Objection:
    if not decision.strip():
        raise DecisionMissing
    objection = demand.objections.pending().select_related("unit").get()
    objection.verdict, objection.decision, objection.decided_unit = verdict, decision.strip(), unit
    objection.decided_by, objection.decided_at = by, at
    return objection


def _move_on(
    demand: Demand,
    objection: Objection,
    unit: Unit,
    target: DemandStatus,
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """Write the decision down; then the unit goes on, or another begins."""
    objection.save(
        update_fields=["verdict", "decision", "decided_unit", "decided_by", "decided_at"]
    )
    if objection.verdict == Verdict.UPHELD:
        finish_items(demand, step=Step.ACCEPT, by=by, at=at, outcome=Outcome.HANDED_BACK)
        send(demand, unit, target=target, by=by, at=at)
    else:
        demand.status = target
        demand.save(update_fields=["status"])
        release_items(demand, step=Step.ACCEPT, by=by, at=at)
    tell(people_on_the_desk(objection.unit), demand, "demand.decided", at=at, unit=unit)
    record(
        "demand.decided",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        round=objection.round,
        verdict=objection.verdict,
        objector=objection.unit_id,
        unit=unit.pk,
        unit_name=unit.name,
        note=objection.decision,
    )
