"""Units that assist: asked by the dispatcher, each with a clock, contributing to the lead.

Which units assist stands on the demand as well: there the database keeps the lead apart from them,
and lists are found by it.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import owe, takes_work, tell
from lianqi.demands.enums import Step
from lianqi.demands.errors import (
    AlreadyAssists,
    ContributionMissing,
    LeadDoesNotAssist,
    NotAssisting,
    RequestMissing,
    TooManyAssist,
    UnitNotInUse,
)
from lianqi.demands.models import Assistance, Demand
from lianqi.work.actions import finish_items
from lianqi.work.enums import Outcome, Part
from lianqi.work.models import WorkItem, WorkItemQuerySet
from lianqi.work.queries import people_on_the_desk

MOST_ASSIST = 10


@transaction.atomic
def add_assistance(
    demand_id: int, *, unit: Unit, request: str, by: User, at: dt.datetime
) -> Assistance:
    """Ask a unit to assist; it sees the demand from now on and owes a contribution.

    Raises:
        LeadDoesNotAssist, AlreadyAssists, TooManyAssist: The unit has a part, or there are enough.
        RequestMissing: It is not said what is asked.
        UnitNotInUse: The unit was closed.
        PermissionDenied: `by` does not dispatch, or the demand is not with a unit.
    """
    demand = _locked(demand_id, "demands.add_assistance", by=by)
    if unit.pk == demand.unit_id:
        raise LeadDoesNotAssist(unit=unit, number=demand.number)
    if not takes_work(unit):
        raise UnitNotInUse(unit=unit)
    owed = demand.assistances.owed()
    if owed.filter(unit=unit).exists():
        raise AlreadyAssists(unit=unit, number=demand.number)
    if owed.count() >= MOST_ASSIST:
        raise TooManyAssist(number=demand.number, most=MOST_ASSIST)
    if not request.strip():
        raise RequestMissing
    assistance = Assistance.objects.create(
        demand=demand, unit=unit, request=request.strip(), asked_by=by, asked_at=at
    )
    demand.assisting = sorted({*demand.assisting, unit.pk})
    demand.save(update_fields=["assisting"])
    owe(demand, Step.ASSIST, by=by, at=at, unit=unit, part=Part.ASSIST)
    tell(people_on_the_desk(unit), demand, "demand.assistance_asked", at=at, unit=unit)
    _record(demand, "demand.assistance_asked", assistance, assistance.request, by=by, at=at)
    return assistance


@transaction.atomic
def remove_assistance(
    demand_id: int, *, unit: Unit, reason: str, by: User, at: dt.datetime
) -> Demand:
    """Take a unit's part back: it owes nothing more, and sees the demand only if it contributed.

    Raises:
        NotAssisting: The unit owes no contribution.
        PermissionDenied: `by` does not dispatch.
    """
    demand = _locked(demand_id, "demands.remove_assistance", by=by)
    assistance = demand.assistances.owed().filter(unit=unit).first()
    if assistance is None:
        raise NotAssisting(unit=unit, number=demand.number)
    drop_assistance(demand, unit, by=by, at=at)
    demand.save(update_fields=["assisting"])
    _record(demand, "demand.assistance_removed", assistance, reason, by=by, at=at)
    return demand


@transaction.atomic
def contribute(
    demand_id: int, *, text: str, by: User, at: dt.datetime, unit: Unit | None = None
) -> Assistance:
    """The assisting unit writes its contribution to the lead, before or after the answer.

    Args:
        unit: Which unit, for somebody who works for several that assist.

    Raises:
        NotAssisting: Nothing is owed any more.
        ContributionMissing: The text is empty.
        PermissionDenied: `by` works for no unit that assists.
    """
    demand = _locked(demand_id, "demands.contribute", by=by)
    owed = demand.assistances.owed().select_related("unit").order_by("pk")
    own = [each for each in owed if by.has_perm("demands.contribute_for", each)]
    assistance = next((each for each in own if unit is None or each.unit_id == unit.pk), None)
    if assistance is None:
        raise NotAssisting(unit=unit or by.unit or by, number=demand.number)
    if not text.strip():
        raise ContributionMissing
    assistance.text, assistance.finished_by, assistance.finished_at = text.strip(), by, at
    finish_items(demand, step=Step.ASSIST, by=by, at=at, unit=assistance.unit)
    assistance.is_late = assistance.is_late or _is_late(demand, assistance, at=at)
    assistance.save(update_fields=["text", "finished_by", "finished_at", "is_late"])
    lead = [demand.handler] if demand.handler else []
    if demand.unit is not None:
        people = {each.pk: each for each in [*people_on_the_desk(demand.unit), *lead]}
        tell(people.values(), demand, "demand.contributed", at=at, unit=assistance.unit)
    _record(demand, "demand.contributed", assistance, assistance.text, by=by, at=at)
    return assistance


def end_assistances(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """The lead has answered: nobody waits for a contribution, but a late one stays late."""
    if not demand.assisting:
        return
    late = _items(demand).open().overdue(at=at).values("unit_id")
    demand.assistances.owed().filter(unit_id__in=late).update(is_late=True)
    finish_items(demand, step=Step.ASSIST, by=by, at=at, outcome=Outcome.CANCELLED)


def drop_assistance(demand: Demand, unit: Unit, *, by: User, at: dt.datetime) -> None:
    """Take a unit's part back; the caller saves the demand and says why."""
    demand.assistances.owed().filter(unit=unit).update(removed_at=at)
    finish_items(demand, step=Step.ASSIST, by=by, at=at, outcome=Outcome.CANCELLED, unit=unit)
    rest = set(demand.assistances.standing().values_list("unit_id", flat=True))
    demand.assisting = sorted(rest - {demand.unit_id})


def drop_assistances(demand: Demand, reason: str, *, by: User, at: dt.datetime) -> None:
    """Nobody leads the demand any more: no unit owes it a part; the caller saves the demand."""
    for assistance in list(demand.assistances.owed().select_related("unit")):
        drop_assistance(demand, assistance.unit, by=by, at=at)
        _record(demand, "demand.assistance_removed", assistance, reason, by=by, at=at)


def drop_assistances_of(unit: Unit, *, by: User, at: dt.datetime) -> None:
    """Take back whatever a unit that is closed still owes to demands that others lead."""
    ids = Assistance.objects.owed().filter(unit=unit).values("demand_id")
    for demand in Demand.objects.filter(pk__in=ids).order_by("pk").select_for_update():
        assistance = demand.assistances.owed().get(unit=unit)
        drop_assistance(demand, unit, by=by, at=at)
        demand.save(update_fields=["assisting"])
        _record(demand, "demand.assistance_removed", assistance, "", by=by, at=at)


def _is_late(demand: Demand, assistance: Assistance, *, at: dt.datetime) -> bool:
    last = _items(demand).filter(unit=assistance.unit).last()
    return bool(last and last.due_at and at > last.due_at)


def _items(demand: Demand) -> WorkItemQuerySet:
    return WorkItem.objects.about(demand).filter(step=Step.ASSIST)


def _locked(demand_id: int, permission: str, *, by: User) -> Demand:
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    if not by.has_perm(permission, demand):
        raise PermissionDenied
    return demand


def _record(
    demand: Demand, verb: str, assistance: Assistance, note: str, *, by: User, at: dt.datetime
) -> None:
    record(
        verb,
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit=assistance.unit_id,
        unit_name=str(assistance.unit),
        note=note,
    )
