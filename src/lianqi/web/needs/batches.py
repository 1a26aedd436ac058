"""Reports of needs: which there are, what is in one, and sending it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.needs.actions import report_batch
from lianqi.needs.enums import NeedStep
from lianqi.needs.models import NeedBatch
from lianqi.needs.queries import owed_items
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.needs.forms import ReportForm
from lianqi.web.needs.page import clock_of, tone_of
from lianqi.web.needs.tabs import tabs
from lianqi.web.paging import newest_first


@require_safe
@permission_required("needs.list_batches", raise_exception=True)
def batch_list(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    page = newest_first(NeedBatch.objects.visible_to(request.user).for_list(), request.GET)
    items = owed_items(page.rows, NeedStep.REPORT)
    context = {
        "page": page,
        "rows": [
            (batch, tone_of(batch.status), clock_of(items.get(batch.pk), at=at))
            for batch in page.rows
        ],
        "tabs": tabs(request, request.user),
    }
    return render(request, "needs/batches.html", context)


@require_safe
@permission_required("needs.list_batches", raise_exception=True)
def detail(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch = _visible(request, batch_id)
    return render(request, "needs/batch.html", _context(request, batch, ReportForm()))


@require_POST
@permission_required("needs.list_batches", raise_exception=True)
def report(request: AuthedRequest, batch_id: int) -> HttpResponse:
    batch, form = _visible(request, batch_id), ReportForm(request.POST)
    if form.is_valid():
        try:
            report_batch(batch.pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Reported. The clock of the next report runs."))
            return HttpResponseRedirect(reverse("needs:batch", args=[batch_id]), status=303)
    context = _context(request, _visible(request, batch_id), form)
    return render(request, "needs/batch.html", context, status=422)


def _visible(request: AuthedRequest, batch_id: int) -> NeedBatch:
    batches = NeedBatch.objects.visible_to(request.user).for_list()
    if (batch := batches.filter(pk=batch_id).first()) is None:
        raise Http404
    return batch


def _context(request: AuthedRequest, batch: NeedBatch, form: ReportForm) -> dict[str, Any]:
    at = timezone.now()
    page = newest_first(batch.needs.visible_to(request.user).for_list(), request.GET)
    return {
        "batch": batch,
        "tone": tone_of(batch.status),
        "clock": clock_of(owed_items([batch], NeedStep.REPORT).get(batch.pk), at=at),
        "form": form,
        "page": page,
        "rows": [(need, tone_of(need.status)) for need in page.rows],
        "may_report": request.user.has_perm("needs.report_batch", batch),
        "tabs": tabs(request, request.user),
    }
