"""Which industry and size class an enterprise had before, and until which day."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.register.enums import SizeClass
from lianqi.register.models.enterprises import Enterprise
from lianqi.register.models.reference import Industry


class FormerClassQuerySet(models.QuerySet["FormerClass"]):
    def holding(self, day: dt.date) -> Self:
        """One row for each enterprise whose values on that day were not those of today."""
        return self.filter(until__gte=day).order_by("enterprise", "until").distinct("enterprise")

    def newest_first(self) -> Self:
        return self.select_related("industry").order_by("-until", "-pk")


class FormerClass(models.Model):
    """Industry and size class as they were from `since` until `until`, both included.

    Today's stand at the enterprise; a day that no row reaches has today's as well. `since` is empty
    for the first row: how it was before the register knew is not known.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_classes")
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, related_name="+", verbose_name=_("industry")
    )
    size_class = models.CharField(_("size"), max_length=8, choices=SizeClass, blank=True)
    since = models.DateField(_("from"), null=True)
    until = models.DateField(_("until"))

    objects = FormerClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("former industry and size class")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "until"], name="former_class_once_a_day"),
            models.CheckConstraint(
                name="former_class_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(since__lte=F("until")),
            ),
        ]
        indexes = [models.Index(fields=["until", "enterprise"], name="former_class_by_day")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.until}"
