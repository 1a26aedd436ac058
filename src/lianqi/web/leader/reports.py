"""Monthly reports: those that were made, with their files, and asking for one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.demands.actions import request_report
from lianqi.demands.models import MonthlyReport
from lianqi.demands.queries import reportable
from lianqi.files.models import StoredFile
from lianqi.files.queries import files_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done


class ReportForm(forms.Form):
    """Which month; those are offered that figures were compiled of."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["month"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in reportable()]


@dataclass(frozen=True, slots=True)
class Row:
    report: MonthlyReport
    files: list[StoredFile]


@require_safe
@permission_required("demands.figures", raise_exception=True)
def report_list(request: AuthedRequest) -> HttpResponse:
    return _page(request, ReportForm())


@require_POST
@permission_required("demands.make_report", raise_exception=True)
def ask(request: AuthedRequest) -> HttpResponse:
    form = ReportForm(request.POST)

    def act(values: dict[str, Any]) -> object:
        month = dt.date.fromisoformat(f"{values['month']}-01")
        language = get_language() or "zh-hans"
        return request_report(month, language=language, by=request.user, at=timezone.now())

    if done(form, act):
        messages.success(request, _("The report is being made; reload this page in a minute."))
        return HttpResponseRedirect(reverse("leader:reports"), status=303)
    return _page(request, form, status=UNPROCESSABLE)


def _page(request: AuthedRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    page = newest_first(MonthlyReport.objects.visible_to(request.user).for_list(), request.GET)
    files = files_of(page.rows)
    context = {
        "form": form,
        "page": page,
        "rows": [Row(report, files.get(report.pk, [])) for report in page.rows],
        "may_ask": request.user.has_perm("demands.make_report"),
    }
    return render(request, "leader/reports.html", context, status=status)
