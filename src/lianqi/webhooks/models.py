"""Systems that are told of events, what is on its way to them, and how each attempt went."""

import datetime as dt
import uuid
from typing import Any, Protocol, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.webhooks.enums import VERSION, HookState


class Reader(Protocol):
    """Whoever wants to look at webhooks."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: Reader) -> Self:
        """The list form of `webhooks.view`: all of them or none."""
        return self if user.has_perm("webhooks.view") else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class Webhook(models.Model):
    """One system that is told.

    Its secret is not here: it is made from the salt and the secret key of the installation, so that
    nobody can sign with what is found in the database or in a backup. For a day after a change the
    earlier secret signs as well.
    """

    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    version = models.CharField(max_length=4, default=VERSION)
    salt = models.CharField(max_length=43)
    earlier_salt = models.CharField(max_length=43, blank=True)
    earlier_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(_("in use"), default=True)
    failing_since = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        constraints = [
            models.CheckConstraint(
                name="earlier_secret_has_an_end",
                condition=Q(earlier_salt="", earlier_until__isnull=True)
                | (~Q(earlier_salt="") & Q(earlier_until__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def salts(self, *, at: dt.datetime) -> list[str]:
        """The salts of the secrets that sign at that moment, the present one first."""
        earlier = self.earlier_until is not None and at < self.earlier_until
        return [self.salt, self.earlier_salt] if earlier else [self.salt]


class HookMessageQuerySet(models.QuerySet["HookMessage"]):
    def visible_to(self, user: Reader) -> Self:
        """The list form of `webhooks.view`."""
        return self if user.has_perm("webhooks.view") else self.none()

    def waiting(self, *, at: dt.datetime) -> Self:
        """What may leave now, the longest waiting first."""
        return self.filter(
            state=HookState.WAITING, next_try_at__lte=at, webhook__is_active=True
        ).order_by("next_try_at", "pk")


class HookMessage(models.Model):
    """One event on its way to one system, at most once each; `payload` is sent as it stands."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="messages")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    event_id = models.BigIntegerField(null=True, help_text=_("event of the audit trail"))
    type = models.CharField(max_length=40)
    payload = models.TextField()
    state = models.CharField(max_length=8, choices=HookState, default=HookState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = HookMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a webhook")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_id"], name="event_told_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="hook_message_waiting",
                condition=Q(state=HookState.WAITING),
            ),
            models.Index(fields=["webhook", "-id"], name="hook_message_by_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class HookAttempt(models.Model):
    """One attempt: what the other system answered, how long it took, or why there was no answer."""

    message = models.ForeignKey(HookMessage, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt of a webhook")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status or self.error}"


class Feed(models.Model):
    """Up to which link of the audit chain events were told; there is one row."""

    position = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_feed", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.position)
