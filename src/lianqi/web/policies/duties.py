"""The list of duties (责任清单): of one document, for print and sheet; of a unit, over all."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lianqi.accounts.models import Unit
from lianqi.policies.models import PolicyArticle, PolicyArticleQuerySet, PolicyDocument
from lianqi.policies.queries import document_shown
from lianqi.web.demands.forms import choosing
from lianqi.web.http import AnyRequest, AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.policies.seen import seen, standing_of
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
lists_duties = permission_required("policies.list_duties", raise_exception=True)


class DutyFilter(forms.Form):
    """Whose duties; those of published documents unless others are wished as well."""

    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=gettext_lazy("Unit"),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=choosing(),
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Part"),
        required=False,
        choices=[("", gettext_lazy("All")), ("lead", gettext_lazy("leads"))],
        widget=choosing(),
    )
    drafts = forms.BooleanField(label=gettext_lazy("Not published ones too"), required=False)

    def narrow(self, articles: PolicyArticleQuerySet) -> PolicyArticleQuerySet:
        self.full_clean()
        chosen = self.cleaned_data
        if not chosen.get("drafts"):
            articles = articles.filter(document__status="published")
        if unit := chosen.get("unit"):
            if chosen.get("part") == "lead":
                return articles.filter(lead=unit)
            return articles.owed_by([unit.pk])
        return articles


@require_safe
@lists_duties
def duties(request: AuthedRequest) -> HttpResponse:
    form = DutyFilter(request.GET)
    page = newest_first(_for_list(form.narrow(PolicyArticle.objects.all())), request.GET)
    context = {
        "form": form,
        "page": page,
        "own": request.user.unit if request.user.unit_id else None,
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "policies/duties.html", context)


@require_safe
@lists_duties
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet; it is public knowledge, so nobody is noted."""
    found = DutyFilter(request.GET).narrow(PolicyArticle.objects.all())
    if found.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        said = _("More than %(most)d rows match. Narrow the filter first.")
        messages.error(request, said % {"most": MOST_EXPORTED})
        url = f"{reverse('policies:duties')}?{request.GET.urlencode()}"
        return HttpResponseRedirect(url, status=303)
    name = f"policy-duties-{timezone.localdate():%Y%m%d}.xlsx"
    rows = _for_list(found).order_by("document", "position")
    return workbook_response(name, _headings(), _lines(rows.iterator(chunk_size=500)))


@login_not_required
@require_safe
def sheet(request: AnyRequest, policy_id: int) -> HttpResponse:
    """The list of one document on paper."""
    document = seen(request, policy_id)
    context = {
        "policy": document,
        "standing": standing_of(document, on=timezone.localdate()),
        "shown": document_shown(document),
        "printed_on": timezone.localdate(),
    }
    return render(request, "policies/sheet.html", context)


@login_not_required
@require_safe
def export_sheet(request: AnyRequest, policy_id: int) -> HttpResponseBase:
    """The list of one document as a spreadsheet."""
    document = seen(request, policy_id)
    return workbook_response(
        f"policy-{document.pk}-duties.xlsx", _headings(), _lines(_of(document))
    )


def _of(document: PolicyDocument) -> Iterator[PolicyArticle]:
    for aspect in document_shown(document).aspects:
        for each in aspect.articles:
            each.document = document
            yield each


def _for_list(articles: PolicyArticleQuerySet) -> PolicyArticleQuerySet:
    return (
        articles.with_duties()
        .select_related("document")
        .defer("document__source_text", "document__search_text", "document__search_tokens")
    )


def _headings() -> list[str]:
    return [
        _("Policy"), _("Document number"), _("Version"), _("Aspect"), _("Article"), _("Heading"),
        _("Wording"), _("Lead department"), _("Responsible units"), _("Status"),
    ]  # fmt: skip


def _lines(articles: Iterable[PolicyArticle]) -> Iterator[list[Any]]:
    for each in articles:
        document = each.document
        yield [
            document.title,
            document.number,
            document.version,
            each.aspect.title if each.aspect else "",
            each.number,
            each.title,
            each.wording or each.wording_note,
            each.lead.name if each.lead else "",
            "、".join(unit.name for unit in each.responsible.all()),
            document.get_status_display(),
        ]
