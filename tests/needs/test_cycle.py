"""The two days of a report: A07, and the same for progress, on whatever day they end."""

import datetime as dt

import pytest

from lianqi.engines.calendar import ZONE, Light
from lianqi.needs.actions import open_missing_batches, report_progress
from lianqi.needs.enums import NeedStatus, NeedStep
from lianqi.needs.models import NeedBatch
from lianqi.needs.queries import daily
from lianqi.notices.models import Notice
from lianqi.register.models import Grid
from lianqi.work.actions import escalate_due
from lianqi.work.models import ClockRule, WorkItem
from lianqi.work.queries import light_of, local_date
from tests.factories import make_unit
from tests.needs.scene import AT, Scene, days_later

pytestmark = pytest.mark.django_db


def local(day: int, hour: int, minute: int = 0, month: int = 2) -> dt.datetime:
    return dt.datetime(2020, month, day, hour, minute, tzinfo=ZONE)


def owed_by(scene: Scene) -> WorkItem:
    item = WorkItem.objects.about(scene.open_batch()).get()
    assert item.due_at is not None
    return item


def test_a07_reported_on_the_21st_is_due_on_the_23rd_and_overdue_on_the_24th(
    scene: Scene,
) -> None:
    scene.report(at=local(21, 16, 30), nothing=True)

    item = owed_by(scene)

    assert item.due_at is not None
    assert local_date(item.due_at) == dt.date(2020, 2, 23)  # a Sunday: calendar days (Q06)
    assert light_of(item, at=local(23, 23, 59)) != Light.RED
    assert light_of(item, at=local(24, 0)) == Light.RED


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_hour_of_a_report_does_not_move_the_day_of_the_next(scene: Scene, hour: int) -> None:
    scene.report(at=local(21, hour), nothing=True)

    item = owed_by(scene)

    assert item.due_at == dt.datetime(2020, 2, 23, 23, 59, 59, tzinfo=ZONE)
    assert not item.is_provisional


def test_a_late_report_is_kept_as_late_and_one_on_the_last_day_as_in_time(scene: Scene) -> None:
    first = scene.report(at=local(21, 10), nothing=True)
    second = scene.report(at=local(24, 8), nothing=True)
    third = scene.report(at=local(26, 23), nothing=True)

    late = [
        WorkItem.objects.about(batch).get(step=NeedStep.REPORT).was_late
        for batch in (first, second, third)
    ]

    assert late == [False, True, False]


def test_a_missing_report_stands_in_the_daily_table(scene: Scene) -> None:
    scene.report(at=local(21, 10), nothing=True)

    in_time = daily(scene.programme, on=dt.date(2020, 2, 23), at=local(23, 18))
    late = daily(scene.programme, on=dt.date(2020, 2, 24), at=local(24, 8))

    assert [line.late_since for line in in_time.by_unit] == [None]
    assert [line.late_since for line in late.by_unit] == [owed_by(scene).due_at]


def test_progress_is_owed_every_two_days_from_the_last_report(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.ASSIGNED, at=local(21, 15))
    first = WorkItem.objects.about(need).open().get()

    report_progress(need.pk, progress="已上门。", by=scene.handler, at=local(22, 9))
    second = WorkItem.objects.about(need).open().get()

    assert first.due_at == dt.datetime(2020, 2, 23, 23, 59, 59, tzinfo=ZONE)
    assert second.due_at == dt.datetime(2020, 2, 24, 23, 59, 59, tzinfo=ZONE)
    assert (second.visit, second.step) == (2, NeedStep.PROGRESS)


def test_missing_progress_is_counted_for_the_responsible_unit_the_next_day(scene: Scene) -> None:
    scene.need_in(NeedStatus.IN_PROGRESS, at=local(21, 15))

    on_time = daily(scene.programme, on=dt.date(2020, 2, 23), at=local(23, 23))
    late = daily(scene.programme, on=dt.date(2020, 2, 24), at=local(24, 0))

    assert [line.late for line in on_time.by_lead] == [0]
    assert [line.late for line in late.by_lead] == [1]


def test_a_zone_may_count_working_days_instead(scene: Scene) -> None:
    ClockRule.objects.filter(step=NeedStep.REPORT).update(kind="working_days", amount=2)

    scene.report(at=local(21, 10), nothing=True)

    item = owed_by(scene)
    assert item.due_at is not None
    assert local_date(item.due_at) == dt.date(2020, 2, 25)  # Friday; Monday, Tuesday


def test_heads_and_then_the_leader_in_charge_are_told_of_a_missing_report(scene: Scene) -> None:
    scene.guard.leader = scene.leader
    scene.guard.save()
    scene.report(at=local(21, 10), nothing=True)

    escalate_due(at=local(24, 0, 1))
    after_one = escalated()
    escalate_due(at=local(25, 0, 1))

    assert scene.guard_head.pk in after_one
    assert scene.leader.pk not in after_one
    assert scene.leader.pk in escalated()


def escalated() -> set[int]:
    told = Notice.objects.filter(event="work.overdue")
    return set(told.values_list("person_id", flat=True))


def test_every_guarding_unit_gets_one_batch_and_no_second(scene: Scene) -> None:
    other = make_unit("投资促进中心")
    for code in ("G2", "G3"):
        Grid.objects.create(code=code, name=code, unit=other)
    Grid.objects.create(code="G4", name="停用", unit=make_unit("旧局"), is_active=False)

    opened, again = open_missing_batches(at=AT), open_missing_batches(at=days_later(1))

    assert (opened, again) == (1, 0)
    units = NeedBatch.objects.open().values_list("unit__name", flat=True)
    assert sorted(units) == ["人社局", "投资促进中心"]


def test_no_batch_is_opened_before_the_programme_begins_nor_after_its_end(scene: Scene) -> None:
    scene.programme.until_on = AT.date()
    scene.programme.save()
    scene.report(nothing=True)
    scene.report(at=days_later(2), nothing=True)

    assert open_missing_batches(at=days_later(-5)) == 0
    assert open_missing_batches(at=days_later(3)) == 0
