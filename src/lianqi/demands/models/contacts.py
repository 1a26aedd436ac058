"""The contact log (先行联系): who of the unit spoke with whom, how, and with what result."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import ContactOutcome, ContactWay
from lianqi.demands.models.demands import Demand


class ContactAttemptQuerySet(models.QuerySet["ContactAttempt"]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the demand sees that somebody was called, and with what result."""
        return self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))

    def of(self, demand: Demand) -> Self:
        """The log of one demand, oldest first."""
        return self.filter(demand=demand).order_by("pk")


class ContactAttempt(models.Model):
    """One attempt to speak with the enterprise about its demand. Nobody changes it afterwards.

    The enterprise sees everything but the note: it can say that a call never came.
    """

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="contact_attempts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    way = models.CharField(_("how"), max_length=10, choices=ContactWay)
    outcome = models.CharField(_("result"), max_length=12, choices=ContactOutcome)
    spoke_with = models.CharField(_("spoken with"), max_length=50, blank=True)
    note = models.TextField(_("internal note"), blank=True)
    made_at = models.DateTimeField(_("when"), help_text=_("as the person says"))
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ContactAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact with the enterprise")
        constraints = [
            models.CheckConstraint(
                name="contact_reached_somebody",
                condition=~Q(outcome=ContactOutcome.REACHED) | ~Q(spoke_with=""),
            ),
            models.CheckConstraint(
                name="contact_logged_after_it_was_made",
                condition=Q(made_at__lte=models.F("logged_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.made_at:%Y-%m-%d %H:%M} {self.outcome}"
