"""Saved assessments: saving one, the list of an enterprise, and one told again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.engines.rules.rule import Status
from lianqi.matching.actions import save_assessment
from lianqi.matching.models import SavedAssessment
from lianqi.matching.queries.saved import FactTold, told_again
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.forms import DayForm
from lianqi.web.matching.seeing import seen_enterprise
from lianqi.web.matching.words import STATUSES, fact_text, origin_text, range_text
from lianqi.web.paging import newest_first


@require_POST
def save(
    request: AuthedRequest, enterprise_id: int, pack_id: int, measure_key: str
) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    if not request.user.has_perm("matching.save_assessment", enterprise):
        raise PermissionDenied
    day = DayForm(request.POST).day()
    try:
        row = save_assessment(
            enterprise.pk, pack_id, measure_key, on=day, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        url = reverse("matching:verdicts", args=[enterprise.pk])
        return HttpResponseRedirect(url, status=303)
    messages.success(request, _("Saved with its rule and its facts. It will not change any more."))
    return HttpResponseRedirect(row.get_absolute_url(), status=303)


@require_safe
def saved_list(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = seen_enterprise(request, enterprise_id)
    rows = SavedAssessment.objects.visible_to(request.user).filter(enterprise=enterprise)
    page = newest_first(rows.for_list(), request.GET)
    context = {
        "enterprise": enterprise,
        "page": page,
        "rows": [(each, STATUSES[Status(each.status)]) for each in page.rows],
        "with_names": request.user.is_zone_staff,
    }
    return render(request, "matching/saved_list.html", context)


@require_safe
def saved(request: AuthedRequest, saved_id: int) -> HttpResponse:
    rows = SavedAssessment.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("enterprise", "pack", "saved_by"), pk=saved_id)
    seen_enterprise(request, row.enterprise_id)
    told = told_again(row)
    amount = told.assessment.amount if told.assessment else None
    context = {
        "row": row,
        "told": told,
        "status": STATUSES[Status(row.status)],
        "amount": range_text(amount, (("元", 1),)),
        "clauses": [(each, STATUSES[each.status]) for each in told.clauses],
        "facts": [(each, _value(each), origin_text(each.origin)) for each in told.facts],
        "with_names": request.user.is_zone_staff,
    }
    return render(request, "matching/saved.html", context)


def _value(fact: FactTold) -> Any:
    if fact.spec is not None:
        return fact_text(fact.spec, fact.value)
    if isinstance(fact.value, bool):
        return _("yes") if fact.value else _("no")
    return str(fact.value)
