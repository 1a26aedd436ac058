"""The table of moves, and that actions and table agree from every status."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.demands import actions
from lianqi.demands.enums import DemandStatus, Rating
from lianqi.demands.errors import MoveNotPossible
from lianqi.demands.flow import ALIVE, DEMAND_FLOW, OPEN, UNANSWERED
from lianqi.demands.models import Demand
from lianqi.demands.permissions import PERMISSIONS
from lianqi.engines.flow import IllegalMove
from tests.demands.scene import Scene
from tests.factories import AT

FINAL = frozenset({DemandStatus.WITHDRAWN})


def do(verb: str, demand: Demand, scene: Scene) -> Demand:
    steps: dict[str, Callable[[], Demand]] = {
        "dispatch": lambda: scene.dispatch(demand),
        "accept": lambda: scene.accept(demand),
        "object": lambda: scene.object(demand),
        "uphold": lambda: actions.uphold_objection(
            demand.pk, unit=scene.other, decision="属实", by=scene.dispatcher, at=AT
        ),
        "overrule": lambda: actions.overrule_objection(
            demand.pk, decision="不属实", by=scene.dispatcher, at=AT
        ),
        "arbitrate": lambda: actions.arbitrate_objection(
            demand.pk, unit=scene.unit, decision="由你局办理", by=scene.leader, at=AT
        ),
        "transfer": lambda: actions.transfer_demand(
            demand.pk, unit=scene.other, reason="职责调整", by=scene.dispatcher, at=AT
        ),
        "merge": lambda: scene.merge(demand, scene.demand_in(DemandStatus.IN_PROGRESS)),
        "unmerge": lambda: actions.unmerge_demand(
            demand.pk, reason="并非同一事项", by=scene.dispatcher, at=AT
        ),
        "answer": lambda: scene.answer(demand),
        "confirm": lambda: actions.confirm_demand(
            demand.pk, rating=Rating.SATISFIED, note="", by=scene.member, at=AT
        ),
        "dispute": lambda: actions.dispute_demand(demand.pk, note="未", by=scene.member, at=AT),
        "reopen": lambda: actions.reopen_demand(
            demand.pk, note="又", window_days=15, by=scene.member, at=AT
        ),
        "withdraw": lambda: actions.withdraw_demand(demand.pk, reason="否", by=scene.member, at=AT),
    }
    return steps[verb]()


BY_ITSELF = {"close_silent", "refer", "answer_along"}  # moves that no person makes
# Closing for want of a reply needs a question and time: see test_questions. What callers without an
# account say is no move of an enterprise's demand: see test_phone. Only what went to a task force by
# itself is taken back: see tests/taskforces/test_routing.py.
ELSEWHERE = {
    "appeal_by_phone", "close_unreplied", "confirm_by_phone", "dispute_by_phone", "recall",
}  # fmt: skip
# What cannot be solved needs a proposal before its moves: see test_unsolvable.
UNSOLVABLE = {"declare", "appeal", "dismiss", "allow"}
VERBS = sorted(set(DEMAND_FLOW.moves) - BY_ITSELF - ELSEWHERE - UNSOLVABLE)


def test_every_status_is_reached_from_the_filing() -> None:
    reached, ahead = {DemandStatus.SUBMITTED}, [DemandStatus.SUBMITTED]
    while ahead:
        status = ahead.pop()
        for verb in DEMAND_FLOW.allowed(status):
            target = DEMAND_FLOW.target(verb, status=status)
            if target not in reached:
                reached.add(target)
                ahead.append(target)

    assert reached == set(DemandStatus)


def test_only_withdrawn_is_final() -> None:
    final = {status for status in DemandStatus if not DEMAND_FLOW.allowed(status)}

    assert final == FINAL


def test_open_statuses_are_those_before_the_end() -> None:
    assert set(DemandStatus) - ALIVE == {DemandStatus.CLOSED, DemandStatus.WITHDRAWN}
    assert {DemandStatus.ANSWERED, DemandStatus.APPEALED} == OPEN - UNANSWERED
    assert {DemandStatus.MERGED} == ALIVE - OPEN


def test_every_move_has_a_permission_of_its_name() -> None:
    assert {f"demands.{verb}" for verb in {*VERBS, *UNSOLVABLE}} <= set(PERMISSIONS)


@given(st.lists(st.sampled_from(sorted(DEMAND_FLOW.moves)), max_size=30))
def test_walks_stay_in_the_table_and_final_stays_final(verbs: list[str]) -> None:
    status = DemandStatus.SUBMITTED
    for verb in verbs:
        allowed = DEMAND_FLOW.allowed(status)
        if verb in allowed:
            assert status not in FINAL
            status = DEMAND_FLOW.target(verb, status=status)
        else:
            with pytest.raises(IllegalMove) as refused:
                DEMAND_FLOW.target(verb, status=status)
            assert refused.value.allowed == sorted(allowed)

    assert status in DemandStatus


@pytest.mark.parametrize("status", DemandStatus)
def test_actions_do_what_the_table_allows_and_refuse_the_rest(
    scene: Scene, status: DemandStatus
) -> None:
    for verb in VERBS:
        demand = scene.demand_in(status)
        if verb in DEMAND_FLOW.allowed(status):
            assert do(verb, demand, scene).status == DEMAND_FLOW.target(verb, status=status)
            continue
        with pytest.raises(MoveNotPossible):
            do(verb, demand, scene)
        demand.refresh_from_db()
        assert demand.status == status
