"""Filing and withdrawing a demand."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.moving import locked, owe, tell_the_enterprise
from lianqi.demands.actions.tally import contribution, retally
from lianqi.demands.enums import Channel, Step
from lianqi.demands.errors import CategoryNotInUse, EnterpriseMerged
from lianqi.demands.models import Demand, DemandCategory, search_columns
from lianqi.register.models import Enterprise
from lianqi.work.actions import cancel_items
from lianqi.work.enums import Urgency

ZONE_TIME = ZoneInfo("Asia/Shanghai")


def file_demand(
    *,
    enterprise: Enterprise,
    category: DemandCategory,
    title: str,
    text: str,
    channel: Channel,
    idempotency_key: str,
    by: User,
    at: dt.datetime,
    contact_name: str = "",
    contact_phone: str = "",
    urgency: Urgency | None = None,
) -> Demand:
    """Take a demand in. The same key from the same person returns the demand filed before.

    A client that did not see the answer may therefore repeat the call; nothing is filed twice.

    Args:
        urgency: How pressing it is, as somebody of the zone judges it; None is what is usual for
            the category. An enterprise does not judge that itself.

    Raises:
        CategoryNotInUse, EnterpriseMerged: The form is older than a change; choose again.
        PermissionDenied: `by` does not speak for this enterprise, or may not judge the urgency.
    """
    filed = Demand.objects.filter(filed_by=by, idempotency_key=idempotency_key)
    if earlier := filed.first():
        return earlier
    if not by.has_perm("demands.file", enterprise):
        raise PermissionDenied
    if urgency is not None and not by.has_perm("demands.judge_urgency"):
        raise PermissionDenied
    if not category.is_active:
        raise CategoryNotInUse(category=category)
    if enterprise.merged_into is not None:
        raise EnterpriseMerged(name=enterprise.merged_into)
    local = at.astimezone(ZONE_TIME)
    search_text, search_tokens = search_columns(title)
    demand = Demand(
        number=_next_number(local.year),
        enterprise=enterprise,
        category=category,
        title=title,
        text=text,
        channel=channel,
        urgency=urgency or category.usual_urgency,
        contact_name=contact_name,
        contact_phone=contact_phone,
        filed_by=by,
        filed_at=at,
        filed_on=local.date(),
        idempotency_key=idempotency_key,
        search_text=search_text,
        search_tokens=search_tokens,
    )
    try:
        with transaction.atomic():
            demand.save(force_insert=True)
            owe(demand, Step.DISPATCH, by=by, at=at, unit=None, desk=Role.DISPATCHER)
            retally(None, contribution(demand))
            tell_the_enterprise(demand, "demand.filed", at=at)
            record(
                "demand.filed",
                demand,
                by=by,
                at=at,
                enterprise_id=enterprise.pk,
                channel=channel,
                category=category.code,
                urgency=demand.urgency,
            )
    except IntegrityError:
        # Two clicks at once: the other one won the unique key, unless the error was another one.
        if (winner := filed.first()) is None:
            raise
        return winner
    return demand


@transaction.atomic
def withdraw_demand(demand_id: int, *, reason: str, by: User, at: dt.datetime) -> Demand:
    """The enterprise takes its demand back. It counts in no rate any more."""
    demand, target = locked(demand_id, "withdraw", by=by)
    before = contribution(demand)
    demand.status = target
    demand.save(update_fields=["status"])
    cancel_items(demand, by=by, at=at)
    retally(before, contribution(demand))
    record(
        "demand.withdrawn", demand, by=by, at=at, enterprise_id=demand.enterprise_id, reason=reason
    )
    return demand


def _next_number(year: int) -> str:
    """`SQ` (诉求), the year, a running number that never repeats; gaps mean an aborted filing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('demands_number')")
        return f"SQ{year}{cursor.fetchone()[0]:07d}"
