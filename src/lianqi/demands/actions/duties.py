"""The lines of the duty catalogue: entered, ended, and decided in a dispute."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import record
from lianqi.demands.enums import DutyOrigin
from lianqi.demands.errors import (
    DutyEndedTooEarly,
    DutyIndustryUnknown,
    DutyOfATaskForce,
    DutyReasonMissing,
    DutyTaken,
    UnitNotInUse,
)
from lianqi.demands.models import Demand, DemandCategory, DutyRule
from lianqi.demands.queries import NARROWEST_FIRST
from lianqi.register.models import Chain, Grid, Industry, KeyList, Park
from lianqi.work.queries import local_date

PRECEDENT_DIGITS = 2
"""A precedent holds for the division of industry of the enterprise it was decided for."""


@dataclass(frozen=True, slots=True)
class DutyConditions:
    """What an enterprise must be for a rule to hold; nothing stated means every enterprise."""

    key_list: KeyList | None = None
    title: str = ""
    grid: Grid | None = None
    chain: Chain | None = None
    park: Park | None = None
    district: str = ""
    industry: str = ""
    size_class: str = ""

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


EVERY_ENTERPRISE = DutyConditions()


@transaction.atomic
def add_duty(
    category_id: int,
    *,
    unit: Unit,
    conditions: DutyConditions,
    valid_from: dt.date,
    valid_to: dt.date | None,
    reason: str,
    by: User,
    at: dt.datetime,
) -> DutyRule:
    """Say which unit leads the matters of a category for such enterprises, from a day on.

    Raises:
        DutyTaken: Another rule with exactly these conditions holds in that time.
        DutyIndustryUnknown, UnitNotInUse: What is named does not exist any more.
        DutyEndedTooEarly: It would end before it begins.
    """
    _require(by)
    category = DemandCategory.objects.select_for_update(of=("self",)).get(pk=category_id)
    rule = DutyRule(
        category=category,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
        created_at=at,
        created_by=by,
        **conditions.columns(),
    )
    _check(rule)
    if (other := _same(rule)) is not None:
        raise DutyTaken(unit=other.unit, valid_from=other.valid_from)
    return _write(rule, "demands.duty_added", by=by, at=at)


@transaction.atomic
def end_duty(rule_id: int, *, last_day: dt.date, by: User, at: dt.datetime) -> None:
    """Let a rule hold until a day, that day included; one that never held disappears.

    Raises:
        DutyEndedTooEarly: The day lies before yesterday; what held then is history.
        DutyOfATaskForce: Whoever formed the force decides what it takes.
    """
    _require(by)
    rule = DutyRule.objects.select_for_update(of=("self",)).with_names().get(pk=rule_id)
    if rule.origin == DutyOrigin.TASK_FORCE:
        raise DutyOfATaskForce(unit=rule.unit)
    yesterday = local_date(at) - dt.timedelta(days=1)
    if last_day < yesterday:
        raise DutyEndedTooEarly(earliest=yesterday)
    _end(rule, last_day=last_day, by=by, at=at)


def _end(rule: DutyRule, *, last_day: dt.date, by: User, at: dt.datetime) -> None:
    record(
        "demands.duty_ended",
        rule.category,
        by=by,
        at=at,
        rule=rule.pk,
        unit=rule.unit_id,
        unit_name=rule.unit.name,
        last_day=last_day.isoformat(),
    )
    if last_day < rule.valid_from:
        rule.delete()
        return
    rule.valid_to = last_day
    rule.save(update_fields=["valid_to"])


@transaction.atomic
def record_precedent(
    demand: Demand,
    *,
    unit: Unit,
    reason: str,
    by: User,
    at: dt.datetime,
    category: DemandCategory | None = None,
    conditions: DutyConditions | None = None,
) -> DutyRule:
    """Keep what was decided in a dispute about a demand as a line of the duty catalogue.

    On behalf of the action that decided the dispute and asked its own permission. An earlier
    precedent of the same conditions ends the day before: the last word counts.

    Args:
        demand: Where it was decided.
        unit: Who leads from now on.
        reason: Why; it stands in the catalogue.
        by: Whoever decided.
        at: Now.
        category: Of the demand, unless the decision named another one.
        conditions: For which enterprises; None is those of the same division of industry.

    Raises:
        DutyReasonMissing: The reason is empty.
        UnitNotInUse: The unit was closed.
    """
    if not reason.strip():
        raise DutyReasonMissing
    category = category or demand.category
    DemandCategory.objects.select_for_update(of=("self",)).get(pk=category.pk)
    today = local_date(at)
    rule = DutyRule(
        category=category,
        unit=unit,
        valid_from=today,
        origin=DutyOrigin.PRECEDENT,
        reason=reason.strip(),
        demand=demand,
        decided_by=by,
        created_at=at,
        created_by=by,
        **(conditions or _alike(demand)).columns(),
    )
    _check(rule)
    earlier = _same(rule, origin=DutyOrigin.PRECEDENT)
    if earlier is not None and earlier.valid_from < today:
        earlier.valid_to = today - dt.timedelta(days=1)
        earlier.save(update_fields=["valid_to"])
    elif earlier is not None:
        earlier.delete()
    return _write(rule, "demands.precedent_recorded", by=by, at=at)


def give_to_task_force(
    category: DemandCategory, *, unit: Unit, reason: str, by: User, at: dt.datetime
) -> DutyRule:
    """Let a task force lead the matters of a category from today, whatever other lines say.

    On behalf of the action that formed it and asked its own permission.

    Raises:
        DutyTaken: Another task force takes this category.
    """
    DemandCategory.objects.select_for_update(of=("self",)).get(pk=category.pk)
    rule = DutyRule(
        category=category,
        unit=unit,
        valid_from=local_date(at),
        origin=DutyOrigin.TASK_FORCE,
        reason=reason.strip(),
        created_at=at,
        created_by=by,
    )
    _check(rule)
    if (other := _same(rule)) is not None:
        raise DutyTaken(unit=other.unit, valid_from=other.valid_from)
    return _write(rule, "demands.duty_added", by=by, at=at)


def take_from_task_force(
    unit: Unit, *, by: User, at: dt.datetime, categories: Collection[DemandCategory] | None = None
) -> int:
    """End the lines by which a task force leads; return how many. On behalf, as above.

    The lines held until yesterday: from now on the catalogue decides as if there were no force.
    """
    yesterday = local_date(at) - dt.timedelta(days=1)
    rules = DutyRule.objects.of_task_force(unit).exclude(valid_to__lte=yesterday)
    if categories is not None:
        rules = rules.filter(category__in=categories)
    ended = list(rules.with_names().order_by("pk"))
    for rule in ended:
        _end(rule, last_day=yesterday, by=by, at=at)
    return len(ended)


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _alike(demand: Demand) -> DutyConditions:
    enterprise = demand.enterprise
    if enterprise is None or enterprise.industry is None:
        return EVERY_ENTERPRISE
    return DutyConditions(industry=enterprise.industry.code[:PRECEDENT_DIGITS])


def _check(rule: DutyRule) -> None:
    if not rule.unit.is_active:
        raise UnitNotInUse(unit=rule.unit)
    rule.industry, rule.title = rule.industry.strip().upper(), rule.title.strip()
    rule.district = rule.district.strip()
    if rule.industry and not Industry.objects.filter(code=rule.industry).exists():
        raise DutyIndustryUnknown(code=rule.industry)
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise DutyEndedTooEarly(earliest=rule.valid_from)


def _same(rule: DutyRule, **more: Any) -> DutyRule | None:
    """A rule of the category with exactly the same conditions, in a time that touches this one."""
    conditions = {name: getattr(rule, name) for name in NARROWEST_FIRST}
    rules = DutyRule.objects.filter(category=rule.category, **more).select_related("unit")
    for name, value in conditions.items():
        rules = rules.filter(**{f"{name}__isnull": True} if value is None else {name: value})
    rules = rules.exclude(valid_to__lt=rule.valid_from)
    if rule.valid_to is not None:
        rules = rules.filter(valid_from__lte=rule.valid_to)
    if not more:
        rules = rules.filter(origin=rule.origin)
    return rules.order_by("pk").first()


def _write(rule: DutyRule, verb: str, *, by: User, at: dt.datetime) -> DutyRule:
    rule.save(force_insert=True)
    record(
        verb,
        rule.category,
        by=by,
        at=at,
        rule=rule.pk,
        unit=rule.unit_id,
        unit_name=rule.unit.name,
        reason=rule.reason,
        demand=rule.demand.number if rule.demand else None,
        valid_from=rule.valid_from.isoformat(),
        conditions={name: getattr(rule, name) for name in NARROWEST_FIRST if getattr(rule, name)},
    )
    return rule
