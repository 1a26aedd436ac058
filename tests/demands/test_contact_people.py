"""Whom to reach about a demand: several people, changed later, and written to if they want."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.enums import Role
from lianqi.audit.models import Event
from lianqi.demands.actions import change_contacts, file_demand, file_tip
from lianqi.demands.enums import Channel, DemandStatus, ToldBy
from lianqi.demands.errors import (
    ContactAddressMissing,
    ContactsChangedMeanwhile,
    ContactUnnamed,
    MoveNotPossible,
    SeveralFirstContacts,
    TooManyContacts,
)
from lianqi.demands.models import ContactGiven, ContactPerson, Demand
from lianqi.demands.queries import contacts_for, contacts_seen
from lianqi.notices.models import Delivery
from tests.demands.scene import Scene
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_handler, make_user

SHEN = ContactGiven(
    name="沈工",
    phone="139 1234 5678",
    email="shen@example.com",
    role="设备主管",
    reach="工作日下午，先发微信",
    told_by=ToldBy.MAIL,
)
HE = ContactGiven(name="贺经理", phone="13812345678", told_by=ToldBy.SMS, is_preferred=True)


def filed(scene: Scene, *contacts: ContactGiven, **fields: Any) -> Demand:
    known: dict[str, Any] = {
        "enterprise": scene.enterprise, "category": scene.category, "title": "厂区频繁停电",
        "text": "本周已停电三次。", "channel": Channel.PORTAL, "contacts": contacts,
        "idempotency_key": "with-contacts", "by": scene.member, "at": AT,
    }  # fmt: skip
    return file_demand(**known | fields)


def letters(event: str = "") -> list[tuple[str, str]]:
    found = Delivery.objects.filter(person__isnull=True, letter_key__startswith=event)
    return list(found.order_by("pk").values_list("channel", "address"))


def test_several_are_kept_with_the_preferred_one_in_front(scene: Scene) -> None:
    demand = filed(scene, SHEN, HE)

    first, second = ContactPerson.objects.of(demand)
    assert (first.name, first.is_preferred, second.phone) == ("贺经理", True, "13912345678")
    assert (second.role, second.reach) == ("设备主管", "工作日下午，先发微信")


def test_without_a_word_the_first_one_stated_is_the_first_to_call(scene: Scene) -> None:
    demand = filed(scene, SHEN, ContactGiven(name="尹厂长"))

    assert [each.is_preferred for each in ContactPerson.objects.of(demand)] == [True, False]


@pytest.mark.parametrize(
    ("contacts", "refusal"),
    [
        ([ContactGiven(name=f"联系人{n}") for n in range(6)], TooManyContacts),
        ([ContactGiven(role="经理", reach="上午")], ContactUnnamed),
        ([ContactGiven(name="沈工", told_by=ToldBy.MAIL)], ContactAddressMissing),
        ([ContactGiven(name="沈工", phone="0551-65312345", told_by=ToldBy.SMS)], ContactAddressMissing),
        ([HE, ContactGiven(name="沈工", is_preferred=True)], SeveralFirstContacts),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_filed(
    scene: Scene, contacts: list[ContactGiven], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        filed(scene, *contacts)

    assert not Demand.objects.exists()


def test_five_are_taken(scene: Scene) -> None:
    demand = filed(scene, *(ContactGiven(name=f"联系人{n}") for n in range(5)))

    assert demand.contact_people.count() == 5


def test_those_who_want_it_are_written_to_once_each(scene: Scene) -> None:
    again = ContactGiven(name="沈工的同事", email="SHEN@example.com", told_by=ToldBy.MAIL)
    demand = filed(scene, SHEN, HE, again, ContactGiven(name="尹厂长", phone="13700000000"))

    scene.dispatch(demand)
    scene.accept(demand)
    scene.answer(demand)

    told = [("sms", "13812345678"), ("mail", "shen@example.com")]
    assert letters("demand.filed") == told
    assert letters("demand.answered") == told
    # Of little urgency: no text message.
    assert letters("demand.accepted") == [("mail", "shen@example.com")]


def test_whoever_has_an_account_is_not_told_twice(scene: Scene) -> None:
    scene.member.mobile, scene.member.email = "13812345678", "Shen@Example.com"
    scene.member.save()

    filed(scene, SHEN, HE)

    assert letters() == []


def test_text_messages_wait_for_the_morning_and_are_in_chinese(scene: Scene) -> None:
    night = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    filed(scene, HE, at=night)

    letter = Delivery.objects.get(channel="sms")
    assert letter.next_try_at.astimezone(night.tzinfo).hour < 12
    assert letter.next_try_at > night
    assert letter.title == "您的诉求已收到"


def test_the_enterprise_and_the_handler_change_them(scene: Scene) -> None:
    demand = scene.accept(scene.dispatch(filed(scene, SHEN)))

    change_contacts(demand.pk, [HE, ContactGiven(name="沈工")], by=scene.handler, at=AT)
    change_contacts(demand.pk, [HE], by=scene.member, at=AT)

    assert [each.name for each in ContactPerson.objects.of(demand)] == ["贺经理"]
    events = Event.objects.filter(verb="demand.contacts_changed").order_by("pk")
    assert [(each.detail["before"], each.detail["after"]) for each in events] == [(1, 2), (2, 1)]
    # The trail keeps no name and no number.
    assert not any("138" in str(each.detail) or "沈" in str(each.detail) for each in events)


def test_the_same_again_is_no_event(scene: Scene) -> None:
    demand = filed(scene, HE)

    change_contacts(demand.pk, [HE], by=scene.member, at=AT)

    assert not Event.objects.filter(verb="demand.contacts_changed").exists()


def test_others_do_not_change_them(scene: Scene) -> None:
    demand = scene.accept(scene.dispatch(filed(scene, SHEN)))
    auditor = grant(make_user(), Role.AUDITOR)

    for person in (scene.leader, scene.other_handler, auditor):
        with pytest.raises(PermissionDenied):
            change_contacts(demand.pk, [HE], by=person, at=AT)


def test_a_withdrawn_demand_keeps_what_it_has(scene: Scene) -> None:
    demand = scene.demand_in(DemandStatus.WITHDRAWN)

    with pytest.raises(MoveNotPossible):
        change_contacts(demand.pk, [HE], by=scene.member, at=AT)


def test_who_does_not_work_on_it_sees_them_masked(scene: Scene) -> None:
    demand = filed(scene, HE, SHEN)

    masked = contacts_for(demand, scene.leader)
    plain = contacts_for(demand, scene.dispatcher)

    assert [(each.name, each.phone) for each in masked] == [
        ("贺*", "138****5678"), ("沈*", "139****5678")
    ]  # fmt: skip
    assert "shen@" not in masked[1].email
    assert plain[0].phone == "13812345678"
    assert contacts_for(demand, make_handler(scene.other)) == []


def test_a_tip_has_no_contact_whoever_writes_it(scene: Scene) -> None:
    scene.category.allows_anonymous = True
    scene.category.save()
    tip = file_tip(
        category=scene.category, title="夜间噪声", text="", secret="a", idempotency_key="k", at=AT
    )

    with pytest.raises(PermissionDenied):
        change_contacts(tip.pk, [HE], by=scene.dispatcher, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPerson.objects.create(demand=tip, name="某人")


def test_a_form_that_is_older_than_a_change_overwrites_nothing(scene: Scene) -> None:
    demand = filed(scene, SHEN)
    seen = contacts_seen(demand)
    change_contacts(demand.pk, [HE], by=scene.dispatcher, at=AT)

    with pytest.raises(ContactsChangedMeanwhile):
        change_contacts(demand.pk, [], seen=seen, by=scene.member, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_who_change_them_at_once_do_not_lose_one_another(
    transactional_db: None,
) -> None:
    from tests.demands.scene import make_scene

    scene = make_scene()
    demand = filed(scene, SHEN)
    seen = contacts_seen(demand)

    results = at_once(
        lambda: change_contacts(demand.pk, [HE], seen=seen, by=scene.member, at=AT),
        lambda: change_contacts(demand.pk, [], seen=seen, by=scene.dispatcher, at=AT),
    )

    assert len(refusals(results)) == 1
    assert Event.objects.filter(verb="demand.contacts_changed").count() == 1
