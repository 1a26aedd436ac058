"""Logging contacts with the enterprise, and writing internal notes."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import locked_beside, tell_the_enterprise
from lianqi.demands.enums import ContactOutcome, ContactWay, DemandStatus, Step
from lianqi.demands.errors import (
    ContactInTheFuture,
    ContactWithoutPerson,
    NoteMissing,
)
from lianqi.demands.flow import OPEN
from lianqi.demands.models import ContactAttempt, InternalNote
from lianqi.work.actions import finish_items

# Whoever cannot be reached must not keep a clock running for ever: so many attempts are enough.
ATTEMPTS_THAT_SUFFICE = 3


@transaction.atomic
def log_contact(
    demand_id: int,
    *,
    way: ContactWay,
    outcome: ContactOutcome,
    spoke_with: str,
    note: str,
    made_at: dt.datetime,
    by: User,
    at: dt.datetime,
) -> ContactAttempt:
    """Write down that the unit tried to speak with the enterprise.

    The first attempt that reaches somebody ends the clock of first contact, and so does the third
    that does not. The clock ends now, not at `made_at`: nobody can be in time after the event.

    Args:
        demand_id: The demand.
        way: Telephone, visit, WeCom, mail.
        outcome: Whether somebody was reached.
        spoke_with: Whom; needed where somebody was reached.
        note: For the zone only.
        made_at: When, as the person says.
        by: Whoever logs it.
        at: Now.

    Raises:
        MoveNotPossible: The demand is closed or not with a unit.
        ContactWithoutPerson, ContactInTheFuture: What was entered cannot be.
        PermissionDenied: `by` does not handle the demand.
    """
    in_a_unit = OPEN - {DemandStatus.SUBMITTED}
    demand = locked_beside(demand_id, "demands.log_contact", statuses=in_a_unit, by=by)
    assert demand.unit is not None  # only before the dispatch is there none
    if outcome == ContactOutcome.REACHED and not spoke_with.strip():
        raise ContactWithoutPerson
    if made_at > at:
        raise ContactInTheFuture
    attempt = ContactAttempt.objects.create(
        demand=demand,
        unit=demand.unit,
        way=way,
        outcome=outcome,
        spoke_with=spoke_with.strip(),
        note=note.strip(),
        made_at=made_at,
        logged_at=at,
        logged_by=by,
    )
    made = ContactAttempt.objects.of(demand).count()
    if outcome == ContactOutcome.REACHED or made >= ATTEMPTS_THAT_SUFFICE:
        finish_items(demand, step=Step.CONTACT, by=by, at=at)
    if outcome != ContactOutcome.REACHED:
        tell_the_enterprise(demand, "demand.not_reached", at=at, unit=demand.unit)
    record(
        "demand.contacted",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        way=way,
        outcome=outcome,
        attempt=attempt.pk,
    )
    return attempt


@transaction.atomic
def write_note(demand_id: int, *, text: str, by: User, at: dt.datetime) -> InternalNote:
    """Leave a note for the others of the zone; possible at any time, also after the end.

    The event says that there is a note, not what it says.

    Raises:
        NoteMissing: The text is empty.
        PermissionDenied: `by` has no part in the demand.
    """
    demand = locked_beside(demand_id, "demands.note", statuses=frozenset(DemandStatus), by=by)
    if not text.strip():
        raise NoteMissing
    note = InternalNote.objects.create(
        demand=demand, text=text.strip(), written_at=at, written_by=by
    )
    record("demand.noted", demand, by=by, at=at, enterprise_id=demand.enterprise_id, note=note.pk)
    return note
