"""Page-shaped answers about demands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from lianqi.accounts.models import Unit
from lianqi.demands.models import Demand, DemandCategory, DemandTally
from lianqi.register.models import Enterprise
from lianqi.work.enums import Part
from lianqi.work.models import WorkItem


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit proposed for a demand, and why, in the reader's language."""

    unit: Unit
    reason: str


def suggest_unit(category: DemandCategory, enterprise: Enterprise) -> Suggestion | None:
    """Propose the lead unit of the category; else the unit that supervises the industry.

    Of several supervising units the one named for the most specific industry code wins, then the
    lower id, so that the same question always has the same answer.
    """
    if category.lead_unit is not None and category.lead_unit.is_active:
        return Suggestion(
            category.lead_unit,
            _("The duty catalogue names %(unit)s for “%(category)s”.")
            % {"unit": category.lead_unit, "category": category},
        )
    if enterprise.industry is None:
        return None
    industry = enterprise.industry
    codes = [industry.section, *(industry.code[:n] for n in range(2, len(industry.code) + 1))]
    units = Unit.objects.active().filter(industries__overlap=codes)
    ranked = sorted(
        units, key=lambda unit: (-max(len(c) for c in unit.industries if c in codes), unit.pk)
    )
    if not ranked:
        return None
    return Suggestion(
        ranked[0],
        _("%(unit)s supervises the industry %(industry)s of this enterprise.")
        % {"unit": ranked[0], "industry": industry},
    )


def open_items(demands: Iterable[Demand]) -> dict[int, WorkItem]:
    """The open leading work item of each demand, by the demand's id: whose clock runs now."""
    items = WorkItem.objects.open().filter(
        subject_kind=Demand._meta.label_lower,
        subject_id__in=[demand.pk for demand in demands],
        part=Part.LEAD,
    )
    return {item.subject_id: item for item in items.order_by("pk")}


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


def figures_by(
    field: str, *, received_from: dt.date, received_before: dt.date
) -> dict[str | int | None, Figures]:
    """The same per `unit_id` or `channel`, in one query. Empty groups are left out."""
    rows = DemandTally.objects.filter(filed_on__gte=received_from, filed_on__lt=received_before)
    grouped = rows.values(field).annotate(**_SUMS).order_by(field)
    return {
        row[field]: Figures(**{name: row[name] for name in _SUMS})
        for row in grouped
        if row["received"] or row["closed"]
    }


def monthly_figures(*, received_from: dt.date, received_before: dt.date) -> dict[dt.date, Figures]:
    """The same per month of filing, keyed by the first of the month."""
    rows = DemandTally.objects.filter(filed_on__gte=received_from, filed_on__lt=received_before)
    grouped: Any = rows.values("filed_on__year", "filed_on__month").annotate(**_SUMS)
    return {
        dt.date(row["filed_on__year"], row["filed_on__month"], 1): Figures(
            **{name: row[name] for name in _SUMS}
        )
        for row in grouped.order_by("filed_on__year", "filed_on__month")
    }
