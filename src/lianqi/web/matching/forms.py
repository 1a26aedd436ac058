"""Forms of rule packs, and the day for which verdicts are asked."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import quantity
from lianqi.engines.rules.units import YUAN
from lianqi.matching.actions import shipped_names
from lianqi.matching.enums import NEAR, Group, PackStatus
from lianqi.matching.models import MOST_TEXT, MatchQuerySet, RulePack, RulePackQuerySet
from lianqi.matching.queries import Checked, checked, reader_language
from lianqi.policies.models import PolicyDocument
from lianqi.register.models import Enterprise
from lianqi.web.demands.forms import choosing, date_input, text_area
from lianqi.web.matching.choices import WHEN_SHORT

ALL = ("", _("All"))
MOST_LIST = 100_000
"""Characters of a list of applicants: far more lines than a round takes."""


class PackFilter(forms.Form):
    """What the list of packs can be narrowed by; what was filled in wrongly narrows nothing."""

    q = forms.CharField(
        label=_("Title, number or key"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[ALL, *PackStatus.choices], widget=choosing()
    )
    on = forms.DateField(label=_("In force on"), required=False, widget=date_input())

    def __init__(self, *args: Any, is_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_staff:
            del self.fields["status"]

    def narrow(self, packs: RulePackQuerySet) -> RulePackQuerySet:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if words := chosen.get("q"):
            packs = packs.named(words)
        if status := chosen.get("status"):
            packs = packs.filter(status=status)
        if day := chosen.get("on"):
            packs = packs.in_force(day)
        return packs


class PackForm(forms.Form):
    """A pack as a file, with its cases beside it."""

    text = forms.CharField(
        label=_("Rules"),
        max_length=MOST_TEXT,
        strip=False,
        widget=text_area(24),
        help_text=_("One document in one version, as its file would be (YAML)."),
    )
    cases_text = forms.CharField(
        label=_("Cases"),
        max_length=MOST_TEXT,
        required=False,
        strip=False,
        widget=text_area(14),
        help_text=_(
            "Worked examples with their expected result. Without any, nothing is published."
        ),
    )
    document = forms.ModelChoiceField(
        PolicyDocument.objects.none(),
        label=_("Policy of the library"),
        required=False,
        empty_label=_("None"),
        widget=choosing(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = PolicyDocument.objects.for_list()
        for name in ("text", "cases_text"):
            self.fields[name].widget.attrs |= {"spellcheck": "false", "class": "lq-code-area"}

    @classmethod
    def initial_of(cls, pack: RulePack) -> dict[str, Any]:
        return {name: getattr(pack, name) for name in cls.base_fields}

    def findings(self) -> Checked | None:
        """What is wrong with what was typed, by line; None before anything was."""
        if not self.is_bound:
            return None
        return checked(self.data.get("text", ""), self.data.get("cases_text", ""))


class ShippedForm(forms.Form):
    """Choose a pack that comes with the program."""

    name = forms.ChoiceField(label=_("Pack of the program"), widget=choosing())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in shipped_names()]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=text_area(3))


class DayForm(forms.Form):
    """The day for which verdicts are asked; nothing, or nonsense, is today."""

    on = forms.DateField(label=_("As of"), required=False, widget=date_input())

    def day(self) -> Any:
        self.full_clean()
        return self.cleaned_data.get("on") or timezone.localdate()


class SettlementForm(forms.Form):
    """Who applies, and with which sum."""

    applicants = forms.CharField(
        label=_("Applicants"),
        required=False,
        max_length=MOST_LIST,
        widget=text_area(6),
        help_text=_(
            "One credit code or full name a line, in the order of the applications. "
            "Without any, those whom the last matching found."
        ),
    )
    budget = forms.CharField(
        label=_("Sum"),
        required=False,
        max_length=60,
        help_text=_("With its unit, such as 500万元. Without one, what the document says."),
    )
    when_short = forms.ChoiceField(
        label=_("If the sum does not suffice"),
        required=False,
        choices=[
            ("", _("As the document says")),
            *WHEN_SHORT[1:],
        ],
        widget=choosing(),
    )

    def clean_budget(self) -> Fraction | None:
        written: str = self.cleaned_data["budget"]
        if not written:
            return None
        try:
            yuan, unit = quantity(written)
        except NotAValueError as error:
            told = error.told(reader_language())
            raise forms.ValidationError(f"{told.message} {told.advice}".strip()) from error
        if unit.dims != YUAN or yuan < 0:
            raise forms.ValidationError(_("Write a sum of money with its unit, such as 500万元."))
        return yuan


class MatchFilter(forms.Form):
    """Which matches of a measure are listed, and in which order; nonsense narrows nothing."""

    q = forms.CharField(
        label=_("Name or credit code"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )
    by = forms.ChoiceField(
        label=_("Sorted by"),
        required=False,
        choices=[("amount", _("Amount, the largest first")), ("since", _("Newest first"))],
        widget=choosing(),
    )
    only = forms.ChoiceField(
        label=_("Group"),
        required=False,
        choices=[(each.value, each.label) for each in NEAR],
        widget=forms.HiddenInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.full_clean()

    def group(self) -> Group:
        return Group(self.cleaned_data.get("only") or Group.MET)

    def sort(self) -> str:
        return self.cleaned_data.get("by") or "amount"

    def narrow(self, matches: MatchQuerySet) -> MatchQuerySet:
        matches = matches.of_group(self.group())
        if words := self.cleaned_data.get("q"):
            matches = matches.filter(enterprise__in=Enterprise.objects.search(words))
        return matches
