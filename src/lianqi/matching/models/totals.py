"""How many stand how to a measure, and for how much: kept by the database itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.matching.enums import Group
from lianqi.matching.models.packs import RulePack
from lianqi.matching.models.runs import KEY_LENGTH


class MatchTotal(models.Model):
    """One group of a measure, all its matches together.

    Triggers on the matches add the difference that each statement makes (migration 0008), whoever
    writes: the totals are the matches counted, in every transaction. Nobody else writes here.

    Attributes:
        low, high, paid: Fen in all, of those that have such.
        lows, highs: How many have a least, and a greatest amount.
        unbounded: How many could get any amount.
    """

    pack = models.ForeignKey(RulePack, models.CASCADE, related_name="match_totals", db_index=False)
    measure = models.CharField(max_length=KEY_LENGTH)
    group = models.CharField(max_length=14, choices=Group)
    count = models.BigIntegerField()
    low = models.DecimalField(max_digits=40, decimal_places=0)
    high = models.DecimalField(max_digits=40, decimal_places=0)
    paid = models.DecimalField(max_digits=40, decimal_places=0)
    lows = models.BigIntegerField()
    highs = models.BigIntegerField()
    unbounded = models.BigIntegerField()

    class Meta:
        verbose_name = _("total of matches")
        constraints = [
            models.UniqueConstraint(fields=["pack", "measure", "group"], name="match_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.group} {self.count}"
