"""Requests to transfer (转办) an accepted demand, and how they were decided."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import TransferVerdict
from lianqi.demands.models.demands import Demand


class TransferRequestQuerySet(models.QuerySet["TransferRequest"]):
    def pending(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """What units write to one another is for those of the zone who see the demand."""
        if not user.is_zone_staff:
            return self.none()
        return self.filter(demand__in=Demand.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related("unit", "proposed", "asked_by", "decided_by").order_by("pk")


class TransferRequest(models.Model):
    """A unit that accepted a demand asks the dispatcher to give it to another one."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="transfer_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    proposed = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit held responsible")
    )
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    verdict = models.CharField(_("decision"), max_length=11, choices=TransferVerdict, blank=True)
    decision = models.TextField(_("grounds"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = TransferRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer request")
        constraints = [
            models.UniqueConstraint(
                name="transfer_asked_once_at_a_time",
                fields=["demand"],
                condition=Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="transfer_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, verdict="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(verdict="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.unit_id}"
