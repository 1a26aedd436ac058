"""Supervision orders: who may, which clocks run, who is told, and two people at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import Absence, User
from lianqi.audit.models import Event
from lianqi.demands.models import Demand
from lianqi.notices.models import Notice
from lianqi.shared.errors import Refusal
from lianqi.supervision.actions import (
    answer_order,
    issue_order,
    load_order_clocks,
    send_back_order,
    settle_order,
    withdraw_order,
)
from lianqi.supervision.enums import OrderStatus, OrderStep
from lianqi.supervision.errors import (
    NothingToSupervise,
    OrderMoveNotPossible,
    OrderOpenAlready,
    OrderTextMissing,
    UnitTakesNoOrders,
)
from lianqi.supervision.models import SupervisionOrder
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule, EscalationRule, WorkItem
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, make_user
from tests.web.zone import Zone, make_zone

LATER = AT + dt.timedelta(hours=3)


@pytest.fixture
def zone(db: None) -> Zone:
    return made_zone()


def made_zone() -> Zone:
    zone = make_zone()
    load_order_clocks(at=AT)
    return zone


def late_item(zone: Zone) -> WorkItem:
    """The answer that the economy bureau owes a demand."""
    demand = zone.demand("accepted", at=AT)
    return WorkItem.objects.about(demand).get(step="answer")


def issued(zone: Zone, item: WorkItem | None = None, **given: object) -> SupervisionOrder:
    known = {
        "unit": zone.economy,
        "text": "请三日内答复企业。",
        "urgency": Urgency.NORMAL,
        "by": zone.leader,
        "at": LATER,
    }
    return issue_order(item or late_item(zone), **(known | given))  # type: ignore[arg-type]  # test data


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def test_an_order_gives_the_unit_a_clock_and_tells_desk_and_head(zone: Zone) -> None:
    item = late_item(zone)
    promised = item.due_at

    order = issued(zone, item)

    item.refresh_from_db()
    owed = WorkItem.objects.about(order).get()
    assert (order.status, order.label, order.unit) == ("issued", item.label, zone.economy)
    assert (owed.step, owed.unit, owed.clock_amount) == (OrderStep.ANSWER, zone.economy, 3)
    assert item.due_at == promised  # an order never gives time
    assert told("supervision.issued") == {"王强", "孙丽"}
    assert Event.objects.get(verb="supervision.issued").detail["text"] == "请三日内答复企业。"


def test_a_pressing_order_has_a_shorter_clock(zone: Zone) -> None:
    order = issued(zone, urgency=Urgency.CRITICAL)

    owed = WorkItem.objects.about(order).get()
    assert (owed.clock_kind, owed.clock_amount) == ("working_hours", 4)


def test_whoever_is_away_is_replaced_by_the_stand_in(zone: Zone) -> None:
    stand_in = make_user(name="代班", unit=zone.economy)
    today = LATER.date()
    Absence.objects.create(user=zone.head, stand_in=stand_in, from_on=today, until_on=today)

    issued(zone)

    assert told("supervision.issued") == {"王强", "代班"}


def test_the_whole_way_with_one_return(zone: Zone) -> None:
    order = issued(zone)

    answer_order(order.pk, answer="已联系供电公司。", by=zone.handler, at=LATER)
    review = WorkItem.objects.about(order).get(step=OrderStep.REVIEW)
    send_back_order(order.pk, remark="请写明完成日期。", by=zone.leader, at=LATER)
    second = WorkItem.objects.about(order).get(step=OrderStep.ANSWER, done_at__isnull=True)
    answer_order(order.pk, answer="12日前完成。", by=zone.head, at=LATER)
    done = settle_order(order.pk, by=zone.dispatcher, at=LATER)

    assert review.person == zone.leader
    assert second.visit == 2
    assert (done.status, done.rounds, done.ended_at) == (OrderStatus.CLOSED, 1, LATER)
    assert not WorkItem.objects.about(order).filter(done_at__isnull=True).exists()
    assert [
        event.verb
        for event in Event.objects.filter(verb__startswith="supervision.")
        .exclude(verb="supervision.clock_rules_loaded")
        .order_by("pk")
    ] == [
        "supervision.issued",
        "supervision.answered",
        "supervision.sent_back",
        "supervision.answered",
        "supervision.settled",
    ]


def test_taking_back_ends_what_is_owed_and_says_why(zone: Zone) -> None:
    order = withdraw_order(issued(zone).pk, remark="已办结。", by=zone.leader, at=LATER)

    owed = WorkItem.objects.about(order).get()
    assert (order.status, owed.outcome, owed.was_late) == ("withdrawn", "cancelled", None)


def test_what_cannot_be_ordered_is_refused(zone: Zone) -> None:
    item = late_item(zone)
    zone.housing.is_active = False
    zone.housing.save()

    with pytest.raises(OrderTextMissing):
        issued(zone, item, text="  ")
    with pytest.raises(UnitTakesNoOrders):
        issued(zone, item, unit=zone.housing)
    first = issued(zone, item)
    with pytest.raises(OrderOpenAlready, match=first.number):
        issued(zone, item)
    item.done_at = AT
    with pytest.raises(NothingToSupervise):
        issued(zone, item)

    assert SupervisionOrder.objects.count() == 1


def test_an_ended_order_makes_room_for_another(zone: Zone) -> None:
    item = late_item(zone)
    withdraw_order(issued(zone, item).pk, remark="撤销", by=zone.leader, at=LATER)

    assert issued(zone, item).status == OrderStatus.ISSUED


def test_a_move_that_is_over_is_refused_in_words(zone: Zone) -> None:
    order = issued(zone)

    with pytest.raises(OrderMoveNotPossible, match=order.number):
        settle_order(order.pk, by=zone.leader, at=LATER)


@pytest.mark.parametrize(
    "who", ["boss", "other_boss", "handler", "head", "officer", "auditor", "newcomer"]
)
def test_only_leaders_and_the_service_centre_issue(zone: Zone, who: str) -> None:
    with pytest.raises(PermissionDenied):
        issued(zone, by=getattr(zone, who))


@pytest.mark.parametrize("who", ["boss", "other_handler", "officer", "auditor", "leader"])
def test_only_the_unit_answers(zone: Zone, who: str) -> None:
    order = issued(zone)

    with pytest.raises(PermissionDenied):
        answer_order(order.pk, answer="已办", by=getattr(zone, who), at=LATER)


@pytest.mark.parametrize("who", ["handler", "head", "auditor", "boss"])
def test_the_unit_does_not_review_itself(zone: Zone, who: str) -> None:
    order = issued(zone)
    answer_order(order.pk, answer="已办", by=zone.handler, at=LATER)

    with pytest.raises(PermissionDenied):
        settle_order(order.pk, by=getattr(zone, who), at=LATER)


def test_the_list_holds_what_may_be_opened(zone: Zone) -> None:
    orders = [issued(zone), issued(zone, unit=zone.housing)]
    people: list[User] = [
        zone.leader, zone.dispatcher, zone.auditor, zone.handler, zone.other_handler, zone.head,
        zone.boss, zone.officer, zone.newcomer,
    ]  # fmt: skip

    seen = {
        person.name: set(SupervisionOrder.objects.visible_to(person).values_list("pk", flat=True))
        for person in people
    }

    assert seen["郑华"] == {order.pk for order in orders}
    assert (seen["王强"], seen["赵磊"], seen["林晓燕"]) == ({orders[0].pk}, {orders[1].pk}, set())
    for person in people:
        assert seen[person.name] == {
            order.pk for order in orders if person.has_perm("supervision.view", order)
        }


def test_the_clocks_are_written_once_and_stay_the_zones(zone: Zone) -> None:
    kind = SupervisionOrder._meta.label_lower
    rule = ClockRule.objects.get(subject_kind=kind, step=OrderStep.ANSWER, priority="normal")
    rule.amount = 7
    rule.save()
    EscalationRule.objects.filter(subject_kind=kind).first().delete()  # type: ignore[union-attr]  # loaded
    rungs = EscalationRule.objects.filter(subject_kind=kind).count()

    again = load_order_clocks(at=LATER)

    rule.refresh_from_db()
    assert (again, rule.amount) == (0, 7)
    assert EscalationRule.objects.filter(subject_kind=kind).count() == rungs


@pytest.mark.django_db(transaction=True)
def test_two_issuers_at_once_issue_one_order() -> None:
    zone = made_zone()
    item = late_item(zone)

    results = at_once(
        *[lambda by=by: issued(zone, item, by=by) for by in (zone.leader, zone.dispatcher)]  # type: ignore[misc]  # a default argument
    )

    assert refusals(results) == [OrderOpenAlready]
    assert SupervisionOrder.objects.count() == 1
    assert WorkItem.objects.filter(step=OrderStep.ANSWER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_withdrawal_at_once_agree_on_one_end() -> None:
    zone = made_zone()
    order = issued(zone)

    results = at_once(
        lambda: answer_order(order.pk, answer="已办。", by=zone.handler, at=LATER),
        lambda: withdraw_order(order.pk, remark="撤销。", by=zone.leader, at=LATER),
    )

    order.refresh_from_db()
    assert order.status == OrderStatus.WITHDRAWN  # an answered order can still be taken back
    assert all(isinstance(each, SupervisionOrder | Refusal) for each in results)
    assert not WorkItem.objects.about(order).filter(done_at__isnull=True).exists()
    assert Demand.objects.count() == 1
