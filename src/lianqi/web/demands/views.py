"""Reading demands: the list, its spreadsheet, and one demand."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.demands.actions import record_export, record_view
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand, DemandQuerySet
from lianqi.demands.queries import open_items
from lianqi.web.demands.filing import may_file
from lianqi.web.demands.forms import FilterForm
from lianqi.web.demands.page import TONES, Clock, clock_of, page_of, visible_demand
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    demand: Demand
    tone: str
    clock: Clock | None


@require_safe
def demand_list(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    form, demands = _filtered(request, at=at)
    unindexed = None
    if request.GET.get("q"):
        visible = Demand.objects.visible_to(request.user)
        unindexed = form.narrow(visible, at=at, by_index=False).for_list()
    page = newest_first(demands.for_list(), request.GET, unindexed=unindexed)
    items = open_items(page.rows)
    rows = [
        Row(demand, TONES[DemandStatus(demand.status)], clock_of(items.get(demand.pk), at=at))
        for demand in page.rows
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "is_desk": request.user.is_zone_staff,
        "is_filtered": any(request.GET.values()),
        "may_file": may_file(request.user),
    }
    return render(request, "demands/list.html", context)


@require_safe
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet, through the same queryset as the page."""
    at = timezone.now()
    form, demands = _filtered(request, at=at)
    if demands.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        messages.error(
            request,
            _("More than %(most)d demands match. Narrow the filter, by date for example.")
            % {"most": MOST_EXPORTED},
        )
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('demands:list')}?{query}", status=303)
    record_export(demands, filters=form.chosen(), by=request.user, at=at)
    name = f"demands-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _lines(demands.for_list()))


@require_safe
def detail(request: AuthedRequest, demand_id: int) -> HttpResponse:
    demand, at = visible_demand(demand_id, request.user), timezone.now()
    record_view(demand, by=request.user, at=at)
    template = "demands/detail.html#swap" if request.htmx else "demands/detail.html"
    page = page_of(demand, user=request.user, at=at, into=request.GET.get("into", "")[:20])
    return render(request, template, page)


def _filtered(request: AuthedRequest, *, at: dt.datetime) -> tuple[FilterForm, DemandQuerySet]:
    """The filter form and the demands it leaves, for whoever may list demands at all."""
    if not request.user.has_perm("demands.list"):
        raise PermissionDenied
    form = FilterForm(request.GET, user=request.user)
    return form, form.narrow(Demand.objects.visible_to(request.user), at=at)


def _headings() -> list[str]:
    return [
        _("Number"),
        _("Title"),
        _("Enterprise"),
        _("Unified social credit code"),
        _("Category"),
        _("Channel"),
        _("Status"),
        _("Responsible unit"),
        _("Filed"),
        _("Answered"),
        _("Closed"),
        _("Rating"),
        _("Bounces"),
        _("Reopened"),
    ]


def _lines(demands: DemandQuerySet) -> Iterator[list[Any]]:
    for demand in demands.iterator(chunk_size=2000):
        yield [
            demand.number,
            demand.title,
            demand.from_whom,
            demand.enterprise.code if demand.enterprise else demand.firm_code,
            str(demand.category),
            demand.get_channel_display(),
            demand.get_status_display(),
            str(demand.unit or ""),
            *(
                timezone.localtime(moment) if moment else None
                for moment in (demand.filed_at, demand.answered_at, demand.closed_at)
            ),
            demand.get_rating_display(),
            demand.bounces,
            demand.reopenings,
        ]
