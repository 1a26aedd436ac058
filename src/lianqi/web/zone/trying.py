"""Who would get it? A matter is gone through as if it were filed; nothing is stored."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianqi.accounts.models import User
from lianqi.demands.queries import BY_RULE, SCORERS, Supposed, Tried, try_catalogue
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Enterprise, Grid, Industry, KeyList, Park
from lianqi.web.amounts import AMOUNTS
from lianqi.web.demands.forms import CategoryField, date_input, text_area
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE
from lianqi.work.enums import Urgency

OPENING = dt.time(9)


class TryForm(forms.Form):
    """A matter and whose it is: an enterprise of the register, or what one supposes of it."""

    category = CategoryField(
        label=gettext_lazy("Category"), empty_label=gettext_lazy("Please choose")
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=5000, required=False, widget=text_area(3)
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        required=False,
        choices=[("", gettext_lazy("what is usual for the category")), *Urgency.choices],
    )
    on = forms.DateField(label=gettext_lazy("Filed on"), widget=date_input())
    enterprise = forms.CharField(
        label=gettext_lazy("Enterprise"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Name or credit code; what follows is then not asked."),
    )
    industry = forms.CharField(
        label=gettext_lazy("Industry"),
        max_length=4,
        required=False,
        help_text=gettext_lazy("GB/T 4754-2017: two to four digits"),
    )
    district = forms.CharField(label=gettext_lazy("Street or town"), max_length=60, required=False)
    grid = forms.ModelChoiceField(
        Grid.objects.order_by("code"), label=gettext_lazy("Grid"), required=False, empty_label="—"
    )
    chain = forms.ModelChoiceField(
        Chain.objects.order_by("name"),
        label=gettext_lazy("Industry chain"),
        required=False,
        empty_label="—",
    )
    park = forms.ModelChoiceField(
        Park.objects.order_by("name"), label=gettext_lazy("Park"), required=False, empty_label="—"
    )
    key_list = forms.ModelChoiceField(
        KeyList.objects.filter(is_active=True).order_by("name"),
        label=gettext_lazy("Key-enterprise list"),
        required=False,
        empty_label="—",
    )
    award = forms.CharField(label=gettext_lazy("Title awarded"), max_length=60, required=False)
    size_class = forms.ChoiceField(
        label=gettext_lazy("Size"), required=False, choices=[("", "—"), *SizeClass.choices]
    )

    def __init__(self, data: Any = None, *, user: User, today: dt.date) -> None:
        super().__init__(data, initial={"on": today})
        self._firms = Enterprise.objects.visible_to(user).living()

    def clean_enterprise(self) -> Enterprise | None:
        said = self.cleaned_data["enterprise"].strip()
        if not said:
            return None
        found = (
            self._firms.filter(code=said.upper()).first() or self._firms.filter(name=said).first()
        )
        if found is None:
            raise forms.ValidationError(
                _("No enterprise of exactly this name or code is among those you may see.")
            )
        return found

    def clean_industry(self) -> Industry | None:
        said = self.cleaned_data["industry"].strip()
        if not said:
            return None
        found = Industry.objects.filter(code=said).first()
        if found is None:
            raise forms.ValidationError(_("GB/T 4754-2017 has no such code."))
        return found

    def tried(self) -> Tried:
        """What would become of it, at the opening of that day."""
        given = self.cleaned_data
        names = ("industry", "grid", "chain", "park", "key_list", "district", "size_class")
        opening = dt.datetime.combine(given["on"], OPENING, timezone.get_default_timezone())
        return try_catalogue(
            given["category"],
            enterprise=given["enterprise"],
            supposed=Supposed(**{name: given[name] for name in names}, title=given["award"]),
            title=given["title"],
            text=given["text"],
            urgency=Urgency(given["urgency"]) if given["urgency"] else None,
            filed_at=opening,
            scorers=self.scorers,
        )

    scorers = SCORERS


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthedRequest) -> HttpResponse:
    """The form; sent, with what would become of the matter below it."""
    if not request.user.has_perm("demands.try_catalogue"):
        raise PermissionDenied
    form = TryForm(request.POST or None, user=request.user, today=timezone.localdate())
    if not request.user.has_perm("demands.view_clusters"):
        form.scorers = BY_RULE  # the others speak of demands that this person may not see
    tried = form.tried() if form.is_valid() else None
    context = {
        "form": form,
        "matter": [form[name] for name in ("category", "title", "text", "urgency", "on")],
        "firm": [form[name] for name in list(form.fields)[5:]],
        "may_manage": request.user.has_perm("demands.manage_categories"),
        "tried": tried,
        "deadlines": [
            (each, AMOUNTS[each.length.kind] % {"count": each.length.amount})
            for each in (tried.deadlines if tried else ())
        ],
    }
    status = UNPROCESSABLE if form.is_bound and tried is None else 200
    return render(request, "zone/try.html", context, status=status)
