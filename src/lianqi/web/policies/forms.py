"""Forms of documents and of what the library can be narrowed by."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.policies.actions import PolicyTerms
from lianqi.policies.enums import LifeStage, PolicyLevel, PolicyOrder, PolicyStatus, Theme
from lianqi.policies.models import PolicyDocument, PolicyDocumentQuerySet
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Industry
from lianqi.web.demands.forms import choosing, date_input, text_area
from lianqi.web.register.forms import SectionField

ALL = ("", _("All"))
MOST_STATED = 1000


class PolicyFilter(forms.Form):
    """What a list of documents can be narrowed by; what was filled in wrongly narrows nothing."""

    q = forms.CharField(
        label=_("Title, number or wording"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "minlength": 2}),
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[ALL, *PolicyLevel.choices], widget=choosing()
    )
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, choices=[ALL, *Theme.choices], widget=choosing()
    )
    section = SectionField(
        label=_("Industry"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Industry.objects.filter(level=1).order_by("code"),
    )
    chain = forms.ModelChoiceField(
        Chain.objects.order_by("name"),
        label=_("Industry chain"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    size = forms.ChoiceField(
        label=_("Size"), required=False, choices=[ALL, *SizeClass.choices], widget=choosing()
    )
    stage = forms.ChoiceField(
        label=_("Stage of life"),
        required=False,
        choices=[ALL, *LifeStage.choices],
        widget=choosing(),
    )
    on = forms.DateField(label=_("In force on"), required=False, widget=date_input())
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[ALL, *PolicyStatus.choices], widget=choosing()
    )
    sort = forms.ChoiceField(
        label=pgettext_lazy("list", "Order"),
        required=False,
        choices=PolicyOrder.choices,
        widget=choosing(),
    )

    def __init__(self, *args: Any, is_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_staff:
            del self.fields["status"]

    def order(self) -> PolicyOrder:
        """What was chosen; known once `narrow` was asked."""
        return PolicyOrder(self.cleaned_data.get("sort") or "")

    def narrow(
        self, documents: PolicyDocumentQuerySet, *, by_index: bool = True
    ) -> PolicyDocumentQuerySet:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if words := chosen.get("q"):
            documents = documents.search(words, by_index=by_index)
        if level := chosen.get("level"):
            documents = documents.filter(level=level)
        if theme := chosen.get("theme"):
            documents = documents.on_theme(theme)
        if section := chosen.get("section"):
            documents = documents.about_industry(section.code)
        if chain := chosen.get("chain"):
            documents = documents.in_chain(chain)
        if size := chosen.get("size"):
            documents = documents.for_size(size)
        if stage := chosen.get("stage"):
            documents = documents.for_stage(stage)
        if day := chosen.get("on"):
            documents = documents.in_force(day)
        if status := chosen.get("status"):
            documents = documents.filter(status=status)
        return documents


class PolicyForm(forms.Form):
    """A document as it is entered."""

    title = forms.CharField(label=_("Title"), max_length=200)
    issuer = forms.CharField(label=pgettext_lazy("policy", "Issued by"), max_length=120)
    level = forms.ChoiceField(
        label=_("Level"), choices=PolicyLevel.choices, initial=PolicyLevel.ZONE
    )
    number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    published_on = forms.DateField(
        label=_("Issued on"),
        required=False,
        widget=date_input(),
        help_text=_("Leave days empty that the source does not print."),
    )
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=date_input())
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=date_input(),
        help_text=_("The last day on which it holds."),
    )
    is_trial = forms.BooleanField(label=_("On trial"), required=False)
    source_url = forms.URLField(
        label=_("Address of the source"), max_length=500, required=False, assume_scheme="https"
    )
    source_text = forms.CharField(
        label=_("Text of the source"),
        max_length=100_000,
        required=False,
        widget=text_area(6),
        help_text=_("It is searched with the title and the articles."),
    )
    source_note = forms.CharField(
        label=_("What the source does not say"),
        max_length=1000,
        required=False,
        widget=text_area(2),
        help_text=_("For example: the source prints no wording of the articles."),
    )
    stated_articles = forms.IntegerField(
        label=_("Articles, as the source states"),
        required=False,
        min_value=0,
        max_value=MOST_STATED,
        help_text=_("It is compared when the document is broken down. Empty: not stated."),
    )
    stated_measures = forms.IntegerField(
        label=_("Policy measures, as the source states"),
        required=False,
        min_value=0,
        max_value=MOST_STATED,
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        required=False,
        choices=Theme.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    industries = forms.CharField(
        label=_("Industries"),
        max_length=400,
        required=False,
        help_text=_("Codes of GB/T 4754-2017 apart by spaces, as C 39 6510. Empty: all of them."),
    )
    chains = forms.ModelMultipleChoiceField(
        Chain.objects.in_use().order_by("name"),
        label=_("Industry chains"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    sizes = forms.MultipleChoiceField(
        label=_("Sizes"),
        required=False,
        choices=SizeClass.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )
    stages = forms.MultipleChoiceField(
        label=_("Stages of life"),
        required=False,
        choices=LifeStage.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )

    @classmethod
    def initial_of(cls, document: PolicyDocument) -> dict[str, Any]:
        named = {name: getattr(document, name) for name in cls.base_fields}
        return named | {
            "industries": " ".join(document.industries),
            "chains": document.chains.all(),
        }

    def clean_industries(self) -> list[str]:
        given = str(self.cleaned_data["industries"])
        for mark in "，、,;；":
            given = given.replace(mark, " ")
        return given.split()

    def terms(self) -> PolicyTerms:
        """What the actions want to know."""
        given = {**self.cleaned_data}
        given["level"] = PolicyLevel(given["level"])
        return PolicyTerms(**given)


class AbolishForm(forms.Form):
    ended_on = forms.DateField(
        label=_("First day without it"), widget=date_input(), initial=timezone.localdate
    )
    reason = forms.CharField(label=_("By what and why"), max_length=1000, widget=text_area(2))
