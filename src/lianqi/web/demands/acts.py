"""The acts on a demand, one address each: load, bind, one action, render."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    confirm_demand,
    dispatch_demand,
    dispute_demand,
    move_category,
    recall_demand,
    reopen_demand,
    withdraw_demand,
    write_to_tipster,
)
from lianqi.demands.enums import Rating, Solved
from lianqi.demands.models import Demand
from lianqi.demands.queries import periods_of
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import ActForm
from lianqi.web.demands.offers import ACTS
from lianqi.web.demands.page import page_of, visible_demand
from lianqi.web.http import AuthedRequest

Action = Callable[[Demand, dict[str, Any], dt.datetime], object]


@require_POST
def dispatch(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return dispatch_demand(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "dispatch", act)


@require_POST
def recall(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return recall_demand(demand.pk, reason=given["reason"], by=request.user, at=at)

    return carry_out(request, demand_id, "recall", act)


@require_POST
def recategorise(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return move_category(demand.pk, by=request.user, at=at, **given)

    return carry_out(request, demand_id, "move_category", act)


@require_POST
def accept(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, _given: dict[str, Any], at: dt.datetime) -> object:
        return accept_demand(demand.pk, by=request.user, at=at)

    return carry_out(request, demand_id, "accept", act)


@require_POST
def answer(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return answer_demand(demand.pk, answer=given["answer"], by=request.user, at=at)

    return carry_out(request, demand_id, "answer", act)


@require_POST
def confirm(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return confirm_demand(demand.pk, **rated(given), by=request.user, at=at)

    return carry_out(request, demand_id, "confirm", act)


@require_POST
def dispute(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return dispute_demand(demand.pk, note=given["note"], by=request.user, at=at)

    return carry_out(request, demand_id, "dispute", act)


@require_POST
def reopen(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return reopen_demand(
            demand.pk,
            note=given["note"],
            window_days=periods_of(demand.category_id).reopen_days,
            by=request.user,
            at=at,
        )

    return carry_out(request, demand_id, "reopen", act)


@require_POST
def withdraw(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return withdraw_demand(demand.pk, reason=given["reason"], by=request.user, at=at)

    return carry_out(request, demand_id, "withdraw", act)


@require_POST
def tipster(request: AuthedRequest, demand_id: int) -> HttpResponse:
    def act(demand: Demand, given: dict[str, Any], at: dt.datetime) -> object:
        return write_to_tipster(demand.pk, text=given["text"], by=request.user, at=at)

    return carry_out(request, demand_id, "write_to_tipster", act)


def rated(given: dict[str, Any]) -> dict[str, Any]:
    """What a rating form holds, as the actions want it."""
    return {
        "rating": Rating(given["rating"]),
        "solved": Solved(given["solved"]),
        "reasons": given["reasons"],
        "note": given["note"],
    }


def carry_out(request: AuthedRequest, demand_id: int, verb: str, act: Action) -> HttpResponse:
    """Bind the form of `verb` and act; what is refused comes back as it was typed, with 422."""
    demand, at = visible_demand(demand_id, request.user), timezone.now()
    form = ACTS[verb].form(request.POST, request.FILES, verb=verb)
    if not form.is_valid():
        return _region(request, demand, at, form, verb)
    try:
        act(demand, form.cleaned_data, at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _refused(request, demand_id, at, form, verb)
    messages.success(request, str(ACTS[verb].done))
    return _done(request, demand_id, at)


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
