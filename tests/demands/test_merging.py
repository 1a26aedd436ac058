"""Merging: one survivor, one answer, and every reporter confirms and rates for itself."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.audit.models import Event
from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import (
    add_assistance,
    answer_demand,
    arbitrate_objection,
    confirm_demand,
    dispatch_demand,
    dispatch_many,
    dispute_demand,
    file_demand,
    merge_demand,
    transfer_demand,
    unmerge_demand,
    withdraw_demand,
)
from lianqi.demands.actions.tally import rebuild_tallies
from lianqi.demands.enums import Channel, DemandStatus, LeftOut, Measure, Rating
from lianqi.demands.errors import (
    AcceptedAlready,
    MergedIntoItself,
    MergeReasonMissing,
    MoveNotPossible,
    SurvivorIsMerged,
    SurvivorNotOpen,
    UnitIsFinal,
)
from lianqi.demands.models import Demand, DemandTally, cases
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, make_dispatcher, make_enterprise, make_member

DAY = dt.timedelta(days=1)


def of_another_firm(scene: Scene) -> Demand:
    firm = make_enterprise("云岭邻居材料有限公司")
    return file_demand(
        enterprise=firm, category=scene.category, title="园区又停电", text="本厂也停电。",
        channel=Channel.PORTAL, idempotency_key=f"of-{firm.pk}", by=make_member(firm), at=AT,
    )  # fmt: skip


def owed(demand: Demand) -> set[str]:
    return set(WorkItem.objects.about(demand).open().values_list("step", flat=True))


def received() -> int:
    return sum(row.received for row in DemandTally.objects.all())


@pytest.mark.parametrize("same_firm", [True, False])
def test_the_answer_reaches_everybody_and_each_rates_alone(scene: Scene, same_firm: bool) -> None:
    survivor = scene.demand_in(DemandStatus.IN_PROGRESS)
    rider = scene.file() if same_firm else of_another_firm(scene)
    reporter = rider.filed_by
    assert reporter is not None

    scene.merge(rider, survivor)
    merged = owed(rider)
    answer_demand(survivor.pk, answer="已更换变压器。", by=scene.handler, at=AT + DAY)
    confirm_demand(rider.pk, rating=Rating.VERY_SATISFIED, note="", by=reporter, at=AT + 2 * DAY)

    rider.refresh_from_db()
    survivor.refresh_from_db()
    assert merged == owed(rider) == set()
    assert (rider.status, rider.answer) == ("closed", "已更换变压器。")
    assert (rider.unit, rider.handler) == (scene.unit, scene.handler)
    assert (survivor.status, survivor.rating) == ("answered", "")
    told = Notice.objects.filter(person=reporter, url=rider.get_absolute_url())
    assert {"demand.merged", "demand.answered"} <= set(told.values_list("event", flat=True))


def test_nothing_tells_an_enterprise_who_else_reported(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), of_another_firm(scene)

    scene.merge(rider, survivor)

    assert rider.filed_by is not None
    assert not rider.filed_by.has_perm("demands.view", survivor)
    assert not scene.member.has_perm("demands.view", rider)
    assert not Event.objects.get(verb="demand.absorbed").detail["is_shared"]
    assert scene.handler.has_perm("demands.view", Demand.objects.get(pk=rider.pk))


def test_riders_follow_the_survivor_from_unit_to_unit(scene: Scene) -> None:
    survivor, rider = scene.file(), scene.file()
    scene.merge(rider, survivor)
    units = []

    def note() -> None:
        rider.refresh_from_db()
        units.append(rider.unit)

    note()
    dispatch_many([survivor.pk, scene.file().pk], unit=scene.unit, by=scene.dispatcher, at=AT)
    note()
    dispatch_demand(survivor.pk, unit=scene.other, by=scene.dispatcher, at=AT)
    note()
    scene.accept(survivor, by=scene.other_handler)
    transfer_demand(survivor.pk, unit=scene.unit, reason="职责", by=scene.dispatcher, at=AT)
    note()

    assert units == [None, scene.unit, scene.other, scene.unit]


def test_what_was_asked_about_a_merged_demand_is_owed_no_more(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    dispatch_demand(rider.pk, unit=scene.other, by=scene.dispatcher, at=AT)
    add_assistance(rider.pk, unit=scene.unit, request="?", by=scene.dispatcher, at=AT)

    scene.merge(rider, survivor)

    rider.refresh_from_db()
    assert (owed(rider), rider.assisting, rider.unit) == (set(), [], scene.unit)
    assert Notice.objects.filter(person=scene.other_handler, event="demand.merged_away").exists()
    closed = WorkItem.objects.about(rider).filter(outcome=Outcome.CANCELLED)
    assert {item.step for item in closed} == {"accept", "assist"}


def test_undone_it_waits_for_dispatch_with_a_new_clock(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    scene.merge(rider, survivor)

    unmerge_demand(rider.pk, reason="并非同一事项", by=scene.dispatcher, at=AT + DAY)
    answer_demand(survivor.pk, answer="已办。", by=scene.handler, at=AT + 2 * DAY)

    rider.refresh_from_db()
    assert (rider.status, rider.unit, rider.merged_into, rider.answer) == (
        "submitted", None, None, "",
    )  # fmt: skip
    assert owed(rider) == {"dispatch"}
    with pytest.raises(MoveNotPossible):
        unmerge_demand(rider.pk, reason="?", by=scene.dispatcher, at=AT + 2 * DAY)


def test_after_the_answer_nothing_is_undone_and_disputes_are_separate(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    scene.merge(rider, survivor)
    scene.answer(survivor)

    with pytest.raises(MoveNotPossible):
        unmerge_demand(rider.pk, reason="?", by=scene.dispatcher, at=AT)
    dispute_demand(rider.pk, note="我处仍停电", by=scene.member, at=AT + DAY)

    survivor.refresh_from_db()
    assert survivor.status == "answered"
    assert owed(rider) == {"answer"}
    item = WorkItem.objects.about(rider).open().get()
    assert (item.unit, item.person) == (scene.unit, scene.handler)


def test_a_survivor_that_is_withdrawn_sets_its_riders_free(scene: Scene) -> None:
    survivor, rider = scene.file(), of_another_firm(scene)
    scene.merge(rider, survivor)

    withdraw_demand(survivor.pk, reason="已解决", by=scene.member, at=AT)

    rider.refresh_from_db()
    assert (rider.status, owed(rider)) == ("submitted", {"dispatch"})
    assert Event.objects.get(verb="demand.unmerged").by_name == "Lianqi"


def test_a_rider_that_is_withdrawn_gets_no_answer(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    scene.merge(rider, survivor)

    withdraw_demand(rider.pk, reason="已解决", by=scene.member, at=AT)
    scene.answer(survivor)

    rider.refresh_from_db()
    assert (rider.status, rider.answer) == ("withdrawn", "")


def test_there_are_no_chains(scene: Scene) -> None:
    last, middle, first = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file(), scene.file()
    scene.merge(first, middle)
    scene.merge(middle, last)

    first.refresh_from_db()
    assert (first.merged_into, first.unit) == (last, scene.unit)
    with pytest.raises(SurvivorIsMerged, match=last.number):
        scene.merge(scene.file(), Demand.objects.get(pk=middle.pk))


def test_what_cannot_be_merged(scene: Scene) -> None:
    demand, accepted = scene.file(), scene.demand_in(DemandStatus.IN_PROGRESS)

    with pytest.raises(MergedIntoItself):
        scene.merge(demand, demand)
    with pytest.raises(SurvivorNotOpen):
        scene.merge(demand, scene.demand_in(DemandStatus.ANSWERED))
    with pytest.raises(MoveNotPossible):
        scene.merge(accepted, demand)
    transferred = scene.demand_in(DemandStatus.IN_PROGRESS)
    transfer_demand(transferred.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)
    with pytest.raises(AcceptedAlready):
        scene.merge(transferred, accepted)
    final = scene.demand_in(DemandStatus.ARBITRATION)
    arbitrate_objection(final.pk, unit=scene.other, decision="?", by=scene.leader, at=AT)
    with pytest.raises(UnitIsFinal):
        scene.merge(final, accepted)
    with pytest.raises(MergeReasonMissing):
        merge_demand(demand.pk, into=accepted, reason=" ", by=scene.dispatcher, at=AT)
    with pytest.raises(PermissionDenied):
        merge_demand(demand.pk, into=accepted, reason="?", by=scene.handler, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(status="merged")


def test_a_matter_counts_once_until_its_answer_is_there(scene: Scene) -> None:
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    left_out = cases(AT)[Measure.CLOSING][LeftOut.MERGED.value]

    scene.merge(rider, survivor)
    riding = (received(), Demand.objects.counted().count())
    reasons = list(Demand.objects.filter(left_out))
    scene.answer(survivor)

    assert riding == (1, 1)
    assert reasons == [rider]
    assert (received(), Demand.objects.counted().count()) == (2, 2)
    rode = cases(AT)[Measure.ON_TIME][LeftOut.MERGED.value]
    assert list(Demand.objects.filter(rode)) == [rider]
    rebuild_tallies()
    assert received() == 2


@pytest.mark.django_db(transaction=True)
def test_merging_while_the_unit_answers_leaves_nobody_without_an_answer() -> None:
    scene = make_scene()
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()

    results = at_once(lambda: scene.merge(rider, survivor), lambda: scene.answer(survivor))

    rider.refresh_from_db()
    if refusals(results):
        assert refusals(results) == [SurvivorNotOpen]
        assert (rider.status, owed(rider)) == ("submitted", {"dispatch"})
    else:
        assert (rider.status, rider.answer) == ("answered", "已更换变压器。")
    assert verify_chain().broken is None


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_who_merge_crosswise_leave_one_survivor() -> None:
    scene, colleague = make_scene(), make_dispatcher()
    one, two = scene.file(), scene.file()

    results = at_once(
        lambda: scene.merge(one, two),
        lambda: merge_demand(two.pk, into=one, reason="同一事项", by=colleague, at=AT),
    )

    assert len(refusals(results)) == 1
    assert set(refusals(results)) <= {SurvivorIsMerged, MoveNotPossible}
    one.refresh_from_db()
    two.refresh_from_db()
    assert sorted([one.status, two.status]) == ["merged", "submitted"]


@pytest.mark.django_db(transaction=True)
def test_undoing_while_the_unit_answers_ends_in_one_of_both() -> None:
    scene = make_scene()
    survivor, rider = scene.demand_in(DemandStatus.IN_PROGRESS), scene.file()
    scene.merge(rider, survivor)

    results = at_once(
        lambda: unmerge_demand(rider.pk, reason="?", by=scene.dispatcher, at=AT),
        lambda: scene.answer(survivor),
    )

    rider.refresh_from_db()
    undone = refusals(results) == []
    assert undone or refusals(results) == [MoveNotPossible]
    assert rider.status == ("submitted" if undone else "answered")
    assert owed(rider) == ({"dispatch"} if undone else set())
