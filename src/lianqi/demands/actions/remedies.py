"""Following up (整改) a bad rating: the head of the unit speaks to the firm and puts it right."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import tell, tell_the_enterprise
from lianqi.demands.enums import Rating, RemedyCause, RemedyResult, Step
from lianqi.demands.errors import NoRemedyOpen, RemedyContactMissing, RemedyMeasuresMissing
from lianqi.demands.models import Demand, DemandRating, Remedy
from lianqi.work.actions import finish_items, open_item
from lianqi.work.enums import Outcome
from lianqi.work.queries import local_date, people_on_the_desk


def open_remedy(demand: Demand, rating: DemandRating, *, by: User, at: dt.datetime) -> Remedy:
    """Open the follow-up of a rating: work of the head, with a clock of its own.

    Where nobody heads the unit or one above it, its desk has the work: it must not lie with nobody.
    """
    assert demand.unit is not None  # the table holds it: a closed demand has a unit
    heads = heads_of(demand.unit, on=local_date(at))
    remedy = Remedy.objects.create(demand=demand, rating=rating, unit=demand.unit, opened_at=at)
    open_item(
        demand,
        step=Step.REMEDY,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        label=f"{demand.number} {demand.title}",
        url=demand.get_absolute_url(),
        unit=demand.unit,
        person=heads[0] if heads else None,
        priority=demand.urgency,
    )
    label = Rating(rating.rating).label
    tell_the_heads(demand, "demand.remedy_opened", at=at, rating=label)
    return remedy


@transaction.atomic
def note_remedy_contact(demand_id: int, *, note: str, by: User, at: dt.datetime) -> Remedy:
    """Note that the enterprise was spoken to; a later note replaces the earlier one, not the time.

    Raises:
        NoRemedyOpen: There is none, or it was finished meanwhile.
        RemedyContactMissing: The note is empty.
        PermissionDenied: `by` does not answer for the unit.
    """
    remedy = _locked(demand_id, by=by)
    if not note.strip():
        raise RemedyContactMissing
    remedy.contact_note = note.strip()
    if remedy.contacted_at is None:
        remedy.contacted_at, remedy.contacted_by = at, by
    remedy.save(update_fields=["contact_note", "contacted_at", "contacted_by"])
    _record("demand.remedy_contacted", remedy, by=by, at=at, note=remedy.contact_note)
    return remedy


@transaction.atomic
def finish_remedy(
    demand_id: int,
    *,
    cause: RemedyCause,
    measures: str,
    result: RemedyResult,
    by: User,
    at: dt.datetime,
) -> Remedy:
    """Say what was wrong, what was done and what came of it. The enterprise rates once more.

    Raises:
        NoRemedyOpen: There is none, or it was finished meanwhile.
        RemedyContactMissing: Nobody has spoken to the enterprise yet.
        RemedyMeasuresMissing: The text is empty.
        PermissionDenied: `by` does not answer for the unit.
    """
    remedy = _locked(demand_id, by=by)
    if remedy.contacted_at is None:
        raise RemedyContactMissing
    if not measures.strip():
        raise RemedyMeasuresMissing
    remedy.cause, remedy.measures, remedy.result = cause, measures.strip(), result
    remedy.done_at, remedy.done_by = at, by
    remedy.save(update_fields=["cause", "measures", "result", "done_at", "done_by"])
    finish_items(remedy.demand, step=Step.REMEDY, by=by, at=at)
    tell_the_enterprise(remedy.demand, "demand.remedy_done", at=at)
    _record(
        "demand.remedy_done",
        remedy,
        by=by,
        at=at,
        cause=cause,
        measures=remedy.measures,
        result=result,
    )
    return remedy


def drop_remedy(demand: Demand, *, by: User, at: dt.datetime) -> None:
    """The demand comes back as a whole: its open follow-up, if there is one, is part of that."""
    if demand.remedies.open().update(dropped_at=at):
        finish_items(demand, step=Step.REMEDY, by=by, at=at, outcome=Outcome.CANCELLED)


def tell_the_heads(demand: Demand, event: str, *, at: dt.datetime, **names: object) -> None:
    """Notify the heads of the unit, or its desk where it has no head."""
    if demand.unit is not None:
        on = local_date(at)
        people = heads_of(demand.unit, on=on) or people_on_the_desk(demand.unit, on=on)
        tell(people, demand, event, at=at, **names)


def _locked(demand_id: int, *, by: User) -> Remedy:
    """Lock the demand, as every move of it does, and take its open follow-up."""
    demand = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("enterprise", "unit", "filed_by")
        .get(pk=demand_id)
    )
    remedy = demand.remedies.open().first()
    if remedy is None:
        raise NoRemedyOpen(number=demand.number)
    if not by.has_perm("demands.remedy", demand):
        raise PermissionDenied
    remedy.demand = demand
    return remedy


def _record(verb: str, remedy: Remedy, *, by: User, at: dt.datetime, **said: str) -> None:
    record(
        verb,
        remedy.demand,
        by=by,
        at=at,
        enterprise_id=remedy.demand.enterprise_id,
        unit_name=str(remedy.unit),
        **said,
    )
