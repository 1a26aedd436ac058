"""Sending messages to other systems: signed, at least once, given up after days of failure."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.engines.http import Answer, Unreachable, request
from lianqi.engines.signing import derived_secret, signature
from lianqi.notices.actions import notify
from lianqi.notices.actions.telling import ZONE_TIME
from lianqi.shared.errors import Refusal
from lianqi.webhooks.actions.checking import checked_address
from lianqi.webhooks.enums import HookState
from lianqi.webhooks.errors import NotToBeSentAgain, SwitchedOff
from lianqi.webhooks.models import HookAttempt, HookMessage, Webhook

# Minutes until the next attempt: nine attempts in a little over a day.
WAITS = (1, 5, 30, 120, 300, 300, 300, 600)
MAX_ATTEMPTS = len(WAITS) + 1
# A system that takes nothing for so long is no longer told.
GIVE_UP_AFTER = dt.timedelta(days=5)
SECONDS = 10
TAKEN = range(200, 300)
GONE = 410


def send_hooks(
    *, at: dt.datetime, limit: int, key: str, internal: Collection[str], site: str = ""
) -> int:
    """Send what may leave, at most `limit`; return how many were taken.

    As in the outbox of messages to people, each is claimed in a transaction of its own before it
    is sent, and keeps its `webhook-id`. A system that does not take one is left alone for the rest
    of the run, so that one that is slow holds up nobody else.

    Args:
        key: The secret key of the installation.
        internal: Hosts of the zone's own network that may be told.
        site: Address of the platform, for whoever reads the notice about a system given up.
    """
    sent, in_trouble = 0, set[int]()
    for _round in range(limit):
        message = _claim(at, but=in_trouble)
        if message is None:
            break
        answer, error = _send(message, at=at, key=key, internal=internal, site=site)
        taken = answer is not None and answer.status in TAKEN
        _note(message, answer, error, at=at)
        sent += taken
        if not taken:
            in_trouble.add(message.webhook_id)
    return sent


@transaction.atomic
def _claim(at: dt.datetime, *, but: Collection[int]) -> HookMessage | None:
    message = (
        HookMessage.objects.waiting(at=at)
        .exclude(webhook__in=but)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("webhook")
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    if message.attempts < MAX_ATTEMPTS:
        message.next_try_at = at + dt.timedelta(minutes=WAITS[message.attempts - 1])
    else:
        message.state = HookState.FAILED
    message.save(update_fields=["attempts", "next_try_at", "state"])
    return message


def _send(
    message: HookMessage, *, at: dt.datetime, key: str, internal: Collection[str], site: str
) -> tuple[Answer | None, str]:
    """The answer, or why there is none."""
    webhook, body = message.webhook, message.payload.encode()
    stamp = int(at.timestamp())
    signatures = [
        signature(
            derived_secret(key, salt), message_id=f"msg_{message.key}", timestamp=stamp, body=body
        )
        for salt in webhook.salts(at=at)
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Lianqi ({site})" if site else "Lianqi",
        "webhook-id": f"msg_{message.key}",
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signatures),
    }
    try:
        address = checked_address(webhook.url, internal=internal)
        answer = request(
            "POST", webhook.url, body=body, headers=headers, seconds=SECONDS, address=address
        )
    except Refusal as refusal:
        return None, refusal.code
    except Unreachable as trouble:
        return None, str(trouble)
    return answer, ""


@transaction.atomic
def _note(message: HookMessage, answer: Answer | None, error: str, *, at: dt.datetime) -> None:
    """Write the log, and what the attempt means for the message and the system."""
    HookAttempt.objects.create(
        message=message,
        at=at,
        status=answer.status if answer else None,
        milliseconds=round(answer.seconds * 1000) if answer else None,
        error=error[:200],
    )
    webhook = Webhook.objects.select_for_update().get(pk=message.webhook_id)
    if answer is not None and answer.status in TAKEN:
        message.state = HookState.SENT
        message.save(update_fields=["state"])
        webhook.failing_since = None
        webhook.save(update_fields=["failing_since"])
        return
    if answer is not None:
        _wait_as_asked(message, answer, at=at)
    webhook.failing_since = webhook.failing_since or at
    is_gone = answer is not None and answer.status == GONE
    if webhook.is_active and (is_gone or at - webhook.failing_since >= GIVE_UP_AFTER):
        _give_up(webhook, at=at)
    webhook.save(update_fields=["failing_since", "is_active", "given_up_at"])


def _wait_as_asked(message: HookMessage, answer: Answer, *, at: dt.datetime) -> None:
    seconds = answer.headers.get("retry-after", "")
    if message.state == HookState.WAITING and seconds.isdecimal():
        asked = at + dt.timedelta(seconds=min(int(seconds), 86_400))
        message.next_try_at = max(message.next_try_at, asked)
        message.save(update_fields=["next_try_at"])


def _give_up(webhook: Webhook, *, at: dt.datetime) -> None:
    """Switch a system off and say so to those who can switch it on."""
    webhook.is_active, webhook.given_up_at = False, at
    webhook.messages.filter(state=HookState.WAITING).update(state=HookState.FAILED)
    record("webhooks.given_up", webhook, by=Automat(), at=at, since=str(webhook.failing_since))
    notify(
        User.people.holding(Role.PLATFORM_ADMIN, on=at.astimezone(ZONE_TIME).date()),
        event="webhooks.given_up",
        names={"name": webhook.name},
        url=f"/messages/webhooks/{webhook.pk}/",
        at=at,
        dedupe_key=f"webhooks.given_up:{webhook.pk}:{at.isoformat()}",
    )


@transaction.atomic
def send_again(message_id: int, *, by: User, at: dt.datetime) -> HookMessage:
    """Put a message back on its way, with all its attempts, under the same `webhook-id`.

    Raises:
        NotToBeSentAgain: It has not ended yet.
        SwitchedOff: Nothing is sent to this system.
    """
    if not by.has_perm("webhooks.manage"):
        raise PermissionDenied
    message = (
        HookMessage.objects.select_for_update(of=("self",))
        .select_related("webhook")
        .get(pk=message_id)
    )
    if message.state == HookState.WAITING:
        raise NotToBeSentAgain(state=message.get_state_display())
    if not message.webhook.is_active:
        raise SwitchedOff
    message.state, message.attempts, message.next_try_at = HookState.WAITING, 0, at
    message.save(update_fields=["state", "attempts", "next_try_at"])
    record("webhooks.sent_again", message.webhook, by=by, at=at, message=str(message.key))
    return message
