"""A measure without YAML: the document, conditions as rows, what is given, and examples as rows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.packs.pack import (
    APPLICANTS,
    CONFIDENCES,
    LEVELS,
    SOURCE_KINDS,
    BenefitKind,
)
from lianqi.engines.packs.simple import SimpleCase, SimpleClause, SimplePack
from lianqi.engines.packs.wording import STATUS_WORDS
from lianqi.engines.rules.catalogue import national
from lianqi.engines.rules.errors import RuleError
from lianqi.engines.rules.nodes import Node
from lianqi.engines.rules.parsing import parse
from lianqi.engines.rules.rendering import render
from lianqi.engines.rules.tables import (
    DAY_WORDS,
    NUMBER_WORDS,
    SET_WORDS,
    TEXT_WORDS,
    TRUTH_WORDS,
    Row,
    read_row,
)
from lianqi.matching.queries import reader_language
from lianqi.web.demands.forms import date_input, text_area

MOST_ROWS = 40
_WORDS = tuple(
    dict.fromkeys(
        each
        for words in (NUMBER_WORDS, TRUTH_WORDS, TEXT_WORDS, SET_WORDS, DAY_WORDS)
        for each in words
        if each[0] not in "≥≤<>=≠"
    )
)
_LEVEL_WORDS = {
    "national": _("National"), "province": _("Province"), "city": _("City"),
    "district": _("District"), "zone": pgettext_lazy("level of a policy", "Zone"),
}  # fmt: skip
_SOURCE_WORDS = {
    "O": _("page of a public body"), "C": _("copy of the official text"),
    "N": _("news or a summary"),
}  # fmt: skip
_CONFIDENCE_WORDS = {
    "confirmed": _("confirmed"), "secondary": _("from a second source"),
    "inferred": _("inferred"), "unconfirmed": _("not confirmed"),
}  # fmt: skip
_APPLICANT_WORDS = {
    "enterprise": _("an enterprise"), "project": _("a project"), "person": _("a person"),
    "loan": _("a loan"), "contract": _("a contract"), "building": _("a building"),
    "zone": _("the zone itself"),
}  # fmt: skip


def _choices(keys: tuple[str, ...], words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(each, words[each]) for each in keys]


class SimpleForm(forms.Form):
    """The document, the measure, and what it gives."""

    title = forms.CharField(label=_("Title of the document"), max_length=300)
    issuer = forms.CharField(label=pgettext_lazy("policy", "Issued by"), max_length=200)
    number = forms.CharField(label=_("Document number"), max_length=120, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=_choices(LEVELS, _LEVEL_WORDS))
    published_on = forms.CharField(label=_("Published on"), max_length=10, required=False)
    source = forms.CharField(label=_("Where the text was read"), max_length=300)
    source_kind = forms.ChoiceField(
        label=_("Kind of source"), choices=_choices(SOURCE_KINDS, _SOURCE_WORDS)
    )
    checked_on = forms.DateField(label=_("Read on"), required=False, widget=date_input())
    confidence = forms.ChoiceField(
        label=_("How sure"), choices=_choices(CONFIDENCES, _CONFIDENCE_WORDS)
    )
    key = forms.RegexField(
        r"[a-z0-9][a-z0-9_-]*", label=_("Key of the pack"), max_length=60,
        help_text=_("Small letters, digits and hyphens; the same in all versions."),
    )  # fmt: skip
    version = forms.CharField(label=_("Version"), max_length=40)
    starts = forms.DateField(label=_("In force from"), required=False, widget=date_input())
    ends = forms.DateField(label=_("In force until"), required=False, widget=date_input())
    boundary = forms.CharField(
        label=_("How the document uses 以上 and 以下"), max_length=500, required=False
    )
    definitions = forms.CharField(
        label=_("Names for longer expressions"), required=False, widget=text_area(2),
        help_text=_("One in each line: 研发强度: 研发费用 / 营业收入"), max_length=4_000,
    )  # fmt: skip
    measure_title = forms.CharField(label=pgettext_lazy("policy", "Measure"), max_length=200)
    measure = forms.RegexField(r"[a-z0-9][a-z0-9_-]*", label=_("Key of the measure"), max_length=40)
    article = forms.CharField(label=_("Article"), max_length=100, required=False)
    applicant = forms.ChoiceField(
        label=_("Who applies"), choices=_choices(APPLICANTS, _APPLICANT_WORDS)
    )
    kind = forms.ChoiceField(
        label=_("Kind of benefit"), choices=[(each.value, each.label) for each in BenefitKind]
    )
    benefit = forms.CharField(label=_("What is given"), max_length=200, required=False)
    amount = forms.CharField(
        label=_("Amount"), max_length=2_000, required=False,
        help_text=_("5万元, or an expression: 研发费用 × 3%"),
    )  # fmt: skip
    ceiling = forms.BooleanField(label=_("A ceiling (最高)"), required=False)
    pays_in_kind = forms.CharField(label=_("Instead of money"), max_length=300, required=False)
    cap = forms.CharField(label=_("In all at most"), max_length=200, required=False)
    evidence = forms.CharField(label=_("Paper that proves it"), max_length=200, required=False)
    evidence_facts = forms.CharField(
        label=_("Facts that it proves"), max_length=300, required=False,
        help_text=_("With 、 between them."),
    )  # fmt: skip
    window_from = forms.DateField(label=_("Applications from"), required=False, widget=date_input())
    window_to = forms.DateField(label=_("Applications until"), required=False, widget=date_input())

    PARTS = (
        (_("The document"), (
            "title", "issuer", "number", "level", "published_on", "source", "source_kind",
            "checked_on", "confidence", "key", "version", "starts", "ends", "boundary",
        )),
        (_("The measure"), ("measure_title", "measure", "article", "applicant", "definitions")),
        (_("What it gives"), ("kind", "benefit", "amount", "ceiling", "pays_in_kind", "cap",
         "evidence", "evidence_facts", "window_from", "window_to")),
    )  # fmt: skip

    def names(self) -> dict[str, Node]:
        """The definitions that can be read, for the rows that use them."""
        found: dict[str, Node] = {}
        for line in str(self["definitions"].value() or "").splitlines():
            name, _colon, text = line.replace("：", ":", 1).partition(":")
            try:
                found[name.strip()] = parse(
                    text.strip(), national(), definitions=found, expects=None
                ).node
            except RuleError:
                continue  # told where the whole is checked
        return found

    @staticmethod
    def initial_of(pack: SimplePack) -> dict[str, Any]:
        """What the fields show at first of a pack that fits into the form."""
        told = {name: getattr(pack, name) for name in (
            "key", "version", "starts", "ends", "boundary", "definitions", "measure", "article",
            "applicant", "cap", "evidence", "evidence_facts", "window_from", "window_to",
        )}  # fmt: skip
        gift = pack.benefit
        return {
            **pack.document,
            **told,
            "measure_title": pack.title,
            "kind": gift.get("kind", ""),
            "benefit": gift.get("title", ""),
            "amount": gift.get("amount", ""),
            "ceiling": bool(gift.get("ceiling")),
            "pays_in_kind": gift.get("pays_in_kind", ""),
        }


class ClauseForm(forms.Form):
    """One condition: a row, an expression, or a question; both spellings once it can be read."""

    text = forms.CharField(label=_("In words"), max_length=300, required=False)
    article = forms.CharField(label=_("Article"), max_length=100, required=False)
    fact = forms.CharField(
        label=_("Fact"), max_length=80, required=False,
        widget=forms.TextInput({"list": "facts", "autocomplete": "off"}),
    )  # fmt: skip
    word = forms.ChoiceField(
        label=pgettext_lazy("rule", "Comparison"), required=False,
        choices=[("", "—"), *((each, each) for each in _WORDS)],
    )  # fmt: skip
    value = forms.CharField(label=_("Value"), max_length=300, required=False)
    unit = forms.CharField(
        label=_("Unit"), max_length=20, required=False,
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )  # fmt: skip
    expression = forms.CharField(
        label=_("Or an expression"), max_length=4_000, required=False, widget=text_area(1)
    )
    question = forms.CharField(
        label=_("Or a question for a person"), max_length=300, required=False
    )

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    definitions: Mapping[str, Node] = MappingProxyType({})
    node: Node | None = None

    def clean(self) -> dict[str, Any]:
        told = {**self.cleaned_data}
        told.pop("key", None)
        if self.errors or told.get("DELETE") or not any(told.values()):
            return self.cleaned_data
        row = Row(told["fact"], told["word"], told["value"], told["unit"])
        try:
            if told["expression"]:
                self.node = parse(told["expression"], national(), definitions=self.definitions).node
            elif told["fact"] or not told["question"]:
                self.node = read_row(row, national(), definitions=self.definitions).node
        except RuleError as error:
            said = error.told(reader_language())
            place = "expression" if told["expression"] else error.part or "fact"
            self.add_error(place, f"{said.message} {said.advice}".strip())
        return self.cleaned_data

    @property
    def spellings(self) -> tuple[str, ...]:
        """The condition as it was read, in Chinese and in the plain spelling."""
        if self.node is None:
            return ()
        return tuple(render(self.node, each, catalogue=national()) for each in ("zh", "plain"))


class CaseForm(forms.Form):
    """An example with its expected result."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    on = forms.DateField(label=_("Day"), required=False, widget=date_input())
    facts = forms.CharField(
        label=_("Facts"), max_length=4_000, required=False, widget=text_area(4),
        help_text=_("One in each line: 营业收入[上年]: 2000万元; several values with 、 between."),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Expected result"), required=False,
        choices=[("", "—"), *((each["zh"], each["zh"]) for each in STATUS_WORDS.values())],
    )  # fmt: skip
    amount = forms.CharField(label=_("Expected amount"), max_length=60, required=False)


