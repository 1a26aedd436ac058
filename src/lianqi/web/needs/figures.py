"""The daily table: what was collected, found valid and solved by unit, coverage, pace, money."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.needs.models import Programme
from lianqi.needs.queries import Coverage, Daily, LeadLine, UnitLine, daily, funnel
from lianqi.web.http import AuthedRequest
from lianqi.web.needs.forms import DayForm
from lianqi.web.needs.tabs import tabs
from lianqi.web.templatetags.lianqi_ui import rate
from lianqi.web.workbook import workbook_response

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, with what narrows the list of needs to it."""

    line: UnitLine | LeadLine | None
    narrowed: tuple[tuple[str, object], ...]

    def _list(self, status: str) -> str:
        query = {**dict(self.narrowed), "status": status}
        return f"{reverse('needs:list')}?{urlencode(query)}"

    @property
    def collected_url(self) -> str:
        return self._list("")

    @property
    def valid_url(self) -> str:
        return self._list("valid")

    @property
    def solved_url(self) -> str:
        return self._list("solved")

    @property
    def remaining_url(self) -> str:
        return self._list("remaining")


@require_safe
@permission_required("needs.figures", raise_exception=True)
def table(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    form = DayForm(request.GET or None)
    day = form.chosen(today=timezone.localdate(at))
    programme = _programme(day)
    context: dict[str, Any] = {"form": form, "day": day, "tabs": tabs(request, request.user)}
    if programme is None:
        return render(request, "needs/daily.html", context)
    found = daily(programme, on=day, at=at)
    narrowed = (("programme", programme.pk), ("collected_until", day))
    context |= {
        "found": found,
        "total": Row(None, narrowed),
        "coverage": coverage_in_words(found.coverage),
        "per_day": per_day(found),
        "is_today": day == timezone.localdate(at),
        "by_unit": [Row(line, (*narrowed, ("unit", line.unit.pk))) for line in found.by_unit],
        "by_lead": [Row(line, (*narrowed, ("lead", line.unit.pk))) for line in found.by_lead],
        "money": funnel(programme, on=day),
    }
    return render(request, "needs/daily.html", context)


@require_safe
@permission_required("needs.figures", raise_exception=True)
def export(request: AuthedRequest) -> HttpResponseBase:
    """The table of the guarding units as a spreadsheet: counts only, nothing of an enterprise."""
    at = timezone.now()
    day = DayForm(request.GET or None).chosen(today=timezone.localdate(at))
    programme = _programme(day)
    found = daily(programme, on=day, at=at) if programme else None
    lines = _lines(found) if found else iter(())
    return workbook_response(f"needs-daily-{day:%Y%m%d}.xlsx", _headings(), lines)


def coverage_in_words(coverage: Coverage) -> str:
    """A share in per cent; “<29.7%” where the base is only known to be larger.

    An upper bound is rounded up, as it would otherwise claim more than is known.
    """
    if not coverage.is_upper_bound:
        return rate(coverage.contacted, coverage.firms)
    if coverage.contacted >= coverage.firms:
        return rate(None, None)
    share = Decimal(coverage.contacted) * 100 / coverage.firms
    return f"<{share.quantize(_TENTH, ROUND_CEILING)}%"


def per_day(found: Daily) -> str:
    """Needs a day that are left to solve, with one decimal; empty where no day is left."""
    pace = found.needs_per_day
    return "" if pace is None else f"{pace.quantize(_TENTH, ROUND_HALF_UP)}"


def _programme(day: dt.date) -> Programme | None:
    """The programme of that day, or the last one that began before."""
    begun = Programme.objects.filter(starts_on__lte=day).select_related("triage_unit")
    return Programme.objects.of_day(day) or begun.order_by("-starts_on", "-pk").first()


def _headings() -> list[str]:
    return [
        _("Guarding unit"),
        _("Enterprises in charge"),
        _("Enterprises with needs"),
        _("Collected on the day"),
        _("Solved on the day"),
        _("Collected"),
        _("Valid"),
        _("Solved"),
        _("Confirmed"),
        _("Valid / collected"),
        _("Solved / valid"),
        _("Solved / collected"),
        _("Report overdue since"),
    ]


def _lines(found: Daily) -> Iterator[list[Any]]:
    for line in found.by_unit:
        counts = line.counts
        yield [
            str(line.unit),
            line.firms_in_charge,
            line.firms.collected,
            counts.collected_today,
            counts.solved_today,
            counts.collected,
            counts.valid,
            counts.solved,
            counts.confirmed,
            rate(counts.valid, counts.collected),
            rate(counts.solved, counts.valid),
            rate(counts.solved, counts.collected),
            timezone.localtime(line.late_since) if line.late_since else None,
        ]
