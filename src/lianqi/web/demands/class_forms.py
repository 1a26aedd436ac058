"""Forms of classes of cases: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.models import Demand, DemandQuerySet
from lianqi.web.demands.forms import ActForm, date_input, text_area


class NewClassForm(forms.Form):
    """A class of cases: what it is, who fixes its cause until when, and which demands it has."""

    title = forms.CharField(
        label=_("Title"), max_length=100, help_text=_("The common cause in one sentence.")
    )
    note = forms.CharField(
        label=_("What has to change"),
        max_length=2000,
        widget=text_area(4),
        help_text=_("So that no more demands of this kind come in."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Responsible unit"), empty_label=_("Please choose")
    )
    fix_on = forms.DateField(label=_("To be fixed by"), widget=date_input())
    demands = forms.ModelMultipleChoiceField(
        queryset=Demand.objects.none(),
        label=_("Demands"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one demand.")},
    )

    def __init__(self, *args: Any, demands: DemandQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["demands"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = demands


class FixForm(ActForm):
    note = forms.CharField(
        label=_("What was changed"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("Every enterprise that reported it reads this."),
    )


class DayForm(ActForm):
    """Another day, and why."""

    fix_on = forms.DateField(label=_("To be fixed by"), widget=date_input())
    note = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(2))


class DropForm(ActForm):
    note = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(2))


class LinkForm(ActForm):
    number = forms.CharField(label=_("Number of the demand"), max_length=20)
