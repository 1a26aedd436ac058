"""Changing whom to reach about a demand."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.demands.actions import change_contacts
from lianqi.demands.models import MOST_CONTACTS
from lianqi.demands.queries import contacts_for, contacts_seen
from lianqi.shared.errors import Refusal
from lianqi.web.demands.contact_forms import ContactRows, fields_of
from lianqi.web.demands.page import visible_demand
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE


class SeenForm(forms.Form):
    """What the contacts were when the page was shown."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, demand_id: int) -> HttpResponse:
    """All contact persons of a demand, each in a row; a row that is emptied is left out."""
    demand = visible_demand(demand_id, request.user)
    if not request.user.has_perm("demands.keep_contacts", demand):
        raise PermissionDenied
    if request.method == "POST":
        form, rows = SeenForm(request.POST), ContactRows(request.POST, rows=MOST_CONTACTS)
        if all([form.is_valid(), rows.is_valid()]):
            try:
                change_contacts(
                    demand.pk,
                    rows.given(),
                    seen=form.cleaned_data["seen"] or None,
                    by=request.user,
                    at=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The contacts were changed."))
                return HttpResponseRedirect(demand.get_absolute_url(), status=303)
    else:
        form = SeenForm(initial={"seen": contacts_seen(demand)})
        people = contacts_for(demand, request.user)
        rows = ContactRows(rows=MOST_CONTACTS, initial=fields_of(people))
    context = {"demand": demand, "form": form, "people": rows}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "demands/contacts.html", context, status=status)
