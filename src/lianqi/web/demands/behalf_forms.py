"""Forms about filing for another enterprise: the demand with the consent, and the objection."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lianqi.demands.actions import Consent
from lianqi.demands.enums import ConsentWay, Covers
from lianqi.web.demands.forms import ActForm, FilingForm, date_input, text_area


class RepresentingForm(FilingForm):
    """A demand of another enterprise, named by its code, and that this enterprise consented.

    `enterprise` is here the filer's own, which acts; somebody of the zone has none.
    """

    code = forms.CharField(
        label=_("Unified social credit code of the enterprise"),
        max_length=18,
        help_text=_("Of the enterprise whose demand it is. It is told at once and may object."),
    )
    consent_by = forms.CharField(label=_("Who consented"), max_length=50)
    consent_position = forms.CharField(label=_("Position"), max_length=50)
    consent_way = forms.ChoiceField(
        label=_("How the consent was given"), choices=ConsentWay.choices, widget=forms.RadioSelect
    )
    consent_on = forms.DateField(label=_("Day of the consent"), widget=date_input())
    covers = forms.ChoiceField(
        label=_("What the consent covers"), choices=Covers.choices, widget=forms.RadioSelect
    )
    letter = forms.FileField(
        label=_("Letter or proof of consent"),
        required=False,
        help_text=_("Needed if there is a signed letter."),
    )

    def __init__(self, *args: Any, by_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, on_behalf=by_staff, **kwargs)
        for name in ("urgency", "firm_name", "firm_code", "service_point"):
            self.fields.pop(name, None)
        if by_staff:
            del self.fields["enterprise"]
        else:
            self.fields["enterprise"].label = _("Your enterprise, which files")

    def clean(self) -> dict[str, Any]:
        """Whose demand it is stands in the code; `enterprise` says who files."""
        given = forms.Form.clean(self) or self.cleaned_data
        if "enterprise" in self.fields and not given.get("enterprise"):
            self.add_error("enterprise", _("Choose your enterprise."))
        return given

    def consent(self) -> Consent:
        given = self.cleaned_data
        letter: UploadedFile[Any] | None = given["letter"] or None
        return Consent(
            by=given["consent_by"],
            position=given["consent_position"],
            way=ConsentWay(given["consent_way"]),
            on=given["consent_on"],
            covers=Covers(given["covers"]),
            letter=letter,
        )

    def arguments(self) -> dict[str, Any]:
        """What `file_for_another` wants to know, but for the represented enterprise."""
        given = super().arguments()
        agent = given.pop("enterprise", None)
        own = ("code", "covers", "letter", "consent_by", "consent_position", "consent_way")
        for name in (*own, "consent_on", "urgency"):
            given.pop(name, None)
        return {**given, "agent": agent, "consent": self.consent()}


class EndForm(ActForm):
    goes_on = forms.TypedChoiceField(
        label=_("What becomes of the demand?"),
        coerce=lambda word: word == "yes",
        choices=[
            ("yes", _("It goes on as our own demand")),
            ("no", _("It is withdrawn")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=text_area(2),
        help_text=_("Whoever filed it reads this."),
    )
