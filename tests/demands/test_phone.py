"""What callers without an account say of an answer, and how their demands are found."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.actions import (
    accept_demand,
    answer_demand,
    confirm_by_phone,
    dispatch_demand,
    dispute_by_phone,
    file_demand,
)
from lianqi.demands.enums import Channel, Closure, DemandStatus, Rating, Solved
from lianqi.demands.errors import MoveNotPossible, SpokenWithMissing
from lianqi.demands.models import ContactGiven, Demand, DemandTally, PhoneConfirmation
from lianqi.demands.queries import HeardCount, heard_counts
from tests.demands.scene import Scene, make_scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_user

TODAY = AT.date()


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def operator() -> User:
    return grant(make_user(), Role.OPERATOR)


def called(scene: Scene, *, key: str = "call-1", **fields: Any) -> Demand:
    known: dict[str, Any] = {
        "enterprise": None, "firm_name": "云岭启航供应链有限公司", "category": scene.category,
        "title": "咨询落户", "text": "租厂房。", "channel": Channel.PHONE,
        "contacts": [ContactGiven(name="李晓梅", phone="13912345678")], "idempotency_key": key,
        "by": scene.dispatcher, "at": AT,
    }  # fmt: skip
    return file_demand(**known | fields)


def answered(scene: Scene, **fields: Any) -> Demand:
    demand = called(scene, **fields)
    dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    accept_demand(demand.pk, by=scene.handler, at=AT)
    return answer_demand(demand.pk, answer="已告知。", by=scene.handler, at=AT)


def heard(demand: Demand, by: User, **fields: Any) -> Demand:
    known: dict[str, Any] = {
        "spoke_with": "李晓梅", "solved": Solved.YES, "rating": Rating.SATISFIED, "note": "",
        "by": by, "at": AT,
    }  # fmt: skip
    return confirm_by_phone(demand.pk, **known | fields)


def test_the_word_of_a_caller_closes_and_counts_apart(scene: Scene) -> None:
    person, demand = operator(), answered(scene)

    heard(demand, person)

    demand.refresh_from_db()
    said = PhoneConfirmation.objects.get()
    assert (demand.status, demand.closure) == (DemandStatus.CLOSED, Closure.BY_PHONE)
    assert (demand.rating, demand.solved) == ("", "")
    assert (said.spoke_with, said.heard_by, said.heard_at) == ("李晓梅", person, AT)
    assert heard_counts(TODAY, TODAY) == HeardCount(1, 1, 1, 1)
    assert sum(DemandTally.objects.values_list("rated", flat=True)) == 0
    assert sum(DemandTally.objects.values_list("closed", flat=True)) == 1


def test_nobody_has_to_rate(scene: Scene) -> None:
    heard(answered(scene), operator(), solved=Solved.NO, rating=None)

    assert heard_counts(TODAY, TODAY) == HeardCount(1, 0, 0, 0)


def test_it_is_somebodys_word(scene: Scene) -> None:
    demand = answered(scene)

    for act in (
        lambda: heard(demand, scene.dispatcher, spoke_with="  "),
        lambda: dispute_by_phone(demand.pk, spoke_with="", note="x", by=scene.dispatcher, at=AT),
    ):
        with pytest.raises(SpokenWithMissing):
            act()


def test_what_is_not_solved_goes_back_and_may_be_heard_again(scene: Scene) -> None:
    demand, person = answered(scene), operator()

    dispute_by_phone(demand.pk, spoke_with="李晓梅", note="仍无回音", by=person, at=AT)

    demand.refresh_from_db()
    assert (demand.status, demand.reopenings) == (DemandStatus.IN_PROGRESS, 1)
    answer_demand(demand.pk, answer="已联系。", by=scene.handler, at=AT)
    heard(demand, person)
    assert PhoneConfirmation.objects.get().round == 1


def test_an_enterprise_with_people_confirms_by_itself(scene: Scene) -> None:
    demand = scene.file()
    dispatch_demand(demand.pk, unit=scene.unit, by=scene.dispatcher, at=AT)
    accept_demand(demand.pk, by=scene.handler, at=AT)
    answer_demand(demand.pk, answer="已办。", by=scene.handler, at=AT)

    with pytest.raises(PermissionDenied):
        heard(demand, scene.dispatcher)


def test_nobody_writes_down_a_word_about_the_own_work(scene: Scene) -> None:
    demand = answered(scene)
    both = grant(scene.handler, Role.OPERATOR)

    for person in (both, scene.handler, scene.member, scene.leader):
        with pytest.raises(PermissionDenied):
            heard(demand, person)


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_write_one_word() -> None:
    scene = make_scene()
    demand, one, other = answered(scene), operator(), operator()

    results = at_once(lambda: heard(demand, one), lambda: heard(demand, other))

    assert refusals(results) == [MoveNotPossible]
    assert PhoneConfirmation.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "finds"),
    [
        ("李晓", True), ("启航供应", True), ("139 1234 5678", True), ("+8613912345678", True),
        ("13912345", False), ("晓梅", False), ("李", False), ("", False),
    ],
)  # fmt: skip
def test_callers_are_found_by_name_firm_or_telephone(
    scene: Scene, wanted: str, finds: bool
) -> None:
    demand = called(scene)
    scene.file()

    found = list(Demand.objects.of_firms_like(wanted))

    assert found == ([demand] if finds else [])


def test_an_enterprise_of_the_register_is_found_as_before(scene: Scene) -> None:
    known = scene.file()
    called(scene)

    assert list(Demand.objects.of_firms_like(scene.enterprise.name)) == [known]
    assert list(Demand.objects.of_firms_like(scene.enterprise.code)) == [known]
