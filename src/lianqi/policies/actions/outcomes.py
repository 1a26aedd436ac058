"""Telling what a policy came to, and withdrawing what was told wrongly."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.engines.text import tidy
from lianqi.policies.actions.moving import locked_beside, note
from lianqi.policies.errors import (
    MeasureOfAnother,
    MeasureOnlyPlanned,
    MoreReachedThanApplied,
    NoLimitToDrawOn,
    OutcomeEmpty,
    OutcomeNegative,
    OutcomePeriodWrong,
    OutcomeSourceMissing,
    OutcomeWithdrawn,
)
from lianqi.policies.models import PolicyDocument, PolicyMeasure, PolicyOutcome
from lianqi.register.enums import Qualifier


@dataclass(frozen=True, slots=True)
class OutcomeTerms:
    """What is told: money in yuan, people or enterprises as a number, each None if not known."""

    source: str
    measure: PolicyMeasure | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    time_said: str = ""
    amount: Decimal | None = None
    amount_is: Qualifier = Qualifier.EXACT
    applied: int | None = None
    applied_is: Qualifier = Qualifier.EXACT
    reached: int | None = None
    reached_is: Qualifier = Qualifier.EXACT
    draws_on_limit: bool = False


@transaction.atomic
def tell_outcome(
    document_id: int, terms: OutcomeTerms, *, by: User, at: dt.datetime
) -> PolicyOutcome:
    """Tell what a policy, or one of its measures, came to; of earlier versions as well.

    Raises:
        PolicyMoveNotPossible: The document is not made known yet.
        MeasureOfAnother, MeasureOnlyPlanned, NoLimitToDrawOn: The measure cannot have come to it.
        OutcomeEmpty, OutcomeNegative, OutcomePeriodWrong, MoreReachedThanApplied: The figures
            cannot be right.
        OutcomeSourceMissing: Nobody says who told them.
    """
    document = locked_beside(document_id, "tell_outcome", by=by, permission="policies.tell_outcome")
    measure = terms.measure and PolicyMeasure.objects.get(pk=terms.measure.pk)
    _require_measure(document, measure, terms)
    _require_figures(terms)
    given = {name: getattr(terms, name) for name in OutcomeTerms.__dataclass_fields__}
    given |= {"measure": measure, "source": tidy(terms.source), "time_said": tidy(terms.time_said)}
    told = PolicyOutcome.objects.create(document=document, told_at=at, told_by=by, **given)
    note("policies.outcome_told", document, by=by, at=at, **_figures(told))
    return told


@transaction.atomic
def withdraw_outcome(outcome_id: int, *, by: User, at: dt.datetime) -> PolicyOutcome:
    """Let an outcome count no more; it stays in the trail.

    Raises:
        OutcomeWithdrawn: Somebody withdrew it before.
    """
    document_id = PolicyOutcome.objects.values_list("document_id", flat=True).get(pk=outcome_id)
    document = locked_beside(document_id, "tell_outcome", by=by, permission="policies.tell_outcome")
    told = PolicyOutcome.objects.select_related("measure").get(pk=outcome_id)
    if told.withdrawn_at is not None:
        raise OutcomeWithdrawn
    told.withdrawn_at, told.withdrawn_by = at, by
    told.save(update_fields=["withdrawn_at", "withdrawn_by"])
    note("policies.outcome_withdrawn", document, by=by, at=at, **_figures(told))
    return told


def _require_measure(
    document: PolicyDocument, measure: PolicyMeasure | None, terms: OutcomeTerms
) -> None:
    if measure is not None and measure.document_id != document.pk:
        raise MeasureOfAnother
    if measure is not None and measure.is_planned:
        raise MeasureOnlyPlanned(measure=measure.title)
    if terms.draws_on_limit and (measure is None or measure.usable_limit is None):
        raise NoLimitToDrawOn


def _require_figures(terms: OutcomeTerms) -> None:
    figures = (terms.amount, terms.applied, terms.reached)
    if all(each is None for each in figures):
        raise OutcomeEmpty
    if any(each is not None and each < 0 for each in figures):
        raise OutcomeNegative
    if terms.applied is not None and terms.reached is not None and terms.reached > terms.applied:
        raise MoreReachedThanApplied(reached=terms.reached, applied=terms.applied)
    first, until = terms.since, terms.until
    if first is not None and until is not None and until < first:
        raise OutcomePeriodWrong(first=first.isoformat(), until=until.isoformat())
    if not tidy(terms.source):
        raise OutcomeSourceMissing


def _figures(told: PolicyOutcome) -> dict[str, object]:
    """What the trail keeps of it."""
    return {
        "measure": told.measure.key if told.measure else "",
        "amount": None if told.amount is None else str(told.amount),
        "applied": told.applied,
        "reached": told.reached,
        "source": told.source,
    }
