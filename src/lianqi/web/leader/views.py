"""The leader's page: rates with what they are made of, and what is late."""

from decimal import Decimal

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.demands.queries import breakdown
from lianqi.web.charts import month_rows, rate_bars
from lianqi.web.http import AuthedRequest
from lianqi.web.leader.forms import PeriodForm
from lianqi.web.leader.rows import FigureRow, rows_by_channel, rows_by_month, rows_by_unit
from lianqi.web.lights import light_counts
from lianqi.web.workbook import workbook_response
from lianqi.work.models import WorkItem

MOST_OVERDUE = 10


@require_safe
@permission_required("demands.figures", raise_exception=True)
def figures_export(request: AuthedRequest) -> HttpResponseBase:
    """The three tables of the page one below the other, each row saying of which it is."""
    form = PeriodForm(request.GET or {"period": "year"})
    period = form.chosen(today=timezone.localdate())
    found = breakdown(received_from=period.first, received_before=period.before)
    tables = [
        (_("By unit"), rows_by_unit(found.by_unit, period)),
        (_("By month of filing"), rows_by_month(month_rows(found.by_month), period)),
        (_("By channel"), rows_by_channel(found.by_channel, period)),
        (_("Total"), [FigureRow(_("Total"), found.total, period)]),
    ]
    heading = [_("Table"), _("Name"), _("Closing rate"), _("closed"), _("received")]
    heading += [_("Satisfaction rate"), _("satisfied"), _("rated")]
    lines = [
        [
            name,
            row.label,
            _share(row.figures.closing_rate),
            row.figures.closed,
            row.figures.received,
            _share(row.figures.satisfaction_rate),
            row.figures.satisfied,
            row.figures.rated,
        ]
        for name, rows in tables
        for row in rows
    ]
    return workbook_response(f"figures-{period.first}-{period.last}.xlsx", heading, lines)


def _share(rate: float | None) -> Decimal | None:
    return None if rate is None else round(Decimal(rate), 4)


@require_safe
@permission_required("demands.figures", raise_exception=True)
def figures_page(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    form = PeriodForm(request.GET or {"period": "year"})
    period = form.chosen(today=timezone.localdate(at))
    found = breakdown(received_from=period.first, received_before=period.before)
    months = month_rows(found.by_month)
    items = WorkItem.objects.visible_to(request.user)
    context = {
        "form": form,
        "query": request.GET.urlencode(),
        "period": period,
        "total": FigureRow(_("Total"), found.total, period),
        "by_unit": rows_by_unit(found.by_unit, period),
        "by_channel": rows_by_channel(found.by_channel, period),
        "by_month": rows_by_month(months, period),
        "closing_bars": rate_bars(months, of="closing_rate"),
        "satisfaction_bars": rate_bars(months, of="satisfaction_rate"),
        "counts": light_counts(items.open(), at=at),
        "overdue": list(items.overdue(at=at).for_list()[:MOST_OVERDUE]),
    }
    return render(request, "leader/figures.html", context)
