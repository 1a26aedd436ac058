"""One's own notices over JSON, and how one wants to be told."""

import datetime as dt
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqi.accounts.models import User
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.notices.actions import TopicWish, choose_messages, mark_read
from lianqi.notices.enums import Channel, Topic
from lianqi.notices.models import Notice
from lianqi.notices.queries import own_choices, topic_rows

router = Router(tags=["notices"])

Leaving = Annotated[Channel, Field(description="mail, sms or wecom")]


class NoticeOut(Schema):
    """A notice. `event` is a code; title and body are in the reader's language."""

    id: int
    event: str
    title: str
    body: str
    url: str
    created_at: dt.datetime
    read_at: dt.datetime | None


class NoticePage(Schema):
    """Notices, newest first. Pass `next_before` as `before` for the following page."""

    notices: list[NoticeOut]
    next_before: int | None


class NoticeFilter(Schema):
    unread: bool = False
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class ReadIn(Schema):
    ids: Annotated[list[int], Field(max_length=500)]


class ReadOut(Schema):
    """How many were unread before."""

    marked: int


class TopicIn(Schema):
    """Over which channels a topic leaves the platform, and whether once a day is enough."""

    topic: Topic
    channels: list[Leaving]
    digest: bool = False


class TopicOut(TopicIn):
    """`obligatory`: one channel at least is used, whatever is chosen."""

    obligatory: bool


class ChoicesIn(Schema):
    """Times of day are the zone's. Topics that are left out stay as they are."""

    quiet_from: dt.time | None
    quiet_until: dt.time | None
    digest_at: dt.time
    topics: list[TopicIn] = []


class ChoicesOut(Schema):
    quiet_from: dt.time | None
    quiet_until: dt.time | None
    digest_at: dt.time
    topics: list[TopicOut]


@router.get("", response={200: NoticePage, **PROBLEMS}, operation_id="list_notices")
def list_notices(request: ApiRequest, query: Query[NoticeFilter]) -> dict[str, Any]:
    """Your notices, newest first."""
    found = Notice.objects.filter(person=request.user)
    if query.unread:
        found = found.unread()
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(found.order_by("-pk")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return {"notices": rows, "next_before": rows[-1].pk if more else None}


@router.post("/read", response={200: ReadOut, **PROBLEMS}, operation_id="read_notices")
def read_notices(request: ApiRequest, body: ReadIn) -> dict[str, int]:
    """Mark your notices as read; ids of other people's change nothing."""
    return {"marked": mark_read(body.ids, person=request.user, at=timezone.now())}


@router.get("/choices", response={200: ChoicesOut, **PROBLEMS}, operation_id="get_message_choices")
def get_message_choices(request: ApiRequest) -> dict[str, Any]:
    """How you are told."""
    return _choices(request.user)


@router.put(
    "/choices", response={200: ChoicesOut, **PROBLEMS}, operation_id="change_message_choices"
)
def change_message_choices(request: ApiRequest, body: ChoicesIn) -> dict[str, Any]:
    """Choose how you want to be told."""
    choose_messages(
        [
            TopicWish(each.topic, tuple(each.channels), is_digest=each.digest)
            for each in body.topics
        ],
        quiet_from=body.quiet_from,
        quiet_until=body.quiet_until,
        digest_at=body.digest_at,
        by=request.user,
        at=timezone.now(),
    )
    return _choices(request.user)


def _choices(person: User) -> dict[str, Any]:
    hours = own_choices(person)
    return {
        "quiet_from": hours.quiet_from,
        "quiet_until": hours.quiet_until,
        "digest_at": hours.digest_at,
        "topics": [
            {
                "topic": row.topic,
                "channels": list(row.channels),
                "digest": row.is_digest,
                "obligatory": row.is_obligatory,
            }
            for row in topic_rows(person)
        ],
    }
