"""Institutes: the list, one of them with what it offers, and keeping it."""

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

from lianqi.freetests.actions import (
    accredit,
    add_institute,
    change_institute,
    offer_test,
    withdraw_offer,
)
from lianqi.freetests.enums import Accreditor, LabOrderStatus
from lianqi.freetests.models import Institute, LabOffer, LabOrder
from lianqi.freetests.queries import places_of
from lianqi.web.freetests.institute_forms import AccreditForm, InstituteForm, OfferForm
from lianqi.web.freetests.page import ORDER_TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press

MOST_OFFERS = 200
MOST_ORDERS = 10


@require_safe
@permission_required("freetests.list_institutes", raise_exception=True)
def institutes(request: AuthedRequest) -> HttpResponse:
    found = Institute.objects.visible_to(request.user).prefetch_related("accreditations")
    page = newest_first(found, request.GET)
    today = timezone.localdate()
    places = places_of(page.rows, on=today)
    context = {
        "page": page,
        "rows": [
            (
                each,
                places[each.pk],
                [(known, known.is_valid(today)) for known in each.accreditations.all()],
            )
            for each in page.rows
        ],
        "may_add": request.user.has_perm("freetests.add_institute"),
    }
    return render(request, "freetests/institutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("freetests.add_institute", raise_exception=True)
def add(request: AuthedRequest) -> HttpResponse:
    typed = InstituteForm(request.POST or None, user=request.user)
    added: list[Institute] = []

    def carry_out(_values: dict[str, Any]) -> None:
        added.append(add_institute(typed.terms(), by=request.user, at=timezone.now()))

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Added. Now enter what it tests and who vouches for it."))
        return HttpResponseRedirect(added[0].get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "freetests/institute_form.html", {"form": typed}, status=status)


@require_safe
def institute(request: AuthedRequest, institute_id: int) -> HttpResponse:
    return _page(request, _seen(request, institute_id))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, institute_id: int) -> HttpResponse:
    found = _changed(request, institute_id)
    typed = InstituteForm(
        request.POST or None, user=request.user, initial=InstituteForm.initial_of(found)
    )

    def carry_out(_values: dict[str, Any]) -> None:
        change_institute(found.pk, typed.terms(), by=request.user, at=timezone.now())

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(found.get_absolute_url(), status=303)
    context = {"form": typed, "institute": found}
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "freetests/institute_form.html", context, status=status)


@require_POST
def accredit_(request: AuthedRequest, institute_id: int) -> HttpResponse:
    """Note a certificate, or the new last day of one that is known."""
    found = _changed(request, institute_id)
    typed = AccreditForm(request.POST, auto_id="id_accredit_%s")

    def carry_out(values: dict[str, Any]) -> None:
        kind = Accreditor(values.pop("accreditor"))
        accredit(found.pk, accreditor=kind, by=request.user, at=timezone.now(), **values)

    if not done(typed, carry_out):
        return _page(request, found, accreditation=typed)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@require_POST
def offer(request: AuthedRequest, institute_id: int) -> HttpResponse:
    """Add an item that the institute tests."""
    found = _changed(request, institute_id)
    typed = OfferForm(request.POST, auto_id="id_offer_%s")

    def carry_out(values: dict[str, Any]) -> None:
        offer_test(found.pk, by=request.user, at=timezone.now(), **values)

    if not done(typed, carry_out):
        return _page(request, found, line=typed)
    messages.success(request, _("Added. Task forces find it from now on."))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@require_POST
def take_back(request: AuthedRequest, offer_id: int) -> HttpResponse:
    seen = Institute.objects.visible_to(request.user)
    line = get_object_or_404(LabOffer.objects.filter(institute__in=seen), pk=offer_id)
    press(
        request,
        lambda: withdraw_offer(line.pk, by=request.user, at=timezone.now()),
        _("Withdrawn. What was ordered stays."),
    )
    return HttpResponseRedirect(line.institute.get_absolute_url(), status=303)


def _seen(request: AuthedRequest, institute_id: int) -> Institute:
    seen = Institute.objects.visible_to(request.user).select_related("enterprise")
    return get_object_or_404(seen, pk=institute_id)


def _changed(request: AuthedRequest, institute_id: int) -> Institute:
    found = _seen(request, institute_id)
    if not request.user.has_perm("freetests.change_institute", found):
        raise PermissionDenied
    return found


def _page(
    request: AuthedRequest,
    found: Institute,
    *,
    accreditation: forms.Form | None = None,
    line: forms.Form | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    orders = LabOrder.objects.visible_to(request.user).filter(institute=found).for_list()
    known = found.accreditations.order_by("accreditor", "pk")
    context = {
        "institute": found,
        "places": places_of([found], on=today)[found.pk],
        "accreditations": [(each, each.is_valid(today)) for each in known],
        "is_accredited": found.is_accredited(today),
        "offers": found.offers.standing().order_by("standard", "pk")[:MOST_OFFERS],
        "orders": [
            (each, ORDER_TONES[LabOrderStatus(each.status)]) for each in orders[:MOST_ORDERS]
        ],
        "may_change": request.user.has_perm("freetests.change_institute", found),
        "accredit_form": accreditation or AccreditForm(auto_id="id_accredit_%s"),
        "offer_form": line or OfferForm(auto_id="id_offer_%s"),
    }
    status = UNPROCESSABLE if accreditation or line else 200
    return render(request, "freetests/institute.html", context, status=status)
