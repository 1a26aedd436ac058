"""Closing a demand because the enterprise did not reply to what it was asked."""

import datetime as dt

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.assisting import end_assistances
from lianqi.demands.actions.beside import finish_beside
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.merging import release_riders
from lianqi.demands.actions.moving import locked, tell_the_enterprise
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.actions.transferring import close_transfer_request
from lianqi.demands.enums import Closure, Step, TransferVerdict
from lianqi.demands.errors import GroundsMissing, NothingUnreplied, TooEarlyToCloseUnreplied
from lianqi.demands.models import Demand, Question
from lianqi.work.actions import finish_items


@transaction.atomic
def close_unreplied(
    demand_id: int, *, grounds: str, after_days: int, by: User, at: dt.datetime
) -> Demand:
    """Close a demand whose enterprise was asked, reminded, and stayed silent.

    It counts as closed and not as solved, and can be reopened like any other; the grounds stand in
    place of the answer, from which the window of reopening is counted.

    Args:
        demand_id: The demand.
        grounds: What was asked and when; the enterprise reads it.
        after_days: The zone's rule: how many whole days it has for a reply.
        by: Whoever closes.
        at: Now.

    Raises:
        NothingUnreplied: It does not wait for the enterprise.
        TooEarlyToCloseUnreplied: The last day for a reply is not over, or nobody was reminded.
        GroundsMissing: The text is empty.
    """
    demand, target = locked(demand_id, "close_unreplied", by=by)
    question = Question.objects.of(demand).waiting_for_the_enterprise().first()
    if question is None:
        raise NothingUnreplied(number=demand.number)
    last_day = last_day_to_reply(question, after_days=after_days)
    if question.reminded_at is None or at.astimezone(ZONE_TIME).date() <= last_day:
        asked_on = question.pause.started_at.astimezone(ZONE_TIME).date()
        raise TooEarlyToCloseUnreplied(asked_on=asked_on, until_on=last_day)
    if not grounds.strip():
        raise GroundsMissing
    before = contribution(demand)
    demand.status, demand.closed_at, demand.closure = target, at, Closure.NO_REPLY
    demand.answer, demand.answered_at = grounds.strip(), at
    demand.save(update_fields=["status", "closed_at", "closure", "answer", "answered_at"])
    finish_items(demand, step=Step.ANSWER, by=by, at=at)
    finish_beside(demand, by=by, at=at)
    end_assistances(demand, by=by, at=at)
    close_transfer_request(demand, TransferVerdict.LAPSED, "", by=by, at=at)
    release_riders(demand, at=at)
    retally(before, contribution(demand))
    tell_the_enterprise(demand, "demand.closed_unreplied", at=at, unit=demand.unit)
    record(
        "demand.closed_unreplied",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        grounds=demand.answer,
    )
    return demand


def last_day_to_reply(question: Question, *, after_days: int) -> dt.date:
    """The last day on which the enterprise may reply before the unit may close."""
    asked_on = question.pause.started_at.astimezone(ZONE_TIME).date()
    return asked_on + dt.timedelta(days=after_days)
