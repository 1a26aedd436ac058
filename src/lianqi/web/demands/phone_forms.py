"""Forms about what a caller without an account says of an answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import Rating, Solved
from lianqi.web.demands.forms import ActForm, text_area


class HeardForm(ActForm):
    """Solved and satisfied are asked apart; nobody has to rate."""

    spoke_with = forms.CharField(label=_("Spoken with"), max_length=50)
    solved = forms.TypedChoiceField(
        label=_("Is the matter solved?"),
        choices=Solved.choices,
        coerce=Solved,
        widget=forms.RadioSelect,
    )
    rating = forms.TypedChoiceField(
        label=_("How satisfied is the caller?"),
        choices=[("", _("Did not say")), *Rating.choices],
        coerce=Rating,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Comment"), required=False, max_length=1000, widget=text_area(2))


class NotSolvedForm(ActForm):
    spoke_with = forms.CharField(label=_("Spoken with"), max_length=50)
    note = forms.CharField(label=_("What is still missing?"), max_length=1000, widget=text_area(3))
