"""Calling enterprises back: the list with what it verified, the next call, its outcome."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lianqi.accounts.models import Unit
from lianqi.demands.actions import (
    record_call,
    reopen_after_call,
    reveal_callback_phone,
    take_next_call,
)
from lianqi.demands.enums import (
    CallbackReason,
    CallbackState,
    CallOutcome,
    Rating,
    ScoreCount,
    Solved,
)
from lianqi.demands.models import MOST_CALLS, Callback, CallbackQuerySet
from lianqi.demands.queries import verified, waiting_by_reason
from lianqi.shared.errors import Refusal
from lianqi.web.demands.forms import text_area
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.periods import period_of

UNPROCESSABLE = 422
DAY = dt.timedelta(days=1)
STATES = [
    ("", gettext_lazy("All")),
    *CallbackState.choices,
    ("satisfied", gettext_lazy("Satisfied on the telephone")),
    ("false", gettext_lazy("Closed, but not solved")),
    (
        gettext_lazy("Counted in the three-rate score"),
        [(f"score.{name}", label) for name, label in ScoreCount.choices],
    ),
]


class CallForm(forms.Form):
    """Five fields; whoever was not reached needs the first one only."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did the call end?"),
        choices=CallOutcome.choices,
        widget=forms.RadioSelect,
    )
    contacted = forms.ChoiceField(
        label=gettext_lazy("Had the unit been in touch with you?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("Is the matter solved?"),
        choices=Solved.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    rating = forms.ChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=Rating.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"), required=False, max_length=1000, widget=text_area(3)
    )

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        contacted = given["contacted"]
        return {
            "outcome": CallOutcome(given["outcome"]),
            "contacted": contacted == "yes" if contacted else None,
            "solved": Solved(given["solved"]) if given["solved"] else None,
            "rating": Rating(given["rating"]) if given["rating"] else None,
            "remarks": given["remarks"],
        }


class StateForm(forms.Form):
    """What the list of call-backs can be narrowed by."""

    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=STATES,
        widget=forms.Select({"data-autosubmit": ""}),
    )

    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=gettext_lazy("Responsible unit"),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select({"data-autosubmit": ""}),
    )
    closed_from = forms.DateField(
        label=gettext_lazy("Closed from"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    closed_until = forms.DateField(
        label=gettext_lazy("Closed until and including"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def narrow(self, rows: CallbackQuerySet) -> CallbackQuerySet:
        self.is_valid()  # what was filled in wrongly is missing from the cleaned data
        given = self.cleaned_data
        if given.get("unit"):
            rows = rows.filter(unit=given["unit"])
        first, last = given.get("closed_from"), given.get("closed_until")
        if first or last:
            last = min(last or dt.date.max, dt.date.max - DAY)
            before = last + DAY
            rows = rows.closed_within(first or dt.date.min, before)
        return self._in_state(rows, given.get("state") or "")

    @staticmethod
    def _in_state(rows: CallbackQuerySet, state: str) -> CallbackQuerySet:
        if state.startswith("score."):
            return rows.counted_as(ScoreCount(state.removeprefix("score.")))
        if state == "satisfied":
            return rows.satisfied()
        if state == "false":
            return rows.falsely_closed()
        return rows.filter(state=state) if state else rows


@dataclass(frozen=True, slots=True)
class Tile:
    """A rate of the call-backs with what it is made of, and the list of its numerator."""

    label: str
    rate: float | None
    numerator: int
    denominator: int
    state: str


@require_safe
@permission_required("demands.view_callbacks", raise_exception=True)
def callback_list(request: AuthedRequest) -> HttpResponse:
    form = StateForm(request.GET)
    visible = Callback.objects.visible_to(request.user)
    page = newest_first(form.narrow(visible).for_list(), request.GET)
    waiting = waiting_by_reason(visible)
    context = {
        "form": form,
        "page": page,
        "tiles": _tiles(),
        "waiting": [
            (reason.label, waiting[reason]) for reason in CallbackReason if waiting.get(reason)
        ],
        "may_call": request.user.has_perm("demands.make_calls"),
    }
    return render(request, "demands/callbacks.html", context)


@require_POST
def next_call(request: AuthedRequest) -> HttpResponse:
    try:
        callback = take_next_call(by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return HttpResponseRedirect(reverse("demands:callbacks"), status=303)
    return HttpResponseRedirect(callback.get_absolute_url(), status=303)


@require_safe
def call(request: AuthedRequest, callback_id: int) -> HttpResponse:
    return _page(request, _visible(request, callback_id), CallForm())


@require_POST
def phone(request: AuthedRequest, callback_id: int) -> HttpResponse:
    """The page with the number on it; it is shown once, and noted."""
    callback = _visible(request, callback_id)
    try:
        shown = reveal_callback_phone(callback.pk, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return _refused(request, callback, refusal)
    return _page(request, callback, CallForm(), shown=shown)


@require_POST
def outcome(request: AuthedRequest, callback_id: int) -> HttpResponse:
    callback, form = _visible(request, callback_id), CallForm(request.POST)
    if not form.is_valid():
        return _page(request, callback, form, status=UNPROCESSABLE)
    try:
        noted = record_call(callback.pk, by=request.user, at=timezone.now(), **form.arguments())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, callback, form, status=UNPROCESSABLE)
    messages.success(request, _("The call was noted."))
    to_decide = noted.state == CallbackState.DONE and noted.solved != Solved.YES
    url = noted.get_absolute_url() if to_decide else reverse("demands:callbacks")
    return HttpResponseRedirect(url, status=303)


@require_POST
def reopen(request: AuthedRequest, callback_id: int) -> HttpResponse:
    callback = _visible(request, callback_id)
    try:
        reopen_after_call(callback.pk, note="", by=request.user, at=timezone.now())
    except Refusal as refusal:
        return _refused(request, callback, refusal)
    messages.success(request, _("Reopened. The unit has it again."))
    return HttpResponseRedirect(callback.get_absolute_url(), status=303)


def _visible(request: AuthedRequest, callback_id: int) -> Callback:
    rows = Callback.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, pk=callback_id)


def _refused(request: AuthedRequest, callback: Callback, refusal: Refusal) -> HttpResponse:
    form = CallForm({})
    form.errors.clear()
    form.add_error(None, str(refusal))
    return _page(request, callback, form, status=UNPROCESSABLE)


def _page(
    request: AuthedRequest,
    callback: Callback,
    form: CallForm,
    *,
    shown: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_held = callback.held_by_id == request.user.pk and callback.state == CallbackState.WAITING
    context = {
        "callback": callback,
        "demand": callback.demand,
        "form": form,
        "shown": shown,
        "calls": list(callback.calls.select_related("called_by").order_by("number")),
        "most_calls": MOST_CALLS,
        "may_note": is_held and request.user.has_perm("demands.call_back", callback),
        "may_reopen": callback.state == CallbackState.DONE
        and callback.solved in {Solved.NO, Solved.PARTLY}
        and not callback.has_reopened
        and request.user.has_perm("demands.call_back", callback)
        and request.user.has_perm("demands.reopen", callback.demand),
    }
    return render(request, "demands/callback.html", context, status=status)


def _tiles() -> list[Tile]:
    """The figures of this year, as the leader's page begins with."""
    today = timezone.localdate()
    period = period_of("year", today=today)
    found = verified(closed_from=period.first, closed_before=period.before)
    return [
        Tile(
            _("Satisfied on the telephone"),
            found.satisfaction_rate,
            found.satisfied,
            found.reached,
            "satisfied",
        ),
        Tile(
            _("Closed, but not solved"),
            found.false_rate,
            found.falsely_closed,
            found.claimed_solved,
            "false",
        ),
    ]
