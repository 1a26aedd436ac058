"""The running totals behind the closing rate."""

from django.db import models

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Channel


class DemandTally(models.Model):
    """Running totals by day of filing, unit and channel: what the closing rate is made of.

    Rows are differences (+1, −1) that actions append, so that no two of them wait for one another;
    a nightly job adds up the rows of one cell. Readers always take the sum.
    """

    filed_on = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    received = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["filed_on"], name="demand_tally_day")]

    def __str__(self) -> str:
        return f"{self.filed_on} {self.unit_id} {self.channel}"
