"""Forgetting what other systems were told long ago."""

import datetime as dt

from django.db import transaction

from lianqi.webhooks.enums import HookState
from lianqi.webhooks.models import HookAttempt, HookMessage

_PORTION = 5000


def forget_messages(*, before: dt.datetime) -> int:
    """Remove the ended messages made before that moment, with their attempts; return how many.

    What happened stays in the audit trail; an event is never told again, because the place reached
    in the trail is kept apart from the messages.
    """
    forgotten = 0
    while portion := _forget(before):
        forgotten += portion
    return forgotten


@transaction.atomic
def _forget(before: dt.datetime) -> int:
    # Messages are made in the order of their ids: the oldest are read and nothing else.
    oldest = HookMessage.objects.exclude(state=HookState.WAITING).order_by("pk")
    portion = oldest.values_list("pk", "created_at")[:_PORTION]
    ended = [pk for pk, made in portion if made < before]
    HookAttempt.objects.filter(message__in=ended).delete()
    return HookMessage.objects.filter(pk__in=ended).delete()[0]
