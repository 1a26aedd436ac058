"""Dispatching many demands at once: choose them, send them, read what became of each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.accounts.models import Unit
from lianqi.demands.actions import MOST_AT_ONCE, dispatch_many, record_export
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import (
    BulkDispatch,
    BulkRow,
    BulkRowQuerySet,
    Demand,
    DemandQuerySet,
)
from lianqi.demands.queries import Catalogue, Suggestion, refusal_of
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import FilterForm, choosing
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_first
from lianqi.web.workbook import workbook_response

PAGE_SIZE = 50


class WaitingForm(FilterForm):
    """The filters of the list, of demands that all wait for dispatch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("status", "unit"):
            self.fields.pop(name, None)


class BulkForm(forms.Form):
    """Which of them, and where to."""

    reach = forms.ChoiceField(label=gettext_lazy("Which demands"), widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(),
        label=gettext_lazy("Responsible unit"),
        required=False,
        empty_label=gettext_lazy("each to the unit suggested as likely for it"),
    )

    def __init__(self, data: QueryDict | None = None, *, count: str) -> None:
        super().__init__(data, initial={"reach": "chosen"})
        reach = self.fields["reach"]
        assert isinstance(reach, forms.ChoiceField)
        reach.choices = [
            ("chosen", _("Those ticked below")),
            (
                "all",
                _("All %(count)s that match the filter, at most %(most)d, the oldest first")
                % {"count": count, "most": MOST_AT_ONCE},
            ),
        ]


class ResultForm(forms.Form):
    """What the lines of a report can be narrowed by."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("sent", gettext_lazy("Dispatched")),
            ("refused", gettext_lazy("Not dispatched")),
        ],
        widget=choosing(),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Responsible unit"),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=choosing(),
    )

    def __init__(self, data: QueryDict, *, bulk: BulkDispatch) -> None:
        super().__init__(data)
        self._bulk = bulk
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(pk__in=bulk.rows.values("unit")).order_by("path")

    def rows(self) -> BulkRowQuerySet:
        """The lines that match; what was filled in wrongly narrows nothing."""
        self.is_valid()
        rows = self._bulk.rows.all()
        if result := self.cleaned_data.get("result"):
            rows = rows.sent() if result == "sent" else rows.refused()
        if unit := self.cleaned_data.get("unit"):
            rows = rows.filter(unit=unit)
        return rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """A demand that waits, and where it would go."""

    demand: Demand
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report; `refusal` is empty where the demand was sent."""

    row: BulkRow
    refusal: Refusal | None


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: AuthedRequest) -> HttpResponse:
    """The demands that wait for dispatch, with a box before each; posting sends them."""
    if not request.user.has_perm("demands.dispatch_many"):
        raise PermissionDenied
    at = timezone.now()
    filters = WaitingForm(request.GET, user=request.user)
    waiting = filters.narrow(
        Demand.objects.visible_to(request.user).filter(status=DemandStatus.SUBMITTED), at=at
    )
    page = newest_first(
        waiting.for_list().select_related("category__lead_unit", "enterprise__industry"),
        request.GET,
        size=PAGE_SIZE,
    )
    count = f"{page.count}+" if page.capped else str(page.count)
    form = BulkForm(request.POST if request.method == "POST" else None, count=count)
    if request.method == "POST" and form.is_valid():
        report = _sent(request, form, waiting, at=at)
        if report is not None:
            return HttpResponseRedirect(report.get_absolute_url(), status=303)
    catalogue = Catalogue(page.rows, on=timezone.localdate(at))
    context = {
        "form": filters,
        "bulk": form,
        "page": page,
        "rows": [
            Waiting(demand, next(iter(catalogue.suggestions(demand)), None)) for demand in page.rows
        ],
        "ticked": set(request.POST.getlist("demand")),
        "is_filtered": any(request.GET.values()),
        "earlier": BulkDispatch.objects.visible_to(request.user)
        .select_related("by", "unit")
        .order_by("-pk")[:5],
    }
    return render(request, "demands/bulk.html", context, status=422 if form.errors else 200)


def _sent(
    request: AuthedRequest, form: BulkForm, waiting: DemandQuerySet, *, at: dt.datetime
) -> BulkDispatch | None:
    """The report, or None with the reason in the form."""
    ids = _chosen(request, waiting, form.cleaned_data["reach"])
    if not ids:
        form.add_error("reach", _("No demand is chosen. Tick at least one."))
        return None
    try:
        return dispatch_many(ids, unit=form.cleaned_data["unit"], by=request.user, at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


@require_safe
def report(request: AuthedRequest, bulk_id: int) -> HttpResponse:
    found = _visible(request, bulk_id)
    form = ResultForm(request.GET, bulk=found)
    page = newest_first(form.rows().for_list(), request.GET, size=PAGE_SIZE)
    context = {
        "report": found,
        "form": form,
        "page": page,
        "lines": [Line(row, refusal_of(row)) for row in page.rows],
    }
    return render(request, "demands/bulk_report.html", context)


@require_safe
def export(request: AuthedRequest, bulk_id: int) -> HttpResponseBase:
    """The report as a spreadsheet, narrowed as the page is."""
    found = _visible(request, bulk_id)
    form = ResultForm(request.GET, bulk=found)
    rows = form.rows()
    demands = Demand.objects.visible_to(request.user).filter(pk__in=rows.values("demand"))
    filters = {name: str(value) for name, value in form.cleaned_data.items() if value}
    record_export(
        demands, filters={"bulk": str(found.pk)} | filters, by=request.user, at=timezone.now()
    )
    heads = [
        _("Number"), _("Title"), _("Responsible unit"), _("Result"), _("Code"), _("Reason"),
    ]  # fmt: skip
    lines = (
        [
            row.demand.number,
            row.demand.title,
            str(row.unit or ""),
            _("Not dispatched") if row.code else _("Dispatched"),
            row.code,
            str(refusal_of(row) or ""),
        ]
        for row in rows.for_list().order_by("-pk")
    )
    return workbook_response(f"dispatch-{found.pk}.xlsx", heads, lines)


def _visible(request: AuthedRequest, bulk_id: int) -> BulkDispatch:
    if not request.user.has_perm("demands.view_bulk"):
        raise PermissionDenied
    reports = BulkDispatch.objects.visible_to(request.user).select_related("by", "unit")
    return get_object_or_404(reports, pk=bulk_id)


def _chosen(request: AuthedRequest, waiting: DemandQuerySet, reach: str) -> list[int]:
    if reach == "all":
        return list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    ticked = (as_id(value) for value in request.POST.getlist("demand"))
    return [pk for pk in ticked if pk is not None]
