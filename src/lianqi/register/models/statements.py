"""What was stated about an enterprise and is no figure: yes or no, words, a day, a list."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.register.enums import Shape
from lianqi.register.models.enterprises import Enterprise
from lianqi.register.models.shapes import shape_of


class StatementQuerySet(models.QuerySet["Statement"]):
    def standing(self) -> Self:
        """Statements that nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def covering(self, day: dt.date) -> Self:
        """Statements that hold on a day; their first and last days are included."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
        )

    def newest_first(self) -> Self:
        """Of two statements that hold on a day, the one that comes first here counts."""
        return self.order_by("-observed_at", "-pk")


class Statement(models.Model):
    """One statement about an enterprise: what is so, from when until when, and who says so.

    Figures of a period are kept as `Fact`. The newest standing statement that holds on the day
    asked about counts; older and withdrawn ones stay. "No" is data; what is not known has no row.
    What a key means, and which words it knows, stands in the catalogue of facts; here only the
    shape of a value is known, one by kind:

    - yes or no: `true`, `false`
    - a word: `"national"`
    - a number: `{"number": "12.5", "unit": "万元"}`, the decimal as text
    - a day: `{"day": "2026-04-01"}`
    - several words: `{"words": ["high_tech", "tech_sme"]}`, none as `[]`
    - a list: `{"entries": [{"class": "one", "transferred": false}]}`, each field in a shape above

    `since` and `until` are the first and the last day on which it is so; empty is without end.
    `period` belongs to facts that are told by year, half, quarter or month and are no figures.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="statements")
    key = models.CharField(_("fact"), max_length=60)
    period = models.CharField(_("period"), max_length=10, blank=True, help_text="2025, 2025-H1")
    value = models.JSONField(_("value"))
    since = models.DateField(_("holds from"), null=True, blank=True)
    until = models.DateField(_("holds until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120)
    observed_at = models.DateTimeField(_("observed at"))
    stated_at = models.DateTimeField(_("stated at"))
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("stated by")
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        constraints = [
            models.CheckConstraint(
                name="statement_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_ends_after_it_begins",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["enterprise", "key", "period", "-observed_at", "-id"],
                name="statement_newest",
            ),
            models.Index(
                fields=["enterprise"],
                name="statement_local_finance",
                condition=Q(key="local_finance", withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.key}"

    @property
    def shape(self) -> Shape | None:
        return shape_of(self.value)
