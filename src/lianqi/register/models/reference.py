"""What enterprises are sorted by: industry, grid, park and chain."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit


class InUseQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        """Those one may choose. What was chosen before keeps them, and filters find it."""
        return self.filter(is_active=True)


class Industry(models.Model):
    """One entry of GB/T 4754-2017: section (A), division (01), group (011) or class (0111)."""

    code = models.CharField(max_length=5, primary_key=True)
    section = models.CharField(max_length=1)
    name = models.CharField(_("name"), max_length=80)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Meta:
        verbose_name = _("industry")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Grid(models.Model):
    """An area whose enterprises one unit looks after (网格, 片区)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("responsible unit"))
    is_active = models.BooleanField(_("in use"), default=True)

    objects = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("grid")

    def __str__(self) -> str:
        return self.name


class Park(models.Model):
    """A park or building with tenants."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")

    def __str__(self) -> str:
        return self.name


class Chain(models.Model):
    """An industry chain with its office (链办)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("chain office"))
    is_active = models.BooleanField(_("in use"), default=True)

    objects = InUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("industry chain")

    def __str__(self) -> str:
        return self.name
