"""The collecting page: an enterprise of the own grid, a need, saved, the next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.accounts.models import User
from lianqi.needs.actions import collect_need
from lianqi.needs.enums import NeedStep
from lianqi.needs.models import Need, NeedBatch, collecting_units
from lianqi.needs.queries import owed_items
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.needs.forms import CollectForm
from lianqi.web.needs.page import clock_of
from lianqi.web.needs.tabs import tabs
from lianqi.web.paging import as_id, newest_matches

MOST_MATCHES = 8
LATEST = 5
MOST_BATCHES = 5  # a person collects for one unit, seldom for two
NEAR_SAME = "need_near_same"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("needs.collect_somewhere", raise_exception=True)
def collect(request: AuthedRequest) -> HttpResponse:
    """The form; sent with the button `find` it only searches, for browsers without script."""
    if request.method == "POST" and "find" not in request.POST:
        return _collect(request)
    firms = _firms(request.user)
    form = CollectForm(firms=firms, shown=_shown(request, firms), initial=_initial(request))
    return render(request, "needs/collect.html", _context(request, form))


@require_safe
@permission_required("needs.collect_somewhere", raise_exception=True)
def find_enterprises(request: AuthedRequest) -> HttpResponse:
    """The choices for what was typed into the search field, as a fragment."""
    firms = _firms(request.user)
    form = CollectForm(firms=firms, shown=_shown(request, firms), initial=_initial(request))
    context = {"form": form, "wanted": request.GET.get("firm", "")}
    return render(request, "needs/collect.html#firms", context)


def _collect(request: AuthedRequest) -> HttpResponse:
    firms, asks_again = _firms(request.user), False
    form = CollectForm(request.POST, firms=firms, shown=_shown(request, firms))
    if form.is_valid():
        try:
            need = collect_need(by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            asks_again = refusal.code == NEAR_SAME
        else:
            said = _("Need %(number)s was saved. Enter the next.") % {"number": need.number}
            messages.success(request, said)
            url = reverse("needs:collect")
            if "same" in request.POST:
                url = f"{url}?enterprise={need.enterprise_id}"
            return HttpResponseRedirect(url, status=303)
    context = _context(request, form) | {"asks_again": asks_again}
    return render(request, "needs/collect.html", context, status=422)


def _firms(user: User) -> EnterpriseQuerySet:
    """The list form of `needs.collect`."""
    units = collecting_units(user)
    return Enterprise.objects.living().filter(grid__is_active=True, grid__unit_id__in=units)


def _shown(request: AuthedRequest, firms: EnterpriseQuerySet) -> list[Enterprise]:
    """Those searched for; the one already chosen stays among them, whatever is searched next."""
    given = request.POST if request.method == "POST" else request.GET
    wanted, chosen = given.get("firm", ""), as_id(given.get("enterprise", ""))
    unindexed = firms.search(wanted, by_index=False)
    found = newest_matches(firms.search(wanted), MOST_MATCHES, unindexed=unindexed)
    found.sort(key=lambda firm: firm.name)
    if chosen is not None and chosen not in {firm.pk for firm in found}:
        found = [*firms.filter(pk=chosen), *found]
    return found


def _initial(request: AuthedRequest) -> dict[str, Any]:
    """What had been typed before a search, or the enterprise of the last need."""
    if request.method == "POST":
        return dict(request.POST.items())
    return {"enterprise": request.GET.get("enterprise")}


def _context(request: AuthedRequest, form: CollectForm) -> dict[str, Any]:
    given, at = request.POST if request.method == "POST" else request.GET, timezone.now()
    batches = list(NeedBatch.objects.open().collected_by(request.user).for_list()[:MOST_BATCHES])
    items = owed_items(batches, NeedStep.REPORT)
    latest = Need.objects.filter(collected_by=request.user, batch__in=batches).for_list()
    return {
        "form": form,
        "wanted": given.get("firm", ""),
        "batches": [(batch, clock_of(items.get(batch.pk), at=at)) for batch in batches],
        "latest": list(latest[:LATEST]),
        "tabs": tabs(request, request.user),
    }
