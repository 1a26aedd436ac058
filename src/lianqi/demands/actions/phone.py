"""What callers without an account say of an answer, heard on the telephone and written down."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.answering import forbid_instead_of_appeal, redo
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.moving import locked
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import Closure, Rating, Solved
from lianqi.demands.errors import SpokenWithMissing
from lianqi.demands.models import Demand, PhoneConfirmation
from lianqi.engines.text import tidy


@transaction.atomic
def confirm_by_phone(
    demand_id: int,
    *,
    spoke_with: str,
    solved: Solved,
    rating: Rating | None,
    note: str,
    by: User,
    at: dt.datetime,
) -> Demand:
    """Close an answered demand of a caller who cannot sign in, as the caller said.

    What was said is kept under the name of whoever heard it and counted apart from the ratings
    that enterprises give themselves.

    Raises:
        SpokenWithMissing: It is nobody's word.
        MoveNotPossible: It does not wait for a word any more.
        PermissionDenied: The enterprise can confirm it itself, or `by` works for the unit.
    """
    demand, target = locked(demand_id, "confirm_by_phone", by=by)
    if not (person := tidy(spoke_with)):
        raise SpokenWithMissing
    before = contribution(demand)
    demand.status, demand.closed_at, demand.closure = target, at, Closure.BY_PHONE
    demand.save(update_fields=["status", "closed_at", "closure"])
    PhoneConfirmation.objects.create(
        demand=demand,
        round=demand.reopenings,
        spoke_with=person,
        solved=solved,
        rating=rating or "",
        note=note.strip(),
        heard_by=by,
        heard_at=at,
        heard_on=at.astimezone(ZONE_TIME).date(),
    )
    retally(before, contribution(demand))
    record(
        "demand.confirmed_by_phone",
        demand,
        by=by,
        at=at,
        enterprise_id=None,
        spoke_with=person,
        solved=solved,
        rating=rating or "",
        note=note.strip(),
    )
    return demand


@transaction.atomic
def dispute_by_phone(
    demand_id: int, *, spoke_with: str, note: str, by: User, at: dt.datetime
) -> Demand:
    """The caller says that the matter is not solved: back to the unit, with a new clock.

    Raises:
        SpokenWithMissing: It is nobody's word.
        MoveNotPossible: It does not wait for a word any more.
        AppealInstead: It was said that it cannot be solved.
        PermissionDenied: As for `confirm_by_phone`.
    """
    demand, target = locked(demand_id, "dispute_by_phone", by=by)
    forbid_instead_of_appeal(demand)
    if not (person := tidy(spoke_with)):
        raise SpokenWithMissing
    return redo(
        demand, target, "demand.disputed_by_phone", note=f"{person}：{note.strip()}", by=by, at=at
    )
