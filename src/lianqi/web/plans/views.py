"""One plan: begun, read, acted upon, printed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.models import Demand
from lianqi.plans.actions import begin_plan, record_view
from lianqi.plans.enums import MeasureStatus, PlanStatus, Reply, Verdict
from lianqi.plans.models import PlanNote, ServicePlan
from lianqi.plans.queries import Shown, clocks_of, shown_to
from lianqi.register.models import Enterprise
from lianqi.web.demands.page import clock_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.plans.acts import PLAN_ACTS, plan_offers
from lianqi.web.plans.forms import BeginForm
from lianqi.web.plans.lists import MEASURE_TONES, TONES, VERDICT_TONES
from lianqi.web.plans.story import story_of

MOST_NOTES = 50
REPLY_TONES = {
    Reply.AGREED: "green",
    Reply.SENT_BACK: "amber",
    Reply.TAKEN_BACK: "grey",
    Reply.LAPSED: "grey",
}


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """Begin the plan of an enterprise; `?demand=` names one that it shall answer."""
    firms = Enterprise.objects.visible_to(request.user).living()
    enterprise = get_object_or_404(firms, pk=enterprise_id)
    if not request.user.has_perm("plans.begin", enterprise):
        raise PermissionDenied
    named = as_id(request.GET.get("demand", ""))
    initial = {
        "unit": request.user.unit,
        "officer": request.user,
        "demands": [named] if named else [],
    }
    typed = BeginForm(
        request.POST or None, user=request.user, enterprise=enterprise, initial=initial
    )
    begun: list[ServicePlan] = []

    def carry_out(_values: dict[str, Any]) -> None:
        begun.append(
            begin_plan(enterprise=enterprise, by=request.user, at=timezone.now(), **typed.values())
        )

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Begun. Add the measures, then propose it to the enterprise."))
        return HttpResponseRedirect(begun[0].get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    context = {"form": typed, "enterprise": enterprise}
    return render(request, "plans/begin.html", context, status=status)


@require_safe
def detail(request: AuthedRequest, plan_id: int) -> HttpResponse:
    plan = _seen(request, plan_id)
    record_view(plan, by=request.user, at=timezone.now())
    return _page(request, plan)


@require_POST
def act(request: AuthedRequest, plan_id: int, verb: str) -> HttpResponse:
    """Carry out one act; what is refused comes back as it was typed, with 422."""
    plan = _seen(request, plan_id)
    if (chosen := PLAN_ACTS.get(verb)) is None:
        raise Http404
    if not request.user.has_perm("plans.view", plan):
        raise PermissionDenied
    typed = chosen.form(request.POST, plan=plan, user=request.user)

    def carry_out(_values: dict[str, Any]) -> object:
        return chosen.action(plan.pk, by=request.user, at=timezone.now(), **typed.values())

    if not done(typed, carry_out):
        return _page(request, _seen(request, plan_id), typed, verb)
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(plan.get_absolute_url(), status=303)


@require_safe
def sheet(request: AuthedRequest, plan_id: int) -> HttpResponse:
    """The plan on paper: what the enterprise may read, for both sides to keep."""
    plan = _seen(request, plan_id)
    record_view(plan, by=request.user, at=timezone.now())
    shown = shown_to(plan, request.user)
    agreed = plan.proposals.filter(reply=Reply.AGREED).order_by("round").last()
    context = {
        "plan": plan,
        "shown": shown,
        "agreed": agreed,
        "demands": _demands(plan, request),
        "printed_on": timezone.localdate(),
    }
    return render(request, "plans/sheet.html", context)


def _seen(request: AuthedRequest, plan_id: int) -> ServicePlan:
    seen = ServicePlan.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("enterprise", "unit", "officer"), pk=plan_id)


def _demands(plan: ServicePlan, request: AuthedRequest) -> Any:
    seen = Demand.objects.visible_to(request.user)
    return seen.filter(pk__in=plan.demands.values("pk")).order_by("-pk")


def _page(
    request: AuthedRequest,
    plan: ServicePlan,
    bound: forms.Form | None = None,
    bound_verb: str = "",
) -> HttpResponse:
    user = request.user
    inside = user.has_perm("plans.view_notes", plan)
    shown = shown_to(plan, user)
    offers = plan_offers(plan, user, bound=bound, bound_verb=bound_verb)
    verbs = {offer.verb for offer in offers}
    context = {
        "plan": plan,
        "tone": TONES[PlanStatus(plan.status)],
        "shown": shown,
        "inside": inside,
        "measures": _measures(shown),
        "demands": _demands(plan, request),
        "proposals": [
            (each, REPLY_TONES[Reply(each.reply)] if each.reply else "blue")
            for each in plan.proposals.order_by("-round")
        ],
        "notes": PlanNote.objects.visible_to(user)
        .filter(plan=plan)
        .select_related("written_by")
        .order_by("-pk")[:MOST_NOTES],
        "may_open_register": user.has_perm("register.view", plan.enterprise),
        "offers": offers,
        # A refusal whose form is no longer offered is said on top.
        "refused": bound if bound is not None and bound_verb not in verbs else None,
        "entries": story_of(plan, inside=inside),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "plans/detail.html", context, status=status)


def _measures(shown: Shown) -> list[dict[str, Any]]:
    """The rows of the table: of what was only proposed no more than its words."""
    at = timezone.now()
    clocks = clocks_of([each.now for each in shown.measures if each.now is not None])
    rows = []
    for each in shown.measures:
        row: dict[str, Any] = {"said": each}
        if (now := each.now) is not None:
            row |= {
                "now": now,
                "tone": MEASURE_TONES[MeasureStatus(now.status)],
                "clock": clock_of(clocks.get(now.pk), at=at),
                "verdict_tone": VERDICT_TONES[Verdict(now.verdict)] if now.verdict else "",
            }
        rows.append(row)
    return rows
