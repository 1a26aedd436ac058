"""The telephone: one screen for a call, and how many calls there were."""

import datetime as dt
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.actions import (
    answer_at_once,
    discard_parked,
    file_demand,
    file_parked,
    park_call,
)
from lianqi.demands.enums import Channel, ToldBy
from lianqi.demands.models import ContactGiven, Demand, ParkedCall
from lianqi.demands.queries import CallCount, call_counts, caller_of, heard_counts, parked_calls
from lianqi.register.models import Enterprise
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import MOST_MATCHES, CategoryField, text_area
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_matches
from lianqi.web.people.acting import press

DAYS_COUNTED = 30
LONGEST = 100  # of what has no length of its own, as the number of an enterprise


class CallForm(forms.Form):
    """Who calls, for whom, what about, and the answer if there is one already.

    Eight fields are shown; how a caller wants to be written to is folded away, as most do not.
    """

    contact_phone = forms.CharField(
        label=gettext_lazy("Number of the caller"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "autofocus": True}),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Name of the caller"),
        max_length=50,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    contact_told_by = forms.ChoiceField(
        label=gettext_lazy("Messages about the demand"),
        required=False,
        choices=[("", gettext_lazy("No messages")), *ToldBy.choices],
        help_text=gettext_lazy("Text messages go to the number of the caller."),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail of the caller"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    firm = forms.CharField(
        label=gettext_lazy("Find the enterprise"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Name, pinyin initials or code. If nothing fits, it stays as typed."
        ),
    )
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.living(),
        label=gettext_lazy("Enterprise"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    category = CategoryField(
        label=gettext_lazy("Category"), empty_label=gettext_lazy("Please choose")
    )
    title = forms.CharField(label=gettext_lazy("What is asked"), max_length=100)
    text = forms.CharField(
        label=gettext_lazy("More about it"), max_length=5000, required=False, widget=text_area(3)
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer given"),
        max_length=10_000,
        required=False,
        widget=text_area(3),
        help_text=gettext_lazy("Only if the caller got the answer on the telephone."),
    )
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )

    def __init__(self, *args: Any, shown: list[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        enterprise = self.fields["enterprise"]
        assert isinstance(enterprise, forms.ModelChoiceField)
        enterprise.choices = [(firm.pk, f"{firm.name} {firm.code}") for firm in shown]
        self.has_choices = bool(shown)

    def arguments(self) -> dict[str, Any]:
        given = {**self.cleaned_data}
        given["firm_name"] = given.pop("firm")
        caller = ContactGiven(
            name=given.pop("contact_name"),
            phone=given.pop("contact_phone"),
            email=given.pop("contact_email"),
            told_by=given.pop("contact_told_by"),
        )
        given["contacts"] = [caller] if any(asdict(caller).values()) else []
        del given["answer"]
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: AuthedRequest) -> HttpResponse:
    """Take a call. The button `find` only looks for the caller, for browsers without script."""
    if not request.user.has_perm("demands.take_calls"):
        raise PermissionDenied
    given: Any = request.POST if request.method == "POST" else request.GET
    parked = as_id(given.get("parked", ""))
    if request.method != "POST" and parked is not None:
        call = get_object_or_404(ParkedCall.objects.visible_to(request.user), pk=parked)
        given = {**call.typed, "idempotency_key": call.idempotency_key}
    context = _around(request, given) | {
        "parked": parked,
        "parked_calls": parked_calls(request.user, at=timezone.now()),
    }
    if request.method == "POST" and "park" in given:
        return _park(request, context)
    if request.method == "POST" and "find" not in given:
        form = CallForm(given, shown=context["shown"])
        if (demand := _take(request, form)) is not None:
            return _taken(request, demand)
        return render(request, "demands/call.html", context | {"form": form}, status=422)
    initial = {name: given.get(name, "") for name in CallForm.base_fields if name in given}
    if not initial.get("contact_name"):
        initial["contact_name"] = context["caller"].name
    if not initial.get("enterprise") and len(context["shown"]) == 1:
        initial["enterprise"] = context["shown"][0].pk
    form = CallForm(initial=initial, shown=context["shown"])
    template = "demands/call.html#caller" if request.htmx else "demands/call.html"
    return render(request, template, context | {"form": form})


@require_POST
def discard(request: AuthedRequest, parked_id: int) -> HttpResponse:
    """Throw a parked call away; only a button that asks does it."""
    press(
        request,
        lambda: discard_parked(parked_id, by=request.user, at=timezone.now()),
        _("The parked call was thrown away."),
    )
    return HttpResponseRedirect(reverse("demands:call"), status=303)


@require_safe
def counts(request: AuthedRequest) -> HttpResponse:
    if not request.user.has_perm("demands.view_calls"):
        raise PermissionDenied
    today = timezone.localdate()
    first = today - dt.timedelta(days=DAYS_COUNTED - 1)
    rows = call_counts(first, today)
    context = {"rows": rows, "total": _total(rows), "heard": heard_counts(first, today)}
    return render(request, "demands/calls.html", context)


def _park(request: AuthedRequest, context: dict[str, Any]) -> HttpResponse:
    """Keep the call as it is and show the empty screen; what is refused stays typed."""
    typed = {
        name: request.POST.get(name, "")[: getattr(field, "max_length", None) or LONGEST]
        for name, field in CallForm.base_fields.items()
        if name != "idempotency_key"
    }
    key = request.POST.get("idempotency_key", "")[:64]
    try:
        park_call(typed, idempotency_key=key, by=request.user, at=timezone.now())
    except Refusal as refusal:
        form = CallForm(initial={**typed, "idempotency_key": key}, shown=context["shown"])
        context |= {"form": form, "refused": str(refusal)}
        return render(request, "demands/call.html", context, status=422)
    messages.success(request, _("The call is parked. The next one can be taken."))
    return HttpResponseRedirect(
        f"{reverse('demands:call')}?{urlencode({'taken': key})}", status=303
    )


def _total(rows: list[CallCount]) -> dict[str, int]:
    names = ("calls", "answered_at_once", "became_demands")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


def _take(request: AuthedRequest, form: CallForm) -> Demand | None:
    """The demand, or None with what is wrong noted in the form."""
    if not form.is_valid():
        return None
    parked, at = as_id(request.POST.get("parked", "")), timezone.now()
    file = partial(_file, request, form, at=at)
    try:
        if parked is None:
            return file()
        key = form.cleaned_data["idempotency_key"]
        return file_parked(parked, file, idempotency_key=key, by=request.user, at=at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


def _file(request: AuthedRequest, form: CallForm, *, at: dt.datetime) -> Demand:
    given, answer = form.arguments(), form.cleaned_data["answer"]
    if "answered" in request.POST:
        return answer_at_once(answer=answer, by=request.user, at=at, **given)
    text = given.pop("text")
    if answer.strip():
        # Somebody who answered and then passes it on loses nothing of what was said.
        text = f"{text}\n\n{_('Said on the telephone:')} {answer}"
    return file_demand(
        channel=Channel.PHONE, text=text.strip() or given["title"], by=request.user, at=at, **given
    )


def _taken(request: AuthedRequest, demand: Demand) -> HttpResponse:
    """The empty screen for the next call, with a word on the last one."""
    said = _("Call noted: %(number)s. The next call can be taken.") % {"number": demand.number}
    messages.success(request, said)
    taken = urlencode({"taken": request.POST.get("idempotency_key", "")})
    return HttpResponseRedirect(f"{reverse('demands:call')}?{taken}", status=303)


def _around(request: AuthedRequest, given: Any) -> dict[str, Any]:
    """Who may be calling, and which enterprises there are to choose from."""
    caller = caller_of(given.get("contact_phone", ""), user=request.user)
    living = Enterprise.objects.living()
    wanted = given.get("firm", "")
    unindexed = living.search(wanted, by_index=False)
    found = newest_matches(living.search(wanted), MOST_MATCHES, unindexed=unindexed)
    shown = {firm.pk: firm for firm in (*sorted(found, key=lambda firm: firm.name), *caller.firms)}
    pk = as_id(given.get("enterprise", ""))
    if pk is not None and pk not in shown:
        shown |= {firm.pk: firm for firm in living.filter(pk=pk)}
    return {"caller": caller, "shown": list(shown.values()), "wanted": wanted}
