"""More time: asked in time, decided by whom the rule names, within number and length."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    answer_demand,
    ask_enterprise,
    ask_extension,
    change_handling_rule,
    create_handling_rule,
    decide_extension,
    load_handling_rule,
    transfer_demand,
)
from lianqi.demands.enums import Decider, Decision, DemandStatus, Step
from lianqi.demands.errors import (
    DecisionNoteMissing,
    ExtensionAskedAlready,
    ExtensionLapsed,
    ExtensionTooLong,
    HandlingRuleOutOfBounds,
    HandlingRuleTaken,
    MoveNotPossible,
    NoMoreExtensions,
    NothingToDecide,
    OwnRequest,
)
from lianqi.demands.models import Demand, ExtensionRequest, HandlingRule
from lianqi.demands.queries import handling_rule_of
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome, PauseReason
from lianqi.work.errors import ExtensionReasonMissing, ExtensionTooLate
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_category, make_head, make_user

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def demand(scene: Scene) -> Demand:
    return scene.demand_in(DemandStatus.IN_PROGRESS)


@pytest.fixture
def head(scene: Scene) -> User:
    return make_head(scene.unit)


def ask(
    scene: Scene, demand: Demand, *, amount: int = 3, at: dt.datetime = AT, by: User | None = None
) -> ExtensionRequest:
    return ask_extension(
        demand.pk, amount=amount, reason="需现场勘查三处线路", by=by or scene.handler, at=at
    )


def decide(
    demand: Demand,
    by: User,
    decision: Decision = Decision.GRANTED,
    *,
    note: str = "",
    at: dt.datetime = AT,
) -> ExtensionRequest:
    return decide_extension(demand.pk, decision=decision, note=note, by=by, at=at)


def answering(demand: Demand) -> WorkItem:
    return WorkItem.objects.about(demand).filter(step=Step.ANSWER).latest("pk")


def due_of(demand: Demand) -> dt.datetime:
    due = answering(demand).due_at
    assert due is not None
    return due


def test_granted_time_moves_the_due_time_and_the_enterprise_is_told_why(
    scene: Scene, demand: Demand, head: User
) -> None:
    before = due_of(demand)

    ask(scene, demand)
    unmoved = due_of(demand)
    decide(demand, head)

    assert unmoved == before  # a request stops no clock
    assert due_of(demand) == dt.datetime(2026, 3, 16, 9, 30, tzinfo=dt.UTC)
    assert answering(demand).extensions.get().reason == "需现场勘查三处线路"
    assert Notice.objects.filter(person=scene.member, event="demand.extended").count() == 1
    asker = Notice.objects.filter(person=scene.handler, event="demand.extension_decided")
    assert asker.count() == 1
    assert not WorkItem.objects.about(demand).open().filter(step=Step.EXTEND).exists()


def test_a_refusal_leaves_the_clock_and_needs_a_note(
    scene: Scene, demand: Demand, head: User
) -> None:
    before = due_of(demand)
    ask(scene, demand)
    with pytest.raises(DecisionNoteMissing):
        decide(demand, head, Decision.REFUSED, note=" ")

    decide(demand, head, Decision.REFUSED, note="时限充足")

    assert due_of(demand) == before
    assert not Notice.objects.filter(event="demand.extended").exists()
    with pytest.raises(NothingToDecide):
        decide(demand, head)


def test_the_due_moment_is_still_in_time_and_a_second_later_is_not(
    scene: Scene, demand: Demand, head: User
) -> None:
    due = due_of(demand)

    with pytest.raises(ExtensionTooLate):
        ask(scene, demand, at=due + SECOND)
    ask(scene, demand, at=due)

    assert decide(demand, head, at=due).decision == Decision.GRANTED


def test_a_late_decision_lapses_by_the_first_rule(scene: Scene, demand: Demand, head: User) -> None:
    ask(scene, demand)
    due = due_of(demand)

    with pytest.raises(ExtensionLapsed):
        decide(demand, head, at=due + SECOND)
    decide(demand, head, Decision.REFUSED, note="已逾期", at=due + SECOND)

    assert due_of(demand) == due


def test_a_late_decision_counts_where_the_rule_said_so_when_it_was_asked(
    scene: Scene, demand: Demand, head: User
) -> None:
    rule = HandlingRule.objects.create(counts_late=True)
    ask(scene, demand)
    HandlingRule.objects.filter(pk=rule.pk).update(counts_late=False)
    due = due_of(demand)

    decide(demand, head, at=due + DAY)

    assert due_of(demand) > due + DAY
    answer_demand(demand.pk, answer="已解决", by=scene.handler, at=due + 2 * DAY)
    assert answering(demand).was_late is False


def test_number_and_length_are_the_rules(scene: Scene, demand: Demand, head: User) -> None:
    HandlingRule.objects.create(most_extensions=2, extension_percent=60)  # of five days: three

    with pytest.raises(ExtensionTooLong):
        ask(scene, demand, amount=4)
    for _ in range(2):
        ask(scene, demand, amount=3)
        decide(demand, head)
    with pytest.raises(NoMoreExtensions):
        ask(scene, demand, amount=1)


def test_never_where_the_category_forbids_it(scene: Scene, demand: Demand) -> None:
    HandlingRule.objects.create(most_extensions=3)
    HandlingRule.objects.create(category=scene.category, most_extensions=0)

    with pytest.raises(NoMoreExtensions):
        ask(scene, demand)
    assert handling_rule_of(make_category("other").pk).most_extensions == 3


def test_one_request_at_a_time_with_a_reason(scene: Scene, demand: Demand, head: User) -> None:
    with pytest.raises(ExtensionReasonMissing):
        ask_extension(demand.pk, amount=1, reason=" ", by=scene.handler, at=AT)
    ask(scene, demand)
    with pytest.raises(ExtensionAskedAlready):
        ask(scene, demand)


def test_the_dispatcher_decides_where_the_rule_says_so(
    scene: Scene, demand: Demand, head: User
) -> None:
    HandlingRule.objects.create(extension_decider=Decider.DISPATCHER)
    ask(scene, demand)

    with pytest.raises(PermissionDenied):
        decide(demand, head)
    decide(demand, scene.dispatcher)

    item = WorkItem.objects.about(demand).get(step=Step.EXTEND)
    assert (item.desk, item.outcome) == (Role.DISPATCHER, Outcome.DONE)


def test_nobody_decides_about_the_own_request(scene: Scene, demand: Demand, head: User) -> None:
    asked = ask(scene, demand, by=head)

    assert asked.decider == Decider.DISPATCHER  # there is no other head
    with pytest.raises(PermissionDenied):
        decide(demand, head)


def test_a_second_head_asked_is_told_that_it_was_the_own_request(
    scene: Scene, demand: Demand, head: User
) -> None:
    second = make_head(scene.unit)
    ask(scene, demand, by=second)

    with pytest.raises(OwnRequest):
        decide(demand, second)
    assert decide(demand, head).decider == Decider.HEAD


def test_a_clock_that_stands_can_be_extended(scene: Scene, demand: Demand, head: User) -> None:
    ask_enterprise(
        demand.pk, reason=PauseReason.ENTERPRISE_MATERIAL, text="请补充", evidence="电话",
        by=scene.handler, at=AT,
    )  # fmt: skip
    later = AT + 30 * DAY

    ask(scene, demand, at=later)
    decide(demand, head, at=later)

    assert answering(demand).due_at is None
    assert answering(demand).extensions.count() == 1


def test_an_answer_makes_the_decision_needless(scene: Scene, demand: Demand, head: User) -> None:
    asked = ask(scene, demand)

    scene.answer(demand)

    assert WorkItem.objects.about(demand).get(step=Step.EXTEND).outcome == Outcome.CANCELLED
    with pytest.raises(MoveNotPossible):
        decide(demand, head)
    asked.refresh_from_db()
    assert asked.decision == Decision.LAPSED


def test_a_transfer_ends_the_request_and_keeps_the_clock(
    scene: Scene, demand: Demand, head: User
) -> None:
    due = due_of(demand)
    ask(scene, demand)

    transfer_demand(demand.pk, unit=scene.other, reason="职责调整", by=scene.dispatcher, at=AT)

    assert due_of(demand) == due
    assert not WorkItem.objects.about(demand).open().filter(step=Step.EXTEND).exists()
    assert not ExtensionRequest.objects.undecided().exists()


def test_only_the_unit_asks_and_only_the_zone_reads_the_request(
    scene: Scene, demand: Demand
) -> None:
    liaison = grant(make_user(), Role.LIAISON_OFFICER, Scope.ENTERPRISE, scene.enterprise.pk)
    for person in (scene.member, scene.dispatcher, scene.other_handler, scene.leader, liaison):
        with pytest.raises(PermissionDenied):
            ask(scene, demand, by=person)

    ask(scene, demand)

    seen = ExtensionRequest.objects.visible_to
    assert [seen(each).count() for each in (scene.handler, scene.member, scene.other_handler)] == [
        1,
        0,
        0,
    ]


def test_every_step_is_one_event(scene: Scene, demand: Demand, head: User) -> None:
    ask(scene, demand)
    decide(demand, head)

    verbs = Event.objects.filter(verb__startswith="demand.ext").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "demand.extension_asked",
        "demand.extended",
    ]


def test_rules_are_kept_by_the_administrator(scene: Scene) -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    given = {
        "most_extensions": 2, "extension_percent": 50, "extension_decider": Decider.HEAD,
        "counts_late": False, "leader_signs": False, "appeal_days": 10, "represented_days": 10, "at": AT,
    }  # fmt: skip
    assert (load_handling_rule(at=AT), load_handling_rule(at=AT)) == (1, 0)

    rule = create_handling_rule(category=scene.category, by=admin, **given)  # type: ignore[arg-type]  # test data
    with pytest.raises(HandlingRuleTaken):
        create_handling_rule(category=scene.category, by=admin, **given)  # type: ignore[arg-type]  # test data
    with pytest.raises(HandlingRuleOutOfBounds):
        change_handling_rule(rule.pk, by=admin, **given | {"extension_percent": 0})  # type: ignore[arg-type]  # test data
    with pytest.raises(PermissionDenied):
        change_handling_rule(rule.pk, by=scene.dispatcher, **given)  # type: ignore[arg-type]  # test data
    change_handling_rule(rule.pk, by=admin, **given | {"most_extensions": 9})  # type: ignore[arg-type]  # test data

    assert handling_rule_of(scene.category.pk).most_extensions == 9
