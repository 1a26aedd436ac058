"""Marks of the wording of demands, by which similar ones are found among millions."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from lianqi.demands.models.demands import Demand


class DemandMark(models.Model):
    """One of the dozen marks of a demand's wording (`engines.learning.marks`).

    The key of the table is its only index besides a summary by block: it gives the newest demands
    with a mark without touching the others, however common the mark is. Demands are never deleted,
    so that the database need not look up a dozen references at every filing.
    """

    pk = models.CompositePrimaryKey("mark", "demand_id")
    mark = models.IntegerField()
    demand = models.ForeignKey(
        Demand, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [BrinIndex(fields=["demand"], name="demand_mark_age")]

    def __str__(self) -> str:
        return f"{self.mark} {self.demand_id}"


class MarkBackfill(models.Model):
    """How far the demands of before have been marked under these rules, newest first."""

    rules = models.PositiveSmallIntegerField(primary_key=True)
    reached = models.BigIntegerField(help_text="demands with this id and above are marked")
    is_done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"rules {self.rules} down to {self.reached}"
