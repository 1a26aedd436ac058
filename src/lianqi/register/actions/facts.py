"""Observations of figures. A correction is a later observation; nothing that was stated is lost."""

import datetime as dt
import re
from decimal import Decimal

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.register.actions.enterprises import locked, locked_survivor, require
from lianqi.register.actions.fields import plain
from lianqi.register.actions.history import classes_of, keep_former
from lianqi.register.actions.sizing import reclassify
from lianqi.register.actions.sources import require_source, source_of
from lianqi.register.enums import FACT_UNITS, WHOLE_FACTS, FactKey, Qualifier
from lianqi.register.errors import (
    FactNegative,
    FactNotWhole,
    FactWithdrawn,
    ObservedInFuture,
    SourceMissing,
    UnknownPeriod,
    WrongUnit,
)
from lianqi.register.models import Enterprise, Fact

PERIOD = re.compile(r"[12]\d{3}(-H[12]|-Q[1-4]|-(0[1-9]|1[0-2]))?")


@transaction.atomic
def add_fact(
    enterprise_id: int,
    *,
    key: str,
    value: Decimal,
    unit: str,
    period: str,
    by: User,
    at: dt.datetime,
    source: str = "",
    observed_at: dt.datetime | None = None,
    qualifier: Qualifier = Qualifier.EXACT,
) -> Fact:
    """Add an observation; earlier ones of the same period stay. The size class follows.

    Args:
        value: Money in yuan, people as a number.
        period: 2025, 2025-H1, 2025-Q1 or 2025-06.
        source: Said by those who keep the register; others are the source themselves.
        observed_at: When the source stated it; `at` if not known.

    Raises:
        StatedByOthers: Another one than the enterprise states this figure.
        WrongUnit, FactNegative, FactNotWhole: The value does not fit a figure the register knows.
        UnknownPeriod: The period is written in another way.
        ObservedInFuture: The day of observation lies ahead.
        SourceMissing: Nobody says where the figure comes from.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.state_facts", enterprise)
    require_source(by, enterprise, key)
    check_figure(key, value, unit)
    if not PERIOD.fullmatch(period):
        raise UnknownPeriod(period=period)
    if observed_at is not None and observed_at > at:
        raise ObservedInFuture
    stated_by = source_of(by, enterprise, source)
    if not stated_by:
        raise SourceMissing
    fact = Fact.objects.create(
        enterprise=enterprise,
        key=key,
        value=value,
        unit=unit,
        period=period,
        source=stated_by,
        observed_at=observed_at or at,
        qualifier=qualifier,
    )
    _follow_size(enterprise, at=at)
    _note("register.fact_added", fact, enterprise, by=by, at=at)
    return fact


@transaction.atomic
def withdraw_fact(fact_id: int, *, by: User, at: dt.datetime) -> Fact:
    """Let an observation count no more, as one entered for the wrong year; it stays in the history.

    Raises:
        FactWithdrawn: Somebody withdrew it before.
    """
    enterprise = locked_survivor(
        Fact.objects.select_related("enterprise").get(pk=fact_id).enterprise
    )
    fact = Fact.objects.select_related("enterprise").get(pk=fact_id)
    require(by, "register.withdraw_fact", fact)
    if fact.withdrawn_at is not None:
        raise FactWithdrawn
    fact.withdrawn_by, fact.withdrawn_at = by, at
    fact.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _follow_size(enterprise, at=at)
    _note("register.fact_withdrawn", fact, enterprise, by=by, at=at)
    return fact


def check_figure(key: str, value: Decimal, unit: str) -> None:
    """A figure the register computes with has one unit and is not negative.

    Raises:
        WrongUnit, FactNegative, FactNotWhole: The value does not fit.
    """
    if key not in FactKey.values:
        return
    label, expected = FactKey(key).label, FACT_UNITS[FactKey(key)]
    if unit != expected:
        raise WrongUnit(fact=label, unit=unit or "—", expected=expected)
    if value < 0:
        raise FactNegative(fact=label)
    if key in WHOLE_FACTS and value != value.to_integral_value():
        raise FactNotWhole(fact=label)


def _follow_size(enterprise: Enterprise, *, at: dt.datetime) -> None:
    before = classes_of(enterprise)
    if reclassify([enterprise]):
        enterprise.save(update_fields=["size_class", "size_reason"])
        keep_former([(enterprise, before)], at=at)


def _note(verb: str, fact: Fact, enterprise: Enterprise, *, by: User, at: dt.datetime) -> None:
    record(
        verb,
        enterprise,
        by=by,
        at=at,
        enterprise_id=enterprise.pk,
        key=fact.key,
        value=plain(fact.value),
        unit=fact.unit,
        period=fact.period,
        source=fact.source,
    )
