"""What a pack says before and around its measures: document, facts, definitions, parameters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.web.demands.forms import date_input, text_area
from lianqi.web.matching import choices
from lianqi.web.matching.rows.binding import Chosen, RowForm

KEY = r"[a-z0-9][a-z0-9_-]*"
EXPRESSION = 8_000  # characters
LINE, LINES = 300, 4_000


def line(label: Any, most: int = LINE, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


def lines(label: Any, rows: int = 2, most: int = LINES, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, widget=text_area(rows), **kwargs
    )


def expression(label: Any, **kwargs: Any) -> forms.CharField:
    return lines(label, 1, EXPRESSION, **kwargs)


def day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=date_input())


class DefinitionForm(RowForm):
    legend, adding = _("Name for an expression"), _("Another name")
    name = line(_("Name"), 60)
    expression = expression(_("Stands for"))


class ParameterForm(RowForm):
    legend, adding = _("Number that changes"), _("Another number or day")
    name = line(_("Name"), 60)
    value = line(_("Value"), 60, help_text=_("With its unit, such as 2000万元."))
    article = line(_("Article"), 100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = day(_("From this day on"))  # no name Python allows


class FactForm(RowForm):
    legend, adding = _("Fact of this pack"), _("Another fact")
    aside = _("Bounds, decimal places, meaning, fields")
    quiet = frozenset()
    is_numbered = False  # a fact of one key is the same fact in all packs
    folded = frozenset(
        ("low", "high", "decimals", "aliases", "coded", "counts", "advice", "fields", "meaning")
    )
    label = line(_("Name"), 60)
    key = line(
        pgettext_lazy("rule pack", "Key"), 40,
        help_text=_("Small letters, digits and _; the same in all packs."),
    )  # fmt: skip
    kind = Chosen(choices.FACT_KIND, label=_("What it is"))
    unit = line(_("Unit"), 20, widget=forms.TextInput({"list": "units", "autocomplete": "off"}))
    grain = Chosen(choices.GRAIN, label=pgettext_lazy("rule pack", "Stated"))
    subject = Chosen(choices.SUBJECT, label=_("Says something of"))
    supplier = Chosen(choices.SUPPLIER, label=_("Who can supply it"))
    values = lines(
        pgettext_lazy("rule pack", "Words"), help_text=_("One in each line: large: 大型")
    )
    low = line(_("At least"), 30)
    high = line(_("At most"), 30)
    decimals = line(_("Decimal places"), 2)
    meaning = line(_("What it means"))
    aliases = line(_("Other names"), help_text=_("With 、 between them."))
    coded = line(_("Code list"), 20)
    counts = line(_("Unit of its entries"), 10)
    advice = line(_("Advice on it"), 10)
    fields_of = lines(_("Fields of its entries"), 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"] = self.fields.pop("fields_of")  # a form has fields already


class CapGroupForm(RowForm):
    legend, adding = _("Cap over several measures"), _("Another cap")
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    measures = line(
        pgettext_lazy("rule pack", "Measures"),
        help_text=_("Their keys with 、 between them; the first is paid first."),
    )  # fmt: skip
    cap = expression(_("In all at most"))
    article = line(_("Article"), 100)
    text = line(_("In words"))


class AlternativesForm(RowForm):
    legend, adding = _("Tiers of one thing"), _("Other tiers")
    of = line(_("Keys"), help_text=_("With 、 between them: one of them is meant for each case."))
    or_none = forms.BooleanField(label=_("Some are meant to get none"), required=False)


class OpenForm(RowForm):
    legend, adding = _("Open point"), _("Another point")
    point = lines(_("What the text leaves open"), 1)
    handled = lines(_("How the pack handles it"), 1)
    measure = line(_("Key of the measure"), 40)


class HeadForm(RowForm):
    """The document, and when it is in force."""

    inner = {
        "definitions": (DefinitionForm, _("Names for longer expressions")),
        "parameters": (ParameterForm, _("Numbers that change")),
        "facts": (FactForm, _("Facts that only this pack needs")),
        "cap_groups": (CapGroupForm, _("Caps over several measures")),
        "alternatives": (AlternativesForm, _("Measures that are tiers of one thing")),
        "open": (OpenForm, _("What the text leaves open")),
    }
    folded = frozenset((*inner, "scope", "replaces", "transition"))
    title = forms.CharField(label=_("Title of the document"), max_length=300)
    issuer = forms.CharField(label=pgettext_lazy("policy", "Issued by"), max_length=200)
    number = line(_("Document number"), 120)
    level = Chosen(choices.LEVEL, label=_("Level"))
    published_on = line(_("Published on"), 10)
    source = forms.CharField(label=_("Where the text was read"), max_length=300)
    source_kind = Chosen(choices.SOURCE_KIND, label=_("Kind of source"))
    checked_on = day(_("Read on"))
    confidence = Chosen(choices.CONFIDENCE, label=_("How sure"))
    key = forms.RegexField(
        KEY, label=_("Key of the pack"), max_length=60,
        help_text=_("Small letters, digits and hyphens; the same in all versions."),
    )  # fmt: skip
    version = forms.CharField(label=_("Version"), max_length=40)
    starts = day(_("In force from"))
    ends = day(_("In force until"))
    boundary = lines(_("How the document uses 以上 and 以下"), 1, 1_000)
    scope = expression(_("Whom the whole document is for"))
    replaces = line(_("Replaces"), 120, help_text=_("Number or version of what it replaces."))
    transition = lines(_("How the old turns into the new"), 1, 1_000)

    def is_valid(self) -> bool:
        """Names are used once: a file knows one entry of each."""
        is_valid = super().is_valid()
        for rows, name in (("definitions", "name"), ("facts", "key")):
            seen = set()
            for each in self.sets[rows].kept:
                typed = each.typed(name)
                if typed in seen and not each.errors:
                    each.add_error(name, _("This name stands above already."))
                    is_valid = False
                seen.add(typed)
        return is_valid
