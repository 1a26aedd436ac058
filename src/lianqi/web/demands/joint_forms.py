"""Forms of assisting and transferring; the rules live in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.web.demands.forms import ActForm, text_area


class AddAssistanceForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Assisting unit"), empty_label=_("Please choose")
    )
    request = forms.CharField(label=_("What is asked of it"), max_length=1000, widget=text_area(3))


class RemoveAssistanceForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Assisting unit"), empty_label=_("Please choose")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=text_area(2))


class ContributeForm(ActForm):
    text = forms.CharField(
        label=_("Contribution"),
        max_length=5000,
        widget=text_area(5),
        help_text=_("It goes to the leading unit. The enterprise does not see it."),
    )


class AskTransferForm(ActForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(3))
    proposed = forms.ModelChoiceField(
        Unit.objects.for_choice(),
        label=_("Unit you hold responsible"),
        required=False,
        empty_label=_("not sure"),
    )


class TransferForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Responsible unit"), empty_label=_("Please choose")
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(3))


class RefuseTransferForm(ActForm):
    decision = forms.CharField(label=_("Grounds"), max_length=1000, widget=text_area(3))
