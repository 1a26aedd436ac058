"""How the outbox stands."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from lianqi.notices.enums import DeliveryState
from lianqi.notices.models import Delivery


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What lies in the outbox; `oldest_at` is when the longest waiting message was written."""

    waiting: int
    failed: int
    oldest_at: dt.datetime | None


def outbox_state() -> OutboxState:
    """Count what waits and what was given up, so that a silent server does not stay unnoticed."""
    waiting = Q(state=DeliveryState.WAITING)
    found = Delivery.objects.filter(
        state__in=(DeliveryState.WAITING, DeliveryState.FAILED)
    ).aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        oldest_at=Min(Coalesce("notice__created_at", "written_at"), filter=waiting),
    )
    return OutboxState(**found)
