"""Forms of institutes, their accreditations and what they offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.freetests.actions import InstituteTerms
from lianqi.freetests.enums import Accreditor
from lianqi.freetests.models import Institute
from lianqi.register.models import Enterprise
from lianqi.web.demands.forms import date_input

MOST = 100_000


class InstituteForm(forms.Form):
    """An institute, and how much it tests for nothing."""

    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        required=False,
        help_text=_("If it is in the register, its enterprise users keep its side themselves."),
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=30)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=30, widget=forms.TextInput({"type": "tel"})
    )
    address = forms.CharField(label=_("Address for samples"), max_length=120, required=False)
    free_items = forms.IntegerField(
        label=_("Free test items in total"),
        min_value=0,
        max_value=MOST,
        initial=0,
        help_text=_("0 if it tests nothing for free; then leave the days empty."),
    )
    free_a_month = forms.IntegerField(
        label=_("of these at most a month"), min_value=0, max_value=MOST, required=False
    )
    free_an_enterprise = forms.IntegerField(
        label=_("of these at most for one enterprise"), min_value=0, max_value=MOST, required=False
    )
    free_from = forms.DateField(label=_("Free from"), required=False, widget=date_input())
    free_until = forms.DateField(label=_("Free until"), required=False, widget=date_input())
    is_active = forms.BooleanField(label=_("Takes orders"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    @classmethod
    def initial_of(cls, institute: Institute) -> dict[str, Any]:
        names = cls.base_fields.keys() - {"code"}
        firm = institute.enterprise
        return {name: getattr(institute, name) for name in names} | {
            "code": firm.code if firm else ""
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["enterprise"] = None
        if code := given.get("code", "").strip().upper():
            firms = Enterprise.objects.visible_to(self._user).living()
            given["enterprise"] = firms.filter(code=code).first()
            if given["enterprise"] is None:
                self.add_error("code", _("The register has no enterprise with this code."))
        return given

    def terms(self) -> InstituteTerms:
        """What the actions want to know."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        return InstituteTerms(**given)


class AccreditForm(forms.Form):
    accreditor = forms.ChoiceField(label=_("Accreditation"), choices=Accreditor.choices)
    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=40,
        help_text=_("A number that is known gets the new last day."),
    )
    valid_until = forms.DateField(label=_("Valid until"), widget=date_input())


class OfferForm(forms.Form):
    standard = forms.CharField(
        label=_("Standard"), max_length=80, help_text=_("Number and name, as it is cited.")
    )
    item = forms.CharField(label=_("Test item"), max_length=40)
    samples = forms.CharField(label=_("Amount of samples"), max_length=60)
    days = forms.IntegerField(label=_("Working days until the result"), min_value=1, max_value=250)
    price = forms.DecimalField(
        label=_("Normal price (yuan)"), min_value=0, max_digits=10, decimal_places=2
    )
