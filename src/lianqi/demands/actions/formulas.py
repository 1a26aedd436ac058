"""Keeping the formulas of scores: a first version, and later ones from a day to come."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.enums import ScoreName
from lianqi.demands.errors import FormulaInThePast, FormulaNotWhole, FormulaOfThatDay
from lianqi.demands.models import ScoreFormula
from lianqi.engines.rates import THREE_RATES, Formula
from lianqi.engines.text import tidy
from lianqi.work.queries import local_date

_EVER = dt.date(2000, 1, 1)
_SOURCE = "接诉即办“三率”，依一份公开的实现，并非官方文件"


@transaction.atomic
def load_formulas(*, at: dt.datetime) -> int:
    """Write the first version of each formula where there is none; return how many were written."""
    if ScoreFormula.objects.versions_of(ScoreName.THREE_RATES).exists():
        return 0
    first = ScoreFormula.objects.create(
        name=ScoreName.THREE_RATES,
        valid_from=_EVER,
        terms=_as_data(THREE_RATES, {}, {}),
        source=_SOURCE,
    )
    record("demands.formula_created", first, by=Automat(), at=at, valid_from=str(_EVER))
    return 1


@transaction.atomic
def create_formula_version(
    name: ScoreName,
    *,
    weights: Mapping[str, Decimal],
    counts: Mapping[str, Decimal],
    valid_from: dt.date,
    source: str,
    by: User,
    at: dt.datetime,
) -> ScoreFormula:
    """Give the rates of a score other weights from a day on; a period that ended keeps its own.

    Args:
        weights: The weight of each rate by its name; a rate that is not named keeps its weight.
        counts: How much of a case each count is, by its name; what is not named stays.

    Raises:
        FormulaInThePast: The day is over: figures of ended periods would change.
        FormulaOfThatDay: There is a version from that day on.
        FormulaNotWhole: The weights are not between 0 and 1, or do not add up to 1.
    """
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
    if valid_from < local_date(at):
        raise FormulaInThePast(day=valid_from)
    # Two at once wait for one another at the versions there are, so the second is refused in words.
    versions = list(ScoreFormula.objects.versions_of(name).select_for_update())
    if any(version.valid_from == valid_from for version in versions):
        raise FormulaOfThatDay(day=valid_from)
    before = next(version for version in versions if version.valid_from < valid_from)
    terms = _as_data(before.formula, weights, counts)
    shares = [Decimal(term["weight"]) for term in terms]
    parts = [Decimal(part) for term in terms for part in term["counts"].values()]
    if sum(shares) != 1 or not all(0 <= part <= 1 for part in shares + parts):
        raise FormulaNotWhole
    version = ScoreFormula.objects.create(
        name=name, valid_from=valid_from, terms=terms, source=tidy(source)
    )
    record(
        "demands.formula_created",
        version,
        by=by,
        at=at,
        valid_from=str(valid_from),
        weights={term["name"]: term["weight"] for term in terms},
        counts={name: part for term in terms for name, part in term["counts"].items()},
    )
    return version


def _as_data(
    formula: Formula, weights: Mapping[str, Decimal], counts: Mapping[str, Decimal]
) -> list[dict[str, Any]]:
    return [
        {
            "name": term.name,
            "base": term.base,
            "weight": str(weights.get(term.name, term.weight)),
            "counts": {name: str(counts.get(name, part)) for name, part in term.counts.items()},
        }
        for term in formula.terms
    ]
