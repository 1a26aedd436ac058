"""Connecting a system, changing what it is told, giving it another secret."""

import datetime as dt
import json
import secrets
from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.signing import as_shown, derived_secret
from lianqi.webhooks.actions.checking import checked_address
from lianqi.webhooks.enums import TEST, HookEvent, HookState
from lianqi.webhooks.errors import NothingChosen, SwitchedOff
from lianqi.webhooks.models import HookMessage, Webhook

EARLIER_SIGNS_FOR = dt.timedelta(days=1)


@transaction.atomic
def create_webhook(
    *,
    name: str,
    url: str,
    events: Iterable[str],
    internal: Collection[str],
    key: str,
    by: User,
    at: dt.datetime,
) -> tuple[Webhook, str]:
    """Connect a system; return it with its secret, which is not shown again.

    Args:
        internal: Hosts of the zone's own network that may be told.
        key: The secret key of the installation, from which the secret is made.

    Raises:
        AddressNotAllowed, AddressNotKnown, AddressNotPublic: See `checked_address`.
        NothingChosen: No event is named.
    """
    _require(by)
    checked_address(url, internal=internal)
    webhook = Webhook.objects.create(
        name=name,
        url=url,
        events=_chosen(events),
        salt=secrets.token_urlsafe(32),
        created_by=by,
        created_at=at,
    )
    record("webhooks.created", webhook, by=by, at=at, url=url, events=webhook.events)
    return webhook, as_shown(derived_secret(key, webhook.salt))


@transaction.atomic
def change_webhook(
    webhook_id: int,
    *,
    name: str,
    url: str,
    events: Iterable[str],
    is_active: bool,
    internal: Collection[str],
    by: User,
    at: dt.datetime,
) -> Webhook:
    """Write what a system is told and where. Switched on again, it begins with new events.

    Raises:
        AddressNotAllowed, AddressNotKnown, AddressNotPublic, NothingChosen: As for a new one.
    """
    _require(by)
    checked_address(url, internal=internal)
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    values = {"name": name, "url": url, "events": _chosen(events), "is_active": is_active}
    changed = [field for field, value in values.items() if getattr(webhook, field) != value]
    for field in changed:
        setattr(webhook, field, values[field])
    if "is_active" in changed:
        webhook.failing_since, webhook.given_up_at = None, None
        webhook.messages.filter(state=HookState.WAITING).update(state=HookState.FAILED)
    webhook.save()
    record("webhooks.changed", webhook, by=by, at=at, url=url, fields=changed)
    return webhook


@transaction.atomic
def renew_secret(webhook_id: int, *, key: str, by: User, at: dt.datetime) -> tuple[Webhook, str]:
    """Give a system another secret; return it. The earlier one signs as well for a day."""
    _require(by)
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    webhook.earlier_salt, webhook.earlier_until = webhook.salt, at + EARLIER_SIGNS_FOR
    webhook.salt = secrets.token_urlsafe(32)
    webhook.save(update_fields=["salt", "earlier_salt", "earlier_until"])
    record("webhooks.secret_renewed", webhook, by=by, at=at)
    return webhook, as_shown(derived_secret(key, webhook.salt))


@transaction.atomic
def send_test(webhook_id: int, *, by: User, at: dt.datetime) -> HookMessage:
    """Put a message without a record on its way, to see whether it arrives.

    Raises:
        SwitchedOff: Nothing is sent to this system.
    """
    _require(by)
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    if not webhook.is_active:
        raise SwitchedOff
    payload = {"type": TEST, "timestamp": at.isoformat(), "version": webhook.version, "data": {}}
    message = HookMessage.objects.create(
        webhook=webhook,
        type=TEST,
        payload=json.dumps(payload),
        next_try_at=at,
        created_at=at,
    )
    record("webhooks.tested", webhook, by=by, at=at)
    return message


def _chosen(events: Iterable[str]) -> list[str]:
    named = set(events)
    chosen = [event.value for event in HookEvent if event.value in named]
    if not chosen:
        raise NothingChosen
    return chosen


def _require(by: User) -> None:
    if not by.has_perm("webhooks.manage"):
        raise PermissionDenied
