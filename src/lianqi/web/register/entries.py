"""Changing the register by hand: create, edit, merge, reveal a contact."""

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
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.register.actions import (
    change_enterprise,
    create_enterprise,
    merge_enterprises,
    reveal_contact,
)
from lianqi.register.models import Contact, Enterprise
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id
from lianqi.web.register.forms import EnterpriseForm, NewEnterpriseForm, PurposeForm, initial_of

UNPROCESSABLE = 422


def _to(enterprise: Enterprise) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("register:detail", args=[enterprise.pk]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("register.change", raise_exception=True)
def create(request: AuthedRequest) -> HttpResponse:
    """Enter an enterprise by hand."""
    form = NewEnterpriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _to(create_enterprise(by=request.user, at=timezone.now(), **form.cleaned_data))
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "register/edit.html", {"form": form, "enterprise": None}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """Change the fields of an enterprise."""
    enterprise = _visible(request, enterprise_id)
    if not request.user.has_perm("register.change", enterprise):
        raise PermissionDenied
    form = EnterpriseForm(request.POST or None, initial=initial_of(enterprise))
    if request.method == "POST" and form.is_valid():
        try:
            change_enterprise(
                enterprise.pk, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return _to(enterprise)
    context: dict[str, Any] = {"form": form, "enterprise": enterprise}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "register/edit.html", context, status=status)


@require_POST
def merge(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """Fold the entry that the form names into this one."""
    survivor = _visible(request, enterprise_id)
    duplicate = _visible(request, as_id(request.POST.get("duplicate", "")) or 0)
    try:
        merge_enterprises(
            survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(code)s was merged into this entry. Its history is kept.")
            % {"code": duplicate.code},
        )
    return _to(survivor)


@never_cache
@require_POST
def reveal(request: AuthedRequest, contact_id: int) -> HttpResponse:
    """Show one contact unmasked, once, for the purpose given."""
    visible = Enterprise.objects.visible_to(request.user)
    contact = get_object_or_404(
        Contact.objects.select_related("enterprise"), pk=contact_id, enterprise__in=visible
    )
    form, shown = PurposeForm(request.POST), None
    if form.is_valid():
        try:
            shown = reveal_contact(
                contact.pk,
                purpose=form.cleaned_data["purpose"],
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("purpose", str(refusal))
    template = "register/contact.html#contact" if request.htmx else "register/contact.html"
    context = {
        "contact": shown,
        "contact_id": contact.pk,
        "enterprise": contact.enterprise,
        "form": form,
    }
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


def _visible(request: AuthedRequest, enterprise_id: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=enterprise_id)
