"""What the morning brings: announced visits that are due, promises whose day is over."""

import datetime as dt

from lianqi.accounts.queries import heads_of
from lianqi.notices.actions import notify
from lianqi.visits.enums import PromiseState
from lianqi.visits.models import Visit, VisitMatter
from lianqi.visits.queries import promise_state
from lianqi.work.queries import people_on_the_desk


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


def tell_of_broken_promises(*, on: dt.date, at: dt.datetime, limit: int) -> int:
    """Tell the leader and the unit of promises of rounds whose day was yesterday; return how many.

    A second run on the same day tells nobody twice.
    """
    yesterday = on - dt.timedelta(days=1)
    ended = VisitMatter.objects.filter(until=yesterday, visit__round__isnull=False)
    rows = ended.select_related("demand", "unit", "visit__round__leader", "visit__enterprise")
    broken = [
        matter
        for matter in rows.order_by("pk")[:limit]
        if promise_state(matter, on=on) == PromiseState.BROKEN
    ]
    for matter in broken:
        held, unit = matter.visit.round, matter.unit
        assert held is not None  # filtered
        assert unit is not None  # a promise is always somebody's
        notify(
            [held.leader, *(heads_of(unit, on=on) or people_on_the_desk(unit))],
            event="visit.promise_over",
            names={
                "number": matter.demand.number,
                "title": matter.demand.title,
                "unit": unit,
                "enterprise": matter.visit.enterprise.name,
            },
            url=held.get_absolute_url(),
            at=at,
            dedupe_key=f"visit.promise_over:{matter.pk}",
        )
    return len(broken)
