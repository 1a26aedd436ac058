"""Forms of merging; the rules live in the action."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models import Demand
from lianqi.web.demands.forms import ActForm, text_area


class MergeForm(ActForm):
    into = forms.CharField(
        label=_("Number of the demand that stays"),
        max_length=20,
        help_text=_("It keeps its unit and its time limit. Both reporters get its answer."),
    )
    reason = forms.CharField(
        label=_("Why they are one matter"), max_length=500, widget=text_area(2)
    )

    def clean_into(self) -> Demand:
        """The demand of that number; whether it can take another in, the action says."""
        number = self.cleaned_data["into"].strip().upper()
        found = Demand.objects.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no demand with the number %(number)s. Copy it from the list."),
                params={"number": number},
            )
        return found


class UnmergeForm(ActForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=text_area(2))
