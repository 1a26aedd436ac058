"""Forms of handling: the contact log, notes and reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import ContactOutcome, ContactWay
from lianqi.web.demands.forms import ActForm, ManyFilesField, text_area
from lianqi.work.enums import CHOSEN_PAUSES, PauseReason


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ContactForm(ActForm):
    way = forms.TypedChoiceField(label=_("How"), choices=ContactWay.choices, coerce=ContactWay)
    outcome = forms.TypedChoiceField(
        label=_("Result"),
        choices=ContactOutcome.choices,
        coerce=ContactOutcome,
        widget=forms.RadioSelect,
    )
    spoke_with = forms.CharField(
        label=_("Spoken with"),
        required=False,
        max_length=50,
        help_text=_("Needed if somebody was reached."),
    )
    made_at = forms.DateTimeField(label=_("When"), widget=moment_input(), required=False)
    note = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("The enterprise does not see it."),
    )


class InternalNoteForm(ActForm):
    text = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("Only people of the zone who see this demand read it."),
    )


class InterimForm(ActForm):
    text = forms.CharField(
        label=_("Interim answer"),
        max_length=5000,
        widget=text_area(4),
        help_text=_("What is clear already, what comes next, and when. The enterprise reads it."),
    )


class ProgressForm(ActForm):
    text = forms.CharField(
        label=_("Progress"),
        max_length=5000,
        widget=text_area(4),
        help_text=_("What was done since the last report, and what comes next."),
    )
    is_shared = forms.BooleanField(label=_("The enterprise reads it"), required=False, initial=True)


class AskForm(ActForm):
    reason = forms.TypedChoiceField(
        label=_("What you wait for"), choices=CHOSEN_PAUSES, coerce=PauseReason
    )
    text = forms.CharField(
        label=_("What the enterprise reads"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("Ask for one thing after the other, each by its name."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("Which letter, call or record shows it? The enterprise does not see it."),
    )


class ReplyForm(ActForm):
    text = forms.CharField(label=_("Your reply"), max_length=5000, widget=text_area(4))
    attachments = ManyFilesField(
        label=_("Attachments"),
        required=False,
        help_text=_("Up to 10 files: documents, spreadsheets, pictures."),
    )


class GroundsForm(ActForm):
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=5000,
        widget=text_area(4),
        help_text=_("What was asked, when and how. The enterprise reads it."),
    )
