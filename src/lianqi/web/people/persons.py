"""People: the list, one person with roles and tokens. For platform administrators."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.actions import (
    change_person,
    create_person,
    grant_role,
    issue_token,
    revoke_role,
    revoke_token,
)
from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import RoleAssignment, User
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.people.forms import NewPersonForm, PeopleFilter, PersonForm, RoleForm, TokenForm
from lianqi.web.people.scopes import in_words

reads_people = permission_required("accounts.view_people", raise_exception=True)
manages_people = permission_required("accounts.manage_people", raise_exception=True)


@require_safe
@reads_people
def people(request: AuthedRequest) -> HttpResponse:
    """The list, newest account first."""
    form = PeopleFilter(request.GET)
    rows = User.people.all()
    if form.is_valid():
        if query := form.cleaned_data["q"].strip():
            rows = rows.search(query)
        if role := form.cleaned_data["role"]:
            rows = rows.holding(Role(role), on=timezone.localdate())
    page = newest_first(
        rows.select_related("unit").prefetch_related("role_assignments"), request.GET
    )
    context = {
        "form": form,
        "page": page,
        "may_manage": request.user.has_perm("accounts.manage_people"),
    }
    return render(request, "people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_people
@sensitive_post_parameters("password")
def add(request: AuthedRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    made: list[User] = []

    def act(values: dict[str, Any]) -> None:
        made.append(create_person(by=request.user, at=timezone.now(), **values))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The person was added. Give a role now."))
        return HttpResponseRedirect(_page(made[0].pk), status=303)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@reads_people
def person(request: AuthedRequest, person_id: int) -> HttpResponse:
    """One person; a POST writes the particulars."""
    shown = _person(person_id)
    if request.method != "POST":
        return _render(request, shown)
    if not request.user.has_perm("accounts.manage_people"):
        raise PermissionDenied
    form = PersonForm(request.POST)

    def act(values: dict[str, Any]) -> None:
        change_person(person_id, by=request.user, at=timezone.now(), **values)

    if not done(form, act):
        return _render(request, shown, form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(_page(person_id), status=303)


@require_POST
@manages_people
def grant(request: AuthedRequest, person_id: int) -> HttpResponse:
    shown, form = _person(person_id), RoleForm(request.POST, auto_id="id_role_%s")

    def act(values: dict[str, Any]) -> None:
        grant_role(
            shown,
            Role(values["role"]),
            by=request.user,
            at=timezone.now(),
            scope=values["scope"],
            scope_id=values["scope_id"],
            from_on=values["from_on"],
            until_on=values["until_on"],
        )

    if not done(form, act):
        return _render(request, shown, role_form=form)
    messages.success(request, _("The role was given."))
    return HttpResponseRedirect(_page(person_id), status=303)


@require_POST
@manages_people
def revoke(request: AuthedRequest, person_id: int, assignment_id: int) -> HttpResponse:
    held = get_object_or_404(
        RoleAssignment.objects.select_related("user"), pk=assignment_id, user_id=person_id
    )

    def act() -> None:
        revoke_role(
            held.user,
            Role(held.role),
            by=request.user,
            at=timezone.now(),
            scope=Scope(held.scope),
            scope_id=held.scope_id,
        )

    press(request, act, _("The role was taken away."))
    return HttpResponseRedirect(_page(person_id), status=303)


@never_cache
@require_POST
@manages_people
def issue(request: AuthedRequest, person_id: int) -> HttpResponse:
    """Make a token and show it, this one time, in the answer itself."""
    shown, form = _person(person_id), TokenForm(request.POST, auto_id="id_token_%s")
    made: list[str] = []

    def act(values: dict[str, Any]) -> None:
        made.append(issue_token(shown, label=values["label"], by=request.user, at=timezone.now()))

    if not done(form, act):
        return _render(request, shown, token_form=form)
    return _render(request, shown, token=made[0])


@require_POST
@manages_people
def revoke_a_token(request: AuthedRequest, person_id: int, token_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id, api_tokens__pk=token_id)
    revoke_token(token_id, by=request.user, at=timezone.now())
    messages.success(request, _("The token no longer works."))
    return HttpResponseRedirect(_page(shown.pk), status=303)


def _person(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("unit"), pk=person_id)


def _page(person_id: int) -> str:
    return reverse("people:person", args=[person_id])


def _render(
    request: AuthedRequest,
    shown: User,
    *,
    form: PersonForm | None = None,
    role_form: RoleForm | None = None,
    token_form: TokenForm | None = None,
    token: str = "",
) -> HttpResponse:
    refused = any(given is not None for given in (form, role_form, token_form))
    context = {
        "person": shown,
        "form": form or PersonForm(initial=PersonForm.particulars(shown)),
        "role_form": role_form or RoleForm(auto_id="id_role_%s"),
        "token_form": token_form or TokenForm(auto_id="id_token_%s"),
        "roles": in_words(shown.role_assignments.order_by("role", "scope", "scope_id")),
        "tokens": shown.api_tokens.order_by("-pk"),
        "absences": shown.absences.not_over(on=timezone.localdate()).for_list(),
        "token": token,
        "may_manage": request.user.has_perm("accounts.manage_people"),
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "people/person.html", context, status=status)
