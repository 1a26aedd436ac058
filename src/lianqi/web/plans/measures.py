"""One measure of a plan: how it stands, what was said of it, and what can be done about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lianqi.plans.actions import record_view
from lianqi.plans.enums import MeasureStatus, Verdict
from lianqi.plans.models import Measure
from lianqi.plans.queries import clocks_of
from lianqi.supervision.models import SupervisionOrder
from lianqi.web.demands.page import clock_of
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.plans.acts import MEASURE_ACTS, measure_offers
from lianqi.web.plans.lists import MEASURE_TONES, VERDICT_TONES
from lianqi.web.plans.story import story_of_measure


@require_safe
def detail(request: AuthedRequest, plan_id: int, measure_id: int) -> HttpResponse:
    measure = _seen(request, plan_id, measure_id)
    record_view(measure.plan, by=request.user, at=timezone.now())
    return _page(request, measure)


@require_POST
def act(request: AuthedRequest, plan_id: int, measure_id: int, verb: str) -> HttpResponse:
    """Carry out one act; what is refused comes back as it was typed, with 422."""
    measure = _seen(request, plan_id, measure_id)
    if (chosen := MEASURE_ACTS.get(verb)) is None:
        raise Http404
    typed = chosen.form(request.POST, measure=measure)

    def carry_out(_values: dict[str, Any]) -> object:
        return chosen.action(measure.pk, by=request.user, at=timezone.now(), **typed.values())

    if not done(typed, carry_out):
        return _page(request, _seen(request, plan_id, measure_id), typed, verb)
    messages.success(request, str(chosen.done))
    back = measure.plan if verb == "drop" else measure
    return HttpResponseRedirect(back.get_absolute_url(), status=303)


def _seen(request: AuthedRequest, plan_id: int, measure_id: int) -> Measure:
    seen = Measure.objects.visible_to(request.user).select_related(
        "plan__enterprise", "plan__unit", "plan__officer", "unit", "person", "settled_by"
    )
    return get_object_or_404(seen, pk=measure_id, plan=plan_id)


def _page(
    request: AuthedRequest,
    measure: Measure,
    bound: forms.Form | None = None,
    bound_verb: str = "",
) -> HttpResponse:
    at, user = timezone.now(), request.user
    inside = user.has_perm("plans.view_notes", measure.plan)
    offers = measure_offers(measure, user, bound=bound, bound_verb=bound_verb)
    verbs = {offer.verb for offer in offers}
    item = clocks_of([measure]).get(measure.pk)
    context = {
        "measure": measure,
        "plan": measure.plan,
        "inside": inside,
        "tone": MEASURE_TONES[MeasureStatus(measure.status)],
        "verdict_tone": VERDICT_TONES[Verdict(measure.verdict)] if measure.verdict else "",
        "clock": clock_of(item, at=at),
        "offers": offers,
        "refused": bound if bound is not None and bound_verb not in verbs else None,
        "orders": SupervisionOrder.objects.visible_to(user).about(measure),
        "order_about": item if user.has_perm("supervision.issue") else None,
        "entries": story_of_measure(measure, inside=inside),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "plans/measure.html", context, status=status)
