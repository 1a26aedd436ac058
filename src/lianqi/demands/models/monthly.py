"""Monthly reports: which were made of which month. Their files are kept with the other files."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User

FIGURE_READERS = (Role.LEADER, Role.DISPATCHER, Role.AUDITOR, Role.DEPARTMENT_HEAD)


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `demands.figures`."""
        return self if user.holds(*FIGURE_READERS) else self.none()

    def by_the_job(self, month: dt.date) -> Self:
        """Made by itself, when the month was over."""
        return self.filter(month=month, made_by__isnull=True)

    def for_list(self) -> Self:
        return self.select_related("made_by").order_by("-pk")


class MonthlyReport(models.Model):
    """One making of a report, with the figures as they were compiled then. Never made anew.

    Attributes:
        month: Its first day.
        made_by: Empty: by the job, on the first of the month after.
    """

    month = models.DateField(_("month"))
    language = models.CharField(_("language"), max_length=10)
    computed_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly report")
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                name="monthly_report_once_by_the_job",
                condition=models.Q(made_by__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
