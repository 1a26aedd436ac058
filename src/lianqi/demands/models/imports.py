"""Demands that came from a spreadsheet, and the number each has where it comes from."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.demands.models.demands import Demand
from lianqi.register.models import ImportRun, ImportRunQuerySet

DEMAND_IMPORT_READERS = (Role.OPERATOR, Role.DISPATCHER, Role.AUDITOR)
SUBJECT = "demands"


class DemandImportQuerySet(ImportRunQuerySet):
    def visible_to(self, user: User) -> Any:
        """The list form of `demands.view_import`."""
        return self if user.holds(*DEMAND_IMPORT_READERS) else self.none()


class DemandImportManager(models.Manager.from_queryset(DemandImportQuerySet)):  # type: ignore[misc]  # made at run time
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(subject=SUBJECT)


class DemandImport(ImportRun):
    """A spreadsheet of demands. Rows, states and files are those of the register's import."""

    objects: ClassVar[Any] = DemandImportManager()

    class Meta:
        proxy = True
        verbose_name = _("import of demands")


class ImportedDemand(models.Model):
    """The number a demand has in the system it comes from; no second upload files it again."""

    external = models.CharField(_("external number"), max_length=64, unique=True)
    demand = models.OneToOneField(Demand, models.PROTECT, related_name="imported")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("imported demand")

    def __str__(self) -> str:
        return self.external
