"""One measure: whom it is for, its conditions, what it gives, papers, windows, money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.web.matching import choices
from lianqi.web.matching.rows.binding import Chosen, RowForm
from lianqi.web.matching.rows.head_forms import (
    KEY,
    AlternativesForm,
    day,
    expression,
    line,
    lines,
)


def hidden_key() -> forms.CharField:
    return forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


def listed(label: Any, of: str, most: int = 80) -> forms.CharField:
    """A text with proposals."""
    return line(label, most, widget=forms.TextInput({"list": of, "autocomplete": "off"}))


class ClauseForm(RowForm):
    """A row, an expression, or a question; both spellings once it can be read."""

    legend, adding = _("Condition"), _("Another condition")
    aside = _("Or an expression, or a question; article")
    folded = frozenset(("expression", "judge", "article"))
    key = hidden_key()
    text = line(_("In words"))
    article = line(_("Article"), 100)
    fact = listed(_("Fact"), "facts")
    word = Chosen(choices.WORD, label=pgettext_lazy("rule", "Comparison"))
    value = line(_("Value"))
    unit = listed(_("Unit"), "units", 20)
    expression = expression(_("Or an expression"))
    judge = line(_("Or a question for a person"))


class StepForm(RowForm):
    legend, adding = pgettext_lazy("rule pack", "Step"), _("Another step")
    quiet = frozenset(("word",))
    word = Chosen(choices.STEP_WORD, label=pgettext_lazy("rule", "Comparison"))
    bound = line(pgettext_lazy("rule pack", "Number"), 60)
    value = line(_("Gives"), 200)


class InstalmentForm(RowForm):
    legend, adding = _("Instalment"), _("Another instalment")
    key = line(pgettext_lazy("rule pack", "Key"), 40)
    share = line(_("Share"), 100)
    text = line(_("When"))


class BenefitForm(RowForm):
    """What is given: the amount as cells, or as an expression."""

    legend, adding = _("Benefit"), _("Another benefit")
    aside = _("Only if, less what was had, rounding, instalments")
    inner = {
        "steps": (StepForm, _("Steps: where each begins; of slices, where it ends")),
        "instalments": (InstalmentForm, _("Instalments")),
    }
    folded = frozenset(
        ("when", "below", "less", "article", "instalments", "rounding_to", "rounding_mode")
    )
    key = hidden_key()
    kind = Chosen(choices.BENEFIT, label=_("Kind of benefit"))
    title = line(_("What is given"))
    way = Chosen(choices.WAY, label=_("How the amount is told"))
    amount = expression(
        _("Amount"), help_text=_("5万元, or an expression: 研发费用 × 3%")
    )  # fmt: skip
    of = line(_("Of what"), 2_000, help_text=_("A fact, a name or an expression: 研发费用"))
    rate = line(_("Times"), 200, help_text=_("3%, or a price: 600元/人"))
    most = line(_("At most"), 200)
    ceiling = forms.BooleanField(label=_("A ceiling (最高)"), required=False)
    pays_in_kind = line(_("Instead of money"))
    below = line(_("Below the first step, or above the last slice"), 200)
    less = line(_("Less what was had already"), 200)
    when = expression(_("Only if"))
    article = line(_("Article"), 100)
    rounding_to = line(_("Rounded to"), 30)
    rounding_mode = Chosen(choices.ROUNDING, label=_("Rounded"))


class EvidenceForm(RowForm):
    legend, adding = _("Paper"), _("Another paper")
    name = line(_("Paper that proves it"))
    source = Chosen(choices.SUPPLIER, label=_("Who has it"))
    facts = line(_("Facts that it proves"), help_text=_("With 、 between them."))


class FromDayForm(RowForm):
    """A row whose first cell has a name that Python does not allow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"from": day(_("Applications from")), **self.fields}


class WindowForm(FromDayForm):
    legend, adding = _("Window"), _("Another window")
    to = day(_("Applications until"))


class LevelForm(RowForm):
    legend, adding = pgettext_lazy("rule pack", "Rank"), _("Another rank")
    upto = line(_("Up to rank"), 6)
    amount = line(_("Amount"), 200)


class ClawbackForm(RowForm):
    legend, adding = _("Money comes back"), _("Another case of money back")
    when = expression(_("If"))
    amount = expression(pgettext_lazy("rule pack", "How much"))
    text = line(_("In words"))


class ExcludedForm(RowForm):
    legend, adding = _("Not together with"), _("Another measure")
    measure = line(
        _("Key of the measure"), 120, help_text=_("Of another pack: its key, / and the measure.")
    )  # fmt: skip
    rule = Chosen(choices.EXCLUSION, label=_("What is paid"))
    article = line(_("Article"), 100)


class MeasureForm(RowForm):
    inner = {
        "clauses": (ClauseForm, _("Conditions")),
        "benefits": (BenefitForm, _("What it gives")),
        "evidence": (EvidenceForm, _("Papers")),
        "windows": (WindowForm, _("Windows")),
        "excludes": (ExcludedForm, _("What it is not paid together with")),
        "alternatives": (AlternativesForm, _("Benefits that are tiers of one thing")),
        "levels": (LevelForm, _("Paid by rank")),
        "clawback": (ClawbackForm, _("When money comes back")),
    }
    title = forms.CharField(label=pgettext_lazy("policy", "Measure"), max_length=200)
    key = forms.RegexField(KEY, label=_("Key of the measure"), max_length=40)
    article = line(_("Article"), 100)
    applicant = Chosen(choices.APPLICANT, label=_("Who applies"))
    scope = expression(_("Whom it is for at all"))
    cap = expression(_("In all at most"))
    starts = day(_("In force from"))
    ends = day(_("In force until"))
    application = Chosen(choices.APPLICATION, label=_("How one gets it"))
    deadline = line(_("Deadline in words"))
    publicity_days = line(_("Working days of publicity"), 4)
    steps = lines(_("Steps of the procedure"), help_text=_("One in each line."))
    budget = line(_("Budget of a round"), 200)
    when_short = Chosen(choices.WHEN_SHORT, label=_("If the budget is short"))
    rank_by = expression(_("Ranked by"))
    stacks_with = line(_("May be had together with"), help_text=_("Keys with 、 between them."))
    notes = lines(_("Notes"), help_text=_("One in each line."))

    MAIN = ("title", "key", "article", "applicant", "scope", "cap")
    FOLDED = (
        (_("Papers, windows and procedure"),
         ("application", "deadline", "publicity_days", "steps"), ("evidence", "windows")),
        (_("Together with other measures"), ("stacks_with",), ("excludes", "alternatives")),
        (_("Ranks, budget and money back"),
         ("rank_by", "budget", "when_short"), ("levels", "clawback")),
        (_("Days in force and notes"), ("starts", "ends", "notes"), ()),
    )  # fmt: skip
