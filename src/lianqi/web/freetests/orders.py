"""Test orders: the list behind the figures, and the same as a spreadsheet."""

from collections.abc import Iterator
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.engines.tables import Cell
from lianqi.freetests.actions import record_orders_export
from lianqi.freetests.enums import LabOrderStatus
from lianqi.freetests.models import LabOrder, LabOrderQuerySet
from lianqi.register.errors import ExportTooLarge
from lianqi.web.freetests.figure_forms import OrderFilter
from lianqi.web.freetests.page import ORDER_TONES
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
AT_ONCE = 500

reads_the_list = permission_required("freetests.list", raise_exception=True)


@require_safe
@reads_the_list
def orders(request: AuthedRequest) -> HttpResponse:
    form, found = _matching(request)
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [(each, ORDER_TONES[LabOrderStatus(each.status)]) for each in page.rows],
        "is_filtered": any(request.GET.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "freetests/orders.html", context)


@require_safe
@reads_the_list
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet, one row for each item of an order."""
    form, found = _matching(request)
    count = found.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        messages.error(request, str(ExportTooLarge(limit=MOST_EXPORTED)))
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('freetests:orders')}?{query}", status=303)
    record_orders_export(count, filters=form.chosen(), by=request.user, at=timezone.now())
    name = f"test-orders-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _lines(found))


def _matching(request: AuthedRequest) -> tuple[OrderFilter, LabOrderQuerySet]:
    form = OrderFilter(request.GET, user=request.user)
    return form, form.narrow(LabOrder.objects.visible_to(request.user))


def _headings() -> list[str]:
    return [
        _("Order"), _("Test"), _("Enterprise"), _("Product"), _("Institute"), _("Status"),
        _("Ordered on"), _("Ended on"), _("Test item"), _("Standard"), _("Result"), _("Value"),
        _("Normal price (yuan)"), _("Number of the report"),
    ]  # fmt: skip


def _lines(found: LabOrderQuerySet) -> Iterator[list[Cell | Decimal]]:
    for order in found.for_list().iterator(chunk_size=AT_ONCE):
        ended = order.ended_at and timezone.localtime(order.ended_at).date()
        for item in sorted(order.items.all(), key=lambda each: each.pk):
            yield [
                order.number,
                order.test.number,
                order.test.enterprise.name,
                order.test.product,
                order.institute.name,
                order.get_status_display(),
                order.placed_on,
                ended,
                item.item,
                item.standard,
                item.get_verdict_display() if item.verdict else "",
                item.value,
                item.price,
                order.report_number,
            ]
