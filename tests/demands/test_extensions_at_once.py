"""More time and the end of the time at the same moment: on a real PostgreSQL, with threads."""

import datetime as dt

import pytest

from lianqi.accounts.models import User
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import answer_demand, ask_extension, decide_extension
from lianqi.demands.enums import Decision, DemandStatus, Step
from lianqi.demands.errors import (
    ExtensionAskedAlready,
    ExtensionLapsed,
    MoveNotPossible,
    NothingToDecide,
)
from lianqi.demands.models import Demand, ExtensionRequest
from lianqi.work.actions import escalate_due
from lianqi.work.errors import ExtensionTooLate
from lianqi.work.models import EscalationRule, WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, make_head

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def demand(scene: Scene) -> Demand:
    return scene.demand_in(DemandStatus.IN_PROGRESS)


def ask(scene: Scene, demand: Demand, at: dt.datetime = AT) -> ExtensionRequest:
    return ask_extension(demand.pk, amount=2, reason="需勘查", by=scene.handler, at=at)


def grant_it(demand: Demand, head: User, at: dt.datetime = AT) -> ExtensionRequest:
    return decide_extension(demand.pk, decision=Decision.GRANTED, note="", by=head, at=at)


def due_of(demand: Demand) -> dt.datetime:
    due = WorkItem.objects.about(demand).get(step=Step.ANSWER).due_at
    assert due is not None
    return due


def test_asked_twice_at_once_is_asked_once(scene: Scene, demand: Demand) -> None:
    results = at_once(*[lambda: ask(scene, demand)] * 4)

    assert refusals(results) == [ExtensionAskedAlready] * 3
    assert ExtensionRequest.objects.count() == 1


def test_asking_around_the_due_moment_is_judged_by_when_it_was_asked(
    scene: Scene, demand: Demand
) -> None:
    """One asks in the last second, one a second late, while the watch of the clocks looks."""
    due = due_of(demand)
    EscalationRule.objects.create(subject_kind="demands.demand", share="1.00", level=0)
    WorkItem.objects.about(demand).open().update(next_escalation_at=due)

    results = at_once(
        lambda: ask(scene, demand, due),
        lambda: ask(scene, demand, due + SECOND),
        lambda: escalate_due(at=due + SECOND),
    )

    assert refusals(results) == [ExtensionTooLate]
    assert ExtensionRequest.objects.get().asked_at == due
    assert verify_chain().broken is None


def test_granting_and_expiring_at_once_gives_time_only_in_time(
    scene: Scene, demand: Demand
) -> None:
    head, other = make_head(scene.unit), make_head(scene.unit)
    due = due_of(demand)
    ask(scene, demand)

    results = at_once(
        lambda: grant_it(demand, head, due),
        lambda: grant_it(demand, other, due + SECOND),
    )

    # Whoever is second finds it lapsed, or decided: but it is given once, and in time.
    assert refusals(results) in ([ExtensionLapsed], [NothingToDecide])
    assert ExtensionRequest.objects.get().decided_at == due
    assert due_of(demand) > due


def test_granting_and_answering_at_once_leave_nothing_open(scene: Scene, demand: Demand) -> None:
    head = make_head(scene.unit)
    ask(scene, demand)

    results = at_once(
        lambda: grant_it(demand, head),
        lambda: answer_demand(demand.pk, answer="已解决", by=scene.handler, at=AT),
    )

    assert refusals(results) in ([], [MoveNotPossible])
    assert not WorkItem.objects.about(demand).open().exists()
    assert verify_chain().broken is None
