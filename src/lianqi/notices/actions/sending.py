"""Sending what waits in the outbox: at least once, over whatever gateways the zone has."""

import datetime as dt
import re
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.notices.channels import Away, Gateway, NotTaken, Outgoing
from lianqi.notices.enums import DeliveryState
from lianqi.notices.errors import NotToBeSentAgain, ReaderIsGone, TextIsGone
from lianqi.notices.models import Delivery

# Minutes until the next attempt: eight attempts in a good half day, longer than a usual outage.
WAITS = (1, 5, 15, 30, 60, 180, 480)
MAX_ATTEMPTS = len(WAITS) + 1


def send_waiting(
    *, at: dt.datetime, limit: int, gateways: Mapping[str, Gateway], site: str = ""
) -> int:
    """Send what may leave, at most `limit` per channel; return how many were taken.

    Each message is claimed in a transaction of its own before it is sent: the attempt is counted
    and the next one set, so that a worker that dies in the middle leaves a message that is tried
    again later, and two workers never hold the same one. It may therefore be handed over twice,
    never not at all; its key stays the same, by which the provider knows the second one. After
    eight attempts it is given up.

    When a provider cannot be reached its run ends: the other messages keep their attempts.

    Args:
        gateways: By channel. What is meant for a channel without one is not sent.
        site: Address of the platform, put before the notice's own: `https://qy.example.gov.cn`.
    """
    sent = 0
    for channel, gateway in gateways.items():
        try:
            sent += _send_over(gateway, channel, at=at, limit=limit, site=site)
        finally:
            gateway.close()
    waiting = Delivery.objects.waiting(at=at).exclude(channel__in=list(gateways)).order_by()
    waiting.update(state=DeliveryState.DROPPED, error="this zone has no such channel")
    return sent


def _send_over(gateway: Gateway, channel: str, *, at: dt.datetime, limit: int, site: str) -> int:
    sent = 0
    for _round in range(limit):
        delivery = _claim(channel, at)
        if delivery is None:
            break
        if delivery.state == DeliveryState.DROPPED:
            continue
        try:
            reference = gateway.send(_outgoing(delivery, site), at=at)
        except Away as away:
            _note_trouble(delivery, away, at=at, wait=away.wait)
            break
        except NotTaken as refused:
            _note_trouble(delivery, refused, at=at, is_final=refused.is_final)
        else:
            _note_sent(delivery, reference, at=at, is_simulated=gateway.is_simulated)
            sent += 1
    return sent


@transaction.atomic
def _claim(channel: str, at: dt.datetime) -> Delivery | None:
    """Take the message that has waited longest, count the attempt and set the time of the next.

    The last attempt is claimed as failed; success corrects it, and a crash leaves it true. What is
    meant for somebody who has left meanwhile is not sent.
    """
    delivery = (
        Delivery.objects.waiting(at=at)
        .filter(channel=channel)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("notice", "person")
        .first()
    )
    if delivery is None:
        return None
    if delivery.person is not None and not delivery.person.is_active:
        delivery.state = DeliveryState.DROPPED
        delivery.error = "the reader may not sign in any more"
        delivery.save(update_fields=["state", "error"])
        return delivery
    delivery.attempts += 1
    if delivery.attempts < MAX_ATTEMPTS:
        delivery.next_try_at = at + dt.timedelta(minutes=WAITS[delivery.attempts - 1])
    else:
        delivery.state, delivery.error = DeliveryState.FAILED, "the last attempt did not end"
    delivery.save(update_fields=["attempts", "next_try_at", "state", "error"])
    return delivery


def _outgoing(delivery: Delivery, site: str) -> Outgoing:
    """What leaves, with a key that stays the same when it is sent again."""
    notice = delivery.notice
    if notice is None:
        written = f"{delivery.written_at:%Y%m%d%H%M%S%f}"
        title, body, link = delivery.title, delivery.body, ""
        key = f"letter-{delivery.pk}-{written}"
    else:
        title, body = delivery.title or notice.title, delivery.body
        if not delivery.title:
            body = notice.body
        link = f"{site}{notice.url}" if site and notice.url else ""
        key = f"notice-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S%f}"
    return Outgoing(
        address=delivery.address,
        title=re.sub(r"\s+", " ", title),
        body=body,
        link=link,
        key=key,
    )


def _note_sent(delivery: Delivery, reference: str, *, at: dt.datetime, is_simulated: bool) -> None:
    delivery.state, delivery.error, delivery.sent_at = DeliveryState.SENT, "", at
    delivery.provider_ref, delivery.is_simulated = reference[:120], is_simulated
    _save(delivery, "sent_at", "provider_ref", "is_simulated")


def _note_trouble(
    delivery: Delivery,
    trouble: Exception,
    *,
    at: dt.datetime,
    wait: dt.timedelta | None = None,
    is_final: bool = False,
) -> None:
    delivery.error = str(trouble)[:1000]
    if is_final:
        delivery.state = DeliveryState.FAILED
    elif wait is not None and delivery.state == DeliveryState.WAITING:
        delivery.next_try_at = max(delivery.next_try_at, at + wait)
    _save(delivery, "next_try_at")


def _save(delivery: Delivery, *fields: str) -> None:
    if delivery.state != DeliveryState.WAITING and delivery.is_for_a_stranger:
        delivery.body = ""
    delivery.save(update_fields=["state", "error", "body", *fields])


@transaction.atomic
def send_again(delivery_id: int, *, by: User, at: dt.datetime) -> Delivery:
    """Put a message that was given up back into the outbox, with all its attempts.

    Raises:
        NotToBeSentAgain: It was not given up, or somebody was faster.
        ReaderIsGone: The person may not sign in any more.
        TextIsGone: It was a letter whose text may have carried a secret.
    """
    if not by.has_perm("notices.send_again"):
        raise PermissionDenied
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=delivery_id)
    )
    if delivery.state != DeliveryState.FAILED:
        raise NotToBeSentAgain(state=delivery.get_state_display())
    if delivery.person is not None and not delivery.person.is_active:
        raise ReaderIsGone(name=delivery.person)
    if delivery.is_for_a_stranger:
        raise TextIsGone
    delivery.state, delivery.attempts, delivery.next_try_at = DeliveryState.WAITING, 0, at
    delivery.save(update_fields=["state", "attempts", "next_try_at"])
    record("notices.sent_again", delivery, by=by, at=at, channel=delivery.channel)
    return delivery
