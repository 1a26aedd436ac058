"""Internal notes: what people of the zone write for one another about a demand."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.demands.models.demands import Demand


class InternalNoteQuerySet(models.QuerySet["InternalNote"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `demands.view_notes`: never those about a firm of one's own."""
        if not user.is_zone_staff:
            return self.none()
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        seen = Demand.objects.visible_to(user).exclude(enterprise_id__in=own)
        return self.filter(demand__in=seen.values("pk"))

    def of(self, demand: Demand) -> Self:
        """The notes about one demand, oldest first."""
        return self.filter(demand=demand).order_by("pk")


class InternalNote(models.Model):
    """A note the enterprise never sees. Its text stands here only, in no event and no notice."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=2000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = InternalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")

    def __str__(self) -> str:
        return f"{self.demand_id} {self.written_at:%Y-%m-%d %H:%M}"
