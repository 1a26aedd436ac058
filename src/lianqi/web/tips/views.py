"""Writing without a name, and coming back with number and secret code.

Nothing about the visitor is kept: no account even if signed in, no address, no visit of the page.
Number and code travel in the body of a form only, never in an address that a log would keep.
"""

import datetime as dt
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.demands.actions import count_look, count_tip, file_tip, reply_to_tip
from lianqi.demands.errors import TipsTooOften
from lianqi.demands.models import DemandCategory, Tip, secret_of
from lianqi.shared.errors import Refusal
from lianqi.web.demands.tip_forms import CodeForm, ReplyForm, TipForm

TOO_OFTEN = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; after sending, number and code on the very answer: they are shown nowhere else."""
    form = TipForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status, at = 422, timezone.now()
        try:
            count_tip(get_client_ip(request) or "", at=at)
        except TipsTooOften as refusal:
            return _too_often(request, form, "tips/write.html", refusal)
        if form.is_valid():
            given = {**form.cleaned_data}
            del given["website"]
            secret = secret_of(given["idempotency_key"])
            try:
                demand = file_tip(secret=secret, at=at, **given)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                taken = {"number": demand.number, "secret": secret}
                return render(request, "tips/taken.html", taken)
    context = {"form": form, "takes_tips": DemandCategory.objects.for_tips().exists()}
    return render(request, "tips/write.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            count_look(get_client_ip(request) or "", at=timezone.now())
        except TipsTooOften as refusal:
            return _too_often(request, form, "tips/follow.html", refusal)
        if (tip := _opened(form)) is not None:
            return _shown(request, tip, form.cleaned_data)
    return render(request, "tips/follow.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
def reply(request: HttpRequest) -> HttpResponse:
    form, at = ReplyForm(request.POST), timezone.now()
    try:
        count_look(get_client_ip(request) or "", at=at)
    except TipsTooOften as refusal:
        return _too_often(request, form, "tips/follow.html", refusal)
    tip = _opened(form)
    if tip is None and "text" not in form.errors:
        return render(request, "tips/follow.html", {"form": CodeForm(request.POST)}, status=422)
    given = {name: request.POST.get(name, "") for name in ("number", "secret")}
    if tip is None:
        tip = Tip.objects.opened_by(**given).select_related(*_SHOWN).first()
    elif _reply(form, tip, at):
        return _shown(request, tip, given, said=_("Your message was sent."))
    if tip is None:
        return render(request, "tips/follow.html", {"form": CodeForm(request.POST)}, status=422)
    return _shown(request, tip, given, form=form)


def _reply(form: ReplyForm, tip: Tip, at: dt.datetime) -> bool:
    try:
        reply_to_tip(tip, text=form.cleaned_data["text"], at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


_SHOWN = ("demand__category", "demand__unit")


def _opened(form: CodeForm) -> Tip | None:
    if not form.is_valid():
        return None
    number, secret = form.cleaned_data["number"], form.cleaned_data["secret"]
    tip = Tip.objects.opened_by(number, secret).select_related(*_SHOWN).first()
    if tip is None:
        form.add_error(
            None,
            _("No tip has this number and this code. Check both; the code has sixteen characters."),
        )
    return tip


def _shown(
    request: HttpRequest,
    tip: Tip,
    given: dict[str, Any],
    *,
    form: Form | None = None,
    said: str = "",
) -> HttpResponse:
    again = {"number": given["number"], "secret": given["secret"]}
    context = {
        "demand": tip.demand,
        "exchange": tip.messages.order_by("pk"),
        "form": form or ReplyForm(initial=again),
        "said": said,
    }
    return render(request, "tips/tip.html", context, status=422 if form else 200)


def _too_often(request: HttpRequest, form: Form, template: str, refusal: Refusal) -> HttpResponse:
    form.full_clean()
    form.add_error(None, str(refusal))
    return render(request, template, {"form": form, "takes_tips": True}, status=TOO_OFTEN)
