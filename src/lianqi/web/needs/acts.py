"""The acts on a need: load, bind, one action, render."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianqi.needs.models import Need
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest, back_to
from lianqi.web.needs.forms import ActForm
from lianqi.web.needs.offers import ACTS
from lianqi.web.needs.page import page_of, visible_need


@require_POST
def act(request: AuthedRequest, need_id: int, move: str) -> HttpResponse:
    """Bind the form of `move` and act; what is refused comes back as it was typed, with 422."""
    if move not in ACTS:
        raise Http404
    need, at = visible_need(need_id, request.user), timezone.now()
    form = ACTS[move].form(request.POST, verb=move)
    if not form.is_valid():
        return _region(request, need, at, form, move)
    try:
        ACTS[move].action(need.pk, by=request.user, at=at, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        if not _still_sees(request, need_id):
            messages.error(request, str(refusal))
            return _leave(request)
        return _region(request, visible_need(need_id, request.user), at, form, move)
    messages.success(request, str(ACTS[move].done))
    return _done(request, need_id, at)


def _done(request: AuthedRequest, need_id: int, at: dt.datetime) -> HttpResponse:
    """The page as it is now, or the list if the need went to where this person cannot see it."""
    if not _still_sees(request, need_id):
        return _leave(request)
    if not request.htmx:
        answer = back_to(request, reverse("needs:detail", args=[need_id]))
        answer.status_code = 303
        return answer
    return _region(request, visible_need(need_id, request.user), at)


def _still_sees(request: AuthedRequest, need_id: int) -> bool:
    return Need.objects.visible_to(request.user).filter(pk=need_id).exists()


def _leave(request: AuthedRequest) -> HttpResponse:
    url = reverse("needs:list")
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def _region(
    request: AuthedRequest,
    need: Need,
    at: dt.datetime,
    form: ActForm | None = None,
    verb: str = "",
) -> HttpResponse:
    page = page_of(need, user=request.user, at=at, bound=form, bound_verb=verb)
    template = "needs/detail.html#swap" if request.htmx else "needs/detail.html"
    # A refusal whose form is no longer offered, because the need moved on, is said on top.
    offered = {offer.verb for offer in page["offers"]}
    page["refused"] = form if form is not None and verb not in offered else None
    return render(request, template, page, status=422 if form is not None else 200)
