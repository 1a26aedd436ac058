"""Forms that answer what a rule asks: made for the fact, whatever its kind."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqi.engines.rules.catalogue import FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.engines.rules.units import SHARE, UNITS
from lianqi.matching.queries.explanations import COUNTED
from lianqi.matching.queries.values import decimal_text
from lianqi.web.demands.forms import date_input, text_area

YES, NO = "yes", "no"
YES_NO = [(YES, _("Yes")), (NO, _("No"))]
UNCHOSEN = ("", "—")
BLANK_ROWS = 3
MOST_ROWS = 200
_TOO_SMALL = frozenset({"分钱"})


def units_of(spec: FactSpec) -> list[tuple[str, Any]]:
    """In which units a number may be written; the usual one first."""
    if spec.unit.dims == SHARE:
        plain = ("", _("as a plain number, 0.35"))
        is_share = spec.high == 1 or spec.decimals > COUNTED
        return [("%", "%"), plain] if is_share else [("", _("a plain number"))]
    by_scale = {spec.unit.scale: spec.unit.symbol}
    for each in UNITS.values():
        if each.dims == spec.unit.dims and each.symbol not in _TOO_SMALL:
            by_scale.setdefault(each.scale, each.symbol)
    return [(symbol, symbol) for symbol in by_scale.values()]


def _words(spec: FactSpec) -> list[tuple[str, str]]:
    return [(value, label) for value, label in spec.values.items()]


def _field(  # noqa: PLR0911  # one control for each kind
    spec: FactSpec, *, in_row: bool = False
) -> forms.Field:
    """The control for a value; in a row of a list it may be left empty."""
    required, label, note = not in_row, spec.label, spec.meaning
    common: dict[str, Any] = {"label": label, "required": required, "help_text": note}
    match spec.kind:
        case Kind.BOOL if in_row:
            return forms.ChoiceField(choices=[UNCHOSEN, *YES_NO], **common)
        case Kind.BOOL:
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
        case Kind.NUMBER:
            return forms.DecimalField(max_digits=24, decimal_places=8, **common)
        case Kind.DATE:
            return forms.DateField(widget=date_input(), **common)
        case Kind.SET if spec.values:
            widget = forms.CheckboxSelectMultiple
            chosen = forms.MultipleChoiceField(choices=_words(spec), widget=widget, **common)
            chosen.required = False  # none of them is an answer
            return chosen
        case Kind.SET:
            common["required"] = False
            common["help_text"] = _("One on each line; none is an answer as well.")
            return forms.CharField(max_length=4000, widget=text_area(4), **common)
        case Kind.TEXT if spec.values:
            return forms.ChoiceField(choices=[UNCHOSEN, *_words(spec)], **common)
    return forms.CharField(max_length=100, **common)


def _shape(spec: FactSpec, value: Any, unit: str) -> Any:
    """What was filled in, as a statement keeps it; None if nothing was."""
    if spec.kind is Kind.SET:
        words = value if isinstance(value, list) else [each.strip() for each in value.splitlines()]
        return {"words": list(dict.fromkeys(filter(None, words)))}
    if value in {None, ""}:
        return None
    match spec.kind:
        case Kind.BOOL:
            return value == YES
        case Kind.NUMBER:
            return {"number": decimal_text(Fraction(value)), "unit": unit}
        case Kind.DATE:
            return {"day": value.isoformat()}
    return value


class _Days(forms.Form):
    """What stands beside every value: how long it holds, and who says so."""

    since = forms.DateField(
        label=_("Holds from"),
        required=False,
        widget=date_input(),
        help_text=_("the first day; empty if it was always so"),
    )
    until = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=date_input(),
        help_text=_("the last day; empty if no end is known"),
    )
    source = forms.CharField(
        label=_("Source"), max_length=120, help_text=_("as “annual report 2025”")
    )
    observed_on = forms.DateField(
        label=_("Observed on"),
        widget=date_input(),
        help_text=_("the day on which the source stated it; the latest observation counts"),
    )


class AnswerForm(_Days):
    """One value of a fact with its days and source."""

    def __init__(
        self, data: Any = None, *, spec: FactSpec, is_figure: bool, names_source: bool
    ) -> None:
        super().__init__(data, initial={"observed_on": timezone.localdate()})
        self.spec = spec
        own: dict[str, forms.Field] = {}
        if spec.kind is not Kind.LIST:
            own["value"] = _field(spec)
        if spec.kind is Kind.NUMBER:
            own["unit"] = forms.ChoiceField(label=_("Unit"), choices=units_of(spec), required=False)
        dropped = {"since", "until"} if is_figure else set()
        if not names_source:
            dropped.add("source")
        self.fields = own | {
            name: field for name, field in self.fields.items() if name not in dropped
        }

    def shape(self) -> Any:
        given = self.cleaned_data
        return _shape(self.spec, given["value"], given.get("unit", ""))

    def beside(self, *, now: dt.datetime) -> dict[str, Any]:
        """How long it holds and who says so. A past day counts until its end, today until now."""
        given = self.cleaned_data
        on: dt.date = given["observed_on"]
        end = dt.datetime.combine(on, dt.time.max, timezone.get_current_timezone())
        names = ("since", "until", "source")
        told: dict[str, Any] = {name: given[name] for name in names if name in given}
        return {**told, "observed_at": now if on == timezone.localdate(now) else end}


class EntryForm(forms.Form):
    """One entry of a list; an empty one is none."""

    def __init__(self, *args: Any, spec: FactSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        for key, each in spec.fields.items():
            field = _field(each, in_row=True)
            field.help_text = each.meaning or (each.unit.symbol if each.kind is Kind.NUMBER else "")
            self.fields[f"f_{key}"] = field

    def entry(self) -> dict[str, Any]:
        given = {
            key: _shape(each, self.cleaned_data.get(f"f_{key}"), self.unit_of(each))
            for key, each in self.spec.fields.items()
        }
        return {key: value for key, value in given.items() if value not in (None, {"words": []})}

    @staticmethod
    def unit_of(spec: FactSpec) -> str:
        """A row has no room for a choice: numbers are in the unit of the field."""
        return spec.unit.symbol


class Entries(BaseFormSet[EntryForm]):
    """The rows of a list. Rows that are left empty count for nothing."""

    def shape(self) -> dict[str, Any]:
        rows = (form.entry() for form in self.forms)
        return {"entries": [each for each in rows if each]}


EntryFormSet = cast(
    "type[Entries]",
    forms.formset_factory(
        EntryForm, formset=Entries, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    ),
)


def with_more_rows(data: Mapping[str, Any]) -> Any:
    """What was typed, with a few blank rows more."""
    grown: Any = data.copy()  # type: ignore[attr-defined]  # a QueryDict
    total = (
        int(grown.get("form-TOTAL_FORMS") or 0)
        if str(grown.get("form-TOTAL_FORMS", "")).isdigit()
        else 0
    )
    grown["form-TOTAL_FORMS"] = str(min(total + BLANK_ROWS, MOST_ROWS))
    return grown


def rows_of(spec: FactSpec, entries: Any) -> list[dict[str, Any]]:
    """What is known, as the rows of the form begin, and some blank ones."""
    known = [
        {f"f_{key}": _initial(spec.fields[key], value) for key, value in entry.items()}
        for entry in entries or ()
    ]
    return [*known, *({} for _ in range(BLANK_ROWS))]


def _initial(spec: FactSpec, value: Any) -> Any:
    match spec.kind:
        case Kind.BOOL:
            return YES if value else NO
        case Kind.NUMBER:
            return decimal_text(Fraction(value) / spec.unit.scale)
        case Kind.SET:
            return sorted(value) if spec.values else "\n".join(sorted(value))
    return value


class ReviewForm(forms.Form):
    """A reviewer's yes or no, with the reason."""

    answer = forms.ChoiceField(label=_("Answer"), choices=YES_NO, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(4),
        help_text=_("What it was judged by. The enterprise can read it."),
    )
