"""Repeat demands: the same enterprise, the same matter, within thirty days."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models.demands import Demand


class Repeat(models.Model):
    """`demand` asks again what `earlier` asked; found when it was filed."""

    demand = models.OneToOneField(Demand, models.CASCADE, related_name="repeat")
    earlier = models.ForeignKey(Demand, models.CASCADE, related_name="repeated_by")
    percent = models.PositiveSmallIntegerField(help_text="likeness of the wording")
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("repeat demand")

    def __str__(self) -> str:
        return f"{self.demand_id} → {self.earlier_id}"
