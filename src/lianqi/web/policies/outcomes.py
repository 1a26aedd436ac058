"""What a policy came to (成效): telling it, and taking back what was told wrongly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.policies import actions
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import PolicyOutcome
from lianqi.policies.queries import Computed, OutcomeShown, outcomes_shown
from lianqi.register.enums import Qualifier
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.policies.outcome_forms import OutcomeForm
from lianqi.web.policies.seen import worked_on
from lianqi.web.sums import count, factor, money, share
from lianqi.web.templatetags.lianqi_ui import number, wan


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome in words: what was told, and what follows from it; empty ones left out."""

    outcome: PolicyOutcome
    told: list[tuple[str, str]]
    follows: list[tuple[str, str]]


def outcome_lines(shown: list[OutcomeShown]) -> list[OutcomeLine]:
    return [OutcomeLine(each.outcome, _told(each.outcome), _follows(each)) for each in shown]


@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """What a document came to, what was withdrawn too; posting tells more."""
    document = worked_on(request, policy_id, "policies.tell_outcome")
    typed = OutcomeForm(request.POST or None, document=document)

    def carry_out(_values: dict[str, Any]) -> None:
        actions.tell_outcome(document.pk, typed.terms(), by=request.user, at=timezone.now())

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Entered. Everybody who reads the policy sees it."))
        here = reverse("policies:outcomes", args=[document.pk])
        return HttpResponseRedirect(here, status=303)
    page = newest_first(document.outcomes.for_list(), request.GET)
    context = {
        "policy": document,
        "page": page,
        "lines": outcome_lines(outcomes_shown(page.rows)),
        "form": typed,
        "may_tell": document.status in BESIDE["tell_outcome"],
    }
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "policies/outcomes.html", context, status=status)


@require_POST
def withdraw(request: AuthedRequest, policy_outcome_id: int) -> HttpResponse:
    rows = PolicyOutcome.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=policy_outcome_id)
    if not request.user.has_perm("policies.tell_outcome", found.document):
        raise PermissionDenied
    press(
        request,
        lambda: actions.withdraw_outcome(found.pk, by=request.user, at=timezone.now()),
        _("Withdrawn."),
    )
    page = reverse("policies:outcomes", args=[found.document_id])
    return HttpResponseRedirect(page, status=303)


def _told(outcome: PolicyOutcome) -> list[tuple[str, str]]:
    measure = outcome.measure
    limit = _("Limit, only planned") if measure and measure.is_planned else _("Limit")
    told = [
        (_("Money given"), _as_told(wan, outcome.amount, outcome.amount_is)),
        (_("Applied"), _as_told(number, outcome.applied, outcome.applied_is)),
        (_("Got it"), _as_told(number, outcome.reached, outcome.reached_is)),
        (limit, wan(measure.limit) if measure and measure.limit is not None else ""),
    ]
    return [pair for pair in told if pair[1]]


def _as_told(show: Any, value: Any, how: str) -> str:
    if value is None:
        return ""
    if how == Qualifier.EXACT:
        return str(show(value))
    return f"{Qualifier(how).label} {show(value)}"


def _follows(each: OutcomeShown) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = [
        (_("For each that got it"), _say(money, each.each)),
        (_("Share of those who applied"), _say(share, each.granted)),
        (_("Applied and did not get it"), _say(count, each.left_out)),
        (_("Share of the limit drawn"), _say(share, each.used)),
        (_("Left of the limit"), _left(each.left)),
        (_("Limit against what was given before"), _say(factor, each.multiple)),
    ]
    return [pair for pair in found if pair[1]]


def _say(show: Callable[..., str], found: Computed | None) -> str:
    return "" if found is None else show(found.value, is_about=found.is_about)


def _left(left: Computed | None) -> str:
    """What was given beyond the limit is said in words, not as a sum below zero."""
    if left is None or left.value >= 0:
        return _say(money, left)
    return _("overdrawn by %(sum)s") % {"sum": money(-left.value, is_about=left.is_about)}
