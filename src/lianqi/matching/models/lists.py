"""Departments' lists on their way into the register: what is stated of whom, by which document."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.register.models import ImportRun, ImportRunQuerySet

LIST_READERS = (Role.DISPATCHER, Role.PLATFORM_ADMIN, Role.AUDITOR)
SUBJECT = "matching"


class FactListQuerySet(ImportRunQuerySet):
    def visible_to(self, user: User) -> Any:
        """The list form of `matching.view_import`."""
        return self if user.holds(*LIST_READERS) else self.none()


class FactList(ImportRun):
    """A spreadsheet about one fact. Rows, states and files are those of the register's import.

    `preset` is what is so of every enterprise of the list where the file has no column for it: the
    value of the fact in the shape of a statement; of titles `{"label", "level", "batch"}`.
    """

    fact = models.CharField(_("fact"), max_length=60)
    label = models.CharField(_("fact"), max_length=160)
    period = models.CharField(_("period"), max_length=10, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    preset = models.JSONField(null=True)
    since = models.DateField(_("holds from"), null=True)
    until = models.DateField(_("holds until"), null=True)
    source = models.CharField(_("source"), max_length=120)
    observed_at = models.DateTimeField(_("observed at"))

    objects: ClassVar[Any] = FactListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of a department")

    def __str__(self) -> str:
        return f"{self.label} {self.period}".strip()
