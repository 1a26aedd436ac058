"""Forms of more time, another urgency, another handler; the rules live in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import CHOSEN_DECISIONS, Decision
from lianqi.web.demands.forms import ActForm, text_area
from lianqi.work.enums import Urgency

MOST = 999


class ExtendForm(ActForm):
    amount = forms.IntegerField(
        label=_("How much"),
        min_value=1,
        max_value=MOST,
        help_text=_("In days or hours, as the time limit counts."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(3),
        help_text=_("The enterprise reads it if the time is given."),
    )


class DecideExtensionForm(ActForm):
    decision = forms.TypedChoiceField(
        label=_("Decision"), choices=CHOSEN_DECISIONS, coerce=Decision, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note for the unit"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("Needed for a refusal. The enterprise does not see it."),
    )


class UrgencyForm(ActForm):
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Urgency.choices, coerce=Urgency)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("For the zone; the enterprise sees the urgency, not the reason."),
    )


class HandlerForm(ActForm):
    # Narrowed to the people of the unit when it is shown; the action refuses anybody else.
    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Handler"), empty_label=_("Please choose")
    )
