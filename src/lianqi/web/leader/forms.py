"""The period a leader asks for."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.web.periods import PERIODS, Period, period_of


class PeriodForm(forms.Form):
    period = forms.ChoiceField(
        label=gettext_lazy("Filed in"),
        required=False,
        choices=PERIODS,
        initial="year",
        widget=forms.Select({"data-autosubmit": ""}),
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("Until and including"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return given

    def chosen(self, *, today: dt.date) -> Period:
        """The period asked for; the current year where nothing sensible was asked."""
        if not self.is_valid():
            return period_of("year", today=today)
        given = self.cleaned_data
        choice = given["period"] or ("custom" if given["first"] or given["last"] else "year")
        return period_of(choice, today=today, first=given["first"], last=given["last"])


class ClosedForm(PeriodForm):
    """The same periods, of the day on which demands were closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].label = _("Closed in")
