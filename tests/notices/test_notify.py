"""Notices: once per person, by mail where there is an address, read by their owner only."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.notices.actions import mark_read, notify
from lianqi.notices.models import Delivery, Notice

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=5)

pytestmark = pytest.mark.django_db


def person(name: str, email: str = "", **fields: Any) -> User:
    return User.objects.create(username=name, name=name, email=email, **fields)


def tell(*people: User, key: str = "demand.filed:1", at: dt.datetime = NOW) -> None:
    notify(
        people,
        event="demand.filed",
        names={"number": "SQ1", "title": "路灯不亮"},
        url="/demands/1/",
        at=at,
        dedupe_key=key,
    )


def test_everybody_is_told_once_and_mail_goes_to_those_with_an_address() -> None:
    plain, reachable = person("plain"), person("reachable", "r@example.com")

    tell(plain, reachable, reachable)

    assert list(Notice.objects.order_by("pk").values_list("person", flat=True)) == [
        plain.pk,
        reachable.pk,
    ]
    mail = Delivery.objects.get()
    assert (mail.notice.person, mail.address) == (reachable, "r@example.com")
    assert (mail.next_try_at, mail.attempts, mail.state) == (NOW, 0, "waiting")


def test_the_same_key_tells_only_those_who_were_not_told() -> None:
    first, second = person("first", "f@example.com"), person("second", "s@example.com")
    tell(first)

    tell(first, second, at=LATER)

    assert list(Delivery.objects.order_by("pk").values_list("address", "next_try_at")) == [
        ("f@example.com", NOW),
        ("s@example.com", LATER),
    ]
    assert Notice.objects.count() == 2


def test_an_address_entered_later_brings_no_old_mail() -> None:
    someone = person("someone")
    tell(someone)
    someone.email = "new@example.com"
    someone.save()

    tell(someone, at=LATER)

    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


def test_another_key_is_another_notice() -> None:
    someone = person("someone")

    tell(someone)
    tell(someone, key="demand.filed:2")

    assert Notice.objects.count() == 2


def test_nobody_and_people_who_left_are_no_trouble() -> None:
    tell()
    tell(person("gone", "g@example.com", is_active=False))

    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_title_too_long_is_cut() -> None:
    names = {"label": "长" * 200, "who": "", "due_at": ""}

    notify([person("someone")], event="work.overdue", names=names, url="", at=NOW, dedupe_key="k")

    assert Notice.objects.get().title == "已超期：" + "长" * 196


def test_everybody_reads_in_the_own_language_whoever_acts() -> None:
    zh, en = person("zh"), person("en", language="en")
    names = {"enterprise": "云岭精密", "role": Role.ENTERPRISE_STAFF.label}

    with translation.override("en"):
        notify(
            [zh, en],
            event="membership.confirmed",
            names=names,
            url="",
            at=NOW,
            dedupe_key="k",
        )

    assert list(Notice.objects.order_by("pk").values_list("title", "body")) == [
        ("您现在可以代表云岭精密办理事项", "企业经办人"),
        ("You can act for 云岭精密 now", "Enterprise staff"),
    ]


def test_what_somebody_typed_is_never_read_as_a_place_of_the_text() -> None:
    someone = person("someone")

    notify(
        [someone],
        event="demand.filed",
        names={"number": "SQ1", "title": "{number} {unknown}"},
        url="",
        at=NOW,
        dedupe_key="k",
    )

    assert Notice.objects.get().body == "SQ1 {number} {unknown}"


def test_an_event_that_nobody_wrote_a_text_for_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        notify([person("someone")], event="no.such", names={}, url="", at=NOW, dedupe_key="k")


def test_telling_many_costs_the_same_as_telling_one(django_assert_num_queries: Any) -> None:
    people = [person(f"p{n}", f"p{n}@example.com") for n in range(20)]

    with django_assert_num_queries(9):  # two choices and the wordings of the zone besides
        tell(*people)

    assert Delivery.objects.count() == 20


def test_people_mark_their_own_notices_read_and_no_others() -> None:
    mine, other = person("mine"), person("other")
    tell(mine, other)
    ids = list(Notice.objects.values_list("pk", flat=True))

    marked = mark_read(ids, person=mine, at=NOW)
    again = mark_read(ids, person=mine, at=LATER)

    assert (marked, again) == (1, 0)
    assert dict(Notice.objects.values_list("person", "read_at")) == {mine.pk: NOW, other.pk: None}
