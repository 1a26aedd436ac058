"""Forms of objections and their decisions; the rules live in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import ObjectionReason
from lianqi.web.demands.forms import ActForm, text_area


class ObjectForm(ActForm):
    reason = forms.TypedChoiceField(
        label=_("Reason"), choices=ObjectionReason.choices, coerce=ObjectionReason
    )
    note = forms.CharField(label=_("Explanation"), max_length=1000, widget=text_area(3))
    proposed = forms.ModelChoiceField(
        Unit.objects.for_choice(),
        label=_("Unit you hold responsible"),
        required=False,
        empty_label=_("not sure"),
    )


class OverruleForm(ActForm):
    decision = forms.CharField(
        label=_("Grounds"),
        max_length=1000,
        widget=text_area(3),
        help_text=_("Why this unit is responsible. The enterprise does not see it."),
    )


class NamingForm(OverruleForm):
    """Uphold, arbitrate: which unit, and why."""

    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Responsible unit"), empty_label=_("Please choose")
    )

    field_order = ("unit", "decision")
