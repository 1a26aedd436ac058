"""Two people, one need, the same moment: on a real PostgreSQL, with threads that commit."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.audit.queries import verify_chain
from lianqi.needs.actions import (
    confirm_need,
    dispute_need,
    open_missing_batches,
    report_batch,
    report_progress,
    solve_need,
    triage_need,
)
from lianqi.needs.enums import NeedStatus, NeedStep, TriageReason, Verdict
from lianqi.needs.errors import BatchMoveNotPossible, MergeNotPossible, NeedMoveNotPossible
from lianqi.needs.models import Need, NeedBatch, NeedTally
from lianqi.work.models import WorkItem
from tests.demands.test_at_once import at_once, refusals
from tests.factories import make_handler, make_unit
from tests.needs.scene import AT, Scene, days_later, make_scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def test_two_triagers_at_once_leave_one_verdict_and_one_unit_that_owes(scene: Scene) -> None:
    need, colleague = scene.need_in(NeedStatus.REPORTED), make_handler(scene.desk)

    results = at_once(
        lambda: scene.triage(need),
        lambda: scene.triage(need, lead=make_unit("税务局"), by=colleague),
        lambda: scene.triage(need, Verdict.INVALID, by=colleague),
    )

    assert refusals(results) == [NeedMoveNotPossible] * 2
    need.refresh_from_db()
    batch = NeedBatch.objects.get(pk=need.batch_id)
    assert batch.waiting == 0
    assert WorkItem.objects.about(need).count() == int(need.lead_id is not None)
    assert sum(row.valid for row in NeedTally.objects.all()) == int(need.lead_id is not None)
    assert verify_chain().broken is None


def test_two_needs_of_a_batch_sorted_at_once_are_both_counted(scene: Scene) -> None:
    needs = [scene.collect() for _ in range(4)]
    batch = scene.report()

    results = at_once(*[lambda need=need: scene.triage(need) for need in needs])

    assert refusals(results) == []
    batch.refresh_from_db()
    assert batch.waiting == 0
    assert not WorkItem.objects.about(batch).open().exists()


def test_two_needs_merged_into_each_other_at_once_leave_one_that_stands(scene: Scene) -> None:
    one, other = scene.collect(), scene.collect()
    scene.report()

    def merge(need: Need, into: Need) -> Callable[[], Any]:
        return lambda: triage_need(
            need.pk, verdict=Verdict.MERGED, reason=TriageReason.SAME_MATTER, into=into,
            by=scene.sorter, at=AT,
        )  # fmt: skip

    results = at_once(merge(one, other), merge(other, one))

    assert len(refusals(results)) == 1
    assert Need.objects.filter(status=NeedStatus.MERGED).count() == 1


def test_a_batch_sent_twice_at_once_is_sent_once(scene: Scene) -> None:
    scene.collect()
    batch, colleague = scene.open_batch(), make_handler(scene.guard)

    results = at_once(*[
        lambda person=person: report_batch(
            batch.pk, nothing_collected=False, by=person, at=AT
        )
        for person in (scene.collector, colleague)
    ])  # fmt: skip

    assert refusals(results) == [BatchMoveNotPossible]
    assert NeedBatch.objects.open().count() == 1
    assert WorkItem.objects.about(batch).filter(step=NeedStep.TRIAGE).count() == 1


def test_a_need_noted_while_the_batch_is_sent_is_in_exactly_one_batch(scene: Scene) -> None:
    scene.collect()
    batch = scene.open_batch()

    results = at_once(
        lambda: report_batch(batch.pk, nothing_collected=False, by=scene.collector, at=AT),
        *[scene.collect] * 4,
    )

    assert refusals(results) == []
    for each in NeedBatch.objects.all():
        assert each.need_count == each.needs.count()
        expected = {NeedStatus.REPORTED if each.status == "reported" else NeedStatus.COLLECTED}
        assert set(each.needs.values_list("status", flat=True)) <= expected
    assert Need.objects.count() == 5


def test_the_same_key_at_once_notes_once(scene: Scene) -> None:
    results = at_once(*[lambda: scene.collect("减免房租", idempotency_key="same")] * 4)

    assert refusals(results) == []
    assert Need.objects.count() == 1
    assert scene.open_batch().need_count == 1
    assert Event.objects.filter(verb="need.collected").count() == 1


def test_batches_opened_at_once_are_opened_once(scene: Scene) -> None:
    scene.report(nothing=True)
    NeedBatch.objects.open().delete()
    WorkItem.objects.open().delete()

    results = at_once(*[lambda: open_missing_batches(at=days_later(1))] * 3)

    assert sorted(results) == [0, 0, 1]
    assert WorkItem.objects.open().count() == 1


def test_progress_and_solution_at_once_leave_nothing_owed_after_the_solution(
    scene: Scene,
) -> None:
    need, colleague = scene.need_in(NeedStatus.IN_PROGRESS), make_handler(scene.lead)

    at_once(
        lambda: report_progress(need.pk, progress="已上会。", by=scene.handler, at=AT),
        lambda: solve_need(need.pk, solution="已拨付。", evidence="凭证", by=colleague, at=AT),
    )

    need.refresh_from_db()
    assert need.status == NeedStatus.SOLVED
    assert not WorkItem.objects.about(need).open().exists()


def test_the_enterprise_confirms_and_disputes_at_once(scene: Scene) -> None:
    need = scene.need_in(NeedStatus.SOLVED)

    results = at_once(
        lambda: confirm_need(need.pk, note="", by=scene.member, at=AT),
        lambda: dispute_need(need.pk, note="未到账", by=scene.member, at=AT),
    )

    assert len(refusals(results)) == 1
    assert refusals(results)[0] in {NeedMoveNotPossible, PermissionDenied, MergeNotPossible}
    need.refresh_from_db()
    solved = sum(row.solved for row in NeedTally.objects.all())
    assert solved == int(need.status == NeedStatus.CONFIRMED)
