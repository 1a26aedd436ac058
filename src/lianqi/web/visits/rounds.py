"""Video rounds of a leader: planned, held live on one page, and what became of each promise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.demands.enums import DemandStatus
from lianqi.register.models import Enterprise
from lianqi.visits.actions import (
    cancel_round,
    change_round,
    hold_round,
    note_agenda_item,
    plan_round,
    raise_matter,
)
from lianqi.visits.enums import PromiseState, RoundStatus
from lianqi.visits.models import Round, Visit, VisitMatter
from lianqi.visits.queries import promise_state, round_counts
from lianqi.web.demands.page import TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_first, newest_matches
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.visits.forms import AgendaNoteForm, CancelForm, RaiseForm, RoundForm

MOST_MATCHES = 8
ROUND_TONES = {
    RoundStatus.PLANNED: "blue",
    RoundStatus.HELD: "green",
    RoundStatus.CANCELLED: "grey",
}
PROMISE_TONES = {
    PromiseState.AT_ONCE: "green",
    PromiseState.KEPT: "green",
    PromiseState.LATE: "amber",
    PromiseState.RUNNING: "blue",
    PromiseState.BROKEN: "red",
    PromiseState.OPEN: "grey",
    PromiseState.WITHDRAWN: "grey",
}

reads_rounds = permission_required("visits.list_rounds", raise_exception=True)
plans_rounds = permission_required("visits.plan_round", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of a round with what became of it."""

    matter: VisitMatter
    tone: str
    state: PromiseState
    state_tone: str


@dataclass(frozen=True, slots=True)
class Item:
    """One enterprise of the agenda; the forms are there for whoever keeps it."""

    visit: Visit
    lines: list[Line]
    note: AgendaNoteForm | None
    asks: RaiseForm | None
    is_open: bool


