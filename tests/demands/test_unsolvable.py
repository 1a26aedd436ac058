"""“Cannot be solved”: who signs, what the enterprise reads, the appeal, and how it counts."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    appeal_unsolvable,
    change_ground,
    close_silent_demands,
    confirm_demand,
    create_ground,
    decide_appeal,
    dispute_demand,
    load_grounds,
    propose_unsolvable,
    reopen_demand,
    sign_unsolvable,
    transfer_demand,
)
from lianqi.demands.enums import (
    AppealVerdict,
    Closure,
    Decision,
    DemandStatus,
    Rating,
    Solved,
    Step,
    UnsolvableState,
)
from lianqi.demands.errors import (
    AppealInstead,
    AppealReasonsMissing,
    AppealTextMissing,
    AppealWindowOver,
    BasisMissing,
    DecisionNoteMissing,
    GroundCodeTaken,
    GroundIncomplete,
    GroundNotInUse,
    MoveNotPossible,
    NothingToAppeal,
    NothingToDecide,
    OwnRequest,
    SignedYourself,
    UnsolvableProposedAlready,
    UnsolvableTextMissing,
)
from lianqi.demands.models import Appeal, Demand, DemandTally, Ground, HandlingRule, Unsolvable
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_ground, make_head, make_user

DAY = dt.timedelta(days=1)


@pytest.fixture
def demand(scene: Scene) -> Demand:
    return scene.demand_in(DemandStatus.IN_PROGRESS)


@pytest.fixture
def head(scene: Scene) -> User:
    return make_head(scene.unit)


def propose(scene: Scene, demand: Demand, *, by: User | None = None, **given: object) -> Unsolvable:
    said: dict[str, object] = {
        "ground": make_ground(), "basis": "某条例第八条", "text": "现行政策不予支持。",
    }  # fmt: skip
    return propose_unsolvable(demand.pk, by=by or scene.handler, at=AT, **said | given)  # type: ignore[arg-type]  # test data


def sign(
    demand: Demand, by: User, decision: Decision = Decision.GRANTED, *, note: str = ""
) -> Unsolvable:
    return sign_unsolvable(demand.pk, decision=decision, note=note, by=by, at=AT)


def appeal(scene: Scene, demand: Demand, *, at: dt.datetime = AT, text: str = "依据有误") -> Appeal:
    return appeal_unsolvable(demand.pk, text=text, by=scene.member, at=at)


def decide(
    demand: Demand, by: User, verdict: AppealVerdict, *, reasons: str = "经复核依据充分"
) -> Demand:
    return decide_appeal(demand.pk, verdict=verdict, reasons=reasons, by=by, at=AT + DAY)


def another_leader() -> User:
    return grant(make_user(), Role.LEADER)


# --- Proposing and signing ---------------------------------------------------------------------


def test_the_head_signs_and_the_enterprise_reads_it_with_where_to_turn(
    scene: Scene, demand: Demand, head: User
) -> None:
    due = WorkItem.objects.about(demand).get(step=Step.ANSWER).due_at
    propose(scene, demand)
    waiting = WorkItem.objects.about(demand).get(step=Step.ANSWER)
    assert (waiting.due_at, waiting.paused_since) == (due, None)  # it stops no clock
    assert not Unsolvable.objects.visible_to(scene.member).exists()

    sign(demand, head)

    demand.refresh_from_db()
    finding = Unsolvable.objects.visible_to(scene.member).get()
    assert (demand.status, demand.answer) == (DemandStatus.ANSWERED, "现行政策不予支持。")
    assert finding.appeal_until == AT.date() + 10 * DAY
    assert finding.ground.turn_zh == "可向制定政策的机关提出建议。"
    assert Notice.objects.filter(person=scene.member, event="demand.unsolvable").count() == 1
    assert not WorkItem.objects.about(demand).open().exists()


def test_a_leader_signs_after_the_head_where_the_category_says_so(
    scene: Scene, demand: Demand, head: User
) -> None:
    HandlingRule.objects.create(category=scene.category, leader_signs=True, appeal_days=3)
    propose(scene, demand)

    with pytest.raises(PermissionDenied):
        sign(demand, scene.leader)  # the head comes first
    sign(demand, head)
    demand.refresh_from_db()
    assert demand.status == DemandStatus.IN_PROGRESS
    with pytest.raises(PermissionDenied):
        sign(demand, head)
    sign(demand, scene.leader)

    finding = Unsolvable.objects.get()
    assert (finding.head, finding.leader) == (head, scene.leader)
    assert finding.appeal_until == AT.date() + 3 * DAY


def test_a_head_who_proposes_does_not_sign(scene: Scene, demand: Demand, head: User) -> None:
    propose(scene, demand, by=head)

    with pytest.raises(PermissionDenied):
        sign(demand, head)
    sign(demand, scene.leader)

    assert Unsolvable.objects.get().state == UnsolvableState.IN_FORCE


def test_one_of_two_heads_is_told_that_it_is_the_own_proposal(
    scene: Scene, demand: Demand, head: User
) -> None:
    second = make_head(scene.unit)
    propose(scene, demand, by=second)

    with pytest.raises(OwnRequest):
        sign(demand, second)


def test_returned_to_the_unit_with_a_note(scene: Scene, demand: Demand, head: User) -> None:
    propose(scene, demand)

    with pytest.raises(DecisionNoteMissing):
        sign(demand, head, Decision.REFUSED)
    sign(demand, head, Decision.REFUSED, note="可走应急专项资金")
    again = propose(scene, demand)

    assert again.state == UnsolvableState.PROPOSED
    returned = Notice.objects.filter(person=scene.handler, event="demand.unsolvable_returned")
    assert returned.count() == 1


def test_what_a_proposal_needs(scene: Scene, demand: Demand) -> None:
    old = make_ground("old", is_active=False)
    for given, refusal in (
        ({"ground": old}, GroundNotInUse),
        ({"basis": " "}, BasisMissing),
        ({"text": " "}, UnsolvableTextMissing),
    ):
        with pytest.raises(refusal):
            propose(scene, demand, **given)
    for person in (scene.member, scene.dispatcher, scene.other_handler, scene.leader):
        with pytest.raises(PermissionDenied):
            propose(scene, demand, by=person)

    propose(scene, demand)

    with pytest.raises(UnsolvableProposedAlready):
        propose(scene, demand)


def test_an_answer_or_a_transfer_makes_the_signature_needless(
    scene: Scene, demand: Demand, head: User
) -> None:
    other = scene.demand_in(DemandStatus.IN_PROGRESS)
    propose(scene, demand)
    propose(scene, other)

    scene.answer(demand)
    transfer_demand(other.pk, unit=scene.other, reason="职责", by=scene.dispatcher, at=AT)

    states = Unsolvable.objects.values_list("state", flat=True)
    assert set(states) == {UnsolvableState.LAPSED}
    outcomes = WorkItem.objects.filter(step=Step.SIGN).values_list("outcome", flat=True)
    assert set(outcomes) == {Outcome.CANCELLED}
    with pytest.raises(MoveNotPossible):
        sign(demand, head)


def test_signed_once(scene: Scene, demand: Demand, head: User) -> None:
    propose(scene, demand)
    sign(demand, head, Decision.REFUSED, note="再核")

    with pytest.raises(NothingToDecide):
        sign(demand, head)


# --- What follows it ---------------------------------------------------------------------------


def test_only_the_appeal_leads_back(scene: Scene, demand: Demand) -> None:
    scene.declare(demand)

    with pytest.raises(AppealInstead):
        dispute_demand(demand.pk, note="不服", by=scene.member, at=AT)
    confirm_demand(
        demand.pk, rating=Rating.SATISFIED, solved=Solved.NO, note="", by=scene.member, at=AT
    )
    with pytest.raises(AppealInstead):
        reopen_demand(demand.pk, note="又", window_days=15, by=scene.member, at=AT)
    with pytest.raises(NothingToAppeal):
        appeal(scene, demand)

    demand.refresh_from_db()
    assert demand.closure == Closure.UNSOLVABLE


def test_silence_closes_it_as_not_solved_after_the_window_only(
    scene: Scene, demand: Demand
) -> None:
    scene.declare(demand)
    last = AT.replace(day=14)  # ten days after the fourth

    early = close_silent_demands(after_days=7, at=last)
    late = close_silent_demands(after_days=7, at=last + DAY)

    demand.refresh_from_db()
    assert (early, late) == (0, 1)
    assert (demand.closure, demand.solved) == (Closure.UNSOLVABLE, Solved.NO)
    tally = DemandTally.objects.all()
    assert sum(row.closed for row in tally) == 1


def test_the_last_day_is_in_time_and_the_next_is_not(scene: Scene, demand: Demand) -> None:
    scene.declare(demand)
    midnight = dt.datetime(2026, 3, 14, 16, tzinfo=dt.UTC)  # the end of the 14th in the zone

    with pytest.raises(AppealWindowOver):
        appeal(scene, demand, at=midnight)
    with pytest.raises(AppealTextMissing):
        appeal(scene, demand, text=" ")
    appeal(scene, demand, at=midnight - dt.timedelta(seconds=1))

    demand.refresh_from_db()
    assert demand.status == DemandStatus.APPEALED


def test_an_ordinary_answer_cannot_be_appealed(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)

    with pytest.raises(NothingToAppeal):
        appeal(scene, demand)


# --- The appeal --------------------------------------------------------------------------------


def test_it_stands_and_the_demand_is_closed_as_not_solved(
    scene: Scene, demand: Demand, head: User
) -> None:
    propose(scene, demand)
    sign(demand, head)
    appeal(scene, demand)

    decide(demand, scene.leader, AppealVerdict.STANDS)

    demand.refresh_from_db()
    assert (demand.status, demand.closure, demand.solved) == (
        DemandStatus.CLOSED,
        Closure.UNSOLVABLE,
        Solved.NO,
    )
    with pytest.raises(NothingToAppeal):
        appeal(scene, demand)
    told = Notice.objects.filter(person=scene.member, event="demand.appeal_decided")
    assert told.count() == 1


def test_handled_again_with_a_new_clock(scene: Scene, demand: Demand, head: User) -> None:
    propose(scene, demand)
    sign(demand, head)
    appeal(scene, demand)

    decide(demand, scene.leader, AppealVerdict.REOPENED)

    demand.refresh_from_db()
    item = WorkItem.objects.about(demand).open().get(step=Step.ANSWER)
    assert (demand.status, demand.reopenings) == (DemandStatus.IN_PROGRESS, 1)
    assert (item.visit, item.opened_at) == (2, AT + DAY)
    assert Unsolvable.objects.get().state == UnsolvableState.OVERTURNED
    assert propose(scene, demand).state == UnsolvableState.PROPOSED


def test_who_signed_does_not_decide(scene: Scene, demand: Demand) -> None:
    scene.declare(demand)  # signed by the only leader
    appeal(scene, demand)

    item = WorkItem.objects.about(demand).get(step=Step.APPEAL)
    with pytest.raises(SignedYourself):
        decide(demand, scene.leader, AppealVerdict.STANDS)
    with pytest.raises(PermissionDenied):
        decide(demand, scene.handler, AppealVerdict.REOPENED)
    with pytest.raises(AppealReasonsMissing):
        decide(demand, scene.dispatcher, AppealVerdict.STANDS, reasons=" ")
    decide(demand, scene.dispatcher, AppealVerdict.STANDS)

    assert item.desk == Role.DISPATCHER


def test_the_desk_of_the_leaders_where_another_leader_is(scene: Scene, demand: Demand) -> None:
    other = another_leader()
    scene.declare(demand)
    appeal(scene, demand)

    assert WorkItem.objects.about(demand).get(step=Step.APPEAL).desk == Role.LEADER
    assert decide(demand, other, AppealVerdict.STANDS).status == DemandStatus.CLOSED


def test_every_step_is_one_event(scene: Scene, demand: Demand, head: User) -> None:
    propose(scene, demand)
    sign(demand, head)
    appeal(scene, demand)
    decide(demand, scene.leader, AppealVerdict.STANDS)

    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-4:] == [
        "demand.unsolvable_proposed",
        "demand.unsolvable",
        "demand.appealed",
        "demand.appeal_decided",
    ]


def test_grounds_are_kept_by_the_administrator(scene: Scene) -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    assert (load_grounds(at=AT), load_grounds(at=AT)) == (6, 0)
    words = {
        "name_zh": "涉密", "name_en": "Classified", "turn_zh": "无", "turn_en": "None",
        "position": 9, "at": AT,
    }  # fmt: skip

    ground = create_ground(code="secret", by=admin, **words)  # type: ignore[arg-type]  # test data
    with pytest.raises(GroundCodeTaken):
        create_ground(code="secret", by=admin, **words)  # type: ignore[arg-type]  # test data
    with pytest.raises(GroundIncomplete):
        change_ground(ground.pk, by=admin, is_active=True, **words | {"turn_zh": " "})  # type: ignore[arg-type]  # test data
    with pytest.raises(PermissionDenied):
        change_ground(ground.pk, by=scene.dispatcher, is_active=False, **words)  # type: ignore[arg-type]  # test data
    change_ground(ground.pk, by=admin, is_active=False, **words)  # type: ignore[arg-type]  # test data

    assert Ground.objects.in_use().count() == 6
