"""Batches: what one guarding unit collected in its two days, and reported."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.needs.enums import BatchStatus
from lianqi.needs.flow import BATCH_FLOW
from lianqi.needs.models.programmes import Programme, collecting_units, units_below

EVERYTHING_READERS = (Role.LEADER, Role.AUDITOR)


class NeedBatchQuerySet(models.QuerySet["NeedBatch"]):
    def open(self) -> Self:
        return self.filter(status=BatchStatus.OPEN)

    def collected_by(self, user: User) -> Self:
        """The batches of the units for which this person collects."""
        return self.filter(unit_id__in=collecting_units(user))

    def visible_to(self, user: User) -> Self:
        """The list form of `needs.view_batch`."""
        if user.holds(*EVERYTHING_READERS):
            return self
        reach = Q(unit_id__in={*collecting_units(user), *units_below(user)})
        return self.filter(reach | Q(programme__in=list(Programme.objects.sorted_by(user))))

    def for_list(self) -> Self:
        return self.select_related("unit", "programme", "reported_by").order_by("-pk")


class NeedBatch(models.Model):
    """What a guarding unit owes every two days. A batch without needs is a zero report.

    Until when it is due is told by its work item, not here.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="batches")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="need_batches", verbose_name=_("guarding unit")
    )
    from_on = models.DateField(_("collected from"))
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.OPEN
    )
    reported_at = models.DateTimeField(_("reported"), null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    need_count = models.PositiveIntegerField(_("needs"), default=0)
    waiting = models.PositiveIntegerField(
        default=0, help_text=_("needs of a reported batch that triage has not decided yet")
    )

    objects = NeedBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of needs")
        constraints = [
            models.UniqueConstraint(
                name="need_batch_one_open", fields=["unit"], condition=Q(status="open")
            ),
            models.CheckConstraint(
                name="need_batch_reported_by_somebody",
                condition=Q(status="reported", reported_at__isnull=False, reported_by__isnull=False)
                | (~Q(status="reported") & Q(reported_at__isnull=True, reported_by__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="need_batch_by_unit"),
            models.Index(fields=["programme", "-id"], name="need_batch_by_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.from_on}"

    def get_absolute_url(self) -> str:
        return f"/needs/batches/{self.pk}/"

    @property
    def is_zero_report(self) -> bool:
        return self.status == BatchStatus.REPORTED and self.need_count == 0

    @property
    def moves(self) -> frozenset[str]:
        """The verbs the table allows now, whoever asks."""
        return BATCH_FLOW.allowed(BatchStatus(self.status))
