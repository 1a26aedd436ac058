"""Supervision orders over JSON: the same actions as the pages."""

import datetime as dt
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqi.accounts.models import Unit
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.supervision import actions
from lianqi.supervision.enums import OrderStatus
from lianqi.supervision.models import SupervisionOrder
from lianqi.work.enums import Urgency
from lianqi.work.models import WorkItem

router = Router(tags=["supervision"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class OrderOut(Schema):
    """A supervision order. `subject_kind` and `subject_id` say which record it is about."""

    id: int
    number: str
    subject_kind: str
    subject_id: int
    label: str
    unit_id: int
    text: str
    urgency: Urgency
    status: OrderStatus
    issued_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    remark: str
    rounds: int
    ended_at: dt.datetime | None


class OrderPage(Schema):
    """Orders, newest first. Pass `next_before` as `before` for the following page."""

    orders: list[OrderOut]
    next_before: int | None


class OrderIn(Schema):
    """`work_item_id` is the open step of the record that is late or grave."""

    work_item_id: int
    unit_id: int
    text: Text
    urgency: Urgency = Urgency.NORMAL


class OrderAnswerIn(Schema):
    answer: Text


class RemarkIn(Schema):
    remark: Text


class OrderFilter(Schema):
    """Filters of the list; all that are given must hold."""

    status: OrderStatus | None = None
    unit_id: int | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: OrderPage, **PROBLEMS}, operation_id="list_supervision_orders")
def list_orders(request: ApiRequest, query: Query[OrderFilter]) -> dict[str, Any]:
    """The orders you may see, newest first."""
    given = query.model_dump(exclude={"before", "limit"}, exclude_none=True)
    orders = SupervisionOrder.objects.visible_to(request.user).filter(**given)
    if query.before is not None:
        orders = orders.filter(pk__lt=query.before)
    rows = list(orders.order_by("-pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"orders": rows, "next_before": rows[-1].pk if more else None}


@router.get(
    "/{order_id}", response={200: OrderOut, **PROBLEMS}, operation_id="get_supervision_order"
)
def get_order(request: ApiRequest, order_id: int) -> SupervisionOrder:
    """One order."""
    return _order(request, order_id)


@router.post("", response={201: OrderOut, **PROBLEMS}, operation_id="issue_supervision_order")
def issue_order(request: ApiRequest, body: OrderIn) -> Status[SupervisionOrder]:
    """Order a unit to act on a record; the clock of the record itself goes on."""
    item = get_object_or_404(WorkItem.objects.visible_to(request.user), pk=body.work_item_id)
    unit = get_object_or_404(Unit, pk=body.unit_id)
    order = actions.issue_order(
        item, unit=unit, text=body.text, urgency=body.urgency, by=request.user, at=timezone.now()
    )
    return Status(201, order)


@router.post(
    "/{order_id}/answer",
    response={200: OrderOut, **PROBLEMS},
    operation_id="answer_supervision_order",
)
def answer_order(request: ApiRequest, order_id: int, body: OrderAnswerIn) -> SupervisionOrder:
    """Say what your unit did."""
    order = _order(request, order_id)
    return actions.answer_order(order.pk, answer=body.answer, by=request.user, at=timezone.now())


@router.post(
    "/{order_id}/settle",
    response={200: OrderOut, **PROBLEMS},
    operation_id="settle_supervision_order",
)
def settle_order(request: ApiRequest, order_id: int) -> SupervisionOrder:
    """The answer suffices."""
    order = _order(request, order_id)
    return actions.settle_order(order.pk, by=request.user, at=timezone.now())


@router.post(
    "/{order_id}/send-back",
    response={200: OrderOut, **PROBLEMS},
    operation_id="send_back_supervision_order",
)
def send_back_order(request: ApiRequest, order_id: int, body: RemarkIn) -> SupervisionOrder:
    """The answer does not suffice; the unit gets the order again with a new clock."""
    order = _order(request, order_id)
    return actions.send_back_order(order.pk, remark=body.remark, by=request.user, at=timezone.now())


@router.post(
    "/{order_id}/withdraw",
    response={200: OrderOut, **PROBLEMS},
    operation_id="withdraw_supervision_order",
)
def withdraw_order(request: ApiRequest, order_id: int, body: RemarkIn) -> SupervisionOrder:
    """Take an order back, with the reason."""
    order = _order(request, order_id)
    return actions.withdraw_order(order.pk, remark=body.remark, by=request.user, at=timezone.now())


def _order(request: ApiRequest, order_id: int) -> SupervisionOrder:
    return get_object_or_404(SupervisionOrder.objects.visible_to(request.user), pk=order_id)
