"""Test orders: the list behind the figures."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianqi.freetests.enums import LabOrderStatus
from lianqi.freetests.models import LabOrder
from lianqi.web.freetests.figure_forms import OrderFilter
from lianqi.web.freetests.page import ORDER_TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first


@require_safe
@permission_required("freetests.list", raise_exception=True)
def orders(request: AuthedRequest) -> HttpResponse:
    form = OrderFilter(request.GET, user=request.user)
    found = form.narrow(LabOrder.objects.visible_to(request.user))
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [(each, ORDER_TONES[LabOrderStatus(each.status)]) for each in page.rows],
        "is_filtered": any(request.GET.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "freetests/orders.html", context)
