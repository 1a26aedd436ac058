"""The list of plans with its figures, the list of measures, and both as spreadsheets."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.accounts.models import User
from lianqi.plans.actions import record_export
from lianqi.plans.enums import MeasureStatus, PlanStatus, Verdict
from lianqi.plans.models import Measure, MeasureQuerySet, ServicePlan, ServicePlanQuerySet
from lianqi.plans.queries import PlanFigures, clocks_of, measure_counts, plan_figures
from lianqi.web.demands.page import clock_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.plans.filters import MeasureFilter, PlanFilter
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
TONES = {
    PlanStatus.DRAFT: "grey",
    PlanStatus.PROPOSED: "amber",
    PlanStatus.AGREED: "blue",
    PlanStatus.UNDER_WAY: "blue",
    PlanStatus.COMPLETED: "green",
    PlanStatus.ENDED: "grey",
}
MEASURE_TONES = {
    MeasureStatus.PLANNED: "grey",
    MeasureStatus.OPEN: "blue",
    MeasureStatus.DONE: "green",
    MeasureStatus.PARTLY: "amber",
    MeasureStatus.NOT_POSSIBLE: "red",
    MeasureStatus.CALLED_OFF: "grey",
}
VERDICT_TONES = {Verdict.CONFIRMED: "green", Verdict.DOUBTED: "red"}

lists_plans = permission_required("plans.list", raise_exception=True)


@require_safe
@lists_plans
def plans(request: AuthedRequest) -> HttpResponse:
    on, user = timezone.localdate(), request.user
    form, found = _plans(request, on=on)
    page = newest_first(found.for_list(), request.GET)
    counts = measure_counts(page.rows, on=on)
    context = {
        "form": form,
        "page": page,
        "rows": [(each, TONES[PlanStatus(each.status)], counts.get(each.pk)) for each in page.rows],
        "tiles": _tiles(plan_figures(user, on=on)) if user.is_zone_staff else None,
        "is_filtered": any(request.GET.values()),
        "is_staff": user.is_zone_staff,
    }
    return render(request, "plans/list.html", context)


@require_safe
@lists_plans
def measures(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    form, found = _measures(request, on=timezone.localdate())
    page = newest_first(found.for_list(), request.GET)
    clocks = clocks_of(page.rows)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (
                each,
                MEASURE_TONES[MeasureStatus(each.status)],
                clock_of(clocks.get(each.pk), at=at),
                VERDICT_TONES.get(Verdict(each.verdict)) if each.verdict else "",
            )
            for each in page.rows
        ],
        "is_filtered": any(request.GET.values()),
        "is_staff": request.user.is_zone_staff,
    }
    return render(request, "plans/measures.html", context)


@require_safe
@lists_plans
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list of plans as a spreadsheet, through the same queryset as the page."""
    at, on = timezone.now(), timezone.localdate()
    form, found = _plans(request, on=on)
    if found.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        return _too_many(request, "plans:list")
    record_export(found, filters=form.chosen(), by=request.user, at=at)
    name = f"service-plans-{on:%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _lines(found.for_list(), request.user, on=on))


@require_safe
@lists_plans
def export_measures(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list of measures as a spreadsheet."""
    at, on = timezone.now(), timezone.localdate()
    form, found = _measures(request, on=on)
    if found.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        return _too_many(request, "plans:measures")
    told = ServicePlan.objects.filter(pk__in=found.order_by().values("plan"))
    record_export(told, filters=form.chosen(), by=request.user, at=at)
    name = f"measures-{on:%Y%m%d}.xlsx"
    return workbook_response(name, _measure_headings(), _measure_lines(found.for_list()))


def _plans(request: AuthedRequest, *, on: dt.date) -> tuple[PlanFilter, ServicePlanQuerySet]:
    form = PlanFilter(request.GET, is_staff=request.user.is_zone_staff)
    return form, form.narrow(ServicePlan.objects.visible_to(request.user), on=on)


def _measures(request: AuthedRequest, *, on: dt.date) -> tuple[MeasureFilter, MeasureQuerySet]:
    form = MeasureFilter(request.GET, is_staff=request.user.is_zone_staff)
    return form, form.narrow(Measure.objects.visible_to(request.user), on=on)


def _tiles(figures: PlanFigures) -> dict[str, Any]:
    """The figures, each with the address of the list it counts."""
    due = {"due_from": figures.first.isoformat(), "due_until": figures.last.isoformat()}
    parts = ("due", "settled", "in_time", "done_late", "overdue", "not_possible", "doubted")
    list_url = reverse("plans:measures")
    return {
        "figures": figures,
        "under_way_url": f"{reverse('plans:list')}?status={PlanStatus.UNDER_WAY}",
        **{f"{part}_url": f"{list_url}?{urlencode({'counted': part, **due})}" for part in parts},
    }


def _too_many(request: AuthedRequest, name: str) -> HttpResponse:
    messages.error(
        request,
        _("More than %(most)d rows match. Narrow the filter first.") % {"most": MOST_EXPORTED},
    )
    return HttpResponseRedirect(f"{reverse(name)}?{request.GET.urlencode()}", status=303)


def _headings() -> list[str]:
    return [
        _("Number"), _("Title"), _("Enterprise"), _("Unified social credit code"),
        _("Street or town"), _("Status"), _("Responsible unit"), _("Responsible officer"),
        _("Agreed on"), _("Review on"), _("Measures"), _("With a result"), _("Overdue"),
        _("Ended on"), _("What came of it"),
    ]  # fmt: skip


def _lines(plans: ServicePlanQuerySet, reader: User, *, on: dt.date) -> Iterator[list[Any]]:
    """In blocks, each with the counts of its measures; an own draft's words stay inside."""
    inside, last = reader.is_zone_staff, None
    while rows := list((plans if last is None else plans.filter(pk__lt=last))[:1000]):
        counts = measure_counts(rows, on=on)
        for each in rows:
            count = counts.get(each.pk)
            yield [
                each.number,
                each.title if inside or each.is_put_forward else "",
                str(each.enterprise),
                each.enterprise.code,
                each.enterprise.district,
                each.get_status_display(),
                str(each.unit),
                str(each.officer or ""),
                each.agreed_on,
                each.review_on,
                count.total if count else 0,
                count.settled if count else 0,
                count.overdue if count else 0,
                timezone.localtime(each.ended_at) if each.ended_at else None,
                each.outcome or each.end_reason,
            ]
        last = rows[-1].pk


def _measure_headings() -> list[str]:
    return [
        _("Number"), _("Enterprise"), _("Place"), _("What is done"), _("Kind"), _("Owning unit"),
        _("Due on"), _("First due on"), _("Status"), _("Result"), _("Settled"), _("Late"),
        _("The enterprise says"),
    ]  # fmt: skip


def _measure_lines(measures: MeasureQuerySet) -> Iterator[list[Any]]:
    for each in measures.iterator(chunk_size=2000):
        yield [
            each.plan.number,
            str(each.plan.enterprise),
            each.position,
            each.what,
            each.get_kind_display(),
            str(each.unit),
            each.due_on,
            each.first_due_on,
            each.get_status_display(),
            each.result,
            timezone.localtime(each.settled_at) if each.settled_at else None,
            {True: _("yes"), False: _("no"), None: ""}[each.was_late],
            each.get_verdict_display(),
        ]
