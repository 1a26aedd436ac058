"""Rates and what they are made of, from the running totals."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from lianqi.demands.models import DemandTally


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts from which K01 and K02 are made. A rate without a base is None, never zero."""

    received: int
    closed: int
    rated: int
    satisfied: int

    @property
    def closing_rate(self) -> float | None:
        """K01: closed ÷ received, among the demands received in the period."""
        return self.closed / self.received if self.received else None

    @property
    def satisfaction_rate(self) -> float | None:
        """K02: satisfied ÷ rated."""
        return self.satisfied / self.rated if self.rated else None

    @property
    def open(self) -> int:
        return self.received - self.closed


_SUMS = {name: Sum(name, default=0) for name in ("received", "closed", "rated", "satisfied")}


def figures(*, received_from: dt.date, received_before: dt.date) -> Figures:
    """Totals of the demands received from the first day up to, excluding, the last."""
    rows = DemandTally.objects.filter(filed_on__gte=received_from, filed_on__lt=received_before)
    return Figures(**rows.aggregate(**_SUMS))


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures by what a leader asks first. Groups without demands are left out."""

    by_unit: dict[int | None, Figures]
    by_channel: dict[str, Figures]
    by_month: dict[dt.date, Figures]

    @property
    def total(self) -> Figures:
        groups = self.by_channel.values()
        return Figures(*(sum(getattr(each, name) for each in groups) for name in _SUMS))


# One pass over the rows of the period instead of one per table; months are made of the few hundred
# days that are left after it, not of every row.
_BREAKDOWN = """
    WITH grouped AS (
        SELECT GROUPING(unit_id, channel, filed_on) AS grain, unit_id, channel, filed_on,
               sum(received) AS received, sum(closed) AS closed,
               sum(rated) AS rated, sum(satisfied) AS satisfied
        FROM demands_demandtally
        WHERE filed_on >= %(first)s AND filed_on < %(before)s
        GROUP BY GROUPING SETS ((unit_id), (channel), (filed_on))
    )
    SELECT grain, unit_id, channel, date_trunc('month', filed_on)::date AS month,
           sum(received)::bigint, sum(closed)::bigint, sum(rated)::bigint, sum(satisfied)::bigint
    FROM grouped
    GROUP BY grain, unit_id, channel, month
    HAVING sum(received) <> 0 OR sum(closed) <> 0
    ORDER BY grain, unit_id, channel, month
"""
_BY_UNIT, _BY_CHANNEL, _BY_DAY = 0b011, 0b101, 0b110  # GROUPING: a bit per column not grouped by


def breakdown(*, received_from: dt.date, received_before: dt.date) -> Breakdown:
    """By unit (None: not dispatched yet), by channel and by month of filing, in one query."""
    groups: dict[int, dict[Any, Figures]] = {_BY_UNIT: {}, _BY_CHANNEL: {}, _BY_DAY: {}}
    with connection.cursor() as cursor:
        cursor.execute(_BREAKDOWN, {"first": received_from, "before": received_before})
        for grain, unit_id, channel, month, *counts in cursor.fetchall():
            key = {_BY_UNIT: unit_id, _BY_CHANNEL: channel, _BY_DAY: month}[grain]
            groups[grain][key] = Figures(*counts)
    return Breakdown(groups[_BY_UNIT], groups[_BY_CHANNEL], groups[_BY_DAY])
