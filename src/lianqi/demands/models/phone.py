"""What a caller without an account said of the answer, as somebody of the zone heard it."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import Rating, Solved
from lianqi.demands.models.demands import Demand


class PhoneConfirmationQuerySet(models.QuerySet["PhoneConfirmation"]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the demand."""
        return self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))

    def heard_within(self, first: dt.date, last: dt.date) -> Self:
        """From the first to the last day of the zone, both included."""
        return self.filter(heard_on__gte=first, heard_on__lte=last)


class PhoneConfirmation(models.Model):
    """Heard on the telephone, so it is kept apart: it counts in no rate of satisfaction.

    `round` counts how often the demand had come back before.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="phone_confirmations")
    round = models.PositiveSmallIntegerField()
    spoke_with = models.CharField(_("spoken with"), max_length=50)
    solved = models.CharField(_("solved"), max_length=6, choices=Solved)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating, blank=True)
    note = models.TextField(_("comment"), max_length=1000, blank=True)
    heard_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    heard_at = models.DateTimeField()
    heard_on = models.DateField()

    objects = PhoneConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation by telephone")
        constraints = [
            models.UniqueConstraint(fields=["demand", "round"], name="phone_confirmation_once")
        ]
        indexes = [models.Index(fields=["heard_on"], name="phone_confirmation_by_day")]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.solved}"
