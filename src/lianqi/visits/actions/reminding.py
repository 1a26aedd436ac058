"""Reminding officers of the next visit they announced."""

import datetime as dt

from lianqi.notices.actions import notify
from lianqi.visits.models import Visit


def remind_of_visits(*, on: dt.date, at: dt.datetime, limit: int) -> int:
    """Tell every writer of a visit whose next one is due today; return how many are due.

    A second run on the same day tells nobody twice. Who has visited meanwhile is not reminded.
    """
    due = Visit.objects.announcing(until=on).filter(next_on=on, written_by__is_active=True)
    visits = list(due.for_list()[:limit])
    for visit in visits:
        notify(
            [visit.written_by],
            event="visit.next_due",
            names={"number": visit.number, "enterprise": visit.enterprise.name},
            url=visit.get_absolute_url(),
            at=at,
            dedupe_key=f"visit.next_due:{visit.pk}",
        )
    return len(visits)
