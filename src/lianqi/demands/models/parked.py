"""Parked calls (搁置的来电): forms of calls that were interrupted, kept until somebody goes on."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User


class ParkedCallQuerySet(models.QuerySet["ParkedCall"]):
    def visible_to(self, user: User) -> Self:
        """Those of one's own desk: of the same unit, or one's own where one has none."""
        if not user.has_perm("demands.take_calls"):
            return self.none()
        own = Q(parked_by=user)
        return self.filter(own | Q(unit_id=user.unit_id)) if user.unit_id else self.filter(own)

    def parked_before(self, moment: dt.datetime) -> Self:
        return self.filter(parked_at__lt=moment)


class ParkedCall(models.Model):
    """What had been typed of a call, complete or not. Only the desk that took it sees it.

    `typed` holds the fields of the form by their names; the others say in a list what it is.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    parked_at = models.DateTimeField(_("since"))
    caller = models.CharField(_("caller"), max_length=120, blank=True)
    firm = models.CharField(_("enterprise"), max_length=120, blank=True)
    words = models.CharField(_("first words"), max_length=100, blank=True)
    typed = models.JSONField()
    idempotency_key = models.CharField(max_length=64, unique=True)

    objects = ParkedCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("parked call")
        indexes = [
            models.Index(fields=["unit", "parked_at"], name="parked_call_by_desk"),
            models.Index(fields=["parked_at"], name="parked_call_by_age"),
        ]

    def __str__(self) -> str:
        return self.caller or self.firm or self.words
