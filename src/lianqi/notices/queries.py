"""Questions about notices and the outbox."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from lianqi.notices.enums import DeliveryState
from lianqi.notices.models import Mail


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What lies in the outbox; `oldest_at` is when the longest waiting mail was written."""

    waiting: int
    failed: int
    oldest_at: dt.datetime | None


def outbox_state() -> OutboxState:
    """Count waiting and failed mail, so that a silent mail server does not stay unnoticed."""
    waiting = Q(state=DeliveryState.WAITING)
    found = Mail.objects.exclude(state=DeliveryState.SENT).aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        oldest_at=Min(Coalesce("notice__created_at", "written_at"), filter=waiting),
    )
    return OutboxState(**found)
