"""Writing notices, choosing how to be told, sending what leaves the house."""

from lianqi.notices.actions.bundling import bundle_due
from lianqi.notices.actions.choosing import TopicWish, choose_messages
from lianqi.notices.actions.sending import MAX_ATTEMPTS, WAITS, send_again, send_waiting
from lianqi.notices.actions.telling import mark_read, notify, write_letter
from lianqi.notices.actions.wording import change_wording, check_wording, reset_wording

__all__ = [
    "MAX_ATTEMPTS",
    "WAITS",
    "TopicWish",
    "bundle_due",
    "change_wording",
    "check_wording",
    "choose_messages",
    "mark_read",
    "notify",
    "reset_wording",
    "send_again",
    "send_waiting",
    "write_letter",
]
