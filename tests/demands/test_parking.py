"""Calls that were interrupted wait on the server, for the desk that took them."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.audit.models import Event
from lianqi.demands.actions import (
    discard_parked,
    file_demand,
    file_parked,
    forget_parked,
    park_call,
)
from lianqi.demands.actions.parking import MOST_PARKED
from lianqi.demands.enums import Channel
from lianqi.demands.errors import CategoryNotInUse, NothingToPark, ParkedCallGone, TooManyParked
from lianqi.demands.models import Demand, ParkedCall
from lianqi.demands.queries import parked_calls
from tests.demands.scene import Scene
from tests.factories import AT, grant, make_unit, make_user

DAY = dt.timedelta(days=1)
TYPED = {"contact_phone": "138 0013 8000", "contact_name": "陈静", "title": "停水", "text": ""}


@pytest.fixture
def desk(db: None) -> Unit:
    return make_unit("企业服务中心")


@pytest.fixture
def operator(desk: Unit) -> User:
    return grant(make_user(unit=desk), Role.OPERATOR)


def park(by: User, *, key: str = "call-1", at: dt.datetime = AT, **typed: str) -> ParkedCall:
    return park_call(TYPED | typed, idempotency_key=key, by=by, at=at)


def filing(scene: Scene, by: User, key: str = "call-1") -> Any:
    return lambda: file_demand(
        enterprise=scene.enterprise, category=scene.category, title="停水", text="停水",
        channel=Channel.PHONE, idempotency_key=key, by=by, at=AT,
    )  # fmt: skip


def test_a_parked_call_is_seen_by_its_desk_alone(operator: User, desk: Unit) -> None:
    colleague = grant(make_user(unit=desk), Role.OPERATOR)
    elsewhere = grant(make_user(unit=make_unit("科技园站点")), Role.OPERATOR)
    nowhere, leader = grant(make_user(), Role.OPERATOR), grant(make_user(unit=desk), Role.LEADER)

    call = park(operator)

    assert (call.caller, call.words) == ("陈静 138 0013 8000", "停水")
    seen = [
        list(ParkedCall.objects.visible_to(person))
        for person in (operator, colleague, elsewhere, nowhere, leader)
    ]
    assert seen == [[call], [call], [], [], []]
    assert "陈静" not in str(Event.objects.get(verb="demands.call_parked").detail)


def test_parked_again_it_is_the_same_call_and_keeps_its_moment(operator: User) -> None:
    park(operator)

    park(operator, at=AT + DAY, text="已三天")

    call = ParkedCall.objects.get()
    assert (call.parked_at, call.typed["text"]) == (AT, "已三天")


def test_what_cannot_be_parked(operator: User, scene: Scene) -> None:
    with pytest.raises(NothingToPark):
        park_call({"title": " ", "category": "3"}, idempotency_key="k", by=operator, at=AT)
    with pytest.raises(PermissionDenied):
        park(scene.handler)
    for number in range(MOST_PARKED):
        park(operator, key=f"call-{number}")
    with pytest.raises(TooManyParked):
        park(operator, key="one-more")


def test_another_desk_does_not_overwrite_it(operator: User) -> None:
    park(operator)

    with pytest.raises(PermissionDenied):
        park(grant(make_user(unit=make_unit("别处")), Role.OPERATOR), text="别的")


def test_filed_it_is_gone_and_a_second_click_finds_the_demand(scene: Scene, operator: User) -> None:
    call = park(operator)
    given = {"idempotency_key": "call-1", "by": operator, "at": AT}

    first = file_parked(call.pk, filing(scene, operator), **given)
    again = file_parked(call.pk, filing(scene, operator), **given)

    assert first == again == Demand.objects.get()
    assert not ParkedCall.objects.exists()


def test_of_two_who_go_on_with_it_the_second_is_told(
    scene: Scene, operator: User, desk: Unit
) -> None:
    call, colleague = park(operator), grant(make_user(unit=desk), Role.OPERATOR)
    file_parked(call.pk, filing(scene, operator), idempotency_key="call-1", by=operator, at=AT)

    with pytest.raises(ParkedCallGone):
        file_parked(
            call.pk, filing(scene, colleague), idempotency_key="call-1", by=colleague, at=AT
        )

    assert Demand.objects.count() == 1


def test_a_refused_filing_leaves_it_parked(scene: Scene, operator: User) -> None:
    call = park(operator)
    scene.category.is_active = False
    scene.category.save()

    with pytest.raises(CategoryNotInUse):
        file_parked(call.pk, filing(scene, operator), idempotency_key="call-1", by=operator, at=AT)

    assert ParkedCall.objects.exists()


def test_it_is_thrown_away_on_purpose_only_by_its_desk(operator: User, scene: Scene) -> None:
    call = park(operator)

    with pytest.raises(PermissionDenied):
        discard_parked(call.pk, by=scene.leader, at=AT)
    with pytest.raises(ParkedCallGone):
        discard_parked(call.pk, by=grant(make_user(), Role.OPERATOR), at=AT)
    discard_parked(call.pk, by=operator, at=AT)

    assert not ParkedCall.objects.exists()
    assert Event.objects.filter(verb="demands.parked_call_discarded").count() == 1


def test_it_waits_after_a_working_day(operator: User) -> None:
    monday = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    park(operator, at=monday)

    next_day, later = monday + DAY, monday + DAY + dt.timedelta(minutes=1)

    assert [row.is_waiting for row in parked_calls(operator, at=next_day)] == [False]
    assert [row.is_waiting for row in parked_calls(operator, at=later)] == [True]


def test_it_is_deleted_after_its_time(operator: User) -> None:
    park(operator)
    park(operator, key="young", at=AT + DAY)

    assert forget_parked(before=AT + dt.timedelta(hours=1), at=AT + 31 * DAY) == 1
    assert ParkedCall.objects.get().idempotency_key == "young"
