"""Pausing, resuming, extending, other priorities: what a clock keeps and what is refused."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.engines.calendar import Light
from lianqi.shared.errors import Refusal
from lianqi.work.actions import (
    change_priority,
    escalate_due,
    extend_item,
    finish_items,
    pause_item,
    resume_item,
)
from lianqi.work.enums import PauseReason
from lianqi.work.models import EscalationRule, Extension, Pause, WorkItem
from lianqi.work.queries import light_of
from tests.work.scene import Scene, local, opened


def pause(scene: Scene, item: WorkItem, at: str, evidence: str = "函〔2026〕1号") -> WorkItem:
    return pause_item(
        item.pk,
        reason=PauseReason.ENTERPRISE_MATERIAL,
        evidence=evidence,
        by=scene.handler,
        at=local(at),
    )


def resume(scene: Scene, item: WorkItem, at: str) -> WorkItem:
    return resume_item(item.pk, by=scene.handler, at=local(at))


def extend(
    scene: Scene, item: WorkItem, amount: int, at: str, reason: str = "需现场勘查"
) -> WorkItem:
    return extend_item(item.pk, amount=amount, reason=reason, by=scene.head, at=local(at))


def prioritise(scene: Scene, item: WorkItem, priority: str, at: str) -> WorkItem:
    return change_priority(item.pk, priority=priority, by=scene.head, at=local(at))


def test_a_paused_clock_has_no_due_time_and_is_never_overdue(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    item = pause(scene, item, "2026-03-03 09:00")

    item.refresh_from_db()
    much_later = local("2026-12-01 09:00")
    assert (item.due_at, item.paused_since) == (None, local("2026-03-03 09:00"))
    assert light_of(item, at=much_later) == Light.PAUSED
    assert list(WorkItem.objects.overdue(at=much_later)) == []


def test_resuming_moves_the_due_time_by_the_working_time_it_stood(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")

    item = resume(scene, item, "2026-03-05 09:00")

    assert (item.due_at, item.paused_since) == (local("2026-03-11 17:30"), None)


def test_a_pause_over_the_night_gives_nothing(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 17:30")

    item = resume(scene, item, "2026-03-04 09:00")

    assert item.due_at == local("2026-03-09 17:30")


def test_two_pauses_count_each_once(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")
    resume(scene, item, "2026-03-04 09:00")
    pause(scene, item, "2026-03-05 09:00")

    item = resume(scene, item, "2026-03-06 09:00")

    assert item.due_at == local("2026-03-11 17:30")


def test_pause_time_survives_another_priority_after_it(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")
    resume(scene, item, "2026-03-05 09:00")

    item = prioritise(scene, item, "urgent", "2026-03-05 10:00")

    assert (item.priority, item.due_at) == ("urgent", local("2026-03-09 17:30"))


def test_pause_time_survives_another_priority_in_the_middle_of_it(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")

    during = prioritise(scene, item, "hours", "2026-03-04 10:00")
    after = resume(scene, item, "2026-03-05 09:00")

    assert (during.due_at, during.paused_since) == (None, local("2026-03-03 09:00"))
    assert after.due_at == local("2026-03-06 12:00")  # 6 hours on Monday, 7 and 3 from Thursday


def test_a_clock_shortened_below_the_pause_shows_that_it_has_run_out(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-09 09:00")

    item = prioritise(scene, item, "urgent", "2026-03-09 10:00")

    assert (item.due_at, item.paused_since) == (local("2026-03-05 17:30"), None)
    assert light_of(item, at=local("2026-03-09 10:00")) == Light.RED
    assert resume(scene, item, "2026-03-10 09:00").due_at == local("2026-03-05 17:30")


def test_extensions_add_up_and_keep_across_pause_and_priority(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    extend(scene, item, 2, "2026-03-03 09:00")
    extend(scene, item, 1, "2026-03-03 10:00")
    pause(scene, item, "2026-03-04 09:00")
    resume(scene, item, "2026-03-05 09:00")

    item = prioritise(scene, item, "urgent", "2026-03-05 10:00")

    assert item.due_at == local("2026-03-11 17:30")  # 3 + 2 + 1 days and one day of standing


def test_more_time_may_be_given_until_the_due_moment_and_while_the_clock_stands(
    scene: Scene,
) -> None:
    item = opened(scene, "2026-03-02 10:00")

    extended = extend(scene, item, 1, "2026-03-09 17:30")
    pause(scene, item, "2026-03-10 09:00")
    standing = extend(scene, item, 1, "2026-06-01 09:00")

    assert (extended.due_at, standing.due_at) == (local("2026-03-10 17:30"), None)


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    assert str(refused.value)  # the sentence can be made from its parameters
    return refused.value.code


@pytest.mark.parametrize("at", ["2026-03-09 17:30:01", "2026-04-01 09:00"])
def test_after_the_due_time_it_cannot_be_extended(scene: Scene, at: str) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as refused:
        extend(scene, item, 1, at)

    assert code_of(refused) == "extension_too_late"
    assert Extension.objects.count() == 0


@pytest.mark.parametrize("at", ["2026-03-09 17:30", "2026-03-10 09:00"])
def test_overdue_work_cannot_hide_behind_a_pause(scene: Scene, at: str) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as refused:
        pause(scene, item, at)

    assert code_of(refused) == "pause_too_late"
    assert Pause.objects.count() == 0


def test_overdue_work_cannot_get_a_slower_clock(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as refused:
        prioritise(scene, item, "slow", "2026-03-10 09:00")

    assert code_of(refused) == "priority_too_late"


def test_pausing_twice_is_refused_and_keeps_the_first(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")

    with pytest.raises(Refusal) as refused:
        pause(scene, item, "2026-03-04 09:00")

    assert code_of(refused) == "clock_already_paused"
    assert item.pauses.get().started_at == local("2026-03-03 09:00")


def test_a_running_clock_cannot_be_resumed(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as refused:
        resume(scene, item, "2026-03-03 09:00")

    assert code_of(refused) == "clock_not_paused"


def test_a_pause_needs_evidence_and_an_extension_a_reason(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    with pytest.raises(Refusal) as without_evidence:
        pause(scene, item, "2026-03-03 09:00", evidence=" \n")
    with pytest.raises(Refusal) as without_reason:
        extend(scene, item, 1, "2026-03-03 09:00", reason=" ")

    assert code_of(without_evidence) == "pause_evidence_missing"
    assert code_of(without_reason) == "extension_reason_missing"


def test_extra_days_do_not_become_extra_hours(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    extend(scene, item, 2, "2026-03-03 09:00")

    with pytest.raises(Refusal) as refused:
        prioritise(scene, item, "hours", "2026-03-03 10:00")

    assert code_of(refused) == "extended_clock_keeps_unit"


def test_finished_work_is_left_alone(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    finish_items(scene.subject, step="answer", by=scene.handler, at=local("2026-03-03 09:00"))

    with pytest.raises(Refusal) as refused:
        pause(scene, item, "2026-03-03 10:00")

    assert code_of(refused) == "item_done"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("handler", {"pause"}),
        ("head", {"pause", "extend", "prioritise"}),
        ("dispatcher", {"prioritise"}),
        ("stranger", set()),
        ("leader", set()),
    ],
)
def test_who_may_change_a_clock(scene: Scene, who: str, may: set[str]) -> None:
    item, by, at = opened(scene, "2026-03-02 10:00"), getattr(scene, who), local("2026-03-03 09:00")
    attempts: dict[str, Callable[[], WorkItem]] = {
        "extend": lambda: extend_item(item.pk, amount=1, reason="r", by=by, at=at),
        "prioritise": lambda: change_priority(item.pk, priority="urgent", by=by, at=at),
        "pause": lambda: pause_item(
            item.pk, reason=PauseReason.EXPERT_REVIEW, evidence="e", by=by, at=at
        ),
    }

    done = set()
    for name, attempt in attempts.items():
        try:
            attempt()
        except PermissionDenied:
            continue
        done.add(name)

    assert done == may


def test_every_change_is_one_event_of_the_record(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")
    resume(scene, item, "2026-03-05 09:00")
    extend(scene, item, 1, "2026-03-05 10:00")

    events = Event.objects.about("accounts.unit", scene.subject.pk)

    assert [event.verb for event in events] == ["work.paused", "work.resumed", "work.extended"]
    assert events[2].detail == {
        "item": item.pk,
        "step": "answer",
        "amount": 1,
        "reason": "需现场勘查",
        "earlier": "2026-03-11T09:30:00+00:00",
        "due_at": "2026-03-12T09:30:00+00:00",
    }


def test_a_standing_clock_reaches_no_threshold(scene: Scene) -> None:
    EscalationRule.objects.create(subject_kind="accounts.unit", share="1.00", level=0)
    item = opened(scene, "2026-03-02 10:00")
    pause(scene, item, "2026-03-03 09:00")

    while_standing = escalate_due(at=local("2026-06-01 09:00"))
    resumed = resume(scene, item, "2026-06-01 09:00")

    assert while_standing == 0
    assert resumed.next_escalation_at == resumed.due_at == local("2026-06-05 17:30")
