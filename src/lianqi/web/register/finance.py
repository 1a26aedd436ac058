"""Financial institutions and funds of the register: how many, and the list of them."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianqi.register.enums import FinanceKind
from lianqi.register.models import Enterprise
from lianqi.register.queries import finance_figures, financial_institutions, institutions_shown
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.register.forms import choosing
from lianqi.web.register.views import reads_the_list
from lianqi.web.sums import count, factor, money


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *FinanceKind.choices],
        widget=choosing(),
    )


@require_safe
@reads_the_list
def institutions(request: AuthedRequest) -> HttpResponse:
    today = timezone.localdate()
    form = KindForm(request.GET)
    chosen = form.cleaned_data["kind"] if form.is_valid() else ""
    kind = FinanceKind(chosen) if chosen else None
    visible = Enterprise.objects.visible_to(request.user).in_the_zone()
    found = financial_institutions(visible, on=today, kind=kind)
    page = newest_first(found.for_list(), request.GET)
    figures = finance_figures(visible, on=today)
    context = {
        "form": form,
        "page": page,
        "rows": institutions_shown(page.rows, on=today),
        "figures": figures,
        "counts": [
            (FinanceKind(each).label, figures.counts.get(each, 0))
            for each in FinanceKind
            if each is not FinanceKind.FUND
        ],
        "outlets": count(figures.outlets),
        "by_bank": count(figures.outlets_by_bank),
        "invested": money(figures.invested, is_about=figures.is_about),
        "size": money(figures.size, is_about=figures.is_about),
        "leverage": factor(figures.leverage, is_about=figures.is_about),
        "by_fund": money(figures.invested_by_fund, is_about=figures.is_about),
        "is_filtered": kind is not None,
    }
    return render(request, "register/finance.html", context)
