"""Answering, confirming, disputing, reopening. Answered is not solved."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.assisting import end_assistances
from lianqi.demands.actions.beside import finish_beside, owe_beside
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.merging import answer_riders
from lianqi.demands.actions.moving import locked, owe, tell, tell_the_enterprise
from lianqi.demands.actions.ratings import keep_rating
from lianqi.demands.actions.remedies import drop_remedy
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.actions.transferring import close_transfer_request
from lianqi.demands.enums import (
    Closure,
    DemandStatus,
    Rating,
    Solved,
    Step,
    TransferVerdict,
    UnsolvableState,
)
from lianqi.demands.errors import AnswerMissing, AppealInstead, ReopenWindowOver
from lianqi.demands.models import Demand, RatingReason, Unsolvable
from lianqi.work.actions import finish_items


@transaction.atomic
def answer_demand(demand_id: int, *, answer: str, by: User, at: dt.datetime) -> Demand:
    """The unit answers. The demand stays open until the enterprise confirms or stays silent.

    Whoever reported the same matter and was merged into it gets the same answer.

    Raises:
        AnswerMissing: The text is empty.
    """
    demand, target = locked(demand_id, "answer", by=by)
    if not answer.strip():
        raise AnswerMissing
    demand.status, demand.answer, demand.answered_at = target, answer.strip(), at
    demand.save(update_fields=["status", "answer", "answered_at"])
    finish_items(demand, step=Step.ANSWER, by=by, at=at)
    finish_beside(demand, by=by, at=at)
    end_assistances(demand, by=by, at=at)
    close_transfer_request(demand, TransferVerdict.LAPSED, "", by=by, at=at)
    answer_riders(demand, by=by, at=at)
    tell_the_enterprise(demand, "demand.answered", at=at, unit=demand.unit)
    record(
        "demand.answered",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        unit_name=str(demand.unit),
        answer=demand.answer,
    )
    return demand


@transaction.atomic
def confirm_demand(
    demand_id: int,
    *,
    rating: Rating,
    note: str,
    by: User,
    at: dt.datetime,
    solved: Solved = Solved.YES,
    reasons: Iterable[RatingReason] = (),
) -> Demand:
    """The enterprise accepts the answer, says whether the matter is solved, and rates.

    The two are asked apart: somebody may be satisfied though it could not be solved. Who wants it
    handled again disputes instead.

    Raises:
        RatingReasonMissing, RatingReasonOfAnotherStep: The reasons do not fit the rating.
    """
    demand, target = locked(demand_id, "confirm", by=by)
    before = contribution(demand)
    closure = Closure.CONFIRMED if solved == Solved.YES else Closure.ACCEPTED
    if Unsolvable.objects.of(demand).in_force().exists():
        closure = Closure.UNSOLVABLE
    demand.status, demand.closed_at, demand.closure = target, at, closure
    demand.rating, demand.rating_note, demand.solved = rating, note, solved
    demand.save(update_fields=["status", "closed_at", "closure", "rating", "rating_note", "solved"])
    retally(before, contribution(demand))
    record(
        "demand.confirmed",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        rating=rating,
        solved=solved,
        note=note,
        reasons=keep_rating(demand, reasons, by=by, at=at),
    )
    return demand


@transaction.atomic
def dispute_demand(demand_id: int, *, note: str, by: User, at: dt.datetime) -> Demand:
    """The enterprise says that the matter is not solved: back to the unit, with a new clock.

    Raises:
        AppealInstead: It was decided that the matter cannot be solved.
    """
    demand, target = locked(demand_id, "dispute", by=by)
    forbid_instead_of_appeal(demand)
    return redo(demand, target, "demand.disputed", note=note, by=by, at=at)


@transaction.atomic
def reopen_demand(
    demand_id: int, *, note: str, window_days: int, by: User, at: dt.datetime
) -> Demand:
    """Reopen a closed demand within the window, which is counted from the answer.

    From the answer and from nothing else: a comment or the closing itself does not move it.

    Args:
        window_days: The zone's rule: how many days after the day of the answer.

    Raises:
        AppealInstead: It was decided that the matter cannot be solved.
        ReopenWindowOver: The last day has passed (days of the zone's own calendar).
    """
    demand, target = locked(demand_id, "reopen", by=by)
    forbid_instead_of_appeal(demand)
    last_day = reopen_until(demand, window_days=window_days)
    if last_day is None or at.astimezone(ZONE_TIME).date() > last_day:
        answered = demand.answered_at.astimezone(ZONE_TIME).date() if demand.answered_at else None
        raise ReopenWindowOver(number=demand.number, answered_on=answered, until_on=last_day)
    return redo(demand, target, "demand.reopened", note=note, by=by, at=at)


def reopen_until(demand: Demand, *, window_days: int) -> dt.date | None:
    """The last day on which the demand may be reopened."""
    if demand.answered_at is None:
        return None
    answered_on = demand.answered_at.astimezone(ZONE_TIME).date()
    return answered_on + dt.timedelta(days=window_days)


def close_silent_demands(
    *,
    after_days: int,
    at: dt.datetime,
    limit: int = 500,
    own_days: Mapping[int, int] | None = None,
) -> int:
    """Close demands whose answer nobody confirmed or disputed in time; return how many.

    One transaction each: an enterprise that reacts in the same second wins or loses alone.

    Args:
        after_days: The zone's rule: silent for longer than this is closed.
        at: Now.
        limit: The most to close at once, the longest silent first.
        own_days: The days of the categories that have a rule of their own.
    """
    own = {category: at - dt.timedelta(days=days) for category, days in (own_days or {}).items()}
    before, today = at - dt.timedelta(days=after_days), at.astimezone(ZONE_TIME).date()
    silent = Demand.objects.silent_since(before, own).past_appeal(on=today)
    silent = silent.order_by("answered_at")[:limit]
    return sum(_close_silent(pk, before, own, at=at) for pk in silent.values_list("pk", flat=True))


@transaction.atomic
def _close_silent(
    demand_id: int, before: dt.datetime, own: Mapping[int, dt.datetime], *, at: dt.datetime
) -> bool:
    demand = (
        Demand.objects.silent_since(before, own)
        .past_appeal(on=at.astimezone(ZONE_TIME).date())
        .select_for_update(skip_locked=True)
        .filter(pk=demand_id)
        .first()
    )
    if demand is None:
        return False
    earlier = contribution(demand)
    demand.status, demand.closed_at, demand.closure = DemandStatus.CLOSED, at, Closure.SILENT
    if Unsolvable.objects.of(demand).in_force().exists():
        demand.closure, demand.solved = Closure.UNSOLVABLE, Solved.NO
    demand.save(update_fields=["status", "closed_at", "closure", "solved"])
    retally(earlier, contribution(demand))
    record("demand.closed_silent", demand, by=Automat(), at=at, enterprise_id=demand.enterprise_id)
    return True


def forbid_instead_of_appeal(demand: Demand) -> None:
    """Refuse another way back than the appeal while it holds that a demand cannot be solved.

    Raises:
        AppealInstead: It holds.
    """
    held = Unsolvable.objects.of(demand).in_force().first()
    if held is not None:
        raise AppealInstead(number=demand.number, until_on=held.appeal_until)


def redo(
    demand: Demand, target: DemandStatus, verb: str, *, note: str, by: User, at: dt.datetime
) -> Demand:
    """Give a locked demand back to its unit, with a new clock and without its rating."""
    before = contribution(demand)
    earlier_rating = demand.rating
    demand.status, demand.closed_at, demand.closure = target, None, ""
    demand.rating, demand.rating_note, demand.solved = "", "", ""
    demand.reopenings += 1
    demand.save(
        update_fields=[
            "status",
            "closed_at",
            "closure",
            "rating",
            "rating_note",
            "solved",
            "reopenings",
        ]
    )
    Unsolvable.objects.of(demand).in_force().update(state=UnsolvableState.OVERTURNED)
    drop_remedy(demand, by=by, at=at)
    owe(demand, Step.ANSWER, by=by, at=at, unit=demand.unit)
    owe_beside(demand, by=by, at=at)
    retally(before, contribution(demand))
    if demand.handler:
        tell([demand.handler], demand, verb, at=at)
    record(
        verb,
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        note=note,
        earlier_rating=earlier_rating,
    )
    return demand
