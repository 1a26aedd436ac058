"""Assisting units and transfers: parts, clocks, and what a lead may do without them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.demands.actions import (
    add_assistance,
    answer_demand,
    arbitrate_objection,
    ask_enterprise,
    ask_transfer,
    close_unreplied,
    contribute,
    dispatch_demand,
    dispute_demand,
    log_contact,
    refuse_transfer,
    remind_unreplied,
    remove_assistance,
    reply_to_question,
    transfer_demand,
    withdraw_demand,
)
from lianqi.demands.enums import ContactOutcome, ContactWay, DemandStatus, Step, TransferVerdict
from lianqi.demands.errors import (
    AlreadyAssists,
    ContributionMissing,
    LeadDoesNotAssist,
    NotAssisting,
    RequestMissing,
    TransferAsked,
    TransferToItself,
    UnitIsFinal,
)
from lianqi.demands.models import Assistance, Demand, TransferRequest
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome, Part, PauseReason
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import (
    AT,
    make_clock_rule,
    make_handler,
    make_head,
    make_unit,
    make_version,
)

DAY = dt.timedelta(days=1)


def ask(scene: Scene, demand: Demand, *, at: dt.datetime = AT) -> Assistance:
    return add_assistance(
        demand.pk, unit=scene.other, request="请提供规划意见", by=scene.dispatcher, at=at
    )


def owed(demand: Demand) -> dict[str, WorkItem]:
    return {item.step: item for item in WorkItem.objects.about(demand).open()}


def test_an_assisting_unit_has_a_clock_and_an_item_of_its_own(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    ask(scene, demand)

    items = owed(demand)
    assert set(items) == {"answer", "assist"}
    assert (items["assist"].part, items["assist"].unit) == (Part.ASSIST, scene.other)
    # Three working days from Wednesday, 4 March 2026: Monday, the 9th, 17:30.
    assert items["assist"].due_at == dt.datetime(2026, 3, 9, 9, 30, tzinfo=dt.UTC)
    assert items["answer"].unit == scene.unit
    assert WorkItem.objects.inbox_of(scene.other_handler).get() == items["assist"]
    assert Notice.objects.filter(person=scene.other_handler).exists()


def test_the_assisting_unit_and_its_head_see_the_demand_by_list_and_by_rule(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    head, stranger = make_head(scene.other), make_handler(make_unit("城市管理局"))

    ask(scene, demand)

    demand = Demand.objects.get(pk=demand.pk)
    for person, sees in ((scene.other_handler, True), (head, True), (stranger, False)):
        assert person.has_perm("demands.view", demand) is sees
        assert Demand.objects.visible_to(person).filter(pk=demand.pk).exists() is sees
    assert not scene.other_handler.has_perm("demands.answer", demand)


def test_the_contribution_is_for_the_lead_not_for_the_enterprise(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)

    contribute(demand.pk, text=" 规划上可行 ", by=scene.other_handler, at=AT + DAY)

    seen = Assistance.objects.visible_to(scene.handler).get()
    assert (seen.text, seen.is_late, seen.finished_by) == ("规划上可行", False, scene.other_handler)
    assert not Assistance.objects.visible_to(scene.member).exists()
    assert set(owed(demand)) == {"answer"}
    assert Notice.objects.filter(person=scene.handler, event="demand.contributed").exists()


def test_the_lead_may_answer_without_a_late_contribution_which_stays_late(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)
    later = AT + 6 * DAY

    answer_demand(demand.pk, answer="已办理", by=scene.handler, at=later)

    assert owed(demand) == {}
    assert Assistance.objects.get().is_late
    contribute(demand.pk, text="补充意见", by=scene.other_handler, at=later)
    assert Assistance.objects.get().is_late


def test_one_in_time_when_the_lead_answered_is_not_late(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)

    answer_demand(demand.pk, answer="已办理", by=scene.handler, at=AT + DAY)

    assert not Assistance.objects.get().is_late


def test_taking_a_part_back(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)

    remove_assistance(demand.pk, unit=scene.other, reason="不再需要", by=scene.dispatcher, at=AT)

    item = WorkItem.objects.about(demand).get(step="assist")
    assert (item.outcome, item.was_late) == (Outcome.CANCELLED, None)
    assert not Demand.objects.visible_to(scene.other_handler).exists()
    with pytest.raises(PermissionDenied):
        remove_assistance(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)


def test_refusals_of_assistance(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    give = {"demand_id": demand.pk, "by": scene.dispatcher, "at": AT}

    with pytest.raises(LeadDoesNotAssist):
        add_assistance(unit=scene.unit, request="?", **give)  # type: ignore[arg-type]
    with pytest.raises(RequestMissing):
        add_assistance(unit=scene.other, request=" ", **give)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        add_assistance(demand.pk, unit=scene.other, request="?", by=scene.handler, at=AT)
    ask(scene, demand)
    with pytest.raises(AlreadyAssists):
        ask(scene, demand)
    with pytest.raises(ContributionMissing):
        contribute(demand.pk, text=" ", by=scene.other_handler, at=AT)
    with pytest.raises(PermissionDenied):
        contribute(demand.pk, text="?", by=scene.handler, at=AT)
    contribute(demand.pk, text="好", by=scene.other_handler, at=AT)
    with pytest.raises(NotAssisting):
        contribute(demand.pk, text="再", by=scene.other_handler, at=AT)


def test_the_database_keeps_the_lead_apart_from_its_assistants(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(assisting=[scene.unit.pk])


def test_an_assistant_that_becomes_the_lead_assists_no_longer(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.DISPATCHED)
    ask(scene, demand)

    dispatch_demand(demand.pk, unit=scene.other, by=scene.dispatcher, at=AT)

    demand.refresh_from_db()
    assert (demand.unit, demand.assisting) == (scene.other, [])
    assert set(owed(demand)) == {"accept"}


def test_a_transfer_takes_the_answering_clock_along(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    due_at = owed(demand)["answer"].due_at

    transfer_demand(
        demand.pk, unit=scene.other, reason="职责调整", by=scene.dispatcher, at=AT + DAY
    )
    between = owed(demand)
    scene.accept(demand, by=scene.other_handler, at=AT + 2 * DAY)

    assert {step: item.unit for step, item in between.items()} == {
        "answer": scene.other, "accept": scene.other,
    }  # fmt: skip
    answer = owed(demand)["answer"]
    assert (answer.due_at, answer.person) == (due_at, scene.other_handler)
    assert WorkItem.objects.about(demand).filter(step="answer").count() == 1
    assert Notice.objects.filter(person=scene.handler, event="demand.transferred").exists()


def test_a_clock_that_stands_goes_on_standing_and_the_reply_still_comes(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask_enterprise(
        demand.pk, reason=PauseReason.ENTERPRISE_MATERIAL, text="请补充图纸。", evidence="函",
        by=scene.handler, at=AT,
    )  # fmt: skip

    transfer_demand(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)

    assert owed(demand)["answer"].paused_since == AT
    reply_to_question(demand.pk, text="已补充。", by=scene.member, at=AT + DAY)
    assert owed(demand)["answer"].paused_since is None


def test_what_is_owed_beside_the_answer_goes_along_too(scene: Scene) -> None:
    version = make_version(scene.category, progress_every_days=2)
    for step, amount in ((Step.CONTACT, 1), (Step.INTERIM, 3), (Step.PROGRESS, 2)):
        make_clock_rule(step, amount=amount, rule_set=version.pk)
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    before = {step: item.due_at for step, item in owed(demand).items()}

    transfer_demand(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)
    scene.accept(demand, by=scene.other_handler, at=AT + DAY)

    items = owed(demand)
    assert set(items) == {"answer", "contact", "interim", "progress"}
    assert {step: item.due_at for step, item in items.items()} == before
    assert {(item.unit, item.person) for item in items.values()} == {
        (scene.other, scene.other_handler)
    }


def test_the_enterprise_is_not_contacted_a_first_time_twice(scene: Scene) -> None:
    version = make_version(scene.category)
    make_clock_rule(Step.CONTACT, amount=1, rule_set=version.pk)
    make_clock_rule(Step.INTERIM, amount=3, rule_set=version.pk)
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    log_contact(
        demand.pk, way=ContactWay.TELEPHONE, outcome=ContactOutcome.REACHED, spoke_with="王工",
        note="", made_at=AT, by=scene.handler, at=AT,
    )  # fmt: skip

    transfer_demand(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)
    scene.accept(demand, by=scene.other_handler, at=AT + DAY)
    after_transfer = set(owed(demand))
    answer_demand(demand.pk, answer="已办理", by=scene.other_handler, at=AT + 2 * DAY)
    dispute_demand(demand.pk, note="未解决", by=scene.member, at=AT + 3 * DAY)

    assert after_transfer == {"answer", "interim"}
    assert set(owed(demand)) == {"answer", "contact", "interim"}


@pytest.mark.parametrize("end", ["silence", "withdrawal"])
def test_every_end_of_a_demand_ends_what_was_asked_of_other_units(scene: Scene, end: str) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    ask(scene, demand)
    ask_transfer(demand.pk, reason="职责不符", by=scene.handler, at=AT)

    if end == "withdrawal":
        withdraw_demand(demand.pk, reason="已解决", by=scene.member, at=AT)
    else:
        ask_enterprise(
            demand.pk, reason=PauseReason.ENTERPRISE_MATERIAL, text="请补充图纸。", evidence="函",
            by=scene.handler, at=AT,
        )  # fmt: skip
        remind_unreplied(after_days=5, at=AT + 6 * DAY)
        close_unreplied(
            demand.pk, grounds="未复。", after_days=10, by=scene.handler, at=AT + 11 * DAY
        )

    assert owed(demand) == {}
    assert TransferRequest.objects.get().verdict == TransferVerdict.LAPSED


def test_objecting_to_a_transfer_does_not_stop_the_answering_clock(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    transfer_demand(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)
    due_at = owed(demand)["answer"].due_at

    scene.object(demand, by=scene.other_handler)

    items = owed(demand)
    assert items["accept"].paused_since == AT
    assert (items["answer"].paused_since, items["answer"].due_at) == (None, due_at)


def test_asking_for_a_transfer(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)

    ask_transfer(demand.pk, reason="职责不符", proposed=scene.other, by=scene.handler, at=AT)

    assert set(owed(demand)) == {"answer", "transfer"}
    with pytest.raises(TransferAsked):
        ask_transfer(demand.pk, reason="?", by=scene.handler, at=AT)
    refuse_transfer(demand.pk, decision="属你局", by=scene.dispatcher, at=AT)
    assert set(owed(demand)) == {"answer"}
    assert TransferRequest.objects.get().verdict == TransferVerdict.REFUSED
    with pytest.raises(PermissionDenied):
        refuse_transfer(demand.pk, decision="?", by=scene.dispatcher, at=AT)


def test_a_transfer_decides_the_request_and_an_answer_lets_it_lapse(scene: Scene) -> None:
    first, second = (scene.demand_in(DemandStatus.IN_PROGRESS) for _ in range(2))
    for demand in (first, second):
        ask_transfer(demand.pk, reason="职责不符", by=scene.handler, at=AT)

    transfer_demand(first.pk, unit=scene.other, reason="同意", by=scene.dispatcher, at=AT)
    answer_demand(second.pk, answer="已办理", by=scene.handler, at=AT)

    verdicts = TransferRequest.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == [TransferVerdict.TRANSFERRED, TransferVerdict.LAPSED]
    assert owed(second) == {}


def test_no_transfer_to_itself_nor_after_arbitration(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ARBITRATION)
    arbitrate_objection(demand.pk, unit=scene.unit, decision="由你局办", by=scene.leader, at=AT)
    scene.accept(demand)
    free = scene.demand_in(DemandStatus.IN_PROGRESS)

    with pytest.raises(UnitIsFinal):
        transfer_demand(demand.pk, unit=scene.other, reason="?", by=scene.dispatcher, at=AT)
    with pytest.raises(UnitIsFinal):
        ask_transfer(demand.pk, reason="?", by=scene.handler, at=AT)
    with pytest.raises(TransferToItself):
        transfer_demand(free.pk, unit=scene.unit, reason="?", by=scene.dispatcher, at=AT)
