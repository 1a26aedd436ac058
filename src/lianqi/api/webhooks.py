"""Webhooks over JSON: connecting systems, and the log of what they were told."""

import datetime as dt
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.webhooks.actions import (
    change_webhook,
    create_webhook,
    renew_secret,
    send_again,
    send_test,
)
from lianqi.webhooks.enums import HookEvent, HookState
from lianqi.webhooks.models import HookMessage, Webhook

router = Router(tags=["webhooks"])
MOST = 200


class WebhookIn(Schema):
    """A system to be told. `url` begins with https:// and is in the public network."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    url: Annotated[str, Field(min_length=1, max_length=500)]
    events: list[HookEvent]


class WebhookChange(WebhookIn):
    is_active: bool


class WebhookOut(Schema):
    """A system that is told. `given_up_at`: it took nothing for days and was switched off."""

    id: int
    name: str
    url: str
    events: list[str]
    version: str
    is_active: bool
    failing_since: dt.datetime | None
    given_up_at: dt.datetime | None
    created_at: dt.datetime


class SecretOut(Schema):
    """The webhook with its secret, which is not shown again."""

    webhook: WebhookOut
    secret: str


class AttemptOut(Schema):
    """One attempt; without an answer `status` is null and `error` says why."""

    at: dt.datetime
    status: int | None
    milliseconds: int | None
    error: str


class MessageOut(Schema):
    """A message, with every attempt, the first one first. `key`: the `webhook-id` without msg_."""

    id: int
    key: str
    type: str
    state: HookState
    created_at: dt.datetime
    next_try_at: dt.datetime
    payload: str
    attempts: list[AttemptOut]


class MessagePage(Schema):
    """Messages, newest first. Pass `next_before` as `before` for the following page."""

    messages: list[MessageOut]
    next_before: int | None


class MessageFilter(Schema):
    state: HookState | None = None
    before: int | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@router.get("", response={200: list[WebhookOut], **PROBLEMS}, operation_id="list_webhooks")
def list_webhooks(request: ApiRequest) -> Any:
    """The systems that are told, by name; at most two hundred."""
    if not request.user.has_perm("webhooks.view"):
        raise PermissionDenied
    return Webhook.objects.order_by("name", "pk")[:MOST]


@router.post("", response={201: SecretOut, **PROBLEMS}, operation_id="create_webhook")
def create(request: ApiRequest, body: WebhookIn) -> tuple[int, dict[str, Any]]:
    """Connect a system. The secret with which its messages are signed is in this answer alone."""
    webhook, secret = create_webhook(
        **body.dict(),
        internal=settings.WEBHOOK_INTERNAL_HOSTS,
        key=settings.SECRET_KEY,
        by=request.user,
        at=timezone.now(),
    )
    return 201, {"webhook": webhook, "secret": secret}


@router.get("/{webhook_id}", response={200: WebhookOut, **PROBLEMS}, operation_id="get_webhook")
def get(request: ApiRequest, webhook_id: int) -> Webhook:
    """One system."""
    return _seen(request, webhook_id)


@router.put("/{webhook_id}", response={200: WebhookOut, **PROBLEMS}, operation_id="change_webhook")
def change(request: ApiRequest, webhook_id: int, body: WebhookChange) -> Webhook:
    """Change what a system is told and where. Switched on again, it begins with new events."""
    return change_webhook(
        _seen(request, webhook_id).pk,
        **body.dict(),
        internal=settings.WEBHOOK_INTERNAL_HOSTS,
        by=request.user,
        at=timezone.now(),
    )


@router.post(
    "/{webhook_id}/secret", response={200: SecretOut, **PROBLEMS}, operation_id="renew_secret"
)
def renew(request: ApiRequest, webhook_id: int) -> dict[str, Any]:
    """Give a system another secret. The earlier one signs as well for a day."""
    webhook, secret = renew_secret(
        _seen(request, webhook_id).pk, key=settings.SECRET_KEY, by=request.user, at=timezone.now()
    )
    return {"webhook": webhook, "secret": secret}


@router.post(
    "/{webhook_id}/test", response={201: MessageOut, **PROBLEMS}, operation_id="test_webhook"
)
def test(request: ApiRequest, webhook_id: int) -> tuple[int, dict[str, Any]]:
    """Send a message without a record, to see whether it arrives."""
    message = send_test(_seen(request, webhook_id).pk, by=request.user, at=timezone.now())
    return 201, _message(message)


@router.get(
    "/{webhook_id}/messages",
    response={200: MessagePage, **PROBLEMS},
    operation_id="list_webhook_messages",
)
def messages(request: ApiRequest, webhook_id: int, query: Query[MessageFilter]) -> dict[str, Any]:
    """What a system was told, newest first, with every attempt."""
    found = _seen(request, webhook_id).messages.all()
    if query.state is not None:
        found = found.filter(state=query.state)
    if query.before is not None:
        found = found.filter(pk__lt=query.before)
    rows = list(found.order_by("-pk").prefetch_related("log")[: query.limit + 1])
    shown = rows[: query.limit]
    return {
        "messages": [_message(each) for each in shown],
        "next_before": shown[-1].pk if len(rows) > query.limit else None,
    }


@router.post(
    "/{webhook_id}/messages/{message_id}/send",
    response={200: MessageOut, **PROBLEMS},
    operation_id="send_webhook_message_again",
)
def resend(request: ApiRequest, webhook_id: int, message_id: int) -> dict[str, Any]:
    """Put an ended message on its way once more, under the same `webhook-id`."""
    shown = get_object_or_404(_seen(request, webhook_id).messages, pk=message_id)
    return _message(send_again(shown.pk, by=request.user, at=timezone.now()))


def _seen(request: ApiRequest, webhook_id: int) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)


def _message(message: HookMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "key": str(message.key),
        "type": message.type,
        "state": message.state,
        "created_at": message.created_at,
        "next_try_at": message.next_try_at,
        "payload": message.payload,
        "attempts": sorted(message.log.all(), key=lambda attempt: attempt.pk),
    }
