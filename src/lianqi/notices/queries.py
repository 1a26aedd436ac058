"""Questions about notices and the outbox."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from lianqi.accounts.enums import STAFF_ROLES
from lianqi.accounts.models import RoleAssignment
from lianqi.notices.enums import Audience, DeliveryState
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


def audiences(people: Iterable[int], *, on: dt.date) -> dict[int, Audience]:
    """Which kind of reader each person is that day; who holds no role reads as enterprises do."""
    ids = list(people)
    held = RoleAssignment.objects.in_force(on).filter(user__in=ids, role__in=STAFF_ROLES)
    staff = set(held.values_list("user_id", flat=True))
    return {pk: Audience.STAFF if pk in staff else Audience.ENTERPRISE for pk in ids}