@require_safe
@reads_rounds
def rounds(request: AuthedRequest) -> HttpResponse:
    page = newest_first(Round.objects.visible_to(request.user).for_list(), request.GET)
    counts = round_counts(page.rows, on=timezone.localdate())
    context = {
        "page": page,
        "rows": [
            (each, ROUND_TONES[RoundStatus(each.status)], counts[each.pk]) for each in page.rows
        ],
        "may_plan": request.user.has_perm("visits.plan_round"),
    }
    return render(request, "visits/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@plans_rounds
def plan(request: AuthedRequest) -> HttpResponse:
    """The form; sent with the button `find` it only searches, for browsers without script."""
    initial = {"leader": request.user.pk}
    return _planning(request, None, initial, lambda given: plan_round(**given))


@require_http_methods(["GET", "HEAD", "POST"])
@plans_rounds
def change(request: AuthedRequest, round_id: int) -> HttpResponse:
    held = _seen(request, round_id)
    if not request.user.has_perm("visits.change_round", held):
        raise PermissionDenied
    initial = {
        "title": held.title,
        "leader": held.leader_id,
        "starts_at": timezone.localtime(held.starts_at),
        "place": held.place,
        "units": list(held.seats.values_list("unit_id", flat=True)),
        "enterprises": list(held.agenda.order_by("position").values_list("enterprise", flat=True)),
    }

    def act(given: dict[str, Any]) -> Round:
        known = {name: given[name] for name in given if name not in {"leader", "idempotency_key"}}
        return change_round(held.pk, **known)

    return _planning(request, held, initial, act)


def _planning(
    request: AuthedRequest,
    held: Round | None,
    initial: dict[str, Any],
    act: Callable[[dict[str, Any]], Round],
) -> HttpResponse:
    is_sent = request.method == "POST" and "find" not in request.POST
    if request.method == "POST":
        initial = request.POST.dict() | {
            name: request.POST.getlist(name) for name in ("enterprises", "units")
        }
    shown = _shown(request, initial.get("enterprises") or [])
    form = (
        RoundForm(request.POST, shown=shown) if is_sent else RoundForm(initial=initial, shown=shown)
    )
    planned: list[Round] = []

    def carry_out(_given: dict[str, Any]) -> None:
        planned.append(act(form.arguments() | {"by": request.user, "at": timezone.now()}))

    if is_sent and done(form, carry_out):
        messages.success(request, _("The round is planned; who takes part was told."))
        return HttpResponseRedirect(planned[0].get_absolute_url(), status=303)
    context = {"form": form, "round": held, "wanted": _given(request).get("firm", "")}
    status = UNPROCESSABLE if is_sent else 200
    return render(request, "visits/plan.html", context, status=status)


@require_safe
@plans_rounds
def find_enterprises(request: AuthedRequest) -> HttpResponse:
    """Those ticked so far and those found, as a fragment."""
    ticked = request.GET.getlist("enterprises")
    form = RoundForm(initial={"enterprises": ticked}, shown=_shown(request, ticked))
    context = {"form": form, "wanted": request.GET.get("firm", "")}
    return render(request, "visits/plan.html#firms", context)


@require_safe
@reads_rounds
def detail(request: AuthedRequest, round_id: int) -> HttpResponse:
    return _page(request, _seen(request, round_id))


@require_POST
@reads_rounds
def note(request: AuthedRequest, visit_id: int) -> HttpResponse:
    visit = _item(request, visit_id)
    form = AgendaNoteForm(request.POST, visit=visit)

    def act(given: dict[str, Any]) -> None:
        note_agenda_item(visit.pk, by=request.user, at=timezone.now(), **given)

    return _acted(request, visit, form, act, _("Noted."))


@require_POST
@reads_rounds
def ask(request: AuthedRequest, visit_id: int) -> HttpResponse:
    visit = _item(request, visit_id)
    form = RaiseForm(request.POST, visit=visit)
    raised: list[str] = []

    def act(_given: dict[str, Any]) -> None:
        demand = raise_matter(visit.pk, by=request.user, at=timezone.now(), **form.arguments())
        raised.append(demand.number)

    return _acted(request, visit, form, act, _("The matter was taken down."))


@require_POST
@reads_rounds
def hold(request: AuthedRequest, round_id: int) -> HttpResponse:
    held = _seen(request, round_id)
    press(
        request,
        lambda: hold_round(held.pk, by=request.user, at=timezone.now()),
        _("The round has ended; the enterprises were told."),
    )
    return HttpResponseRedirect(held.get_absolute_url(), status=303)


@require_POST
@reads_rounds
def cancel(request: AuthedRequest, round_id: int) -> HttpResponse:
    held, form = _seen(request, round_id), CancelForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        cancel_round(held.pk, reason=given["reason"], by=request.user, at=timezone.now())

    if not done(form, act):
        return _page(request, held, form)
    messages.success(request, _("The round was called off; who was invited was told."))
    return HttpResponseRedirect(held.get_absolute_url(), status=303)


def _acted(
    request: AuthedRequest,
    visit: Visit,
    form: AgendaNoteForm | RaiseForm,
    act: Callable[[dict[str, Any]], None],
    said: str,
) -> HttpResponse:
    assert visit.round is not None  # `_item` asked
    if not done(form, act):
        return _page(request, _seen(request, visit.round.pk), form, visit)
    messages.success(request, said)
    url = f"{visit.round.get_absolute_url()}#visit-{visit.pk}"
    return HttpResponseRedirect(url, status=303)


def _page(
    request: AuthedRequest,
    held: Round,
    bound: forms.Form | None = None,
    at_item: Visit | None = None,
) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    is_planned = held.status == RoundStatus.PLANNED
    agenda = Visit.objects.visible_to(user).filter(round=held).order_by("position", "pk")
    visits = list(agenda.select_related("enterprise"))
    matters = VisitMatter.objects.filter(visit__in=visits).order_by("pk")
    by_visit: dict[int, list[Line]] = {visit.pk: [] for visit in visits}
    for matter in matters.select_related("demand__unit", "unit"):
        state = promise_state(matter, on=today)
        tone = TONES[DemandStatus(matter.demand.status)]
        by_visit[matter.visit_id].append(Line(matter, tone, state, PROMISE_TONES[state]))
    items = [
        _item_of(
            visit,
            by_visit[visit.pk],
            bound if at_item is not None and at_item.pk == visit.pk else None,
            keeps=is_planned and user.has_perm("visits.keep_agenda_item", visit),
        )
        for visit in visits
    ]
    may_cancel = user.has_perm("visits.cancel_round", held)
    context = {
        "round": held,
        "tone": ROUND_TONES[RoundStatus(held.status)],
        "units": list(held.units.order_by("path")),
        "items": items,
        "count": round_counts([held], on=today)[held.pk],
        "promise_tones": PROMISE_TONES,
        "may_change": user.has_perm("visits.change_round", held),
        "may_hold": user.has_perm("visits.hold_round", held),
        "cancel_form": (bound if isinstance(bound, CancelForm) else CancelForm())
        if may_cancel
        else None,
        "reads_internal": user.has_perm("visits.read_internal"),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "visits/round.html", context, status=status)


def _item_of(visit: Visit, lines: list[Line], bound: forms.Form | None, *, keeps: bool) -> Item:
    if not keeps:
        return Item(visit, lines, None, None, is_open=False)
    written = {name: getattr(visit, name) for name in ("theirs", "said", "internal")}
    return Item(
        visit,
        lines,
        bound
        if isinstance(bound, AgendaNoteForm)
        else AgendaNoteForm(initial=written, visit=visit),
        bound if isinstance(bound, RaiseForm) else RaiseForm(visit=visit),
        is_open=bound is not None,
    )


def _seen(request: AuthedRequest, round_id: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.user).for_list(), pk=round_id)


def _item(request: AuthedRequest, visit_id: int) -> Visit:
    visible = Visit.objects.visible_to(request.user).filter(round__isnull=False)
    return get_object_or_404(visible.select_related("round", "enterprise"), pk=visit_id)


def _given(request: AuthedRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _shown(request: AuthedRequest, ticked: list[Any]) -> list[Enterprise]:
    """Those ticked, in their order, then those searched for."""
    ids = [pk for each in ticked if (pk := as_id(str(each))) is not None]
    living = Enterprise.objects.living()
    chosen = living.in_bulk(ids)
    wanted = _given(request).get("firm", "")
    unindexed = living.search(wanted, by_index=False)
    found = newest_matches(living.search(wanted), MOST_MATCHES, unindexed=unindexed)
    return [
        *(chosen[pk] for pk in dict.fromkeys(ids) if pk in chosen),
        *(firm for firm in found if firm.pk not in chosen),
    ]
