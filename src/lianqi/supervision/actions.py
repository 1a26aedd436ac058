"""Issuing, answering and reviewing supervision orders."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import Automat, record
from lianqi.engines.calendar import ClockKind
from lianqi.engines.flow import IllegalMove
from lianqi.engines.text import tidy
from lianqi.notices.actions import notify
from lianqi.supervision.enums import OrderStatus, OrderStep
from lianqi.supervision.errors import (
    NothingToSupervise,
    OrderMoveNotPossible,
    OrderOpenAlready,
    OrderTextMissing,
    UnitTakesNoOrders,
)
from lianqi.supervision.flow import ORDER_FLOW
from lianqi.supervision.models import SupervisionOrder
from lianqi.work.actions import (
    Lengths,
    add_missing_rules,
    cancel_items,
    finish_items,
    open_item,
)
from lianqi.work.enums import Urgency
from lianqi.work.models import WorkItem
from lianqi.work.queries import ReportingLine, local_date

# The first lengths, the zone's to change: what a unit has for its answer, what an issuer has for
# the review.
LENGTHS: Lengths = {
    (OrderStep.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 3),
    (OrderStep.ANSWER, Urgency.URGENT): (ClockKind.WORKING_DAYS, 1),
    (OrderStep.ANSWER, Urgency.CRITICAL): (ClockKind.WORKING_HOURS, 4),
    (OrderStep.REVIEW, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 2),
    (OrderStep.REVIEW, Urgency.URGENT): (ClockKind.WORKING_DAYS, 1),
    (OrderStep.REVIEW, Urgency.CRITICAL): (ClockKind.WORKING_HOURS, 4),
}
# An order is a last step before consequences: its head hears at half the time, the leader at once
# when it is over.
LADDER = (("0.50", 1), ("0.80", 0), ("1.00", 1), ("1.00", 2))


@transaction.atomic
def load_order_clocks(*, at: dt.datetime) -> int:
    """Write the first clock rule of each step and urgency that has none; return how many."""
    rules = add_missing_rules(SupervisionOrder, LENGTHS, LADDER)
    if rules:
        record("supervision.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)


def issue_order(
    item: WorkItem, *, unit: Unit, text: str, urgency: Urgency, by: User, at: dt.datetime
) -> SupervisionOrder:
    """Order a unit to act on the record of an open work item, and give it a clock for its answer.

    The clock of the item itself goes on: an order never gives time.

    Raises:
        NothingToSupervise: The step was done meanwhile.
        OrderOpenAlready: The unit has an open order about this record.
        UnitTakesNoOrders, OrderTextMissing: What was entered cannot be ordered.
        PermissionDenied: `by` issues no orders or does not see the work item.
    """
    if not (by.has_perm("supervision.issue") and by.has_perm("work.view", item)):
        raise PermissionDenied
    if item.done_at is not None:
        raise NothingToSupervise(label=item.label, done_on=local_date(item.done_at))
    if not unit.is_active:
        raise UnitTakesNoOrders(unit=unit)
    order = SupervisionOrder(
        number=_next_number(local_date(at).year),
        subject_kind=item.subject_kind,
        subject_id=item.subject_id,
        enterprise_id=item.enterprise_id,
        label=item.label,
        url=item.url,
        unit=unit,
        text=_said(text),
        urgency=urgency,
        issued_by=by,
        issued_at=at,
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
            _owe_an_answer(order, by=by, at=at)
            _tell_the_unit(order, "supervision.issued", at=at)
            _record("supervision.issued", order, by=by, at=at, text=order.text, urgency=urgency)
    except IntegrityError:
        # Two issuers at once: the other one won the unique key, unless the error was another one.
        twins = SupervisionOrder.objects.open().filter(
            subject_kind=item.subject_kind, subject_id=item.subject_id, unit=unit
        )
        if (twin := twins.first()) is None:
            raise
        raise OrderOpenAlready(unit=unit, number=twin.number) from None
    return order


@transaction.atomic
def answer_order(order_id: int, *, answer: str, by: User, at: dt.datetime) -> SupervisionOrder:
    """The unit says what it did. Whoever issued the order reviews it within a clock of its own."""
    order, target = _locked(order_id, "answer", by=by)
    order.status, order.answer, order.answered_by, order.answered_at = (
        target,
        _said(answer),
        by,
        at,
    )
    order.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    finish_items(order, step=OrderStep.ANSWER, by=by, at=at)
    _owe(order, OrderStep.REVIEW, person=order.issued_by, by=by, at=at)
    _tell([order.issued_by], order, "supervision.answered", at=at)
    _record("supervision.answered", order, by=by, at=at, answer=order.answer)
    return order


@transaction.atomic
def settle_order(order_id: int, *, remark: str = "", by: User, at: dt.datetime) -> SupervisionOrder:
    """The answer suffices; the order is settled."""
    order, target = _locked(order_id, "settle", by=by)
    order.status, order.remark, order.ended_at = target, tidy(remark), at
    order.save(update_fields=["status", "remark", "ended_at"])
    finish_items(order, step=OrderStep.REVIEW, by=by, at=at)
    _tell_the_unit(order, "supervision.settled", at=at)
    _record("supervision.settled", order, by=by, at=at, remark=order.remark)
    return order


@transaction.atomic
def send_back_order(order_id: int, *, remark: str, by: User, at: dt.datetime) -> SupervisionOrder:
    """The answer does not suffice: the unit gets the order again, with a full new clock."""
    order, target = _locked(order_id, "send_back", by=by)
    order.status, order.remark = target, _said(remark)
    order.rounds += 1
    order.save(update_fields=["status", "remark", "rounds"])
    finish_items(order, step=OrderStep.REVIEW, by=by, at=at)
    _owe_an_answer(order, by=by, at=at)
    _tell_the_unit(order, "supervision.sent_back", at=at)
    _record("supervision.sent_back", order, by=by, at=at, remark=order.remark)
    return order


@transaction.atomic
def withdraw_order(order_id: int, *, remark: str, by: User, at: dt.datetime) -> SupervisionOrder:
    """The order is no longer needed, or was a mistake; the reason stays on record."""
    order, target = _locked(order_id, "withdraw", by=by)
    order.status, order.remark, order.ended_at = target, _said(remark), at
    order.save(update_fields=["status", "remark", "ended_at"])
    cancel_items(order, by=by, at=at)
    _tell_the_unit(order, "supervision.withdrawn", at=at)
    _record("supervision.withdrawn", order, by=by, at=at, remark=order.remark)
    return order


def _locked(order_id: int, verb: str, *, by: User) -> tuple[SupervisionOrder, OrderStatus]:
    """Lock the order and return it with the status that `verb` leads to; the table comes first."""
    order = (
        SupervisionOrder.objects.select_for_update(of=("self",))
        .select_related("unit", "issued_by")
        .get(pk=order_id)
    )
    try:
        target = ORDER_FLOW.target(verb, status=OrderStatus(order.status))
    except IllegalMove as error:
        raise OrderMoveNotPossible(
            number=order.number, status=order.get_status_display()
        ) from error
    if not by.has_perm(f"supervision.{verb}", order):
        raise PermissionDenied
    return order, target


def _said(text: str) -> str:
    if not (said := text.strip()):
        raise OrderTextMissing
    return said


def _owe_an_answer(order: SupervisionOrder, *, by: User, at: dt.datetime) -> None:
    _owe(order, OrderStep.ANSWER, unit=order.unit, by=by, at=at)


def _owe(
    order: SupervisionOrder,
    step: OrderStep,
    *,
    by: User,
    at: dt.datetime,
    unit: Unit | None = None,
    person: User | None = None,
) -> None:
    open_item(
        order,
        step=step,
        by=by,
        at=at,
        enterprise_id=order.enterprise_id,
        label=str(order)[:200],
        url=order.get_absolute_url(),
        unit=unit,
        person=person,
        priority=order.urgency,
    )


def _tell_the_unit(order: SupervisionOrder, event: str, *, at: dt.datetime) -> None:
    """An order goes to the desk and to the head, so that nobody can say it was not known."""
    line = ReportingLine(local_date(at))
    _tell([*line.people_of(order.unit, 0), *line.people_of(order.unit, 1)], order, event, at=at)


def _tell(people: Iterable[User], order: SupervisionOrder, event: str, *, at: dt.datetime) -> None:
    notify(
        people,
        event=event,
        names={"number": order.number, "label": order.label, "unit": order.unit},
        url=order.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{order.pk}:{at.isoformat()}",
    )


def _record(
    verb: str, order: SupervisionOrder, *, by: User, at: dt.datetime, **detail: object
) -> None:
    record(
        verb,
        order,
        by=by,
        at=at,
        enterprise_id=order.enterprise_id,
        unit=order.unit_id,
        unit_name=order.unit.name,
        about=order.label,
        **detail,
    )


def _next_number(year: int) -> str:
    """`DB` (督办), the year, a running number that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('supervision_number')")
        return f"DB{year}{cursor.fetchone()[0]:06d}"
