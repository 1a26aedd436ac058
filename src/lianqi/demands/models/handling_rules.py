"""What a zone decided about handling: more time, what cannot be solved, and who decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import Decider
from lianqi.demands.models.categories import DemandCategory
from lianqi.demands.models.closing import MOST_DAYS

MOST_TIMES = 9
MOST_PERCENT = 300


class HandlingRule(models.Model):
    """The zone's rule, and where a category has one of its own, that one instead.

    How long an extension may be is a share of the time limit, so that one rule fits clocks in days
    and clocks in hours.
    """

    category = models.OneToOneField(
        DemandCategory,
        models.PROTECT,
        null=True,
        related_name="handling_rule",
        verbose_name=_("category"),
    )
    most_extensions = models.PositiveSmallIntegerField(default=1)
    extension_percent = models.PositiveSmallIntegerField(default=100)
    extension_decider = models.CharField(max_length=10, choices=Decider, default=Decider.HEAD)
    counts_late = models.BooleanField(
        default=False,
        help_text=_("what was asked for in time may still be given after the time has run out"),
    )

    leader_signs = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("beside the head, where a demand cannot be solved"),
    )
    appeal_days = models.PositiveSmallIntegerField(default=10, db_default=10)
    represented_days = models.PositiveSmallIntegerField(
        default=10,
        db_default=10,
        help_text=_("in which an enterprise may object to what others filed for it"),
    )

    class Meta:
        verbose_name = _("rule of handling")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="handling_rule_of_the_zone", condition=Q(category=None)
            ),
            models.CheckConstraint(
                name="handling_rule_within_bounds",
                condition=Q(most_extensions__lte=MOST_TIMES)
                & Q(extension_percent__range=(1, MOST_PERCENT)),
            ),
            models.CheckConstraint(
                name="handling_rule_appeal_within_bounds",
                condition=Q(appeal_days__range=(1, MOST_DAYS)),
            ),
            models.CheckConstraint(
                name="handling_rule_represented_within_bounds",
                condition=Q(represented_days__range=(1, MOST_DAYS)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.category) if self.category else _now("All other categories")
