"""Departments' lists of the demo zone: the page of uploads has something to show."""

from typing import Any

import pytest

from lianqi.matching.models import FactList
from lianqi.ops.demo.lists import take_lists_over
from lianqi.ops.demo.people import create_people
from lianqi.register.models import Fact, Statement, Title
from tests.factories import AT, make_enterprise

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_two_lists_are_taken_over_and_one_waits(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    people = create_people(at=AT)
    firms = [make_enterprise() for _ in range(12)]

    take_lists_over(people, firms, now=AT)

    found = [
        (each.fact, each.state, each.counts["refuse"]) for each in FactList.objects.order_by("pk")
    ]
    assert found == [
        ("rd_deduction_filed", "applied", 1), ("tax_paid", "applied", 1),
        ("titles", "previewed", 0),
    ]  # fmt: skip
    assert (Statement.objects.count(), Fact.objects.count()) == (6, 11)
    assert not Title.objects.exists()
