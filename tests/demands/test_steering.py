"""Another urgency and another handler while a demand is handled."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.models import Absence
from lianqi.audit.models import Event
from lianqi.demands.actions import ask_extension, change_urgency, decide_extension, reassign_handler
from lianqi.demands.enums import Decision, DemandStatus, Step
from lianqi.demands.errors import (
    HandlerUnchanged,
    MoveNotPossible,
    UrgencyReasonMissing,
    UrgencyUnchanged,
)
from lianqi.demands.models import Demand
from lianqi.notices.models import Notice
from lianqi.work.enums import Urgency
from lianqi.work.errors import PersonNotOfUnit
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, make_clock_rule, make_handler, make_head

DAY = dt.timedelta(days=1)


def hurry(
    scene: Scene, demand: Demand, urgency: Urgency = Urgency.URGENT, *, at: dt.datetime = AT
) -> Demand:
    return change_urgency(demand.pk, urgency=urgency, reason="停产", by=scene.dispatcher, at=at)


def answering(demand: Demand) -> WorkItem:
    return WorkItem.objects.about(demand).get(step=Step.ANSWER)


@pytest.fixture
def demand(scene: Scene) -> Demand:
    make_clock_rule("answer", priority=Urgency.URGENT, amount=2)
    make_clock_rule("answer", priority=Urgency.CRITICAL, kind="fixed_hours", amount=24)
    return scene.demand_in(DemandStatus.IN_PROGRESS)


def test_the_clock_of_the_urgency_counts_from_the_opening(scene: Scene, demand: Demand) -> None:
    hurry(scene, demand, Urgency.CRITICAL, at=AT + dt.timedelta(hours=5))

    assert answering(demand).due_at == AT + dt.timedelta(hours=24)
    demand.refresh_from_db()
    assert demand.urgency == Urgency.CRITICAL
    assert Notice.objects.filter(person=scene.handler, event="demand.urgency_changed").exists()


def test_a_later_step_has_the_new_urgency_too(scene: Scene, demand: Demand) -> None:
    hurry(scene, demand)
    scene.answer(demand)

    again = Demand.objects.get(pk=demand.pk)

    assert again.urgency == Urgency.URGENT


def test_nothing_late_becomes_punctual(scene: Scene, demand: Demand) -> None:
    due = answering(demand).due_at
    assert due is not None
    hurry(scene, demand)
    short = answering(demand).due_at
    assert short is not None

    hurry(scene, demand, Urgency.NORMAL, at=short + dt.timedelta(seconds=1))

    assert answering(demand).due_at == short
    event = Event.objects.filter(verb="demand.urgency_changed").latest("pk")
    assert event.detail["kept"] == [Step.ANSWER]


def test_time_given_in_days_stays_days(scene: Scene, demand: Demand) -> None:
    head = make_head(scene.unit)
    ask_extension(demand.pk, amount=2, reason="勘查", by=scene.handler, at=AT)
    decide_extension(demand.pk, decision=Decision.GRANTED, note="", by=head, at=AT)
    due = answering(demand).due_at

    hurry(scene, demand, Urgency.CRITICAL)

    assert answering(demand).due_at == due


def test_what_is_refused(scene: Scene, demand: Demand) -> None:
    with pytest.raises(UrgencyUnchanged):
        hurry(scene, demand, Urgency.NORMAL)
    with pytest.raises(UrgencyReasonMissing):
        change_urgency(demand.pk, urgency=Urgency.URGENT, reason=" ", by=scene.dispatcher, at=AT)
    for person in (scene.handler, scene.member, scene.leader):
        with pytest.raises(PermissionDenied):
            change_urgency(demand.pk, urgency=Urgency.URGENT, reason="急", by=person, at=AT)
    scene.answer(demand)
    with pytest.raises(MoveNotPossible):
        hurry(scene, demand)


def test_a_new_face_is_no_new_time(scene: Scene, demand: Demand) -> None:
    head, colleague = make_head(scene.unit), make_handler(scene.unit)
    due = answering(demand).due_at

    reassign_handler(demand.pk, person=colleague, by=head, at=AT + DAY)

    demand.refresh_from_db()
    item = answering(demand)
    assert (demand.handler, item.person, item.due_at) == (colleague, colleague, due)
    assert Notice.objects.filter(person=scene.handler, event="demand.handed_on").exists()


def test_who_is_away_is_replaced_by_the_stand_in(scene: Scene, demand: Demand) -> None:
    head, colleague, third = (
        make_head(scene.unit), make_handler(scene.unit), make_handler(scene.unit),
    )  # fmt: skip
    Absence.objects.create(
        user=colleague, stand_in=third, from_on=AT.date(), until_on=AT.date() + 3 * DAY
    )

    assert reassign_handler(demand.pk, person=colleague, by=head, at=AT).handler == third


def test_only_the_head_and_only_within_the_unit(scene: Scene, demand: Demand) -> None:
    head, colleague = make_head(scene.unit), make_handler(scene.unit)

    with pytest.raises(PersonNotOfUnit):
        reassign_handler(demand.pk, person=scene.other_handler, by=head, at=AT)
    with pytest.raises(HandlerUnchanged):
        reassign_handler(demand.pk, person=scene.handler, by=head, at=AT)
    for person in (scene.handler, scene.dispatcher, make_head(scene.other), scene.member):
        with pytest.raises(PermissionDenied):
            reassign_handler(demand.pk, person=colleague, by=person, at=AT)
