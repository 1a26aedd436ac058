"""Questions, answers and clocks at the same moment: on a real PostgreSQL, with threads."""

import datetime as dt

import pytest

from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import (
    answer_demand,
    ask_enterprise,
    close_unreplied,
    remind_unreplied,
    reply_to_question,
    resume_demand,
    withdraw_demand,
)
from lianqi.demands.enums import DemandStatus
from lianqi.demands.errors import MoveNotPossible, NoQuestionStands, NothingUnreplied
from lianqi.demands.models import Demand, DemandTally, Question
from lianqi.work.actions import escalate_due
from lianqi.work.enums import PauseReason
from lianqi.work.errors import ClockNotPaused
from lianqi.work.models import EscalationRule, WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def test_a_reply_and_the_unit_going_on_at_once_end_the_pause_once(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask_about(scene, demand)
    later = AT.replace(hour=5)

    results = at_once(
        lambda: reply_to_question(demand.pk, text="已补充", by=scene.member, at=later),
        lambda: resume_demand(demand.pk, by=scene.handler, at=later),
    )

    assert refusals(results) in ([NoQuestionStands], [ClockNotPaused])
    item = WorkItem.objects.about(demand).open().get()
    assert [pause.ended_at for pause in item.pauses.all()] == [later]


def test_a_reply_and_the_closing_for_silence_at_once_have_one_winner(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask_about(scene, demand)
    remind_unreplied(after_days=0, at=AT.replace(day=5))
    later = AT.replace(day=20)

    results = at_once(
        lambda: reply_to_question(demand.pk, text="已补充", by=scene.member, at=later),
        lambda: close_unreplied(
            demand.pk, grounds="未复", after_days=10, by=scene.handler, at=later
        ),
    )

    assert refusals(results) in ([NoQuestionStands], [NothingUnreplied])
    demand.refresh_from_db()
    question = Question.objects.get()
    assert (demand.status == DemandStatus.CLOSED) == (question.reply == "")


def test_an_answer_and_a_withdrawal_at_once_leave_one_end(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    results = at_once(
        lambda: answer_demand(demand.pk, answer="已解决", by=scene.handler, at=AT),
        lambda: withdraw_demand(demand.pk, reason="不需要了", by=scene.member, at=AT),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    assert demand.status in {DemandStatus.ANSWERED, DemandStatus.WITHDRAWN}
    assert not WorkItem.objects.about(demand).open().exists()
    received = sum(row.received for row in DemandTally.objects.all())
    assert received == int(demand.status != DemandStatus.WITHDRAWN)


def test_a_clock_that_expires_while_a_question_is_asked_is_paused_or_overdue(scene: Scene) -> None:
    """The question is asked in the last second; the watch of the clocks looks just after it."""
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    due = WorkItem.objects.about(demand).open().get().due_at
    assert due is not None
    EscalationRule.objects.create(subject_kind="demands.demand", share="1.00", level=0)
    WorkItem.objects.about(demand).open().update(next_escalation_at=due)
    second = dt.timedelta(seconds=1)

    results = at_once(
        lambda: ask_about(scene, demand, at=due - second),
        lambda: escalate_due(at=due + second),
    )

    assert refusals(results) == []
    item = WorkItem.objects.about(demand).open().get()
    assert (item.due_at, item.paused_since) == (None, due - second)
    assert escalate_due(at=due + 30 * second) == 0
    assert verify_chain().broken is None


def ask_about(scene: Scene, demand: Demand, *, at: dt.datetime = AT) -> Question:
    return ask_enterprise(
        demand.pk, reason=PauseReason.ENTERPRISE_MATERIAL, text="请补充", evidence="电话记录",
        by=scene.handler, at=at,
    )  # fmt: skip
