"""Entering documents and moving them: broken down, duties complete, published, over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.policies import actions
from lianqi.policies.enums import PolicyStatus
from lianqi.policies.flow import BESIDE
from lianqi.policies.models import PolicyDocument
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.policies.forms import AbolishForm, PolicyForm
from lianqi.web.policies.seen import worked_on


@dataclass(frozen=True, slots=True)
class Press:
    """A move without anything to fill in, and how its button says it."""

    action: Callable[..., Any]
    label: Promise
    done: Promise
    icon: str
    tone: str = "default"
    permission: str = "policies.edit"
    intro: Promise | str = ""


PRESSES: Mapping[str, Press] = {
    "break_down": Press(
        actions.break_down, gettext_lazy("All articles are entered"),
        gettext_lazy("Broken down. Now every article needs its lead department."),
        "check", "primary",
        intro=gettext_lazy("From then on articles are not added or removed any more."),
    ),
    "complete_duties": Press(
        actions.complete_duties, gettext_lazy("All duties are given"),
        gettext_lazy("The duties are complete. The policy can be published."),
        "check", "primary", "policies.assign",
        intro=gettext_lazy(
            "Every article has one lead department and at least one responsible unit, and no "
            "overlap waits."
        ),
    ),
    "publish": Press(
        actions.publish, gettext_lazy("Publish"),
        gettext_lazy("Published with its list of duties. The lead departments were told."),
        "send", "primary",
        intro=gettext_lazy("Everybody can read it, without signing in."),
    ),
    "reopen": Press(
        actions.reopen, gettext_lazy("Break it down anew"),
        gettext_lazy("The articles can be changed again; duties stay."), "arrow-back-up",
    ),
    "revise": Press(
        actions.revise_policy, gettext_lazy("Begin the next version"),
        gettext_lazy("Begun as a copy. Change what is different, then publish it."), "copy",
        intro=gettext_lazy("This version stays in force until the first day of the next one."),
    ),
    "discard": Press(
        actions.discard_policy, gettext_lazy("Throw the draft away"),
        gettext_lazy("Thrown away."), "trash", "danger",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that the person may press now."""

    verb: str
    press: Press


def offers_for(request: AuthedRequest, document: PolicyDocument) -> list[Offer]:
    """The moves that the table and the permissions allow."""
    status = PolicyStatus(document.status)
    beside = {verb for verb, statuses in BESIDE.items() if status in statuses}
    possible = document.moves | (beside & {"revise", "discard"})
    return [
        Offer(verb, each)
        for verb, each in PRESSES.items()
        if verb in possible and request.user.has_perm(each.permission, document)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("policies.edit", raise_exception=True)
def add(request: AuthedRequest) -> HttpResponse:
    typed = PolicyForm(request.POST or None)
    added: list[PolicyDocument] = []

    def carry_out(_values: dict[str, Any]) -> None:
        added.append(actions.add_policy(typed.terms(), by=request.user, at=timezone.now()))

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Entered. Now break it down into its articles."))
        return HttpResponseRedirect(reverse("policies:desk", args=[added[0].pk]), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "policies/form.html", {"form": typed}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = worked_on(request, policy_id, "policies.edit")
    typed = PolicyForm(request.POST or None, initial=PolicyForm.initial_of(document))

    def carry_out(_values: dict[str, Any]) -> None:
        actions.change_policy(document.pk, typed.terms(), by=request.user, at=timezone.now())

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(document.get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    context = {"form": typed, "policy": document}
    return render(request, "policies/form.html", context, status=status)


@require_POST
def act(request: AuthedRequest, policy_id: int, verb: str) -> HttpResponse:
    """Press one of the buttons; a refusal is said on the page of the work."""
    if (chosen := PRESSES.get(verb)) is None:
        raise Http404
    document = worked_on(request, policy_id, chosen.permission)
    made: list[Any] = []

    def carry_out() -> None:
        made.append(chosen.action(document.pk, by=request.user, at=timezone.now()))

    press(request, carry_out, str(chosen.done))
    if not made:
        return HttpResponseRedirect(reverse("policies:desk", args=[document.pk]), status=303)
    if verb == "discard":
        return HttpResponseRedirect(reverse("policies:list"), status=303)
    name = "policies:detail" if verb == "publish" else "policies:desk"
    return HttpResponseRedirect(reverse(name, args=[made[0].pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def abolish_(request: AuthedRequest, policy_id: int) -> HttpResponse:
    document = worked_on(request, policy_id, "policies.edit")
    typed = AbolishForm(request.POST or None)

    def carry_out(values: dict[str, Any]) -> None:
        actions.abolish(document.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Abolished. It stays readable for the cases of its time."))
        return HttpResponseRedirect(document.get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    context = {"form": typed, "policy": document}
    return render(request, "policies/abolish.html", context, status=status)
