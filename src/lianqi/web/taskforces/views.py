"""Task forces: the list, the board of one, forming, naming people, closing."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.audit.models import Event
from lianqi.demands.models import Demand
from lianqi.taskforces.actions import (
    change_lead,
    change_types,
    change_units,
    close_force,
    form_force,
    join_force,
    leave_force,
)
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce
from lianqi.web.audit.words import verb_in_words
from lianqi.web.conversions.boards import columns_of
from lianqi.web.demands.entries import Entry
from lianqi.web.http import AuthedRequest
from lianqi.web.inbox.pages import page_by_due
from lianqi.web.inbox.rows import inbox_rows
from lianqi.web.lights import light_counts
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.taskforces.forms import (
    ChangeLeadForm,
    ChangeTypesForm,
    ChangeUnitsForm,
    CloseForm,
    ForceFilter,
    FormForm,
    JoinForm,
    LeaveForm,
)
from lianqi.web.taskforces.history import history_of
from lianqi.work.models import WorkItem

TONES = {ForceStatus.OPEN: "green", ForceStatus.CLOSED: "grey"}
LAST_ACTS = 15
# What an event may have said.
QUOTED = ("reason", "note", "person_name", "unit_name", "order")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done about a force, and how its button says it."""

    action: Callable[..., object]
    form: type[forms.Form]
    label: Promise
    done: Promise
    icon: str
    tone: str = "primary"


ACTS: Mapping[str, Act] = {
    "join": Act(
        join_force, JoinForm, gettext_lazy("Name a person"),
        gettext_lazy("Named; the matters of the task force are in that person's inbox too."),
        "user-plus",
    ),
    "leave": Act(
        leave_force, LeaveForm, gettext_lazy("Release a person"), gettext_lazy("Released."),
        "logout", "default",
    ),
    "change_units": Act(
        change_units, ChangeUnitsForm, gettext_lazy("Change the member units"),
        gettext_lazy("Changed. The units were told."), "users", "default",
    ),
    "change_types": Act(
        change_types, ChangeTypesForm, gettext_lazy("Change the problem types"),
        gettext_lazy("Changed. From now on the duty catalogue says so."), "transfer", "default",
    ),
    "change_lead": Act(
        change_lead, ChangeLeadForm, gettext_lazy("Change the lead unit"),
        gettext_lazy("Changed. Both units were told."), "building", "default",
    ),
    "close": Act(
        close_force, CloseForm, gettext_lazy("Close the task force"),
        gettext_lazy("The task force is closed; the lead unit has its open demands."),
        "x", "danger",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it."""

    verb: str
    act: Act
    form: forms.Form


@require_safe
@permission_required("taskforces.list", raise_exception=True)
def forces(request: AuthedRequest) -> HttpResponse:
    narrowing = ForceFilter(request.GET)
    found = narrowing.narrow(TaskForce.objects.visible_to(request.user))
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": narrowing,
        "page": page,
        "rows": [(force, TONES[ForceStatus(force.status)]) for force in page.rows],
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "taskforces/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("taskforces.form", raise_exception=True)
def form(request: AuthedRequest) -> HttpResponse:
    """Enter the order by which a task force is formed."""
    typed = FormForm(request.POST or None)
    formed: list[TaskForce] = []

    def carry_out(values: dict[str, Any]) -> None:
        formed.append(form_force(people=(), by=request.user, at=timezone.now(), **values))

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("The task force is formed. Name its people now."))
        return HttpResponseRedirect(formed[0].get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "taskforces/form.html", {"form": typed}, status=status)


@require_safe
def board(request: AuthedRequest, force_id: int) -> HttpResponse:
    return _page(request, _seen(request, force_id))


@require_POST
def act(request: AuthedRequest, force_id: int, verb: str) -> HttpResponse:
    """Carry out one act; what is refused comes back as it was typed, with 422."""
    force = _seen(request, force_id)
    if (chosen := ACTS.get(verb)) is None:
        raise Http404
    typed = chosen.form(request.POST, force=force)  # type: ignore[call-arg]  # each of them takes it

    def carry_out(values: dict[str, Any]) -> object:
        return chosen.action(force.pk, by=request.user, at=timezone.now(), **values)

    if not done(typed, carry_out):
        return _page(request, _seen(request, force_id), typed, verb)
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(force.get_absolute_url(), status=303)


def _seen(request: AuthedRequest, force_id: int) -> TaskForce:
    if not request.user.has_perm("taskforces.list"):
        raise PermissionDenied
    seen = TaskForce.objects.visible_to(request.user).select_related(
        "unit", "lead_unit", "opened_by", "closed_by"
    )
    return get_object_or_404(seen, pk=force_id)


def _page(
    request: AuthedRequest,
    force: TaskForce,
    bound: forms.Form | None = None,
    bound_verb: str = "",
) -> HttpResponse:
    now = timezone.now()
    verbs = [verb for verb in ACTS if request.user.has_perm(f"taskforces.{verb}", force)]
    owed = WorkItem.objects.visible_to(request.user).open().filter(unit=force.unit)
    page = page_by_due(owed, request.GET.get("after", ""))
    # To a closed force, everything it ever took.
    lines = [rule for rule in force.duties if rule.valid_to is None or force.closed_at]
    context = {
        "force": force,
        "tone": TONES[ForceStatus(force.status)],
        "columns": columns_of(force, request.user, at=now),
        "may_begin": force.closed_at is None and request.user.has_perm("conversions.begin", force),
        "counts": light_counts(owed, at=now),
        "rows": inbox_rows(page.items, at=now),
        "after": page.after,
        "members": force.members.present().with_people(),
        "member_units": force.member_units,
        "categories": [(rule.category, rule.consented_by_id is not None) for rule in lines],
        "history": history_of(force),
        "offers": [
            Offer(
                verb,
                ACTS[verb],
                bound if bound is not None and verb == bound_verb else ACTS[verb].form(force=force),  # type: ignore[call-arg]  # as above
            )
            for verb in verbs
        ],
        # A refusal whose form is no longer offered, because the force was closed, is said on top.
        "refused": bound if bound is not None and bound_verb not in verbs else None,
        "entries": _entries(force, request, at=now),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "taskforces/board.html", context, status=status)


def _entries(force: TaskForce, request: AuthedRequest, *, at: dt.datetime) -> list[Entry]:
    """The last acts on the force and on its demands, the newest first."""
    acts = Event.objects.about(TaskForce._meta.label_lower, force.pk).filter(at__lte=at)
    numbers = dict(
        Demand.objects.visible_to(request.user)
        .filter(unit=force.unit)
        .order_by("-pk")
        .values_list("pk", "number")[:200]
    )
    on_demands = Event.objects.changes().filter(
        subject_kind=Demand._meta.label_lower, subject_id__in=list(numbers)
    )
    newest = [*acts.order_by("-pk")[:LAST_ACTS], *on_demands.order_by("-pk")[:LAST_ACTS]]
    newest.sort(key=lambda event: -event.pk)
    return [
        Entry(
            at=event.at,
            title=f"{verb_in_words(event.verb)} {_number(event, numbers)}".strip(),
            by=event.by_name,
            text=next((str(said) for key in QUOTED if (said := event.detail.get(key))), ""),
        )
        for event in newest[:LAST_ACTS]
    ]


def _number(event: Event, numbers: dict[int, str]) -> str:
    is_demand = event.subject_kind == Demand._meta.label_lower
    return numbers.get(event.subject_id, "") if is_demand else ""
