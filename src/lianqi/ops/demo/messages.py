"""How people of the demo zone want to be told, and what of the messages the zone changed."""

import datetime as dt

from lianqi.accounts.actions import change_person
from lianqi.accounts.enums import Language
from lianqi.accounts.models import User
from lianqi.notices.actions import TopicWish, change_wording, choose_messages
from lianqi.notices.enums import Channel, Topic
from lianqi.ops.demo.people import People

NIGHT = (dt.time(22), dt.time(7))
# A landline: its text messages are refused, and the page of messages sent shows how that looks.
NO_MOBILE = "010-0000 8180"


def choose_channels(people: People, *, at: dt.datetime) -> None:
    """Mobile numbers, WeCom accounts and choices of some; the others have what is usual."""
    handler, head = people.handlers["economy"][0], people.heads["economy"]
    landline = people.heads["safety"]
    for number, person in enumerate((people.leader, people.dispatcher, handler, head)):
        _reach(person, f"1390000000{number}", people.admin, at=at)
    _reach(landline, NO_MOBILE, people.admin, at=at)
    wecom, sms, mail = Channel.WECOM.value, Channel.SMS.value, Channel.MAIL.value
    _choose(handler, TopicWish(Topic.WORK, (wecom,)), TopicWish(Topic.DEADLINES, (wecom,)), at=at)
    _choose(
        head,
        TopicWish(Topic.DEADLINES, (wecom, mail)),
        TopicWish(Topic.WORK, (mail,), is_digest=True),
        at=at,
    )
    _choose(people.leader, TopicWish(Topic.DEADLINES, (sms,)), at=at)
    _choose(people.dispatcher, TopicWish(Topic.WORK, (wecom,), is_digest=True), at=at)
    _choose(landline, TopicWish(Topic.DEADLINES, (sms,)), at=at)
    change_wording(
        "demand.answered",
        audience="any",
        channel=sms,
        language=Language.ZH,
        title="您的诉求{number}已由{unit}答复，请登录平台确认",
        body="",
        by=people.admin,
        at=at,
    )


def _reach(person: User, mobile: str, admin: User, *, at: dt.datetime) -> None:
    change_person(
        person.pk,
        name=person.name,
        email=person.email,
        mobile=mobile,
        wecom_id=person.username,
        unit=person.unit,
        is_active=True,
        by=admin,
        at=at,
    )


def _choose(person: User, *wishes: TopicWish, at: dt.datetime) -> None:
    choose_messages(
        wishes,
        quiet_from=NIGHT[0],
        quiet_until=NIGHT[1],
        digest_at=dt.time(8, 30),
        by=person,
        at=at,
    )
