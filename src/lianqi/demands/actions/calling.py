"""Questions that are answered on the spot: a demand that is closed as it is filed."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.demands.actions.filing import file_demand
from lianqi.demands.enums import Channel, Closure, DemandStatus
from lianqi.demands.errors import AnswerMissing, NoUnitToAnswer
from lianqi.demands.models import ContactGiven, Demand, DemandCategory
from lianqi.register.models import Enterprise

ANSWERING = {
    Channel.PHONE: "demands.take_calls",
    Channel.VISIT: "demands.answer_on_visit",
}


@transaction.atomic
def answer_at_once(
    *,
    enterprise: Enterprise | None,
    category: DemandCategory,
    title: str,
    text: str,
    answer: str,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
    firm_name: str = "",
    contacts: Sequence[ContactGiven] = (),
    channel: Channel = Channel.PHONE,
    unit: Unit | None = None,
) -> Demand:
    """Note a question together with the answer that was given; it is received and closed at once.

    So questions by telephone or on a visit count in the same figures as requests. It has no clock
    and no rating; the dispatcher or the enterprise can reopen it like any other.

    Args:
        channel: Where it was asked: by telephone or on a visit.
        unit: Which unit gave the answer; by default that of `by`.

    Raises:
        AnswerMissing: There is no answer: then it is a demand.
        NoUnitToAnswer: Neither the operator nor the zone has a unit that answers for it.
        Refusal: From `file_demand`.
        PermissionDenied: `by` answers nothing there, or does not file for this enterprise.
    """
    if not by.has_perm(ANSWERING[channel]):
        raise PermissionDenied
    if not answer.strip():
        raise AnswerMissing
    unit = (
        unit or by.unit or Unit.objects.active().filter(parent__isnull=True).order_by("pk").first()
    )
    if unit is None:
        raise NoUnitToAnswer
    return file_demand(
        enterprise=enterprise,
        firm_name=firm_name,
        category=category,
        title=title,
        text=text or title,
        channel=channel,
        contacts=contacts,
        idempotency_key=idempotency_key,
        by=by,
        at=at,
        ending={
            "status": DemandStatus.CLOSED,
            "closure": Closure.AT_ONCE,
            "unit": unit,
            "handler": by,
            "answer": answer.strip(),
            "dispatched_at": at,
            "accepted_at": at,
            "answered_at": at,
            "closed_at": at,
        },
    )
