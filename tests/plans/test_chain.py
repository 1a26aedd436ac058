"""The chain of a service plan: drawn up, proposed, sent back, agreed, started, completed, ended."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.models import Absence
from lianqi.audit.models import Event
from lianqi.notices.models import Notice
from lianqi.plans.actions import (
    agree_to_plan,
    complete_plan,
    end_plan,
    entrust_plan,
    link_demand,
    load_plan_clocks,
    note_plan,
    propose_plan,
    record_agreement,
    review_plan,
    send_back_plan,
    start_plan,
    take_back_plan,
    unlink_demand,
    write_plan,
)
from lianqi.plans.enums import AgreedBy, MeasureStatus, PlanStatus, PlanStep
from lianqi.plans.errors import (
    AgreementIncomplete,
    DemandOfAnotherEnterprise,
    DueDayPassed,
    EndReasonMissing,
    EnterpriseHasNoPlan,
    MeasuresMissing,
    MeasuresOpen,
    NoteMissing,
    OfficerMissing,
    OfficerNotPossible,
    PlanMoveNotPossible,
    PlanTextMissing,
    PlanUnderWay,
    ProposalReplaced,
    ReasonMissing,
    ReviewDayNotPossible,
    ReviewTextMissing,
    UnitKeepsNoPlans,
    WishesMissing,
)
from lianqi.plans.models import PlanNote, ServicePlan
from lianqi.work.models import WorkItem
from tests.factories import AT, make_enterprise, make_handler
from tests.plans.scene import DAY, DUE, add, again, agree, begin, prepare, propose, start
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def owed(plan: ServicePlan) -> list[str]:
    return list(WorkItem.objects.about(plan).open().values_list("step", flat=True))


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def test_the_clocks_are_the_zones_own_once_loaded() -> None:
    assert load_plan_clocks(at=AT) == 5
    assert load_plan_clocks(at=AT) == 0


def test_beginning_owes_the_draft_to_the_officer_and_tells_nobody_outside(zone: Zone) -> None:
    plan = begin(zone, by=zone.dispatcher)

    item = WorkItem.objects.about(plan).open().get()
    assert plan.number.startswith("FA2026")
    assert (item.step, item.unit, item.person) == (PlanStep.DRAW_UP, zone.economy, zone.handler)
    assert (plan.status, plan.units) == (PlanStatus.DRAFT, [zone.economy.pk])
    assert told("plans.entrusted") == {"王强"}
    assert not ServicePlan.objects.visible_to(zone.boss).exists()
    assert Event.objects.get(verb="plans.begun").enterprise_id == zone.firm.pk


def test_an_enterprise_has_one_current_plan(zone: Zone) -> None:
    plan = begin(zone)

    with pytest.raises(PlanUnderWay, match=plan.number):
        begin(zone, by=zone.dispatcher)
    end_plan(plan.pk, reason="企业迁出。", by=zone.handler, at=AT)
    second = begin(zone)

    assert second.number != plan.number


def test_merged_entries_are_one_enterprise_with_one_plan(zone: Zone) -> None:
    twin = make_enterprise("云岭海纳光电有限公司")
    plan, demand = begin(zone, enterprise=twin, by=zone.dispatcher), zone.demand(at=AT)

    twin.merged_into, twin.merged_at = zone.firm, AT
    twin.save()

    with pytest.raises(PlanUnderWay, match=plan.number):
        begin(zone)
    link_demand(plan.pk, demand=demand, by=zone.dispatcher, at=AT)
    assert list(plan.demands.all()) == [demand]


def test_what_cannot_begin_is_said(zone: Zone) -> None:
    prepare(zone)
    merged = make_enterprise("云岭并入有限公司", merged_into=zone.firm, merged_at=AT)
    zone.housing.is_active = False
    zone.housing.save()

    with pytest.raises(PlanTextMissing):
        begin(zone, title=" ")
    with pytest.raises(EnterpriseHasNoPlan):
        begin(zone, enterprise=merged)
    with pytest.raises(UnitKeepsNoPlans):
        begin(zone, unit=zone.housing)
    with pytest.raises(OfficerNotPossible):
        begin(zone, officer=zone.other_handler)
    with pytest.raises(ReviewDayNotPossible):
        begin(zone, review_on=AT.date())
    with pytest.raises(DemandOfAnotherEnterprise):
        begin(zone, demands=[zone.demand(enterprise=zone.other_firm, by=zone.other_boss)])
    with pytest.raises(PermissionDenied):
        begin(zone, by=zone.boss)
    assert not ServicePlan.objects.exists()


def test_the_liaison_officer_begins_and_keeps_a_plan(zone: Zone) -> None:
    plan = begin(zone, officer=zone.officer, by=zone.officer)

    write_plan(
        plan.pk, title="新题", aim="目标", diagnosis="诊断", review_on=None, by=zone.officer, at=AT
    )

    assert WorkItem.objects.about(plan).open().get().person == zone.officer
    assert again(plan).title == "新题"


def test_a_proposal_is_kept_word_for_word_and_shown_to_the_enterprise(zone: Zone) -> None:
    plan = propose(zone)

    proposal = plan.proposals.get()
    assert (plan.status, owed(plan)) == (PlanStatus.PROPOSED, [PlanStep.AGREE])
    assert proposal.content["diagnosis"] == "二期产线用电不足，熟练技工缺口四十人。"
    assert [each["unit"] for each in proposal.content["measures"]] == ["住房建设局", "经济发展局"]
    assert told("plans.proposed") == {"林晓燕"}
    assert list(ServicePlan.objects.visible_to(zone.boss)) == [plan]
    assert not ServicePlan.objects.visible_to(zone.other_boss).exists()
    with pytest.raises(PlanMoveNotPossible):
        write_plan(plan.pk, title="x", aim="", diagnosis="", review_on=None, by=zone.handler, at=AT)


def test_nothing_incomplete_is_proposed(zone: Zone) -> None:
    plan = begin(zone, officer=None, diagnosis="")

    with pytest.raises(PlanTextMissing):
        propose_plan(plan.pk, by=zone.handler, at=AT)
    write_plan(
        plan.pk, title="题", aim="目标", diagnosis="诊断", review_on=None, by=zone.handler, at=AT
    )
    with pytest.raises(OfficerMissing):
        propose_plan(plan.pk, by=zone.handler, at=AT)
    entrust_plan(plan.pk, unit=zone.economy, officer=zone.handler, by=zone.handler, at=AT)
    with pytest.raises(MeasuresMissing):
        propose_plan(plan.pk, by=zone.handler, at=AT)
    add(zone, plan)
    with pytest.raises(DueDayPassed):
        propose_plan(plan.pk, by=zone.handler, at=AT + 16 * DAY)
    propose_plan(plan.pk, by=zone.handler, at=AT + 15 * DAY)


def test_sent_back_with_wishes_it_is_drawn_up_once_more_and_nothing_is_lost(zone: Zone) -> None:
    plan = propose(zone)

    with pytest.raises(WishesMissing):
        send_back_plan(plan.pk, round_number=1, wishes=" ", by=zone.boss, at=AT)
    send_back_plan(plan.pk, round_number=1, wishes="招聘会请增加一场。", by=zone.boss, at=AT)
    write_plan(
        plan.pk,
        title="改后题",
        aim="目标",
        diagnosis="诊断",
        review_on=None,
        by=zone.handler,
        at=AT,
    )
    propose_plan(plan.pk, by=zone.handler, at=AT)

    first, second = again(plan).proposals.order_by("round")
    assert (first.reply, first.words) == ("sent_back", "招聘会请增加一场。")
    assert (first.content["title"], second.content["title"]) == ("扩产用电与人才保障方案", "改后题")
    assert told("plans.sent_back") == {"王强"}
    with pytest.raises(ProposalReplaced):
        agree_to_plan(plan.pk, round_number=1, by=zone.boss, at=AT)
    agree_to_plan(plan.pk, round_number=2, by=zone.boss, at=AT)


def test_taken_back_with_a_reason_the_enterprise_reads(zone: Zone) -> None:
    plan = propose(zone)

    with pytest.raises(ReasonMissing):
        take_back_plan(plan.pk, reason="", by=zone.handler, at=AT)
    take_back_plan(plan.pk, reason="完成日期有误。", by=zone.handler, at=AT)

    assert (again(plan).status, owed(plan)) == (PlanStatus.DRAFT, [PlanStep.DRAW_UP])
    assert told("plans.taken_back") == {"林晓燕"}
    assert ServicePlan.objects.visible_to(zone.boss).exists()  # what was proposed stays known
    with pytest.raises(PlanMoveNotPossible):
        agree_to_plan(plan.pk, round_number=1, by=zone.boss, at=AT)


def test_an_agreement_is_recorded_with_who_how_and_when(zone: Zone) -> None:
    plan, day = propose(zone), AT.date()
    bad = (
        {"person": " ", "way": AgreedBy.TELEPHONE, "agreed_on": day},
        {"person": "林晓燕", "way": AgreedBy.ACCOUNT, "agreed_on": day},
        {"person": "林晓燕", "way": AgreedBy.TELEPHONE, "agreed_on": day + DAY},
        {"person": "林晓燕", "way": AgreedBy.TELEPHONE, "agreed_on": day - DAY},
    )

    for given in bad:
        with pytest.raises(AgreementIncomplete):
            record_agreement(plan.pk, by=zone.handler, at=AT, **given)  # type: ignore[arg-type]  # test data
    with pytest.raises(PermissionDenied):
        agree_to_plan(plan.pk, round_number=1, by=zone.handler, at=AT)
    record_agreement(
        plan.pk, person="林晓燕", way=AgreedBy.TELEPHONE, agreed_on=day, by=zone.handler, at=AT
    )

    proposal = plan.proposals.get()
    assert (proposal.agreed_by, proposal.way, proposal.agreed_on) == ("林晓燕", "telephone", day)
    assert (again(plan).status, again(plan).agreed_on) == (PlanStatus.AGREED, day)
    assert told("plans.agreement_recorded") == {"林晓燕"}
    assert owed(plan) == [PlanStep.START]


def test_starting_gives_every_owner_the_measure_until_its_day(zone: Zone) -> None:
    plan = start(zone)

    items = WorkItem.objects.filter(subject_kind="plans.measure").order_by("pk")
    assert [item.unit for item in items] == [zone.housing, zone.economy]
    assert [item.person for item in items] == [None, zone.handler]
    assert {item.due_at.date() for item in items if item.due_at} == {DUE}
    assert owed(plan) == [PlanStep.REVIEW]
    assert told("plans.measure_given") == {"赵磊"}  # who starts it need not be told of the own one
    assert told("plans.started") == {"林晓燕"}


def test_a_plan_whose_day_passed_before_the_start_is_not_started(zone: Zone) -> None:
    plan = agree(zone)

    with pytest.raises(DueDayPassed):
        start_plan(plan.pk, by=zone.handler, at=AT + 16 * DAY)

    assert again(plan).status == PlanStatus.AGREED


def test_a_review_names_the_next_one(zone: Zone) -> None:
    plan = start(zone)

    with pytest.raises(ReviewTextMissing):
        review_plan(plan.pk, text="", review_on=DUE, by=zone.handler, at=AT)
    with pytest.raises(ReviewDayNotPossible):
        review_plan(plan.pk, text="进展顺利", review_on=AT.date(), by=zone.handler, at=AT)
    review_plan(plan.pk, text="进展顺利", review_on=DUE, by=zone.handler, at=AT)

    item = WorkItem.objects.about(plan).open().get()
    assert (again(plan).review_on, item.due_at and item.due_at.date()) == (DUE, DUE)
    assert told("plans.reviewed") == {"林晓燕"}


def test_ending_early_calls_off_what_is_open_and_keeps_the_rest(zone: Zone) -> None:
    plan = start(zone)

    with pytest.raises(EndReasonMissing):
        end_plan(plan.pk, reason="", by=zone.handler, at=AT)
    with pytest.raises(MeasuresOpen):
        complete_plan(plan.pk, outcome="好", by=zone.handler, at=AT)
    end_plan(plan.pk, reason="企业迁出。", by=zone.leader, at=AT)

    assert again(plan).status == PlanStatus.ENDED
    assert not WorkItem.objects.open().exists()
    assert set(plan.measures.values_list("status", flat=True)) == {MeasureStatus.CALLED_OFF}
    assert told("plans.ended") == {"林晓燕", "王强", "赵磊"}


def test_a_draft_that_nobody_proposed_ends_without_a_word_to_the_enterprise(zone: Zone) -> None:
    plan = begin(zone)

    end_plan(plan.pk, reason="重复。", by=zone.handler, at=AT)

    assert told("plans.ended") == set()
    assert not ServicePlan.objects.visible_to(zone.boss).exists()


def test_a_proposal_that_nobody_answered_lapses_with_the_plan(zone: Zone) -> None:
    plan = propose(zone)

    end_plan(plan.pk, reason="企业迁出。", by=zone.handler, at=AT)

    assert plan.proposals.get().reply == "lapsed"


def test_entrusted_to_another_unit_the_work_goes_along_with_its_clock(zone: Zone) -> None:
    plan = begin(zone)
    due = WorkItem.objects.about(plan).get().due_at

    entrust_plan(
        plan.pk, unit=zone.housing, officer=zone.other_handler, by=zone.dispatcher, at=AT + DAY
    )

    item = WorkItem.objects.about(plan).open().get()
    assert (item.unit, item.person, item.due_at) == (zone.housing, zone.other_handler, due)
    assert again(plan).units == [zone.housing.pk]
    with pytest.raises(PermissionDenied):
        propose_plan(plan.pk, by=zone.handler, at=AT)


def test_a_stand_in_gets_what_somebody_who_is_away_is_entrusted_with(zone: Zone) -> None:
    plan, today = begin(zone, officer=None), AT.date()
    second = make_handler(zone.economy, name="代办")
    Absence.objects.create(user=zone.handler, stand_in=second, from_on=today, until_on=today)

    entrust_plan(plan.pk, unit=zone.economy, officer=zone.handler, by=zone.head, at=AT)

    assert WorkItem.objects.about(plan).open().get().person == second
    assert again(plan).officer == zone.handler


def test_demands_of_the_enterprise_are_linked_and_unlinked(zone: Zone) -> None:
    plan, demand = begin(zone), zone.demand("dispatched", at=AT)
    other = zone.demand(at=AT, enterprise=zone.other_firm, by=zone.other_boss)

    for _twice in range(2):
        link_demand(plan.pk, demand=demand, by=zone.handler, at=AT)
    with pytest.raises(DemandOfAnotherEnterprise):
        link_demand(plan.pk, demand=other, by=zone.dispatcher, at=AT)
    assert Event.objects.filter(verb="plans.linked").count() == 1
    unlink_demand(plan.pk, demand=demand, by=zone.handler, at=AT)

    assert not plan.demands.exists()


def test_internal_notes_are_for_the_zone_and_stand_in_no_event(zone: Zone) -> None:
    plan = propose(zone)

    with pytest.raises(NoteMissing):
        note_plan(plan.pk, text=" ", by=zone.handler, at=AT)
    note_plan(plan.pk, text="企业或将外迁", by=zone.handler, at=AT)

    assert not PlanNote.objects.visible_to(zone.boss).exists()
    assert PlanNote.objects.visible_to(zone.leader).count() == 1
    assert not Event.objects.filter(detail__icontains="外迁").exists()
    with pytest.raises(PermissionDenied):
        note_plan(plan.pk, text="x", by=zone.boss, at=AT)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "ended"},
        {"status": "agreed"},
        {"status": "completed", "outcome": "", "ended_at": AT},
    ],
)
def test_the_database_refuses_what_no_plan_is(zone: Zone, fields: dict[str, object]) -> None:
    plan = begin(zone)

    with pytest.raises(IntegrityError), transaction.atomic():
        ServicePlan.objects.filter(pk=plan.pk).update(**fields)


def test_who_sees_a_plan(zone: Zone) -> None:
    plan = propose(zone)
    sees = {
        name
        for name in (
            "boss", "other_boss", "dispatcher", "handler", "other_handler", "head", "officer",
            "leader", "auditor", "newcomer",
        )
        if ServicePlan.objects.visible_to(getattr(zone, name)).filter(pk=plan.pk).exists()
    }  # fmt: skip

    assert sees == {
        "boss", "dispatcher", "handler", "other_handler", "head", "officer", "leader", "auditor",
    }  # fmt: skip
