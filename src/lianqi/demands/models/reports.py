"""Reports of the unit while it works: interim answers (阶段性答复) and progress (进展)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import ReportKind
from lianqi.demands.models.demands import Demand


class ReportQuerySet(models.QuerySet["Report"]):
    def shared(self) -> Self:
        """Those that the enterprise reads."""
        return self.filter(is_shared=True)

    def visible_to(self, user: User) -> Self:
        """All of a demand one works on, the shared ones of one's own firm's."""
        rows = self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        if not user.is_zone_staff:
            return rows.shared()
        return rows.exclude(Q(is_shared=False) & Q(demand__enterprise_id__in=own))

    def of(self, demand: Demand) -> Self:
        """The reports about one demand, oldest first."""
        return self.filter(demand=demand).order_by("pk")


class Report(models.Model):
    """How far the unit has come. An interim answer is always for the enterprise to read."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind)
    text = models.TextField(_("text"), max_length=5000)
    is_shared = models.BooleanField(_("the enterprise reads it"), default=True)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on a demand")
        constraints = [
            models.CheckConstraint(
                name="report_interim_is_shared",
                condition=~Q(kind=ReportKind.INTERIM) | Q(is_shared=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.kind} {self.written_at:%Y-%m-%d %H:%M}"
