"""Everybody decides how to be told; what the law wants to be told is told all the same."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.notices.enums import LEAVING, OBLIGATORY, Topic
from lianqi.notices.errors import HalfQuietHours, ObligatoryTopic
from lianqi.notices.models import MessageChoice, TopicChoice


@dataclass(frozen=True, slots=True)
class TopicWish:
    """How somebody wants to be told about one topic."""

    topic: Topic
    channels: tuple[str, ...]
    is_digest: bool = False


@transaction.atomic
def choose_messages(
    wishes: Iterable[TopicWish],
    *,
    quiet_from: dt.time | None,
    quiet_until: dt.time | None,
    digest_at: dt.time,
    by: User,
    at: dt.datetime,
) -> MessageChoice:
    """Write how `by` wants to be told: hours without both ends mean that there are none.

    Raises:
        HalfQuietHours: One end is missing.
        ObligatoryTopic: An obligatory topic was to wait for the daily summary.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise HalfQuietHours
    said = list(wishes)
    for wish in said:
        if wish.is_digest and wish.topic in OBLIGATORY:
            raise ObligatoryTopic(topic=wish.topic.label)
    choice, _made = MessageChoice.objects.update_or_create(
        person=by,
        defaults={"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at},
    )
    for wish in said:
        TopicChoice.objects.update_or_create(
            person=by,
            topic=wish.topic,
            defaults={
                "channels": [each for each in LEAVING if each in wish.channels],
                "is_digest": wish.is_digest,
            },
        )
    topics = {
        wish.topic: [*wish.channels, *(["digest"] if wish.is_digest else [])] for wish in said
    }
    record("notices.chosen", by, by=by, at=at, topics=topics)
    return choice
