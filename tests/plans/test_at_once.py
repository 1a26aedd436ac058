"""Two people, one plan, the same moment: on a real PostgreSQL, with threads that commit."""

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.queries import verify_chain
from lianqi.plans.actions import (
    agree_to_plan,
    change_measure,
    end_plan,
    judge_measure,
    send_back_plan,
    settle_measure,
    take_back_plan,
)
from lianqi.plans.enums import MeasureKind, MeasureStatus, PlanStatus, Verdict
from lianqi.plans.errors import (
    JudgedAlready,
    MeasureMoveNotPossible,
    PlanMoveNotPossible,
    PlanUnderWay,
)
from lianqi.plans.models import ServicePlan
from lianqi.work.models import WorkItem
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT
from tests.plans.scene import add, again, begin, prepare, propose, start
from tests.web.zone import Zone, make_zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zone() -> Zone:
    return make_zone()


def test_two_officers_begin_one_plan_for_one_enterprise(zone: Zone) -> None:
    prepare(zone)

    results = at_once(
        lambda: begin(zone),
        lambda: begin(zone, unit=zone.housing, officer=zone.other_handler, by=zone.other_handler),
    )

    assert refusals(results) == [PlanUnderWay]
    assert (ServicePlan.objects.count(), WorkItem.objects.open().count()) == (1, 1)
    assert verify_chain().broken is None


def test_agreed_while_it_is_taken_back_one_of_them_holds(zone: Zone) -> None:
    plan = propose(zone)

    results = at_once(
        lambda: agree_to_plan(plan.pk, round_number=1, by=zone.boss, at=AT),
        lambda: take_back_plan(plan.pk, reason="日期有误", by=zone.handler, at=AT),
    )

    assert refusals(results) == [PlanMoveNotPossible]
    proposal, status = plan.proposals.get(), again(plan).status
    assert (status, proposal.reply) in {
        (PlanStatus.AGREED, "agreed"),
        (PlanStatus.DRAFT, "taken_back"),
    }
    assert WorkItem.objects.about(plan).open().count() == 1
    assert verify_chain().broken is None


def test_two_of_the_enterprise_answer_differently_and_the_first_holds(zone: Zone) -> None:
    plan = propose(zone)

    results = at_once(
        lambda: agree_to_plan(plan.pk, round_number=1, by=zone.boss, at=AT),
        lambda: send_back_plan(plan.pk, round_number=1, wishes="再加一场", by=zone.boss, at=AT),
    )

    assert refusals(results) == [PlanMoveNotPossible]


def test_settled_while_the_plan_ends_nothing_stays_owed(zone: Zone) -> None:
    plan = start(zone)
    measure = plan.measures.get(position=1)

    results = at_once(
        lambda: settle_measure(
            measure.pk, result=MeasureStatus.DONE, text="已送电", by=zone.other_handler, at=AT
        ),
        lambda: end_plan(plan.pk, reason="企业迁出", by=zone.handler, at=AT),
    )

    assert set(refusals(results)) <= {PlanMoveNotPossible}
    assert again(plan).status == PlanStatus.ENDED
    assert not WorkItem.objects.open().exists()


def test_settled_while_it_is_given_to_another_unit(zone: Zone) -> None:
    plan = start(zone)
    measure = plan.measures.get(position=1)

    results = at_once(
        lambda: settle_measure(
            measure.pk, result=MeasureStatus.DONE, text="已送电", by=zone.other_handler, at=AT
        ),
        lambda: change_measure(
            measure.pk, what="电源", kind=MeasureKind.SPACE, unit=zone.economy, reason="改派",
            by=zone.handler, at=AT,
        ),
    )  # fmt: skip

    # Whoever comes second meets a settled measure, or is not of the owner any more.
    assert len([each for each in results if isinstance(each, Exception)]) == 1
    assert set(refusals(results)) <= {MeasureMoveNotPossible, PermissionDenied}


def test_judged_twice_at_once_it_is_judged_once(zone: Zone) -> None:
    measure = start(zone).measures.get(position=1)
    settle_measure(
        measure.pk, result=MeasureStatus.DONE, text="已送电", by=zone.other_handler, at=AT
    )

    results = at_once(
        lambda: judge_measure(measure.pk, verdict=Verdict.CONFIRMED, text="", by=zone.boss, at=AT),
        lambda: judge_measure(measure.pk, verdict=Verdict.DOUBTED, text="x", by=zone.boss, at=AT),
    )

    assert refusals(results) == [JudgedAlready]


def test_two_measures_added_at_once_get_two_places(zone: Zone) -> None:
    plan = begin(zone)

    results = at_once(lambda: add(zone, plan, what="甲"), lambda: add(zone, plan, what="乙"))

    assert refusals(results) == []
    assert list(plan.measures.order_by("position").values_list("position", flat=True)) == [1, 2]
