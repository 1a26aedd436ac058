"""Where an act on a demand comes in: load, bind, one action, render."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianqi.demands.models import Demand
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import ActForm
from lianqi.web.demands.offers import ACTS
from lianqi.web.demands.page import page_of, visible_demand
from lianqi.web.http import AuthedRequest


def door(
    verb: str, action: Callable[..., object], **settled: Callable[[Demand], object]
) -> Callable[..., HttpResponse]:
    """The address of one act: the action is told what the form of `verb` holds, and by whom.

    What is refused comes back as it was typed, with 422.

    Args:
        verb: The act, as `ACTS` and the address name it.
        action: Takes the id of a demand, the fields of the form by name, `by` and `at`.
        settled: What the zone has settled and the action wants to know as well, by name.
    """

    @require_POST
    def enter(request: AuthedRequest, demand_id: int) -> HttpResponse:
        demand, at = visible_demand(demand_id, request.user), timezone.now()
        form = ACTS[verb].form(request.POST, request.FILES, verb=verb)
        if not form.is_valid():
            return _region(request, demand, at, form, verb)
        rules = {name: rule(demand) for name, rule in settled.items()}
        try:
            action(demand.pk, **form.cleaned_data, **rules, by=request.user, at=at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return _refused(request, demand_id, at, form, verb)
        messages.success(request, str(ACTS[verb].done))
        return _done(request, demand_id, at)

    return enter


def _done(request: AuthedRequest, demand_id: int, at: dt.datetime) -> HttpResponse:
    """The page as it is now, or the list if the demand went to where this person cannot see it."""
    if not _still_sees(request, demand_id):
        return _leave(request)
    if not request.htmx:
        return HttpResponseRedirect(reverse("demands:detail", args=[demand_id]), status=303)
    return _region(request, visible_demand(demand_id, request.user), at)


def _refused(
    request: AuthedRequest, demand_id: int, at: dt.datetime, form: ActForm, verb: str
) -> HttpResponse:
    if not _still_sees(request, demand_id):
        messages.error(request, str(form.non_field_errors()[0]))
        return _leave(request)
    return _region(request, visible_demand(demand_id, request.user), at, form, verb)


def _still_sees(request: AuthedRequest, demand_id: int) -> bool:
    return Demand.objects.visible_to(request.user).filter(pk=demand_id).exists()


def _leave(request: AuthedRequest) -> HttpResponse:
    url = reverse("demands:list")
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def _region(
    request: AuthedRequest,
    demand: Demand,
    at: dt.datetime,
    form: ActForm | None = None,
    verb: str = "",
) -> HttpResponse:
    page = page_of(demand, user=request.user, at=at, bound=form, bound_verb=verb)
    template = "demands/detail.html#swap" if request.htmx else "demands/detail.html"
    # A refusal whose form is no longer offered, because the demand moved on, is said on top.
    offered = {offer.verb for offer in page["offers"]}
    page["refused"] = form if form is not None and verb not in offered else None
    return render(request, template, page, status=422 if form is not None else 200)
