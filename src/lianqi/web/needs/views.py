"""Reading needs: the list, its spreadsheet, one need, and what a responsible unit owes."""

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

from lianqi.needs.actions import record_need_export, record_need_view
from lianqi.needs.enums import NeedStep
from lianqi.needs.models import Need, NeedQuerySet, desk_units
from lianqi.web.http import AuthedRequest
from lianqi.web.inbox.pages import page_by_due
from lianqi.web.needs.forms import FilterForm
from lianqi.web.needs.offers import ACTS, Act
from lianqi.web.needs.page import Clock, clock_of, page_of, tone_of, visible_need
from lianqi.web.needs.tabs import tabs
from lianqi.web.paging import newest_first
from lianqi.web.workbook import workbook_response
from lianqi.work.models import WorkItem

MOST_EXPORTED = 20_000


@require_safe
def need_list(request: AuthedRequest) -> HttpResponse:
    form, needs = _filtered(request)
    unindexed = None
    if request.GET.get("q"):
        visible = Need.objects.visible_to(request.user)
        unindexed = form.narrow(visible, by_index=False).for_list()
    page = newest_first(needs.for_list(), request.GET, unindexed=unindexed)
    context = {
        "form": form,
        "page": page,
        "rows": [(need, tone_of(need.status)) for need in page.rows],
        "is_desk": request.user.is_zone_staff,
        "is_filtered": any(request.GET.values()),
        "may_collect": request.user.has_perm("needs.collect_somewhere"),
        "tabs": tabs(request, request.user),
    }
    return render(request, "needs/list.html", context)


@require_safe
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet, through the same queryset as the page."""
    form, needs = _filtered(request)
    if needs.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        messages.error(
            request,
            _("More than %(most)d needs match. Narrow the filter, by date for example.")
            % {"most": MOST_EXPORTED},
        )
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('needs:list')}?{query}", status=303)
    record_need_export(needs, filters=form.chosen(), by=request.user, at=timezone.now())
    name = f"needs-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _lines(needs.for_list()))


@require_safe
def detail(request: AuthedRequest, need_id: int) -> HttpResponse:
    need, at = visible_need(need_id, request.user), timezone.now()
    record_need_view(need, by=request.user, at=at)
    template = "needs/detail.html#swap" if request.htmx else "needs/detail.html"
    return render(request, template, page_of(need, user=request.user, at=at))


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A need whose progress is owed, the most urgent first."""

    need: Need
    clock: Clock | None


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    """What the units of this person owe, by due time, each with its entry."""
    units, at = desk_units(request.user), timezone.now()
    if not units:
        raise PermissionDenied
    owed = WorkItem.objects.open().filter(
        subject_kind=Need._meta.label_lower, step=NeedStep.PROGRESS, unit_id__in=units
    )
    page = page_by_due(owed, request.GET.get("after", ""))
    needs = Need.objects.for_list().in_bulk([item.subject_id for item in page.items])
    act: Act = ACTS["progress"]
    context = {
        "rows": [
            DeskRow(needs[item.subject_id], clock_of(item, at=at))
            for item in page.items
            if item.subject_id in needs
        ],
        "after": page.after,
        "is_first": "after" not in request.GET,
        "act": act,
        "tabs": tabs(request, request.user),
    }
    return render(request, "needs/desk.html", context)


def _filtered(request: AuthedRequest) -> tuple[FilterForm, NeedQuerySet]:
    """The filter form and the needs it leaves, for whoever may list needs at all."""
    if not request.user.has_perm("needs.list"):
        raise PermissionDenied
    form = FilterForm(request.GET, user=request.user)
    return form, form.narrow(Need.objects.visible_to(request.user))


def _headings() -> list[str]:
    return [
        _("Number"),
        _("Enterprise"),
        _("Unified social credit code"),
        _("What is needed"),
        _("Policy"),
        _("Status"),
        _("Guarding unit"),
        _("Collected"),
        _("Reason"),
        _("Responsible unit"),
        _("Latest progress"),
        _("How it was solved"),
        _("Solved on"),
        _("Confirmed on"),
    ]


def _lines(needs: NeedQuerySet) -> Iterator[list[Any]]:
    for need in needs.iterator(chunk_size=2000):
        yield [
            need.number,
            need.enterprise.name,
            need.enterprise.code,
            need.text,
            need.policy,
            need.get_status_display(),
            str(need.unit),
            need.collected_on,
            need.get_reason_display(),
            str(need.lead or ""),
            need.progress,
            need.solution,
            need.solved_on,
            need.confirmed_on,
        ]
