"""Forms of “cannot be solved” and of the appeal; the rules live in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import AppealVerdict, Decision
from lianqi.demands.models import Ground
from lianqi.web.demands.forms import ActForm, text_area


class UnsolvableForm(ActForm):
    ground = forms.ModelChoiceField(
        Ground.objects.in_use(), label=_("Ground"), empty_label=_("Please choose")
    )
    basis = forms.CharField(
        label=_("Legal or policy basis"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("With number and article. The enterprise reads it."),
    )
    text = forms.CharField(
        label=_("Explanation for the enterprise"),
        max_length=5000,
        widget=text_area(4),
        help_text=_("Why the matter cannot be solved, and what was tried. It is the answer."),
    )


class SignForm(ActForm):
    decision = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[(Decision.GRANTED, _("Sign")), (Decision.REFUSED, _("Return to the unit"))],
        coerce=Decision,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note for the unit"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("Needed if you return it. The enterprise does not see it."),
    )


class AppealForm(ActForm):
    text = forms.CharField(
        label=_("What should be looked at again, and why"),
        max_length=5000,
        widget=text_area(4),
    )


class AppealByPhoneForm(AppealForm):
    spoke_with = forms.CharField(label=_("Spoken with"), max_length=50)

    field_order = ("spoke_with", "text")


class DecideAppealForm(ActForm):
    verdict = forms.TypedChoiceField(
        label=_("Decision"),
        choices=AppealVerdict.choices,
        coerce=AppealVerdict,
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=5000,
        widget=text_area(4),
        help_text=_("The enterprise reads them."),
    )
