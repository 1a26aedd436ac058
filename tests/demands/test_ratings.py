"""Ratings with their reasons, and the follow-up that a bad one opens."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    change_closing_rule,
    close_silent_demands,
    confirm_demand,
    create_closing_rule,
    dispute_demand,
    finish_remedy,
    load_closing_rule,
    load_rating_reasons,
    note_remedy_contact,
    rate_again,
    rate_demand,
    reopen_demand,
)
from lianqi.demands.enums import (
    Closure,
    DemandStatus,
    Rating,
    RemedyCause,
    RemedyResult,
    Solved,
    Step,
)
from lianqi.demands.errors import (
    AlreadyRated,
    ClosingRuleOutOfBounds,
    ClosingRuleTaken,
    MoveNotPossible,
    NoRemedyOpen,
    RatingReasonMissing,
    RatingReasonOfAnotherStep,
    RatingWindowOver,
    RemedyContactMissing,
    RemedyMeasuresMissing,
)
from lianqi.demands.models import ClosingRule, Demand, DemandRating, RatingReason, Remedy
from lianqi.demands.queries import figures, periods_by_category, periods_of
from lianqi.notices.models import Notice
from lianqi.work.enums import Outcome
from lianqi.work.models import WorkItem
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_category, make_handler, make_head, make_unit, make_user

DAY = dt.timedelta(days=1)
DISSATISFIED = (Rating.DISSATISFIED, Rating.VERY_DISSATISFIED)


def rate_badly(scene: Scene, *, at: dt.datetime = AT, note: str = "没有解决") -> Demand:
    demand = scene.demand_in(DemandStatus.ANSWERED, at=at)
    return confirm_demand(
        demand.pk, rating=Rating.DISSATISFIED, solved=Solved.NO, note=note, by=scene.member, at=at
    )


def finish(demand: Demand, *, by: User, at: dt.datetime = AT) -> Remedy:
    return finish_remedy(
        demand.pk, cause=RemedyCause.SLOW, measures="已加装设备。", result=RemedyResult.DONE,
        by=by, at=at,
    )  # fmt: skip


def followed_up(scene: Scene, *, at: dt.datetime = AT) -> Demand:
    demand, head = rate_badly(scene), make_head(scene.unit)
    note_remedy_contact(demand.pk, note="已与林经理通话。", by=head, at=at)
    finish(demand, by=head, at=at)
    return demand


def again(demand: Demand, rating: Rating, *, by: User, at: dt.datetime = AT) -> Demand:
    return rate_again(
        demand.pk, rating=rating, solved=Solved.YES, note="说明", window_days=15, by=by, at=at
    )


@pytest.mark.parametrize("rating", DISSATISFIED)
@pytest.mark.parametrize("note", ["", "   "])
def test_a_bad_rating_needs_a_reason_or_a_text(scene: Scene, rating: Rating, note: str) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)

    with pytest.raises(RatingReasonMissing):
        confirm_demand(demand.pk, rating=rating, note=note, by=scene.member, at=AT)

    demand.refresh_from_db()
    assert demand.status == DemandStatus.ANSWERED
    assert not DemandRating.objects.exists()


def test_a_reason_alone_is_enough_and_kept(scene: Scene) -> None:
    load_rating_reasons(at=AT)
    demand, slow = scene.demand_in(DemandStatus.ANSWERED), RatingReason.objects.get(code="slow")

    confirm_demand(
        demand.pk, rating=Rating.DISSATISFIED, reasons=[slow], note="", by=scene.member, at=AT
    )

    assert [each.code for each in demand.ratings.get().reasons.all()] == ["slow"]
    assert Event.objects.get(verb="demand.confirmed").detail["reasons"] == ["slow"]


def test_a_reason_of_another_rating_is_refused(scene: Scene) -> None:
    load_rating_reasons(at=AT)
    demand, quick = scene.demand_in(DemandStatus.ANSWERED), RatingReason.objects.get(code="quick")

    with pytest.raises(RatingReasonOfAnotherStep):
        confirm_demand(
            demand.pk,
            rating=Rating.DISSATISFIED,
            reasons=[quick],
            note="慢",
            by=scene.member,
            at=AT,
        )


@pytest.mark.parametrize("rating", sorted(set(Rating) - set(DISSATISFIED)))
def test_no_good_rating_is_followed_up(scene: Scene, rating: Rating) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)

    confirm_demand(demand.pk, rating=rating, note="", by=scene.member, at=AT)

    assert not Remedy.objects.exists()


@pytest.mark.parametrize(
    ("solved", "closure"),
    [
        (Solved.YES, Closure.CONFIRMED),
        (Solved.PARTLY, Closure.ACCEPTED),
        (Solved.NO, Closure.ACCEPTED),
    ],
)
def test_answered_is_not_solved(scene: Scene, solved: Solved, closure: Closure) -> None:
    demand = scene.demand_in(DemandStatus.ANSWERED)

    demand = confirm_demand(
        demand.pk, rating=Rating.SATISFIED, solved=solved, note="", by=scene.member, at=AT
    )

    assert (demand.status, demand.closure, demand.solved) == ("closed", closure, solved)


def test_a_bad_rating_is_work_of_the_head_with_its_own_clock(scene: Scene) -> None:
    head = make_head(scene.unit)

    demand = rate_badly(scene)

    item = WorkItem.objects.about(demand).open().get()
    assert (item.step, item.person, item.unit) == (Step.REMEDY, head, scene.unit)
    assert item.due_at is not None
    assert item.due_at > AT + 5 * DAY
    assert Notice.objects.filter(person=head, event="demand.remedy_opened").exists()


def test_without_a_head_the_desk_has_the_follow_up(scene: Scene) -> None:
    demand = rate_badly(scene)

    item = WorkItem.objects.about(demand).open().get()
    assert (item.person, item.unit) == (None, scene.unit)
    assert scene.handler.has_perm("demands.remedy", demand)


def test_with_a_head_the_handler_does_not_follow_up_himself(scene: Scene) -> None:
    head, demand = make_head(scene.unit), rate_badly(scene)

    with pytest.raises(PermissionDenied):
        note_remedy_contact(demand.pk, note="已联系", by=scene.handler, at=AT)

    assert head.has_perm("demands.remedy", demand)


@pytest.mark.parametrize("who", ["member", "dispatcher", "leader", "auditor", "other"])
def test_nobody_else_follows_up(scene: Scene, who: str) -> None:
    demand = rate_badly(scene)
    people = {
        "member": scene.member,
        "dispatcher": scene.dispatcher,
        "leader": grant(make_user(), Role.LEADER),
        "auditor": grant(make_user(), Role.AUDITOR),
        "other": make_handler(make_unit("住房建设局")),
    }

    with pytest.raises(PermissionDenied):
        note_remedy_contact(demand.pk, note="已联系", by=people[who], at=AT)


def test_the_follow_up_needs_the_contact_first_then_measures(scene: Scene) -> None:
    demand, head = rate_badly(scene), make_head(scene.unit)

    with pytest.raises(RemedyContactMissing):
        finish(demand, by=head)
    with pytest.raises(RemedyContactMissing):
        note_remedy_contact(demand.pk, note=" ", by=head, at=AT)
    note_remedy_contact(demand.pk, note="已通话。", by=head, at=AT)
    with pytest.raises(RemedyMeasuresMissing):
        finish_remedy(
            demand.pk,
            cause=RemedyCause.SLOW,
            measures=" ",
            result=RemedyResult.DONE,
            by=head,
            at=AT,
        )
    remedy = finish(demand, by=head, at=AT + DAY)

    assert (remedy.cause, remedy.result, remedy.done_by) == ("slow", "done", head)
    item = WorkItem.objects.about(demand).get(step=Step.REMEDY)
    assert (item.outcome, item.was_late) == (Outcome.DONE, False)
    assert Notice.objects.filter(person=scene.member, event="demand.remedy_done").exists()
    with pytest.raises(NoRemedyOpen):
        finish(demand, by=head)


def test_the_second_verdict_stays_beside_the_first(scene: Scene) -> None:
    demand = followed_up(scene)

    again(demand, Rating.SATISFIED, by=scene.member)

    demand.refresh_from_db()
    given = [(each.turn, each.rating) for each in demand.ratings.for_page()]
    assert given == [(1, Rating.DISSATISFIED), (2, Rating.SATISFIED)]
    assert demand.rating == Rating.DISSATISFIED
    counts = figures(received_from=AT.date(), received_before=AT.date() + DAY)
    assert (counts.rated, counts.satisfied) == (1, 0)
    with pytest.raises(AlreadyRated):
        again(demand, Rating.SATISFIED, by=scene.member)


def test_who_is_still_dissatisfied_is_told_to_the_head(scene: Scene) -> None:
    demand = followed_up(scene)

    again(demand, Rating.VERY_DISSATISFIED, by=scene.member)

    assert Notice.objects.filter(event="demand.rated_again").count() == 1


def test_reopening_drops_the_open_follow_up(scene: Scene) -> None:
    demand = rate_badly(scene)

    reopen_demand(demand.pk, note="仍未解决", window_days=15, by=scene.member, at=AT)

    remedy = Remedy.objects.get()
    assert (remedy.dropped_at, remedy.done_at) == (AT, None)
    assert WorkItem.objects.about(demand).get(step=Step.REMEDY).outcome == Outcome.CANCELLED
    assert WorkItem.objects.about(demand).open().get().step == Step.ANSWER


def test_each_round_has_its_own_rating(scene: Scene) -> None:
    demand = rate_badly(scene)
    reopen_demand(demand.pk, note="仍未解决", window_days=15, by=scene.member, at=AT)
    scene.answer(demand)
    scene.confirm(demand)

    rounds = [(each.round, each.rating) for each in demand.ratings.for_page()]

    assert rounds == [(0, Rating.DISSATISFIED), (1, Rating.SATISFIED)]


def silent(scene: Scene, *, at: dt.datetime = AT) -> Demand:
    demand = scene.demand_in(DemandStatus.ANSWERED, at=at)
    assert close_silent_demands(after_days=0, at=at + dt.timedelta(seconds=1)) == 1
    return demand


def late(demand: Demand, *, by: User, at: dt.datetime) -> Demand:
    return rate_demand(
        demand.pk, rating=Rating.SATISFIED, solved=Solved.YES, note="", window_days=15, by=by, at=at
    )


def test_a_silent_closing_can_be_rated_up_to_the_last_day(scene: Scene) -> None:
    closing_day = AT.replace(hour=0, minute=0)  # eight in the morning of the zone
    demand = silent(scene, at=closing_day)
    last_moment = closing_day + 15 * DAY + dt.timedelta(hours=15, minutes=59)

    with pytest.raises(RatingWindowOver):
        late(demand, by=scene.member, at=last_moment + dt.timedelta(minutes=1))
    rated = late(demand, by=scene.member, at=last_moment)

    assert (rated.rating, rated.closure) == (Rating.SATISFIED, Closure.SILENT)
    counts = figures(received_from=AT.date(), received_before=AT.date() + DAY)
    assert (counts.rated, counts.satisfied) == (1, 1)
    with pytest.raises(AlreadyRated):
        late(demand, by=scene.member, at=last_moment)


def test_only_the_firm_rates_and_only_what_is_closed(scene: Scene) -> None:
    closed, still_open = silent(scene), scene.demand_in(DemandStatus.ANSWERED)

    with pytest.raises(PermissionDenied):
        late(closed, by=scene.handler, at=AT)
    with pytest.raises(MoveNotPossible):
        late(still_open, by=scene.member, at=AT)


def test_days_of_silence_are_data_of_the_category(scene: Scene) -> None:
    load_closing_rule(at=AT)
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    patient = make_category("patient")
    create_closing_rule(
        category=patient, silent_days=20, reopen_days=30, rating_days=30, callback_percent=0,
        by=admin, at=AT,
    )  # fmt: skip
    quick, slow = scene.demand_in(DemandStatus.ANSWERED), scene.demand_in(DemandStatus.ANSWERED)
    Demand.objects.filter(pk=slow.pk).update(category=patient)
    zone, own = periods_by_category()
    days = {category: periods.silent_days for category, periods in own.items()}
    second = dt.timedelta(seconds=1)

    closed = [
        close_silent_demands(after_days=zone.silent_days, own_days=days, at=at)
        for at in (AT + 7 * DAY, AT + 7 * DAY + second, AT + 20 * DAY, AT + 20 * DAY + second)
    ]

    assert closed == [0, 1, 0, 1]
    quick.refresh_from_db()
    assert quick.closed_at == AT + 7 * DAY + second
    assert (periods_of(patient.pk).reopen_days, periods_of(scene.category.pk).reopen_days) == (
        30,
        15,
    )


def test_rules_are_kept_within_bounds_and_once_per_category(scene: Scene) -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    load_closing_rule(at=AT)
    assert load_closing_rule(at=AT) == 0
    values = {"silent_days": 7, "reopen_days": 15, "rating_days": 15, "callback_percent": 10}
    create_closing_rule(category=scene.category, **values, by=admin, at=AT)

    with pytest.raises(ClosingRuleTaken):
        create_closing_rule(category=scene.category, **values, by=admin, at=AT)
    rule = ClosingRule.objects.get(category=None)
    for wrong in ({"silent_days": 0}, {"reopen_days": 91}, {"callback_percent": 101}):
        with pytest.raises(ClosingRuleOutOfBounds):
            change_closing_rule(rule.pk, **values | wrong, by=admin, at=AT)
    with pytest.raises(PermissionDenied):
        change_closing_rule(rule.pk, **values, by=scene.dispatcher, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_second_verdicts_at_once_keep_one() -> None:
    scene = make_scene()
    demand = followed_up(scene)

    results = at_once(
        lambda: again(demand, Rating.SATISFIED, by=scene.member),
        lambda: again(demand, Rating.VERY_DISSATISFIED, by=scene.member),
    )

    assert refusals(results) == [AlreadyRated]
    assert demand.ratings.filter(turn=2).count() == 1


@pytest.mark.django_db(transaction=True)
def test_finishing_while_the_firm_reopens_leaves_one_truth() -> None:
    scene = make_scene()
    demand, head = rate_badly(scene), make_head(scene.unit)
    note_remedy_contact(demand.pk, note="已通话。", by=head, at=AT)

    at_once(
        lambda: finish(demand, by=head),
        lambda: reopen_demand(demand.pk, note="未解决", window_days=15, by=scene.member, at=AT),
    )

    remedy = Remedy.objects.get()
    assert (remedy.done_at is None) != (remedy.dropped_at is None)
    assert [item.step for item in WorkItem.objects.about(demand).open()] == [Step.ANSWER]


@pytest.mark.django_db(transaction=True)
def test_rating_and_dispute_at_once_end_in_one_of_them() -> None:
    scene = make_scene()
    demand = scene.demand_in(DemandStatus.ANSWERED)

    results = at_once(
        lambda: confirm_demand(
            demand.pk, rating=Rating.DISSATISFIED, note="慢", by=scene.member, at=AT
        ),
        lambda: dispute_demand(demand.pk, note="未解决", by=scene.member, at=AT),
    )

    assert refusals(results) == [MoveNotPossible]
    demand.refresh_from_db()
    assert Remedy.objects.exists() == (demand.status == DemandStatus.CLOSED)
