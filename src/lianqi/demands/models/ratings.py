"""Ratings (好差评) with their reasons, and the follow-up (整改) that a bad one opens."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Rating, RemedyCause, RemedyResult, Solved
from lianqi.demands.models.demands import Demand


class RatingReasonQuerySet(models.QuerySet["RatingReason"]):
    def in_use(self) -> Self:
        """The reasons one may tick, in the zone's own order."""
        return self.filter(is_active=True).order_by("position", "pk")


class RatingReason(models.Model):
    """Why somebody rated as they did; `steps` are the ratings it goes with."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    steps = ArrayField(models.CharField(max_length=1, choices=Rating), default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = RatingReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating reason")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class DemandRatingQuerySet(models.QuerySet["DemandRating"]):
    def for_page(self) -> Self:
        """Oldest first, with reasons and follow-up, in a constant number of queries."""
        return self.select_related("remedy").prefetch_related("reasons").order_by("pk")


class DemandRating(models.Model):
    """One rating as it was given; nothing is ever overwritten.

    `round` counts how often the demand had come back before; `turn` is 1 for the first rating of a
    round, which the satisfaction rate counts, and 2 for the one after a follow-up.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=1)
    rating = models.CharField(_("rating"), max_length=1, choices=Rating)
    solved = models.CharField(_("solved"), max_length=6, choices=Solved, blank=True)
    reasons = models.ManyToManyField(RatingReason, related_name="+")
    note = models.TextField(_("comment"), blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = DemandRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "round", "turn"], name="demand_rating_once_a_turn"
            ),
            models.CheckConstraint(name="demand_rating_turn", condition=Q(turn__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.round}/{self.turn}: {self.rating}"


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True, dropped_at__isnull=True)

    def answered_since(self, moment: dt.datetime) -> Self:
        """Finished at or after `moment`, and not rated a second time yet."""
        return self.filter(done_at__gte=moment, second__isnull=True)


class Remedy(models.Model):
    """What the head of the unit owes after a bad rating: speak to the firm, put it right."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="remedies")
    rating = models.OneToOneField(DemandRating, models.PROTECT, related_name="remedy")
    second = models.OneToOneField(
        DemandRating, models.PROTECT, null=True, related_name="remedy_before"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    contact_note = models.TextField(_("contact"), blank=True)
    contacted_at = models.DateTimeField(null=True)
    contacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    cause = models.CharField(_("cause"), max_length=10, choices=RemedyCause, blank=True)
    measures = models.TextField(_("what was done"), blank=True)
    result = models.CharField(_("result"), max_length=10, choices=RemedyResult, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, help_text=_("the demand was reopened instead"))

    objects = RemedyQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up of a bad rating")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                name="remedy_one_open",
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="remedy_contacted_by_somebody",
                condition=Q(contacted_at__isnull=True, contacted_by__isnull=True, contact_note="")
                | (Q(contacted_at__isnull=False, contacted_by__isnull=False) & ~Q(contact_note="")),
            ),
            models.CheckConstraint(
                name="remedy_done_by_somebody",
                condition=Q(
                    done_at__isnull=True, done_by__isnull=True, measures="", cause="", result=""
                )
                | (
                    Q(done_at__isnull=False, done_by__isnull=False, contacted_at__isnull=False)
                    & ~Q(measures="")
                    & ~Q(cause="")
                    & ~Q(result="")
                ),
            ),
            models.CheckConstraint(
                name="remedy_rated_again_when_done",
                condition=Q(second__isnull=True) | Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.opened_at:%Y-%m-%d}"
