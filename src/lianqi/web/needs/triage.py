"""The triage desk: what waits, one need at a time, and on to the next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.needs.actions import record_need_view, triage_need
from lianqi.needs.models import Need, NeedQuerySet
from lianqi.needs.queries import similar_needs
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.needs.forms import TriageForm
from lianqi.web.needs.page import visible_need
from lianqi.web.needs.tabs import tabs
from lianqi.web.paging import newest_first

MOST_SIMILAR = 8


@require_safe
@permission_required("needs.triage_somewhere", raise_exception=True)
def waiting(request: AuthedRequest) -> HttpResponse:
    """What waits for a verdict. The button begins with what was reported first."""
    needs = _waiting(request)
    page = newest_first(needs.for_list(), request.GET)
    context = {
        "page": page,
        "rows": page.rows,
        "first": needs.order_by("pk").first(),
        "tabs": tabs(request, request.user),
    }
    return render(request, "needs/triage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("needs.triage_somewhere", raise_exception=True)
def sort(request: AuthedRequest, need_id: int) -> HttpResponse:
    """One need with its form; after the verdict the next one is shown."""
    need, at = visible_need(need_id, request.user), timezone.now()
    if not Need.objects.sorted_by(request.user).filter(pk=need_id).exists():
        raise Http404
    similar = similar_needs(need)[:MOST_SIMILAR]
    form = TriageForm(request.POST or None, similar=[other for other, _share in similar])
    if request.method == "POST":
        if form.is_valid() and _sorted(request, need, form):
            messages.success(request, _("%(number)s was sorted.") % {"number": need.number})
            return _next(request, need_id)
        return render(
            request, "needs/sort.html", _context(request, need, form, similar), status=422
        )
    record_need_view(need, by=request.user, at=at)
    return render(request, "needs/sort.html", _context(request, need, form, similar))


def _sorted(request: AuthedRequest, need: Need, form: TriageForm) -> bool:
    try:
        triage_need(need.pk, by=request.user, at=timezone.now(), **form.arguments())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _next(request: AuthedRequest, need_id: int) -> HttpResponse:
    """The need that was reported after this one; else the first that waits; else the desk."""
    needs = _waiting(request).order_by("pk")
    following = needs.filter(pk__gt=need_id).first() or needs.first()
    url = reverse("needs:sort", args=[following.pk]) if following else reverse("needs:triage")
    return HttpResponseRedirect(url, status=303)


def _waiting(request: AuthedRequest) -> NeedQuerySet:
    return Need.objects.sorted_by(request.user).waiting_for_triage()


def _context(
    request: AuthedRequest, need: Need, form: TriageForm, similar: list[tuple[Need, float]]
) -> dict[str, Any]:
    return {
        "need": need,
        "form": form,
        "similar": [(other, round(100 * share)) for other, share in similar],
        "is_waiting": "assign" in need.moves,
        "left": _waiting(request)[:1000].count(),
        "tabs": tabs(request, request.user),
    }
