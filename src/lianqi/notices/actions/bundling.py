"""The daily summary: what was held for a person becomes one message."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.notices.enums import Audience, Channel, DeliveryState
from lianqi.notices.models import Delivery
from lianqi.notices.queries import Texts

EVENT = "notices.digest"
MOST_LINES = 100


def bundle_due(*, at: dt.datetime, limit: int = 500) -> int:
    """Put what is due into one message per person and channel; return how many messages.

    Call again while the answer is `limit`. Each summary commits alone, with the marks on its parts:
    a part is in one summary, whatever dies meanwhile.
    """
    due = Delivery.objects.held(at=at).values_list("person_id", "channel").distinct()
    made = 0
    for person_id, channel in list(due.order_by("person_id", "channel")[:limit]):
        made += _bundle(person_id, channel, at=at)
    return made


@transaction.atomic
def _bundle(person_id: int | None, channel: str, *, at: dt.datetime) -> bool:
    """False if another worker has these parts already."""
    parts = list(
        Delivery.objects.held(at=at)
        .filter(person_id=person_id, channel=channel)
        .select_related("notice", "person")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:MOST_LINES]
    )
    if not parts or parts[0].person is None:
        return False
    person: User = parts[0].person
    if not person.is_active:
        Delivery.objects.filter(pk__in=[each.pk for each in parts]).update(
            state=DeliveryState.DROPPED, error="the reader may not sign in any more"
        )
        return False
    names = {"count": len(parts), "lines": "\n".join(_lines(parts, channel))}
    title, body = Texts(EVENT, names).to(Audience.ANY, channel, person.language)
    summary = Delivery.objects.create(
        person=person,
        channel=channel,
        address=parts[-1].address,
        letter_key=f"{EVENT}:{channel}:{parts[0].pk}",
        title=title,
        body=body,
        written_at=at,
        next_try_at=at,
    )
    Delivery.objects.filter(pk__in=[each.pk for each in parts]).update(
        state=DeliveryState.BUNDLED, bundle=summary
    )
    return True


def _lines(parts: Iterable[Delivery], channel: str) -> Iterable[str]:
    for part in parts:
        notice = part.notice
        title, body = part.title, part.body
        if not title and notice is not None:
            title, body = notice.title, notice.body
        # A text message has no room for more than what it is about.
        said = title if channel == Channel.SMS or not body else f"{title}：{body}"
        yield "· " + " ".join(said.split())
