"""The parked calls of a desk, with those that have waited too long."""

import datetime as dt
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.demands.models import ParkedCall
from lianqi.work.queries import current_calendar


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked call; `is_waiting` once a working day has passed since."""

    call: ParkedCall
    is_waiting: bool


def parked_calls(user: User, *, at: dt.datetime) -> list[Parked]:
    """Those of the person's desk, the longest waiting first; a desk has few."""
    calendar = current_calendar()
    day = calendar.working_day_on_or_after(calendar.local(at).date())
    longest = calendar.working_time_between(calendar.opening(day), calendar.closing(day))
    rows = ParkedCall.objects.visible_to(user).select_related("parked_by").order_by("parked_at")
    return [
        Parked(call, is_waiting=calendar.working_time_between(call.parked_at, at) > longest)
        for call in rows
    ]
