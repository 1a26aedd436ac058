"""Demands whose wording is similar: found by shared marks, then compared."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from lianqi.demands.flow import UNANSWERED
from lianqi.demands.models import Demand, DemandQuerySet
from lianqi.engines.learning import likeness, marks, pairs
from lianqi.engines.learning.likeness import LONG

NEARLY = 0.5
"""From this likeness on two demands are probably the same matter."""
SIMILAR = 0.3
WINDOW = dt.timedelta(days=90)
OWN = 30
_PER_MARK, _CANDIDATES = 40, 25

# The newest demands with each mark, by one step into the key per mark; those with most marks first.
_FOUND = """
    SELECT demand_id FROM unnest(%s::int[]) AS wanted(mark),
    LATERAL (
        SELECT demand_id FROM demands_demandmark
        WHERE demands_demandmark.mark = wanted.mark AND demand_id >= %s
        ORDER BY demand_id DESC LIMIT %s
    ) AS newest
    GROUP BY demand_id ORDER BY count(*) DESC, demand_id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A demand of similar wording; `is_own`: of the same enterprise."""

    demand: Demand
    likeness: float
    is_own: bool

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)

    @property
    def waits_for_an_answer(self) -> bool:
        """Whether another demand can still be merged into it."""
        return self.demand.status in UNANSWERED

    @property
    def is_nearly_the_same(self) -> bool:
        return self.likeness >= NEARLY


def near_duplicates(
    title: str,
    text: str,
    *,
    among: DemandQuerySet,
    enterprise_id: int | None,
    across: bool,
    on: dt.date,
    without: int | None = None,
    most: int = 5,
) -> list[Near]:
    """The demands of the last 90 days that may be the same matter, the likest first.

    Args:
        title: Title of the new demand, as far as it was typed.
        text: Its text, as far as it was typed.
        among: What the asking person may see, and nothing else.
        enterprise_id: Whose demand it is; the newest of this enterprise are all compared.
        across: Whether to look among the demands of others as well.
        on: Today.
        without: The demand that is asked about.
        most: The most to return.
    """
    since = on - WINDOW
    recent = among.counted().filter(filed_on__gte=since)
    found: dict[int, Demand] = {}
    if enterprise_id is not None:
        own = recent.filter(enterprise_id=enterprise_id).for_list()
        found |= {each.pk: each for each in own[:OWN]}
    if across:
        found |= {each.pk: each for each in _candidates(title, text, recent, since=since)}
    found.pop(without or 0, None)
    return _likest(title, text, found.values(), enterprise_id, most=most)


def similar_demands(
    title: str, text: str, *, among: DemandQuerySet, since: dt.date, most: int
) -> list[Near]:
    """Demands filed since a day whose wording is similar, whoever filed them, likest first."""
    found = _candidates(title, text, among.filter(filed_on__gte=since), since=since)
    return _likest(title, text, found, None, most=most)


def _candidates(title: str, text: str, rows: DemandQuerySet, *, since: dt.date) -> list[Demand]:
    wanted = marks(title, text)
    if not wanted:
        return []
    first = Demand.objects.filter(filed_on__gte=since).order_by("filed_on", "pk")
    lowest = first.values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [list(wanted), lowest, _PER_MARK, _CANDIDATES])
        found = [pk for (pk,) in cursor.fetchall()]
    return list(rows.for_list().filter(pk__in=found))


def _likest(
    title: str, text: str, found: Iterable[Demand], enterprise_id: int | None, *, most: int
) -> list[Near]:
    wanted = pairs(f"{title}\n{text[:LONG]}")
    compared = [
        Near(
            each,
            likeness(wanted, pairs(f"{each.title}\n{each.text[:LONG]}")),
            enterprise_id is not None and each.enterprise_id == enterprise_id,
        )
        for each in found
    ]
    similar = [near for near in compared if near.likeness >= SIMILAR]
    return sorted(similar, key=lambda near: (-near.likeness, -near.demand.pk))[:most]
