"""Formulas of scores as data: which weights held from which day."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import ScoreCount, ScoreName
from lianqi.engines.rates import Formula, Term


class ScoreFormulaQuerySet(models.QuerySet["ScoreFormula"]):
    def in_force(self, name: ScoreName, on: dt.date) -> "ScoreFormula | None":
        """The version for that day; None before the first."""
        known = self.filter(name=name, valid_from__lte=on)
        return known.order_by("-valid_from").first()

    def versions_of(self, name: ScoreName) -> Self:
        return self.filter(name=name).order_by("-valid_from")


class ScoreFormula(models.Model):
    """One version of a formula. It is never changed: a later day gets a version of its own.

    `terms` are rows of name, base, weight and counts with their weights; weights are decimal
    numbers written as text, for JSON has no exact ones.
    """

    name = models.CharField(max_length=20, choices=ScoreName)
    valid_from = models.DateField(_("valid from"))
    terms = models.JSONField()
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ScoreFormulaQuerySet.as_manager()

    class Meta:
        verbose_name = _("formula of a score")
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="score_formula_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.valid_from}"

    def share_of(self, count: str) -> Decimal:
        """How much of a case a count is; 0 where no rate counts it."""
        shares = (term.counts[count] for term in self.formula.terms if count in term.counts)
        return next(shares, Decimal(0))

    @property
    def formula(self) -> Formula:
        return Formula(
            tuple(
                Term(
                    term["name"],
                    # PostgreSQL keeps keys by length; here they stand in the usual order.
                    {
                        count.value: Decimal(term["counts"][count])
                        for count in ScoreCount
                        if count in term["counts"]
                    },
                    term["base"],
                    Decimal(term["weight"]),
                )
                for term in self.terms
            )
        )
