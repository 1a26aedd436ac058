"""The outbox: what leaves the house by mail, text message or WeCom."""

import datetime as dt
from typing import Any, Protocol, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.notices.enums import LEAVING, Channel, DeliveryState
from lianqi.notices.models.notices import Notice


class Reader(Protocol):
    """Whoever wants to look at the outbox."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Reader) -> Self:
        """The list form of `notices.view_outbox`: the whole outbox or nothing."""
        return self if user.has_perm("notices.view_outbox") else self.none()

    def waiting(self, *, at: dt.datetime) -> Self:
        """What may leave now, the longest waiting first."""
        return self.filter(state=DeliveryState.WAITING, next_try_at__lte=at).order_by(
            "next_try_at", "pk"
        )

    def held(self, *, at: dt.datetime) -> Self:
        """What was kept for a daily summary whose time has come."""
        return self.filter(state=DeliveryState.HELD, next_try_at__lte=at)

    def given_up(self) -> Self:
        return self.filter(state=DeliveryState.FAILED)

    def for_list(self) -> Self:
        return self.select_related("notice", "person")


class Delivery(models.Model):
    """One message on its way to one address over one channel.

    Either a notice that also leaves the platform, at most once per channel, or a letter that has
    no notice: to somebody without an account, or the daily summary of several notices. Its text is
    its own where the channel has other words than the platform. The text of a letter to somebody
    without an account may carry a secret, as the link of an invitation, and is deleted when it has
    left or was given up.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=[(each.value, each.label) for each in LEAVING],
        default=Channel.MAIL,
    )
    letter_key = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True, help_text=_("the provider's id"))
    is_simulated = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    bundle = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message sent")
        constraints = [
            models.CheckConstraint(
                name="delivery_is_a_notice_or_a_letter",
                condition=Q(notice__isnull=False, letter_key="", written_at__isnull=True)
                | (Q(notice__isnull=True, written_at__isnull=False) & ~Q(letter_key="")),
            ),
            models.UniqueConstraint(
                fields=["letter_key"], name="letter_sent_once", condition=~Q(letter_key="")
            ),
            models.UniqueConstraint(
                fields=["notice", "channel"], name="notice_leaves_once_per_channel"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="delivery_waiting",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=["person", "channel"],
                name="delivery_held",
                condition=Q(state=DeliveryState.HELD),
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
            models.Index(fields=["channel", "-id"], name="delivery_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id or self.letter_key}"

    @property
    def is_for_a_stranger(self) -> bool:
        """Whether it is a letter to somebody without an account; its text is not kept."""
        return self.notice_id is None and self.person_id is None
