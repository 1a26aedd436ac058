"""Connecting other systems, telling them of events, keeping a log."""

from lianqi.webhooks.actions.feeding import feed
from lianqi.webhooks.actions.forgetting import forget_messages
from lianqi.webhooks.actions.sending import GIVE_UP_AFTER, WAITS, send_again, send_hooks
from lianqi.webhooks.actions.subscribing import (
    EARLIER_SIGNS_FOR,
    change_webhook,
    create_webhook,
    renew_secret,
    send_test,
)

__all__ = [
    "EARLIER_SIGNS_FOR",
    "GIVE_UP_AFTER",
    "WAITS",
    "change_webhook",
    "create_webhook",
    "feed",
    "forget_messages",
    "renew_secret",
    "send_again",
    "send_hooks",
    "send_test",
]
