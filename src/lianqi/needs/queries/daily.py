"""The daily table: collected, valid and solved by unit, coverage, pace, money (K08–K12)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, Sum

from lianqi.accounts.models import Unit
from lianqi.needs.enums import MoneyStage, NeedStep
from lianqi.needs.flow import SOLVED, VALID
from lianqi.needs.models import Need, NeedBatch, NeedMoney, Programme
from lianqi.register.models import Enterprise
from lianqi.work.models import WorkItem, WorkItemQuerySet


@dataclass(frozen=True, slots=True)
class Firms:
    """Different enterprises: with a need, with a valid one, with a solved one."""

    collected: int = 0
    valid: int = 0
    solved: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Needs until the end of a day, and on the day itself."""

    collected: int = 0
    valid: int = 0
    solved: int = 0
    confirmed: int = 0
    collected_today: int = 0
    valid_today: int = 0
    solved_today: int = 0

    @property
    def unsolved(self) -> int:
        """Valid and not solved: what remains."""
        return self.valid - self.solved


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One guarding unit; `late_since`: since when its report is overdue."""

    unit: Unit
    counts: Counts
    firms: Firms
    firms_in_charge: int
    late_since: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One responsible unit with the needs it was given; `late`: its overdue reports of progress."""

    unit: Unit
    counts: Counts
    late: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Enterprises with a need ÷ enterprises in charge (K11).

    `is_upper_bound`: the base is only known as “more than so many”, so the share is less than the
    quotient, whatever it really is.
    """

    contacted: int
    firms: int
    is_upper_bound: bool


@dataclass(frozen=True, slots=True)
class Daily:
    """The whole table of a day."""

    programme: Programme
    on: dt.date
    total: Counts
    firms: Firms
    firms_in_charge: int
    by_unit: tuple[UnitLine, ...]
    by_lead: tuple[LeadLine, ...]

    @property
    def coverage(self) -> Coverage:
        known = self.programme.enterprises_over
        base = known if known is not None else self.firms_in_charge
        return Coverage(self.firms.collected, base, is_upper_bound=known is not None)

    @property
    def days_left(self) -> int | None:
        """Days from this one to the target day; none without a target, below zero after it."""
        target = self.programme.target_on
        return None if target is None else (target - self.on).days

    @property
    def needs_per_day(self) -> Decimal | None:
        """How many needs a day must be solved to reach the target; None where no day is left."""
        days = self.days_left
        return Decimal(self.total.unsolved) / days if days and days > 0 else None


# One pass over the running totals for guarding units, responsible units and the total.
_COUNTS = """
    SELECT GROUPING(unit_id, lead_id), unit_id, lead_id,
           sum(collected), sum(valid), sum(solved), sum(confirmed),
           coalesce(sum(collected) FILTER (WHERE day = %(on)s), 0),
           coalesce(sum(valid) FILTER (WHERE day = %(on)s), 0),
           coalesce(sum(solved) FILTER (WHERE day = %(on)s), 0)
    FROM needs_needtally
    WHERE programme_id = %(programme)s AND day <= %(on)s
    GROUP BY GROUPING SETS ((unit_id), (lead_id), ())
"""
_BY_UNIT, _BY_LEAD, _TOTAL = 0b01, 0b10, 0b11  # GROUPING: a bit per column not grouped by

# Different enterprises cannot be added up; they are read from one index, without the rows.
_FIRMS = """
    SELECT of_unit, unit_id, count(*), count(*) FILTER (WHERE valid), count(*) FILTER (WHERE solved)
    FROM (
        SELECT GROUPING(unit_id) AS of_unit, unit_id,
               bool_or(status = ANY(%(valid)s) AND triaged_on <= %(on)s) AS valid,
               bool_or(status = ANY(%(solved)s) AND solved_on <= %(on)s) AS solved
        FROM needs_need
        WHERE programme_id = %(programme)s AND collected_on <= %(on)s
        GROUP BY GROUPING SETS ((unit_id, enterprise_id), (enterprise_id))
    ) AS firms
    GROUP BY of_unit, unit_id
