"""Messages to people, and the outbox from which those that leave the house are sent."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.notices.enums import DeliveryState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One message to one person, shown in the platform; `dedupe_key` prevents a second one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=120)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["person", "dedupe_key"], name="notice_sent_once")
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_by_person"),
            models.Index(
                fields=["person"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Mail(models.Model):
    """The outbox: a notice that also leaves by e-mail, or a letter to somebody without an account.

    A letter may carry a secret, as the link of an invitation: its text is deleted when it has left
    or was given up.
    """

    notice = models.OneToOneField(Notice, models.CASCADE, null=True)
    letter_key = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True)
    address = models.EmailField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mail_is_a_notice_or_a_letter",
                condition=models.Q(notice__isnull=False, letter_key="", written_at__isnull=True)
                | (
                    models.Q(notice__isnull=True, written_at__isnull=False)
                    & ~models.Q(letter_key="")
                ),
            ),
            models.UniqueConstraint(
                fields=["letter_key"], name="letter_sent_once", condition=~models.Q(letter_key="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="mail_waiting",
                condition=models.Q(state=DeliveryState.WAITING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.notice_id or self.letter_key}"
