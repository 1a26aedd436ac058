"""Programmes and the first clocks: what a zone decides about its needs, as data."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from lianqi.accounts.models import Unit, User
from lianqi.audit.actions import Automat, record
from lianqi.engines.calendar import ClockKind, OutsideRule
from lianqi.engines.text import tidy
from lianqi.needs.enums import NeedStep
from lianqi.needs.errors import ProgrammeDaysWrong, ProgrammeNameMissing, SortingUnitMissing
from lianqi.needs.models import Need, NeedBatch, Programme
from lianqi.work.actions import Lengths, add_missing_rules
from lianqi.work.enums import Urgency

# Hours round the clock from the end of a day, because “every two days” is meant on Sundays too:
# calendar days would end on the next working day (民法典 第二百零三条). A zone may choose
# another kind of clock.
LENGTHS: Mapping[type[Model], Lengths] = {
    NeedBatch: {
        (NeedStep.REPORT, Urgency.NORMAL): (ClockKind.FIXED_HOURS, 48),
        (NeedStep.TRIAGE, Urgency.NORMAL): (ClockKind.FIXED_HOURS, 24),
    },
    Need: {(NeedStep.PROGRESS, Urgency.NORMAL): (ClockKind.FIXED_HOURS, 48)},
}

# Who is told at which share of the clock, by level of the reporting line.
LADDER = (("0.75", 0), ("1.00", 0), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_need_clocks(*, at: dt.datetime) -> int:
    """Write the first rules where there are none; return how many were written."""
    rules = [
        rule
        for model, lengths in LENGTHS.items()
        for rule in add_missing_rules(model, lengths, LADDER, outside=OutsideRule.AS_FILED)
    ]
    if not rules:
        return 0
    record("needs.clock_rules_loaded", rules[0], by=Automat(), at=at, rules=len(rules))
    return len(rules)


@transaction.atomic
def create_programme(
    *,
    name: str,
    triage_unit: Unit,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
    until_on: dt.date | None = None,
    target_on: dt.date | None = None,
    enterprises_over: int | None = None,
) -> Programme:
    """Enter a programme. Guarding units owe their first report when it has begun.

    Raises:
        ProgrammeNameMissing, ProgrammeDaysWrong, SortingUnitMissing: It cannot be run like this.
    """
    _require(by)
    programme = Programme(
        name=tidy(name),
        triage_unit=triage_unit,
        starts_on=starts_on,
        until_on=until_on,
        target_on=target_on,
        enterprises_over=enterprises_over,
    )
    _check(programme)
    programme.save(force_insert=True)
    record("needs.programme_created", programme, by=by, at=at, name=programme.name)
    return programme


@transaction.atomic
def change_programme(
    programme_id: int,
    *,
    name: str,
    triage_unit: Unit,
    starts_on: dt.date,
    until_on: dt.date | None,
    target_on: dt.date | None,
    enterprises_over: int | None,
    by: User,
    at: dt.datetime,
) -> Programme:
    """Change a programme. Needs that were collected stay with it.

    Raises:
        ProgrammeNameMissing, ProgrammeDaysWrong, SortingUnitMissing: It cannot be run like this.
    """
    _require(by)
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme_id)
    values: dict[str, Any] = {
        "name": tidy(name),
        "triage_unit": triage_unit,
        "starts_on": starts_on,
        "until_on": until_on,
        "target_on": target_on,
        "enterprises_over": enterprises_over,
    }
    before = {each: getattr(programme, each) for each in values}
    changed = [each for each, value in values.items() if before[each] != value]
    if not changed:
        return programme
    for each in changed:
        setattr(programme, each, values[each])
    _check(programme)
    programme.save(update_fields=changed)
    record(
        "needs.programme_changed",
        programme,
        by=by,
        at=at,
        changed={each: [_plain(before[each]), _plain(values[each])] for each in changed},
    )
    return programme


def _require(by: User) -> None:
    if not by.has_perm("needs.manage"):
        raise PermissionDenied


def _check(programme: Programme) -> None:
    if not programme.name:
        raise ProgrammeNameMissing
    ends = [day for day in (programme.until_on, programme.target_on) if day is not None]
    if any(day < programme.starts_on for day in ends):
        raise ProgrammeDaysWrong(starts_on=programme.starts_on)
    if not programme.triage_unit.is_active:
        raise SortingUnitMissing(unit=programme.triage_unit)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
