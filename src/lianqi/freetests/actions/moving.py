"""What every move has in common: locks in one order, table, permission; then work and notices."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.flow import IllegalMove
from lianqi.freetests.enums import FreeTestStatus, FreeTestStep, LabOrderStatus
from lianqi.freetests.errors import FreeTestMoveNotPossible, ReasonMissing
from lianqi.freetests.flow import FREE_TEST_FLOW, ORDER_FLOW
from lianqi.freetests.models import FreeTest, LabOrder
from lianqi.notices.actions import notify
from lianqi.register.models import Enterprise
from lianqi.register.queries import people_of
from lianqi.work.actions import cancel_items, finish_items, open_item
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date, people_on_the_desk


def locked_test(test_id: int, verb: str, *, by: User) -> tuple[FreeTest, FreeTestStatus]:
    """Lock a test and return it with the status that `verb` leads to; the table first.

    Raises:
        FreeTestMoveNotPossible: Somebody else acted meanwhile.
        PermissionDenied: `by` may not do this.
    """
    test = FreeTest.objects.select_for_update().get(pk=test_id)
    try:
        target = FREE_TEST_FLOW.target(verb, status=FreeTestStatus(test.status))
    except IllegalMove as error:
        raise FreeTestMoveNotPossible(
            number=test.number, status=test.get_status_display()
        ) from error
    if not by.has_perm(f"freetests.{verb}", test):
        raise PermissionDenied
    return test, target


def locked_order(order_id: int, verb: str, *, by: User) -> tuple[LabOrder, LabOrderStatus]:
    """Lock the test of an order, then the order; the test always comes first, whoever acts.

    Raises:
        FreeTestMoveNotPossible: Somebody else acted meanwhile.
        PermissionDenied: `by` may not do this.
    """
    test = FreeTest.objects.select_for_update().get(orders=order_id)
    order = LabOrder.objects.select_for_update().get(pk=order_id)
    order.test = test
    try:
        target = ORDER_FLOW.target(verb, status=LabOrderStatus(order.status))
    except IllegalMove as error:
        raise FreeTestMoveNotPossible(
            number=order.number, status=order.get_status_display()
        ) from error
    if not by.has_perm(f"freetests.{verb}", order):
        raise PermissionDenied
    return order, target


def end(order: LabOrder, target: LabOrderStatus, reason: str, *, by: User, at: dt.datetime) -> None:
    """An order ends without a result: its places are free again, its items seek an institute.

    Raises:
        ReasonMissing: The others read it.
    """
    if not reason.strip():
        raise ReasonMissing
    order.status, order.note = target, reason.strip()
    order.ended_at, order.ended_by = at, by
    order.save(update_fields=["status", "note", "ended_at", "ended_by"])
    cancel_items(order, by=by, at=at)
    settle_test(order.test, by=by, at=at)


def settle_test(test: FreeTest, *, by: User, at: dt.datetime) -> None:
    """What becomes of a test after a change of its orders: ordered, sought again, or tested."""
    never_sought = test.items_never_sought()
    if test.orders.under_way().exists():
        test.status = FreeTestStatus.ORDERED
    elif never_sought or not test.orders.done().exists():
        test.status = FreeTestStatus.OPEN
    else:
        test.status = FreeTestStatus.TESTED
    test.save(update_fields=["status"])
    owed = WorkItem.objects.about(test).open().filter(step=FreeTestStep.MATCH)
    if not never_sought:
        finish_items(test, step=FreeTestStep.MATCH, by=by, at=at)
    elif not owed.exists():
        owe_match(test, by=by, at=at)


def owe_match(test: FreeTest, *, by: User, at: dt.datetime) -> None:
    """The force finds an institute."""
    open_item(
        test,
        step=FreeTestStep.MATCH,
        by=by,
        at=at,
        enterprise_id=test.enterprise_id,
        label=label_of(test),
        url=test.get_absolute_url(),
        unit=test.unit,
    )


def owe(
    order: LabOrder, step: FreeTestStep, *, by: User, at: dt.datetime, days: int | None = None
) -> None:
    """Institute or enterprise acts; the force sees to it that they do, and is told if it is late.

    Args:
        days: Calendar days, where the institute itself said how long it takes.
    """
    open_item(
        order,
        step=step,
        by=by,
        at=at,
        enterprise_id=order.test.enterprise_id,
        label=f"{label_of(order.test)} · {order.institute}"[:200],
        url=order.get_absolute_url(),
        unit=order.test.unit,
        days=days,
    )


def label_of(test: FreeTest) -> str:
    return f"{test.number} {test.product}"


def tell_desk(test: FreeTest, event: str, *, at: dt.datetime, **names: object) -> None:
    tell(people_on_the_desk(test.unit), test, event, at=at, **names)


def tell_firm(
    firm: Enterprise | None, test: FreeTest, event: str, *, at: dt.datetime, **names: object
) -> None:
    """Tell the people of the enterprise or of the institute; of none, nobody."""
    if firm is not None:
        tell(people_of(firm), test, event, at=at, **names)


def tell(
    people: Iterable[User], test: FreeTest, event: str, *, at: dt.datetime, **names: object
) -> None:
    """Notify people once per event and moment; the text goes out after the commit."""
    notify(
        people,
        event=event,
        names={
            "number": test.number,
            "product": test.product,
            "enterprise": test.enterprise,
            **names,
        },
        url=test.get_absolute_url(),
        at=at,
        dedupe_key=f"{event}:{test.pk}:{at.isoformat()}",
    )


def note_test(verb: str, test: FreeTest, *, by: User, at: dt.datetime, **detail: object) -> None:
    record(verb, test, by=by, at=at, enterprise_id=test.enterprise_id, **detail)


def note_order(verb: str, order: LabOrder, *, by: User, at: dt.datetime, **detail: object) -> None:
    record(
        verb, order, by=by, at=at, enterprise_id=order.test.enterprise_id,
        test=order.test.number, institute=order.institute.name, **detail,
    )  # fmt: skip


def next_number(prefix: str, sequence: str, at: dt.datetime) -> str:
    """The prefix, the year, a running number that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return f"{prefix}{local_date(at).year}{cursor.fetchone()[0]:05d}"
