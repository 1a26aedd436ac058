"""Versions of a category: from a coming day on, one at a time, and a demand keeps its own."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    VersionTerms,
    add_version,
    change_version,
    drop_version,
    file_demand,
    move_category,
    terms_of,
)
from lianqi.demands.enums import Channel, DemandStatus, Step
from lianqi.demands.errors import (
    AdviceMissing,
    CategoryNotAccepted,
    CategoryNotInUse,
    CategoryUnchanged,
    EvidenceMissing,
    MoveNotPossible,
    MoveReasonMissing,
    PressingTakesLonger,
    VersionInForce,
    VersionStartTaken,
    VersionTooEarly,
)
from lianqi.demands.models import CategoryVersion, Demand, EvidenceKind
from lianqi.demands.queries import lengths, missing_evidence, version_in_force
from lianqi.engines.calendar import ClockKind
from lianqi.work.enums import Urgency
from lianqi.work.errors import ClockAmountOutOfRange
from lianqi.work.models import ClockRule, WorkItem
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_category, make_clock_rule, make_user, make_version

TODAY = dt.date(2026, 3, 4)
DAY = dt.timedelta(days=1)
TWO_DAYS = {(Step.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 2)}


@pytest.fixture
def admin() -> User:
    return grant(make_user(), Role.PLATFORM_ADMIN)


def added(scene: Scene, by: User, first: dt.date, **terms: Any) -> CategoryVersion:
    return add_version(
        scene.category.pk,
        valid_from=first,
        terms=VersionTerms(**terms),
        reason="管委会2026年第3号通知",
        by=by,
        at=AT,
    )


def filed(scene: Scene, *, by: User | None = None, key: str = "k", **more: Any) -> Demand:
    return file_demand(
        enterprise=scene.enterprise, category=scene.category, title="厂区频繁停电",
        text="请协调。", channel=Channel.PORTAL, idempotency_key=key, by=by or scene.member,
        at=more.pop("at", AT), **more,
    )  # fmt: skip


def spans(scene: Scene) -> list[tuple[dt.date, dt.date | None]]:
    versions = scene.category.versions.order_by("valid_from")
    return list(versions.values_list("valid_from", "valid_to"))


def test_versions_follow_one_another_without_gap_or_overlap(scene: Scene, admin: User) -> None:
    added(scene, admin, TODAY)
    added(scene, admin, TODAY + 10 * DAY)
    between = added(scene, admin, TODAY + 5 * DAY)
    as_added = spans(scene)

    drop_version(between.pk, by=admin, at=AT)

    assert as_added == [
        (TODAY, TODAY + 4 * DAY),
        (TODAY + 5 * DAY, TODAY + 9 * DAY),
        (TODAY + 10 * DAY, None),
    ]
    assert spans(scene) == [(TODAY, TODAY + 9 * DAY), (TODAY + 10 * DAY, None)]


def test_the_version_of_a_day_holds_from_its_first_to_its_last(scene: Scene, admin: User) -> None:
    first = added(scene, admin, TODAY)
    second = added(scene, admin, TODAY + DAY)

    found = [version_in_force(scene.category, on=TODAY + n * DAY) for n in (-1, 0, 1, 99)]

    assert found == [None, first, second, second]


def test_what_holds_today_is_not_changed_any_more(scene: Scene, admin: User) -> None:
    version = added(scene, admin, TODAY)

    with pytest.raises(VersionTooEarly):
        added(scene, admin, TODAY)
    with pytest.raises(VersionTooEarly):
        added(scene, admin, TODAY - DAY)
    with pytest.raises(VersionInForce):
        change_version(version.pk, terms=VersionTerms(), reason="", by=admin, at=AT)
    with pytest.raises(VersionInForce):
        drop_version(version.pk, by=admin, at=AT)


def test_a_coming_version_is_changed_with_everything_it_says(scene: Scene, admin: User) -> None:
    version = added(scene, admin, TODAY + DAY, evidence=(("营业执照", True),), clocks=TWO_DAYS)
    terms = VersionTerms(
        progress_every_days=2,
        evidence=(("用电合同", False), ("停电记录", True)),
        clocks={(Step.ACCEPT, Urgency.CRITICAL): (ClockKind.FIXED_HOURS, 1)},
        source="江门市2022年承诺",
    )

    change_version(version.pk, terms=terms, reason="修订", by=admin, at=AT)

    version.refresh_from_db()
    assert terms_of(version) == terms
    assert Event.objects.get(verb="demands.version_changed").detail["clocks"] == {
        "accept.critical": "1 fixed_hours"
    }


def test_refused_versions_leave_nothing(scene: Scene, admin: User) -> None:
    added(scene, admin, TODAY + DAY)
    longer = {
        (Step.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 2),
        (Step.ANSWER, Urgency.CRITICAL): (ClockKind.WORKING_DAYS, 3),
    }
    endless = {(Step.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 1000)}

    with pytest.raises(VersionStartTaken):
        added(scene, admin, TODAY + DAY)
    with pytest.raises(AdviceMissing):
        added(scene, admin, TODAY + 2 * DAY, is_accepted=False, advice=" ")
    with pytest.raises(PressingTakesLonger):
        added(scene, admin, TODAY + 2 * DAY, clocks=longer)
    with pytest.raises(ClockAmountOutOfRange):
        added(scene, admin, TODAY + 2 * DAY, clocks=endless)
    with pytest.raises(PermissionDenied):
        added(scene, scene.dispatcher, TODAY + 2 * DAY)

    assert spans(scene) == [(TODAY + DAY, None)]
    assert not ClockRule.objects.filter(rule_set__isnull=False).exists()


def test_the_database_holds_versions_apart(scene: Scene) -> None:
    make_version(scene.category, valid_to=TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(scene.category, valid_from=TODAY)
    make_version(scene.category, valid_from=TODAY + DAY)
    make_version(make_category("other"), valid_from=TODAY)


def test_a_demand_keeps_the_clocks_it_was_filed_under(scene: Scene, admin: User) -> None:
    first = added(scene, admin, TODAY, clocks=TWO_DAYS)
    demand = filed(scene)
    added(scene, admin, TODAY + DAY)

    scene.dispatch(demand, at=AT + 2 * DAY)
    scene.accept(demand, at=AT + 2 * DAY)

    demand.refresh_from_db()
    item = WorkItem.objects.about(demand).open().get()
    assert demand.category_version == first
    assert (item.clock_amount, item.rule_set) == (2, first.pk)


def test_a_demand_of_a_category_without_versions_has_the_general_clocks(scene: Scene) -> None:
    demand = filed(scene)

    assert demand.category_version is None
    assert WorkItem.objects.get().rule_set is None


def test_matters_handled_elsewhere_are_refused_with_the_advice(scene: Scene, admin: User) -> None:
    added(
        scene,
        admin,
        TODAY,
        is_accepted=False,
        advice="请向法院咨询。",
        advice_url="https://court.example.cn/",
    )

    with pytest.raises(CategoryNotAccepted) as refused:
        filed(scene)

    assert "请向法院咨询。 https://court.example.cn/" in str(refused.value)
    assert not Demand.objects.exists()


def test_an_enterprise_hands_in_what_is_obligatory(scene: Scene, admin: User) -> None:
    version = added(scene, admin, TODAY, evidence=(("用电合同", True), ("照片", False)))
    contract = EvidenceKind.objects.get(version=version, name="用电合同")

    with pytest.raises(EvidenceMissing) as refused:
        filed(scene)
    complete = filed(scene, evidence=[contract.pk])
    by_phone = filed(scene, by=scene.dispatcher)

    assert "用电合同" in str(refused.value)
    assert "照片" not in str(refused.value)
    assert complete.pk != by_phone.pk
    assert missing_evidence(by_phone) == [contract]


def test_nothing_is_filed_under_a_heading_or_below_one_out_of_use(scene: Scene) -> None:
    heading = make_category("heading", is_active=False)
    scene.category.parent = heading
    scene.category.save()

    with pytest.raises(CategoryNotInUse):
        filed(scene)
    heading.is_active = True
    heading.save()
    demand = filed(scene)
    make_category("below", parent=scene.category)
    with pytest.raises(CategoryNotInUse):
        filed(scene, key="other")

    assert demand.category == scene.category


def test_moving_gives_open_steps_the_clocks_that_hold_there(scene: Scene) -> None:
    demand = filed(scene)
    scene.dispatch(demand)
    scene.accept(demand)
    other = make_category("other", name_zh="其他")
    version = make_version(other)
    make_clock_rule("answer", amount=1, rule_set=version.pk)

    moved = move_category(
        demand.pk,
        category=other,
        reason="实为停水",
        by=scene.dispatcher,
        at=AT + dt.timedelta(hours=1),
    )

    item = WorkItem.objects.about(demand).open().get()
    event = Event.objects.get(verb="demand.category_moved")
    assert (moved.category, moved.category_version) == (other, version)
    assert (item.clock_amount, item.rule_set, item.opened_at) == (1, version.pk, AT)
    assert (event.detail["earlier"], event.detail["reason"]) == ("utilities", "实为停水")


def test_a_time_that_ran_out_is_not_moved(scene: Scene, admin: User) -> None:
    demand = scene.demand_in(DemandStatus.IN_PROGRESS)
    before = WorkItem.objects.about(demand).open().get()
    twenty = {(Step.ANSWER, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 20)}
    added(scene, admin, TODAY, clocks=twenty)

    move_category(
        demand.pk, category=scene.category, reason="按新规", by=scene.dispatcher, at=AT + 30 * DAY
    )

    after = WorkItem.objects.about(demand).open().get()
    assert (after.due_at, after.clock_amount) == (before.due_at, 5)


def test_what_moving_refuses(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.SUBMITTED)
    closed = scene.demand_in(DemandStatus.CLOSED)
    other, elsewhere = make_category("other"), make_category("elsewhere")
    make_version(elsewhere, is_accepted=False, advice="请找法院。")
    given: dict[str, Any] = {"category": other, "reason": "误选", "by": scene.dispatcher, "at": AT}

    with pytest.raises(MoveNotPossible):
        move_category(closed.pk, **given)
    with pytest.raises(PermissionDenied):
        move_category(demand.pk, **given | {"by": scene.handler})
    with pytest.raises(CategoryUnchanged):
        move_category(demand.pk, **given | {"category": scene.category})
    with pytest.raises(CategoryNotAccepted):
        move_category(demand.pk, **given | {"category": elsewhere})
    with pytest.raises(MoveReasonMissing):
        move_category(demand.pk, **given | {"reason": " "})
    other.is_active = False
    other.save()
    with pytest.raises(CategoryNotInUse):
        move_category(demand.pk, **given)

    demand.refresh_from_db()
    assert demand.category == scene.category


def test_lengths_say_what_the_work_items_will_get(scene: Scene, admin: User) -> None:
    version = added(scene, admin, TODAY, clocks=TWO_DAYS)

    found = lengths(version, steps=(Step.ACCEPT, Step.ANSWER))

    assert {key: (each.amount, each.is_own) for key, each in found.items()} == {
        **{(Step.ACCEPT, urgency): (1, False) for urgency in Urgency},
        **{(Step.ANSWER, urgency): (2, True) for urgency in Urgency},
    }
