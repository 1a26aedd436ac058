"""What free tests brought, by institute: each number with the list behind it."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianqi.freetests.enums import LabOrderStatus
from lianqi.freetests.models import LabOrder
from lianqi.freetests.queries import figures_by_institute, totals
from lianqi.web.freetests.figure_forms import PeriodFilter
from lianqi.web.http import AuthedRequest


@require_safe
@permission_required("freetests.figures", raise_exception=True)
def figures(request: AuthedRequest) -> HttpResponse:
    form = PeriodFilter(request.GET)
    found = form.narrow(LabOrder.objects.visible_to(request.user))
    rows = figures_by_institute(found)
    span = form.chosen()
    context = {
        "form": form,
        "total": totals(rows, found),
        "list_url": _list(**span),
        "done_url": _list(status=LabOrderStatus.DONE, **span),
        "rows": [
            (
                row,
                _list(institute=row.institute.pk, **span),
                _list(institute=row.institute.pk, status=LabOrderStatus.DONE, **span),
            )
            for row in rows
            if row.institute is not None
        ],
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "freetests/figures.html", context)


def _list(**narrowed: object) -> str:
    return f"{reverse('freetests:orders')}?{urlencode(narrowed)}"
