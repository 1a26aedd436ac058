"""The task forces of the demo zone: one at work with something in every state, one closed."""

import datetime as dt

import pytest

from lianqi.demands.models import Demand
from lianqi.ops.demo import create_categories
from lianqi.ops.demo.firms import create_firms, create_members
from lianqi.ops.demo.forces import play_forces
from lianqi.ops.demo.people import create_people
from lianqi.ops.reference import load_all
from lianqi.taskforces.models import TaskForce
from lianqi.work.models import WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 6, 3, 2, 30, tzinfo=dt.UTC)


def test_one_force_is_at_work_and_one_handed_over_and_closed() -> None:
    load_all()
    began = NOW - dt.timedelta(days=160)
    people = create_people(at=began)
    create_categories(people, at=began)
    firms = create_firms(people, seed=1, at=began)[::64]
    create_members(people, firms, at=began)

    play_forces(people, firms, now=NOW)

    closed, at_work = TaskForce.objects.order_by("pk")
    statuses = Demand.objects.filter(unit=at_work.unit).values_list("status", flat=True)
    assert (closed.status, closed.handed_over) == ("closed", 1)
    assert not Demand.objects.open().exclude(unit=at_work.unit).exists()
    assert sorted(statuses) == ["closed", "dispatched", "in_progress", "in_progress"]
    assert at_work.members.present().count() == 3  # one of each unit it began with
    assert (at_work.member_units.count(), at_work.categories.count()) == (3, 2)
    assert Demand.objects.routed().count() == 2  # those filed after the consent
    assert WorkItem.objects.open().filter(unit=at_work.unit).exists()
