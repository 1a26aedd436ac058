"""The form in which it is told what a policy came to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.policies.actions import OutcomeTerms
from lianqi.policies.models import PolicyDocument, PolicyMeasure
from lianqi.register.enums import Qualifier
from lianqi.web.demands.forms import date_input
from lianqi.web.plans.forms import choose_from
from lianqi.web.sums import MoneyField

FIGURES = ("amount", "applied", "reached")


def exactness(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=Qualifier.choices, initial=Qualifier.EXACT, required=False
    )


class OutcomeForm(forms.Form):
    """Figures as somebody told them; what is not known stays empty."""

    measure = forms.ModelChoiceField(
        PolicyMeasure.objects.none(),
        label=_("Policy measure"),
        required=False,
        empty_label=_("the policy as a whole"),
    )
    amount = MoneyField(label=_("Money given"), required=False)
    amount_is = exactness(_("How exact the money is"))
    applied = forms.IntegerField(
        label=_("How many applied"),
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        help_text=_("Leave empty where nobody has to apply."),
    )
    applied_is = exactness(_("How exact the number of applications is"))
    reached = forms.IntegerField(
        label=_("How many got it"), min_value=0, max_value=2**31 - 1, required=False
    )
    reached_is = exactness(_("How exact the number of those is"))
    since = forms.DateField(label=_("First day"), required=False, widget=date_input())
    until = forms.DateField(label=_("Last day"), required=False, widget=date_input())
    time_said = forms.CharField(
        label=_("Time, as the source says"),
        max_length=60,
        required=False,
        help_text=_("Where it names no days, as 近3年."),
    )
    draws_on_limit = forms.BooleanField(
        label=_("The money counts towards the limit of the measure"),
        required=False,
        help_text=_("Not what was given before the limit was agreed."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who told it, where and when.")
    )

    def __init__(self, *args: Any, document: PolicyDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "measure", document.measures.order_by("position", "pk"))

    def terms(self) -> OutcomeTerms:
        given = {**self.cleaned_data}
        for name in FIGURES:
            given[f"{name}_is"] = Qualifier(given[f"{name}_is"] or Qualifier.EXACT)
        return OutcomeTerms(**given)
