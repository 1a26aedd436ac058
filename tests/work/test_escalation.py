"""Who is told when, and that nobody is told twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from lianqi.accounts.models import Absence, User
from lianqi.audit.models import Event
from lianqi.notices.models import Notice
from lianqi.work.actions import escalate_due, extend_item, finish_items
from lianqi.work.models import EscalationRule, WorkItem
from tests.work.scene import KIND, Scene, build_scene, escalation, local, opened

Away = Callable[[User, User, str, str], Absence]


def told() -> list[tuple[str, str]]:
    """Who was told what, in order: the name and the first word of the title."""
    notices = Notice.objects.select_related("person").order_by("created_at", "person__username")
    return [(notice.person.username, notice.title.split()[0]) for notice in notices]


@pytest.fixture
def ladder(scene: Scene) -> None:
    """0.8: the responsible; 1: the head as well; 1.5: the leader in charge."""
    for share, level in (("0.80", 0), ("1.00", 0), ("1.00", 1), ("1.50", 2)):
        escalation(share, level)


@pytest.mark.usefixtures("ladder")
@pytest.mark.parametrize(
    ("at", "people"),
    [
        ("2026-03-06 17:29", set()),
        ("2026-03-06 17:30", {"handler"}),
        ("2026-03-09 17:29", {"handler"}),
        ("2026-03-09 17:30", {"handler", "head"}),
        ("2026-03-12 13:59", {"handler", "head"}),
        ("2026-03-12 14:00", {"handler", "head", "leader"}),
    ],
)
def test_the_line_is_told_step_by_step(scene: Scene, at: str, people: set[str]) -> None:
    opened(scene, "2026-03-02 10:00")

    escalate_due(at=local(at))

    assert {name for name, _title in told()} == people


@pytest.mark.usefixtures("ladder")
def test_each_threshold_is_told_once(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    handled = [
        escalate_due(at=local(at))
        for at in ("2026-03-06 17:30", "2026-03-06 17:31", "2026-03-10 09:00", "2026-03-10 09:01")
    ]

    item.refresh_from_db()
    assert handled == [1, 0, 1, 0]
    assert [name for name, _title in told()] == ["handler", "handler", "head"]
    assert str(item.escalated_share) == "1.00"
    assert item.next_escalation_at == local("2026-03-12 14:00")


@pytest.mark.usefixtures("ladder")
def test_after_an_outage_everybody_gets_one_message(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    handled = escalate_due(at=local("2026-04-01 09:00"))

    item.refresh_from_db()
    assert handled == 1
    assert sorted(name for name, _title in told()) == ["handler", "head", "leader"]
    assert item.next_escalation_at is None
    event = Event.objects.get(verb="work.escalated")
    assert (event.detail["share"], event.by_id, event.by_name) == ("1.50", None, "Lianqi")
    assert event.detail["told"] == sorted([scene.handler.pk, scene.head.pk, scene.leader.pk])


@pytest.mark.usefixtures("ladder")
def test_whoever_is_away_is_replaced(scene: Scene, away: Away) -> None:
    away(scene.handler, scene.colleague, "2026-03-06", "2026-03-06")
    away(scene.head, scene.colleague, "2026-03-10", "2026-03-10")
    opened(scene, "2026-03-02 10:00")

    escalate_due(at=local("2026-03-06 18:00"))
    escalate_due(at=local("2026-03-09 18:00"))

    assert [name for name, _title in told()] == ["colleague", "handler", "head"]


@pytest.mark.usefixtures("ladder")
def test_work_for_a_person_reminds_that_person_only(scene: Scene) -> None:
    opened(scene, "2026-03-02 10:00", unit=scene.bureau, person=scene.colleague)

    escalate_due(at=local("2026-03-06 18:00"))

    assert [name for name, _title in told()] == ["colleague"]


@pytest.mark.usefixtures("ladder")
def test_work_of_the_dispatchers_goes_up_from_their_own_unit(scene: Scene) -> None:
    opened(scene, "2026-03-02 10:00", desk="dispatcher")

    escalate_due(at=local("2026-03-09 18:00"))

    assert sorted(name for name, _title in told()) == ["dispatcher", "head"]


@pytest.mark.usefixtures("ladder")
def test_people_who_left_are_not_told(scene: Scene) -> None:
    User.objects.filter(pk=scene.handler.pk).update(is_active=False)
    opened(scene, "2026-03-02 10:00", unit=scene.bureau, person=scene.handler)

    escalate_due(at=local("2026-03-06 18:00"))

    assert told() == []


@pytest.mark.usefixtures("ladder")
def test_finished_work_and_more_time_stop_the_escalation(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    extend_item(item.pk, amount=5, reason="需勘查", by=scene.head, at=local("2026-03-03 09:00"))

    early = escalate_due(at=local("2026-03-11 09:00"))
    finish_items(scene.subject, step="answer", by=scene.handler, at=local("2026-03-12 09:00"))
    done = escalate_due(at=local("2026-04-01 09:00"))

    assert (early, done, told()) == (0, 0, [])


def test_rules_of_another_step_or_kind_do_not_count(scene: Scene) -> None:
    escalation("0.80", 0, step="accept")
    EscalationRule.objects.create(subject_kind="other.kind", share="0.80", level=0)

    item = opened(scene, "2026-03-02 10:00")

    assert item.next_escalation_at is None


def test_the_message_says_what_until_when_and_who(scene: Scene) -> None:
    escalation("0.80", 0)
    escalation("1.00", 1)
    opened(scene, "2026-03-02 10:00")

    escalate_due(at=local("2026-03-06 18:00"))
    escalate_due(at=local("2026-03-09 18:00"))

    soon, overdue = Notice.objects.order_by("pk")
    assert soon.url == overdue.url == "/demands/1/"
    assert "SQ1" in soon.title
    assert "2026-03-09 17:30" in soon.body
    assert "经发局" in overdue.body
    assert soon.title != overdue.title


def test_a_batch_asks_once_per_unit_and_not_once_per_item(
    scene: Scene, django_assert_max_num_queries: object
) -> None:
    escalation("0.80", 1)
    for name in range(6):
        scene.subject.pk = 1000 + name
        opened(scene, "2026-03-02 10:00")

    # One notice per item; everything else once for the batch.
    with django_assert_max_num_queries(14 + 6 * 6):  # type: ignore[operator]  # it is a function
        handled = escalate_due(at=local("2026-03-06 18:00"))

    assert handled == 6


@pytest.mark.slow  # real threads, real locks: the only way to see two workers at once
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_exactly_once() -> None:
    scene = build_scene()
    escalation("0.80", 0)
    for name in range(40):
        scene.subject.pk = 1000 + name
        opened(scene, "2026-03-02 10:00")
    handled: list[int] = []
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        handled.extend(escalate_due(at=local("2026-03-06 18:00"), limit=5) for _round in range(8))
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(handled) == 40
    assert Notice.objects.filter(person=scene.handler).count() == 40
    assert Event.objects.filter(verb="work.escalated", subject_kind=KIND).count() == 40
    assert not WorkItem.objects.filter(next_escalation_at__isnull=False).exists()
