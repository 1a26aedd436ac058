"""Spreadsheets on their way into the register."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.register.enums import ImportState, RowPlan
from lianqi.register.models.enterprises import Enterprise

IMPORT_READERS = (Role.DISPATCHER, Role.PLATFORM_ADMIN, Role.AUDITOR)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """The list form of `register.view_import`."""
        return self.of("register") if user.holds(*IMPORT_READERS) else self.none()

    def of(self, subject: str) -> Self:
        """Imports into the register, or into another app that uses the same runs."""
        return self.filter(subject=subject)

    def ended_before(self, moment: dt.datetime) -> Self:
        """Runs that nothing more will happen to, and since when."""
        return self.filter(finished_at__lt=moment)

    def with_file(self) -> Self:
        """Runs whose spreadsheet is still there."""
        return self.exclude(path="")


class ImportRun(models.Model):
    """One spreadsheet on its way into the register, or into the app named as its subject.

    `path` is empty once the file was removed.
    """

    subject = models.CharField(max_length=20, default="register", db_default="register")
    state = models.CharField(_("state"), max_length=12, choices=ImportState)
    file_name = models.CharField(_("file"), max_length=200)
    path = models.CharField(max_length=200)
    mapping = models.JSONField(default=list, help_text=_("one entry per column"))
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="import_runs"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def permission(self) -> str:
        """What whoever steers this import has to hold."""
        return f"{self.subject}.import"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def planned(self, plan: RowPlan) -> Self:
        return self.filter(plan=plan).order_by("number")

    def undecided(self) -> Self:
        """Refused only because the name is nearly that of another enterprise."""
        return self.filter(
            plan=RowPlan.REFUSE, reason__code__in=["near_duplicate", "near_duplicate_row"]
        )


class ImportRow(models.Model):
    """One row of an import: what it says, what will happen, why not."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("row number in the spreadsheet"))
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    plan = models.CharField(max_length=8, choices=RowPlan)
    changes = models.JSONField(default=dict)
    reason = models.JSONField(default=dict)
    near_duplicate_of = models.ForeignKey(Enterprise, models.SET_NULL, null=True, related_name="+")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "plan", "number"], name="import_row_by_plan")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number} {self.plan}"


class ColumnMemory(models.Model):
    """A column heading somebody mapped before; the next spreadsheet finds it by itself."""

    heading = models.CharField(max_length=120, unique=True)
    field = models.CharField(max_length=40)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("remembered column")

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"
