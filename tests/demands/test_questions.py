"""Asking the enterprise: what stops, what starts again by itself, when silence ends a demand."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.audit.models import Event
from lianqi.demands.actions import (
    ask_enterprise,
    close_unreplied,
    remind_unreplied,
    reopen_demand,
    reply_to_question,
    resume_demand,
)
from lianqi.demands.enums import Closure, DemandStatus, Step
from lianqi.demands.errors import (
    GroundsMissing,
    MoveNotPossible,
    NoQuestionStands,
    NothingUnreplied,
    QuestionMissing,
    ReplyMissing,
    TooEarlyToCloseUnreplied,
)
from lianqi.demands.models import Demand, DemandTally, Question
from lianqi.files.errors import FileTypeNotAllowed
from lianqi.files.models import StoredFile
from lianqi.notices.models import Notice
from lianqi.work.enums import PauseReason
from lianqi.work.errors import ClockAlreadyPaused, PauseEvidenceMissing, PauseTooLate
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT

DAY = dt.timedelta(days=1)


@pytest.fixture
def demand(scene: Scene) -> Demand:
    return scene.demand_in(DemandStatus.IN_PROGRESS)


def ask(
    scene: Scene,
    demand: Demand,
    *,
    at: dt.datetime = AT,
    reason: PauseReason = PauseReason.ENTERPRISE_MATERIAL,
    text: str = "请补充用电记录。",
    evidence: str = "3月4日电话告知",
) -> Question:
    return ask_enterprise(
        demand.pk, reason=reason, text=text, evidence=evidence, by=scene.handler, at=at
    )


def reply(scene: Scene, demand: Demand, *, at: dt.datetime = AT + DAY, **more: object) -> Question:
    given: dict[str, object] = {"text": "已补充。", "by": scene.member} | more
    return reply_to_question(demand.pk, at=at, **given)  # type: ignore[arg-type]  # test data


def answering(demand: Demand) -> WorkItem:
    return WorkItem.objects.about(demand).filter(step=Step.ANSWER).latest("pk")


def closed(
    scene: Scene, demand: Demand, *, at: dt.datetime, grounds: str = "两次函告未复。"
) -> Demand:
    return close_unreplied(demand.pk, grounds=grounds, after_days=10, by=scene.handler, at=at)


def test_the_clock_stands_until_the_reply_and_runs_on_with_the_time_left(
    scene: Scene, demand: Demand
) -> None:
    due = answering(demand).due_at
    ask(scene, demand, at=AT + DAY)
    standing = answering(demand)

    question = reply(scene, demand, at=AT + 2 * DAY)

    assert (standing.due_at, standing.paused_since) == (None, AT + DAY)
    assert (question.reply, question.replied_by) == ("已补充。", scene.member)
    # One working day stood still, Thursday to Friday: the due time moves by that and no more.
    assert due is not None
    assert answering(demand).due_at == due + DAY
    assert Notice.objects.filter(person=scene.handler, event="demand.replied").exists()


def test_a_clock_whose_time_passes_during_the_pause_is_not_overdue(
    scene: Scene, demand: Demand
) -> None:
    due = answering(demand).due_at
    assert due is not None
    ask(scene, demand, at=due - dt.timedelta(minutes=1))

    overdue = WorkItem.objects.overdue(at=due + 5 * DAY)
    assert not overdue.filter(subject_id=demand.pk).exists()

    reply(scene, demand, at=due + 5 * DAY)
    scene.answer(demand, at=due + 5 * DAY)
    assert answering(demand).was_late is False


def test_a_clock_that_has_run_out_cannot_hide_behind_a_question(
    scene: Scene, demand: Demand
) -> None:
    due = answering(demand).due_at
    assert due is not None

    with pytest.raises(PauseTooLate):
        ask(scene, demand, at=due)

    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"text": " "}, QuestionMissing), ({"evidence": " "}, PauseEvidenceMissing)],
)
def test_a_question_needs_text_and_evidence(
    scene: Scene, demand: Demand, given: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(scene, demand, **given)  # type: ignore[arg-type]  # test data


def test_a_second_question_waits_for_the_end_of_the_first(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)

    with pytest.raises(ClockAlreadyPaused):
        ask(scene, demand)


def test_the_enterprise_reads_the_question_and_not_the_evidence(
    scene: Scene, demand: Demand
) -> None:
    ask(scene, demand, evidence="企业态度消极")

    event = Event.objects.get(verb="demand.asked")
    assert event.detail["text"] == "请补充用电记录。"
    assert "消极" not in str(event.detail)
    assert Notice.objects.filter(person=scene.member, event="demand.asked").count() == 1


def test_what_waits_for_a_third_party_is_not_for_the_enterprise_to_reply_to(
    scene: Scene, demand: Demand
) -> None:
    ask(scene, demand, reason=PauseReason.EXPERT_REVIEW, text="正在组织专家评审。")

    with pytest.raises(NoQuestionStands):
        reply(scene, demand)

    resume_demand(demand.pk, by=scene.handler, at=AT + DAY)
    assert answering(demand).paused_since is None


def test_a_reply_after_the_unit_went_on_is_told_so(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)
    resume_demand(demand.pk, by=scene.handler, at=AT)

    with pytest.raises(NoQuestionStands):
        reply(scene, demand)


def test_only_the_enterprise_replies_and_not_without_text(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)

    with pytest.raises(PermissionDenied):
        reply(scene, demand, by=scene.handler)
    with pytest.raises(ReplyMissing):
        reply(scene, demand, text=" ")


def test_files_come_with_the_reply_or_nothing_does(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)
    good = SimpleUploadedFile("用电记录.txt", "三月".encode(), content_type="text/plain")
    bad = SimpleUploadedFile("用电记录.exe", b"MZ", content_type="application/octet-stream")

    with pytest.raises(FileTypeNotAllowed):
        reply(scene, demand, uploads=[good, bad], max_bytes=1000)
    assert answering(demand).paused_since == AT
    assert not StoredFile.objects.of(demand).exists()

    reply(scene, demand, uploads=[good], max_bytes=1000)
    assert [each.name for each in StoredFile.objects.of(demand)] == ["用电记录.txt"]


def test_a_reminder_is_sent_once_and_not_for_what_waits_for_others(
    scene: Scene, demand: Demand
) -> None:
    other = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)
    ask(scene, other, reason=PauseReason.HIGHER_LEVEL)
    on_the_day, a_second_later = AT + 3 * DAY, AT + 3 * DAY + dt.timedelta(seconds=1)

    counts = [
        remind_unreplied(after_days=3, at=at)
        for at in (on_the_day, a_second_later, a_second_later + DAY)
    ]

    assert counts == [0, 1, 0]
    assert Notice.objects.filter(person=scene.member, event="demand.reminded").count() == 1


def test_silence_closes_after_the_last_day_and_counts_as_closed_not_solved(
    scene: Scene, demand: Demand
) -> None:
    ask(scene, demand)
    remind_unreplied(after_days=3, at=AT + 4 * DAY)

    with pytest.raises(TooEarlyToCloseUnreplied):
        closed(scene, demand, at=AT + 10 * DAY)
    with pytest.raises(GroundsMissing):
        closed(scene, demand, at=AT + 11 * DAY, grounds=" ")
    done = closed(scene, demand, at=AT + 11 * DAY)

    assert (done.status, done.closure, done.answer) == (
        "closed",
        Closure.NO_REPLY,
        "两次函告未复。",
    )
    assert sum(row.closed for row in DemandTally.objects.all()) == 1
    assert answering(demand).was_late is False
    assert not WorkItem.objects.about(demand).open().exists()


def test_nobody_is_closed_out_without_a_reminder(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)

    with pytest.raises(TooEarlyToCloseUnreplied):
        closed(scene, demand, at=AT + 30 * DAY)


def test_what_does_not_wait_for_the_enterprise_is_not_closed_for_its_silence(
    scene: Scene, demand: Demand
) -> None:
    with pytest.raises(NothingUnreplied):
        closed(scene, demand, at=AT + 30 * DAY)

    scene.answer(demand)
    with pytest.raises(MoveNotPossible):
        closed(scene, demand, at=AT + 30 * DAY)


def test_a_demand_closed_for_silence_can_be_reopened(scene: Scene, demand: Demand) -> None:
    ask(scene, demand)
    remind_unreplied(after_days=3, at=AT + 4 * DAY)
    closed(scene, demand, at=AT + 11 * DAY)

    again = reopen_demand(
        demand.pk, note="材料已备齐", window_days=15, by=scene.member, at=AT + 12 * DAY
    )

    assert again.status == DemandStatus.IN_PROGRESS
    assert answering(demand).visit == 2


@pytest.mark.parametrize("who", ["member", "dispatcher"])
def test_only_the_unit_asks_goes_on_and_closes(scene: Scene, demand: Demand, who: str) -> None:
    person, given = getattr(scene, who), {"reason": PauseReason.ENTERPRISE_MATERIAL, "at": AT}

    for act in (
        lambda: ask_enterprise(demand.pk, text="请", evidence="函", by=person, **given),
        lambda: resume_demand(demand.pk, by=person, at=AT),
        lambda: close_unreplied(demand.pk, grounds="未复", after_days=1, by=person, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
