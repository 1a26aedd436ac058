"""Call-backs: drawing whom to call, taking the next call, noting what was said."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.answering import forbid_instead_of_appeal, redo
from lianqi.demands.actions.filing import ZONE_TIME
from lianqi.demands.actions.moving import locked
from lianqi.demands.enums import (
    DISSATISFIED,
    CallbackReason,
    CallbackState,
    CallOutcome,
    Channel,
    Closure,
    DemandStatus,
    Rating,
    Solved,
)
from lianqi.demands.errors import (
    CallbackAnswersMissing,
    CallbackNotToReopen,
    CallbackOver,
    CallbackTaken,
    NoCallsWaiting,
)
from lianqi.demands.models import (
    CLAIMED_SOLVED,
    MOST_CALLS,
    CallAttempt,
    Callback,
    CallbackDraw,
    Demand,
)
from lianqi.demands.queries import first_contact, periods_by_category
from lianqi.engines.sampling import Share, Stratum, stratified
from lianqi.register.models import Contact

HOLD = dt.timedelta(minutes=30)
PAUSE_BETWEEN_CALLS = dt.timedelta(hours=4)


@transaction.atomic
def draw_callbacks(closed_on: dt.date, *, seed: str, at: dt.datetime) -> int:
    """Draw once among the demands closed on a day of the zone; return how many are to be called.

    All that were rated badly, closed by silence or closed without being solved are called, and of
    the others the share of the zone's rule, drawn unit by unit over the month. Tips leave nobody
    to call.
    """
    draw, is_new = CallbackDraw.objects.get_or_create(
        closed_on=closed_on, defaults={"seed": seed, "drawn_at": at}
    )
    if not is_new:
        return 0
    closed = _closed_on(closed_on)
    reasons = {each.pk: _reason(each) for each in closed}
    sampled = {str(each.pk): each for each in closed if reasons[each.pk] is None}
    zone, own = periods_by_category()
    cases = {
        key: Stratum(str(each.unit_id), own.get(each.category_id, zone).callback_percent)
        for key, each in sampled.items()
    }
    chosen, shares = stratified(cases, earlier=_shares_of_month(closed_on), seed=seed)
    draw.strata = [
        [stratum.name, stratum.percent, share.cases, share.chosen]
        for stratum, share in shares.items()
    ]
    draw.save(update_fields=["strata"])
    rows = [
        Callback(
            demand=each,
            round=each.reopenings,
            draw=draw,
            reason=reasons[each.pk] or CallbackReason.SAMPLE,
            unit_id=each.unit_id,
            closure=each.closure,
            next_at=at,
        )
        for each in closed
        if each.unit_id is not None and (reasons[each.pk] is not None or str(each.pk) in chosen)
    ]
    Callback.objects.bulk_create(rows, ignore_conflicts=True)
    record("demands.callbacks_drawn", draw, by=Automat(), at=at, cases=len(closed), drawn=len(rows))
    return len(rows)


@transaction.atomic
def take_next_call(*, by: User, at: dt.datetime) -> Callback:
    """The call that has waited longest; it is the caller's for half an hour.

    Two callers at once never get the same one, and a caller who left one open gets it again.

    Raises:
        NoCallsWaiting: There is nobody to call now.
        PermissionDenied: `by` does not call.
    """
    if not by.has_perm("demands.make_calls"):
        raise PermissionDenied
    free = Callback.objects.callable_by(by, at=at).select_for_update(of=("self",), skip_locked=True)
    held = free.filter(held_by=by, held_until__gt=at).first()
    callback = held or free.order_by("next_at", "pk").first()
    if callback is None:
        raise NoCallsWaiting
    callback.held_by, callback.held_until = by, at + HOLD
    callback.save(update_fields=["held_by", "held_until"])
    return callback


@transaction.atomic
def reveal_callback_phone(callback_id: int, *, by: User, at: dt.datetime) -> tuple[str, str]:
    """Name and number to call, as the demand states them or else the main contact of the register.

    Whoever holds the call sees them; the enterprise can read that somebody did.

    Raises:
        CallbackTaken: Somebody else has the call.
    """
    callback, demand = _held(callback_id, by=by)
    record(
        "demand.callback_phone_seen",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        is_read=True,
        number=demand.number,
        callback=callback.pk,
    )
    stated = first_contact(demand)
    name = stated.name if stated else ""
    if stated is not None and stated.phone:
        return name, stated.phone
    if demand.enterprise_id is None:
        return name, ""
    contacts = Contact.objects.filter(enterprise_id=demand.enterprise_id).exclude(mobile="")
    contact = contacts.order_by("-is_main", "pk").first()
    return (contact.name, contact.mobile) if contact else (name, "")


@transaction.atomic
def record_call(
    callback_id: int,
    *,
    outcome: CallOutcome,
    by: User,
    at: dt.datetime,
    contacted: bool | None = None,
    solved: Solved | None = None,
    rating: Rating | None = None,
    remarks: str = "",
) -> Callback:
    """Note how a call ended. After three calls without an answer the enterprise is left alone.

    What is said on the telephone stays apart from the enterprise's own rating, which it neither
    replaces nor counts in K02.

    Raises:
        CallbackTaken: The call is not the caller's any more.
        CallbackOver: The demand was reopened meanwhile.
        CallbackAnswersMissing: Somebody was reached, and not all was asked.
    """
    callback, demand = _held(callback_id, by=by)
    is_reached = outcome == CallOutcome.REACHED
    if is_reached and (contacted is None or solved is None or rating is None):
        raise CallbackAnswersMissing
    callback.attempts += 1
    CallAttempt.objects.create(
        callback=callback, number=callback.attempts, outcome=outcome, called_at=at, called_by=by
    )
    callback.held_by, callback.held_until = None, None
    callback.remarks = remarks.strip()
    if is_reached:
        callback.state, callback.done_at, callback.done_by = CallbackState.DONE, at, by
        callback.contacted, callback.solved, callback.rating = contacted, solved or "", rating or ""
    elif callback.attempts >= MOST_CALLS:
        callback.state, callback.done_at, callback.done_by = CallbackState.UNREACHED, at, by
    else:
        callback.next_at = at + PAUSE_BETWEEN_CALLS
    callback.save()
    record(
        "demand.called_back",
        demand,
        by=by,
        at=at,
        enterprise_id=demand.enterprise_id,
        outcome=outcome,
        attempt=callback.attempts,
        solved=callback.solved,
        rating=callback.rating,
        remarks=callback.remarks,
    )
    return callback


@transaction.atomic
def reopen_after_call(callback_id: int, *, note: str, by: User, at: dt.datetime) -> Demand:
    """Give a demand that proved not to be solved back to its unit, with a new clock.

    The window of reopening binds enterprises, not the zone's own call: whoever was called late
    must not lose by it.

    Raises:
        AppealInstead: It was decided that the matter cannot be solved.
        CallbackNotToReopen: It was called solved, was not reached, or has been reopened.
        MoveNotPossible: The demand moved on meanwhile.
        PermissionDenied: `by` does not call, or works for the unit.
    """
    callback = Callback.objects.get(pk=callback_id)
    demand, target = locked(callback.demand_id, "reopen", by=by)
    callback = Callback.objects.select_for_update(of=("self",)).get(pk=callback_id)
    if not by.has_perm("demands.call_back", callback):
        raise PermissionDenied
    unsolved = callback.solved in {Solved.NO, Solved.PARTLY}
    forbid_instead_of_appeal(demand)
    if callback.state != CallbackState.DONE or not unsolved or callback.has_reopened:
        raise CallbackNotToReopen
    if callback.round != demand.reopenings:
        raise CallbackOver(number=demand.number)
    callback.has_reopened = True
    callback.save(update_fields=["has_reopened"])
    words = note.strip() or callback.remarks or _("Not solved, said on the telephone")
    return redo(demand, target, "demand.reopened", note=words, by=by, at=at)


def _closed_on(day: dt.date) -> list[Demand]:
    first = dt.datetime.combine(day, dt.time(), ZONE_TIME)
    closed = Demand.objects.filter(
        status=DemandStatus.CLOSED,
        closed_at__gte=first,
        closed_at__lt=first + dt.timedelta(days=1),
    )
    return list(
        closed.exclude(channel=Channel.TIP)
        .only("pk", "reopenings", "unit_id", "category_id", "closure", "rating")
        .order_by("pk")
    )


def _reason(demand: Demand) -> CallbackReason | None:
    """Why it is called in any case; None leaves it to the draw."""
    if demand.rating in DISSATISFIED:
        return CallbackReason.BAD
    if demand.closure == Closure.SILENT:
        return CallbackReason.SILENT
    is_claimed = demand.closure in CLAIMED_SOLVED
    return None if is_claimed else CallbackReason.UNSOLVED


def _shares_of_month(day: dt.date) -> dict[Stratum, Share]:
    """What was drawn from each stratum on the other days of the month."""
    earlier = CallbackDraw.objects.filter(closed_on__year=day.year, closed_on__month=day.month)
    sums: dict[Stratum, Share] = {}
    for strata in earlier.exclude(closed_on=day).values_list("strata", flat=True):
        for name, percent, cases, chosen in strata:
            known = sums.get(Stratum(name, percent), Share())
            sums[Stratum(name, percent)] = Share(known.cases + cases, known.chosen + chosen)
    return sums


def _held(callback_id: int, *, by: User) -> tuple[Callback, Demand]:
    """Lock demand and call, in the order of all moves, and see that the call is `by`'s."""
    demand_id = Callback.objects.values_list("demand_id", flat=True).get(pk=callback_id)
    demand = Demand.objects.select_for_update(of=("self",)).get(pk=demand_id)
    callback = Callback.objects.select_for_update(of=("self",)).get(pk=callback_id)
    if not by.has_perm("demands.call_back", callback):
        raise PermissionDenied
    if callback.state != CallbackState.WAITING or callback.held_by_id != by.pk:
        raise CallbackTaken
    if demand.status != DemandStatus.CLOSED or callback.round != demand.reopenings:
        raise CallbackOver(number=demand.number)
    return callback, demand
