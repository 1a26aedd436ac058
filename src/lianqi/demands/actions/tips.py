"""Anonymous tips: taken in without a name, followed and answered by number and secret code."""

import datetime as dt
import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Anonymous, record
from lianqi.demands.actions.filing import take_in
from lianqi.demands.actions.moving import tell
from lianqi.demands.enums import Channel
from lianqi.demands.errors import MoveNotPossible, TipMessageMissing, TipsNotTaken
from lianqi.demands.flow import ALIVE
from lianqi.demands.models import Demand, DemandCategory, Tip, TipMessage, secret_digest
from lianqi.work.queries import people_on_the_desk


@transaction.atomic
def file_tip(
    *,
    category: DemandCategory,
    title: str,
    text: str,
    secret: str,
    idempotency_key: str,
    at: dt.datetime,
) -> Demand:
    """Take in a tip of which nothing is known but what it says. The same key files nothing twice.

    Args:
        secret: The code with which the tipster comes back; only its digest is kept.
        idempotency_key: Of the form. Its digest is kept, since the code may be made of it.

    Raises:
        TipsNotTaken: In this category a name is needed.
        CategoryNotInUse: The form is older than a change; choose again.
    """
    if not category.allows_anonymous:
        raise TipsNotTaken(category=category)
    demand = take_in(
        enterprise=None,
        category=category,
        title=title,
        text=text,
        channel=Channel.TIP,
        idempotency_key=hashlib.sha256(idempotency_key.encode()).hexdigest(),
        by=None,
        actor=Anonymous(),
        at=at,
    )
    Tip.objects.get_or_create(demand=demand, defaults={"digest": secret_digest(secret)})
    return demand


@transaction.atomic
def reply_to_tip(tip: Tip, *, text: str, at: dt.datetime) -> TipMessage:
    """The tipster, who opened the tip with its code, adds something; whoever has it is told.

    Raises:
        TipMessageMissing: The text is empty.
        MoveNotPossible: The matter is closed.
    """
    demand = _open_demand(tip.demand_id, text)
    message = tip.messages.create(text=text.strip(), sent_at=at)
    if demand.handler is not None:
        tell([demand.handler], demand, "demand.tip_replied", at=at)
    elif demand.unit is not None:
        tell(people_on_the_desk(demand.unit), demand, "demand.tip_replied", at=at)
    record("demand.tip_replied", demand, by=Anonymous(), at=at, text=message.text)
    return message


@transaction.atomic
def write_to_tipster(demand_id: int, *, text: str, by: User, at: dt.datetime) -> TipMessage:
    """Ask or tell the tipster something; it is read by whoever comes back with the code.

    Raises:
        TipMessageMissing: The text is empty.
        MoveNotPossible: The matter is closed.
        PermissionDenied: `by` does not handle it, or it is no tip.
    """
    demand = _open_demand(demand_id, text)
    if not by.has_perm("demands.write_to_tipster", demand):
        raise PermissionDenied
    message = demand.tip.messages.create(text=text.strip(), written_by=by, sent_at=at)
    record("demand.tipster_told", demand, by=by, at=at, text=message.text)
    return message


@transaction.atomic
def allow_tips(
    category_id: int, *, allows_anonymous: bool, by: User, at: dt.datetime
) -> DemandCategory:
    """Say whether somebody may write in this category without giving a name."""
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
    category = DemandCategory.objects.select_for_update(of=("self",)).get(pk=category_id)
    if category.allows_anonymous != allows_anonymous:
        category.allows_anonymous = allows_anonymous
        category.save(update_fields=["allows_anonymous"])
        record(
            "demands.tips_allowed",
            category,
            by=by,
            at=at,
            code=category.code,
            allows_anonymous=allows_anonymous,
        )
    return category


def _open_demand(demand_id: int, text: str) -> Demand:
    demand = Demand.objects.select_for_update().get(pk=demand_id)
    if demand.status not in ALIVE:
        raise MoveNotPossible(number=demand.number, status=demand.get_status_display())
    if not text.strip():
        raise TipMessageMissing
    return demand
