"""Who acts for an enterprise: requests, decisions, invitations, and waiting for them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User, token_digest
from lianqi.register.actions import (
    accept_invitation,
    confirm_membership,
    end_membership,
    invite_member,
    refuse_membership,
    request_membership,
)
from lianqi.register.enums import MembershipState
from lianqi.register.models import Enterprise, Membership
from lianqi.web.http import AnyRequest, AuthedRequest
from lianqi.web.middleware import open_without_role
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.people.forms import INVITATION, InviteForm, MembershipRequestForm

lists_members = permission_required("register.list_members", raise_exception=True)
confirms_members = permission_required("register.confirm_members", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@open_without_role
def waiting(request: AuthedRequest) -> HttpResponse:
    """What becomes of one's own requests; a POST asks to act for an enterprise."""
    form = MembershipRequestForm(request.POST or None)

    def act(values: dict[str, Any]) -> None:
        request_membership(code=values["code"], by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, act):
        return HttpResponseRedirect(reverse("people:waiting"), status=303)
    own = request.user.memberships.select_related("enterprise").order_by("-pk")
    context = {
        "form": form,
        "memberships": own,
        "is_waiting": any(each.state == MembershipState.WAITING for each in own),
        "has_role": bool(request.user.assignments),
    }
    return render(
        request, "people/waiting.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_safe
@lists_members
def memberships(request: AuthedRequest) -> HttpResponse:
    """Requests to decide, and below them what was decided lately."""
    visible = Membership.objects.visible_to(request.user)
    rows = visible.select_related("enterprise", "user", "decided_by")
    context = {
        "waiting": rows.waiting()[:200],
        "page": newest_first(rows.exclude(state=MembershipState.WAITING), request.GET),
        "may_confirm": request.user.has_perm("register.confirm_members"),
        "roles": [(role.value, role.label) for role in Role if role in ENTERPRISE_ROLES],
    }
    return render(request, "people/memberships.html", context)


@require_POST
@confirms_members
def confirm(request: AuthedRequest, membership_id: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.visible_to(request.user), pk=membership_id)
    given = request.POST.get("role", row.role)
    role = Role(given) if given in ENTERPRISE_ROLES else Role(row.role)

    def act() -> None:
        confirm_membership(row.pk, by=request.user, at=timezone.now(), role=role)

    press(request, act, _("Confirmed. The person can act for the enterprise from now on."))
    return HttpResponseRedirect(reverse("people:memberships"), status=303)


@require_POST
@confirms_members
def refuse(request: AuthedRequest, membership_id: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.visible_to(request.user), pk=membership_id)
    reason = request.POST.get("reason", "")[:200]

    def act() -> None:
        refuse_membership(row.pk, reason=reason, by=request.user, at=timezone.now())

    press(request, act, _("Refused. The person is told the reason."))
    return HttpResponseRedirect(reverse("people:memberships"), status=303)


@require_safe
def own_members(request: AuthedRequest) -> HttpResponse:
    """The firms one administers; with a single one, straight to its people."""
    own = request.user.scope_ids(Scope.ENTERPRISE, Role.ENTERPRISE_ADMIN)
    firms = list(Enterprise.objects.living().filter(pk__in=own).order_by("name", "pk"))
    if not firms:
        raise PermissionDenied
    if len(firms) == 1:
        return HttpResponseRedirect(reverse("people:members", args=[firms[0].pk]))
    return render(request, "people/own_members.html", {"firms": firms})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """The people of a firm; a POST invites somebody and shows the link this one time."""
    firm = _administered(request.user, enterprise_id)
    form = InviteForm(request.POST or None)
    made: list[str] = []

    def act(values: dict[str, Any]) -> None:
        secret = invite_member(
            firm.pk,
            email=values["email"],
            role=Role(values["role"]),
            by=request.user,
            at=timezone.now(),
            site=settings.SITE_URL or request.build_absolute_uri("/").rstrip("/"),
        )
        made.append(request.build_absolute_uri(reverse("people:invitation", args=[secret])))

    sent_to = ""
    if request.method == "POST" and done(form, act):
        sent_to, form = form.cleaned_data["email"], InviteForm()
    states = [MembershipState.CONFIRMED, MembershipState.WAITING, MembershipState.INVITED]
    visible = Membership.objects.visible_to(request.user).filter(enterprise=firm)
    rows = visible.filter(state__in=states).select_related("user").order_by("state", "pk")
    context = {"firm": firm, "form": form, "rows": rows, "link": "".join(made), "sent_to": sent_to}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "people/members.html", context, status=status)


@require_POST
def end(request: AuthedRequest, enterprise_id: int, membership_id: int) -> HttpResponse:
    firm = _administered(request.user, enterprise_id)
    visible = Membership.objects.visible_to(request.user)
    row = get_object_or_404(visible, pk=membership_id, enterprise=firm)

    def act() -> None:
        end_membership(row.pk, by=request.user, at=timezone.now())

    press(request, act, _("Ended. The person can no longer act for the enterprise."))
    here = reverse("people:members", args=[firm.pk])
    return HttpResponseRedirect(reverse("home") if row.user == request.user else here, status=303)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@open_without_role
def invitation(request: AnyRequest, token: str) -> HttpResponse:
    """An invitation: accept it when signed in, else sign in or register first."""
    user = request.user if isinstance(request.user, User) else None
    row = (
        Membership.objects.filter(token=token_digest(token), state=MembershipState.INVITED)
        .select_related("enterprise")
        .first()
    )
    if row is None:
        return render(request, "people/invitation_over.html", status=404)
    if request.method == "POST" and user is not None:

        def act() -> None:
            accept_invitation(token, by=user, at=timezone.now())

        press(request, act, _("You act for %(name)s from now on.") % {"name": row.enterprise})
        return HttpResponseRedirect(reverse("home"), status=303)
    if user is None:
        request.session[INVITATION] = token
    return render(request, "people/invitation.html", {"membership": row, "here": request.path})


def _administered(user: User, enterprise_id: int) -> Enterprise:
    firm = get_object_or_404(Enterprise.objects.visible_to(user), pk=enterprise_id)
    if not user.has_perm("register.invite", firm):
        raise PermissionDenied
    return firm
