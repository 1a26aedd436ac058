"""What a department's list is about, as it is filled in before the file is looked at."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.packs.headings import usual_unit
from lianqi.engines.packs.quantities import period_for
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.matching.actions.lists.runs import ListAbout
from lianqi.matching.columns import ListKind, kind_of
from lianqi.matching.queries.lists import facts_to_list
from lianqi.matching.queries.values import fits
from lianqi.register.enums import TitleLevel
from lianqi.web.demands.forms import date_input
from lianqi.web.matching.answer_forms import UNCHOSEN, YES, YES_NO, units_of
from lianqi.web.matching.words import supplier_text


class FactChoiceForm(forms.Form):
    """Which fact a list is about; by who states it."""

    fact = forms.ChoiceField(label=_("What the list is about"))

    def __init__(self, data: Any = None, *, catalogue: Catalogue) -> None:
        super().__init__(data)
        self.fields["fact"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (supplier_text(supplier), [(each.key, each.label) for each in specs])
            for supplier, specs in facts_to_list(catalogue).items()
        ]


class ListForm(forms.Form):
    """The file, and what holds for all of its rows; which fields there are, the fact decides."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(".xlsx, or .csv in UTF-8 or GB 18030; headings in Chinese or English"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xlsm,.csv,.txt"}),
        allow_empty_file=True,
    )
    period = forms.CharField(label=_("Period"), max_length=10)
    unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        help_text=_("of bare numbers, where the heading of the column names none"),
    )
    everybody = forms.ChoiceField(
        label=_("Whoever is on the list"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        initial=YES,
        help_text=_("counts where the file has no column of its own for it"),
    )
    label = forms.CharField(
        label=pgettext_lazy("recognition", "Title"),
        max_length=60,
        required=False,
        help_text=_("as 高新技术企业; may be left empty if the file has a column for it"),
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[UNCHOSEN, *TitleLevel.choices]
    )
    batch = forms.CharField(
        label=_("Batch"), required=False, max_length=40, help_text=_("as 2025年第1批")
    )
    source = forms.CharField(
        label=_("Source document"),
        max_length=120,
        help_text=_("as it is called and numbered, with whoever issued it"),
    )
    observed_on = forms.DateField(
        label=_("As known on"),
        widget=date_input(),
        help_text=_("the day on which the source stated it; the latest observation counts"),
    )
    since = forms.DateField(
        label=_("Holds from"),
        required=False,
        widget=date_input(),
        help_text=_("of rows without a day of their own; empty if it was always so"),
    )
    until = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=date_input(),
        help_text=_("of rows without a day of their own; empty if no end is known"),
    )

    def __init__(self, data: Any = None, files: Any = None, *, spec: FactSpec) -> None:
        today = timezone.localdate()
        example = period_for(spec, "上", today) if spec.grain else ""
        super().__init__(data, files, initial={"observed_on": today, "period": example})
        self.spec, self._kind = spec, kind_of(spec)
        for name in set(self.fields) - self._wanted():
            del self.fields[name]
        if "unit" in self.fields:
            self.fields["unit"].choices = [("", "—"), *units_of(spec)]  # type: ignore[attr-defined]  # a ChoiceField
        if "period" in self.fields:
            self.fields["period"].help_text = _("as %(example)s") % {"example": example}

    def _wanted(self) -> set[str]:
        wanted = {"file", "source"}
        if self._kind is ListKind.TITLE:
            return wanted | {"label", "level", "batch"}
        wanted |= {"observed_on"}
        if self.spec.grain:
            wanted |= {"period"}
        if self.spec.kind is Kind.NUMBER and usual_unit(self.spec) is None:
            wanted |= {"unit"}
        if self._kind is ListKind.STATEMENT:
            wanted |= {"since", "until"}
        if self.spec.kind is Kind.BOOL:
            wanted |= {"everybody"}
        return wanted

    def clean_period(self) -> str:
        period: str = self.cleaned_data["period"].strip()
        if not fits(self.spec.grain, period):
            raise forms.ValidationError(self.fields["period"].help_text)
        return period

    def about(self, *, now: dt.datetime) -> ListAbout:
        """A past day counts until its end, today until now."""
        given = self.cleaned_data
        on: dt.date = given.get("observed_on") or timezone.localdate(now)
        end = dt.datetime.combine(on, dt.time.max, timezone.get_current_timezone())
        return ListAbout(
            fact=self.spec.key,
            source=given["source"],
            period=given.get("period", ""),
            unit=given.get("unit", ""),
            observed_at=now if on == timezone.localdate(now) else end,
            since=given.get("since"),
            until=given.get("until"),
            preset=self._preset(),
        )

    def _preset(self) -> Any:
        given = self.cleaned_data
        if self._kind is ListKind.TITLE:
            return {name: given.get(name, "") for name in ("label", "level", "batch")}
        return given["everybody"] == YES if "everybody" in given else None
