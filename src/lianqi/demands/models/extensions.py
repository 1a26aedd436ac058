"""Requests for more time (延期), and what was decided."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import Decider, Decision
from lianqi.demands.models.demands import Demand
from lianqi.work.models import WorkItem


class ExtensionRequestQuerySet(models.QuerySet["ExtensionRequest"]):
    def visible_to(self, user: User) -> Self:
        """For people of the zone; the enterprise sees the extension itself, with its reason."""
        if not user.is_zone_staff:
            return self.none()
        return self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))

    def of(self, demand: Demand) -> Self:
        """The requests about one demand, oldest first."""
        return self.filter(demand_id=demand.pk).order_by("pk")

    def waiting(self) -> Self:
        """Those of which nobody has said anything, whatever became of the work."""
        return self.filter(decision="")

    def undecided(self) -> Self:
        """Those that somebody has to decide; one whose work was finished has lapsed."""
        return self.waiting().filter(item__done_at__isnull=True)


class ExtensionRequest(models.Model):
    """The unit asks for more time for the answer, in the unit of its clock.

    Who decides, and whether a decision after the due time still counts, is what the zone's rule
    said when it was asked.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="extension_requests")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="extension_requests")
    amount = models.PositiveSmallIntegerField(_("how much"))
    reason = models.TextField(_("reason"), max_length=1000)
    decider = models.CharField(max_length=10, choices=Decider)
    counts_late = models.BooleanField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, blank=True)
    decision_note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ExtensionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for more time")
        constraints = [
            models.CheckConstraint(
                name="extension_request_asks_for_time", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="extension_request_decided_by_somebody",
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.UniqueConstraint(
                name="extension_request_one_at_a_time", fields=["item"], condition=Q(decision="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} +{self.amount}"
