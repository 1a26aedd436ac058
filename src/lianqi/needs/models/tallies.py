"""The running totals behind the daily counts (K08, K09, K10)."""

from django.db import models

from lianqi.accounts.models import Unit
from lianqi.needs.models.programmes import Programme


class NeedTally(models.Model):
    """Counts by day, guarding unit and responsible unit. Readers take the sum of the rows.

    Rows are differences that actions append. A need counts as collected on the day of collecting,
    as valid on the day of triage, as solved on the day of solving; its guarding unit is named in
    all three, its responsible unit (`lead`) from triage on.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    day = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    collected = models.IntegerField(default=0)
    valid = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["programme", "day"], name="need_tally_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id} {self.lead_id}"
