"""An appeal, the nightly closing and two deciders at the same moment: with real threads."""

import datetime as dt

import pytest

from lianqi.audit.queries import verify_chain
from lianqi.demands.actions import (
    answer_demand,
    appeal_unsolvable,
    close_silent_demands,
    confirm_demand,
    decide_appeal,
    propose_unsolvable,
    sign_unsolvable,
)
from lianqi.demands.enums import AppealVerdict, Decision, DemandStatus, Rating, UnsolvableState
from lianqi.demands.errors import AppealWindowOver, MoveNotPossible, NothingToAppeal
from lianqi.demands.models import Appeal, Demand, DemandTally, Unsolvable
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, make_ground, make_head

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = dt.timedelta(seconds=1)
OVER = dt.datetime(2026, 3, 14, 16, tzinfo=dt.UTC)  # the end of the last day in the zone


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def demand(scene: Scene) -> Demand:
    return scene.demand_in(DemandStatus.IN_PROGRESS)


def appeal(scene: Scene, demand: Demand, at: dt.datetime) -> Appeal:
    return appeal_unsolvable(demand.pk, text="依据有误", by=scene.member, at=at)


def closed_count() -> int:
    return sum(row.closed for row in DemandTally.objects.all())


def test_an_appeal_in_the_last_second_wins_against_the_closing_by_silence(
    scene: Scene, demand: Demand
) -> None:
    scene.declare(demand)

    results = at_once(
        lambda: appeal(scene, demand, OVER - SECOND),
        lambda: close_silent_demands(after_days=7, at=OVER),
    )

    assert refusals(results) == []
    demand.refresh_from_db()
    assert (demand.status, demand.closed_at) == (DemandStatus.APPEALED, None)
    assert closed_count() == 0
    assert verify_chain().broken is None


def test_an_appeal_a_second_late_never_wins(scene: Scene, demand: Demand) -> None:
    scene.declare(demand)

    results = at_once(
        lambda: appeal(scene, demand, OVER),
        lambda: close_silent_demands(after_days=7, at=OVER),
    )

    assert refusals(results) == [AppealWindowOver]
    close_silent_demands(
        after_days=7, at=OVER + SECOND
    )  # had it waited, it would have been skipped
    demand.refresh_from_db()
    assert demand.status == DemandStatus.CLOSED
    assert closed_count() == 1


def test_appealing_and_accepting_at_once_have_one_winner(scene: Scene, demand: Demand) -> None:
    scene.declare(demand)

    results = at_once(
        lambda: appeal(scene, demand, AT),
        lambda: confirm_demand(demand.pk, rating=Rating.SATISFIED, note="", by=scene.member, at=AT),
    )

    assert refusals(results) in ([NothingToAppeal], [MoveNotPossible])
    demand.refresh_from_db()
    assert (demand.status == DemandStatus.APPEALED) == Appeal.objects.exists()


def test_two_deciders_at_once_decide_once(scene: Scene, demand: Demand) -> None:
    scene.appealed(demand)

    results = at_once(
        lambda: decide_appeal(
            demand.pk, verdict=AppealVerdict.STANDS, reasons="充分", by=scene.dispatcher, at=AT
        ),
        lambda: decide_appeal(
            demand.pk, verdict=AppealVerdict.REOPENED, reasons="不足", by=scene.dispatcher, at=AT
        ),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    assert (demand.status == DemandStatus.CLOSED) == (
        Appeal.objects.get().verdict == AppealVerdict.STANDS
    )


def test_signing_and_answering_at_once_have_one_winner(scene: Scene, demand: Demand) -> None:
    head = make_head(scene.unit)
    propose_unsolvable(
        demand.pk, ground=make_ground(), basis="某条例", text="不予支持", by=scene.handler, at=AT
    )

    results = at_once(
        lambda: sign_unsolvable(demand.pk, decision=Decision.GRANTED, note="", by=head, at=AT),
        lambda: answer_demand(demand.pk, answer="已解决", by=scene.handler, at=AT),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    state = Unsolvable.objects.get().state
    assert (demand.answer == "已解决") == (state == UnsolvableState.LAPSED)
    assert not WorkItem.objects.about(demand).open().exists()
