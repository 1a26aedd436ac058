"""What follows an answer: days of silence, of reopening, of rating, and the share called back."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models.categories import DemandCategory

MOST_DAYS = 90


class ClosingRule(models.Model):
    """The zone's rule, and where a category has one of its own, that one instead.

    Days are counted from the day of the answer (silence, reopening), or from the day of the
    closing or of the follow-up (rating).
    """

    category = models.OneToOneField(
        DemandCategory,
        models.PROTECT,
        null=True,
        related_name="closing_rule",
        verbose_name=_("category"),
    )
    silent_days = models.PositiveSmallIntegerField(default=7)
    reopen_days = models.PositiveSmallIntegerField(default=15)
    rating_days = models.PositiveSmallIntegerField(default=15)
    callback_percent = models.PositiveSmallIntegerField(default=10)

    class Meta:
        verbose_name = _("rule after an answer")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="closing_rule_of_the_zone", condition=Q(category__isnull=True)
            ),
            models.CheckConstraint(
                name="closing_rule_within_bounds",
                condition=Q(silent_days__range=(1, MOST_DAYS))
                & Q(reopen_days__range=(1, MOST_DAYS))
                & Q(rating_days__range=(1, MOST_DAYS))
                & Q(callback_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return str(self.category) if self.category else _now("All other categories")


@dataclass(frozen=True, slots=True)
class Periods:
    """A closing rule as it is handed down to the actions."""

    silent_days: int = 7
    reopen_days: int = 15
    rating_days: int = 15
    callback_percent: int = 10
