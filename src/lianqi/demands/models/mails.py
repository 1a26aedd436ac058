"""Mails that reached the zone's mailbox: each once, and what became of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import MailState
from lianqi.demands.models.demands import Demand


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `demands.sort_mails`."""
        return self if user.has_perm("demands.sort_mails") else self.none()

    def waiting(self) -> Self:
        """Mails of which nobody knows yet whose they are, the newest first."""
        return self.filter(state=MailState.WAITING).order_by("-pk")


class IncomingMail(models.Model):
    """A message of the mailbox. The same Message-ID never comes in twice."""

    message_id = models.CharField(max_length=200, unique=True)
    sender = models.CharField(_("sender"), max_length=254)
    sender_name = models.CharField(max_length=100, blank=True)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    text = models.TextField(_("text"), max_length=5000, blank=True)
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(max_length=10, choices=MailState)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="mails")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        constraints = [
            models.CheckConstraint(
                name="mail_decided_by_and_at",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_taken_has_a_demand",
                condition=~Q(state="taken") | Q(demand__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-id"],
                name="incoming_mail_waiting",
                condition=Q(state=MailState.WAITING),
            )
        ]

    def __str__(self) -> str:
        return self.subject or self.sender
