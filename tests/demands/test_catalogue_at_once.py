"""Two administrators, one category, the same moment."""

import datetime as dt
from typing import Any

import pytest

from lianqi.accounts.enums import Role
from lianqi.demands.actions import (
    DutyConditions,
    VersionTerms,
    add_duty,
    add_version,
    change_category,
)
from lianqi.demands.errors import CategoryUnderItself, DutyTaken, VersionStartTaken
from lianqi.demands.models import CategoryVersion, DemandCategory, DutyRule
from lianqi.work.enums import Urgency
from tests.demands.test_at_once import at_once, refusals
from tests.factories import AT, grant, make_category, make_unit, make_user

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = dt.date(2026, 3, 4)


def test_one_rule_of_two_with_the_same_conditions_is_entered() -> None:
    admin, category, unit = grant(make_user(), Role.PLATFORM_ADMIN), make_category(), make_unit()

    def enter() -> DutyRule:
        return add_duty(
            category.pk, unit=unit, conditions=DutyConditions(district="云东街道"),
            valid_from=TODAY, valid_to=None, reason="", by=admin, at=AT,
        )  # fmt: skip

    results = at_once(enter, enter)

    assert refusals(results) == [DutyTaken]
    assert DutyRule.objects.count() == 1


def test_one_version_of_two_that_begin_on_one_day_is_added() -> None:
    admin, category = grant(make_user(), Role.PLATFORM_ADMIN), make_category()
    day = TODAY + dt.timedelta(days=1)

    def add() -> CategoryVersion:
        return add_version(
            category.pk, valid_from=day, terms=VersionTerms(), reason="", by=admin, at=AT
        )

    results = at_once(add, add)

    assert refusals(results) == [VersionStartTaken]
    assert CategoryVersion.objects.count() == 1


def test_two_categories_are_not_put_under_each_other() -> None:
    admin = grant(make_user(), Role.PLATFORM_ADMIN)
    one, other = make_category("one"), make_category("other")

    def put(category: DemandCategory, parent: DemandCategory) -> Any:
        return change_category(
            category.pk, name_zh="名", name_en="name", parent=parent, lead_unit=None,
            usual_urgency=Urgency.NORMAL, position=0, is_active=True, by=admin, at=AT,
        )  # fmt: skip

    results = at_once(lambda: put(one, other), lambda: put(other, one))

    assert refusals(results) == [CategoryUnderItself]
