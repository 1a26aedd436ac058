"""Opening and closing work items."""

import pytest
from django.db import IntegrityError, transaction

from lianqi.accounts.models import Absence
from lianqi.work.actions import cancel_items, change_priority, finish_items, pause_item
from lianqi.work.enums import Outcome, Part, PauseReason
from lianqi.work.models import WorkItem
from tests.work.scene import Scene, clock, local, opened

MATERIAL = PauseReason.ENTERPRISE_MATERIAL


def test_an_item_opens_with_its_clock_computed(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")

    item.refresh_from_db()
    assert item.due_at == local("2026-03-09 17:30")
    assert item.amber_at == local("2026-03-06 17:30")
    assert (item.visit, item.is_provisional, item.paused_since) == (1, False, None)


def test_accepted_on_22_june_2020_five_working_days_end_on_30_june(scene: Scene) -> None:
    item = opened(scene, "2020-06-22 10:00")

    assert item.due_at == local("2020-06-30 17:30")


def test_a_filing_on_a_sunday_counts_from_the_next_opening(scene: Scene) -> None:
    item = opened(scene, "2026-03-01 10:00", step="accept")

    assert item.due_at == local("2026-03-02 14:30")


def test_a_clock_that_touches_a_year_without_notice_is_provisional(scene: Scene) -> None:
    item = opened(scene, "2026-12-30 10:00")

    assert item.is_provisional is True


def test_a_priority_has_its_own_clock_or_the_normal_one(scene: Scene) -> None:
    urgent = opened(scene, "2026-03-02 10:00", priority="urgent", part=Part.ASSIST)
    unknown = opened(scene, "2026-03-02 10:00", priority="gentle", part=Part.ASSIST)

    assert urgent.due_at == local("2026-03-05 17:30")
    assert unknown.due_at == local("2026-03-09 17:30")
    assert unknown.priority == "gentle"


def test_a_step_without_a_clock_is_a_mistake_of_the_data(scene: Scene) -> None:
    with pytest.raises(LookupError):
        opened(scene, "2026-03-02 10:00", step="unheard of")


def test_a_second_visit_to_a_step_has_its_own_full_clock(scene: Scene) -> None:
    first = opened(scene, "2026-03-02 10:00")
    finish_items(scene.subject, step="answer", by=scene.handler, at=local("2026-03-06 10:00"))

    second = opened(scene, "2026-03-12 10:00")

    first.refresh_from_db()
    assert (first.visit, first.due_at) == (1, local("2026-03-09 17:30"))
    assert (second.visit, second.due_at) == (2, local("2026-03-19 17:30"))


def test_a_redo_takes_neither_the_pause_nor_the_deadline_of_the_first_time(scene: Scene) -> None:
    first = opened(scene, "2026-03-02 10:00")
    pause_item(
        first.pk,
        reason=MATERIAL,
        evidence="函〔2026〕1号",
        by=scene.handler,
        at=local("2026-03-03 10:00"),
    )
    finish_items(scene.subject, step="answer", by=scene.handler, at=local("2026-03-05 10:00"))

    again = opened(scene, "2026-03-05 10:00")

    assert (again.paused_since, again.due_at) == (None, local("2026-03-12 17:30"))


def test_a_step_has_one_open_lead_and_any_number_of_assistants(scene: Scene) -> None:
    opened(scene, "2026-03-02 10:00")
    assisting = opened(scene, "2026-03-02 10:00", part=Part.ASSIST)
    also = opened(scene, "2026-03-02 10:00", part=Part.ASSIST, unit=scene.other_unit)

    with pytest.raises(IntegrityError), transaction.atomic():
        opened(scene, "2026-03-02 10:00")

    assert (assisting.visit, also.visit) == (1, 1)


@pytest.mark.parametrize(
    ("opened_at", "goes_to"),
    [
        ("2026-03-03 23:59", "handler"),  # the day before
        ("2026-03-04 00:00", "colleague"),  # the first day
        ("2026-03-06 23:59", "colleague"),  # the last day
        ("2026-03-07 00:00", "handler"),  # the day after
    ],
)
def test_new_work_of_somebody_away_goes_to_the_stand_in(
    scene: Scene, opened_at: str, goes_to: str
) -> None:
    Absence.objects.create(
        user=scene.handler, stand_in=scene.colleague, from_on="2026-03-04", until_on="2026-03-06"
    )

    item = opened(scene, opened_at, unit=scene.bureau, person=scene.handler)

    assert item.person == getattr(scene, goes_to)


def test_new_work_of_somebody_who_left_waits_for_the_unit(scene: Scene) -> None:
    scene.handler.is_active = False
    scene.handler.save(update_fields=["is_active"])

    item = opened(scene, "2026-03-02 10:00", unit=scene.bureau, person=scene.handler)

    assert (item.person, item.unit) == (None, scene.bureau)


@pytest.mark.parametrize(
    ("finished_at", "was_late"),
    [("2026-03-09 17:30:00", False), ("2026-03-09 17:30:01", True)],
)
def test_exactly_at_the_due_time_is_in_time(
    scene: Scene, finished_at: str, *, was_late: bool
) -> None:
    item = opened(scene, "2026-03-02 10:00")

    finished = finish_items(scene.subject, step="answer", by=scene.handler, at=local(finished_at))

    item.refresh_from_db()
    assert finished == 1
    assert (item.was_late, item.outcome, item.done_by) == (was_late, Outcome.DONE, scene.handler)
    assert item.next_escalation_at is None


def test_finishing_while_the_clock_stands_ends_the_pause_and_keeps_a_due_time(scene: Scene) -> None:
    item = opened(scene, "2026-03-02 10:00")
    pause_item(
        item.pk,
        reason=MATERIAL,
        evidence="函〔2026〕1号",
        by=scene.handler,
        at=local("2026-03-03 09:00"),
    )

    finish_items(scene.subject, step="answer", by=scene.colleague, at=local("2026-03-23 09:00"))

    item.refresh_from_db()
    pause = item.pauses.get()
    assert (pause.ended_at, pause.ended_by) == (local("2026-03-23 09:00"), scene.colleague)
    assert (item.paused_since, item.due_at) == (None, local("2026-03-27 17:30"))
    assert item.was_late is False


def test_finishing_a_step_leaves_other_steps_and_other_records_open(scene: Scene) -> None:
    opened(scene, "2026-03-02 10:00")
    accept = opened(scene, "2026-03-02 10:00", step="accept")
    scene.subject.pk = scene.other_unit.pk
    of_another = opened(scene, "2026-03-02 10:00")
    scene.subject.pk = accept.subject_id

    finish_items(
        scene.subject,
        step="answer",
        by=scene.handler,
        at=local("2026-03-03 10:00"),
        outcome=Outcome.HANDED_BACK,
    )

    assert set(WorkItem.objects.open()) == {accept, of_another}


def test_cancelled_work_was_neither_late_nor_in_time(scene: Scene) -> None:
    opened(scene, "2026-03-02 10:00")
    opened(scene, "2026-03-02 10:00", step="accept")

    cancelled = cancel_items(scene.subject, by=scene.dispatcher, at=local("2026-04-01 10:00"))

    kept = WorkItem.objects.values_list("outcome", "was_late")
    assert (cancelled, set(kept)) == (2, {("cancelled", None)})
    assert cancel_items(scene.subject, by=scene.dispatcher, at=local("2026-04-01 10:00")) == 0


def test_opening_costs_the_same_however_much_there_is(
    scene: Scene, django_assert_num_queries: object
) -> None:
    opened(scene, "2026-03-02 10:00")

    # Savepoint, visits, rule, escalation rules, stamp of the calendar, insert, savepoint.
    with django_assert_num_queries(7):  # type: ignore[operator]  # the fixture is a function
        opened(scene, "2026-03-02 10:00", part=Part.ASSIST)


@pytest.mark.parametrize(
    ("priority", "rule_set", "expected"),
    [
        ("normal", None, 5),
        ("urgent", None, 4),
        ("critical", None, 4),  # without a rule, the next less pressing one's
        ("normal", 7, 9),
        ("urgent", 7, 9),  # a set that knows the step decides it, whatever the general rules say
        ("critical", 7, 2),
        ("normal", 8, 5),  # a set that does not know the step leaves it to the general rules
    ],
)
def test_a_rule_set_is_asked_before_the_general_rules(
    scene: Scene, priority: str, rule_set: int | None, expected: int
) -> None:
    clock("contact", 5)
    clock("contact", 4, priority="urgent")
    clock("contact", 9, rule_set=7)
    clock("contact", 2, priority="critical", rule_set=7)
    clock("answer", 3, rule_set=8)

    item = opened(scene, "2026-03-04 10:00", step="contact", priority=priority, rule_set=rule_set)

    assert (item.clock_amount, item.rule_set, item.priority) == (expected, rule_set, priority)


def test_a_changed_priority_stays_within_the_rule_set(scene: Scene) -> None:
    clock("contact", 5)
    clock("contact", 4, priority="urgent")
    clock("contact", 9, rule_set=7)
    clock("contact", 8, priority="urgent", rule_set=7)
    item = opened(scene, "2026-03-04 10:00", step="contact", rule_set=7)

    changed = change_priority(
        item.pk, priority="urgent", by=scene.dispatcher, at=local("2026-03-04 11:00")
    )

    assert changed.clock_amount == 8


def test_there_is_one_general_rule_for_a_step_and_priority(scene: Scene) -> None:
    clock("contact", 5)

    with pytest.raises(IntegrityError), transaction.atomic():
        clock("contact", 6)
