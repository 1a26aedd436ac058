"""From the audit trail to messages: what happened, in the order in which it was committed."""

import datetime as dt
import json

from django.db import transaction
from django.db.models import Max

from lianqi.audit.models import Event, Link
from lianqi.webhooks.enums import HookEvent
from lianqi.webhooks.models import Feed, HookMessage, Webhook
from lianqi.webhooks.queries import payloads

THE_ONE = 1


@transaction.atomic
def feed(*, at: dt.datetime, limit: int = 1000) -> int:
    """Make messages of the events that were committed since the last time; return how many events.

    The chain of the trail gives every event its place as its transaction commits, so a place that
    was read past is never filled later. The place reached and the messages are written together:
    whatever dies in between, each system gets each event once. Call again while the answer is
    `limit`. The first call looks at nothing that was before it.
    """
    # A second worker waits here, and finds the events of the first one told.
    feed_row = Feed.objects.select_for_update().filter(pk=THE_ONE).first()
    if feed_row is None:
        newest = Link.objects.aggregate(last=Max("position"))["last"] or 0
        Feed.objects.bulk_create([Feed(pk=THE_ONE, position=newest)], ignore_conflicts=True)
        return 0
    links = Link.objects.filter(position__gt=feed_row.position).order_by("position")[:limit]
    places = list(links.values_list("position", "event_id"))
    if not places:
        return 0
    webhooks = list(Webhook.objects.active())
    if webhooks:
        _tell(webhooks, [event_id for _position, event_id in places], at=at)
    feed_row.position = places[-1][0]
    feed_row.save(update_fields=["position"])
    return len(places)


def _tell(webhooks: list[Webhook], ids: list[int], *, at: dt.datetime) -> None:
    wanted = {name for webhook in webhooks for name in webhook.events} & set(HookEvent.values)
    events = list(Event.objects.changes().filter(pk__in=ids, verb__in=wanted).order_by("pk"))
    said = payloads(events)
    place = {event_id: number for number, event_id in enumerate(ids)}
    events.sort(key=lambda event: place[event.pk])
    HookMessage.objects.bulk_create(
        [
            HookMessage(
                webhook=webhook,
                event_id=event.pk,
                type=event.verb,
                payload=json.dumps(said[event.pk], ensure_ascii=False),
                next_try_at=at,
                created_at=at,
            )
            for event in events
            if event.pk in said
            for webhook in webhooks
            if event.verb in webhook.events and event.at >= webhook.created_at
        ],
        ignore_conflicts=True,
    )
