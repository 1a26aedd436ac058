"""Free places of institutes: what orders hold, and what is left on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from lianqi.freetests.enums import HOLDS_PLACES
from lianqi.freetests.models import Institute, LabItem


@dataclass(frozen=True, slots=True)
class Places:
    """Free test items of an institute on a day. None: there is no such limit.

    `in_all`, `in_month`, `of_enterprise`: left under each limit; `is_in_force`: the day lies in the
    time for which the institute offers free tests.
    """

    is_in_force: bool
    in_all: int
    in_month: int | None
    of_enterprise: int | None

    @property
    def left(self) -> int:
        """How many an order of that day may take: the tightest limit, never below zero."""
        if not self.is_in_force:
            return 0
        limits = (self.in_all, self.in_month, self.of_enterprise)
        return max(0, min(limit for limit in limits if limit is not None))


def places_of(
    institutes: Iterable[Institute], *, on: dt.date, enterprise_id: int | None = None
) -> dict[int, Places]:
    """The places of each institute by its id, on a day; one query.

    Args:
        on: In whose month an order would count.
        enterprise_id: For whom; without one the limit for one enterprise is left out.
    """
    known = list(institutes)
    first = on.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    held = (
        LabItem.objects.filter(
            order__institute__in=known,
            order__status__in=HOLDS_PLACES,
            order__placed_on__gte=F("order__institute__free_from"),
            order__placed_on__lte=F("order__institute__free_until"),
        )
        .order_by("order__institute")
        .values_list("order__institute")
        .annotate(
            everything=Count("pk"),
            of_month=Count("pk", Q(order__placed_on__gte=first, order__placed_on__lt=following)),
            of_enterprise=Count("pk", Q(order__test__enterprise=enterprise_id)),
        )
    )
    used = {pk: counts for pk, *counts in held}
    return {
        each.pk: _places(each, *used.get(each.pk, (0, 0, 0)), on=on, for_one=bool(enterprise_id))
        for each in known
    }


def _places(
    institute: Institute,
    everything: int,
    of_month: int,
    of_enterprise: int,
    *,
    on: dt.date,
    for_one: bool,
) -> Places:
    first, last = institute.free_from, institute.free_until
    monthly, each = institute.free_a_month, institute.free_an_enterprise
    return Places(
        is_in_force=first is not None and last is not None and first <= on <= last,
        in_all=institute.free_items - everything,
        in_month=None if monthly is None else monthly - of_month,
        of_enterprise=each - of_enterprise if for_one and each is not None else None,
    )
