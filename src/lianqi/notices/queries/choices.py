"""How people want to be told, with what holds for those who chose nothing."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.engines.quiet_hours import after_quiet, next_at
from lianqi.notices.enums import (
    LEAVING,
    OBLIGATORY,
    USUAL_CHANNELS,
    Channel,
    DeliveryState,
    Topic,
    Urgency,
)
from lianqi.notices.models import MessageChoice, TopicChoice
from lianqi.notices.models.choices import USUAL_DIGEST_AT, USUAL_QUIET


@dataclass(frozen=True, slots=True)
class Choice:
    """How one person is told about one topic."""

    channels: tuple[str, ...] = USUAL_CHANNELS
    is_digest: bool = False
    quiet_from: dt.time | None = USUAL_QUIET[0]
    quiet_until: dt.time | None = USUAL_QUIET[1]
    digest_at: dt.time = USUAL_DIGEST_AT

    def channels_for(
        self, topic: Topic, urgency: Urgency, addresses: Mapping[Channel, str]
    ) -> list[Channel]:
        """Over which channels a message leaves, of those at which the person can be reached.

        An obligatory topic leaves over one at least, whatever was chosen.
        """
        reachable = [each for each in LEAVING if addresses.get(each)]
        if urgency == Urgency.LOW:
            reachable = [each for each in reachable if each != Channel.SMS]
        wanted = [each for each in reachable if each in self.channels]
        if not wanted and topic in OBLIGATORY:
            return [each for each in OBLIGATORY[topic] if each in reachable][:1]
        return wanted

    def moment(
        self, topic: Topic, urgency: Urgency, local: dt.datetime
    ) -> tuple[DeliveryState, dt.datetime]:
        """When a message written at `local`, in the zone's time, may leave, and how it waits."""
        if urgency == Urgency.URGENT:
            return DeliveryState.WAITING, local
        if self.is_digest and topic not in OBLIGATORY:
            return DeliveryState.HELD, next_at(local, self.digest_at)
        quiet = after_quiet(local, quiet_from=self.quiet_from, quiet_until=self.quiet_until)
        return DeliveryState.WAITING, quiet


USUAL = Choice()


def choices_of(people: Collection[int], topic: Topic) -> dict[int, Choice]:
    """The choice of each person about one topic."""
    hours = {each.person_id: each for each in MessageChoice.objects.filter(person__in=people)}
    topics = {
        each.person_id: each for each in TopicChoice.objects.filter(person__in=people, topic=topic)
    }
    return {pk: _choice(hours.get(pk), topics.get(pk)) for pk in people}


def own_choices(person: User) -> MessageChoice:
    """The quiet hours and the hour of the summary, as stored or as usual."""
    found = MessageChoice.objects.filter(person=person).first()
    usual_from, usual_until = USUAL_QUIET
    return found or MessageChoice(person=person, quiet_from=usual_from, quiet_until=usual_until)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic as its person sees it."""

    topic: Topic
    channels: tuple[str, ...]
    is_digest: bool
    is_obligatory: bool


def topic_rows(person: User) -> list[TopicRow]:
    """All topics with the person's choices."""
    chosen = {each.topic: each for each in TopicChoice.objects.filter(person=person)}
    rows = []
    for topic in Topic:
        choice = _choice(None, chosen.get(topic))
        rows.append(TopicRow(topic, choice.channels, choice.is_digest, topic in OBLIGATORY))
    return rows


def _choice(hours: MessageChoice | None, topic: TopicChoice | None) -> Choice:
    return Choice(
        channels=tuple(topic.channels) if topic else USUAL.channels,
        is_digest=topic.is_digest if topic else USUAL.is_digest,
        quiet_from=hours.quiet_from if hours else USUAL.quiet_from,
        quiet_until=hours.quiet_until if hours else USUAL.quiet_until,
        digest_at=hours.digest_at if hours else USUAL.digest_at,
    )