"""


def daily(programme: Programme, *, on: dt.date, at: dt.datetime) -> Daily:
    """What was collected, found valid and solved until the end of that day, in six queries.

    Args:
        programme: Whose needs.
        on: The day.
        at: Now; what is overdue is told as of this moment, whatever the day.
    """
    counts, firms = _counts(programme, on), _firms(programme, on)
    in_charge, late, owing = _in_charge(), _late_reports(at), _late_progress(at)
    keys = {unit for grain, unit in counts if grain == _BY_UNIT} | in_charge.keys()
    leads = {lead for grain, lead in counts if grain == _BY_LEAD and lead}
    units = Unit.objects.in_bulk([*{*keys, *leads}])
    lines = [
        UnitLine(
            units[key],
            counts.get((_BY_UNIT, key), Counts()),
            firms.get(key, Firms()),
            in_charge.get(key, 0),
            late.get(key),
        )
        for key in keys
    ]
    lines.sort(key=lambda line: (-line.counts.collected, line.unit.path))
    by_lead = [LeadLine(units[key], counts[(_BY_LEAD, key)], owing.get(key, 0)) for key in leads]
    by_lead.sort(key=lambda line: (-line.counts.valid, line.unit.path))
    return Daily(
        programme,
        on,
        total=counts.get((_TOTAL, 0), Counts()),
        firms=firms.get(0, Firms()),
        firms_in_charge=sum(in_charge.values()),
        by_unit=tuple(lines),
        by_lead=tuple(by_lead),
    )


def _counts(programme: Programme, on: dt.date) -> dict[tuple[int, int], Counts]:
    """By what was grouped by and the unit's id; 0 stands for no unit."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"programme": programme.pk, "on": on})
        return {
            (grain, unit or lead or 0): Counts(*(int(each or 0) for each in sums))
            for grain, unit, lead, *sums in cursor.fetchall()
        }


def _firms(programme: Programme, on: dt.date) -> dict[int, Firms]:
    """By unit; 0 stands for all: an enterprise of two units is one enterprise."""
    given: dict[str, Any] = {
        "programme": programme.pk,
        "on": on,
        "valid": sorted(VALID),
        "solved": sorted(SOLVED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIRMS, given)
        return {unit or 0: Firms(*counted) for _of_unit, unit, *counted in cursor.fetchall()}


def _in_charge() -> dict[int, int]:
    """How many enterprises stand in the grids of each guarding unit."""
    living = Enterprise.objects.living().filter(grid__is_active=True)
    counted = living.order_by().values_list("grid__unit_id").annotate(Count("pk"))
    return dict(counted)


def _late_reports(at: dt.datetime) -> Mapping[int, dt.datetime]:
    items = _overdue(NeedBatch._meta.label_lower, NeedStep.REPORT, at)
    return dict(items.values_list("unit_id").annotate(Min("due_at")))


def _late_progress(at: dt.datetime) -> Mapping[int, int]:
    items = _overdue(Need._meta.label_lower, NeedStep.PROGRESS, at)
    return dict(items.values_list("unit_id").annotate(Count("pk")))


def _overdue(kind: str, step: NeedStep, at: dt.datetime) -> WorkItemQuerySet:
    return WorkItem.objects.overdue(at=at).filter(subject_kind=kind, step=step).order_by()


@dataclass(frozen=True, slots=True)
class Funnel:
    """Money in yuan by stage. Support paid out stands beside the loans, it is not their end."""

    asked: Decimal
    granted: Decimal
    approved: Decimal
    paid: Decimal


def funnel(programme: Programme, *, on: dt.date) -> Funnel:
    """What was asked for, granted, approved and paid until the end of that day, in one query."""
    rows = NeedMoney.objects.filter(programme=programme, on__lte=on)
    sums = {
        stage.value: Sum("amount_yuan", filter=Q(stage=stage), default=Decimal(0))
        for stage in MoneyStage
    }
    return Funnel(**rows.aggregate(**sums))
