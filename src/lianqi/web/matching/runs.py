"""Matching runs: started, watched, cancelled."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.matching.actions import cancel_run, start_pack_run, start_run
from lianqi.matching.enums import RunFailure, RunStatus
from lianqi.matching.models import MatchRun, RulePack
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.results import sees_results
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import press

TONES = {
    RunStatus.WAITING: "grey",
    RunStatus.RUNNING: "blue",
    RunStatus.DONE: "green",
    RunStatus.CANCELLED: "grey",
    RunStatus.FAILED: "red",
}
starts_runs = permission_required("matching.start_run", raise_exception=True)


@require_safe
@sees_results
def runs(request: AuthedRequest) -> HttpResponse:
    page = newest_first(MatchRun.objects.visible_to(request.user).for_list(), request.GET)
    rows = [(each, TONES[RunStatus(each.status)]) for each in page.rows]
    return render(request, "matching/runs.html", {"page": page, "rows": rows})


@require_safe
@sees_results
def run(request: AuthedRequest, match_run_id: int) -> HttpResponse:
    row = _seen(request, match_run_id)
    context = _progress(row) | {
        "tone": TONES[RunStatus(row.status)],
        "failure": RunFailure(row.failure).label if row.failure else "",
        "may_cancel": "cancel" in row.moves and request.user.has_perm("matching.start_run"),
    }
    return render(request, "matching/run.html", context)


@require_safe
@sees_results
def progress(request: AuthedRequest, match_run_id: int) -> HttpResponse:
    """The bar alone; when the run has ended, the browser is told to load the page anew."""
    row = _seen(request, match_run_id)
    response = render(request, "matching/run.html#progress", _progress(row))
    if not row.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@starts_runs
def start(request: AuthedRequest) -> HttpResponse:
    """All measures in force, now."""
    try:
        made = start_run(on=timezone.localdate(), by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("matching:results"), status=303)
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@require_POST
@starts_runs
def start_pack(request: AuthedRequest, pack_id: int) -> HttpResponse:
    """One pack: as it holds, or a draft as a preview."""
    row = get_object_or_404(RulePack.objects.visible_to(request.user), pk=pack_id)
    try:
        made = start_pack_run(
            row.pk, on=timezone.localdate(), by=request.user, at=timezone.now()
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(row.get_absolute_url(), status=303)
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@require_POST
@starts_runs
def cancel(request: AuthedRequest, match_run_id: int) -> HttpResponse:
    row = _seen(request, match_run_id)

    def carry_out() -> None:
        cancel_run(row.pk, by=request.user, at=timezone.now())

    press(request, carry_out, _("Cancelled. What was matched so far stays."))
    return HttpResponseRedirect(row.get_absolute_url(), status=303)


def _seen(request: AuthedRequest, run_id: int) -> MatchRun:
    return get_object_or_404(MatchRun.objects.visible_to(request.user).for_list(), pk=run_id)


def _progress(row: MatchRun) -> dict[str, Any]:
    poll_url = reverse("matching:run_progress", args=[row.pk]) if row.is_under_way else ""
    return {"run": row, "poll_url": poll_url, "total": max(row.total, row.done, 1)}
