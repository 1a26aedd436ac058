"""A maker of lines of the duty catalogue."""

import datetime as dt
from typing import Any

from lianqi.accounts.models import Unit
from lianqi.demands.models import DemandCategory, DutyRule
from tests.factories import AT, make_user


def make_duty(category: DemandCategory, unit: Unit, **fields: Any) -> DutyRule:
    """A line that has held since the beginning of 2026, unless said otherwise."""
    known = {"valid_from": dt.date(2026, 1, 1), "created_at": AT, "created_by": make_user()}
    return DutyRule.objects.create(category=category, unit=unit, **known | fields)
