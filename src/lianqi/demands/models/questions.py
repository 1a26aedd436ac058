"""Questions to the enterprise (补充材料): why the answering clock stands, and what was replied."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import WAITS_FOR_THE_ENTERPRISE
from lianqi.demands.models.demands import Demand
from lianqi.work.models import Pause


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the demand sees what its clock waits for."""
        return self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))

    def of(self, demand: Demand) -> Self:
        """The questions about one demand, oldest first."""
        return self.filter(demand=demand).order_by("pk")

    def standing(self) -> Self:
        """Those for which a clock still stands."""
        return self.filter(pause__ended_at__isnull=True)

    def waiting_for_the_enterprise(self) -> Self:
        """Those that nobody but the enterprise can settle, and that it has not."""
        return self.standing().filter(pause__reason__in=WAITS_FOR_THE_ENTERPRISE)

    def to_remind(self, *, asked_before: dt.datetime) -> Self:
        """Those that wait for the enterprise since before that moment, never reminded of."""
        return self.waiting_for_the_enterprise().filter(
            reminded_at__isnull=True, pause__started_at__lt=asked_before
        )


class Question(models.Model):
    """What the unit waits for, as the enterprise reads it.

    Reason, evidence and length are those of the pause of the answering clock: there is no other
    way to stop that clock, and no question that does not.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="questions")
    pause = models.OneToOneField(Pause, models.PROTECT, related_name="question")
    text = models.TextField(_("question"), max_length=2000)
    reminded_at = models.DateTimeField(null=True)
    reply = models.TextField(_("reply"), max_length=5000, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the enterprise")
        constraints = [
            models.CheckConstraint(
                name="question_replied_by_somebody",
                condition=Q(replied_at__isnull=True, replied_by__isnull=True, reply="")
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.pause}"

    @property
    def is_standing(self) -> bool:
        return self.pause.ended_at is None

    @property
    def waits_for_the_enterprise(self) -> bool:
        return self.is_standing and self.pause.reason in WAITS_FOR_THE_ENTERPRISE
