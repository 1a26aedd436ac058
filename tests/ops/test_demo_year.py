"""The demo zone's year: believable, and enough to learn from."""

import datetime as dt
from collections import Counter
from random import Random

import pytest

from lianqi.demands.actions import close_silent_demands
from lianqi.demands.enums import Channel, ClassStatus, DemandStatus, DutyOrigin, Learned
from lianqi.demands.models import (
    CaseClass,
    CategoryVersion,
    Classifier,
    Demand,
    DemandCluster,
    DutyRule,
    Periods,
)
from lianqi.demands.queries import recurrence
from lianqi.engines.calendar import ZONE
from lianqi.ops.demo import create_categories
from lianqi.ops.demo.catalogue import write_catalogue
from lianqi.ops.demo.firms import create_firms, create_members
from lianqi.ops.demo.learned import learn
from lianqi.ops.demo.people import create_people
from lianqi.ops.demo.seasons import is_office_hour, moments, weight
from lianqi.ops.demo.stories import KINDS
from lianqi.ops.demo.telling import tell
from lianqi.ops.demo.year import DAYS, DESK, Year
from lianqi.ops.reference import load_all
from lianqi.register.models import Membership
from lianqi.work.enums import Urgency

NOW = dt.datetime(2026, 11, 20, 7, 30, tzinfo=dt.UTC)  # a Friday afternoon in the zone
FEW = 110


def test_demands_come_in_office_hours_mostly_and_in_some_months_more_than_in_others() -> None:
    found = moments(4000, days=DAYS, now=NOW, random=Random(1))

    by_month = Counter(at.astimezone(ZONE).month for at in found)
    assert found == sorted(found)
    assert NOW - dt.timedelta(days=DAYS + 1) < found[0] < found[-1] < NOW
    assert sum(at.weekday() > 4 for at in found) < 0.08 * len(found)
    assert sum(map(is_office_hour, found)) > 0.8 * len(found)
    assert by_month[2] < by_month[3]
    assert weight("utilities", 1, dt.datetime(2026, 7, 1, tzinfo=ZONE)) == 3
    assert weight("utilities", 1, dt.datetime(2026, 5, 1, tzinfo=ZONE)) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_has_something_to_say_and_an_answer(kind: object) -> None:
    random = Random(3)
    said = [tell(kind, random) for _ in range(30)]  # type: ignore[arg-type]

    assert all(each.title and each.text and each.answer for each in said)
    assert all("{" not in each.title + each.text + each.answer for each in said)
    assert all(len(each.title) <= 100 for each in said)
    assert len({each.text for each in said}) > 20


@pytest.mark.slow
@pytest.mark.django_db
def test_a_year_is_varied_and_teaches_something() -> None:
    load_all()
    began = NOW - dt.timedelta(days=DAYS + 10)
    people = create_people(at=began)
    create_categories(people, at=began)
    firms = create_firms(people, seed=1, at=began)
    create_members(people, firms[::16], at=began)
    memberships = Membership.objects.select_related("user")
    write_catalogue(people, began=began, now=NOW)
    members = {each.enterprise_id: each.user for each in memberships if each.user}

    Year(people, firms, members, seed=1, now=NOW, demands=FEW).play(lambda _: None)
    close_silent_demands(after_days=Periods().silent_days, at=NOW)
    learn(people, now=NOW)

    demands = Demand.objects.all()
    logistics = demands.filter(category__code="logistics").order_by("filed_at")
    late = logistics.last()
    earlier = late and late.category_version and late.category_version.valid_from
    channels = set(demands.values_list("channel", flat=True))
    fixed = CaseClass.objects.get(status=ClassStatus.FIXED)
    still_open = CaseClass.objects.get(status=ClassStatus.OPEN)
    times = recurrence(fixed, on=NOW.astimezone(ZONE).date())
    assert demands.count() == FEW + 20 + len(DESK)
    assert len(set(demands.values_list("title", "text"))) > 0.9 * demands.count()
    assert channels >= {Channel.PORTAL, Channel.PHONE, Channel.VISIT, Channel.COUNTER, Channel.API}
    assert set(demands.values_list("urgency", flat=True)) == set(Urgency.values)
    assert len(set(demands.values_list("category", flat=True))) > 15
    assert demands.filter(reopenings__gt=0).exists()
    assert demands.filter(bounces__gt=0).exists()
    assert demands.filter(rating__in=["1", "2"]).exists()
    assert demands.filter(status=DemandStatus.WITHDRAWN).exists()
    assert times.before.demands >= 5
    assert times.after is not None
    assert times.after.demands >= 1
    assert (times.after.per_30_days or 0) < (times.before.per_30_days or 0)
    assert still_open.links.count() >= 4
    assert DemandCluster.objects.exists()
    assert Classifier.objects.filter(kind=Learned.UNIT).exists()
    assert earlier == NOW.date() - dt.timedelta(days=6)
    assert logistics.open().filter(category_version__valid_from__lt=earlier).exists()
    assert DutyRule.objects.filter(origin=DutyOrigin.PRECEDENT).exists()
    assert CategoryVersion.objects.filter(valid_from__gt=NOW).count() == 1
