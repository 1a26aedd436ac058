"""Forms of the catalogue of categories: a version, a line of the duty catalogue, its last day."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.actions import DutyConditions, VersionTerms
from lianqi.demands.enums import Step
from lianqi.engines.calendar import ClockKind
from lianqi.register.enums import SizeClass
from lianqi.register.models import Chain, Grid, KeyList, Park
from lianqi.web.demands.forms import date_input, text_area
from lianqi.web.zone.forms import CLOCK_KINDS
from lianqi.work.enums import Urgency

CATALOGUED = (Step.DISPATCH, Step.ACCEPT, Step.CONTACT, Step.INTERIM, Step.PROGRESS, Step.ANSWER)
MARK = "*"


class VersionForm(forms.Form):
    """What holds for a category from a coming day on. Empty time limits are the general ones."""

    valid_from = forms.DateField(label=_("Valid from"), widget=date_input())
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    is_accepted = forms.BooleanField(label=_("Accepted here"), required=False)
    advice = forms.CharField(
        label=_("Where to go instead"),
        required=False,
        max_length=500,
        widget=text_area(2),
        help_text=_("Enterprises read it where matters are not accepted."),
    )
    advice_url = forms.URLField(
        label=_("Address of the page"), required=False, assume_scheme="https"
    )
    advice_phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)
    progress_every_days = forms.IntegerField(
        label=_("Report progress every so many working days"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Empty: not asked."),
    )
    evidence = forms.CharField(
        label=_("Documents needed"),
        required=False,
        max_length=2000,
        widget=text_area(4),
        help_text=_("One in each line; a star (*) before the name makes it obligatory."),
    )
    source = forms.CharField(label=_("Source of the time limits"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, draft: VersionTerms, **kwargs: Any) -> None:
        kwargs["initial"] = stated(draft) | kwargs.get("initial", {})
        super().__init__(data, **kwargs)
        for step in CATALOGUED:
            for urgency in Urgency:
                self.fields[f"amount_{step}_{urgency}"] = forms.IntegerField(
                    label=f"{step.label} · {urgency.label}",
                    required=False,
                    min_value=1,
                    max_value=999,
                )
                self.fields[f"kind_{step}_{urgency}"] = forms.ChoiceField(
                    label=_("Unit"),
                    choices=[(kind.value, label) for kind, label in CLOCK_KINDS.items()],
                    required=False,
                )

    def rows(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The time limits by step, each with amount and unit of every urgency."""
        return [
            (
                str(step.label),
                [
                    (self[f"amount_{step}_{urgency}"], self[f"kind_{step}_{urgency}"])
                    for urgency in Urgency
                ],
            )
            for step in CATALOGUED
        ]

    def terms(self) -> VersionTerms:
        """What a valid form says."""
        given = self.cleaned_data
        lines = [line.strip() for line in given["evidence"].splitlines() if line.strip()]
        return VersionTerms(
            is_accepted=given["is_accepted"],
            advice=given["advice"],
            advice_url=given["advice_url"],
            advice_phone=given["advice_phone"],
            progress_every_days=given["progress_every_days"],
            evidence=tuple(
                (line.removeprefix(MARK).strip(), line.startswith(MARK)) for line in lines
            ),
            clocks={
                (step, urgency): (
                    ClockKind(given[f"kind_{step}_{urgency}"] or ClockKind.WORKING_DAYS),
                    given[f"amount_{step}_{urgency}"],
                )
                for step in CATALOGUED
                for urgency in Urgency
                if given[f"amount_{step}_{urgency}"]
            },
            source=given["source"],
        )


def stated(terms: VersionTerms) -> dict[str, Any]:
    """What the form holds at first."""
    evidence = [f"{MARK}{name}" if is_asked else name for name, is_asked in terms.evidence]
    said: dict[str, Any] = {
        "is_accepted": terms.is_accepted,
        "advice": terms.advice,
        "advice_url": terms.advice_url,
        "advice_phone": terms.advice_phone,
        "progress_every_days": terms.progress_every_days,
        "evidence": "\n".join(evidence),
        "source": terms.source,
    }
    for (step, urgency), (kind, amount) in terms.clocks.items():
        said |= {f"amount_{step}_{urgency}": amount, f"kind_{step}_{urgency}": kind.value}
    return said


class DutyForm(forms.Form):
    """A line of the duty catalogue. What is left empty does not matter."""

    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Lead unit"), empty_label=_("Please choose")
    )
    key_list = forms.ModelChoiceField(
        KeyList.objects.filter(is_active=True).order_by("name"),
        label=_("Key-enterprise list"),
        required=False,
        empty_label="—",
    )
    title = forms.CharField(label=_("Title awarded"), max_length=60, required=False)
    grid = forms.ModelChoiceField(
        Grid.objects.order_by("code"), label=_("Grid"), required=False, empty_label="—"
    )
    chain = forms.ModelChoiceField(
        Chain.objects.order_by("name"), label=_("Industry chain"), required=False, empty_label="—"
    )
    park = forms.ModelChoiceField(
        Park.objects.order_by("name"), label=_("Park"), required=False, empty_label="—"
    )
    district = forms.CharField(label=_("Street or town"), max_length=60, required=False)
    industry = forms.CharField(
        label=_("Industry"),
        max_length=4,
        required=False,
        help_text=_("GB/T 4754-2017: a section, or the first two to four digits"),
    )
    size_class = forms.ChoiceField(
        label=_("Size"), required=False, choices=[("", "—"), *SizeClass.choices]
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=date_input())
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=date_input())
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def arguments(self) -> dict[str, Any]:
        """What `add_duty` wants to know."""
        given = dict(self.cleaned_data)
        own = {name: given.pop(name) for name in ("unit", "valid_from", "valid_to", "reason")}
        return own | {"conditions": DutyConditions(**given)}


class EndForm(forms.Form):
    """The last day of a line."""

    last_day = forms.DateField(label=_("Ends after this day"), widget=date_input())

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"last_day": today}, auto_id=False)
