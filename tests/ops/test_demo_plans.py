"""The service plans of the demo zone: one in every state, a measure overdue, a doubt answered."""

import datetime as dt

import pytest

from lianqi.ops.demo import create_categories
from lianqi.ops.demo.firms import create_firms, create_members
from lianqi.ops.demo.people import create_people
from lianqi.ops.demo.plans import play_plans
from lianqi.ops.reference import load_all
from lianqi.plans.enums import PlanStatus
from lianqi.plans.models import Measure, ServicePlan
from lianqi.plans.queries import plan_figures
from lianqi.work.models import WorkItem
from lianqi.work.queries import local_date

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# A working day, a free day, and the last working day before the long holiday of spring.
DAYS = ((2026, 6, 3), (2026, 11, 22), (2026, 2, 13))


@pytest.mark.parametrize("day", DAYS)
def test_one_is_in_every_state_whatever_the_day(day: tuple[int, int, int]) -> None:
    load_all()
    now = dt.datetime(*day, 2, 30, tzinfo=dt.UTC)
    began = now - dt.timedelta(days=380)
    people = create_people(at=began)
    create_categories(people, at=began)
    firms = create_firms(people, seed=1, at=began)[::64]
    create_members(people, firms, at=began)

    play_plans(people, firms, now=now)

    assert set(ServicePlan.objects.values_list("status", flat=True)) == set(PlanStatus)
    figures = plan_figures(people.leader, on=local_date(now))
    assert (figures.under_way, figures.overdue, figures.doubted) == (1, 1, 0)
    late = Measure.objects.overdue(on=local_date(now)).get()
    assert WorkItem.objects.overdue(at=now).about(late).exists()
    assert Measure.objects.get(doubts=1).entries.filter(kind="doubted").exists()
