"""Forms of anonymous tips."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models import DemandCategory
from lianqi.web.demands.forms import ActForm, text_area


class TipsterForm(ActForm):
    """What the unit writes to somebody whose name it does not know."""

    text = forms.CharField(
        label=_("Message"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("Read by whoever comes back with the secret code. Ask for no name."),
    )


class HumanForm(forms.Form):
    """A form of a public page: `website` is out of sight, so only a program fills it in."""

    website = forms.CharField(required=False, label=_("Leave this field empty"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty: only programs fill it in."))
        return ""


class TipForm(HumanForm):
    """A tip: what it is about, and nothing about whom it is from."""

    category = forms.ModelChoiceField(
        DemandCategory.objects.for_tips(), label=_("Category"), empty_label=_("Please choose")
    )
    title = forms.CharField(label=_("Title"), max_length=100)
    text = forms.CharField(
        label=_("What happened"),
        max_length=5000,
        widget=text_area(8),
        help_text=_("What, where, since when. Leave out what would tell who you are."),
    )
    idempotency_key = forms.CharField(
        min_length=16, max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )


class CodeForm(HumanForm):
    """The number and the secret code with which a tipster comes back."""

    number = forms.CharField(label=_("Number"), max_length=20)
    secret = forms.CharField(
        label=_("Secret code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "class": "lq-code"}),
    )


class ReplyForm(CodeForm):
    number = forms.CharField(widget=forms.HiddenInput())
    secret = forms.CharField(widget=forms.HiddenInput())
    text = forms.CharField(label=_("Your message"), max_length=2000, widget=text_area(4))
