"""What changes at the door of an account is told to its person, whoever did it.

Somebody who took over a session learns nothing that is not known already; the person learns of it.
"""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.notices.actions import notify

EVENTS: tuple[tuple[Signal, str], ...] = (
    (authenticator_added, "account.second_factor_added"),
    (authenticator_removed, "account.second_factor_removed"),
    (password_changed, "account.password_changed"),
    (password_reset, "account.password_changed"),
)


def connect() -> None:
    """Called once, when the program has loaded."""
    for signal, event in EVENTS:
        signal.connect(_telling(event), weak=False, dispatch_uid=f"{event}:{id(signal)}")


def _telling(event: str) -> Any:
    def tell(*, user: User, **_given: Any) -> None:
        at = timezone.now()
        notify(
            [user],
            event=event,
            names={"name": user, "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"},
            url=reverse("mfa_index"),
            at=at,
            dedupe_key=f"{event}:{at.isoformat()}",
        )

    return tell
