"""Reports of dispatching many demands at once."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models.demands import Demand


class BulkDispatchQuerySet(models.QuerySet["BulkDispatch"]):
    def visible_to(self, user: User) -> Self:
        """The reports are the dispatchers', and the auditor's."""
        return self if user.holds(Role.DISPATCHER, Role.AUDITOR) else self.none()


class BulkDispatch(models.Model):
    """Who sent many demands off at once, and how many went. What became of each is a `BulkRow`."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dispatched by")
    )
    at = models.DateTimeField(_("dispatched"))
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("empty: each to what is suggested for it"),
    )
    dispatched = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveSmallIntegerField(default=0)

    objects = BulkDispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk dispatch")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.dispatched}/{self.dispatched + self.refused}"

    def get_absolute_url(self) -> str:
        return f"/demands/dispatching/{self.pk}/"


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    def sent(self) -> Self:
        return self.filter(code="")

    def refused(self) -> Self:
        return self.exclude(code="")

    def for_list(self) -> Self:
        return self.select_related("demand", "unit")


class BulkRow(models.Model):
    """What became of one demand of a bulk dispatch.

    A refusal is kept as its code and what it was about, so that everybody reads why in the own
    language; `queries.refusal_of` says it.
    """

    bulk = models.ForeignKey(BulkDispatch, models.CASCADE, related_name="rows")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", help_text=_("where it went, or would")
    )
    code = models.CharField(max_length=40, blank=True, help_text=_("of the refusal"))
    status = models.CharField(max_length=12, choices=DemandStatus, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, help_text=_("how sure the suggestion is"))

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bulk dispatch")
        constraints = [
            models.UniqueConstraint(fields=["bulk", "demand"], name="bulk_row_once"),
            models.CheckConstraint(
                name="bulk_row_sent_somewhere", condition=~Q(code="") | Q(unit__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.demand_id} {self.code}"
