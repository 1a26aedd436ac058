"""Worked examples of one measure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.web.matching import choices
from lianqi.web.matching.rows.binding import Chosen, RowForm
from lianqi.web.matching.rows.head_forms import day, line, lines


class CaseForm(RowForm):
    """Facts as lines, and what is expected; the result of a try beside it."""

    legend, adding = _("Case"), _("Another case")
    aside = _("Answers, applicants, and what else is expected")
    quiet = frozenset(("measure",))
    folded = frozenset(("asks", "answers", "applicants", "more", "note"))
    result: dict[str, Any] | None = None
    name = line(_("Name"), 100)
    like = line(
        _("Like the case"), 100, help_text=_("Everything as there, but for what stands here.")
    )  # fmt: skip
    on = day(_("Day"))
    facts = lines(
        _("Facts"), 4, 20_000,
        help_text=_("One in each line: 营业收入[上年]: 2000万元; several values with 、 between."),
    )  # fmt: skip
    status = Chosen(choices.STATUS, label=_("Expected result"))
    amount = line(_("Expected amount"), 60)
    asks = line(_("What is asked for"), help_text=_("With 、 between them: 研发费用@2025"))
    answers = lines(_("Answers to questions"), help_text=_("One in each line: award_field: 是"))
    more = lines(
        _("What else is expected"), 3,
        help_text=_("One in each line: 条件 c1: 不符合, 奖励 b1: 3万元, 实付: 5万元"),
    )  # fmt: skip
    applicants = lines(
        _("Applicants of a run"), 3, 20_000,
        help_text=_("One in each line: 甲/营业收入[上年]: 1亿元"),
    )  # fmt: skip
    note = line(_("Note"), 500)
    measure = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
