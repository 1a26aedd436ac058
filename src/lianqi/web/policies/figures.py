"""How often documents are read."""

import datetime as dt

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianqi.policies.queries import library_counts, reading_figures
from lianqi.web.demands.forms import choosing
from lianqi.web.http import AuthedRequest

MONTHS = ((1, _("this month")), (3, _("three months")), (12, _("twelve months")))


class PeriodForm(forms.Form):
    months = forms.TypedChoiceField(
        label=_("Period"),
        choices=MONTHS,
        coerce=int,
        required=False,
        initial=12,
        widget=choosing(),
    )


@require_safe
@permission_required("policies.figures", raise_exception=True)
def figures(request: AuthedRequest) -> HttpResponse:
    form = PeriodForm(request.GET if "months" in request.GET else {"months": 12})
    months = (form.cleaned_data["months"] if form.is_valid() else 0) or 12
    last = timezone.localdate().replace(day=1)
    found = reading_figures(first=_back(last, months - 1), last=last)
    context = {"form": form, "figures": found, "counts": library_counts()}
    return render(request, "policies/figures.html", context)


def _back(month: dt.date, by: int) -> dt.date:
    """The first day of the month that lies `by` months before."""
    months = month.year * 12 + month.month - 1 - by
    return dt.date(months // 12, months % 12 + 1, 1)
