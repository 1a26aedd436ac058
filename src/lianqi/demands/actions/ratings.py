"""Ratings: with the confirmation, after a silent closing, and once more after a follow-up."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.remedies import open_remedy, tell_the_heads
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import DISSATISFIED, UNHEARD, DemandStatus, Rating, Solved
from lianqi.demands.errors import (
    AlreadyRated,
    MoveNotPossible,
    RatingReasonMissing,
    RatingReasonOfAnotherStep,
    RatingWindowOver,
)
from lianqi.demands.models import Demand, DemandRating, RatingReason


@transaction.atomic
def rate_demand(
    demand_id: int,
    *,
    rating: Rating,
    solved: Solved,
    note: str,
    window_days: int,
    by: User,
    at: dt.datetime,
    reasons: Iterable[RatingReason] = (),
) -> Demand:
    """Rate a demand that was closed in silence: it counts as a rating, not as a confirmation.

    Args:
        window_days: The zone's rule: how many days after the day of the closing.

    Raises:
        AlreadyRated, RatingWindowOver: It cannot be rated any more.
        MoveNotPossible: It is not closed.
        RatingReasonMissing, RatingReasonOfAnotherStep: The reasons do not fit the rating.
    """
    demand = _locked_closed(demand_id, by=by)
    if demand.closure not in UNHEARD or demand.rating:
        raise AlreadyRated(number=demand.number)
    _require_window(demand, demand.closed_at, window_days, at=at)
    before = contribution(demand)
    demand.rating, demand.rating_note, demand.solved = rating, note, solved
    demand.save(update_fields=["rating", "rating_note", "solved"])
    retally(before, contribution(demand))
    record(
        "demand.rated",
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
def rate_again(
    demand_id: int,
    *,
    rating: Rating,
    solved: Solved,
    note: str,
    window_days: int,
    by: User,
    at: dt.datetime,
    reasons: Iterable[RatingReason] = (),
) -> Demand:
    """Rate once more after the follow-up of a bad rating. Both ratings stay.

    The satisfaction rate (K02) goes on counting the first one: otherwise following up would be a
    way to a better figure instead of to a better service.

    Args:
        window_days: The zone's rule: how many days after the day the follow-up was finished.

    Raises:
        AlreadyRated, RatingWindowOver: It cannot be rated a second time (any more).
        MoveNotPossible: It is not closed.
        RatingReasonMissing, RatingReasonOfAnotherStep: The reasons do not fit the rating.
    """
    demand = _locked_closed(demand_id, by=by)
    remedy = demand.remedies.filter(done_at__isnull=False, dropped_at__isnull=True).last()
    if remedy is None or remedy.second_id is not None:
        raise AlreadyRated(number=demand.number)
    _require_window(demand, remedy.done_at, window_days, at=at)
    chosen = _checked(rating, reasons, note)
    remedy.second = DemandRating.objects.create(
        demand=demand, round=demand.reopenings, turn=2, rating=rating, solved=solved, note=note,
        given_by=by, given_at=at,
    )  # fmt: skip
    remedy.second.reasons.set(chosen)
    remedy.save(update_fields=["second"])
    if rating in DISSATISFIED:
        tell_the_heads(demand, "demand.rated_again", at=at)
    record(
        "demand.rated_again",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        rating=rating,
        solved=solved,
        note=note,
        reasons=[reason.code for reason in chosen],
    )
    return demand


def keep_rating(
    demand: Demand, reasons: Iterable[RatingReason], *, by: User, at: dt.datetime
) -> list[str]:
    """Keep the rating the demand has now; a bad one opens a follow-up. Return the reasons' codes.

    Raises:
        RatingReasonMissing, RatingReasonOfAnotherStep: The reasons do not fit the rating.
    """
    chosen = _checked(Rating(demand.rating), reasons, demand.rating_note)
    kept = DemandRating.objects.create(
        demand=demand, round=demand.reopenings, rating=demand.rating, solved=demand.solved,
        note=demand.rating_note, given_by=by, given_at=at,
    )  # fmt: skip
    kept.reasons.set(chosen)
    if demand.rating in DISSATISFIED:
        open_remedy(demand, kept, by=by, at=at)
    return [reason.code for reason in chosen]


def rate_until(moment: dt.datetime | None, *, window_days: int) -> dt.date | None:
    """The last day of a window that begins with the day of `moment`."""
    if moment is None:
        return None
    return moment.astimezone(ZONE_TIME).date() + dt.timedelta(days=window_days)


def _checked(rating: Rating, reasons: Iterable[RatingReason], note: str) -> list[RatingReason]:
    """A bad rating says why, as its follow-up begins there; a good one need not."""
    chosen = list(reasons)
    if rating in DISSATISFIED and not chosen and not note.strip():
        raise RatingReasonMissing
    for reason in chosen:
        if rating not in reason.steps:
            raise RatingReasonOfAnotherStep(reason=reason, rating=rating.label)
    return chosen


def _locked_closed(demand_id: int, *, by: User) -> Demand:
    demand = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("enterprise", "category", "unit")
        .get(pk=demand_id)
    )
    if demand.status != DemandStatus.CLOSED:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if not by.has_perm("demands.rate", demand):
        raise PermissionDenied
    return demand


def _require_window(
    demand: Demand, moment: dt.datetime | None, window_days: int, *, at: dt.datetime
) -> None:
    last_day = rate_until(moment, window_days=window_days)
    if last_day is None or at.astimezone(ZONE_TIME).date() > last_day:
        raise RatingWindowOver(number=demand.number, until_on=last_day)
