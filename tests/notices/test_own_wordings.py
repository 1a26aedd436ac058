"""The zone's own words: checked before they are used, narrowest first, taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.accounts.enums import Language, Role
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.notices.actions import change_wording, notify, reset_wording
from lianqi.notices.errors import EmptyTitle, PlaceMissing, StrayBrace, UnknownPlace
from lianqi.notices.models import Delivery, Notice, OwnWording
from tests.factories import AT, grant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return grant(make_user("admin"), Role.PLATFORM_ADMIN)


def change(admin: User, title: str, body: str = "", **place: str) -> OwnWording:
    where = {"audience": "any", "channel": "any"} | place
    event = where.pop("event", "demand.filed")
    return change_wording(
        event,
        audience=where["audience"],
        channel=where["channel"],
        language=Language(where.get("language", "zh-hans")),
        title=title,
        body=body,
        by=admin,
        at=AT,
    )


def tell(person: User, key: str = "k") -> None:
    names = {"number": "SQ1", "title": "路灯不亮"}
    notify([person], event="demand.filed", names=names, url="", at=AT, dedupe_key=key)


def test_own_words_hold_from_then_on_in_their_language(admin: User) -> None:
    zh, en = make_user("zh"), make_user("en", language="en")
    tell(zh, "before")

    change(admin, "诉求{number}我们收到了", "{title}")
    tell(zh, "after")
    tell(en, "after")

    assert list(Notice.objects.order_by("pk").values_list("title", "body")) == [
        ("您的诉求已收到", "SQ1 路灯不亮"),
        ("诉求SQ1我们收到了", "路灯不亮"),
        ("Your demand was received", "SQ1 路灯不亮"),
    ]


def test_words_for_one_channel_do_not_change_the_platform(admin: User) -> None:
    person = make_user("zh", email="a@example.com")
    change(admin, "【云岭】{number}已收到", channel="mail")

    tell(person)

    assert Notice.objects.get().title == "您的诉求已收到"
    assert Delivery.objects.get().title == "【云岭】SQ1已收到"


def test_the_reader_matters_more_than_the_channel(admin: User) -> None:
    handler = grant(make_user("handler", email="h@example.com"), Role.DISPATCHER)
    change(admin, "给邮件", channel="mail")
    change(admin, "给工作人员", audience="staff")

    tell(handler)

    assert (Notice.objects.get().title, Delivery.objects.get().title) == ("给工作人员", "")


@pytest.mark.parametrize(
    ("title", "body", "refusal"),
    [
        ("", "{number}", EmptyTitle),
        ("  ", "{number}", EmptyTitle),
        ("{nummer}", "", UnknownPlace),
        ("诉求", "{phone}", UnknownPlace),
        ("诉求 {", "", StrayBrace),
        ("诉求", "{Number}", StrayBrace),
    ],
)
def test_a_text_that_would_show_braces_is_refused(
    admin: User, title: str, body: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        change(admin, title, body)

    assert not OwnWording.objects.exists()


def test_an_invitation_keeps_its_link(admin: User) -> None:
    with pytest.raises(PlaceMissing):
        change(admin, "邀请", "请联系管委会。", event="membership.invited")

    change(admin, "邀请", "请打开{link}。", event="membership.invited")


def test_back_to_the_default(admin: User) -> None:
    person = make_user("zh")
    change(admin, "收到{number}")
    where = {"audience": "any", "channel": "any", "language": Language.ZH}

    done = reset_wording("demand.filed", by=admin, at=AT, **where)  # type: ignore[arg-type]  # a table of texts
    again = reset_wording("demand.filed", by=admin, at=AT, **where)  # type: ignore[arg-type]  # as above
    tell(person)

    assert (done, again) == (True, False)
    assert Notice.objects.get().title == "您的诉求已收到"
    verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["notices.wording_changed", "notices.wording_reset"]


def test_only_the_platform_administrator_changes_words() -> None:
    for who in (make_user(), grant(make_user(), Role.DISPATCHER), grant(make_user(), Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            change(who, "收到{number}")


def test_the_time_is_kept(admin: User) -> None:
    wording = change(admin, "收到{number}")

    assert (wording.changed_by, wording.changed_at) == (admin, AT)
    assert wording.changed_at.tzinfo == dt.UTC
