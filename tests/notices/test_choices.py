"""How people want to be told: channels, quiet hours, the daily summary, what cannot be refused."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.models import Absence, User
from lianqi.audit.models import Event
from lianqi.notices.actions import TopicWish, bundle_due, choose_messages, notify, send_waiting
from lianqi.notices.channels import SimulatedGateway
from lianqi.notices.enums import Topic
from lianqi.notices.errors import HalfQuietHours, ObligatoryTopic
from lianqi.notices.models import Delivery, Notice

# 10:00 and 23:00 in the zone.
MORNING = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)
SEVEN = dt.datetime(2026, 3, 2, 23, 0, tzinfo=dt.UTC)
HALF_PAST_EIGHT = dt.datetime(2026, 3, 3, 0, 30, tzinfo=dt.UTC)
EVERYWHERE = {"email": "a@example.com", "mobile": "13800138000", "wecom_id": "anna"}
NAMES = {
    "demand.filed": {"number": "SQ1", "title": "路灯不亮"},
    "demand.accepted": {"number": "SQ1", "title": "路灯不亮", "unit": "建设局"},
    "demand.dispatched": {"number": "SQ1", "title": "路灯不亮", "unit": "建设局"},
    "work.overdue": {"label": "SQ1", "who": "建设局", "due_at": "2026-03-02 17:30"},
    "work.due_soon": {"label": "SQ1", "who": "建设局", "due_at": "2026-03-02 17:30"},
}

pytestmark = pytest.mark.django_db


def person(name: str = "anna", **fields: Any) -> User:
    return User.objects.create(username=name, name=name, **fields)


def choose(who: User, *wishes: TopicWish, **hours: Any) -> None:
    usual = {"quiet_from": None, "quiet_until": None, "digest_at": dt.time(8, 30)}
    choose_messages(wishes, by=who, at=MORNING, **{**usual, **hours})


def tell(
    who: User, event: str = "demand.filed", *, at: dt.datetime = MORNING, key: str = "k"
) -> None:
    notify([who], event=event, names=NAMES[event], url="/x/", at=at, dedupe_key=key)


def left() -> list[tuple[str, str, dt.datetime]]:
    rows = Delivery.objects.order_by("pk").values_list("channel", "state", "next_try_at")
    return list(rows)


def test_who_chose_nothing_gets_mail_and_sleeps_at_night() -> None:
    anna = person(**EVERYWHERE)

    tell(anna)
    tell(anna, at=NIGHT, key="night")

    assert left() == [("mail", "waiting", MORNING), ("mail", "waiting", SEVEN)]


def test_each_chosen_channel_gets_it_once() -> None:
    anna = person(**EVERYWHERE)
    choose(anna, TopicWish(Topic.DEMANDS, ("sms", "wecom")))

    tell(anna)
    tell(anna)

    assert left() == [("sms", "waiting", MORNING), ("wecom", "waiting", MORNING)]
    addresses = Delivery.objects.order_by("pk").values_list("address", flat=True)
    assert list(addresses) == ["13800138000", "anna"]


def test_a_topic_may_stay_in_the_platform_and_does_not_touch_another() -> None:
    anna = person(**EVERYWHERE)
    choose(anna, TopicWish(Topic.DEMANDS, ()))

    tell(anna)
    tell(anna, "demand.dispatched", key="work")

    assert Notice.objects.count() == 2
    assert [channel for channel, _state, _at in left()] == ["mail"]


def test_what_the_law_wants_told_leaves_whatever_was_chosen() -> None:
    anna, mobile_only = person(**EVERYWHERE), person("bert", mobile="13900139000")
    for each in (anna, mobile_only):
        choose(each, TopicWish(Topic.DEADLINES, ()))

    for each in (anna, mobile_only):
        tell(each, "work.due_soon", key=each.username)

    assert [channel for channel, _state, _at in left()] == ["mail", "sms"]


def test_what_is_overdue_is_told_at_night_too() -> None:
    anna = person(**EVERYWHERE)

    tell(anna, "work.due_soon", at=NIGHT, key="soon")
    tell(anna, "work.overdue", at=NIGHT, key="over")

    assert [at for _channel, _state, at in left()] == [SEVEN, NIGHT]


def test_what_matters_little_costs_no_text_message() -> None:
    anna = person(**EVERYWHERE)
    choose(anna, TopicWish(Topic.DEMANDS, ("sms", "mail")))

    tell(anna, "demand.accepted")

    assert [channel for channel, _state, _at in left()] == ["mail"]


def test_a_day_becomes_one_message_and_each_part_leaves_once() -> None:
    anna = person(**EVERYWHERE)
    choose(anna, TopicWish(Topic.DEMANDS, ("mail", "sms"), is_digest=True))
    for number in range(3):
        tell(anna, key=str(number))

    early = bundle_due(at=HALF_PAST_EIGHT - dt.timedelta(seconds=1))
    made = bundle_due(at=HALF_PAST_EIGHT)
    again = bundle_due(at=HALF_PAST_EIGHT)

    assert (early, made, again) == (0, 2, 0)
    gateway = SimulatedGateway()
    taken = gateway.taken
    gateway.close = lambda: None  # type: ignore[method-assign]  # what was taken is looked at below
    sent = send_waiting(at=HALF_PAST_EIGHT, limit=10, gateways={"mail": gateway, "sms": gateway})
    assert sent == 2
    assert [each.title for each in taken] == ["通知汇总：3条", "通知汇总：3条"]
    assert taken[0].body.splitlines() == ["· 您的诉求已收到：SQ1 路灯不亮"] * 3
    assert taken[1].body.splitlines() == ["· 您的诉求已收到"] * 3
    parts = Delivery.objects.filter(state="bundled")
    assert parts.count() == 6
    assert {each.bundle.channel == each.channel for each in parts if each.bundle} == {True}


def test_nobody_who_left_gets_the_summary_or_what_was_waiting() -> None:
    anna = person(**EVERYWHERE)
    choose(
        anna, TopicWish(Topic.DEMANDS, ("mail",), is_digest=True), TopicWish(Topic.WORK, ("sms",))
    )
    tell(anna)
    tell(anna, "demand.dispatched", key="work")
    User.objects.update(is_active=False)
    gateway = SimulatedGateway()

    made = bundle_due(at=HALF_PAST_EIGHT)
    sent = send_waiting(at=HALF_PAST_EIGHT, limit=10, gateways={"mail": gateway, "sms": gateway})

    assert (made, sent) == (0, 0)
    assert [state for _channel, state, _at in left()] == ["dropped", "dropped"]


def test_a_channel_the_zone_does_not_have_takes_nothing() -> None:
    anna = person(**EVERYWHERE)
    choose(anna, TopicWish(Topic.DEMANDS, ("wecom",)))
    tell(anna)

    send_waiting(at=MORNING, limit=10, gateways={"mail": SimulatedGateway()})

    assert [state for _channel, state, _at in left()] == ["dropped"]


def test_the_stand_in_is_told_of_work_and_of_nothing_else() -> None:
    anna, bert = person(**EVERYWHERE), person("bert", email="b@example.com")
    Absence.objects.create(
        user=anna, stand_in=bert, from_on=dt.date(2026, 3, 2), until_on=dt.date(2026, 3, 2)
    )

    tell(anna, "demand.dispatched", key="work")
    tell(anna, "demand.filed", key="own")
    tell(anna, "demand.dispatched", key="after", at=MORNING + dt.timedelta(days=1))

    told = Notice.objects.order_by("pk").values_list("person__name", "dedupe_key")
    assert list(told) == [
        ("anna", "work"), ("bert", "work"), ("anna", "own"), ("anna", "after"),
    ]  # fmt: skip


def test_a_stand_in_who_is_told_anyway_is_told_once() -> None:
    anna, bert = person(**EVERYWHERE), person("bert", email="b@example.com")
    day = MORNING.date()
    Absence.objects.create(user=anna, stand_in=bert, from_on=day, until_on=day)

    notify(
        [anna, bert],
        event="demand.dispatched",
        names=NAMES["demand.dispatched"],
        url="",
        at=MORNING,
        dedupe_key="k",
    )

    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 2)


def test_quiet_hours_need_both_ends() -> None:
    with pytest.raises(HalfQuietHours):
        choose(person(), quiet_from=dt.time(22))

    assert not Event.objects.exists()


def test_an_obligatory_topic_cannot_wait_for_the_summary() -> None:
    with pytest.raises(ObligatoryTopic):
        choose(person(), TopicWish(Topic.DEADLINES, ("mail",), is_digest=True))


def test_choosing_again_replaces_the_choice_and_is_in_the_trail() -> None:
    anna = person(**EVERYWHERE)

    choose(anna, TopicWish(Topic.DEMANDS, ("sms",)))
    choose(
        anna, TopicWish(Topic.DEMANDS, ("wecom",)), quiet_from=dt.time(9), quiet_until=dt.time(11)
    )
    tell(anna)

    assert left() == [("wecom", "waiting", MORNING + dt.timedelta(hours=1))]
    assert list(Event.objects.values_list("verb", flat=True)) == ["notices.chosen"] * 2
