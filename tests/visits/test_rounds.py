"""A leader's video round: planned, held live, every promise followed to its day."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import accept_demand, answer_demand, withdraw_demand
from lianqi.demands.enums import Closure, DemandStatus
from lianqi.demands.models import Demand
from lianqi.notices.models import Notice
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from lianqi.visits.actions import (
    MOST_ENTERPRISES,
    cancel_round,
    change_round,
    hold_round,
    note_agenda_item,
    plan_round,
    raise_matter,
    tell_of_broken_promises,
)
from lianqi.visits.enums import PromiseState, RoundStatus, VisitKind, VisitStatus
from lianqi.visits.errors import (
    AgendaEmpty,
    AgendaItemBegun,
    PromiseWithoutUnit,
    RoundBegun,
    RoundMoveNotPossible,
    RoundReasonMissing,
    RoundTooLong,
)
from lianqi.visits.models import Matter, Promise, Round, Visit, VisitMatter
from lianqi.visits.queries import promise_state, round_counts
from tests.factories import AT, make_enterprise
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db
TODAY = AT.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def plan(zone: Zone, by: User | None = None, **fields: Any) -> Round:
    known: dict[str, Any] = {
        "title": "复工复产连线",
        "leader": zone.leader,
        "starts_at": AT + dt.timedelta(hours=2),
        "place": "三楼会议室",
        "enterprises": [zone.other_firm, zone.firm],
        "units": [zone.economy],
        "idempotency_key": "round-1",
        "by": by or zone.leader,
        "at": AT,
    }
    return plan_round(**known | fields)


def item(held: Round, zone: Zone) -> Visit:
    return held.agenda.get(enterprise=zone.firm)


def ask(held: Round, zone: Zone, key: str = "m", **fields: Any) -> Demand:
    answer = fields.pop("answer", "")
    promise = Promise(**fields) if fields else None
    return raise_matter(
        item(held, zone).pk,
        Matter(zone.category, "物流车辆通行", answer=answer),
        promise=promise,
        idempotency_key=f"matter-{key}",
        by=zone.dispatcher,
        at=AT,
    )


def test_a_round_is_planned_in_order_and_once(zone: Zone) -> None:
    held = plan(zone)

    assert plan(zone) == held
    agenda = held.agenda.order_by("position")
    assert [(each.enterprise, each.kind, each.status) for each in agenda] == [
        (zone.other_firm, VisitKind.ROUND, VisitStatus.AGENDA),
        (zone.firm, VisitKind.ROUND, VisitStatus.AGENDA),
    ]
    assert {each.person for each in Notice.objects.filter(event="visit.round_planned")} == {
        zone.leader, zone.head,
    }  # fmt: skip


def test_matters_are_answered_promised_or_passed_on_live(zone: Zone) -> None:
    held = plan(zone)

    answered = ask(held, zone, "a", answer="已开通绿色通道。", unit=zone.housing)
    promised = ask(held, zone, "b", unit=zone.economy, text="三日内办结", until=TODAY + 3 * DAY)
    passed_on = ask(held, zone, "c")

    again = ask(held, zone, "c")
    assert again == passed_on
    assert (answered.closure, answered.unit) == (Closure.AT_ONCE, zone.housing)
    promised.refresh_from_db()
    assert (promised.status, promised.unit) == (DemandStatus.DISPATCHED, zone.economy)
    assert passed_on.status == DemandStatus.SUBMITTED
    assert VisitMatter.objects.count() == 3


def test_an_officer_takes_down_matters_and_the_desk_dispatches(zone: Zone) -> None:
    held = plan(zone)

    demand = raise_matter(
        item(held, zone).pk, Matter(zone.category, "招工"),
        promise=Promise(zone.economy, "本周对接", TODAY + DAY),
        idempotency_key="m", by=zone.officer, at=AT,
    )  # fmt: skip

    assert demand.status == DemandStatus.SUBMITTED
    other = held.agenda.get(enterprise=zone.other_firm)
    for person in (zone.officer, zone.leader, zone.head, zone.boss):
        with pytest.raises(PermissionDenied):
            raise_matter(
                other.pk, Matter(zone.category, "招工"), idempotency_key="n", by=person, at=AT
            )


def test_a_promise_is_somebodys(zone: Zone) -> None:
    held = plan(zone)

    with pytest.raises(PromiseWithoutUnit):
        ask(held, zone, text="尽快")

    assert not Demand.objects.exists()


def test_ending_a_round_records_what_took_place_and_tells_the_enterprises(zone: Zone) -> None:
    Membership.objects.create(
        enterprise=zone.firm, user=zone.boss, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip
    held = plan(zone)
    ask(held, zone)

    hold_round(held.pk, by=zone.dispatcher, at=AT)

    held.refresh_from_db()
    mine, other = item(held, zone), held.agenda.get(enterprise=zone.other_firm)
    assert held.status == RoundStatus.HELD
    assert (mine.status, mine.said, mine.on) == (VisitStatus.FILED, "物流车辆通行", TODAY)
    assert (other.status, other.filed_at) == (VisitStatus.MISSED, None)
    assert Notice.objects.filter(person=zone.boss, event="visit.filed").count() == 1
    for late in (
        lambda: hold_round(held.pk, by=zone.dispatcher, at=AT),
        lambda: cancel_round(held.pk, reason="x", by=zone.leader, at=AT),
        lambda: ask(held, zone, "late"),
        lambda: note_agenda_item(
            mine.pk, theirs="", said="x", internal="", by=zone.dispatcher, at=AT
        ),
    ):
        with pytest.raises(RoundMoveNotPossible):
            late()


def test_a_round_with_nothing_raised_is_called_off_with_a_reason(zone: Zone) -> None:
    held = plan(zone)
    with pytest.raises(RoundReasonMissing):
        cancel_round(held.pk, reason=" ", by=zone.leader, at=AT)

    cancel_round(held.pk, reason="会期冲突", by=zone.leader, at=AT)

    assert set(held.agenda.values_list("status", flat=True)) == {VisitStatus.MISSED}
    assert Notice.objects.filter(person=zone.head, event="visit.round_cancelled").count() == 1


def test_a_round_that_has_begun_is_not_called_off(zone: Zone) -> None:
    held = plan(zone)
    ask(held, zone)

    with pytest.raises(RoundBegun):
        cancel_round(held.pk, reason="会期冲突", by=zone.leader, at=AT)


def test_the_agenda_changes_until_something_was_raised(zone: Zone) -> None:
    held, third = plan(zone), make_enterprise()
    known: dict[str, Any] = {
        "title": held.title, "starts_at": held.starts_at, "place": "", "by": zone.leader, "at": AT,
    }  # fmt: skip

    change_round(held.pk, enterprises=[third, zone.firm], units=[zone.housing], **known)

    assert [each.enterprise for each in held.agenda.order_by("position")] == [third, zone.firm]
    assert list(held.units.all()) == [zone.housing]
    ask(held, zone)
    with pytest.raises(AgendaItemBegun):
        change_round(held.pk, enterprises=[third], units=[], **known)


def test_the_bounds_of_an_agenda(zone: Zone) -> None:
    with pytest.raises(AgendaEmpty):
        plan(zone, enterprises=[])
    firms = [make_enterprise() for _number in range(MOST_ENTERPRISES + 1)]
    with pytest.raises(RoundTooLong):
        plan(zone, enterprises=firms)
    assert plan(zone, enterprises=firms[:-1]).agenda.count() == MOST_ENTERPRISES


def test_who_plans_and_who_ends_a_round(zone: Zone) -> None:
    for person in (zone.officer, zone.head, zone.boss, zone.auditor):
        with pytest.raises(PermissionDenied):
            plan(zone, by=person)
    held = plan(zone)
    with pytest.raises(PermissionDenied):
        hold_round(held.pk, by=zone.leader, at=AT)


def test_who_sees_a_round_and_its_visits(zone: Zone) -> None:
    held = plan(zone)

    def sees(person: User) -> tuple[int, int]:
        return (
            Round.objects.visible_to(person).count(),
            Visit.objects.visible_to(person).filter(round=held).count(),
        )

    assert sees(zone.leader) == sees(zone.dispatcher) == sees(zone.auditor) == (1, 2)
    assert sees(zone.handler) == sees(zone.head) == (1, 2)
    assert sees(zone.officer) == (1, 1)
    assert sees(zone.boss) == (0, 1)
    assert sees(zone.other_handler) == (0, 0)


def test_what_became_of_each_promise(zone: Zone) -> None:
    held = plan(zone)
    until = TODAY + DAY
    demand = ask(held, zone, "p", unit=zone.economy, text="明日办结", until=until)
    ask(held, zone, "q", answer="可以。")
    ask(held, zone, "r")

    def state() -> PromiseState:
        return promise_state(VisitMatter.objects.get(demand=demand), on=day)

    day = until
    assert state() == PromiseState.RUNNING
    day = until + DAY
    assert state() == PromiseState.BROKEN
    accept_demand(demand.pk, by=zone.handler, at=AT)
    answer_demand(demand.pk, answer="已办结。", by=zone.handler, at=AT + DAY)
    assert state() == PromiseState.KEPT
    Demand.objects.filter(pk=demand.pk).update(answered_at=AT + 2 * DAY)
    assert state() == PromiseState.LATE
    count = round_counts([held], on=day)[held.pk]
    assert (count.enterprises, count.matters) == (2, 3)
    assert count.states == [
        (PromiseState.AT_ONCE, 1), (PromiseState.LATE, 1), (PromiseState.OPEN, 1),
    ]  # fmt: skip


def test_what_was_withdrawn_is_no_broken_promise(zone: Zone) -> None:
    held = plan(zone)
    demand = ask(held, zone, unit=zone.economy, text="办结", until=TODAY)

    withdraw_demand(demand.pk, reason="已自行解决", by=zone.boss, at=AT)

    assert promise_state(VisitMatter.objects.get(), on=TODAY + DAY) == PromiseState.WITHDRAWN


def test_the_leader_hears_once_of_a_promise_whose_day_is_over(zone: Zone) -> None:
    held = plan(zone)
    ask(held, zone, unit=zone.economy, text="办结", until=TODAY)

    told = [
        tell_of_broken_promises(on=TODAY + n * DAY, at=AT + n * DAY, limit=9) for n in (0, 1, 1, 2)
    ]

    assert told == [0, 1, 1, 0]
    heard = Notice.objects.filter(event="visit.promise_over")
    assert {each.person for each in heard} == {zone.leader, zone.head}
    assert heard.count() == 2