ClauseRows = forms.formset_factory(ClauseForm, extra=1, max_num=MOST_ROWS, can_delete=True)
CaseRows = forms.formset_factory(CaseForm, extra=1, max_num=MOST_ROWS, can_delete=True)


def pack_of(form: SimpleForm, clauses: Any, cases: Any) -> SimplePack:
    """What was typed, as a pack; only for forms that are valid."""
    told = {name: _text(each) for name, each in form.cleaned_data.items()}
    document = {name: told[name] for name in (
        "title", "issuer", "number", "level", "published_on", "source", "source_kind",
        "checked_on", "confidence",
    )}  # fmt: skip
    gift = {
        "kind": told["kind"], "title": told["benefit"], "amount": told["amount"],
        "ceiling": "是" if form.cleaned_data["ceiling"] else "",
        "pays_in_kind": told["pays_in_kind"],
    }  # fmt: skip
    return SimplePack(
        document=document,
        title=told["measure_title"],
        benefit={name: each for name, each in gift.items() if each},
        clauses=tuple(
            SimpleClause(**{**each, "key": each["key"] or f"c{at}"})
            for at, each in enumerate(_rows(clauses), 1)
        ),
        cases=tuple(SimpleCase(**each) for each in _rows(cases)),
        **{name: told[name] for name in (
            "key", "version", "starts", "ends", "boundary", "definitions", "measure", "article",
            "applicant", "cap", "evidence", "evidence_facts", "window_from", "window_to",
        )},
    )  # fmt: skip


def _rows(rows: Any) -> list[dict[str, str]]:
    """The rows that hold something and are not to go."""
    told = [dict(each.cleaned_data) for each in rows.forms]
    kept = [each for each in told if not each.pop("DELETE", False)]
    texts = [{name: _text(value) for name, value in each.items()} for each in kept]
    return [each for each in texts if any(value for name, value in each.items() if name != "key")]


def _text(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value or "").replace("\r\n", "\n").strip()
