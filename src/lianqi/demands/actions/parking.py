"""Parking a call that was interrupted, going on with it, and throwing it away on purpose."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.errors import NothingToPark, ParkedCallGone, TooManyParked
from lianqi.demands.models import Demand, ParkedCall

# More than a desk can call back on a day: they would be forgotten.
MOST_PARKED = 30
CALLER, FIRM, WORDS = ("contact_name", "contact_phone"), ("firm",), ("title", "text", "answer")


@transaction.atomic
def park_call(
    typed: Mapping[str, str], *, idempotency_key: str, by: User, at: dt.datetime
) -> ParkedCall:
    """Keep what was typed of a call, complete or not; the same key is the same call.

    Parked again it keeps the moment at which it was first interrupted.

    Args:
        typed: The fields of the form by their names.
        idempotency_key: Of the form.
        by: Whoever takes calls.
        at: Now.

    Raises:
        NothingToPark: Nothing was typed.
        TooManyParked: The desk has as many as it can call back.
        PermissionDenied: `by` takes no calls, or another desk parked this one.
    """
    if not by.has_perm("demands.take_calls"):
        raise PermissionDenied
    kept = {name: value for name, value in typed.items() if value.strip()}
    if not any(kept.get(name) for name in (*CALLER, *FIRM, *WORDS)):
        raise NothingToPark
    rows = ParkedCall.objects.select_for_update()
    call = rows.filter(idempotency_key=idempotency_key).first()
    if call is None:
        if ParkedCall.objects.visible_to(by).count() >= MOST_PARKED:
            raise TooManyParked(most=MOST_PARKED)
        call = ParkedCall(unit=by.unit, parked_by=by, parked_at=at, idempotency_key=idempotency_key)
    elif not ParkedCall.objects.visible_to(by).filter(pk=call.pk).exists():
        raise PermissionDenied
    call.typed = kept
    call.caller = " ".join(kept[name] for name in CALLER if name in kept)[:120]
    call.firm = kept.get("firm", "")[:120]
    call.words = next((kept[name] for name in WORDS if name in kept), "")[:100]
    call.save()
    # The trail keeps nothing of what somebody began to say.
    record("demands.call_parked", call, by=by, at=at)
    return call


@transaction.atomic
def file_parked(
    parked_id: int, file: Callable[[], Demand], *, idempotency_key: str, by: User, at: dt.datetime
) -> Demand:
    """File a call that had been parked; it is gone from the desk in the same moment.

    Of two who go on with one call at once the second is told so. The same form sent twice gives
    the demand it became.

    Args:
        parked_id: The call.
        file: What files it or notes it as answered.
        idempotency_key: Of the form.
        by: Whoever files.
        at: Now.

    Raises:
        ParkedCallGone: Somebody of the desk filed it or threw it away.
        Refusal: From `file`; the call stays parked.
    """
    rows = ParkedCall.objects.visible_to(by).select_for_update(of=("self",))
    call = rows.filter(pk=parked_id).first()
    filed = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
    if call is None and not filed.exists():
        raise ParkedCallGone
    demand = file()
    if call is not None:
        record("demands.parked_call_filed", call, by=by, at=at, number=demand.number)
        call.delete()
    return demand


@transaction.atomic
def discard_parked(parked_id: int, *, by: User, at: dt.datetime) -> None:
    """Throw a parked call away, on purpose.

    Raises:
        ParkedCallGone: Somebody of the desk filed it or threw it away, or it is another desk's.
        PermissionDenied: `by` takes no calls.
    """
    if not by.has_perm("demands.take_calls"):
        raise PermissionDenied
    rows = ParkedCall.objects.visible_to(by).select_for_update(of=("self",))
    call = rows.filter(pk=parked_id).first()
    if call is None:
        raise ParkedCallGone
    record("demands.parked_call_discarded", call, by=by, at=at)
    call.delete()


@transaction.atomic
def forget_parked(*, before: dt.datetime, at: dt.datetime) -> int:
    """Delete calls that were parked before a moment; return how many."""
    old = ParkedCall.objects.parked_before(before).select_for_update(skip_locked=True)
    calls = list(old)
    for call in calls:
        record("demands.parked_call_forgotten", call, by=Automat(), at=at)
    ParkedCall.objects.filter(pk__in=[call.pk for call in calls]).delete()
    return len(calls)
