"""When rating and following up can be done, as the page offers it."""

import datetime as dt

from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.demands.actions import rate_until
from lianqi.demands.enums import UNHEARD, DemandStatus
from lianqi.demands.models import Demand
from lianqi.demands.queries import periods_of

RATING_VERBS = frozenset({"rate", "rate_again", "contact_remedy", "finish_remedy"})


def may_rate(verb: str, demand: Demand, *, user: User, at: dt.datetime) -> bool:
    """The conditions of the actions in `demands.actions.ratings` and `.remedies`."""
    if demand.status != DemandStatus.CLOSED:
        return False
    if verb == "rate":
        return (
            demand.closure in UNHEARD
            and not demand.rating
            and _in_window(demand, demand.closed_at, at)
            and user.has_perm("demands.rate", demand)
        )
    if verb == "rate_again":
        if not user.has_perm("demands.rate", demand):
            return False
        done = demand.remedies.filter(done_at__isnull=False, dropped_at__isnull=True).last()
        return done is not None and done.second_id is None and _in_window(demand, done.done_at, at)
    if not user.has_perm("demands.remedy", demand):
        return False
    remedy = demand.remedies.open().first()
    return remedy is not None and (verb == "contact_remedy" or remedy.contacted_at is not None)


def _in_window(demand: Demand, moment: dt.datetime | None, at: dt.datetime) -> bool:
    last_day = rate_until(moment, window_days=periods_of(demand.category_id).rating_days)
    return last_day is not None and timezone.localdate(at) <= last_day
