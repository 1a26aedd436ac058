"""The chain of a conversion (W06): step by step, with evidence, clocks and a way back."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.conversions.actions import (
    end_conversion,
    go_back,
    link_demand,
    load_conversion_templates,
    own_step,
    report_step,
    skip_step,
)
from lianqi.conversions.enums import ConversionStatus, StepStatus
from lianqi.conversions.errors import (
    ConversionMoveNotPossible,
    ConversionUnderWay,
    DemandOfAnotherEnterprise,
    EndReasonMissing,
    EvidenceMissing,
    FigureMissing,
    ForceTakesNoConversions,
    GoBackReasonMissing,
    NoMemberOfTheForce,
    NothingToGoBackTo,
    NotTheCurrentStep,
    ProductMissing,
    ReportMissing,
    SkipReasonMissing,
    TemplateNotInUse,
)
from lianqi.conversions.models import ChainStep, Conversion, ConversionTemplate
from lianqi.conversions.queries import board, conversion_figures
from lianqi.demands.actions import dispatch_demand
from lianqi.notices.models import Notice
from lianqi.taskforces.actions import close_force
from lianqi.work.models import ClockRule, WorkItem
from tests.conversions.scene import CAPACITY, LINES, begin, make_force, member, settle, settle_until
from tests.factories import AT, make_enterprise, make_handler
from tests.web.zone import Zone, make_zone

DAY = dt.timedelta(days=1)
CHAIN = [
    "shortage", "survey", "intent", "lines", "sample", "application", "test", "verdict",
    "production", "stable",
]  # fmt: skip


@pytest.fixture
def zone(db: None) -> Zone:
    return make_zone()


@pytest.fixture
def conversion(zone: Zone) -> Conversion:
    return begin(zone, make_force(zone))


def again(thing: Any) -> Any:
    return type(thing).objects.get(pk=thing.pk)


def current(conversion: Conversion) -> str:
    step = again(conversion).step
    return step.template_step.code if step else ""


def owed(conversion: Conversion) -> WorkItem:
    return WorkItem.objects.about(conversion).open().get()


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def test_the_checklist_is_data_and_stays_the_zones_own(zone: Zone) -> None:
    assert load_conversion_templates(at=AT) == 2
    ConversionTemplate.objects.filter(code="conversion").update(name_zh="本区转产流程")

    assert load_conversion_templates(at=AT) == 0

    template = ConversionTemplate.objects.get(code="conversion")
    assert template.name_zh == "本区转产流程"
    assert [step.code for step in template.steps.order_by("position")] == CHAIN
    rules = ClockRule.objects.filter(rule_set__in=template.steps.values("pk"))
    assert rules.count() == len(CHAIN)
    assert set(rules.values_list("kind", flat=True)) == {"working_days"}


def test_beginning_owes_the_first_step_to_the_force(zone: Zone, conversion: Conversion) -> None:
    item = owed(conversion)

    assert conversion.number.startswith("ZC2026")
    assert current(conversion) == "shortage"
    assert (item.unit, item.enterprise_id) == (conversion.force.unit, zone.firm.pk)
    # One working day from Wednesday, 10:30: the end of Thursday.
    assert item.due_at is not None
    assert item.due_at.date() == AT.date() + DAY
    assert told("conversions.begun") == {"林晓燕"}


def test_every_step_in_order_to_stable_production(zone: Zone, conversion: Conversion) -> None:
    walked = []
    while code := current(conversion):
        walked.append(code)
        settle(zone, conversion)

    conversion = again(conversion)
    assert walked == CHAIN
    assert (conversion.status, conversion.step) == (ConversionStatus.STABLE, None)
    assert (conversion.lines, conversion.capacity) == (LINES, CAPACITY)
    assert not WorkItem.objects.open().exists()
    assert set(conversion.steps.values_list("status", flat=True)) == {StepStatus.DONE}
    # The enterprise is told when it is its turn, and at the end.
    asked = {"intent", "lines", "sample", "production", "stable"}
    assert Notice.objects.filter(event="conversions.step").count() == len(asked)
    assert told("conversions.stable") == {"林晓燕"}
    assert Event.objects.filter(verb="conversions.settled").count() == len(CHAIN)
    with pytest.raises(ConversionMoveNotPossible):
        end_conversion(conversion.pk, reason="迟了", by=member(zone), at=AT)


def test_a_late_step_is_flagged_and_one_in_time_is_not(zone: Zone, conversion: Conversion) -> None:
    due = owed(conversion).due_at
    assert due is not None

    settle(zone, conversion, at=due)
    settle(zone, conversion, at=due + 30 * DAY)

    first, second, *_rest = conversion.steps.order_by("position")
    assert (first.was_late, second.was_late) == (False, True)
    figures = conversion_figures(Conversion.objects.all())
    assert (figures.late_steps, figures.settled_steps) == (1, 2)


def test_what_failed_the_test_goes_back_to_the_trial_sample(
    zone: Zone, conversion: Conversion
) -> None:
    settle_until(zone, conversion, "verdict")

    go_back(conversion.pk, position=5, reason="通气阻力不合格", by=member(zone), at=AT)

    assert current(conversion) == "sample"
    steps = {step.template_step.code: step for step in conversion.steps.all()}
    assert (steps["lines"].status, steps["lines"].attempt) == (StepStatus.DONE, 1)
    for code in ("sample", "application", "test"):
        assert (steps[code].attempt, steps[code].evidence) == (2, "")
    assert steps["verdict"].attempt == 1  # it was never done
    assert again(conversion).lines == LINES
    item = owed(conversion)
    assert (item.visit > 1, "试样" in item.label) == (True, True)
    event = Event.objects.get(verb="conversions.went_back")
    assert event.detail["reason"] == "通气阻力不合格"
    settle_until(zone, conversion, "stable")


def test_a_figure_counts_as_long_as_its_step_is_done(zone: Zone, conversion: Conversion) -> None:
    settle_until(zone, conversion, "sample")

    go_back(conversion.pk, position=4, reason="合同作废", by=member(zone), at=AT)

    assert again(conversion).lines is None
    assert conversion_figures(Conversion.objects.all()).lines is None


def test_a_step_is_left_out_for_a_reason(zone: Zone, conversion: Conversion) -> None:
    skip_step(conversion.pk, position=1, reason="短缺已由省里确认", by=member(zone), at=AT)

    step = conversion.steps.get(position=1)
    assert (step.status, step.reason) == (StepStatus.NOT_APPLICABLE, "短缺已由省里确认")
    assert current(conversion) == "survey"


def test_the_enterprise_reports_and_the_owner_is_told(zone: Zone, conversion: Conversion) -> None:
    own_step(conversion.pk, position=1, owner=member(zone), by=zone.head, at=AT)

    report_step(conversion.pk, position=1, text="设备已订购。", by=zone.boss, at=AT)

    assert owed(conversion).person == zone.other_handler
    assert told("conversions.owned") == told("conversions.reported") == {"赵磊"}
    assert conversion.steps.get(position=1).reports.get().text == "设备已订购。"
    assert current(conversion) == "shortage"  # only the force settles


def test_what_is_missing_is_said(zone: Zone, conversion: Conversion) -> None:
    by, common = member(zone), {"by": member(zone), "at": AT}

    with pytest.raises(EvidenceMissing):
        settle(zone, conversion, evidence=" ")
    with pytest.raises(SkipReasonMissing):
        skip_step(conversion.pk, position=1, reason="", **common)
    with pytest.raises(ReportMissing):
        report_step(conversion.pk, position=1, text=" ", by=zone.boss, at=AT)
    with pytest.raises(EndReasonMissing):
        end_conversion(conversion.pk, reason=" ", by=by, at=AT)
    with pytest.raises(NotTheCurrentStep):
        settle(zone, conversion, position=2)
    with pytest.raises(NothingToGoBackTo):
        go_back(conversion.pk, position=1, reason="x", **common)
    settle_until(zone, conversion, "lines")
    with pytest.raises(FigureMissing):
        settle(zone, conversion, figure=None)
    with pytest.raises(FigureMissing):
        settle(zone, conversion, figure=0)
    with pytest.raises(NothingToGoBackTo):
        go_back(conversion.pk, position=9, reason="x", **common)
    with pytest.raises(GoBackReasonMissing):
        go_back(conversion.pk, position=2, reason="", **common)
    with pytest.raises(NoMemberOfTheForce):
        own_step(conversion.pk, position=4, owner=zone.handler, **common)


def test_what_cannot_begin_is_refused(zone: Zone, conversion: Conversion) -> None:
    force, template = conversion.force, conversion.template

    with pytest.raises(ConversionUnderWay, match=conversion.number):
        begin(zone, force)
    with pytest.raises(ProductMissing):
        begin(zone, force, product="消毒液", need=" ")
    with pytest.raises(DemandOfAnotherEnterprise):
        begin(
            zone, force, product="消毒液", demands=[zone.demand(at=AT)], enterprise=zone.other_firm
        )
    template.is_active = False
    with pytest.raises(TemplateNotInUse):
        begin(zone, force, product="消毒液", template=template)
    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)
    head = again(zone.head)
    with pytest.raises(ForceTakesNoConversions):
        begin(zone, force, product="消毒液", by=head)
    assert Conversion.objects.count() == 1


def test_one_that_ended_may_begin_again(zone: Zone, conversion: Conversion) -> None:
    end_conversion(conversion.pk, reason="原料不足", by=member(zone), at=AT)

    second = begin(zone, conversion.force)

    conversion = again(conversion)
    assert (conversion.status, conversion.end_reason) == (ConversionStatus.ENDED, "原料不足")
    assert second.pk != conversion.pk
    assert told("conversions.ended") == {"林晓燕"}
    assert WorkItem.objects.about(conversion).get().outcome == "cancelled"


def test_demands_are_linked_once(zone: Zone, conversion: Conversion) -> None:
    demand, unseen = zone.demand(at=AT), zone.demand(at=AT)
    dispatch_demand(demand.pk, unit=conversion.force.unit, by=zone.dispatcher, at=AT)
    demand.refresh_from_db()

    with pytest.raises(DemandOfAnotherEnterprise):
        link_demand(conversion.pk, demand=unseen, by=member(zone), at=AT)
    for _ in range(2):
        link_demand(conversion.pk, demand=demand, by=member(zone), at=AT)

    assert conversion.demands.get() == demand
    assert Event.objects.filter(verb="conversions.linked").count() == 1


def test_the_lead_unit_goes_on_when_the_force_is_closed(zone: Zone, conversion: Conversion) -> None:
    due = owed(conversion).due_at

    close_force(conversion.force_id, reason="问题已解除。", by=zone.leader, at=AT)

    item, handler = owed(conversion), again(zone.handler)
    assert (item.unit, item.due_at) == (zone.economy, due)
    assert not again(zone.other_handler).has_perm("conversions.view", again(conversion))
    assert list(Conversion.objects.visible_to(handler)) == [conversion]
    settle(zone, conversion, by=handler)
    assert owed(conversion).unit == zone.economy


@pytest.mark.parametrize(
    ("who", "sees", "keeps", "reports"),
    [
        ("boss", True, False, True),
        ("other_boss", False, False, False),
        ("officer", True, False, False),
        ("handler", False, False, False),
        ("other_handler", True, True, False),
        ("head", True, True, False),
        ("leader", True, False, False),
        ("dispatcher", True, False, False),
        ("auditor", True, False, False),
        ("newcomer", False, False, False),
    ],
)
def test_who_sees_keeps_and_reports(
    zone: Zone, conversion: Conversion, who: str, sees: bool, keeps: bool, reports: bool
) -> None:
    person = User.objects.get(pk=getattr(zone, who).pk)

    listed = Conversion.objects.visible_to(person).exists()
    may = {verb: person.has_perm(f"conversions.{verb}", conversion) for verb in conversion.moves}

    assert (listed, person.has_perm("conversions.view", conversion)) == (sees, sees)
    assert (may.pop("report"), may.pop("attach")) == (reports, keeps or reports)
    assert set(may.values()) == {keeps}
    assert person.has_perm("conversions.begin", conversion.force) == keeps
    if not keeps:
        with pytest.raises(PermissionDenied):
            settle(zone, conversion, by=person)


def test_the_database_holds_the_chain_together(zone: Zone, conversion: Conversion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainStep.objects.filter(conversion=conversion, position=1).update(status="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainStep.objects.filter(conversion=conversion, position=2).update(status="current")
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversion.objects.filter(pk=conversion.pk).update(status="ended")


def test_the_board_has_a_card_for_each_in_the_order_of_the_steps(
    zone: Zone, conversion: Conversion
) -> None:
    settle_until(zone, conversion, "lines")
    others = [
        begin(zone, conversion.force, enterprise=make_enterprise(), product="消毒液")
        for _ in range(2)
    ]

    columns = board(list(Conversion.objects.open().for_list()))

    assert [column.step.code for column in columns] == ["shortage", "lines"]
    assert {card for card, _item in columns[0].cards} == set(others)
    assert all(item is not None for column in columns for _card, item in column.cards)


def test_another_force_sees_nothing_of_it(zone: Zone, conversion: Conversion) -> None:
    stranger = make_handler(zone.housing)

    assert not Conversion.objects.visible_to(stranger).exists()
