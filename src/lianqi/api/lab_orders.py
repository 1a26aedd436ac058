"""Test orders over JSON: the institute's side, and the list that the figures count."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field, StringConstraints

from lianqi.api.files import FileOut
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.conversions.actions import Papers
from lianqi.files.models import StoredFile
from lianqi.files.queries import files_of
from lianqi.freetests import actions
from lianqi.freetests.enums import LabOrderStatus, Verdict
from lianqi.freetests.models import LabOrder

router = Router(tags=["free tests"])

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class LabItemOut(Schema):
    """An item of an order. `verdict` is empty until the result is filed; `price` in yuan."""

    id: int
    item: str
    standard: str
    price: Decimal
    verdict: str
    value: str


class LabOrderOut(Schema):
    """An order to an institute. `saved`: what its items would have cost, in yuan."""

    id: int
    number: str
    test_id: int
    institute_id: int
    institute: str = Field(alias="institute.name")
    status: LabOrderStatus
    reasons: str
    days: int
    items: list[LabItemOut]
    saved: Decimal
    samples: str
    report_number: str
    note: str
    placed_at: dt.datetime
    answered_at: dt.datetime | None
    received_at: dt.datetime | None
    ended_at: dt.datetime | None
    reports: list[FileOut]

    @staticmethod
    def resolve_items(order: LabOrder) -> list[Any]:
        return sorted(order.items.all(), key=lambda item: item.pk)

    @staticmethod
    def resolve_reports(order: LabOrder) -> list[StoredFile]:
        return getattr(order, "reports", [])


class ReasonIn(Schema):
    reason: Reason


class SamplesIn(Schema):
    samples: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class LabOrderQuery(Schema):
    """Filters of the orders; `first` and `last` are days of the order, both included."""

    status: LabOrderStatus | None = None
    institute_id: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class LabOrderPage(Schema):
    """Orders, newest first. Pass `next_before` as `before` for the following page."""

    orders: list[LabOrderOut]
    next_before: int | None


@router.get("", response={200: LabOrderPage, **PROBLEMS}, operation_id="list_test_orders")
def list_orders(request: ApiRequest, query: Query[LabOrderQuery]) -> dict[str, Any]:
    """The orders you may see, newest first: what the figures of the institutes count."""
    found = LabOrder.objects.visible_to(request.user).placed_between(query.first, query.last)
    given = {
        "status": query.status, "institute_id": query.institute_id, "pk__lt": query.before,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    rows = list(found.for_list()[: query.limit + 1])
    more = len(rows) > query.limit
    rows = with_reports(rows[: query.limit])
    return {"orders": rows, "next_before": rows[-1].pk if more else None}


@router.post(
    "/{lab_order_id}/accept",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="accept_test_order",
)
def accept(request: ApiRequest, lab_order_id: int) -> LabOrder:
    """The institute tests it; the enterprise hands in its samples."""
    actions.accept_order(order_of(request, lab_order_id).pk, by=request.user, at=timezone.now())
    return order_of(request, lab_order_id)


@router.post(
    "/{lab_order_id}/decline",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="decline_test_order",
)
def decline(request: ApiRequest, lab_order_id: int, body: ReasonIn) -> LabOrder:
    """The institute cannot; the places are free again."""
    found = order_of(request, lab_order_id)
    actions.decline_order(found.pk, reason=body.reason, by=request.user, at=timezone.now())
    return order_of(request, lab_order_id)


@router.post(
    "/{lab_order_id}/receive",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="receive_test_samples",
)
def receive(request: ApiRequest, lab_order_id: int, body: SamplesIn) -> LabOrder:
    """The samples are there; the institute's own working days count from now on."""
    found = order_of(request, lab_order_id)
    actions.receive_samples(found.pk, samples=body.samples, by=request.user, at=timezone.now())
    return order_of(request, lab_order_id)


@router.post(
    "/{lab_order_id}/cancel",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="cancel_test_order",
)
def cancel(request: ApiRequest, lab_order_id: int, body: ReasonIn) -> LabOrder:
    """Take an order back before there is a result; its places are free again."""
    found = order_of(request, lab_order_id)
    actions.cancel_order(found.pk, reason=body.reason, by=request.user, at=timezone.now())
    return order_of(request, lab_order_id)


@router.post(
    "/{lab_order_id}/result",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="file_test_result",
)
def result(
    request: ApiRequest,
    lab_order_id: int,
    report_number: Annotated[str, Form(max_length=60)] = "",
    passed: Annotated[list[int] | None, Form()] = None,
    failed: Annotated[list[int] | None, Form()] = None,
    note: Annotated[str, Form(max_length=1000)] = "",
    files: Annotated[list[UploadedFile] | None, File()] = None,
) -> LabOrder:
    """File result and report: the ids of the items that passed, and of those that did not."""
    found = order_of(request, lab_order_id)
    results = {pk: actions.ItemResult(Verdict.PASSED) for pk in passed or ()}
    results |= {pk: actions.ItemResult(Verdict.FAILED) for pk in failed or ()}
    actions.file_result(
        found.pk,
        results=results,
        report_number=report_number,
        papers=Papers(files or (), settings.UPLOAD_MAX_BYTES, settings.CLAMAV_ADDRESS),
        note=note,
        by=request.user,
        at=timezone.now(),
    )
    return order_of(request, lab_order_id)


@router.post(
    "/{lab_order_id}/use",
    response={200: LabOrderOut, **PROBLEMS},
    operation_id="use_test_result",
)
def use(request: ApiRequest, lab_order_id: int) -> LabOrder:
    """Show the result as evidence in the checklist of the conversion."""
    actions.use_result(order_of(request, lab_order_id).pk, by=request.user, at=timezone.now())
    return order_of(request, lab_order_id)


def order_of(request: ApiRequest, lab_order_id: int) -> LabOrder:
    orders = LabOrder.objects.visible_to(request.user).for_list()
    found: LabOrder = get_object_or_404(orders, pk=lab_order_id)
    return with_reports([found])[0]


def with_reports(orders: list[LabOrder]) -> list[LabOrder]:
    """Give each order its files; one query."""
    files = files_of(orders)
    for order in orders:
        order.reports = files.get(order.pk, [])  # type: ignore[attr-defined]  # for the schema only
    return orders
