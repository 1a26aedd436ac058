"""Free tests from the question to the report: who acts, what is refused, what gives places back."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.conversions.actions import Papers
from lianqi.files.models import StoredFile
from lianqi.freetests.actions import (
    accept_order,
    cancel_order,
    change_institute,
    decline_order,
    file_result,
    receive_samples,
    specify_test,
    withdraw_offer,
    withdraw_test,
)
from lianqi.freetests.errors import (
    DayPassed,
    ForceTakesNoTests,
    FreeTestMoveNotPossible,
    InstituteNotInUse,
    ItemNotWanted,
    NoFreePlaces,
    NothingChosen,
    NotOfThisEnterprise,
    OfferWithdrawn,
    ReasonMissing,
    ResultIncomplete,
    SamplesMissing,
    WishIncomplete,
)
from lianqi.freetests.models import FreeTest, Institute, LabOrder
from lianqi.freetests.queries import places_of
from lianqi.notices.models import Notice
from lianqi.taskforces.actions import close_force
from lianqi.taskforces.models import TaskForce
from lianqi.work.models import WorkItem
from tests.conversions.scene import begin, member
from tests.factories import AT
from tests.freetests.scene import (
    DAY,
    ITEMS,
    finish,
    make_institute,
    make_lab_force,
    place,
    report,
    results,
    state,
    terms,
)
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone() -> Zone:
    return make_zone()


@pytest.fixture
def force(zone: Zone) -> TaskForce:
    return make_lab_force(zone)


@pytest.fixture
def institute(zone: Zone, force: TaskForce) -> Institute:
    return make_institute(zone)


def owed() -> list[tuple[str, str]]:
    """Steps under way with the last part of their label."""
    items = WorkItem.objects.open().filter(subject_kind__startswith="freetests.")
    return [(item.step, item.label) for item in items.order_by("pk")]


def left(institute: Institute, **given: Any) -> int:
    institute.refresh_from_db()
    return places_of([institute], on=AT.date(), **given)[institute.pk].left


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__username", flat=True))


# --- From the question to the report ---------------------------------------------------------
def test_a_test_runs_from_the_question_to_the_report(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    test = state(zone, force)
    steps = [owed()[0][0]]
    order = place(zone, test, institute)
    steps.append(owed()[0][0])
    accept_order(order.pk, by=member(zone), at=AT)
    steps.append(owed()[0][0])
    receive_samples(order.pk, samples="60 只", by=member(zone), at=AT + DAY)
    steps.append(owed()[0][0])
    done = file_result(
        order.pk, results=results(order, 通气阻力="52 Pa/cm²"), report_number="FZ2026-0118",
        papers=report(), by=member(zone), at=AT + 4 * DAY,
    )  # fmt: skip

    test.refresh_from_db()
    items = {each.item: (each.verdict, each.value) for each in done.items.all()}
    assert steps == [
        "match_institute", "answer_test_order", "hand_in_samples", "file_test_result",
    ]  # fmt: skip
    assert (owed(), test.status, done.status) == ([], "tested", "done")
    assert items == {"过滤效率": ("passed", "96%"), "通气阻力": ("failed", "52 Pa/cm²")}
    assert (done.has_passed, str(done.saved)) == (False, "1100.50")
    assert [each.name for each in StoredFile.objects.of(done)] == ["检测报告.txt"]
    assert {zone.boss.username, zone.other_handler.username} <= told("freetests.result_filed")
    assert Event.objects.get(verb="freetests.result_filed").detail["failed"] == ["通气阻力"]


def test_the_time_of_the_test_is_what_the_institute_said(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone, days=3)
    order = place(zone, state(zone, force), institute)
    accept_order(order.pk, by=member(zone), at=AT)
    receive_samples(order.pk, samples="60 只", by=member(zone), at=AT)

    item = WorkItem.objects.about(order).open().get()

    assert (item.step, item.unit_id, item.enterprise_id) == (
        "file_test_result", force.unit_id, zone.firm.pk,
    )  # fmt: skip
    assert item.due_at is not None
    assert item.due_at.date() >= AT.date() + 3 * DAY


def test_what_failed_may_be_ordered_again_and_what_passed_may_not(
    zone: Zone, force: TaskForce
) -> None:
    institute = make_institute(zone, free_an_enterprise=4)
    test = state(zone, force)
    finish(zone, place(zone, test, institute), 通气阻力="52 Pa/cm²")

    with pytest.raises(ItemNotWanted):
        place(zone, test, institute, "过滤效率", at=AT + 5 * DAY)
    again = place(zone, test, institute, "通气阻力", at=AT + 5 * DAY)
    finish(zone, again, at=AT + 5 * DAY)

    assert test.items_without_order() == []
    assert FreeTest.objects.get().status == "tested"


def test_two_institutes_may_share_a_test(zone: Zone, force: TaskForce) -> None:
    one = make_institute(zone, items=("过滤效率",))
    other = make_institute(zone, name="云岭产品质量检验中心", items=("通气阻力",))
    test = state(zone, force)

    first = place(zone, test, one)
    half = [step for step, _label in owed()]
    second = place(zone, test, other)
    whole = [step for step, _label in owed()]
    finish(zone, first)
    between = FreeTest.objects.get().status
    finish(zone, second)

    assert half == ["match_institute", "answer_test_order"]
    assert whole == ["answer_test_order", "answer_test_order"]
    assert (between, FreeTest.objects.get().status) == ("ordered", "tested")


@pytest.mark.parametrize("end", [decline_order, cancel_order])
def test_an_order_that_ends_gives_its_places_back(
    zone: Zone, force: TaskForce, institute: Institute, end: Any
) -> None:
    test = state(zone, force)
    order = place(zone, test, institute)
    held = left(institute, enterprise_id=zone.firm.pk)

    with pytest.raises(ReasonMissing):
        end(order.pk, reason=" ", by=member(zone), at=AT)
    end(order.pk, reason="设备检修", by=member(zone), at=AT)

    test.refresh_from_db()
    assert (held, left(institute, enterprise_id=zone.firm.pk)) == (0, 2)
    assert (test.status, test.items_without_order()) == ("open", list(ITEMS))
    assert [step for step, _label in owed()] == ["match_institute"]
    with pytest.raises(FreeTestMoveNotPossible):
        accept_order(order.pk, by=member(zone), at=AT)


# --- Free places -----------------------------------------------------------------------------
def test_no_enterprise_takes_more_than_its_share(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    place(zone, state(zone, force), institute)
    second = state(zone, force, product="防护口罩")

    with pytest.raises(NoFreePlaces) as refused:
        place(zone, second, institute)

    assert (refused.value.params["left"], refused.value.params["asked"]) == (0, 2)
    assert left(institute) == 2


def test_a_month_holds_no_more_than_was_offered(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone, free_items=9, free_a_month=2, free_an_enterprise=None)
    place(zone, state(zone, force), institute)
    second = state(zone, force, product="防护口罩")
    following = (AT.replace(day=1) + 32 * DAY).replace(day=1)

    with pytest.raises(NoFreePlaces):
        place(zone, second, institute)
    order = place(zone, second, institute, at=following)

    assert order.placed_on.month != AT.month


def test_outside_its_days_nothing_is_free(zone: Zone, force: TaskForce) -> None:
    last = AT.date() + 10 * DAY
    institute = make_institute(zone, free_until=last)
    test = state(zone, force)

    with pytest.raises(NoFreePlaces):
        place(zone, test, institute, at=AT + 11 * DAY)
    assert place(zone, test, institute, at=AT + 10 * DAY).placed_on == last


def test_places_of_an_earlier_agreement_do_not_count(zone: Zone, force: TaskForce) -> None:
    institute = make_institute(zone)
    place(zone, state(zone, force), institute)
    later = AT.date() + 60 * DAY

    renewed = terms(free_from=later, free_until=later + 60 * DAY)
    change_institute(institute.pk, renewed, by=member(zone), at=AT)

    institute.refresh_from_db()
    assert places_of([institute], on=later)[institute.pk].left == 4


def test_fewer_places_than_are_taken_leave_none(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    place(zone, state(zone, force), institute)

    change_institute(institute.pk, terms(free_items=1), by=member(zone), at=AT)

    assert left(institute) == 0


# --- Refusals --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"product": " "}, WishIncomplete),
        ({"question": "", "items": ()}, WishIncomplete),
        ({"wanted_by": AT.date() - DAY}, DayPassed),
    ],
)
def test_what_is_to_be_tested_must_be_said(
    zone: Zone, force: TaskForce, given: dict[str, Any], refusal: Any
) -> None:
    with pytest.raises(refusal):
        state(zone, force, **given)
    assert not FreeTest.objects.exists()


def test_today_is_early_enough_for_a_result(zone: Zone, force: TaskForce) -> None:
    assert state(zone, force, wanted_by=AT.date()).wanted_by == AT.date()


def test_a_closed_force_takes_no_test(zone: Zone, force: TaskForce) -> None:
    close_force(force.pk, reason="问题已解除。", by=zone.leader, at=AT)

    with pytest.raises(ForceTakesNoTests):
        state(zone, force)


def test_demand_and_conversion_are_those_of_the_enterprise(zone: Zone, force: TaskForce) -> None:
    demand = zone.demand(at=AT)
    conversion = begin(zone, force)

    test = state(zone, force, demand=demand, conversion=conversion, by=zone.boss)
    with pytest.raises(NotOfThisEnterprise):
        state(zone, force, enterprise=zone.other_firm, demand=demand, by=member(zone))

    assert (test.demand, test.conversion) == (demand, conversion)


def test_an_order_names_what_is_offered_and_wanted(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    test = state(zone, force, items=("过滤效率",))
    other = make_institute(zone, name="云岭产品质量检验中心", items=("过滤效率", "色牢度"))

    with pytest.raises(NothingChosen):
        place(zone, test, institute, "色牢度")
    with pytest.raises(ItemNotWanted):
        place(zone, test, other, "色牢度")
    line = other.offers.get(item="过滤效率")
    withdraw_offer(line.pk, by=member(zone), at=AT)
    with pytest.raises(NothingChosen):
        place(zone, test, other, "过滤效率")
    change_institute(institute.pk, terms(is_active=False), by=member(zone), at=AT)
    with pytest.raises(InstituteNotInUse):
        place(zone, test, institute, "过滤效率")


def test_a_line_that_was_withdrawn_meanwhile_is_named(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    from lianqi.freetests.actions import place_order

    test, line = state(zone, force), institute.offers.get(item="过滤效率")
    withdraw_offer(line.pk, by=member(zone), at=AT)

    with pytest.raises(OfferWithdrawn):
        place_order(test.pk, institute=institute, offers=[line], by=member(zone), at=AT)
    with pytest.raises(OfferWithdrawn):
        withdraw_offer(line.pk, by=member(zone), at=AT)


def test_a_result_is_whole_or_not_filed(zone: Zone, force: TaskForce, institute: Institute) -> None:
    order = place(zone, state(zone, force), institute)
    accept_order(order.pk, by=member(zone), at=AT)
    with pytest.raises(SamplesMissing):
        receive_samples(order.pk, samples="", by=member(zone), at=AT)
    receive_samples(order.pk, samples="60 只", by=member(zone), at=AT)
    whole = results(order)
    partly = dict(list(whole.items())[:1])

    for given in (
        {"results": partly, "report_number": "1", "papers": report()},
        {"results": whole, "report_number": " ", "papers": report()},
        {"results": whole, "report_number": "1", "papers": Papers()},
    ):
        with pytest.raises(ResultIncomplete):
            file_result(order.pk, by=member(zone), at=AT, **given)  # type: ignore[arg-type]  # test data

    assert LabOrder.objects.get().status == "received"


def test_the_force_settles_what_the_enterprise_only_asked(zone: Zone, force: TaskForce) -> None:
    test = state(zone, force, items=(), standard="")

    with pytest.raises(WishIncomplete):
        specify_test(test.pk, items=(), by=member(zone), at=AT)
    specify_test(
        test.pk, items=("过滤效率", " 过滤效率", "通气阻力"), standard="T/CNTAC 55-2020",
        by=member(zone), at=AT,
    )  # fmt: skip

    test.refresh_from_db()
    assert (test.items, test.standard) == (list(ITEMS), "T/CNTAC 55-2020")
    with pytest.raises(PermissionDenied):
        specify_test(test.pk, items=ITEMS, by=zone.boss, at=AT)


def test_withdrawn_before_an_order_and_not_while_one_runs(
    zone: Zone, force: TaskForce, institute: Institute
) -> None:
    test = state(zone, force)
    order = place(zone, test, institute)

    with pytest.raises(FreeTestMoveNotPossible):
        withdraw_test(test.pk, reason="不再生产", by=zone.boss, at=AT)
    cancel_order(order.pk, reason="企业撤回", by=member(zone), at=AT)
    withdraw_test(test.pk, reason="不再生产", by=zone.boss, at=AT)

    assert (FreeTest.objects.get().status, owed()) == ("withdrawn", [])
