"""Free tests and their orders as spreadsheets, narrowed as their lists are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lianqi.engines.tables import Cell
from lianqi.freetests.actions import record_export
from lianqi.freetests.enums import Verdict
from lianqi.freetests.models import FreeTest, FreeTestQuerySet, LabOrder, LabOrderQuerySet
from lianqi.register.errors import ExportTooLarge
from lianqi.web.freetests.figure_forms import OrderFilter
from lianqi.web.freetests.forms import FreeTestFilter
from lianqi.web.http import AuthedRequest
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
AT_ONCE = 500

reads_the_list = permission_required("freetests.list", raise_exception=True)


@require_safe
@reads_the_list
def tests(request: AuthedRequest) -> HttpResponseBase:
    """One row for each test, with what the reader knows of its orders."""
    form = FreeTestFilter(request.GET, user=request.user)
    found = form.narrow(FreeTest.objects.visible_to(request.user))
    orders = LabOrder.objects.visible_to(request.user).for_list()
    rows = found.for_list().prefetch_related(Prefetch("orders", orders))
    return _spreadsheet(request, found, "free-tests", form.chosen(), _test_head(), _tests(rows))


@require_safe
@reads_the_list
def orders(request: AuthedRequest) -> HttpResponseBase:
    """One row for each item of an order."""
    form = OrderFilter(request.GET, user=request.user)
    found = form.narrow(LabOrder.objects.visible_to(request.user))
    rows = _items(found.for_list())
    return _spreadsheet(request, found, "test-orders", form.chosen(), _item_head(), rows)


def _spreadsheet(
    request: AuthedRequest,
    found: QuerySet[Any],
    name: str,
    filters: Mapping[str, str],
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell | Decimal]],
) -> HttpResponseBase:
    count = found.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        messages.error(request, str(ExportTooLarge(limit=MOST_EXPORTED)))
        back = reverse("freetests:list" if name == "free-tests" else "freetests:orders")
        return HttpResponseRedirect(f"{back}?{request.GET.urlencode()}", status=303)
    record_export(name, count, filters=filters, by=request.user, at=timezone.now())
    return workbook_response(f"{name}-{timezone.localdate():%Y%m%d}.xlsx", headings, rows)


def _test_head() -> list[str]:
    return [
        pgettext("free test", "Test"), _("Enterprise"), _("Product"),
        _("What is to be found out"), _("Status"), _("Stated on"), _("Result wanted by"),
        _("Standard"), _("Test items"), _("Items passed"), _("Items not passed"), _("Institutes"),
        _("Task force"), _("Why it was withdrawn"),
    ]  # fmt: skip


def _tests(found: FreeTestQuerySet) -> Iterator[list[Cell | Decimal]]:
    for test in found.iterator(chunk_size=AT_ONCE):
        known = sorted(test.orders.all(), key=lambda each: each.pk)
        # A later order of an item tells more than an earlier one.
        verdicts = {item.item: item.verdict for order in known for item in order.items.all()}
        held = [order for order in known if order.holds_places]
        yield [
            test.number,
            test.enterprise.name,
            test.product,
            test.question,
            test.get_status_display(),
            timezone.localtime(test.stated_at).date(),
            test.wanted_by,
            test.standard,
            "、".join(test.items),
            _of(verdicts, Verdict.PASSED),
            _of(verdicts, Verdict.FAILED),
            "、".join(dict.fromkeys(order.institute.name for order in held)),
            test.force.unit.name,
            test.end_reason,
        ]


def _of(verdicts: Mapping[str, str], verdict: Verdict) -> str:
    return "、".join(item for item, found in verdicts.items() if found == verdict)


def _item_head() -> list[str]:
    return [
        _("Order"), pgettext("free test", "Test"), _("Enterprise"), _("Product"),
        _("Institute"), _("Status"), _("Ordered on"), _("Ended on"), _("Test item"),
        _("Standard"), _("Result"), _("Value"), _("Normal price (yuan)"),
        _("Number of the report"),
    ]  # fmt: skip


def _items(found: LabOrderQuerySet) -> Iterator[list[Cell | Decimal]]:
    for order in found.iterator(chunk_size=AT_ONCE):
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
