"""What the enterprise says: solved, not solved, and its claim of the money a policy promises."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.needs.actions.moving import at_work_for, locked, owe_progress, tell
from lianqi.needs.actions.tally import contribution, retally
from lianqi.needs.errors import NoteMissing
from lianqi.needs.models import Need
from lianqi.work.queries import local_date


@transaction.atomic
def confirm_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """The enterprise says that the need was met."""
    need, target = locked(need_id, "confirm", by=by)
    before = contribution(need)
    need.status, need.confirmed_on = target, local_date(at)
    need.save(update_fields=["status", "confirmed_on"])
    retally(before, contribution(need))
    record("need.confirmed", need, by=by, at=at, enterprise_id=need.enterprise_id, note=note)
    return need


@transaction.atomic
def dispute_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """The enterprise says that the need was not met: it counts as unsolved, and progress is owed.

    Raises:
        NoteMissing: Nothing was said to be missing.
    """
    need, target = locked(need_id, "dispute", by=by)
    if not note.strip():
        raise NoteMissing
    before = contribution(need)
    need.status, need.solved_on = target, None
    need.save(update_fields=["status", "solved_on"])
    owe_progress(need, by=by, at=at)
    retally(before, contribution(need))
    record("need.disputed", need, by=by, at=at, enterprise_id=need.enterprise_id, note=note)
    if need.lead is not None:
        tell(at_work_for(need.lead, at=at), need, "need.told_disputed", at=at)
    return need


@transaction.atomic
def claim_need(need_id: int, *, note: str, by: User, at: dt.datetime) -> Need:
    """The enterprise claims what the policy promises, and so confirms that the need is solved."""
    need, target = locked(need_id, "claim", by=by)
    before = contribution(need)
    need.status, need.claimed_on = target, local_date(at)
    need.confirmed_on = need.confirmed_on or need.claimed_on
    need.save(update_fields=["status", "claimed_on", "confirmed_on"])
    retally(before, contribution(need))
    record("need.claimed", need, by=by, at=at, enterprise_id=need.enterprise_id, note=note)
    if need.lead is not None:
        tell(at_work_for(need.lead, at=at), need, "need.told_claimed", at=at)
    return need
