"""Call-backs: who is drawn, who calls, what is noted, and what it verifies."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from lianqi.accounts.enums import Role, Scope
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    close_silent_demands,
    confirm_demand,
    draw_callbacks,
    record_call,
    reopen_after_call,
    reopen_demand,
    reveal_callback_phone,
    take_next_call,
)
from lianqi.demands.enums import (
    CallbackReason,
    CallbackState,
    CallOutcome,
    DemandStatus,
    Rating,
    Solved,
)
from lianqi.demands.errors import (
    CallbackAnswersMissing,
    CallbackNotToReopen,
    CallbackOver,
    CallbackTaken,
    NoCallsWaiting,
)
from lianqi.demands.models import Callback, ClosingRule, Demand
from lianqi.demands.queries import verified
from lianqi.register.models import Contact
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_dispatcher, make_user

DAY = dt.timedelta(days=1)
CLOSED_ON = timezone.localdate(AT)


def closed(scene: Scene, rating: Rating, solved: Solved = Solved.YES) -> Demand:
    demand = scene.demand_in(DemandStatus.ANSWERED)
    return confirm_demand(
        demand.pk, rating=rating, solved=solved, note="说明", by=scene.member, at=AT
    )


def drawn(scene: Scene) -> Callback:
    """The call about one badly rated demand."""
    closed(scene, Rating.DISSATISFIED, Solved.NO)
    draw_callbacks(CLOSED_ON, seed="s", at=AT)
    return Callback.objects.get()


def reached(callback: Callback, scene: Scene, solved: Solved, rating: Rating) -> Callback:
    take_next_call(by=scene.dispatcher, at=AT)
    return record_call(
        callback.pk, outcome=CallOutcome.REACHED, contacted=True, solved=solved, rating=rating,
        remarks="仍有一处未处理", by=scene.dispatcher, at=AT,
    )  # fmt: skip


def test_all_bad_silent_and_unsolved_ones_are_drawn_and_a_share_of_the_others(
    scene: Scene,
) -> None:
    closed(scene, Rating.DISSATISFIED)
    closed(scene, Rating.SATISFIED, Solved.PARTLY)
    scene.demand_in(DemandStatus.ANSWERED)
    close_silent_demands(after_days=0, at=AT + dt.timedelta(seconds=1))
    for _each in range(11):
        closed(scene, Rating.SATISFIED)
    scene.demand_in(DemandStatus.IN_PROGRESS)

    count = draw_callbacks(CLOSED_ON, seed="s", at=AT + DAY)

    reasons = sorted(Callback.objects.values_list("reason", flat=True))
    assert reasons == ["bad", "sample", "sample", "silent", "unsolved"]
    assert count == 5


def test_a_day_is_drawn_once_and_ends_at_midnight_of_the_zone(scene: Scene) -> None:
    closed(scene, Rating.DISSATISFIED)

    counts = [
        draw_callbacks(day, seed="s", at=AT + DAY)
        for day in (CLOSED_ON - DAY, CLOSED_ON, CLOSED_ON, CLOSED_ON + DAY)
    ]

    assert counts == [0, 1, 0, 0]


def test_the_share_is_data(scene: Scene) -> None:
    ClosingRule.objects.create(callback_percent=0)
    for _each in range(5):
        closed(scene, Rating.SATISFIED)

    assert draw_callbacks(CLOSED_ON, seed="s", at=AT) == 0


def test_nobody_calls_about_the_own_unit(scene: Scene) -> None:
    drawn(scene)
    grant(scene.dispatcher, Role.HANDLER, Scope.UNIT, scene.unit.pk)
    both = type(scene.dispatcher).objects.get(pk=scene.dispatcher.pk)

    with pytest.raises(NoCallsWaiting):
        take_next_call(by=both, at=AT)


@pytest.mark.parametrize("who", ["member", "handler", "leader", "auditor"])
def test_only_the_service_centre_calls(scene: Scene, who: str) -> None:
    callback = drawn(scene)
    people = {
        "member": scene.member,
        "handler": scene.handler,
        "leader": grant(make_user(), Role.LEADER),
        "auditor": grant(make_user(), Role.AUDITOR),
    }

    with pytest.raises(PermissionDenied):
        take_next_call(by=people[who], at=AT)
    with pytest.raises(PermissionDenied):
        reveal_callback_phone(callback.pk, by=people[who], at=AT)
    with pytest.raises(PermissionDenied):
        record_call(callback.pk, outcome=CallOutcome.NO_ANSWER, by=people[who], at=AT)


def test_the_number_is_shown_to_whoever_holds_the_call_and_noted(scene: Scene) -> None:
    callback = drawn(scene)
    Contact.objects.create(enterprise=scene.enterprise, name="陈静", mobile="13800138000")
    with pytest.raises(CallbackTaken):
        reveal_callback_phone(callback.pk, by=scene.dispatcher, at=AT)

    take_next_call(by=scene.dispatcher, at=AT)
    shown = reveal_callback_phone(callback.pk, by=scene.dispatcher, at=AT)

    assert shown == ("陈静", "13800138000")
    event = Event.objects.get(verb="demand.callback_phone_seen")
    assert (event.is_read, event.enterprise_id) == (True, scene.enterprise.pk)
    assert "13800138000" not in str(event.detail)


def test_who_is_reached_answers_three_questions(scene: Scene) -> None:
    callback = drawn(scene)
    take_next_call(by=scene.dispatcher, at=AT)

    with pytest.raises(CallbackAnswersMissing):
        record_call(
            callback.pk, outcome=CallOutcome.REACHED, solved=Solved.YES, by=scene.dispatcher, at=AT
        )
    noted = reached(callback, scene, Solved.YES, Rating.SATISFIED)

    assert (noted.state, noted.attempts, noted.done_by) == ("done", 1, scene.dispatcher)
    noted.demand.refresh_from_db()
    assert noted.demand.rating == Rating.DISSATISFIED


def test_after_three_calls_without_an_answer_it_is_left(scene: Scene) -> None:
    callback, at = drawn(scene), AT
    for number in range(1, 4):
        assert take_next_call(by=scene.dispatcher, at=at) == callback
        callback = record_call(
            callback.pk, outcome=CallOutcome.NO_ANSWER, by=scene.dispatcher, at=at
        )
        assert callback.attempts == number
        with pytest.raises(NoCallsWaiting):
            take_next_call(by=scene.dispatcher, at=at + dt.timedelta(hours=4, seconds=-1))
        at += dt.timedelta(hours=4)

    assert callback.state == CallbackState.UNREACHED
    assert callback.calls.count() == 3
    with pytest.raises(NoCallsWaiting):
        take_next_call(by=scene.dispatcher, at=at + 30 * DAY)


def test_a_call_left_lying_goes_to_somebody_else_after_half_an_hour(scene: Scene) -> None:
    callback, colleague = drawn(scene), make_dispatcher()
    take_next_call(by=scene.dispatcher, at=AT)

    assert take_next_call(by=scene.dispatcher, at=AT) == callback
    with pytest.raises(NoCallsWaiting):
        take_next_call(by=colleague, at=AT + dt.timedelta(minutes=29))
    assert take_next_call(by=colleague, at=AT + dt.timedelta(minutes=30)) == callback
    with pytest.raises(CallbackTaken):
        record_call(callback.pk, outcome=CallOutcome.LATER, by=scene.dispatcher, at=AT)


def test_what_is_not_solved_goes_back_even_after_the_window(scene: Scene) -> None:
    callback = drawn(scene)
    reached(callback, scene, Solved.NO, Rating.DISSATISFIED)

    demand = reopen_after_call(callback.pk, note="", by=scene.dispatcher, at=AT + 40 * DAY)

    assert (demand.status, demand.reopenings) == (DemandStatus.IN_PROGRESS, 1)
    assert WorkItem.objects.about(demand).open().get().step == "answer"
    assert Event.objects.get(verb="demand.reopened").detail["note"] == "仍有一处未处理"


def test_what_is_solved_does_not_go_back(scene: Scene) -> None:
    callback = drawn(scene)
    reached(callback, scene, Solved.YES, Rating.SATISFIED)

    with pytest.raises(CallbackNotToReopen):
        reopen_after_call(callback.pk, note="", by=scene.dispatcher, at=AT)


def test_a_demand_reopened_meanwhile_is_not_asked_about(scene: Scene) -> None:
    callback = drawn(scene)
    take_next_call(by=scene.dispatcher, at=AT)
    reopen_demand(callback.demand_id, note="未解决", window_days=15, by=scene.member, at=AT)

    with pytest.raises(CallbackOver):
        record_call(callback.pk, outcome=CallOutcome.NO_ANSWER, by=scene.dispatcher, at=AT)
    with pytest.raises(NoCallsWaiting):
        take_next_call(by=make_dispatcher(), at=AT + DAY)


def test_figures_tell_claimed_from_verified(scene: Scene) -> None:
    scene.demand_in(DemandStatus.ANSWERED)
    close_silent_demands(after_days=0, at=AT + dt.timedelta(seconds=1))
    closed(scene, Rating.DISSATISFIED, Solved.NO)
    draw_callbacks(CLOSED_ON, seed="s", at=AT)
    silent = Callback.objects.get(reason=CallbackReason.SILENT)
    bad = Callback.objects.get(reason=CallbackReason.BAD)
    Callback.objects.filter(pk=bad.pk).update(next_at=AT + DAY)
    reached(silent, scene, Solved.NO, Rating.SATISFIED)
    Callback.objects.filter(pk=bad.pk).update(next_at=AT)
    reached(bad, scene, Solved.NO, Rating.DISSATISFIED)

    found = verified(closed_from=CLOSED_ON, closed_before=CLOSED_ON + DAY)

    assert (found.drawn, found.reached, found.satisfied, found.solved) == (2, 2, 1, 0)
    # The one that was accepted as unsolved was never claimed to be solved.
    assert (found.falsely_closed, found.claimed_solved) == (1, 1)
    empty = verified(closed_from=CLOSED_ON + DAY, closed_before=CLOSED_ON + 2 * DAY)
    assert (empty.satisfaction_rate, empty.false_rate) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_get_two_calls() -> None:
    scene, colleague = make_scene(), make_dispatcher()
    closed(scene, Rating.DISSATISFIED)
    closed(scene, Rating.DISSATISFIED)
    draw_callbacks(CLOSED_ON, seed="s", at=AT)

    results = at_once(
        lambda: take_next_call(by=scene.dispatcher, at=AT),
        lambda: take_next_call(by=colleague, at=AT),
    )

    assert refusals(results) == []
    assert len({callback.pk for callback in results}) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_draw_a_day_once() -> None:
    scene = make_scene()
    closed(scene, Rating.DISSATISFIED)

    results = at_once(
        lambda: draw_callbacks(CLOSED_ON, seed="s", at=AT),
        lambda: draw_callbacks(CLOSED_ON, seed="t", at=AT),
    )

    assert sorted(results) == [0, 1]
    assert Callback.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_calling_while_the_firm_reopens_ends_in_one_truth() -> None:
    scene = make_scene()
    callback = drawn(scene)
    take_next_call(by=scene.dispatcher, at=AT)
    record_call(
        callback.pk, outcome=CallOutcome.REACHED, contacted=False, solved=Solved.NO,
        rating=Rating.DISSATISFIED, by=scene.dispatcher, at=AT,
    )  # fmt: skip

    at_once(
        lambda: reopen_after_call(callback.pk, note="", by=scene.dispatcher, at=AT),
        lambda: reopen_demand(
            callback.demand_id, note="未解决", window_days=15, by=scene.member, at=AT
        ),
    )

    demand = Demand.objects.get()
    assert (demand.reopenings, Event.objects.filter(verb="demand.reopened").count()) == (1, 1)
