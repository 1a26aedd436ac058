"""Forms for what stands beside an enterprise: they check shape; the rules live in the actions."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.text import tidy
from lianqi.matching.actions.answers import figure_key
from lianqi.matching.columns import ListKind, kind_of
from lianqi.matching.queries.asking import ENTERPRISE, published_catalogue
from lianqi.register.enums import (
    FACT_UNITS,
    FactKey,
    Qualifier,
    StatedBy,
    Supplier,
    TitleLevel,
)
from lianqi.register.models import Chain, Enterprise, Fact, KeyList, Title
from lianqi.register.queries import ContactLine

NUMBER = re.compile(r"\+?[\d\s\-()（）]{5,20}")
MONEY = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}
LARGEST = Decimal(10**16)  # the register keeps sixteen digits before the point
OTHER = ""
OTHER_FACT = (OTHER, _("another, named below"))


def day() -> forms.DateInput:
    """The browser's own date picker."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ContactForm(forms.Form):
    """A person to speak to."""

    name = forms.CharField(label=_("Name"), max_length=50)
    position = forms.CharField(label=_("Position"), required=False, max_length=50)
    mobile = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    is_main = forms.BooleanField(label=_("Main contact"), required=False)

    def clean_mobile(self) -> str:
        number: str = self.cleaned_data["mobile"]
        if number and not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Write a telephone number, as 13800138000."))
        return number


class ContactCorrection(ContactForm):
    """The same for a contact that is shown masked: what is left empty stays as it is."""

    def __init__(self, data: Any = None, *, shown: ContactLine) -> None:
        super().__init__(data, initial={"position": shown.position, "is_main": shown.is_main})
        for field, masked in (
            ("name", shown.name),
            ("mobile", shown.mobile),
            ("email", shown.email),
        ):
            self.fields[field].required = False
            self.fields[field].help_text = _("Recorded: %(masked)s. Leave empty to keep it.") % {
                "masked": masked or "—"
            }


class FactForm(forms.Form):
    """One observation of a figure. Money may be entered in 元, 万元 or 亿元."""

    key = forms.ChoiceField(
        label=_("Fact"),
        required=False,
        choices=[*FactKey.choices, OTHER_FACT],
    )
    other = forms.CharField(
        label=_("Name of another fact"), required=False, max_length=40, help_text=_("as 发明专利")
    )
    value = forms.DecimalField(label=_("Value"), max_digits=20, decimal_places=4)
    unit = forms.CharField(
        label=_("Unit"), max_length=12, help_text=_("人 for people; 元, 万元 or 亿元 for money")
    )
    period = forms.CharField(label=_("Period"), max_length=10, help_text="2025, 2025-H1, 2025-06")
    qualifier = forms.ChoiceField(
        label=_("How exact"), choices=Qualifier.choices, initial=Qualifier.EXACT
    )
    source = forms.CharField(
        label=_("Source"), max_length=120, help_text=_("as “annual report 2025”")
    )
    observed_on = forms.DateField(
        label=_("Observed on"),
        widget=day(),
        help_text=_("the day on which the source stated it; the latest observation counts"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        names_source: bool,
        fact: Fact | None = None,
        is_own: bool = False,
    ) -> None:
        """Make the form.

        Args:
            names_source: The person keeps the register and says where the figure comes from.
            fact: What is corrected.
            is_own: An enterprise states for itself: figures that others state are not offered.
        """
        initial: dict[str, Any] = {"observed_on": timezone.localdate()}
        super().__init__(data, initial=initial | _as_stated(fact))
        if is_own:
            self.fields["key"].choices = [*own_figures(), OTHER_FACT]  # type: ignore[attr-defined]  # a ChoiceField
        if not names_source:
            del self.fields["source"]
        if fact is not None:  # a correction is about the same figure and period
            for name in ("key", "other", "period"):
                del self.fields[name]
        self._fact = fact

    def clean_unit(self) -> str:
        return tidy(self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self._fact is not None:
            values |= {"key": self._fact.key, "period": self._fact.period}
        elif values.get("key") == OTHER:
            values["key"] = tidy(values.get("other", ""))
            if not values["key"]:
                self.add_error("other", _("Choose a fact, or name another one."))
        values.pop("other", None)
        self._count_in_yuan(values)
        return values

    def _count_in_yuan(self, values: dict[str, Any]) -> None:
        times = MONEY.get(values.get("unit", ""))
        if times is None or "value" not in values:
            return
        values["value"], values["unit"] = values["value"] * times, "元"
        if abs(values["value"]) >= LARGEST:
            self.add_error("value", _("The value is too large. Check the unit."))

    def statement(self, *, now: dt.datetime) -> dict[str, Any]:
        """What the action is told. A past day counts until its end, today until now."""
        values = dict(self.cleaned_data)
        on: dt.date = values.pop("observed_on")
        end = dt.datetime.combine(on, dt.time.max, timezone.get_current_timezone())
        values["observed_at"] = now if on == timezone.localdate(now) else end
        values["qualifier"] = Qualifier(values["qualifier"])
        return values


def own_figures() -> list[tuple[str, str]]:
    """Figures of a period that an enterprise states itself, as rules know them."""
    return [
        (figure_key(spec), spec.label)
        for spec in published_catalogue()
        if kind_of(spec) is ListKind.FIGURE
        and (spec.subject, spec.supplier) == (ENTERPRISE, Supplier.ENTERPRISE)
    ]


def _as_stated(fact: Fact | None) -> dict[str, Any]:
    if fact is None:
        return {"unit": FACT_UNITS[FactKey.EMPLOYEES]}
    return {
        "value": f"{fact.value.normalize():f}",
        "unit": fact.unit,
        "qualifier": fact.qualifier,
        "source": "" if fact.source in StatedBy.values else fact.source,
    }


class TitleForm(forms.Form):
    """What an authority awarded."""

    label = forms.CharField(label=pgettext_lazy("recognition", "Title"), max_length=60)
    level = forms.ChoiceField(label=_("Level"), choices=TitleLevel.choices)
    batch = forms.CharField(
        label=_("Batch"), required=False, max_length=40, help_text=_("as 2025年第1批")
    )
    granted_on = forms.DateField(label=_("Valid from"), required=False, widget=day())
    valid_until = forms.DateField(
        label=_("Valid until and including"), required=False, widget=day()
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=160,
        help_text=_("number of the notice or certificate"),
    )

    def clean_level(self) -> TitleLevel:
        return TitleLevel(self.cleaned_data["level"])

    @staticmethod
    def initial_of(title: Title) -> dict[str, Any]:
        names = ("label", "level", "batch", "granted_on", "valid_until", "source")
        return {name: getattr(title, name) for name in names}


class LayerForm(forms.Form):
    """Where in a chain an enterprise stands."""

    layer = forms.CharField(
        label=_("Layer"),
        required=False,
        max_length=40,
        help_text=_("materials, parts, equipment, services …"),
    )


class PlaceForm(LayerForm):
    """A chain and the layer in it."""

    field_order = ("chain", "layer")
    chain = forms.ModelChoiceField(
        Chain.objects.in_use().order_by("name"), label=_("Industry chain")
    )


class ListForm(forms.Form):
    """A list of key enterprises on which the enterprise is not yet."""

    key_list = forms.ModelChoiceField(KeyList.objects.none(), label=_("Key-enterprise list"))

    def __init__(self, data: Any = None, *, enterprise: Enterprise) -> None:
        super().__init__(data)
        others = KeyList.objects.in_use().exclude(members=enterprise).order_by("name")
        self.fields["key_list"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField
