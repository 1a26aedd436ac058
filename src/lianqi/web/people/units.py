"""Units: the tree, adding, changing, moving. An auditor reads them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.actions import change_unit, create_unit, move_unit
from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done
from lianqi.web.people.forms import MoveForm, NewUnitForm, UnitForm

reads_units = permission_required("accounts.view_units", raise_exception=True)
manages_units = permission_required("accounts.manage_units", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree, with what lies below it."""

    unit: Unit
    people: int
    below: "list[Branch]"


def tree() -> list[Branch]:
    """The whole tree in two queries. A zone has some hundreds of units at most."""
    active = User.objects.filter(is_active=True, unit__isnull=False)
    people = dict(active.values_list("unit").annotate(Count("pk")))
    everything = Unit.objects.select_related("leader")
    branches: dict[int, Branch] = {}
    roots: list[Branch] = []
    for unit in sorted(everything, key=lambda each: (each.path.count("/"), each.name)):
        branches[unit.pk] = Branch(unit, people.get(unit.pk, 0), [])
        parent = branches.get(unit.parent_id or 0)
        (parent.below if parent else roots).append(branches[unit.pk])
    return roots


@require_safe
@reads_units
def units(request: AuthedRequest) -> HttpResponse:
    may_manage = request.user.has_perm("accounts.manage_units")
    return render(request, "people/units.html", {"tree": tree(), "may_manage": may_manage})


@require_http_methods(["GET", "HEAD", "POST"])
@manages_units
def add_unit(request: AuthedRequest) -> HttpResponse:
    form = NewUnitForm(request.POST or None, initial={"parent": request.GET.get("under")})

    def act(values: dict[str, Any]) -> None:
        create_unit(by=request.user, at=timezone.now(), **_with_kind(values))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The unit was added."))
        return HttpResponseRedirect(reverse("people:units"), status=303)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/unit_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@reads_units
def unit(request: AuthedRequest, unit_id: int) -> HttpResponse:
    """One unit; a POST writes its particulars."""
    shown = get_object_or_404(Unit.objects.select_related("leader", "parent"), pk=unit_id)
    if request.method != "POST":
        return _render(request, shown)
    if not request.user.has_perm("accounts.manage_units"):
        raise PermissionDenied
    form = UnitForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        change_unit(unit_id, by=request.user, at=timezone.now(), **_with_kind(values))

    if not done(form, act):
        return _render(request, shown, form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("people:units"), status=303)


@require_POST
@manages_units
def move(request: AuthedRequest, unit_id: int) -> HttpResponse:
    shown = get_object_or_404(Unit.objects.select_related("leader", "parent"), pk=unit_id)
    form = MoveForm(request.POST, auto_id="id_move_%s")

    def act(values: dict[str, Any]) -> None:
        move_unit(unit_id, parent=values["parent"], by=request.user, at=timezone.now())

    if not done(form, act):
        return _render(request, shown, move_form=form)
    messages.success(request, _("The unit was moved, with everything below it."))
    return HttpResponseRedirect(reverse("people:units"), status=303)


def _with_kind(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"kind": UnitKind(values["kind"])}


def _render(
    request: AuthedRequest,
    shown: Unit,
    *,
    form: UnitForm | None = None,
    move_form: MoveForm | None = None,
) -> HttpResponse:
    particulars = {
        "name": shown.name,
        "kind": shown.kind,
        "leader": shown.leader_id,
        "industries": ", ".join(shown.industries),
        "phone": shown.phone,
        "is_active": shown.is_active,
    }
    context = {
        "unit": shown,
        "form": form or UnitForm(initial=particulars),
        "move_form": move_form
        or MoveForm(auto_id="id_move_%s", initial={"parent": shown.parent_id}),
        "may_manage": request.user.has_perm("accounts.manage_units"),
        "people": shown.people.filter(is_active=True).order_by("name", "pk"),
    }
    return render(
        request, "people/unit.html", context, status=UNPROCESSABLE if form or move_form else 200
    )
