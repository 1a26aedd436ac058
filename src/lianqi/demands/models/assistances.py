"""Units that assist (协办) the unit that leads, and what they contributed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.models.demands import Demand


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def standing(self) -> Self:
        """Asked for and not taken back, finished or not."""
        return self.filter(removed_at__isnull=True)

    def owed(self) -> Self:
        """Waiting for the contribution."""
        return self.standing().filter(finished_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """What units write to one another is for those of the zone who see the demand."""
        if not user.is_zone_staff:
            return self.none()
        return self.filter(demand__in=Demand.objects.visible_to(user))

    def for_page(self) -> Self:
        return self.select_related("unit", "asked_by", "finished_by").order_by("pk")


class Assistance(models.Model):
    """One unit's part in a demand that another unit leads, with a clock of its own.

    It is never what the enterprise is told: its text goes to the leading unit, which answers.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="assistances")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assistances", verbose_name=_("assisting unit")
    )
    request = models.TextField(_("what is asked of it"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField(_("contribution"), blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(
        default=False, db_default=False, help_text=_("not there in its time")
    )
    removed_at = models.DateTimeField(null=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistance")
        constraints = [
            models.UniqueConstraint(
                name="assistance_once_at_a_time",
                fields=["demand", "unit"],
                condition=Q(finished_at__isnull=True, removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="assistance_finished_with_a_text",
                condition=Q(finished_at__isnull=True, finished_by__isnull=True, text="")
                | (Q(finished_at__isnull=False, finished_by__isnull=False) & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.unit_id}"
