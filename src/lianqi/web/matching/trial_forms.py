"""The form in which figures of a measure are changed to see what they would give."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.engines.packs.errors import NotAValueError
from lianqi.engines.packs.quantities import scalar_for
from lianqi.engines.packs.stating import quantity_of
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Fact, Judged, Kind
from lianqi.engines.rules.units import YUAN
from lianqi.matching.queries import reader_language
from lianqi.web.demands.forms import date_input

MOST_FIELDS = 60
TYPED = 60  # characters of a value
UNKNOWN = ("", gettext_lazy("not known"))
_YES_NO = (UNKNOWN, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


def field_name(slot: str) -> str:
    """A slot as the name of a field: `x-revenue-2025`."""
    return "x-" + slot.replace("@", "-").replace(":", "-").replace("/", "-").replace(".", "-")


class Quantity(forms.CharField):
    """A number with its unit, as rules write it."""

    def __init__(self, spec: FactSpec, **kwargs: Any) -> None:
        self.spec = spec
        super().__init__(
            max_length=TYPED, widget=forms.TextInput({"autocomplete": "off"}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        if written.replace(",", "").replace(".", "", 1).lstrip("-").isdecimal():
            # Money without a unit would be a guess; anything else has only one.
            written += "" if self.spec.unit.dims == YUAN else self.spec.unit.symbol
        try:
            return scalar_for(self.spec, written)
        except NotAValueError as error:
            raise forms.ValidationError(_said(error)) from error


class Word(forms.CharField):
    """A text of an open vocabulary, such as an industry code."""

    def __init__(self, spec: FactSpec, **kwargs: Any) -> None:
        self.spec = spec
        super().__init__(max_length=TYPED, **kwargs)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        try:
            return scalar_for(self.spec, written) if written else None
        except NotAValueError as error:
            raise forms.ValidationError(_said(error)) from error


def _said(error: NotAValueError) -> str:
    told = error.told(reader_language())
    return f"{told.message} {told.advice}".strip()


class TrialForm(forms.Form):
    """One field for each fact that the measure reads, filled with what is known."""

    def __init__(
        self,
        data: Any,
        facts: tuple[Fact, ...],
        questions: tuple[Judged, ...],
        values: Mapping[str, Any],
        catalogue: Catalogue,
    ) -> None:
        super().__init__(data)
        self.slots: dict[str, str] = {}
        self.known = values
        for fact in facts[:MOST_FIELDS]:
            spec = catalogue.find(fact.key)
            if spec is not None:
                label = f"{spec.label} · {fact.period}" if fact.period else spec.label
                self._add(fact.slot, _field(spec, values.get(fact.slot)), label)
        for each in questions[: MOST_FIELDS - len(self.slots)]:
            field = forms.ChoiceField(choices=_YES_NO)
            field.initial = _truth(values.get(each.slot))
            self._add(each.slot, field, each.question)

    def _add(self, slot: str, field: forms.Field, label: str) -> None:
        name = field_name(slot)
        field.label, field.required = label, False
        self.fields[name] = field
        self.slots[name] = slot

    def filled(self) -> dict[str, Any]:
        """What stands in the fields at first, as an address would carry it."""
        shown = {name: self.fields[name].initial for name in self.slots}
        return {
            name: each.isoformat() if isinstance(each, dt.date) else each
            for name, each in shown.items()
            if each not in (None, "", [])
        }

    def changes(self) -> dict[str, Any]:
        """What was changed, by slot; None where a value was taken away. Only for a valid form."""
        found: dict[str, Any] = {}
        for name, slot in self.slots.items():
            value: Any = self.cleaned_data.get(name)
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                value = frozenset(value)
                if not value and self.known.get(slot) is None:
                    continue
            elif isinstance(field, forms.ChoiceField):
                value = {"yes": True, "no": False, "": None}.get(value, value)
            if value != self.known.get(slot):
                found[slot] = value
        return found


def _truth(value: Any) -> str:
    return "" if value is None else "yes" if value else "no"


def _field(spec: FactSpec, value: Any) -> forms.Field:
    field: forms.Field
    match spec.kind:
        case Kind.NUMBER:
            field = Quantity(spec)
            field.initial = "" if value is None else quantity_of(spec, Fraction(value))
        case Kind.BOOL:
            field = forms.ChoiceField(choices=_YES_NO)
            field.initial = _truth(value)
        case Kind.DATE:
            field = forms.DateField(widget=date_input())
            field.initial = value if isinstance(value, dt.date) else None
        case Kind.SET:
            field = forms.MultipleChoiceField(
                choices=list(spec.values.items()), widget=forms.CheckboxSelectMultiple
            )
            field.initial = sorted(value or ())
        case _ if spec.values:
            field = forms.ChoiceField(choices=[UNKNOWN, *spec.values.items()])
            field.initial = value or ""
        case _:
            field = Word(spec)
            field.initial = value or ""
    if spec.kind is Kind.NUMBER and spec.unit.dims == YUAN:
        field.help_text = _("With its unit, such as 2000万元.")
    return field
